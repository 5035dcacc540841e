//! Patterns: each is measured before it is taken, and all of a package together are bounded. Nothing is compiled for that.

use std::collections::HashSet;
use std::sync::Arc;

use super::Checker;
use crate::diagnostic::{DiagnosticCode, shown};
use crate::syntax::ast::Span;
use crate::typed::Const;
use crate::types::{PatternKind, Type};
use crate::value::{self, regular};

/// How many bytes the patterns of a package have at most, equal ones counted once.
pub(crate) const BYTES_MAX: usize = 1 << 20;

/// How many states they have at most.
pub(crate) const STATES_MAX: usize = 2_000_000;

/// How many states a character of a glob takes: `*` is `[^/]*`.
const STATES_OF_GLOB_CHARACTER: usize = 4;

/// The patterns of a package.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// Those that are good.
    known: HashSet<(PatternKind, String)>,
    bytes: usize,
    states: usize,
    /// They have passed a bound, which is said once: those behind it are not looked at.
    is_full: bool,
}

impl Checker<'_, '_, '_> {
    /// A pattern; nothing when it is none or too large, which is said.
    pub(super) fn pattern_const(&mut self, kind: PatternKind, text: &str, span: Span) -> Option<Const> {
        let constant = || Const::Pattern(kind, Arc::from(text));
        if self.patterns.is_full {
            return None;
        }
        let key = (kind, text.to_owned());
        if self.patterns.known.contains(&key) {
            return Some(constant());
        }
        let states = match kind {
            PatternKind::Regex => match regular::size(text) {
                Ok(states) => states,
                Err(problem) => {
                    // It took its time too: a text full of such must end.
                    let states = if matches!(problem, regular::Problem::TooLarge(_)) { regular::STATES_MAX } else { 0 };
                    self.bad_regex(text, &problem, span);
                    self.count_pattern(text, states, span);
                    return None;
                }
            },
            PatternKind::Glob => text.len() * STATES_OF_GLOB_CHARACTER,
            PatternKind::Literal | PatternKind::Versions => text.len(),
        };
        if let Err(message) = value::const_read(text, &Type::Pattern(kind)) {
            self.sink.error(DiagnosticCode::BadPattern, span, message);
            self.count_pattern(text, states, span);
            return None;
        }
        if !self.count_pattern(text, states, span) {
            return None;
        }
        self.patterns.known.insert(key);
        Some(constant())
    }

    /// Whether there is room for one more pattern.
    fn count_pattern(&mut self, text: &str, states: usize, span: Span) -> bool {
        let patterns = &mut self.patterns;
        patterns.bytes += text.len();
        patterns.states += states;
        let what = match (patterns.bytes > BYTES_MAX, patterns.states > STATES_MAX) {
            (false, false) => return true,
            (true, _) => "more than 1 MiB of text".to_owned(),
            (false, true) => format!("more than {STATES_MAX} states once they are compiled"),
        };
        patterns.is_full = true;
        let message = format!("with this one, the patterns of this package have {what}");
        self.sink
            .error(DiagnosticCode::BadPattern, span, message)
            .help("use smaller counts, [a-z0-9_] instead of \\w, or put rules into another package");
        false
    }

    /// Points into the expression, at what cannot be read.
    fn bad_regex(&mut self, text: &str, problem: &regular::Problem, span: Span) {
        let regular::Problem::Syntax(error) = problem else {
            self.sink.error(DiagnosticCode::BadPattern, span, problem.to_string());
            return;
        };
        let (problem, at) = match &**error {
            regex_syntax::Error::Parse(error) => {
                (error.kind().to_string(), error.span().start.offset..error.span().end.offset)
            }
            regex_syntax::Error::Translate(error) => {
                (error.kind().to_string(), error.span().start.offset..error.span().end.offset)
            }
            _ => ("it cannot be read".to_owned(), 0..text.len()),
        };
        let source = self.sink.source().get(span.range()).unwrap_or_default();
        // Only where the text stands as it is, without escapes, are the places the same.
        let place = match source.find(text) {
            Some(before) if !text.is_empty() => {
                let start = span.start as usize + before;
                Span::new(start + at.start, start + at.end.max(at.start + 1).min(text.len()))
            }
            _ => span,
        };
        let needs_memory = problem.starts_with("look-around") || problem.starts_with("backreferences");
        let message = format!("{:?} is no regular expression: {problem}", shown(text));
        let diagnostic = self.sink.error(DiagnosticCode::BadPattern, place, message);
        if needs_memory {
            diagnostic.help(
                "patterns take linear time, which this does not allow; join two conditions with `and` and `not` instead",
            );
        }
    }
}
