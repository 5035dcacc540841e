//! Event patterns, windows and scopes: what clauses are made of.

use pest::iterators::Pair;

use super::ast::{ActionPattern, EventMatch, Name, Pattern, Span, Window, WindowKind};
use super::grammar::Rule;
use super::lowering::Lowering;
use super::quantity::{self, Quantity};
use crate::diagnostic::{DiagnosticCode, shown};

impl Lowering<'_, '_> {
    /// `w: response(get_website) where …`
    pub(super) fn event(&mut self, pair: Pair<'_, Rule>) -> EventMatch {
        let span = self.span(&pair);
        let (mut binding, mut pattern, mut condition) = (None, None, None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::binding => binding = part.into_inner().next().map(|name| self.name(&name)),
                Rule::pattern => pattern = Some(self.pattern(part)),
                Rule::condition => condition = self.condition(part),
                _ => {}
            }
        }
        EventMatch { binding, pattern: pattern.expect("the grammar has a pattern in an event"), condition, span }
    }

    fn pattern(&mut self, pair: Pair<'_, Rule>) -> Pattern {
        let span = self.span(&pair);
        let (mut kind, mut actions) = (None, None);
        for part in pair.into_inner() {
            if part.as_rule() == Rule::actions {
                let names = part.into_inner().filter(|name| name.as_rule() == Rule::action_name);
                actions = Some(names.map(|name| self.action_pattern(name)).collect());
            } else {
                kind = Some(self.name(&part));
            }
        }
        Pattern { kind: kind.expect("the grammar has a word in a pattern"), actions, span }
    }

    fn action_pattern(&mut self, pair: Pair<'_, Rule>) -> ActionPattern {
        let name = pair.into_inner().next().expect("the grammar has a name there");
        let quoted = name.as_rule() == Rule::string;
        let Name { text, span } = self.name_or_text(&name);
        ActionPattern { text, quoted, span }
    }

    /// Of a `condition`, or of another rule with one expression in it.
    pub(super) fn condition(&mut self, pair: Pair<'_, Rule>) -> Option<super::ast::Expr> {
        pair.into_inner().find(|part| part.as_rule() == Rule::expr).map(|expr| self.expr(expr))
    }

    /// `within 10m`, `within 30 events`, `within run`; `window 7d`
    pub(super) fn window(&mut self, pair: Pair<'_, Rule>) -> Option<Window> {
        let span = self.span(&pair);
        let (mut number, mut is_events) = (None, false);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::whole_run => return Some(Window { kind: WindowKind::Run, span }),
                Rule::events => is_events = true,
                Rule::number => number = Some((part.as_str().to_owned(), self.span(&part))),
                _ => {}
            }
        }
        let (written, number_span) = number?;
        let kind = self.window_kind(&written, number_span, is_events)?;
        Some(Window { kind, span })
    }

    fn window_kind(&mut self, written: &str, span: Span, is_events: bool) -> Option<WindowKind> {
        if is_events {
            return self.whole_number(written, span, "number of events").map(WindowKind::Events);
        }
        match quantity::read(written) {
            Ok(Quantity::Duration(micros)) => Some(WindowKind::Duration { micros, text: written.to_owned() }),
            Ok(Quantity::Int(_)) => {
                let message = format!("a window needs a unit: `{written}m` or `{written} events`");
                let diagnostic = self.error(DiagnosticCode::Window, span, message);
                diagnostic.help("windows are durations (ms, s, m, h, d, w), numbers of events, or `run`");
                None
            }
            Ok(_) => {
                let message = format!("`{}` is no window; write a duration, `30 events` or `run`", shown(written));
                self.error(DiagnosticCode::Window, span, message);
                None
            }
            Err(message) => {
                self.error(DiagnosticCode::Number, span, message);
                None
            }
        }
    }

    /// `per agent`
    pub(super) fn scope(&mut self, pair: Pair<'_, Rule>) -> Option<Name> {
        pair.into_inner().find(|part| part.as_rule() == Rule::word).map(|word| self.name(&word))
    }
}
