//! What the grammar read → parts of the tree: places, names and texts.

use pest::iterators::Pair;

use super::ast::{Name, Span};
use super::grammar::Rule;
use super::patch::Patched;
use crate::diagnostic::{Diagnostic, DiagnosticCode, Sink};

pub(super) struct Lowering<'l, 'k> {
    patched: &'l Patched<'l>,
    pub(super) sink: &'l mut Sink<'k>,
    /// How many prefixes are being read, one within the other.
    pub(super) prefixes: usize,
    /// It was said that the piece is too deep.
    pub(super) is_too_deep: bool,
}

impl<'l, 'k> Lowering<'l, 'k> {
    pub(super) fn new(patched: &'l Patched<'l>, sink: &'l mut Sink<'k>) -> Self {
        Self { patched, sink, prefixes: 0, is_too_deep: false }
    }

    /// Where a part of the piece stands in the source, without the white space behind it.
    pub(super) fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        self.patched.source_span(pair.as_span().start(), end(pair.clone()))
    }

    /// The place in the source of some bytes within a part.
    pub(super) fn span_within(&self, pair: &Pair<'_, Rule>, from: usize, to: usize) -> Span {
        let start = pair.as_span().start();
        self.patched.source_span(start + from, start + to)
    }

    pub(super) fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: pair.as_str().to_owned(), span: self.span(pair) }
    }

    /// A name, or a text in quotes that stands for one.
    pub(super) fn name_or_text(&mut self, pair: &Pair<'_, Rule>) -> Name {
        if pair.as_rule() == Rule::string { self.text(pair) } else { self.name(pair) }
    }

    /// A text in quotes, decoded.
    pub(super) fn text(&mut self, pair: &Pair<'_, Rule>) -> Name {
        let written = pair.as_str();
        let mut text = String::with_capacity(written.len());
        let mut at = 1;
        let end = written.len() - 1;
        while let Some(character) = written[at..end].chars().next() {
            if character != '\\' {
                text.push(character);
                at += character.len_utf8();
                continue;
            }
            match escape(&written[at..end]) {
                Ok((decoded, length)) => {
                    text.push(decoded);
                    at += length;
                }
                Err((message, length)) => {
                    let span = self.span_within(pair, at, at + length);
                    let diagnostic = self.error(DiagnosticCode::Escape, span, message);
                    diagnostic.help("a pattern stands in `re\"…\"`, where `\\` is kept");
                    at += length;
                }
            }
        }
        Name { text, span: self.span(pair) }
    }

    pub(super) fn error(&mut self, code: DiagnosticCode, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.sink.error(code, span, message)
    }
}

/// Where a part really ends: the grammar counts the white space and comments behind it in.
fn end(pair: Pair<'_, Rule>) -> usize {
    let mut last = pair;
    loop {
        let end = last.as_span().end();
        match last.into_inner().next_back() {
            Some(next) => last = next,
            None => return end,
        }
    }
}

/// What an escape at the beginning of a text means, and how long it is; or what is wrong with it.
pub(super) fn escape(text: &str) -> Result<(char, usize), (String, usize)> {
    let Some(kind) = text[1..].chars().next() else {
        return Err(("`\\` escapes nothing here; a backslash is written `\\\\`".to_owned(), 1));
    };
    let plain = match kind {
        '"' | '\\' | '/' | '\'' => Some(kind),
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        _ => None,
    };
    if let Some(character) = plain {
        return Ok((character, 2));
    }
    if kind == 'u' {
        let digits = &text[2..];
        let (digits, length) = match digits.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((digits, _)) => (digits, 4 + digits.len()),
            None => (digits.get(..4).unwrap_or(""), 6),
        };
        let is_hexadecimal = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal);
        return match code.and_then(char::from_u32) {
            Some(character) => Ok((character, length)),
            None => Err(("`\\u` stands before a character's number, such as `\\u{e9}`".to_owned(), 2)),
        };
    }
    let message =
        format!("`\\{kind}` is no escape; those are \\\" \\\\ \\n \\r \\t and \\u{{…}}, and a backslash is `\\\\`");
    Err((message, 1 + kind.len_utf8()))
}
