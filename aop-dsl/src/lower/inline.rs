//! Calls of small functions become their bodies, so that what a function asks can be shared, indexed and split like anything else.

use std::collections::HashMap;

use super::walk::{children_mut, is_path, size};
use crate::typed::{Expr, ExprKind, Function, Local};

/// Bodies of at most so many parts are written out.
const INLINED_MAX: usize = 200;

/// The functions of a package.
pub(super) struct Functions {
    /// With the calls of functions before them written out where they are small.
    bodies: Vec<Body>,
}

struct Body {
    params: usize,
    body: Expr,
    is_small: bool,
}

impl Functions {
    pub(super) fn new(functions: &[Function]) -> Self {
        let mut known = Self { bodies: Vec::with_capacity(functions.len()) };
        for function in functions {
            let mut fresh = u16::try_from(function.locals).unwrap_or(u16::MAX);
            let body = known.inlined(&function.body, &mut fresh);
            let is_small = size(&body) <= INLINED_MAX;
            known.bodies.push(Body { params: function.params.len(), body, is_small });
        }
        known
    }

    /// Each function's number of parameters and body.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (usize, &Expr)> {
        self.bodies.iter().map(|body| (body.params, &body.body))
    }

    /// The expression with small functions written out; `fresh` is the first local that is free.
    pub(super) fn inlined(&self, expr: &Expr, fresh: &mut u16) -> Expr {
        let mut expr = expr.clone();
        self.inline(&mut expr, fresh);
        expr
    }

    fn inline(&self, expr: &mut Expr, fresh: &mut u16) {
        for child in children_mut(expr) {
            self.inline(child, fresh);
        }
        let ExprKind::Call { function, arguments } = &mut expr.kind else { return };
        let Some(function) = self.bodies.get(function.0 as usize) else { return };
        let is_simple = arguments.len() == function.params && arguments.iter().all(is_path);
        if !function.is_small || !is_simple || *fresh > u16::MAX - INLINED_MAX as u16 {
            return;
        }
        let mut locals: HashMap<Local, Expr> = HashMap::new();
        for (place, argument) in std::mem::take(arguments).into_iter().enumerate() {
            locals.insert(Local(place as u16), argument);
        }
        let (span, mut body) = (expr.span, function.body.clone());
        substitute(&mut body, &mut locals, fresh);
        // Its place is where it is called; the type is the function's.
        *expr = Expr { span, ..body };
    }
}

/// Puts arguments in the place of parameters, and fresh locals in the place of quantifier variables.
fn substitute(expr: &mut Expr, locals: &mut HashMap<Local, Expr>, fresh: &mut u16) {
    if let ExprKind::Quantified { variable, .. } = &mut expr.kind {
        let renamed = Local(*fresh);
        *fresh += 1;
        let stands_for = Expr { kind: ExprKind::Local(renamed), ty: crate::types::Type::Any, span: expr.span };
        locals.insert(*variable, stands_for);
        *variable = renamed;
    }
    if let ExprKind::Local(local) = &expr.kind {
        if let Some(argument) = locals.get(local) {
            let ty = expr.ty.clone();
            *expr = argument.clone();
            if let ExprKind::Local(_) = expr.kind {
                expr.ty = ty;
            }
        }
        return;
    }
    for child in children_mut(expr) {
        substitute(child, locals, fresh);
    }
}
