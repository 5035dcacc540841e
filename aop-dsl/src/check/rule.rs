//! `rule`: its trigger, its clauses, and what it asks for.

use std::collections::HashMap;

use aop_toon::{Phase, Severity};

use super::annotations::Annotations;
use super::fields::EventKind;
use super::scope::{Scope, ScopeKind};
use super::{Checked, Checker};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, Expr, Item, Name, Span, WindowKind};
use crate::typed::{self, Clause, ClauseKind, EffectSpec, EventMatch, OnUnknown, Pattern, Rule, Window};

/// The most clauses of a rule.
pub(crate) const CLAUSES_MAX: usize = 500;

/// The most events of a rule: the trigger, and those of its clauses.
pub(crate) const EVENTS_MAX: usize = 1_000;

/// The widest window of events.
pub(crate) const WINDOW_EVENTS_MAX: u64 = 1_000_000;

/// The widest window of time: a hundred years.
const WINDOW_MICROS_MAX: i64 = 100 * 366 * 24 * 3_600 * 1_000_000;

impl Checker<'_, '_, '_> {
    pub(super) fn rules(&mut self, file: &ast::File) -> Vec<Checked<Rule>> {
        self.rule_names(file);
        let rules = file.items.iter().filter_map(|item| if let Item::Rule(rule) = item { Some(rule) } else { None });
        rules.filter_map(|rule| self.rule(rule)).collect()
    }

    /// Rules and batch rules share their names: a finding says which one it is of.
    fn rule_names(&mut self, file: &ast::File) {
        let mut names: HashMap<&str, Span> = HashMap::new();
        for item in &file.items {
            let name = match item {
                Item::Rule(rule) => &rule.name,
                Item::BatchRule(rule) => &rule.name,
                _ => continue,
            };
            if let Some(&first) = names.get(name.text.as_str()) {
                let message = format!("there are two rules `{}`", name.text);
                self.sink.error(DiagnosticCode::NameTaken, name.span, message).related(first, "the first one");
            } else {
                names.insert(&name.text, name.span);
            }
        }
    }

    /// A rule; nothing when it has a mistake.
    fn rule(&mut self, rule: &ast::Rule) -> Option<Checked<Rule>> {
        let errors = self.sink.errors();
        self.in_broken = rule.is_broken;
        let annotations = self.annotations(&rule.annotations);
        let run_end = rule.trigger.event.pattern.kind.text == "run_end";
        let mut scope = Scope::new(ScopeKind::Rule { run_end });
        scope.allowed = annotations.allowed.clone();
        let trigger = self.event(&mut scope, &rule.trigger.event, "on");
        if let Some(condition) = &rule.trigger.event.condition {
            self.learn(&mut scope, condition, true);
        }
        let mut clauses = Vec::with_capacity(rule.clauses.len());
        for (at, clause) in rule.clauses.iter().enumerate() {
            if at == CLAUSES_MAX {
                let message = format!("`{}` has more than {CLAUSES_MAX} clauses", rule.name.text);
                self.sink.error(DiagnosticCode::ClausePlace, clause.span, message).help("split it into several rules");
                break;
            }
            clauses.extend(self.clause(&mut scope, clause, &trigger.pattern));
        }
        let at = annotations.at.as_ref().and_then(|path| self.at(&mut scope, path, run_end));
        let effects = self.effects(&mut scope, &rule.then);
        let code = format!("{}.{}", self.package, rule.name.text);
        let message = match &rule.then.message {
            Some(template) => self.message(&mut scope, template),
            None => default_message(annotations.description.as_deref(), &code),
        };
        if self.sink.errors() == errors {
            self.unused_bindings(&scope);
        }
        let phase = self.phase(rule, &annotations, &clauses, run_end);
        let on_unknown = self.on_unknown(&annotations, &effects, phase, &scope);
        self.in_broken = false;
        if rule.is_broken || self.sink.errors() > errors {
            return None;
        }
        let typed = Rule {
            name: rule.name.text.clone(),
            code,
            span: rule.name.span,
            severity: annotations.severity.unwrap_or(Severity::Warning),
            on_unknown,
            phase,
            description: annotations.description,
            at,
            slots: scope
                .bindings
                .iter()
                .map(|binding| binding.name.as_ref().map_or("_", |name| &name.text).to_owned())
                .collect(),
            locals: scope.locals_max,
            trigger,
            clauses,
            effects,
            message,
        };
        Some(Checked { typed, allowed: annotations.allowed })
    }

    /// An event and its condition. Its binding stays visible only when it is the trigger.
    pub(super) fn event(&mut self, scope: &mut Scope, event: &ast::EventMatch, clause: &'static str) -> EventMatch {
        let (pattern, shape) = self.pattern(scope, &event.pattern);
        let name = self.binding_name(scope, event.binding.as_ref());
        let is_trigger = scope.bindings.is_empty();
        if scope.bindings.len() == EVENTS_MAX {
            let message = format!("a rule asks for more than {EVENTS_MAX} events");
            self.sink.error(DiagnosticCode::ClausePlace, event.span, message).help("split it into several rules");
        }
        if !is_trigger && pattern == Pattern::RunEnd {
            let message = format!("`{clause}` asks for an event, and `run_end` is the end of all events");
            self.sink
                .error(DiagnosticCode::ClausePlace, event.pattern.span, message)
                .help("only a trigger can be `run_end`: `on run_end`");
        }
        let at = scope.bind(name, shape, clause);
        let slot = scope.bindings[at].slot;
        let mark = scope.facts_mark();
        let condition = match &event.condition {
            Some(condition) => self.condition(scope, condition),
            None => super::expr::truth(true, event.pattern.span),
        };
        scope.forget(mark);
        scope.bindings[at].visible = is_trigger;
        EventMatch { slot, pattern, condition, span: event.span }
    }

    /// The event's name, when it is free; `_` is none.
    fn binding_name<'n>(&mut self, scope: &Scope, name: Option<&'n Name>) -> Option<&'n Name> {
        let name = name.filter(|name| name.text != "_")?;
        let taken = scope.taken(&name.text);
        self.check_free(name, taken).then_some(name)
    }

    fn clause(&mut self, scope: &mut Scope, clause: &ast::Clause, trigger: &Pattern) -> Option<Clause> {
        let span = clause.span;
        let (negated, inner) = match &clause.kind {
            ast::ClauseKind::Unless(inner) => (true, &**inner),
            _ => (false, clause),
        };
        let kind = match &inner.kind {
            ast::ClauseKind::Where(condition) => {
                let known = self.condition(scope, condition);
                self.learn(scope, condition, !negated);
                ClauseKind::Condition(known)
            }
            ast::ClauseKind::After { event, window, scope: whose } => {
                let event = self.past_event(scope, event, "after", !negated);
                let window = self.window(window.as_ref(), inner.span, "after");
                ClauseKind::After { event, window, scope: self.memory(whose.as_ref()) }
            }
            ast::ClauseKind::Without { event, window, scope: whose } => {
                let event = self.past_event(scope, event, "without", false);
                let window = self.window(window.as_ref(), inner.span, "without");
                ClauseKind::Without { event, window, scope: self.memory(whose.as_ref()) }
            }
            ast::ClauseKind::Seq { steps, window, scope: whose } => {
                let steps = self.steps(scope, steps, inner.span, !negated);
                let window = self.window(window.as_ref(), inner.span, "seq");
                ClauseKind::Seq { steps, window, scope: self.memory(whose.as_ref()) }
            }
            ast::ClauseKind::Expect { event, window } => {
                if negated {
                    let message = "`expect` cannot be turned round with `unless`";
                    self.sink
                        .error(DiagnosticCode::ClausePlace, span, message)
                        .help("`expect` fires when the event does not come");
                }
                if *trigger == Pattern::RunEnd {
                    let message = "nothing can be expected after the end of a run";
                    self.sink
                        .error(DiagnosticCode::ClausePlace, span, message)
                        .help("`without … within run` asks for what has not come");
                }
                let event = self.past_event(scope, event, "expect", false);
                let window = self.window(window.as_ref(), inner.span, "expect");
                ClauseKind::Expect { event, window }
            }
            ast::ClauseKind::Aggregate(aggregate) => {
                ClauseKind::Aggregate(self.aggregate(scope, aggregate, inner.span, trigger)?)
            }
            ast::ClauseKind::Cycle(cycle) => ClauseKind::Cycle(self.cycle(scope, cycle, inner.span, trigger)?),
            ast::ClauseKind::Unless(_) => {
                self.sink
                    .error(DiagnosticCode::ClausePlace, span, "two `unless` cancel each other out")
                    .help("leave both out");
                return None;
            }
        };
        Some(Clause { negated, kind, span })
    }

    /// An event of a clause; `shown` when it was found if the rule fires.
    pub(super) fn past_event(
        &mut self,
        scope: &mut Scope,
        event: &ast::EventMatch,
        clause: &'static str,
        shown: bool,
    ) -> EventMatch {
        let at = scope.bindings.len();
        let event = self.event(scope, event, clause);
        if let Some(binding) = scope.bindings.get_mut(at) {
            binding.shown = shown;
        }
        event
    }

    /// The steps of a `seq`: each may ask about those before it.
    fn steps(&mut self, scope: &mut Scope, steps: &[ast::EventMatch], span: Span, shown: bool) -> Vec<EventMatch> {
        let first = scope.bindings.len();
        let mut typed = Vec::with_capacity(steps.len());
        if steps.is_empty() {
            let message = "a `seq` has at least one step";
            self.sink
                .error(DiagnosticCode::ClausePlace, span, message)
                .help("write `seq [ a: request(x); b: request(y); ] within 10m`");
        }
        for step in steps {
            if typed.len() == CLAUSES_MAX {
                let message = format!("a `seq` has at most {CLAUSES_MAX} steps");
                self.sink.error(DiagnosticCode::ClausePlace, step.span, message);
                break;
            }
            typed.push(self.past_event(scope, step, "seq", shown));
            if let Some(binding) = scope.bindings.last_mut() {
                binding.visible = true;
            }
        }
        for binding in &mut scope.bindings[first..] {
            binding.visible = false;
        }
        typed
    }

    /// `within …`. Without one, `after`, `without` and `seq` look at the whole run; what is counted or awaited needs one.
    pub(super) fn window(&mut self, window: Option<&ast::Window>, clause: Span, name: &str) -> Window {
        let Some(window) = window else {
            if self.in_broken || matches!(name, "after" | "without" | "seq") {
                return Window::Run;
            }
            let end = Span { start: clause.end, end: clause.end };
            let message = format!("how far does `{name}` look? It needs a window");
            self.sink
                .error(DiagnosticCode::WindowMissing, end, message)
                .help("write `within 10m`, `within 30 events`, or `within run` for the whole run")
                .fix(end, " within run");
            return Window::Run;
        };
        let problem = match window.kind {
            WindowKind::Duration { micros, .. } if micros <= 0 => Some("a window of no time holds no event".to_owned()),
            WindowKind::Duration { micros, .. } if micros > WINDOW_MICROS_MAX => {
                Some("a window is at most a hundred years wide; `within run` is the whole run".to_owned())
            }
            WindowKind::Events(0) => Some("a window of no events holds none".to_owned()),
            WindowKind::Events(events) if events > WINDOW_EVENTS_MAX => {
                Some(format!("a window holds at most {WINDOW_EVENTS_MAX} events; `within run` is the whole run"))
            }
            _ => None,
        };
        if let Some(message) = problem {
            self.sink.error(DiagnosticCode::WindowRange, window.span, message);
        }
        match window.kind {
            WindowKind::Duration { micros, .. } => Window::Micros(micros),
            WindowKind::Events(events) => Window::Events(events),
            WindowKind::Run => Window::Run,
        }
    }

    /// `per run`, `per agent`, `per organisation`
    pub(super) fn memory(&mut self, name: Option<&Name>) -> typed::Scope {
        let Some(name) = name else { return typed::Scope::Run };
        match name.text.as_str() {
            "run" => typed::Scope::Run,
            "agent" => typed::Scope::Agent,
            "organisation" => typed::Scope::Organisation,
            other => {
                let words = ["run", "agent", "organisation"];
                let nearest =
                    if other == "organization" { Some("organisation".to_owned()) } else { self.nearest(other, words) };
                let message = format!("memory is kept `per run`, `per agent` or `per organisation`, not per `{other}`");
                let diagnostic = self.sink.error(DiagnosticCode::WindowRange, name.span, message);
                match nearest {
                    Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
                    None => diagnostic.help("a value of the events splits a count with `by`: `by params.account`"),
                };
                typed::Scope::Run
            }
        }
    }

    /// What a finding says.
    pub(super) fn message(&mut self, scope: &mut Scope, template: &ast::Template) -> typed::Template {
        let trigger = scope.bindings.len().min(1);
        for binding in &mut scope.bindings[trigger..] {
            binding.visible = binding.shown;
        }
        scope.in_message = true;
        let parts = template.parts.iter().map(|part| match part {
            ast::TemplatePart::Text(text) => typed::TemplatePart::Text(text.clone()),
            ast::TemplatePart::Value(value) => typed::TemplatePart::Value(self.shown_value(scope, value)),
        });
        let parts = parts.collect();
        scope.in_message = false;
        typed::Template { parts }
    }

    /// A value in a message: of any type that can be shown.
    fn shown_value(&mut self, scope: &mut Scope, value: &Expr) -> typed::Expr {
        let value = self.expr(scope, value, None);
        if let crate::types::Type::Pattern(_) = value.ty.required() {
            let message = format!("`{}` is a pattern, and messages show values", self.quote(value.span));
            self.sink.error(DiagnosticCode::TypeMismatch, value.span, message);
        }
        value
    }

    /// When the rule looks. What only judges events that were accepted already can only flag.
    fn phase(&mut self, rule: &ast::Rule, annotations: &Annotations, clauses: &[Clause], run_end: bool) -> Phase {
        let expects = clauses.iter().find(|clause| matches!(clause.kind, ClauseKind::Expect { .. }));
        let why = match (expects, annotations.phase) {
            _ if run_end => Some("a rule `on run_end` looks when all events are accepted"),
            (Some(_), _) => Some("a rule with `expect` is decided after its event was accepted"),
            (None, Some((Phase::PostRun, _))) => Some("a rule with `@phase(post_run)` looks when all events are accepted"),
            _ => None,
        };
        let Some(why) = why else { return Phase::Ingestion };
        if let Some((Phase::Ingestion, span)) = annotations.phase {
            let message = format!("{why}, so its phase is `post_run`");
            self.sink
                .error(DiagnosticCode::EffectPhase, span, message)
                .help("leave the annotation out, or write `@phase(post_run)`");
        }
        for effect in &rule.then.effects {
            if effect.name.text != "flag" && super::effects::is_effect(&effect.name.text) {
                let message = format!("it is too late to `{}`: {why}", effect.name.text);
                self.sink
                    .error(DiagnosticCode::EffectPhase, effect.span, message)
                    .help("such a rule may only `flag`")
                    .fix(effect.span, "flag");
            }
        }
        Phase::PostRun
    }

    /// What happens when the rule cannot be decided: one that refuses fails closed when it says nothing.
    fn on_unknown(&mut self, annotations: &Annotations, effects: &[EffectSpec], phase: Phase, scope: &Scope) -> OnUnknown {
        let refuses = effects.iter().any(|effect| !effect.effect().accepts());
        match annotations.on_unknown {
            Some((OnUnknown::Deny, span)) if phase != Phase::Ingestion => {
                let message = "it is too late to deny: this rule looks when its event is accepted";
                self.sink
                    .error(DiagnosticCode::EffectPhase, span, message)
                    .help("write `@on_unknown(flag)`")
                    .fix(span, "@on_unknown(flag)");
                OnUnknown::Flag
            }
            Some((OnUnknown::Ignore, span)) if refuses => {
                let message = "this rule refuses events, and lets pass what it cannot decide";
                if let Some(diagnostic) = self.lint(&scope.allowed, DiagnosticCode::FailsOpen, span, message) {
                    diagnostic.help("a value that is missing or of another type opens the door; leave it out, or write `@on_unknown(flag)`");
                }
                OnUnknown::Ignore
            }
            Some((said, _)) => said,
            None if refuses && phase == Phase::Ingestion => OnUnknown::Deny,
            None => OnUnknown::Flag,
        }
    }

    /// Names of clauses' events that nothing mentions. The trigger and the steps of a `seq` are named for the reader.
    fn unused_bindings(&mut self, scope: &Scope) {
        for binding in scope.bindings.iter().skip(1) {
            if let Some(name) = &binding.name
                && !binding.used
                && !matches!(binding.clause, "seq")
                && binding.shape.kind != EventKind::Mistake
            {
                self.unused(&scope.allowed, name, "name");
            }
        }
    }
}

/// A rule without a message says what it is for.
pub(super) fn default_message(description: Option<&str>, code: &str) -> typed::Template {
    let text = description.map_or_else(|| format!("the rule {code} was broken"), str::to_owned);
    typed::Template { parts: vec![typed::TemplatePart::Text(text)] }
}
