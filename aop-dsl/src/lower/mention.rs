//! What an expression is about: which events, and whether it needs a quantifier's variable from outside.

use crate::typed::{Expr, ExprKind, Global, Local, Slot};

/// The events that an expression speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// None: it is known beforehand.
    Nothing,
    /// This one alone.
    One(Slot),
    /// Several.
    Several,
}

impl About {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, about) | (about, Self::Nothing) => about,
            (Self::One(one), Self::One(other)) if one == other => self,
            _ => Self::Several,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) about: About,
    /// It has variables that are bound outside of it.
    pub(crate) is_open: bool,
}

/// What an expression is about. The clock and the run's counts are those at the trigger, so they are about the trigger.
pub(crate) fn mention(expr: &Expr) -> Mention {
    let mut bound = Vec::new();
    mention_within(expr, &mut bound)
}

fn mention_within(expr: &Expr, bound: &mut Vec<Local>) -> Mention {
    let of = |about| Mention { about, is_open: false };
    match &expr.kind {
        ExprKind::Event { slot, .. } => of(About::One(*slot)),
        ExprKind::Global(Global::RunStatus | Global::RunId | Global::RunMeta | Global::RunsCount) => of(About::Nothing),
        ExprKind::Global(_) => of(About::One(Slot::TRIGGER)),
        ExprKind::Local(local) => Mention { about: About::Nothing, is_open: !bound.contains(local) },
        ExprKind::Quantified { variable, domain, body, .. } => {
            let domain = mention_within(domain, bound);
            bound.push(*variable);
            let body = mention_within(body, bound);
            bound.pop();
            both(domain, body)
        }
        _ => expr.children().into_iter().map(|child| mention_within(child, bound)).fold(of(About::Nothing), both),
    }
}

fn both(one: Mention, other: Mention) -> Mention {
    Mention { about: one.about.and(other.about), is_open: one.is_open || other.is_open }
}

/// Whether an expression speaks of an event beside these two.
pub(super) fn speaks_of_others(expr: &Expr, one: Slot, other: Slot) -> bool {
    match &expr.kind {
        ExprKind::Event { slot, .. } => *slot != one && *slot != other,
        _ => expr.children().into_iter().any(|child| speaks_of_others(child, one, other)),
    }
}

/// The parts of a conjunction.
pub(crate) fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Binary { op: crate::syntax::ast::BinaryOp::And, left, right } => {
            let mut parts = conjuncts(left);
            parts.extend(conjuncts(right));
            parts
        }
        _ => vec![expr],
    }
}
