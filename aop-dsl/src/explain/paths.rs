//! The values that stand in an expression: paths, as they are written.

use crate::builtins::BUILTINS;
use crate::lower::{About, mention};
use crate::syntax::ast::Span;
use crate::typed::{Expr, ExprKind, Slot};

/// A path and the event that it is of.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) slot: Slot,
    pub(super) expr: Expr,
}

impl Path {
    pub(super) fn span(&self) -> Span {
        self.expr.span
    }

    /// The part that asks detectors, if one does.
    pub(super) fn detect(&self) -> Option<&Expr> {
        let mut expr = &self.expr;
        loop {
            expr = match &expr.kind {
                ExprKind::Detect(_) => return Some(expr),
                ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => base,
                _ => return None,
            };
        }
    }
}

/// The longest paths in an expression, in the order of the text, each once. What hangs on a quantifier's variable is left out.
pub(super) fn paths(expr: &Expr) -> Vec<Path> {
    let mut found = Vec::new();
    collect(expr, &mut found);
    let mut known: Vec<Expr> = Vec::new();
    found.retain(|path: &Path| {
        let is_new = !known.iter().any(|known| is_same(known, &path.expr));
        known.push(path.expr.clone());
        is_new
    });
    found
}

fn is_same(one: &Expr, other: &Expr) -> bool {
    let (mut one, mut other) = (one.clone(), other.clone());
    crate::lower::forget_places(&mut one);
    crate::lower::forget_places(&mut other);
    one == other
}

fn collect(expr: &Expr, found: &mut Vec<Path>) {
    if is_path(expr) {
        let mention = mention(expr);
        if let (About::One(slot), false) = (mention.about, mention.is_open) {
            found.push(Path { slot, expr: expr.clone() });
            return;
        }
    }
    expr.children().into_iter().for_each(|child| collect(child, found));
}

fn is_path(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Event { .. } | ExprKind::Global(_) | ExprKind::Detect(_) => true,
        ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => is_path(base),
        ExprKind::Cast(value) => is_path(value),
        ExprKind::Builtin { builtin, arguments } => {
            let mut given = arguments.iter().flatten();
            let is_property = BUILTINS.get(*builtin).is_some_and(|builtin| builtin.property);
            is_property && given.next().is_some_and(is_path) && given.next().is_none()
        }
        _ => false,
    }
}
