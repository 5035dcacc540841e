//! Text → words, signs and literals, each with its place; what is none of these is a mistake, mended where that is sure.
//!
//! This is what a text is cut into pieces by; the pieces themselves are read by the grammar.

use std::borrow::Cow;

use super::ast::{Comment, Span};
use super::patch::Patches;
use super::quotes;
use crate::diagnostic::{Diagnostic, DiagnosticCode, Sink, shown};

/// A text with more mistakes of spelling than this is no policy, and reading it further helps nobody.
const FLAWS_MAX: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Number,
    /// `"…"`
    Text,
    /// The `"…"` behind a rule's effects: braces in it hold expressions.
    Message,
    /// `re"…"`
    Tagged,
    Sign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// A text as a list of tokens.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
    /// There are so many mistakes that the text is none of ours.
    pub(super) is_hopeless: bool,
}

/// Signs of more than one character; a longer one comes before its beginning. Some are those of other languages.
const LONG_SIGNS: [&str; 17] =
    ["===", "!==", "==", "!=", "<=", ">=", "<>", "??", "?.", "->", "=>", "&&", "||", "=~", "~=", ":=", "::"];

/// How far back the beginning of a type is looked for, in tokens.
const TYPE_TOKENS_MAX: usize = 256;

/// Words that may stand right before a `"` to say how its text is meant; the later ones are those of other languages.
const TAGS: [&str; 19] = [
    "re", "glob", "cidr", "semver", "lit", "domain", "email", "url", "ip", "path", "time", "r", "f", "rf", "fr", "b", "rx",
    "regex", "regexp",
];

/// The tokens of a part of the source.
pub(super) fn lex(source: &str, part: Span, patches: &mut Patches, sink: &mut Sink<'_>) -> Lexed {
    let range = part.range();
    let (at, end) = (range.start, range.end);
    let line_end = source[at..end].find('\n').map_or(end, |length| at + length);
    let mut lexer = Lexer { source, at, end, line_end, lexed: Lexed::default(), patches, sink, depth: 0, then_depth: None };
    let flaws_before = lexer.patches.flaws();
    while lexer.at < lexer.end {
        lexer.step();
        lexer.lexed.is_hopeless |= lexer.patches.flaws() - flaws_before > FLAWS_MAX;
        if lexer.lexed.is_hopeless {
            break;
        }
    }
    lexer.lexed
}

pub(super) struct Lexer<'l, 'k> {
    source: &'l str,
    pub(super) at: usize,
    end: usize,
    /// Where the line ends that was last asked for.
    line_end: usize,
    lexed: Lexed,
    patches: &'l mut Patches,
    sink: &'l mut Sink<'k>,
    /// How many brackets are open.
    depth: usize,
    /// Where a rule's effects stand, so that a text there is its message.
    then_depth: Option<usize>,
}

impl<'l> Lexer<'l, '_> {
    pub(super) fn rest(&self) -> &'l str {
        &self.source[self.at..self.end]
    }

    /// The rest of the line on which the lexer is.
    pub(super) fn rest_of_line(&mut self) -> &'l str {
        // Looked for once in each line, however many texts are on it.
        if self.line_end < self.at {
            let rest = self.rest();
            self.line_end = self.at + rest.find('\n').unwrap_or(rest.len());
        }
        &self.source[self.at..self.line_end]
    }

    /// Ends a token that is `length` bytes long.
    pub(super) fn push(&mut self, kind: TokenKind, length: usize) -> Span {
        let span = self.skip(length);
        self.lexed.tokens.push(Token { kind, span });
        span
    }

    pub(super) fn skip(&mut self, length: usize) -> Span {
        let span = Span::new(self.at, self.at + length);
        self.at += length;
        span
    }

    /// A mistake that nothing mends.
    pub(super) fn flaw(&mut self, code: DiagnosticCode, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.patches.flaw(span);
        self.sink.error(code, span, message)
    }

    /// A mistake; the text is read as if `replacement` stood there.
    pub(super) fn mended(
        &mut self,
        code: DiagnosticCode,
        span: Span,
        replacement: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.patches.edit(span, replacement);
        self.sink.error(code, span, message)
    }

    /// Whether a text that begins here is a rule's message.
    pub(super) fn is_message(&self) -> bool {
        self.then_depth == Some(self.depth)
    }

    fn step(&mut self) {
        let rest = self.rest();
        let first = rest.chars().next().expect("the lexer is before the end");
        match first {
            ' ' | '\t' | '\r' | '\n' => self.at += 1,
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            '0'..='9' => self.number(),
            '"' => quotes::text(self),
            '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' => quotes::foreign(self, first),
            '/' if rest.starts_with("//") => self.comment(),
            '/' if rest.starts_with("/*") => self.block_comment(),
            '/' if self.is_pattern_due() && quotes::slashes(self).is_some() => {}
            '#' => self.hash_comment(),
            _ if first.is_alphabetic() => self.word(),
            _ => self.sign(first),
        }
    }

    fn word(&mut self) {
        let rest = self.rest();
        let is_part = |character: char| character == '_' || character.is_alphanumeric();
        let length = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
        let word = &rest[..length];
        if !word.is_ascii() {
            let span = self.push(TokenKind::Word, length);
            let message = format!("`{}` has letters that names do not have; they are a-z, A-Z, 0-9 and _", shown(word));
            self.flaw(DiagnosticCode::Character, span, message).help("any text may stand in double quotes");
            return;
        }
        if TAGS.contains(&word) && rest[length..].starts_with('"') {
            if self.is_message() {
                let span = self.skip(length);
                let message = format!("a message has no `{word}` before it; its braces hold values as it is");
                self.mended(DiagnosticCode::Quotes, span, "", message).fix(span, "");
                return;
            }
            return quotes::tagged(self, length);
        }
        if word == "then" && !self.is_after_dot() && !rest[length..].trim_start().starts_with(':') {
            self.then_depth = Some(self.depth);
        }
        self.push(TokenKind::Word, length);
    }

    fn is_after_dot(&self) -> bool {
        let last = self.lexed.tokens.last();
        last.is_some_and(|last| last.kind == TokenKind::Sign && self.source[last.span.range()].ends_with('.'))
    }

    /// Whether a pattern is expected, so that a slash divides nothing.
    fn is_pattern_due(&self) -> bool {
        let last = self.lexed.tokens.last().map(|last| &self.source[last.span.range()]);
        matches!(last, Some("matches" | "in" | "like" | "=" | "==" | "!=" | "=~" | "~" | "(" | "[" | ","))
    }

    /// Digits, perhaps a fraction, and what is written right behind them; whether that is a unit is asked later.
    fn number(&mut self) {
        let bytes = self.rest().as_bytes();
        let run = |from: usize, is_part: fn(&u8) -> bool| bytes[from..].iter().take_while(|byte| is_part(byte)).count();
        let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'_';
        let mut length = run(0, is_digit);
        if bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit) {
            length += 1 + run(length + 1, is_digit);
        }
        let word = |from| run(from, |byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        // `1e-3`, of a test's values.
        let is_signed_exponent = matches!(bytes.get(length), Some(b'e' | b'E'))
            && matches!(bytes.get(length + 1), Some(b'-' | b'+'))
            && bytes.get(length + 2).is_some_and(u8::is_ascii_digit);
        length += if is_signed_exponent { 2 + word(length + 2) } else { word(length) };
        self.push(TokenKind::Number, length);
    }

    fn comment(&mut self) {
        let text = self.rest_of_line().trim_end();
        let span = self.skip(text.len());
        self.lexed.comments.push(Comment { text: text.to_owned(), span });
    }

    fn hash_comment(&mut self) {
        let span = Span::new(self.at, self.at + 1);
        self.mended(DiagnosticCode::Character, span, "//", "a comment begins with `//`, not with `#`").fix(span, "//");
        self.at += self.rest_of_line().len();
    }

    fn block_comment(&mut self) {
        let rest = self.rest();
        let Some(length) = rest[2..].find("*/").map(|end| end + 4) else {
            let span = Span::new(self.at, self.at + 2);
            let message = "this comment does not end; comments begin with `//` and end with their line";
            self.flaw(DiagnosticCode::Character, span, message);
            self.at = self.end;
            return;
        };
        let text = &rest[..length];
        let is_last_on_line = rest[length..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') || rest.len() == length;
        let span = self.skip(length);
        let message = "comments begin with `//` and end with their line; there is no `/* … */`";
        let diagnostic = self.mended(DiagnosticCode::Character, span, " ", message);
        if is_last_on_line && !text.contains('\n') {
            diagnostic.fix(span, format!("// {}", text[2..text.len() - 2].trim()));
        }
    }

    fn sign(&mut self, first: char) {
        let rest = self.rest();
        // `list<int>= …`
        let is_type_end = rest.starts_with(">=") && is_in_type(self.source, &self.lexed.tokens);
        let length = if is_type_end { 1 } else { long_sign(rest).unwrap_or(first.len_utf8()) };
        match first {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => {
                self.depth = self.depth.saturating_sub(1);
                if self.then_depth.is_some_and(|depth| depth > self.depth) {
                    self.then_depth = None;
                }
            }
            ';' if self.is_message() => self.then_depth = None,
            '~' | ':' | ',' | ';' | '.' | '?' | '=' | '!' | '<' | '>' | '+' | '-' | '*' | '/' | '%' | '|' | '&' | '@' => {}
            _ => return self.unknown(),
        }
        self.push(TokenKind::Sign, length);
    }

    /// A run of characters that mean nothing here.
    fn unknown(&mut self) {
        let rest = self.rest();
        let known = |character: char| character.is_ascii_graphic() && !matches!(character, '$' | '^' | '\\');
        let is_over =
            |character: char| known(character) || character.is_alphabetic() || " \t\r\n“”„‘’«»".contains(character);
        let length = rest.find(is_over).unwrap_or(rest.len());
        let text = &rest[..length];
        let span = self.skip(length);
        if text.chars().all(char::is_whitespace) {
            let message = "this space is none that a policy knows; write an ordinary one";
            self.mended(DiagnosticCode::Character, span, " ", message).fix(span, " ");
        } else if text.contains('\0') {
            self.flaw(DiagnosticCode::Character, span, "this file is no text: it has a character with the number 0");
            self.lexed.is_hopeless = true;
        } else if text == "$" {
            self.mended(DiagnosticCode::Character, span, "", "`$` is not needed here").fix(span, "");
        } else {
            self.flaw(DiagnosticCode::Character, span, format!("`{}` means nothing in a policy", shown(text)));
        }
    }
}

/// The length of the sign of several characters with which a text begins.
fn long_sign(text: &str) -> Option<usize> {
    LONG_SIGNS.iter().find(|sign| text.starts_with(**sign)).map(|sign| sign.len())
}

/// Whether the last of these tokens stand in a `list<…` that is still open.
pub(super) fn is_in_type(source: &str, tokens: &[Token]) -> bool {
    let text = |at: usize| tokens.get(at).map_or("", |token| &source[token.span.range()]);
    let mut open = 0_usize;
    for at in (0..tokens.len()).rev().take(TYPE_TOKENS_MAX) {
        match text(at) {
            ">" => open += 1,
            "<" if !matches!(text(at.wrapping_sub(1)), "list" | "set") => return false,
            "<" if open == 0 => return true,
            "<" => open -= 1,
            "?" | "." | "[" | "]" | "{" | "}" | ":" | "," => {}
            "and" | "or" | "not" | "in" | "is" | "as" | "has" | "matches" | "contains" | "where" => return false,
            _ if matches!(tokens[at].kind, TokenKind::Word | TokenKind::Text) => {}
            _ => return false,
        }
    }
    false
}
