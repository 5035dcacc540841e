//! Every part of an expression of the syntax tree.

use crate::syntax::ast::{Expr, ExprKind};

/// Calls `visit` with the expression and all that it is made of, from the outside in.
pub(super) fn walk<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    let mut rest = vec![expr];
    while let Some(expr) = rest.pop() {
        visit(expr);
        match &expr.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Decimal(_)
            | ExprKind::Text(_)
            | ExprKind::Duration { .. }
            | ExprKind::Size { .. }
            | ExprKind::Tagged { .. }
            | ExprKind::Name(_)
            | ExprKind::Error => {}
            ExprKind::List(items) => rest.extend(items.iter().rev()),
            ExprKind::Field { base, .. } => rest.push(base),
            ExprKind::Index { base, index } => rest.extend([&**index, &**base]),
            ExprKind::Call { callee, arguments } => {
                rest.extend(arguments.iter().rev().map(|argument| &argument.value));
                rest.push(callee);
            }
            ExprKind::Cast { value, .. } | ExprKind::Is { value, .. } => rest.push(value),
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) | ExprKind::Group(inner) => {
                rest.push(inner)
            }
            ExprKind::Binary { left, right, .. } => rest.extend([&**right, &**left]),
            ExprKind::Quantified { domain, body, .. } => rest.extend([&**body, &**domain]),
        }
    }
}

/// The expression without the parentheses around it.
pub(super) fn bare(mut expr: &Expr) -> &Expr {
    while let ExprKind::Group(inner) = &expr.kind {
        expr = inner;
    }
    expr
}
