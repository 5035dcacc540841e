//! Conditions: `and`, `or`, what holds behind them, and values for what is absent.

use std::sync::Arc;

use super::{Operands, constant, mistake, path, truth, types};
use crate::check::scope::{Narrowing, Scope};
use crate::check::type_expr::TypePlace;
use crate::check::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, BinaryOp, Span};
use crate::typed::{Const, Expr, ExprKind};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    /// An expression that is true or false. An optional that is absent is false.
    pub(in crate::check) fn condition(&mut self, scope: &mut Scope, expr: &ast::Expr) -> Expr {
        let value = self.expr(scope, expr, Some(&Type::Bool));
        self.as_condition(value)
    }

    fn as_condition(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match value.ty.required() {
            Type::Error => mistake(span),
            Type::Bool if value.ty.is_optional() => {
                let (left, right) = (Box::new(value), Box::new(truth(false, span)));
                Expr { kind: ExprKind::Binary { op: BinaryOp::Else, left, right }, ty: Type::Bool, span }
            }
            Type::Bool => value,
            Type::Any => {
                self.untyped(&value, "a condition is true or false", &Type::Bool);
                mistake(span)
            }
            ty => {
                let quoted = self.quote(span);
                let message = format!("a condition is true or false, and `{quoted}` is {}", suggest::a(ty));
                let help = match ty {
                    Type::Int | Type::Decimal | Type::Float => Some(format!("compare it: `{quoted} > 0`")),
                    Type::Duration => Some(format!("compare it: `{quoted} > 0s`")),
                    Type::Detection => Some(format!("ask what was found: `{quoted}.count > 0`, `{quoted}.score >= 0.8`")),
                    Type::List(_) | Type::Set(_) => {
                        Some(format!("ask for its items: `{quoted}.length > 0`, `any x in {quoted}: …`"))
                    }
                    Type::String | Type::Code(_) | Type::Enum(_) if !value.ty.is_optional() => {
                        Some(format!("compare it: `{quoted} == \"…\"`"))
                    }
                    _ if value.ty.is_optional() => Some(format!("ask whether it is there: `has {quoted}`")),
                    _ => None,
                };
                let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, span, message);
                if let Some(help) = help {
                    diagnostic.help(help);
                }
                mistake(span)
            }
        }
    }

    /// `a and b and c`, `a or b or c`: what is learnt from one holds for those behind it.
    pub(super) fn junction(&mut self, scope: &mut Scope, op: BinaryOp, expr: &ast::Expr) -> Expr {
        let mark = scope.facts_mark();
        let operands = operands(op, expr);
        let mut result: Option<Expr> = None;
        for operand in operands {
            let right = self.condition(scope, operand);
            self.learn(scope, operand, op == BinaryOp::And);
            result = Some(match result {
                None => right,
                Some(left) if left.ty == Type::Error || right.ty == Type::Error => mistake(left.span.to(right.span)),
                Some(left) => {
                    let span = left.span.to(right.span);
                    if let (ExprKind::Const(Const::Bool(one)), ExprKind::Const(Const::Bool(other))) =
                        (&left.kind, &right.kind)
                    {
                        let known = if op == BinaryOp::And { *one && *other } else { *one || *other };
                        result = Some(truth(known, span));
                        continue;
                    }
                    Expr {
                        kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) },
                        ty: Type::Bool,
                        span,
                    }
                }
            });
        }
        scope.forget(mark);
        result.unwrap_or_else(|| mistake(expr.span))
    }

    /// What is known where a condition holds (or, with `holds` false, where it does not).
    pub(in crate::check) fn learn(&mut self, scope: &mut Scope, condition: &ast::Expr, holds: bool) {
        match &condition.kind {
            ast::ExprKind::Group(inner) => self.learn(scope, inner, holds),
            ast::ExprKind::Not(inner) => self.learn(scope, inner, !holds),
            ast::ExprKind::Has(inner) if holds => {
                if let Some(path) = path::path_text(inner) {
                    scope.learn(path, Narrowing::There);
                }
            }
            ast::ExprKind::Is { value, ty } if holds => {
                if let Some(path) = path::path_text(value) {
                    // When it is no type the same is said twice, which the sink turns into once.
                    let ty = self.type_of(ty, TypePlace::Cast);
                    scope.learn(path, Narrowing::Is(ty.required().clone()));
                }
            }
            ast::ExprKind::Binary { op, left, right, .. } => match op {
                BinaryOp::And if holds => {
                    self.learn(scope, left, true);
                    self.learn(scope, right, true);
                }
                BinaryOp::Or if !holds => {
                    self.learn(scope, left, false);
                    self.learn(scope, right, false);
                }
                // A comparison with something that is absent does not hold.
                BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::LessEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterEqual
                | BinaryOp::In
                | BinaryOp::NotIn
                | BinaryOp::Matches
                | BinaryOp::Contains
                | BinaryOp::StartsWith
                | BinaryOp::EndsWith
                    if holds =>
                {
                    for side in [left, right] {
                        if let Some(path) = path::path_text(side) {
                            scope.learn(path, Narrowing::There);
                        }
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// `x ?? y`
    pub(super) fn otherwise(&mut self, scope: &mut Scope, parts: &Operands<'_>, expected: Option<&Type>) -> Expr {
        let left = self.expr(scope, parts.left, expected);
        let wanted = if left.ty == Type::Error { expected.cloned() } else { Some(left.ty.required().clone()) };
        let right = self.expr(scope, parts.right, wanted.as_ref());
        if left.ty == Type::Error || right.ty == Type::Error {
            return mistake(parts.span);
        }
        if left.ty == Type::Any {
            let quoted = self.quote(left.span);
            let message = format!("`{quoted}` is never absent: when it is missing, it is unknown");
            let dot = match &left.kind {
                ExprKind::Field { base, name, .. } => Some((base.span.end, name.len())),
                _ => None,
            };
            let diagnostic = self.sink.error(DiagnosticCode::Optional, left.span, message);
            diagnostic.help("`?.` before the last name makes it absent instead");
            if let Some((start, length)) = dot {
                let end = left.span.end.saturating_sub(u32::try_from(length).unwrap_or(0));
                diagnostic.fix(Span { start, end }, "?.");
            }
            return mistake(parts.span);
        }
        if !left.ty.is_optional() {
            let quoted = self.quote(left.span);
            let message = format!("`{quoted}` is never absent, so what stands behind `??` is never used");
            self.lint(&scope.allowed.clone(), DiagnosticCode::AlwaysTrue, parts.op_span.to(right.span), message);
            return left;
        }
        let Some(joined) = types::joined(left.ty.required(), &right.ty) else {
            if *left.ty.required() == Type::Any {
                self.untyped(&left, &format!("the value for when it is absent is {}", suggest::a(&right.ty)), &right.ty);
            } else {
                let message = format!(
                    "`{}` is {}, and the value for when it is absent is {}",
                    self.quote(left.span),
                    suggest::a(left.ty.required()),
                    suggest::a(&right.ty)
                );
                self.sink.error(DiagnosticCode::TypeMismatch, right.span, message);
            }
            return mistake(parts.span);
        };
        let kind = ExprKind::Binary { op: BinaryOp::Else, left: Box::new(left), right: Box::new(right) };
        Expr { kind, ty: joined, span: parts.span }
    }

    /// A list that may be absent has no items then.
    pub(super) fn or_empty(&mut self, list: Expr) -> Expr {
        if !list.ty.is_optional() {
            return list;
        }
        let (ty, span) = (list.ty.required().clone(), list.span);
        let empty = constant(Const::List(Arc::from(Vec::new())), ty.clone(), span);
        let kind = ExprKind::Binary { op: BinaryOp::Else, left: Box::new(list), right: Box::new(empty) };
        Expr { kind, ty, span }
    }
}

/// The operands of a chain of the same operator.
fn operands(op: BinaryOp, expr: &ast::Expr) -> Vec<&ast::Expr> {
    let mut found = Vec::new();
    let mut rest = vec![expr];
    while let Some(expr) = rest.pop() {
        match &expr.kind {
            ast::ExprKind::Binary { op: own, left, right, .. } if *own == op => rest.extend([&**right, &**left]),
            _ => found.push(expr),
        }
    }
    found
}
