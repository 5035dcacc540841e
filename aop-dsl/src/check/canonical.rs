//! Typed expressions and rules as texts without places: two are the same when their texts are.

use std::fmt::Write;

use crate::typed::{Clause, ClauseKind, Const, EventMatch, Expr, ExprKind, Rule, Slot, TemplatePart};

/// Longer lists are not written out.
const LIST_WRITTEN_MAX: usize = 64;

/// The longest text that is.
const TEXT_WRITTEN_MAX: usize = 1_024;

/// The text of an expression.
pub(super) fn text(expr: &Expr) -> String {
    let mut text = String::new();
    write_expr(&mut text, expr);
    text
}

/// Whether an expression asks about the event in a slot.
pub(super) fn mentions(expr: &Expr, slot: Slot) -> bool {
    let mut found = false;
    visit(expr, &mut |part| found |= matches!(&part.kind, ExprKind::Event { slot: own, .. } if *own == slot));
    found
}

/// Calls `see` with the expression and all that it is made of, from the outside in.
pub(super) fn visit<'e>(expr: &'e Expr, see: &mut impl FnMut(&'e Expr)) {
    let mut rest = vec![expr];
    while let Some(expr) = rest.pop() {
        see(expr);
        rest.extend(expr.children().into_iter().rev());
    }
}

/// What makes a rule fire: its trigger and its clauses.
pub(super) fn body(rule: &Rule) -> String {
    let mut text = format!("{:?}", rule.phase);
    write_event(&mut text, &rule.trigger);
    for clause in &rule.clauses {
        write_clause(&mut text, clause);
    }
    text
}

pub(super) fn write_event(text: &mut String, event: &EventMatch) {
    put(text, format_args!("\n{:?}{:?}", event.slot, event.pattern));
    write_expr(text, &event.condition);
}

fn write_clause(text: &mut String, clause: &Clause) {
    put(text, format_args!("\n{}", clause.negated));
    match &clause.kind {
        ClauseKind::Condition(condition) => write_expr(text, condition),
        ClauseKind::After { event, window, scope } => {
            put(text, format_args!("after{window:?}{scope:?}"));
            write_event(text, event);
        }
        ClauseKind::Without { event, window, scope } => {
            put(text, format_args!("without{window:?}{scope:?}"));
            write_event(text, event);
        }
        ClauseKind::Seq { steps, window, scope } => {
            put(text, format_args!("seq{window:?}{scope:?}"));
            steps.iter().for_each(|step| write_event(text, step));
        }
        ClauseKind::Expect { event, window } => {
            put(text, format_args!("expect{window:?}"));
            write_event(text, event);
        }
        ClauseKind::Aggregate(aggregate) => {
            put(
                text,
                format_args!(
                    "{:?}{:?}{:?}{:?} {} {}",
                    aggregate.function,
                    aggregate.comparison,
                    aggregate.window,
                    aggregate.scope,
                    aggregate.keys_max,
                    aggregate.events_max
                ),
            );
            write_event(text, &aggregate.event);
            aggregate.value.iter().chain([&aggregate.bound]).for_each(|expr| write_expr(text, expr));
            for key in &aggregate.by {
                write_expr(text, &key.of_event);
                write_expr(text, &key.of_trigger);
            }
        }
        ClauseKind::Cycle(cycle) => {
            put(text, format_args!("cycle{:?}{:?}", cycle.comparison, cycle.window));
            cycle.same.iter().chain([&cycle.bound]).for_each(|expr| write_expr(text, expr));
        }
    }
}

fn write_expr(text: &mut String, expr: &Expr) {
    text.push('(');
    match &expr.kind {
        ExprKind::Const(value) => write_const(text, value),
        ExprKind::Local(local) => put(text, format_args!("{local:?}")),
        ExprKind::Event { slot, of_request, field } => put(text, format_args!("{slot:?}{of_request}{field:?}")),
        ExprKind::Global(global) => put(text, format_args!("{global:?}")),
        ExprKind::Field { name, optional, .. } => put(text, format_args!("{optional}.{name}")),
        ExprKind::Index { .. } => text.push_str("[]"),
        ExprKind::Call { function, .. } => put(text, format_args!("{function:?}")),
        ExprKind::Builtin { builtin, arguments } => {
            put(text, format_args!("builtin{builtin}"));
            arguments.iter().for_each(|argument| text.push(if argument.is_some() { 'x' } else { '-' }));
        }
        ExprKind::Detect(detect) => put(text, format_args!("{:?}{:?}", detect.detector, detect.kinds)),
        ExprKind::Cast(_) => put(text, format_args!("as{:?}", expr.ty)),
        ExprKind::Is { ty, .. } => put(text, format_args!("is{ty:?}")),
        ExprKind::Has(_) => text.push_str("has"),
        ExprKind::List(_) => text.push_str("list"),
        ExprKind::Not(_) => text.push_str("not"),
        ExprKind::Negate(_) => text.push('-'),
        ExprKind::Binary { op, .. } => text.push_str(op.as_str()),
        ExprKind::DerivesFrom { .. } => text.push_str("derives"),
        ExprKind::Quantified { quantifier, variable, .. } => put(text, format_args!("{quantifier:?}{variable:?}")),
        ExprKind::RunAggregate { function, .. } => put(text, format_args!("{function:?}")),
        ExprKind::Baseline { micros, .. } => put(text, format_args!("baseline{micros}")),
    }
    for part in expr.children() {
        write_expr(text, part);
    }
    text.push(')');
}

/// Long lists and texts are `let`s that many rules share: the same one is the same.
fn write_const(text: &mut String, value: &Const) {
    match value {
        Const::List(items) if items.len() > LIST_WRITTEN_MAX => {
            put(text, format_args!("{:p}{}", items.as_ptr(), items.len()));
        }
        Const::List(items) => {
            text.push('[');
            items.iter().for_each(|item| {
                write_const(text, item);
                text.push(',');
            });
            text.push(']');
        }
        Const::Text(long) | Const::Pattern(_, long) if long.len() > TEXT_WRITTEN_MAX => {
            put(text, format_args!("{:p}{}", long.as_ptr(), long.len()));
        }
        value => put(text, format_args!("{value:?}")),
    }
}

/// Every expression of a rule.
pub(super) fn visit_rule<'r>(rule: &'r Rule, see: &mut impl FnMut(&'r Expr)) {
    visit(&rule.trigger.condition, see);
    for clause in &rule.clauses {
        visit_clause(clause, see);
    }
    for part in &rule.message.parts {
        if let TemplatePart::Value(value) = part {
            visit(value, see);
        }
    }
}

/// Every expression of a clause.
pub(super) fn visit_clause<'c>(clause: &'c Clause, see: &mut impl FnMut(&'c Expr)) {
    match &clause.kind {
        ClauseKind::Condition(condition) => visit(condition, see),
        ClauseKind::After { event, .. } | ClauseKind::Without { event, .. } | ClauseKind::Expect { event, .. } => {
            visit(&event.condition, see);
        }
        ClauseKind::Seq { steps, .. } => steps.iter().for_each(|step| visit(&step.condition, see)),
        ClauseKind::Aggregate(aggregate) => {
            visit(&aggregate.event.condition, see);
            aggregate.value.iter().chain([&aggregate.bound]).for_each(|expr| visit(expr, see));
            aggregate.by.iter().for_each(|key| visit(&key.of_event, see));
        }
        ClauseKind::Cycle(cycle) => cycle.same.iter().chain([&cycle.bound]).for_each(|expr| visit(expr, see)),
    }
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
}
