//! `batch rule`: what is said of sets of runs.

use aop_toon::Severity;

use super::scope::{Scope, ScopeKind};
use super::{Checked, Checker, canonical, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, ExprKind as Written, Item, Span, WindowKind};
use crate::typed::{self, BatchRule, Expr, ExprKind, OnUnknown};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn batch_rules(&mut self, file: &ast::File) -> Vec<Checked<BatchRule>> {
        let rules = file.items.iter().filter_map(|item| if let Item::BatchRule(rule) = item { Some(rule) } else { None });
        rules.filter_map(|rule| self.batch_rule(rule)).collect()
    }

    fn batch_rule(&mut self, rule: &ast::BatchRule) -> Option<Checked<BatchRule>> {
        let errors = self.sink.errors();
        self.in_broken = rule.is_broken;
        let annotations = self.annotations(&rule.annotations);
        if let Some((_, span)) = annotations.phase {
            let message = "a batch rule looks at runs that are over, and has no phase";
            self.sink.error(DiagnosticCode::Annotation, span, message).fix(span, "");
        }
        let on_unknown = match annotations.on_unknown {
            Some((OnUnknown::Deny, span)) => {
                let message = "a batch rule looks at runs that are over, and cannot deny";
                self.sink
                    .error(DiagnosticCode::EffectPhase, span, message)
                    .help("write `@on_unknown(flag)`")
                    .fix(span, "@on_unknown(flag)");
                OnUnknown::Flag
            }
            Some((said, _)) => said,
            None => OnUnknown::Flag,
        };
        let mut scope = Scope::new(ScopeKind::Batch);
        scope.allowed = annotations.allowed.clone();
        scope.of_run = true;
        let condition = match &rule.condition {
            Some(condition) => self.condition(&mut scope, condition),
            None => super::expr::truth(true, rule.name.span),
        };
        let by: Vec<Expr> = rule.by.iter().filter_map(|path| self.run_key(&mut scope, path)).collect();
        scope.of_run = false;
        let window_micros = self.batch_window(rule);
        let test = self.condition(&mut scope, &rule.test);
        if test.ty != Type::Error {
            self.asks_about_runs(&test);
        }
        for effect in &rule.then.effects {
            if effect.name.text != "flag" {
                let message = if super::effects::is_effect(&effect.name.text) {
                    format!("it is too late to `{}`: a batch rule looks at runs that are over", effect.name.text)
                } else {
                    format!("there is no effect `{}` in a batch rule", effect.name.text)
                };
                self.sink
                    .error(DiagnosticCode::EffectPhase, effect.span, message)
                    .help("such a rule may only `flag`")
                    .fix(effect.span, "flag");
            } else if effect.arguments.as_ref().is_some_and(|arguments| !arguments.is_empty()) {
                self.sink.error(DiagnosticCode::EffectArguments, effect.span, "`flag` takes nothing in parentheses");
            }
        }
        let code = format!("{}.{}", self.package, rule.name.text);
        let message = match &rule.then.message {
            Some(template) => self.batch_message(&mut scope, template, &by),
            None => super::rule::default_message(annotations.description.as_deref(), &code),
        };
        self.in_broken = false;
        if rule.is_broken || self.sink.errors() > errors {
            return None;
        }
        let typed = BatchRule {
            name: rule.name.text.clone(),
            code,
            span: rule.name.span,
            severity: annotations.severity.unwrap_or(Severity::Warning),
            on_unknown,
            description: annotations.description,
            condition,
            window_micros,
            by,
            test,
            message,
            locals: scope.locals_max,
        };
        Some(Checked { typed, allowed: annotations.allowed })
    }

    fn run_key(&mut self, scope: &mut Scope, path: &ast::Expr) -> Option<Expr> {
        let value = self.expr(scope, path, None);
        if value.ty == Type::Error {
            return None;
        }
        let mut is_of_run = false;
        canonical::visit(&value, &mut |part| is_of_run |= matches!(part.kind, ExprKind::Global(_) | ExprKind::Event { .. }));
        if !is_of_run {
            let message = format!("`{}` is the same for all runs, and no key", self.quote(path.span));
            self.sink
                .error(DiagnosticCode::Key, path.span, message)
                .help("a key is a value of a run: `by meta.agent_id`, `by run.status`");
            return None;
        }
        if let Type::Detection | Type::Pattern(_) = value.ty.required() {
            let message = format!("`{}` is {}, and no key", self.quote(path.span), suggest::a(value.ty.required()));
            self.sink.error(DiagnosticCode::Key, path.span, message);
            return None;
        }
        Some(value)
    }

    fn batch_window(&mut self, rule: &ast::BatchRule) -> i64 {
        let Some(window) = &rule.window else {
            if self.in_broken {
                return 0;
            }
            let message = format!("over which runs does `{}` look? It needs a window", rule.name.text);
            self.sink.error(DiagnosticCode::WindowMissing, rule.name.span, message).help("write `over runs window 7d`");
            return 0;
        };
        match window.kind {
            WindowKind::Duration { micros, .. } if micros > 0 => micros,
            WindowKind::Duration { .. } => {
                self.sink.error(DiagnosticCode::WindowRange, window.span, "a window of no time holds no run");
                0
            }
            WindowKind::Events(_) | WindowKind::Run => {
                let message = "runs are looked at over a time";
                self.sink.error(DiagnosticCode::WindowRange, window.span, message).help("write `window 7d`");
                0
            }
        }
    }

    /// A test without an aggregate would be the same for all windows.
    fn asks_about_runs(&mut self, test: &Expr) {
        let mut asks = false;
        canonical::visit(test, &mut |part| {
            asks |= matches!(part.kind, ExprKind::RunAggregate { .. } | ExprKind::Baseline { .. } | ExprKind::Global(_));
        });
        if !asks && !matches!(test.kind, ExprKind::Const(_)) {
            self.sink
                .error(DiagnosticCode::Batch, test.span, "this asks nothing about the runs")
                .help("write `runs.count > 100`, or an aggregate such as `p95(run.duration) > 10s`");
        }
    }

    /// A message may show what is the same for all runs that are looked at: aggregates and keys.
    fn batch_message(&mut self, scope: &mut Scope, template: &ast::Template, by: &[Expr]) -> typed::Template {
        let keys: Vec<String> = by.iter().map(canonical::text).collect();
        scope.in_message = true;
        let mut parts = Vec::with_capacity(template.parts.len());
        for part in &template.parts {
            parts.push(match part {
                ast::TemplatePart::Text(text) => typed::TemplatePart::Text(text.clone()),
                ast::TemplatePart::Value(value) => typed::TemplatePart::Value(self.batch_shown(scope, value, &keys)),
            });
        }
        scope.in_message = false;
        typed::Template { parts }
    }

    fn batch_shown(&mut self, scope: &mut Scope, value: &ast::Expr, keys: &[String]) -> Expr {
        if !is_of_run(value) {
            return self.expr(scope, value, None);
        }
        scope.of_run = true;
        let shown = self.expr(scope, value, None);
        scope.of_run = false;
        if shown.ty != Type::Error && !keys.contains(&canonical::text(&shown)) {
            self.no_key(value.span);
            return super::expr::mistake(value.span);
        }
        shown
    }

    fn no_key(&mut self, span: Span) {
        let quoted = self.quote(span);
        let message = format!("`{quoted}` is of one run, and the message is about many");
        self.sink
            .error(DiagnosticCode::OutOfPlace, span, message)
            .help(format!("show an aggregate such as `p95(run.duration)`, or split the runs with `by {quoted}`"));
    }
}

/// Whether a path begins with one run: `run.status`, `meta.agent_id`, `agent.id`.
fn is_of_run(expr: &ast::Expr) -> bool {
    let mut root = super::walk::bare(expr);
    loop {
        match &root.kind {
            Written::Field { base, .. } | Written::Index { base, .. } => root = super::walk::bare(base),
            Written::Cast { value, .. } => root = super::walk::bare(value),
            Written::Name(name) => return matches!(name.as_str(), "run" | "meta" | "agent"),
            _ => return false,
        }
    }
}
