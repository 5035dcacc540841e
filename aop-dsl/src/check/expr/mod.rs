//! Expressions: their names are resolved and their types agree.
//!
//! An expression is checked with the type that its place expects, if any: literals are read as it, so that
//! `c.params.to == "bob@acme.example"` compares addresses and a bad one is told when the policy is loaded.

mod arithmetic;
mod call;
mod compare;
mod conditions;
mod convert;
mod detect;
mod flow;
mod literal;
mod member;
mod names;
mod path;
mod quantifier;
mod run_functions;
mod types;

pub(super) use call::named;
pub(super) use detect::is_detector;
pub(crate) use literal::{NESTED_DEPTH_MAX, NESTED_ITEMS_MAX};
pub(super) use path::root_slot;
pub(super) use types::{comparable, fits};

use super::scope::Scope;
use super::{Checker, fold, suggest};
use crate::diagnostic::{Diagnostic, DiagnosticCode};
use crate::syntax::ast::{self, BinaryOp, Span};
use crate::typed::{Const, Expr, ExprKind};
use crate::types::Type;

/// An expression that could not be checked; its mistake is reported.
pub(super) fn mistake(span: Span) -> Expr {
    Expr { kind: ExprKind::Const(Const::Bool(false)), ty: Type::Error, span }
}

pub(super) fn constant(value: Const, ty: Type, span: Span) -> Expr {
    Expr { kind: ExprKind::Const(value), ty, span }
}

pub(super) fn truth(value: bool, span: Span) -> Expr {
    constant(Const::Bool(value), Type::Bool, span)
}

impl Checker<'_, '_, '_> {
    /// Checks an expression. `expected` is what literals are read as; whether the result fits is the caller's question.
    pub(super) fn expr(&mut self, scope: &mut Scope, expr: &ast::Expr, expected: Option<&Type>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Error => mistake(span),
            ast::ExprKind::Group(inner) => self.expr(scope, inner, expected),
            ast::ExprKind::Bool(_)
            | ast::ExprKind::Int(_)
            | ast::ExprKind::Decimal(_)
            | ast::ExprKind::Text(_)
            | ast::ExprKind::Duration { .. }
            | ast::ExprKind::Size { .. }
            | ast::ExprKind::Tagged { .. }
            | ast::ExprKind::List(_) => self.literal(scope, expr, expected.map(Type::required)),
            ast::ExprKind::Name(_) | ast::ExprKind::Field { .. } => {
                let place = self.place(scope, expr);
                self.value_of(scope, place, span)
            }
            ast::ExprKind::Index { base, index } => self.index(scope, expr, base, index),
            ast::ExprKind::Call { callee, arguments } => self.call(scope, callee, arguments, span),
            ast::ExprKind::Cast { value, ty } => self.cast(scope, value, ty, span),
            ast::ExprKind::Is { value, ty } => self.is(scope, value, ty, span),
            ast::ExprKind::Has(path) => self.has(scope, path, span),
            ast::ExprKind::Not(inner) => {
                let inner = self.condition(scope, inner);
                match inner.kind {
                    _ if inner.ty == Type::Error => mistake(span),
                    ExprKind::Const(Const::Bool(known)) => truth(!known, span),
                    _ => Expr { kind: ExprKind::Not(Box::new(inner)), ty: Type::Bool, span },
                }
            }
            ast::ExprKind::Negate(inner) => self.negate(scope, inner, expected, span),
            ast::ExprKind::Quantified { quantifier, variable, domain, body } => {
                self.quantified(scope, *quantifier, variable, domain, body, span)
            }
            ast::ExprKind::Binary { op, op_span, left, right } => {
                let parts = Operands { op: *op, op_span: *op_span, left, right, span };
                match op {
                    BinaryOp::Or | BinaryOp::And => self.junction(scope, *op, expr),
                    BinaryOp::DerivesFrom => self.derives_from(scope, &parts),
                    BinaryOp::Else => self.otherwise(scope, &parts, expected),
                    BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
                        self.arithmetic(scope, &parts, expected)
                    }
                    BinaryOp::In | BinaryOp::NotIn => self.membership(scope, &parts),
                    BinaryOp::Matches => self.matches(scope, &parts),
                    BinaryOp::Contains | BinaryOp::StartsWith | BinaryOp::EndsWith => self.contains(scope, &parts),
                    BinaryOp::Equal
                    | BinaryOp::NotEqual
                    | BinaryOp::Less
                    | BinaryOp::LessEqual
                    | BinaryOp::Greater
                    | BinaryOp::GreaterEqual => self.comparison(scope, &parts),
                }
            }
        }
    }

    /// The expression as this type; a mistake when it does not fit. `what` needs it: "this function's result".
    pub(super) fn fitting(&mut self, expr: Expr, target: &Type, what: &str) -> Expr {
        if fits(&expr.ty, target) {
            // A constant list keeps the type of the place, so that an int in it may be a decimal.
            let ty =
                if matches!(expr.kind, ExprKind::Const(_)) && expr.ty != Type::Error { target.clone() } else { expr.ty };
            return Expr { ty, ..expr };
        }
        let quoted = self.quote(expr.span);
        if *expr.ty.required() == Type::Any {
            self.untyped(&expr, &format!("{what} is {}", suggest::a(target)), target);
        } else if expr.ty.is_optional() && fits(expr.ty.required(), target) {
            self.absent(&expr, &format!("{what} is {}", suggest::a(target)), target);
        } else {
            let message = format!("{what} is {}, and `{quoted}` is {}", suggest::a(target), suggest::a(&expr.ty));
            let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, expr.span, message);
            if let Some(conversion) = types::conversion(&quoted, &expr.ty, target) {
                diagnostic.help(conversion);
            }
        }
        mistake(expr.span)
    }

    /// A value of unknown type where a known one is needed: `need` says why, `target` what would do.
    pub(super) fn untyped(&mut self, expr: &Expr, need: &str, target: &Type) -> &mut Diagnostic {
        let quoted = self.quote(expr.span);
        let from_actions = root_slot(expr).is_some();
        let message = format!("`{quoted}` may be of any type; {need}");
        let is_path = path::is_path(expr);
        let target = target.required();
        // What goes on behind it needs parentheses.
        let source = self.sink.source();
        let goes_on = source
            .get(expr.span.end as usize..)
            .is_some_and(|rest| rest.starts_with(['.', '?', '[']) && !rest.starts_with("??"));
        let fix = source.get(expr.span.range()).filter(|_| is_path && goes_on).map(|whole| format!("({whole} as {target})"));
        let diagnostic = self.sink.error(DiagnosticCode::Untyped, expr.span, message);
        if matches!(target, Type::Any | Type::Error) {
            return diagnostic;
        }
        let cast = if is_path { format!("{quoted} as {target}") } else { format!("({quoted}) as {target}") };
        diagnostic.help(if from_actions {
            format!("read it as what it should be, `{cast}`, or declare the action in the schema")
        } else {
            format!("read it as what it should be: `{cast}`")
        });
        match fix {
            Some(whole) => diagnostic.fix(expr.span, whole),
            None if is_path => diagnostic.fix(Span { start: expr.span.end, end: expr.span.end }, format!(" as {target}")),
            None => diagnostic,
        }
    }

    /// A value that may be absent where one must be there: `need` says why.
    pub(super) fn absent(&mut self, expr: &Expr, need: &str, target: &Type) -> &mut Diagnostic {
        let quoted = self.quote(expr.span);
        let message = format!("`{quoted}` may be absent; {need}");
        let example = types::example(target.required());
        let can_ask = path::is_path(expr);
        let diagnostic = self.sink.error(DiagnosticCode::Optional, expr.span, message);
        match (example, can_ask) {
            (Some(example), true) => diagnostic.help(format!(
                "say what counts when it is absent, `{quoted} ?? {example}`, or ask first: `has {quoted} and …`"
            )),
            (Some(example), false) => {
                diagnostic.help(format!("say what counts when it is absent: put `?? {example}` behind it"))
            }
            (None, true) => diagnostic.help(format!("ask first: `has {quoted} and …`")),
            (None, false) => diagnostic.help("say what counts when it is absent: put `??` and a value behind it"),
        }
    }

    /// The result of an operator on values that are known already is known too.
    fn folded(&mut self, op: BinaryOp, left: Expr, right: Expr, ty: Type, span: Span) -> Expr {
        match fold::binary(op, &left, &right, &ty) {
            Some(Ok(value)) => constant(value, ty, span),
            Some(Err(message)) => {
                self.sink.error(DiagnosticCode::Arithmetic, span, message);
                mistake(span)
            }
            None => Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, ty, span },
        }
    }
}

/// The parts of a binary operator.
pub(super) struct Operands<'e> {
    pub(super) op: BinaryOp,
    pub(super) op_span: Span,
    pub(super) left: &'e ast::Expr,
    pub(super) right: &'e ast::Expr,
    pub(super) span: Span,
}
