//! What is refused because it costs too much, at the part of the text to blame.

use std::collections::BTreeSet;

use super::report::grouped;
use super::steps::{self, FunctionCost};
use super::{RuleParts, rule_parts};
use crate::diagnostic::{DiagnosticCode, Sink};
use crate::environment::Budget;
use crate::program::pattern::names_action;
use crate::syntax::ast::Span;
use crate::typed::{ActionName, Expr, ExprKind, Package, Pattern, Rule};

/// Reports the rules of a package that cost more than is allowed.
pub(crate) fn over_budget(package: &Package, budget: &Budget, sink: &mut Sink<'_>) {
    too_many_likenesses(package, sink);
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

/// How many actions the patterns with a `*` inside of a name may mean together: a rule with one is looked up by each.
pub(crate) const LIKENESSES_MAX: usize = 1 << 18;

/// How many names such patterns are compared with in a package.
const COMPARED_NAMES_MAX: usize = 1 << 24;

fn too_many_likenesses(package: &Package, sink: &mut Sink<'_>) {
    let is_like = |action: &ActionName| matches!(action, ActionName::Glob(_));
    let events = || package.rules.iter().flat_map(|rule| rule.events().map(move |event| (rule, event)));
    let exact = events().flat_map(|(_, event)| named(&event.pattern)).filter_map(|action| match action {
        ActionName::Exact(name) => Some(name.as_str()),
        ActionName::Glob(_) | ActionName::Any => None,
    });
    let names: BTreeSet<&str> = exact.chain(package.schema.actions.iter().map(|action| action.name.as_str())).collect();
    let (mut meant, mut compared) = (0, 0);
    for (rule, event) in events() {
        let likes = || named(&event.pattern).iter().filter(|action| is_like(action));
        compared += names.len() * likes().count();
        if compared <= COMPARED_NAMES_MAX {
            meant += names.iter().filter(|name| likes().any(|like| names_action(like, name))).count();
        }
        if meant > LIKENESSES_MAX || compared > COMPARED_NAMES_MAX {
            let message = format!(
                "up to here, patterns with a `*` in a name mean more than {} actions together",
                grouped(LIKENESSES_MAX as u64)
            );
            let help = "name the actions, or write `*` and ask for an effect or a label of them";
            sink.error(DiagnosticCode::OverBudget, rule.span, message).help(help);
            return;
        }
    }
}

fn named(pattern: &Pattern) -> &[ActionName] {
    match pattern {
        Pattern::Action(_, names) => names,
        _ => &[],
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
