//! `window-too-long`, and `never-fires` and `always-true` of windows: one that is too short, a bound beyond what is kept.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::check::{Checked, Checker};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{BinaryOp, Span};
use crate::typed::{Aggregate, AggregateFunction, Clause, ClauseKind, Const, Expr, ExprKind, Pattern, Rule, Window};

impl Checker<'_, '_, '_> {
    pub(super) fn windows(&mut self, rule: &Checked<Rule>) {
        for clause in &rule.typed.clauses {
            self.short_window(rule, clause);
            match &clause.kind {
                ClauseKind::Aggregate(aggregate) => self.aggregate_window(rule, clause, aggregate),
                ClauseKind::Cycle(cycle) => {
                    if let (Window::Events(events), Some(bound)) = (cycle.window, number(&cycle.bound))
                        && least(cycle.comparison, bound).is_some_and(|least| least > events)
                    {
                        let message = format!("{bound} repetitions never fit into {events} events");
                        self.never(rule, clause.negated, cycle.bound.span, message);
                    }
                }
                _ => {}
            }
        }
    }

    /// `within 1 events` is the trigger alone, and `after`, `without` and `seq` look before it.
    fn short_window(&mut self, rule: &Checked<Rule>, clause: &Clause) {
        let (events, steps, word, rules_out) = match &clause.kind {
            ClauseKind::After { window: Window::Events(events), .. } => (*events, 1, "after", false),
            ClauseKind::Without { window: Window::Events(events), .. } => (*events, 1, "without", true),
            ClauseKind::Seq { window: Window::Events(events), steps, .. } => (*events, steps.len() as u64, "seq", false),
            _ => return,
        };
        if events > steps || rule.typed.trigger.pattern == Pattern::RunEnd {
            return;
        }
        let message = match events {
            1 => format!("the window of 1 event is the trigger alone, and `{word}` looks before it"),
            _ => format!("the window of {events} events has the trigger in it, and {steps} steps do not fit before it"),
        };
        let least = steps + 1;
        let (code, effect) = match clause.negated != rules_out {
            true => (DiagnosticCode::AlwaysTrue, "this clause always holds"),
            false => (DiagnosticCode::NeverFires, "this rule never fires"),
        };
        if let Some(diagnostic) = self.lint(&rule.allowed, code, clause.span, format!("{message}, so {effect}")) {
            diagnostic.help(format!("the least window in which it can be is `within {least} events`"));
        }
    }

    fn aggregate_window(&mut self, rule: &Checked<Rule>, clause: &Clause, aggregate: &Aggregate) {
        let counts = matches!(aggregate.function, AggregateFunction::Count | AggregateFunction::Distinct);
        let Aggregate { window, events_max, comparison, bound, .. } = aggregate;
        if let Window::Events(events) = window
            && aggregate.function != AggregateFunction::Count
            && events > events_max
        {
            let message = format!("the window holds {events} events, and {events_max} of them are kept");
            if let Some(diagnostic) = self.lint(&rule.allowed, DiagnosticCode::WindowTooLong, clause.span, message) {
                diagnostic.help(format!("write `max {events} events`, or a shorter window"));
            }
        }
        let Some(number) = number(bound).filter(|_| counts) else { return };
        if is_always(*comparison, number) {
            let message = format!("a number of events is always `{} {number}`", comparison.as_str());
            if let Some(diagnostic) = self.lint(&rule.allowed, DiagnosticCode::AlwaysTrue, bound.span, message) {
                diagnostic.help("`> 0` asks for at least one");
            }
            return;
        }
        if matches!(comparison, BinaryOp::Less) && number.is_zero() {
            self.never(rule, clause.negated, bound.span, "a number of events is never less than 0".to_owned());
            return;
        }
        let Some(least) = least(*comparison, number) else { return };
        if let Window::Events(events) = window
            && least > *events
        {
            let message = format!("{least} events never fit into a window of {events}");
            self.never(rule, clause.negated, bound.span, message);
        } else if aggregate.function == AggregateFunction::Distinct && least > *events_max {
            let message = format!("{least} different values are asked for, and {events_max} are kept");
            if let Some(diagnostic) = self.lint(&rule.allowed, DiagnosticCode::WindowTooLong, bound.span, message) {
                diagnostic.help(format!("write `max {least} events`"));
            }
        }
    }

    /// A clause that never holds; behind `unless` it never hinders.
    fn never(&mut self, rule: &Checked<Rule>, negated: bool, span: Span, message: String) {
        if negated {
            self.lint(&rule.allowed, DiagnosticCode::AlwaysTrue, span, format!("{message}, so this `unless` never hinders"));
        } else {
            self.lint(&rule.allowed, DiagnosticCode::NeverFires, span, format!("{message}, so this rule never fires"));
        }
    }
}

fn number(bound: &Expr) -> Option<Decimal> {
    match &bound.kind {
        ExprKind::Const(Const::Number(number)) => Some(*number),
        _ => None,
    }
}

/// The least count with which the comparison holds, when larger ones do too.
fn least(comparison: BinaryOp, bound: Decimal) -> Option<u64> {
    let whole = bound.to_u64()?;
    match comparison {
        BinaryOp::Greater => whole.checked_add(1),
        BinaryOp::GreaterEqual | BinaryOp::Equal => Some(whole),
        _ => None,
    }
}

/// Whether every number of events compares so.
fn is_always(comparison: BinaryOp, bound: Decimal) -> bool {
    match comparison {
        BinaryOp::GreaterEqual => bound <= Decimal::ZERO,
        BinaryOp::Greater => bound < Decimal::ZERO,
        _ => false,
    }
}
