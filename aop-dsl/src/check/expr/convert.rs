//! `x as T`, `x is T`, `has x`.

use super::{mistake, truth, types};
use crate::check::scope::Scope;
use crate::check::type_expr::TypePlace;
use crate::check::walk::bare;
use crate::check::{Checker, fold, suggest};
use crate::diagnostic::{Diagnostic, DiagnosticCode};
use crate::syntax::ast::{self, Span, TypeExpr};
use crate::typed::{Expr, ExprKind};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn cast(&mut self, scope: &mut Scope, value: &ast::Expr, ty: &TypeExpr, span: Span) -> Expr {
        let target = self.type_of(ty, TypePlace::Cast);
        let value = self.expr(scope, value, None);
        if value.ty == Type::Error || target == Type::Error {
            return mistake(span);
        }
        if !types::castable(&value.ty, &target) {
            let conversion = types::conversion(&self.quote(value.span), &value.ty, &target);
            let diagnostic = self.never_is(&value, &target, span);
            if let Some(conversion) = conversion {
                diagnostic.help(conversion);
            }
            return mistake(span);
        }
        // What is absent stays absent.
        let result = if value.ty.is_optional() { target.clone().optional() } else { target };
        if value.ty == result {
            return Expr { span, ..value };
        }
        match fold::cast(&value, &result) {
            Some(Ok(known)) => super::constant(known, result, span),
            Some(Err(message)) => {
                self.sink.error(DiagnosticCode::BadLiteral, value.span, message);
                mistake(span)
            }
            None => Expr { kind: ExprKind::Cast(Box::new(value)), ty: result, span },
        }
    }

    pub(super) fn is(&mut self, scope: &mut Scope, value: &ast::Expr, ty: &TypeExpr, span: Span) -> Expr {
        let target = self.type_of(ty, TypePlace::Cast);
        let value = self.expr(scope, value, None);
        if value.ty == Type::Error || target == Type::Error {
            return mistake(span);
        }
        if !types::castable(&value.ty, &target) {
            self.never_is(&value, &target, span);
            return truth(false, span);
        }
        Expr { kind: ExprKind::Is { value: Box::new(value), ty: target.required().clone() }, ty: Type::Bool, span }
    }

    fn never_is(&mut self, value: &Expr, target: &Type, span: Span) -> &mut Diagnostic {
        let quoted = self.quote(value.span);
        let (from, to) = (suggest::a(value.ty.required()), suggest::a(target.required()));
        let message = format!("`{quoted}` is {from}, and none is ever {to}");
        self.sink.error(DiagnosticCode::TypeMismatch, span, message)
    }

    pub(super) fn has(&mut self, scope: &mut Scope, path: &ast::Expr, span: Span) -> Expr {
        let value = self.expr(scope, path, None);
        if value.ty == Type::Error {
            return mistake(span);
        }
        let is_path =
            matches!(bare(path).kind, ast::ExprKind::Name(_) | ast::ExprKind::Field { .. } | ast::ExprKind::Index { .. });
        if !is_path {
            let message = format!("`has` asks whether a field is there, and `{}` is no field", self.quote(path.span));
            self.sink.error(DiagnosticCode::TypeMismatch, path.span, message).help("write `has c.params.cwd`");
            return mistake(span);
        }
        Expr { kind: ExprKind::Has(Box::new(value)), ty: Type::Bool, span }
    }
}
