//! Whether a space stands between two tokens on one line.

use std::collections::HashSet;

use crate::syntax::clauses::EVENT_KINDS;
use crate::syntax::lexer::TokenKind;
use crate::syntax::reader::Reader;
use crate::syntax::split::ends_operand;

/// What is to be known of the brackets around tokens.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    /// The closing bracket of each opening one; 0 for other tokens.
    closers: Vec<usize>,
    /// Tokens between the parentheses of `request(…)`.
    in_pattern: Vec<bool>,
    /// Tokens between the parentheses of `@allow(…)`.
    in_annotation: Vec<bool>,
    /// The `<` and `>` of `list<…>`.
    angles: HashSet<usize>,
}

impl Brackets {
    pub(super) fn of(reader: &Reader<'_, '_, '_>) -> Self {
        let count = reader.tokens.len();
        let mut brackets = Self {
            closers: vec![0; count],
            in_pattern: vec![false; count],
            in_annotation: vec![false; count],
            angles: HashSet::new(),
        };
        // Each with whether it is a pattern's and whether it is an annotation's.
        let mut open: Vec<(usize, bool, bool)> = Vec::new();
        let mut angles: Vec<(usize, usize)> = Vec::new();
        for at in 0..count {
            let text = reader.text(at);
            if matches!(text, ")" | "]" | "}")
                && let Some((opener, ..)) = open.pop()
            {
                brackets.closers[opener] = at;
            }
            if let Some((_, is_pattern, is_annotation)) = open.last() {
                (brackets.in_pattern[at], brackets.in_annotation[at]) = (*is_pattern, *is_annotation);
            }
            match text {
                "(" => {
                    let kind = at.checked_sub(1).map_or("", |before| reader.text(before));
                    let is_field = at > 0 && reader.is_after_dot(at - 1);
                    let is_pattern = !is_field && !names_definition(reader, at) && EVENT_KINDS.contains(&kind);
                    open.push((at, is_pattern, at > 1 && reader.text(at - 2) == "@"));
                }
                "[" | "{" => open.push((at, false, false)),
                "<" if at > 0 && matches!(reader.text(at - 1), "list" | "set") && !reader.is_after_dot(at - 1) => {
                    angles.push((at, open.len()));
                }
                ">" => {
                    if angles.last().is_some_and(|(_, depth)| *depth == open.len())
                        && let Some((opener, _)) = angles.pop()
                    {
                        brackets.angles.extend([opener, at]);
                    }
                }
                ";" => angles.clear(),
                _ => {}
            }
        }
        brackets
    }

    /// The bracket that closes the one at a token.
    pub(super) fn closer(&self, opener: usize) -> usize {
        self.closers[opener]
    }

    pub(super) fn is_pattern(&self, at: usize) -> bool {
        self.in_pattern[at]
    }

    /// Whether a space stands before a token that has another before it.
    pub(super) fn has_space(&self, reader: &Reader<'_, '_, '_>, at: usize) -> bool {
        let (before, text) = (reader.text(at - 1), reader.text(at));
        let is_sign = |at: usize| reader.kind(at) == Some(TokenKind::Sign);
        if is_sign(at) && matches!(text, "," | ";" | ")" | "]" | "?" | "." | "?." | ":") {
            return false;
        }
        if is_sign(at - 1) && matches!(before, "(" | "[" | "." | "?." | "@") {
            return false;
        }
        if self.in_pattern[at] && self.in_pattern[at - 1] {
            return text == "|" || before == "|";
        }
        if self.in_annotation[at] && self.in_annotation[at - 1] && (before == "-" || text == "-") {
            return reader.span(at - 1).end != reader.span(at).start;
        }
        if self.angles.contains(&at) || (self.angles.contains(&(at - 1)) && before == "<") {
            return false;
        }
        match text {
            "(" => {
                let is_called = reader.kind(at - 1) != Some(TokenKind::Number) && ends_operand(reader, at - 1);
                !is_called && !names_definition(reader, at)
            }
            "[" => !ends_operand(reader, at - 1),
            _ => !(before == "-" && is_sign(at - 1) && is_unary(reader, at - 1)),
        }
    }
}

/// Whether the parentheses at a token are those of `action request(…)`, whose name may be any word.
fn names_definition(reader: &Reader<'_, '_, '_>, opener: usize) -> bool {
    opener > 1 && matches!(reader.text(opener - 2), "action" | "fn") && !reader.is_after_dot(opener - 2)
}

/// Whether a `-` has nothing before it to subtract from.
fn is_unary(reader: &Reader<'_, '_, '_>, at: usize) -> bool {
    at == 0 || !ends_operand(reader, at - 1)
}
