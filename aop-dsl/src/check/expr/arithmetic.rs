//! `+ - * / %`

use super::{Operands, constant, literal, mistake, types};
use crate::check::scope::Scope;
use crate::check::{Checker, fold, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, BinaryOp, Span};
use crate::typed::{Expr, ExprKind};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn arithmetic(&mut self, scope: &mut Scope, parts: &Operands<'_>, expected: Option<&Type>) -> Expr {
        let Operands { op, left, right, span, .. } = *parts;
        // A factor of a duration is a number, whatever the result should be.
        let expected = expected.map(Type::required).filter(|ty| **ty == Type::Float).cloned();
        let left_first = !literal::is_literal(left) || literal::is_literal(right);
        let (left, right) = if left_first {
            let left = self.expr(scope, left, expected.as_ref());
            let wanted = as_double(&left.ty).or(expected);
            let right = self.expr(scope, right, wanted.as_ref());
            (left, right)
        } else {
            let right = self.expr(scope, right, expected.as_ref());
            let wanted = as_double(&right.ty).or(expected);
            let left = self.expr(scope, left, wanted.as_ref());
            (left, right)
        };
        if left.ty == Type::Error || right.ty == Type::Error {
            return mistake(span);
        }
        for (any, other) in [(&left, &right), (&right, &left)] {
            if *any.ty.required() == Type::Any {
                let target = if *other.ty.required() == Type::Any { Type::Int } else { other.ty.required().clone() };
                self.untyped(any, &format!("`{}` needs to know what it is", op.as_str()), &target);
                return mistake(span);
            }
        }
        let Some(ty) = result(op, left.ty.required(), right.ty.required()) else {
            return self.no_arithmetic(&left, &right, parts);
        };
        let optional = left.ty.is_optional() || right.ty.is_optional();
        let ty = if optional { ty.optional() } else { ty };
        self.folded(op, left, right, ty, span)
    }

    fn no_arithmetic(&mut self, left: &Expr, right: &Expr, parts: &Operands<'_>) -> Expr {
        let (a, b) = (left.ty.required(), right.ty.required());
        let verb = match parts.op {
            BinaryOp::Add => "added up",
            BinaryOp::Subtract => "subtracted",
            BinaryOp::Multiply => "multiplied",
            _ => "divided",
        };
        let message = format!(
            "`{}` is {}, and `{}` is {}; they cannot be {verb}",
            self.quote(left.span),
            suggest::a(a),
            self.quote(right.span),
            suggest::a(b)
        );
        let mixed = |ty: &Type| *ty == Type::Float || types::is_number(ty);
        let help = match (a, b) {
            _ if mixed(a) && mixed(b) && (*a == Type::Float) != (*b == Type::Float) => {
                Some("a `float` is not exact, so the conversion is written out: `x as float`")
            }
            (Type::Duration | Type::Time, number) | (number, Type::Duration | Type::Time) if types::is_number(number) => {
                Some("a duration has a unit: `10s`, `5m`")
            }
            (Type::String | Type::Code(_), _) | (_, Type::String | Type::Code(_)) => {
                Some("a text is put together in a message: `\"{x} of {y}\"`; else write `x as string`")
            }
            _ => None,
        };
        let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, parts.op_span, message);
        if let Some(help) = help {
            diagnostic.help(help);
        }
        mistake(parts.span)
    }

    pub(super) fn negate(&mut self, scope: &mut Scope, inner: &ast::Expr, expected: Option<&Type>, span: Span) -> Expr {
        let value = self.expr(scope, inner, expected);
        let ty = value.ty.clone();
        match ty.required() {
            Type::Error => mistake(span),
            Type::Int | Type::Decimal | Type::Float | Type::Duration => match fold::negate(&value) {
                Some(known) => constant(known, ty, span),
                None => Expr { kind: ExprKind::Negate(Box::new(value)), ty, span },
            },
            Type::Any => {
                self.untyped(&value, "`-` needs a number", &Type::Int);
                mistake(span)
            }
            other => {
                let message = format!("`-` needs a number, and `{}` is {}", self.quote(value.span), suggest::a(other));
                let is_bool = *other == Type::Bool;
                let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, span, message);
                if is_bool {
                    diagnostic.help("write `not` for the opposite of a condition");
                }
                mistake(span)
            }
        }
    }
}

/// A number that is written beside a double is one.
fn as_double(ty: &Type) -> Option<Type> {
    (*ty.required() == Type::Float).then_some(Type::Float)
}

/// The type of the result.
fn result(op: BinaryOp, left: &Type, right: &Type) -> Option<Type> {
    use BinaryOp::{Add, Divide, Multiply, Remainder, Subtract};
    let number = types::is_number;
    Some(match (op, left, right) {
        (Add | Subtract | Multiply | Divide | Remainder, Type::Int, Type::Int) => Type::Int,
        (Add | Subtract | Multiply | Divide | Remainder, a, b) if number(a) && number(b) => Type::Decimal,
        (Add | Subtract | Multiply | Divide, Type::Float, Type::Float) => Type::Float,
        (Add | Subtract, Type::Duration, Type::Duration) => Type::Duration,
        (Multiply, Type::Duration, b) if number(b) => Type::Duration,
        (Multiply, a, Type::Duration) if number(a) => Type::Duration,
        (Divide, Type::Duration, b) if number(b) => Type::Duration,
        (Divide, Type::Duration, Type::Duration) => Type::Decimal,
        (Subtract, Type::Time, Type::Time) => Type::Duration,
        (Add | Subtract, Type::Time, Type::Duration) => Type::Time,
        (Add, Type::Duration, Type::Time) => Type::Time,
        (Add | Subtract, Type::Size, Type::Size) => Type::Size,
        (Multiply, Type::Size, b) if number(b) => Type::Size,
        (Multiply, a, Type::Size) if number(a) => Type::Size,
        (Divide, Type::Size, b) if number(b) => Type::Size,
        (Divide, Type::Size, Type::Size) => Type::Decimal,
        (Add, a, b) if a.is_textual() && b.is_textual() => Type::String,
        _ => return None,
    })
}
