//! Which events an expression speaks of.

use std::collections::{BTreeMap, BTreeSet};

use crate::typed::{Expr, ExprKind, Global, Slot};

/// The slots of the events that an expression speaks of. The clock and the run's counts are those at the trigger.
pub(super) fn slots(expr: &Expr) -> Vec<Slot> {
    let mut slots = Vec::new();
    add_slots(expr, &mut slots);
    slots
}

fn add_slots(expr: &Expr, slots: &mut Vec<Slot>) {
    let slot = match &expr.kind {
        ExprKind::Event { slot, .. } => Some(*slot),
        ExprKind::Global(Global::RunStatus | Global::RunId | Global::RunMeta | Global::RunsCount) => None,
        ExprKind::Global(_) => Some(Slot::TRIGGER),
        _ => None,
    };
    if let Some(slot) = slot.filter(|slot| !slots.contains(slot)) {
        slots.push(slot);
    }
    expr.children().into_iter().for_each(|child| add_slots(child, slots));
}

/// The parts of a conjunction, by whether they speak of one event alone: those that can be decided when it arrives, and those
/// that wait for the trigger.
pub(super) fn split(condition: &Expr, own: Slot) -> (Vec<&Expr>, Vec<&Expr>) {
    conjuncts(condition).into_iter().partition(|part| slots(part).iter().all(|slot| *slot == own))
}

fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Binary { op: crate::syntax::ast::BinaryOp::And, left, right } => {
            let mut parts = conjuncts(left);
            parts.extend(conjuncts(right));
            parts
        }
        _ => vec![expr],
    }
}

/// What is kept of past events: the greatest parts of expressions that speak of one event alone, when they are decided later
/// than it arrives. What texts derive from is not among them.
#[derive(Default)]
pub(super) struct Kept<'e> {
    by_slot: BTreeMap<Slot, Vec<&'e Expr>>,
    /// The paths among them: one is kept once.
    paths: BTreeSet<String>,
}

impl<'e> Kept<'e> {
    pub(super) fn of(&self, slot: Slot) -> impl Iterator<Item = &'e Expr> {
        self.by_slot.get(&slot).into_iter().flatten().copied()
    }

    /// An expression that is decided when `own` arrives, which therefore is not kept; nothing when it is the trigger and a
    /// message that a duty keeps.
    pub(super) fn add(&mut self, expr: &'e Expr, own: Option<Slot>) {
        match *slots(expr) {
            [] => {}
            [only] if !has_locals(expr) => {
                if Some(only) != own && path(expr).is_none_or(|path| self.paths.insert(path)) {
                    self.by_slot.entry(only).or_default().push(expr);
                }
            }
            _ => match &expr.kind {
                ExprKind::DerivesFrom { value, .. } => self.add(value, own),
                _ => expr.children().into_iter().for_each(|child| self.add(child, own)),
            },
        }
    }
}

/// `0.params.to`, for a field of an event.
fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Event { slot, of_request, field } => Some(format!("{} {of_request} {field:?}", slot.0)),
        ExprKind::Field { base, name, .. } => Some(format!("{}.{name}", path(base)?)),
        _ => None,
    }
}

fn has_locals(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Local(_)) || expr.children().into_iter().any(has_locals)
}
