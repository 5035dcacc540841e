//! Walks over typed expressions.

use crate::typed::{Expr, ExprKind};

/// [`Expr::children`], to be changed.
pub(crate) fn children_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Event { .. } | ExprKind::Global(_) => Vec::new(),
        ExprKind::Field { base, .. } => vec![base],
        ExprKind::Index { base, index } => vec![base, index],
        ExprKind::Call { arguments, .. } => arguments.iter_mut().collect(),
        ExprKind::Builtin { arguments, .. } => arguments.iter_mut().flatten().collect(),
        ExprKind::Detect(detect) => vec![&mut detect.target],
        ExprKind::Cast(value) | ExprKind::Has(value) | ExprKind::Not(value) | ExprKind::Negate(value) => vec![value],
        ExprKind::Is { value, .. } => vec![value],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::DerivesFrom { value, source } => vec![value, source],
        ExprKind::Quantified { domain, body, .. } => vec![domain, body],
        ExprKind::List(items) => items.iter_mut().collect(),
        ExprKind::RunAggregate { value, .. } => value.iter_mut().map(|value| &mut **value).collect(),
        ExprKind::Baseline { aggregate, .. } => vec![aggregate],
    }
}

/// Makes an expression equal to the same one at another place.
pub(crate) fn forget_places(expr: &mut Expr) {
    expr.span = crate::syntax::ast::Span::default();
    children_mut(expr).into_iter().for_each(forget_places);
}

/// How many parts an expression has, itself counted.
pub(super) fn size(expr: &Expr) -> usize {
    1 + expr.children().into_iter().map(size).sum::<usize>()
}

/// Whether it is a constant, a local, or a path below a local or an event's field: writing it twice costs little.
pub(super) fn is_path(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::Event { .. } | ExprKind::Global(_) => true,
        ExprKind::Field { base, .. } => is_path(base),
        ExprKind::Index { base, index } => is_path(base) && matches!(index.kind, ExprKind::Const(_)),
        _ => false,
    }
}
