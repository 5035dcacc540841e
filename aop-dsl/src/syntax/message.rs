//! A rule's message: text, and expressions in braces.

use super::ast::{Expr, ExprKind, Span, TemplatePart};
use super::brackets;
use super::grammar::Rule;
use super::lexer;
use super::lowering::escape;
use super::mend::Mode;
use super::patch::Patches;
use super::piece::{self, Shape};
use super::reader::Reader;
use crate::diagnostic::{DiagnosticCode, Sink};

const HOLE: Shape = Shape {
    rule: Rule::expression,
    mode: Mode::Clause,
    code: DiagnosticCode::Message,
    what: "a value in a message",
    example: "{c.params.amount}",
};

/// How many values a message may have.
pub(crate) const VALUES_MAX: usize = 100;

/// The parts of a message that stands, quotes and all, at `span`.
pub(super) fn parts(reader: &mut Reader<'_, '_, '_>, span: Span) -> Vec<TemplatePart> {
    let source = reader.source;
    let written = &source[span.range()];
    let (opener, closer) = (written.chars().next(), written.chars().next_back());
    let start = span.range().start + opener.map_or(0, char::len_utf8);
    // A message that does not end on its line has no quote to take away.
    let has_closer = closer.is_some_and(|closer| "\"'`“”„‘’«»".contains(closer)) && written.chars().count() > 1;
    let end = span.range().end - if has_closer { closer.map_or(0, char::len_utf8) } else { 0 };
    let mut template = Template { parts: Vec::new(), text: String::new() };
    let mut at = start;
    while let Some(first) = source.get(at..end).and_then(|rest| rest.chars().next()) {
        let rest = &source[at..end];
        match first {
            '{' | '}' if rest[1..].starts_with(first) => {
                template.text.push(first);
                at += 2;
            }
            '{' => match hole_length(rest) {
                Some(_) if template.parts.len() >= 2 * VALUES_MAX => {
                    let message = format!("a message has at most {VALUES_MAX} values");
                    reader.sink.error(DiagnosticCode::Message, Span::new(at, at + 1), message);
                    break;
                }
                Some(length) => {
                    let hole = hole(source, Span::new(at + 1, at + length - 1), reader.sink);
                    template.value(hole);
                    at += length;
                }
                None => {
                    let brace = Span::new(at, at + 1);
                    let message = "this `{` is not closed; in a message `{` begins a value, and a brace is written `{{`";
                    reader.sink.error(DiagnosticCode::Message, brace, message);
                    at += 1;
                }
            },
            '}' => {
                let message = "this `}` closes nothing; in a message a brace is written `}}`";
                let brace = Span::new(at, at + 1);
                reader.sink.error(DiagnosticCode::Message, brace, message).fix(brace, "}}");
                at += 1;
            }
            '\\' => match escape(rest) {
                Ok((character, length)) => {
                    template.text.push(character);
                    at += length;
                }
                Err((message, length)) => {
                    reader.sink.error(DiagnosticCode::Escape, Span::new(at, at + length), message);
                    at += length;
                }
            },
            _ => {
                template.text.push(first);
                at += first.len_utf8();
            }
        }
    }
    template.finish()
}

struct Template {
    parts: Vec<TemplatePart>,
    text: String,
}

impl Template {
    fn value(&mut self, value: Expr) {
        if !self.text.is_empty() {
            self.parts.push(TemplatePart::Text(std::mem::take(&mut self.text)));
        }
        self.parts.push(TemplatePart::Value(value));
    }

    fn finish(mut self) -> Vec<TemplatePart> {
        if !self.text.is_empty() {
            self.parts.push(TemplatePart::Text(self.text));
        }
        self.parts
    }
}

/// The bytes from a `{` to its `}`; nothing when it has none.
fn hole_length(text: &str) -> Option<usize> {
    let (mut open, mut in_text, mut is_escaped) = (0_usize, false, false);
    for (at, character) in text.char_indices() {
        match character {
            '"' if !is_escaped => in_text = !in_text,
            '{' if !in_text => open += 1,
            '}' if !in_text => {
                open -= 1;
                if open == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        is_escaped = in_text && character == '\\' && !is_escaped;
    }
    None
}

/// What stands in braces.
fn hole(source: &str, span: Span, sink: &mut Sink<'_>) -> Expr {
    let error = Expr { kind: ExprKind::Error, span };
    let written = source[span.range()].trim();
    if written.is_empty() {
        let braces = Span { start: span.start - 1, end: span.end + 1 };
        let message = "these braces are empty; write a value into them, such as `{c.action}`, or `{{}}` for braces";
        sink.error(DiagnosticCode::Message, braces, message);
        return error;
    }
    // `{amount:.2f}`, of other languages.
    if let Some((_, format)) = written.rsplit_once(':')
        && !format.is_empty()
        && format.bytes().all(|byte| byte.is_ascii_digit() || b".,<>^+%dfsxeg".contains(&byte))
    {
        let at = span.range().start + source[span.range()].rfind(':').unwrap_or(0);
        let format = Span::new(at, span.range().end);
        let message = "a value in a message has no format behind it; numbers print as they are";
        sink.error(DiagnosticCode::Message, format, message).fix(format, "");
        return error;
    }
    let mut patches = Patches::default();
    let lexed = lexer::lex(source, span, &mut patches, sink);
    let mut reader = Reader::new(source, lexed.tokens, patches, sink);
    brackets::check(&mut reader);
    let tokens = 0..reader.tokens.len();
    let read = piece::read(&mut reader, tokens, HOLE, |lowering, mut parts| {
        let expr = parts.find(|part| part.as_rule() == Rule::expr).expect("the grammar has an expression there");
        lowering.expr(expr)
    });
    read.unwrap_or(error)
}
