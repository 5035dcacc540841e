//! In batch rules: aggregates over the runs of the window, and what they were before it.

use super::mistake;
use crate::check::scope::{Scope, ScopeKind};
use crate::check::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{Argument, ExprKind as Written, Span};
use crate::typed::{Expr, ExprKind, RunFunction};
use crate::types::Type;

const FUNCTIONS: &[(&str, RunFunction)] = &[
    ("count", RunFunction::Count),
    ("max", RunFunction::Max),
    ("mean", RunFunction::Mean),
    ("min", RunFunction::Min),
    ("p50", RunFunction::P50),
    ("p90", RunFunction::P90),
    ("p95", RunFunction::P95),
    ("p99", RunFunction::P99),
    ("rate", RunFunction::Rate),
    ("sum", RunFunction::Sum),
];

/// What others call them.
const FOREIGN: &[(&str, &str)] =
    &[("avg", "mean"), ("average", "mean"), ("median", "p50"), ("share", "rate"), ("ratio", "rate")];

/// Whether a call of this name is about runs in a batch rule.
pub(super) fn is_run_function(name: &str) -> bool {
    name == "baseline"
        || FUNCTIONS.iter().any(|(function, _)| *function == name)
        || FOREIGN.iter().any(|(foreign, _)| *foreign == name)
}

/// The names of these functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).chain(["baseline"])
}

impl Checker<'_, '_, '_> {
    pub(super) fn run_function(
        &mut self,
        scope: &mut Scope,
        name: &str,
        name_span: Span,
        arguments: &[&Argument],
        span: Span,
    ) -> Expr {
        debug_assert_eq!(scope.kind, ScopeKind::Batch);
        if let Some((_, own)) = FOREIGN.iter().find(|(foreign, _)| *foreign == name) {
            let message = format!("there is no function `{name}`");
            self.sink
                .error(DiagnosticCode::UnknownFunction, name_span, message)
                .help(format!("write `{own}`"))
                .fix(name_span, *own);
            return mistake(span);
        }
        if scope.of_run {
            let message = format!("`{name}` is about many runs, and here one run is asked about");
            self.sink.error(DiagnosticCode::Batch, span, message).help("put it into the rule's `if`");
            return mistake(span);
        }
        if let Some(argument) = arguments.iter().find_map(|argument| argument.name.as_ref()) {
            let message = format!("`{name}` has no argument called `{}`", argument.text);
            self.sink.error(DiagnosticCode::Arguments, argument.span, message);
            return mistake(span);
        }
        if name == "baseline" {
            return self.baseline(scope, arguments, span);
        }
        let Some((_, function)) = FUNCTIONS.iter().find(|(function, _)| *function == name) else { return mistake(span) };
        let function = *function;
        let value = match arguments {
            [] if function == RunFunction::Count => None,
            [argument] => Some(&argument.value),
            _ => {
                let takes = if function == RunFunction::Count { "at most one condition" } else { "one value" };
                let message = format!("`{name}` takes {takes}, and here are {}", arguments.len());
                self.sink
                    .error(DiagnosticCode::Arguments, span, message)
                    .help(format!("write `{name}({})`", example(function)));
                return mistake(span);
            }
        };
        let Some(value) = value else {
            return Expr { kind: ExprKind::RunAggregate { function, value: None }, ty: Type::Int, span };
        };
        scope.of_run = true;
        let is_condition = matches!(function, RunFunction::Count | RunFunction::Rate);
        let value = if is_condition { self.condition(scope, value) } else { self.expr(scope, value, None) };
        scope.of_run = false;
        if value.ty == Type::Error {
            return mistake(span);
        }
        let ty = match (function, value.ty.required()) {
            (RunFunction::Count, _) => Type::Int,
            (RunFunction::Rate, _) => Type::Decimal,
            (RunFunction::Mean, Type::Int | Type::Decimal) => Type::Decimal,
            (_, ty @ (Type::Int | Type::Decimal | Type::Float | Type::Duration | Type::Size)) => ty.clone(),
            (_, Type::Any) => {
                self.untyped(&value, &format!("`{name}` needs a number"), &Type::Decimal);
                return mistake(span);
            }
            (_, other) => {
                let message = format!(
                    "`{name}` needs a number or a duration, and `{}` is {}",
                    self.quote(value.span),
                    suggest::a(other)
                );
                self.sink.error(DiagnosticCode::TypeMismatch, value.span, message);
                return mistake(span);
            }
        };
        if value.ty.is_optional() {
            self.absent(&value, &format!("`{name}` needs a value of each run"), &ty);
            return mistake(span);
        }
        Expr { kind: ExprKind::RunAggregate { function, value: Some(Box::new(value)) }, ty, span }
    }

    /// `baseline(p95(run.duration), 30d)`
    fn baseline(&mut self, scope: &mut Scope, arguments: &[&Argument], span: Span) -> Expr {
        let [aggregate, duration] = arguments else {
            let message = format!("`baseline` takes an aggregate and a duration, and here are {}", arguments.len());
            self.sink.error(DiagnosticCode::Arguments, span, message).help("write `baseline(p95(run.duration), 30d)`");
            return mistake(span);
        };
        let aggregate = self.expr(scope, &aggregate.value, None);
        if aggregate.ty == Type::Error {
            return mistake(span);
        }
        if !matches!(aggregate.kind, ExprKind::RunAggregate { .. }) {
            let message = format!("`baseline` takes an aggregate of runs, and `{}` is none", self.quote(aggregate.span));
            self.sink.error(DiagnosticCode::Batch, aggregate.span, message).help("write `baseline(p95(run.duration), 30d)`");
            return mistake(span);
        }
        let Written::Duration { micros, .. } = duration.value.kind else {
            let message =
                format!("`baseline` looks back over a duration such as `30d`, not `{}`", self.quote(duration.value.span));
            self.sink.error(DiagnosticCode::Batch, duration.value.span, message);
            return mistake(span);
        };
        if micros <= 0 {
            self.sink.error(DiagnosticCode::WindowRange, duration.value.span, "a baseline of no time has no runs");
            return mistake(span);
        }
        let ty = aggregate.ty.clone();
        Expr { kind: ExprKind::Baseline { aggregate: Box::new(aggregate), micros }, ty, span }
    }
}

fn example(function: RunFunction) -> &'static str {
    match function {
        RunFunction::Count | RunFunction::Rate => "run.errors > 0",
        _ => "run.duration",
    }
}
