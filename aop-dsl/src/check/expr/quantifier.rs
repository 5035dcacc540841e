//! `any x in L: E`, `all x in L: E`, `count x in L: E`

use super::mistake;
use crate::check::scope::Scope;
use crate::check::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, Name, Quantifier, Span};
use crate::typed::{Expr, ExprKind};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn quantified(
        &mut self,
        scope: &mut Scope,
        quantifier: Quantifier,
        variable: &Name,
        domain: &ast::Expr,
        body: &ast::Expr,
        span: Span,
    ) -> Expr {
        let list = domain.span;
        let domain = self.expr(scope, domain, None);
        let item = self.item_type(&domain);
        let domain = self.or_empty(domain);
        let taken = scope.taken(&variable.text);
        let is_free = self.check_free(variable, taken);
        let is_known = item.is_some();
        let mark = scope.facts_mark();
        let local = scope.push_local(variable, item.unwrap_or(Type::Error));
        let body = self.condition(scope, body);
        scope.forget(mark);
        if let Some(popped) = scope.pop_item(list)
            && !popped.used
            && is_free
            && body.ty != Type::Error
        {
            let allowed = scope.allowed.clone();
            self.unused(&allowed, variable, "variable");
        }
        if !is_known || body.ty == Type::Error {
            return mistake(span);
        }
        let ty = if quantifier == Quantifier::Count { Type::Int } else { Type::Bool };
        let kind = ExprKind::Quantified { quantifier, variable: local, domain: Box::new(domain), body: Box::new(body) };
        Expr { kind, ty, span }
    }

    /// The type of what is in a list.
    fn item_type(&mut self, domain: &Expr) -> Option<Type> {
        match domain.ty.required() {
            Type::Error => None,
            Type::List(item) | Type::Set(item) => Some((**item).clone()),
            Type::Any => Some(Type::Any),
            ty => {
                let message = format!("`{}` is {}, and has no items", self.quote(domain.span), suggest::a(ty));
                let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, domain.span, message);
                diagnostic.help("`any`, `all` and `count` look at the items of a list or a set");
                None
            }
        }
    }
}
