//! What is refused because it costs too much, at the part of the text to blame.

use super::report::grouped;
use super::steps::{self, FunctionCost};
use super::{RuleParts, rule_parts};
use crate::diagnostic::{DiagnosticCode, Sink};
use crate::environment::Budget;
use crate::syntax::ast::Span;
use crate::typed::{Expr, ExprKind, Package, Rule};

/// Reports the rules of a package that cost more than is allowed.
pub(crate) fn over_budget(package: &Package, budget: &Budget, sink: &mut Sink<'_>) {
    let functions = steps::functions(&package.functions);
    let (mut bytes, mut greatest) = (0u64, None);
    for rule in &package.rules {
        let parts = RuleParts::of(rule, &functions);
        let cost = parts.cost(rule);
        if cost.steps_per_event > budget.steps_per_event_max {
            too_many_steps(rule, &parts, cost.steps_per_event, budget, &functions, sink);
        }
        for memory in &parts.memories {
            if memory.bytes_per_key > budget.bytes_per_key_max {
                let message = format!(
                    "`{}` may remember {} bytes for each key; {} are allowed",
                    rule.name,
                    grouped(memory.bytes_per_key),
                    grouped(budget.bytes_per_key_max)
                );
                let help = "say `max N events` with a smaller number, or compare fewer texts with the trigger";
                sink.error(DiagnosticCode::OverBudget, memory.span, message).label("so much for one key").help(help);
            }
            if greatest.is_none_or(|(_, most)| memory.bytes_per_run() > most) {
                greatest = Some((memory.span, memory.bytes_per_run()));
            }
        }
        bytes = bytes.saturating_add(cost.bytes_per_run);
    }
    if let Some((span, most)) = greatest.filter(|_| bytes > budget.bytes_per_run_max) {
        let message = format!(
            "the rules of `{}` may remember {} bytes for each run; {} are allowed",
            package.name,
            grouped(bytes),
            grouped(budget.bytes_per_run_max)
        );
        let label = format!("{} of them", grouped(most));
        let help = "keep less of past events: compare fewer of their texts with the trigger, and name fewer in the message";
        sink.error(DiagnosticCode::OverBudget, span, message).label(label).help(help);
    }
}

fn too_many_steps(
    rule: &Rule,
    parts: &RuleParts,
    steps: u64,
    budget: &Budget,
    functions: &[FunctionCost],
    sink: &mut Sink<'_>,
) {
    let most = parts.steps.iter().max_by_key(|(_, cost)| cost.steps);
    let (span, share) = most.map_or((rule.span, steps), |(span, cost)| (*span, cost.steps));
    // The loop in that part that most of it goes to; else the part as a whole.
    let blamed = rule_parts(rule)
        .filter(|part| part.span.start >= span.start && part.span.end <= span.end)
        .max_by_key(|part| steps::expr(part, functions).steps)
        .and_then(|part| dearest_loop(part, functions));
    let message = format!(
        "`{}` may take {} steps for one event; {} are allowed",
        rule.name,
        grouped(steps),
        grouped(budget.steps_per_event_max)
    );
    let label = match blamed {
        Some(_) => "this is done for each item of a list, up to 1,024 times".to_owned(),
        None => format!("up to {} of them", grouped(share)),
    };
    let help =
        "look at fewer past events or items: ask first what is about the past event alone, and put no loop into another";
    sink.error(DiagnosticCode::OverBudget, blamed.unwrap_or(span), message).label(label).help(help);
}

/// The innermost quantifier that half of an expression's steps go to.
fn dearest_loop(expr: &Expr, functions: &[FunctionCost]) -> Option<Span> {
    let own = steps::expr(expr, functions).steps;
    let dearest = expr.children().into_iter().max_by_key(|child| {
        let times = if is_body(expr, child) { loop_items(expr) } else { 1 };
        steps::expr(child, functions).steps.saturating_mul(times)
    });
    let inner = dearest.filter(|child| {
        let times = if is_body(expr, child) { loop_items(expr) } else { 1 };
        steps::expr(child, functions).steps.saturating_mul(times) >= own / 2
    });
    let is_loop = matches!(expr.kind, ExprKind::Quantified { .. }) && loop_items(expr) > 16;
    inner.and_then(|child| dearest_loop(child, functions)).or(is_loop.then_some(expr.span))
}

fn is_body(expr: &Expr, child: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Quantified { body, .. } if std::ptr::eq(&**body, child))
}

fn loop_items(expr: &Expr) -> u64 {
    match &expr.kind {
        ExprKind::Quantified { domain, .. } => steps::items_of(domain),
        _ => 1,
    }
}
