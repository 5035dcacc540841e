//! `cycle(KEY where …) >= N within W`: the last events repeat themselves.

use super::canonical;
use super::scope::Scope;
use super::walk::bare;
use super::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, BinaryOp, ExprKind as Written, Span};
use crate::typed::{Const, Cycle, Expr, ExprKind, Pattern};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn cycle(&mut self, scope: &mut Scope, cycle: &ast::Cycle, span: Span, trigger: &Pattern) -> Option<Cycle> {
        let errors = self.sink.errors();
        if *trigger == Pattern::RunEnd {
            let message = "a cycle is of the events that trigger the rule, and `run_end` is none";
            self.sink.error(DiagnosticCode::Cycle, span, message);
            return None;
        }
        scope.has_cycle = true;
        let key = self.expr(scope, &cycle.key, None);
        let mut same = vec![self.repeated(key)];
        if let Some(condition) = &cycle.condition {
            self.same_as_before(scope, condition, &mut same);
        }
        if !matches!(cycle.comparison, BinaryOp::Greater | BinaryOp::GreaterEqual) {
            let message = format!("a cycle is asked for with `>=` or `>`, not with `{}`", cycle.comparison.as_str());
            self.sink.error(DiagnosticCode::Cycle, cycle.comparison_span, message).fix(cycle.comparison_span, ">=");
        }
        let bound = self.expr(scope, &cycle.bound, Some(&Type::Int));
        let least = if cycle.comparison == BinaryOp::Greater { 1 } else { 2 };
        match (&bound.kind, &bound.ty) {
            (_, Type::Error) => {}
            (ExprKind::Const(Const::Number(number)), Type::Int) if *number >= least.into() && *number <= 1_000.into() => {}
            _ => {
                let quoted = self.quote(bound.span);
                let message =
                    format!("a cycle is asked for with a number of repetitions from 2 to 1000, not with `{quoted}`");
                self.sink
                    .error(DiagnosticCode::Cycle, bound.span, message)
                    .help("`>= 3` means three times the same in a row");
            }
        }
        let window = self.window(cycle.window.as_ref(), span, "cycle");
        if self.sink.errors() > errors {
            return None;
        }
        Some(Cycle { same, comparison: cycle.comparison, bound, window })
    }

    fn repeated(&mut self, value: Expr) -> Expr {
        if let Type::Detection | Type::Pattern(_) = value.ty.required() {
            let message =
                format!("`{}` is {}, which cannot be compared", self.quote(value.span), suggest::a(value.ty.required()));
            self.sink.error(DiagnosticCode::Cycle, value.span, message);
        }
        value
    }

    /// `c.PATH == prev.PATH and …`
    fn same_as_before(&mut self, scope: &mut Scope, condition: &ast::Expr, same: &mut Vec<Expr>) {
        let condition = bare(condition);
        let (left, right) = match &condition.kind {
            Written::Binary { op: BinaryOp::And, left, right, .. } => {
                self.same_as_before(scope, left, same);
                self.same_as_before(scope, right, same);
                return;
            }
            Written::Binary { op: BinaryOp::Equal, left, right, .. } => (left, right),
            Written::Error => return,
            _ => {
                self.no_repetition(condition.span);
                return;
            }
        };
        let (own, before) = match (starts_with_previous(left), starts_with_previous(right)) {
            (false, true) => (left, right),
            (true, false) => (right, left),
            _ => {
                self.no_repetition(condition.span);
                return;
            }
        };
        let own = self.expr(scope, own, None);
        scope.has_previous = true;
        let before = self.expr(scope, before, None);
        scope.has_previous = false;
        if own.ty == Type::Error || before.ty == Type::Error {
            return;
        }
        // `prev` stands for the trigger's slot, so that the same path gives the same expression.
        if canonical::text(&own) != canonical::text(&before) {
            let (own, before) = (self.quote(own.span), self.quote(before.span));
            let message = format!("`{own}` and `{before}` are two different paths");
            self.sink
                .error(DiagnosticCode::Cycle, condition.span, message)
                .help("a cycle compares the same path of the event and of the one a period before it");
            return;
        }
        same.push(self.repeated(own));
    }

    fn no_repetition(&mut self, span: Span) {
        let message =
            format!("the condition of a cycle says what is the same each time, and `{}` does not", self.quote(span));
        self.sink
            .error(DiagnosticCode::Cycle, span, message)
            .help("write `c.params == prev.params`, joined by `and`; what the events must be stands in the rule's `where`");
    }
}

fn starts_with_previous(expr: &ast::Expr) -> bool {
    let mut root = bare(expr);
    loop {
        match &root.kind {
            Written::Field { base, .. } | Written::Index { base, .. } => root = bare(base),
            Written::Cast { value, .. } => root = bare(value),
            Written::Name(name) => return name == "prev",
            _ => return false,
        }
    }
}
