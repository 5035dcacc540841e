//! Texts in quotes: the right ones, those that do not end, and those of other languages.

use super::ast::Span;
use super::lexer::{Lexer, TokenKind};
use crate::diagnostic::DiagnosticCode;

/// A text in double quotes; in a rule's message, texts may stand in its braces.
pub(super) fn text(lexer: &mut Lexer<'_, '_>) {
    let line = lexer.rest_of_line();
    if line.starts_with("\"\"\"") {
        return triple(lexer);
    }
    let template = if lexer.is_message() { template_length(line) } else { None };
    let kind = if lexer.is_message() { TokenKind::Message } else { TokenKind::Text };
    match template.or_else(|| text_length(line)) {
        Some(length) => _ = lexer.push(kind, length),
        None => unended(lexer, kind),
    }
}

/// `re"…"`; the tag is `tag_length` bytes long.
pub(super) fn tagged(lexer: &mut Lexer<'_, '_>, tag_length: usize) {
    let line = lexer.rest_of_line();
    match text_length(&line[tag_length..]) {
        Some(length) => _ = lexer.push(TokenKind::Tagged, tag_length + length),
        None => unended(lexer, TokenKind::Tagged),
    }
}

/// The bytes of the text with which a line begins; nothing when it does not end there.
fn text_length(line: &str) -> Option<usize> {
    let mut is_escaped = false;
    line.char_indices().skip(1).find_map(|(at, character)| {
        let is_end = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        is_end.then_some(at + 1)
    })
}

/// The same for a text whose braces may hold texts.
fn template_length(line: &str) -> Option<usize> {
    let mut at = 1;
    let mut holes = 0_usize;
    loop {
        let rest = line.get(at..)?;
        let first = rest.chars().next()?;
        match first {
            '"' if holes == 0 => return Some(at + 1),
            '"' => at += text_length(rest)?,
            '{' if holes == 0 && rest.starts_with("{{") => at += 2,
            '{' => {
                holes += 1;
                at += 1;
            }
            '}' => {
                holes = holes.saturating_sub(1);
                at += 1;
            }
            '\\' if holes == 0 => at += 1 + rest[1..].chars().next()?.len_utf8(),
            _ => at += first.len_utf8(),
        }
    }
}

/// A text without its end: it is taken to end with its line, before the signs that stand there.
fn unended(lexer: &mut Lexer<'_, '_>, kind: TokenKind) {
    let line = lexer.rest_of_line();
    let kept = line.trim_end_matches([' ', '\t', '\r', ';', ',', ')', ']', '}']).len().max(1);
    let span = lexer.push(kind, kept);
    let end = Span::new(span.range().end, span.range().end);
    let opener = Span::new(span.range().start, span.range().start + line[..kept].find('"').unwrap_or(0) + 1);
    let message = "this text does not end on its line; close it with `\"`";
    lexer
        .mended(DiagnosticCode::Quotes, end, "\"", message)
        .label("the end of the line")
        .related(opener, "begins here")
        .help("a text stands on one line; `\\n` in it is a new line, `\\\"` a quote");
}

/// `"""…"""`
fn triple(lexer: &mut Lexer<'_, '_>) {
    let line = lexer.rest_of_line();
    match line[3..].find("\"\"\"") {
        Some(length) => {
            let content = line[3..3 + length].to_owned();
            let span = lexer.push(TokenKind::Text, length + 6);
            requote(lexer, span, &content, "a text has one `\"` at each end");
        }
        None => {
            let span = lexer.push(TokenKind::Text, line.trim_end().len());
            let message = "a text has one `\"` at each end, and stands on one line";
            lexer.flaw(DiagnosticCode::Quotes, span, message);
        }
    }
}

/// A text in quotes that are none here: `'…'`, `` `…` ``, `“…”`.
pub(super) fn foreign(lexer: &mut Lexer<'_, '_>, opener: char) {
    let line = lexer.rest_of_line();
    let closers = match opener {
        '\'' => "'",
        '`' => "`",
        _ => "“”„‘’«»\"",
    };
    let content_start = opener.len_utf8();
    let Some(length) = line[content_start..].find(|character| closers.contains(character)) else {
        let span = lexer.skip(content_start);
        let message = format!("`{opener}` opens nothing here; texts stand in double quotes, such as \"send\"");
        lexer.flaw(DiagnosticCode::Quotes, span, message);
        return;
    };
    let closer_length = line[content_start + length..].chars().next().map_or(0, char::len_utf8);
    let content = line[content_start..content_start + length].to_owned();
    let kind = if lexer.is_message() { TokenKind::Message } else { TokenKind::Text };
    let span = lexer.push(kind, content_start + length + closer_length);
    let message = match opener {
        '\'' => "a text stands in double quotes, not in single ones",
        '`' => "a text stands in double quotes, not in backticks",
        _ => "a text stands in straight double quotes, not in typographic ones",
    };
    requote(lexer, span, &content, message);
}

/// `/…/`, a pattern of other languages; nothing when it does not end on its line.
pub(super) fn slashes(lexer: &mut Lexer<'_, '_>) -> Option<()> {
    let line = lexer.rest_of_line();
    let mut is_escaped = false;
    let length = line[1..].find(|character| {
        let is_end = character == '/' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        is_end
    })?;
    let pattern = line[1..1 + length].replace("\\/", "/").replace('"', "\\\"");
    let span = lexer.push(TokenKind::Tagged, length + 2);
    let pattern = format!("re\"{pattern}\"");
    let message = "a pattern stands in `re\"…\"`, not between slashes";
    lexer.mended(DiagnosticCode::Quotes, span, pattern.clone(), message).fix(span, pattern);
    Some(())
}

fn requote(lexer: &mut Lexer<'_, '_>, span: Span, content: &str, message: &str) {
    let mut quoted = String::with_capacity(content.len() + 2);
    quoted.push('"');
    let mut is_escaped = false;
    for character in content.chars() {
        if character == '"' && !is_escaped {
            quoted.push('\\');
        }
        is_escaped = character == '\\' && !is_escaped;
        quoted.push(character);
    }
    if is_escaped {
        quoted.push('\\');
    }
    quoted.push('"');
    lexer.mended(DiagnosticCode::Quotes, span, quoted.clone(), message).fix(span, quoted);
}
