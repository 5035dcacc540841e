//! The values of a clause's paths, for explanations.

use super::context::Context;
use super::event;
use super::probe::{Probe, ValueSeen};
use crate::program::Rule;
use crate::typed::{self, ClauseKind, Expr, ExprKind, Slot};
use crate::value::{self, Gap, Outcome, Value, show};

/// The values of the paths of the current event that stand in a clause, or in the trigger's condition.
pub(super) fn values<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    rule: &'e Rule,
    clause: Option<usize>,
) -> Vec<ValueSeen> {
    let Some(typed) = rule.package.rules.get(rule.index) else { return Vec::new() };
    let mut exprs = Vec::new();
    match clause.map(|at| &typed.clauses[at].kind) {
        None => exprs.push(&typed.trigger.condition),
        Some(ClauseKind::Condition(condition)) => exprs.push(condition),
        Some(ClauseKind::After { event, .. } | ClauseKind::Without { event, .. } | ClauseKind::Expect { event, .. }) => {
            exprs.push(&event.condition);
        }
        Some(ClauseKind::Seq { steps, .. }) => exprs.extend(steps.iter().map(|step| &step.condition)),
        Some(ClauseKind::Aggregate(aggregate)) => {
            exprs.extend([&aggregate.event.condition, &aggregate.bound]);
            exprs.extend(aggregate.by.iter().map(|key| &key.of_trigger));
        }
        Some(ClauseKind::Cycle(cycle)) => exprs.extend(&cycle.same),
    }
    let mut seen = Vec::new();
    exprs.into_iter().for_each(|expr| collect(context, expr, &mut seen));
    seen.dedup_by(|a, b| a.span == b.span);
    seen
}

fn collect<'e, P: Probe>(context: &mut Context<'e, '_, P>, expr: &'e Expr, seen: &mut Vec<ValueSeen>) {
    if let Some(outcome) = path(context, expr) {
        let place = match &outcome {
            Ok(Value::Json(json)) => Some(*json),
            _ => place(context, expr),
        };
        let shown = match &outcome {
            Ok(value) => show(value),
            Err(Gap::Absent) => "absent".to_owned(),
            Err(Gap::Unknown(reason)) => super::unknown::of_reason(*reason, None, None),
        };
        seen.push(ValueSeen { span: expr.span, shown, pointer: place.map(|json| json.pointer()) });
        return;
    }
    for child in crate::lower::children(expr) {
        collect(context, child, seen);
    }
}

/// The value of a path below a field of the current event; nothing for other expressions.
fn path<'e, P: Probe>(context: &mut Context<'e, '_, P>, expr: &'e Expr) -> Option<Outcome<'e>> {
    match &expr.kind {
        ExprKind::Event { slot: Slot::TRIGGER, of_request: false, field } => {
            use typed::EventField::{Action, Declared, Effects, Labels};
            match field {
                Action => Some(context.current.action.clone().map(Value::Text).ok_or(Gap::Absent)),
                Effects | Labels | Declared => None,
                _ => Some(event::field(context.current, *field, &expr.ty)),
            }
        }
        ExprKind::Field { base, name, .. } => {
            let base = path(context, base)?;
            Some(base.and_then(|base| value::field(&base, name, &expr.ty)))
        }
        _ => None,
    }
}

/// Where it stands in the event.
fn place<'e, P: Probe>(context: &Context<'e, '_, P>, expr: &Expr) -> Option<aop_toon::Value<'e>> {
    match &expr.kind {
        ExprKind::Event { slot: Slot::TRIGGER, of_request: false, field } => event::place(context.current, *field),
        ExprKind::Field { base, name, .. } => place(context, base)?.get(name),
        _ => None,
    }
}
