//! `undeclared-passes`: a rule that refuses by effects or labels, which an action has only when a schema declares it.
//!
//! One rule about `c.declared` is enough for all policies that are loaded together, so the warning waits until all are known
//! ([`warn`]).

use super::conditions;
use crate::check::{Checked, annotations::Allowed, canonical};
use crate::diagnostic::{DiagnosticCode, Sink};
use crate::syntax::ast::{BinaryOp, Span};
use crate::typed::{ActionName, EventField, Expr, ExprKind, Pattern, Rule, Slot, Undeclared};

/// What the rules of a package make of actions that no schema declares.
pub(in crate::check) fn undeclared(rules: &[Checked<Rule>]) -> Undeclared {
    let mut found = Undeclared::default();
    for Checked { typed: rule, allowed } in rules {
        canonical::visit_rule(rule, &mut |expr| found.is_asked |= asks_declared(expr));
        if found.passes.is_none() && !rule.effect().accepts() && !is_known(allowed) {
            found.passes = passes(rule);
        }
    }
    found
}

fn is_known(allowed: &Allowed) -> bool {
    allowed.has(DiagnosticCode::UndeclaredPasses)
}

/// Says so of a policy that lets undeclared actions pass, when no policy asks for them.
pub(crate) fn warn(undeclared: &Undeclared, sink: &mut Sink<'_>) {
    let Some((span, field)) = undeclared.passes else { return };
    let (whose, words) = if field == EventField::Labels { ("a result of", "labels") } else { ("a request for", "effects") };
    let message = format!("{whose} an action that no schema declares has no {words}, so this rule lets it pass");
    sink.warning(DiagnosticCode::UndeclaredPasses, span, message)
        .help("say what is to happen then: add `or not c.declared`, or a rule `on c: request(*) where not c.declared`");
}

fn asks_declared(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Event { field: EventField::Declared, .. })
}

/// Where the rule first asks for words that an undeclared action has not, so that the rule does not fire.
fn passes(rule: &Rule) -> Option<(Span, EventField)> {
    let open: Vec<Slot> = rule.events().filter(|event| takes_any(&event.pattern)).map(|event| event.slot).collect();
    conditions(rule).into_iter().find_map(|(condition, sense)| {
        let mut rest = vec![(condition, sense.negated)];
        while let Some((expr, negated)) = rest.pop() {
            match &expr.kind {
                ExprKind::Not(inner) => rest.push((inner, !negated)),
                ExprKind::Binary { op, left, right } => {
                    let set = match op {
                        BinaryOp::In => right,
                        BinaryOp::Contains => left,
                        _ => {
                            rest.extend([(&**right, negated), (&**left, negated)]);
                            continue;
                        }
                    };
                    if let ExprKind::Event { slot, of_request: _, field: field @ (EventField::Effects | EventField::Labels) } =
                        set.kind
                        && open.contains(&slot)
                        && !negated
                    {
                        return Some((set.span, field));
                    }
                }
                _ => rest.extend(expr.children().into_iter().rev().map(|part| (part, negated))),
            }
        }
        None
    })
}

/// Whether an action that nobody declares may be meant.
fn takes_any(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Action(_, names) => names.iter().any(|name| !matches!(name, ActionName::Exact(_))),
        _ => false,
    }
}
