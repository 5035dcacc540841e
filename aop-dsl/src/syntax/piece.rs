//! One piece of a text, read by the grammar; when that fails, the mistake is said, mended where that is sure, and it is read again.

use std::ops::Range;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};

use super::explain::{self, Failure};
use super::grammar::{PolicyParser, Rule};
use super::lowering::Lowering;
use super::mend::{self, Mode};
use super::patch::{Edit, Patched};
use super::reader::Reader;
use crate::diagnostic::DiagnosticCode;

/// The longest piece that is read, in tokens: a list of 100,000 names.
pub(crate) const TOKENS_MAX: usize = 200_000;

/// How often a piece is read again after a mistake was mended.
const TRIES_MAX: usize = 8;

/// What a piece is, for its messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) rule: Rule,
    pub(super) mode: Mode,
    pub(super) code: DiagnosticCode,
    /// What it is, such as "an `after` clause".
    pub(super) what: &'static str,
    /// How it reads when it is right.
    pub(super) example: &'static str,
}

/// Reads a piece; nothing when it has a mistake that could not be mended.
pub(super) fn read<T>(
    reader: &mut Reader<'_, '_, '_>,
    tokens: Range<usize>,
    shape: Shape,
    lower: impl FnOnce(&mut Lowering<'_, '_>, Pairs<'_, Rule>) -> T,
) -> Option<T> {
    let part = reader.span_of(tokens.clone());
    reader.patches.sort();
    if tokens.is_empty() || reader.is_full() || reader.patches.is_unreadable(part) {
        return None;
    }
    if tokens.len() > TOKENS_MAX {
        let message = format!("this is too long: at most {TOKENS_MAX} words and signs are read in one go");
        let span = reader.span(tokens.start);
        reader.flaw(DiagnosticCode::Length, span, message).help("put parts of it into a `let` or a rule of their own");
        return None;
    }
    let mended = mend::piece(reader, tokens.clone(), shape.mode);
    let is_flawed = mended.is_flawed || reader.patches.has_flaw(part);
    let earlier = reader.patches.edits(part).iter().filter(|edit| !mended.covers(edit));
    let mut edits: Vec<Edit> = mended.edits.iter().chain(earlier).cloned().collect();
    for _ in 0..TRIES_MAX {
        let patched = Patched::new(reader.source, part, edits.clone());
        let error = match PolicyParser::parse(shape.rule, &patched.text) {
            Ok(mut pairs) => {
                let inner = pairs.next().map(Pair::into_inner)?;
                let mut lowering = Lowering::new(&patched, reader.sink);
                return Some(lower(&mut lowering, inner));
            }
            Err(error) => error,
        };
        if is_flawed {
            return None;
        }
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => patched.source_at(at),
        };
        let expected = match error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives,
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        let token = tokens.clone().find(|token| reader.span(*token).range().end > at).unwrap_or(tokens.end);
        let edit = explain::failure(Failure { reader, shape, tokens: tokens.clone(), at: token, expected });
        edits.push(edit?);
    }
    None
}
