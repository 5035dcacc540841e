//! `c.params derives_from w.result`

use super::{Operands, mistake, path};
use crate::check::scope::{Scope, ScopeKind};
use crate::check::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::BinaryOp;
use crate::typed::{Expr, ExprKind, Slot};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn derives_from(&mut self, scope: &mut Scope, parts: &Operands<'_>) -> Expr {
        let value = self.expr(scope, parts.left, None);
        let source = self.expr(scope, parts.right, None);
        if value.ty == Type::Error || source.ty == Type::Error {
            return mistake(parts.span);
        }
        if !matches!(scope.kind, ScopeKind::Rule { .. }) {
            let message = "`derives_from` asks about a past event, so it stands in a clause of a rule";
            self.sink
                .error(DiagnosticCode::FlowSource, parts.op_span, message)
                .help("hand its outcome on: `f(c.params derives_from w.result)`");
            return mistake(parts.span);
        }
        for side in [&value, &source] {
            let ty = side.ty.required();
            let has_text = ty.is_textual() || matches!(ty, Type::Any | Type::Record(_) | Type::List(_) | Type::Set(_));
            if !has_text {
                let message =
                    format!("`derives_from` compares texts, and `{}` is {}", self.quote(side.span), suggest::a(ty));
                self.sink.error(DiagnosticCode::TypeMismatch, side.span, message);
                return mistake(parts.span);
            }
        }
        let source = without_cast(source);
        let help = "on its right stands a value of a past event: `after w: response(*) where c.params derives_from w.result within run`";
        match source_slot(&source) {
            Some(slot) if slot != Slot::TRIGGER => {}
            Some(_) if path::root_slot(&value).is_some_and(|slot| slot != Slot::TRIGGER) => {
                let (left, right) = (self.quote(value.span), self.quote(source.span));
                let fix = format!("{} derives_from {}", self.written(source.span), self.written(value.span));
                let message = format!("`{right}` is of the trigger, which comes after `{left}`");
                self.sink
                    .error(DiagnosticCode::FlowSource, parts.span, message)
                    .help(format!("the other way round: `{right} derives_from {left}`"))
                    .fix(parts.span, fix);
                return mistake(parts.span);
            }
            Some(_) => {
                let message = format!(
                    "`{}` is of the trigger itself, and text comes from an event before it",
                    self.quote(source.span)
                );
                self.sink.error(DiagnosticCode::FlowSource, source.span, message).help(help);
                return mistake(parts.span);
            }
            None => {
                let message = format!("text comes from an event, and `{}` is no part of one", self.quote(source.span));
                self.sink.error(DiagnosticCode::FlowSource, source.span, message).help(help);
                return mistake(parts.span);
            }
        }
        debug_assert_eq!(parts.op, BinaryOp::DerivesFrom);
        scope.has_flow = true;
        let kind = ExprKind::DerivesFrom { value: Box::new(value), source: Box::new(source) };
        Expr { kind, ty: Type::Bool, span: parts.span }
    }
}

/// The event that a source is a part of; `w.result ?? w.error` is one of `w`.
fn source_slot(source: &Expr) -> Option<Slot> {
    match &source.kind {
        ExprKind::Binary { op: BinaryOp::Else, left, right } => {
            source_slot(left).filter(|slot| source_slot(right) == Some(*slot))
        }
        ExprKind::Cast(inner) => source_slot(inner),
        _ => path::root_slot(source),
    }
}

/// The path itself: as which type its text is read makes no difference.
pub(super) fn without_cast(expr: Expr) -> Expr {
    match expr.kind {
        ExprKind::Cast(inner) => without_cast(*inner),
        _ => expr,
    }
}
