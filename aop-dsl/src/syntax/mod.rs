//! Text → syntax tree.
//!
//! A text is cut into tokens ([`lexer`]), its brackets are matched ([`brackets`]), and its items ([`items`]), clauses ([`split`]),
//! members ([`schema`]) and steps ([`test`]) are told apart; each such piece is read by the grammar ([`piece`]). So a mistake in
//! one piece leaves the others readable, nothing nests without bound, and time is linear in the text.

pub(crate) mod ast;
mod batch;
mod brackets;
mod clauses;
mod definitions;
mod events;
mod explain;
mod expr;
mod format;
mod grammar;
mod header;
mod items;
mod lexer;
mod lowering;
mod mend;
mod mend_words;
mod message;
mod patch;
mod piece;
mod quantity;
mod quotes;
mod reader;
mod rule;
mod schema;
mod split;
mod test;
mod words;

pub use format::format;

use crate::diagnostic::{DiagnosticCode, Diagnostics, Sink};
use ast::Span;
use patch::Patches;
use reader::Reader;

/// What is bounded here, for the manual.
pub(crate) mod limits {
    pub(crate) use super::SOURCE_BYTES_MAX;
    pub(crate) use super::brackets::DEPTH_MAX;
    pub(crate) use super::expr::TREE_DEPTH_MAX;
    pub(crate) use super::message::VALUES_MAX as MESSAGE_VALUES_MAX;
    pub(crate) use super::piece::TOKENS_MAX;
}

/// The largest policy that is read, in bytes.
pub(crate) const SOURCE_BYTES_MAX: usize = 16 << 20;

/// The tree of a policy's text; its mistakes go into the sink. A tree comes back even with mistakes, when possible: what could
/// not be read is left out, and said to be so where that matters ([`ast::Rule::is_broken`] and the like).
pub(crate) fn parse(source: &str, sink: &mut Sink<'_>) -> Option<ast::File> {
    if source.len() > SOURCE_BYTES_MAX {
        let message = format!("the file has {} bytes; a policy has at most 16 MiB", source.len());
        sink.error(DiagnosticCode::FileSize, 0..0, message).help("put its rules into several packages");
        return None;
    }
    let mark = if source.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    if mark > 0 {
        let message = "the file begins with a byte order mark; save it as UTF-8 without one";
        sink.error(DiagnosticCode::ByteOrderMark, 0..mark, message).fix(0..mark, "");
    }
    hidden(source, sink);
    let mut patches = Patches::default();
    let lexed = lexer::lex(source, Span::new(mark, source.len()), &mut patches, sink);
    if lexed.is_hopeless {
        return None;
    }
    let comments = lexed.comments;
    let mut reader = Reader::new(source, lexed.tokens, patches, sink);
    brackets::check(&mut reader);
    if reader.is_full() {
        return None;
    }
    let (header, first) = header::read(&mut reader);
    let items = items::read(&mut reader, first);
    let broken = reader.broken;
    Some(ast::File { header, items, comments, broken })
}

/// Finds what makes a policy look other than it is read: what an editor shows as a new line and a comment runs through, and what
/// turns the direction of writing.
fn hidden(source: &str, sink: &mut Sink<'_>) {
    let is_hidden = |(at, character): &(usize, char)| match character {
        '\r' => source.as_bytes().get(at + 1) != Some(&b'\n'),
        '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => false,
    };
    for (at, character) in source.char_indices().filter(is_hidden) {
        let span = at..at + character.len_utf8();
        let (message, instead) = match character {
            '\r' => {
                ("a carriage return without a line feed ends no line here, and a comment before it goes on behind it", "\n")
            }
            '\u{2028}' | '\u{2029}' => ("this character shows as the end of a line and is none here", "\n"),
            _ => ("this character turns the direction of writing, so that the policy would read other than it is", ""),
        };
        sink.error(DiagnosticCode::Character, span.clone(), message).fix(span, instead);
    }
}

/// The package's name in a policy's header, when it can be read. What stands behind the header is not looked at.
pub(crate) fn package_name(source: &str) -> Option<String> {
    let header = &source[..end_of_header(source)];
    let name = parse(header, &mut Sink::new("", header))?.header.name.text;
    (!name.is_empty()).then_some(name)
}

/// Behind the first `;` that stands in no comment.
fn end_of_header(source: &str) -> usize {
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let code = line.find("//").unwrap_or(line.len());
        if let Some(semicolon) = line[..code].find(';') {
            return start + semicolon + 1;
        }
        start += line.len();
    }
    source.len()
}

/// For the tests: what the syntax of a policy makes its author read.
#[doc(hidden)]
pub fn syntax_diagnostics(name: &str, source: &str) -> Diagnostics {
    let mut sink = Sink::new(name, source);
    parse(source, &mut sink);
    sink.into_diagnostics()
}

/// For the tests: a policy's tree without its places, so that two texts can be compared; nothing when it has mistakes.
#[doc(hidden)]
pub fn syntax_shape(source: &str) -> Option<String> {
    let mut sink = Sink::new("", source);
    let file = parse(source, &mut sink).filter(|_| !sink.has_errors())?;
    let comments: Vec<&str> = file.comments.iter().map(|comment| comment.text.as_str()).collect();
    let written = format!("{:?} {:?} {comments:?}", file.header, file.items);
    // Each is written `Span { start: 1, end: 2 }`.
    let mut shape = String::with_capacity(written.len());
    let mut parts = written.split("Span { start: ");
    shape.extend(parts.next());
    for part in parts {
        shape.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    Some(shape)
}
