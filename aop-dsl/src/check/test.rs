//! `test`: what it names exists, what it sends may be sent, and what it expects may come.

use std::collections::{HashMap, HashSet};

use aop_toon::{Actor, EventType, payload_fields};

use super::annotations::Allowed;
use super::{Checked, Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, ActionPattern, Expectation, Item, Json, JsonKind, Name, Span, Test, TestStepKind};
use crate::typed::{BatchRule, EffectSpec, OnUnknown, Rule};
use crate::types::Type;
use crate::value;

const EFFECTS: &[&str] = &["flag", "redact", "throttle", "require_approval", "deny"];

/// How often `N request(x) { … };` may say that an event comes.
pub(crate) const EVENTS_IN_A_ROW_MAX: u64 = 10_000;

/// What a run of a batch rule's test may say.
const RUN_FIELDS: &[&str] =
    &["id", "agent_id", "status", "start", "duration", "events", "requests", "responses", "errors", "refused", "meta"];

/// What is known of the rules that tests are of.
struct Tested<'r> {
    rules: HashMap<&'r str, &'r Rule>,
    batch_rules: HashMap<&'r str, &'r BatchRule>,
    allowed: HashMap<&'r str, &'r Allowed>,
    /// Every rule that the file has, be it checked or broken.
    names: HashSet<&'r str>,
}

impl Checker<'_, '_, '_> {
    pub(super) fn tests(&mut self, file: &ast::File, rules: &[Checked<Rule>], batch_rules: &[Checked<BatchRule>]) {
        let mut names: HashSet<&str> = file.broken.iter().map(|name| name.text.as_str()).collect();
        names.extend(file.items.iter().filter_map(|item| match item {
            Item::Rule(rule) => Some(rule.name.text.as_str()),
            Item::BatchRule(rule) => Some(rule.name.text.as_str()),
            _ => None,
        }));
        let tested = Tested {
            rules: rules.iter().map(|rule| (rule.typed.name.as_str(), &rule.typed)).collect(),
            batch_rules: batch_rules.iter().map(|rule| (rule.typed.name.as_str(), &rule.typed)).collect(),
            allowed: rules
                .iter()
                .map(|rule| (rule.typed.name.as_str(), &rule.allowed))
                .chain(batch_rules.iter().map(|rule| (rule.typed.name.as_str(), &rule.allowed)))
                .collect(),
            names,
        };
        let mut titles: HashMap<(&str, &str), Span> = HashMap::new();
        for item in &file.items {
            if let Item::Test(test) = item {
                let key = (test.rule.text.as_str(), test.title.text.as_str());
                if let Some(first) = titles.insert(key, test.title.span) {
                    let message = format!("`{}` has two tests with the title {:?}", test.rule.text, test.title.text);
                    self.sink.error(DiagnosticCode::NameTaken, test.title.span, message).related(first, "the first one");
                }
                self.test(test, &tested);
            }
        }
    }

    fn test(&mut self, test: &Test, tested: &Tested<'_>) {
        if !tested.names.contains(test.rule.text.as_str()) {
            self.unknown_rule(&test.rule, tested);
            return;
        }
        let batch = tested.batch_rules.contains_key(test.rule.text.as_str());
        let rule = tested.rules.get(test.rule.text.as_str()).copied();
        let nothing_allowed = Allowed::default();
        let allowed = tested.allowed.get(test.rule.text.as_str()).copied().unwrap_or(&nothing_allowed);
        let mut seen = Seen::default();
        let mut expectations: Vec<(&Expectation, Span)> = Vec::new();
        for step in &test.steps {
            if let Some((micros, _)) = &step.at
                && *micros < seen.micros
            {
                let message = "this is earlier than the step before; times count from the start of the test";
                self.sink.error(DiagnosticCode::TestBody, step.span, message);
            }
            seen.micros = step.at.as_ref().map_or(seen.micros, |(micros, _)| *micros);
            if !(1..=EVENTS_IN_A_ROW_MAX).contains(&step.times) {
                let message =
                    format!("an event comes at least once and at most {EVENTS_IN_A_ROW_MAX} times, not {}", step.times);
                self.sink.error(DiagnosticCode::TestBody, step.span, message);
            }
            match &step.kind {
                TestStepKind::Runs { count, body } => {
                    if rule.is_some() {
                        let message =
                            format!("`{}` is about the events of a run; runs are for tests of batch rules", test.rule.text);
                        self.sink.error(DiagnosticCode::TestBody, step.span, message);
                    } else {
                        self.run_body(*count, body);
                    }
                }
                TestStepKind::Expect(expectation) => expectations.push((expectation, step.span)),
                TestStepKind::Agent { .. }
                | TestStepKind::Role { .. }
                | TestStepKind::Meta { .. }
                | TestStepKind::End { .. } => {}
                TestStepKind::Event { .. } | TestStepKind::Said { .. } if batch => {
                    let message = format!("`{}` is a batch rule; its tests are made of runs", test.rule.text);
                    self.sink
                        .error(DiagnosticCode::TestBody, step.span, message)
                        .help("write `20 runs { status: \"completed\", duration: 10s };`");
                }
                TestStepKind::Said { .. } => seen.add(step.times),
                TestStepKind::Event { kind, action, body } => {
                    seen.event(step.times, &kind.text, action.as_ref());
                    self.test_event(allowed, kind, action.as_ref(), body.as_ref());
                }
            }
        }
        // An expectation may stand before the event that it is about.
        for (expectation, span) in &expectations {
            self.expectation(test, expectation, *span, rule, batch, seen.events);
        }
        if expectations.is_empty() && !test.is_broken {
            let message = format!("the test {:?} expects nothing to be checked", test.title.text);
            self.sink
                .error(DiagnosticCode::TestBody, test.title.span, message)
                .help("say what should come: `expect deny at seq 1;`, or `expect nothing;`");
        }
    }

    fn unknown_rule(&mut self, rule: &Name, tested: &Tested<'_>) {
        let mut names: Vec<&str> = tested.names.iter().copied().take(self.names_max()).collect();
        names.sort_unstable();
        let nearest = self.nearest(&rule.text, names.iter().copied());
        let message = format!("this package has no rule `{}`", rule.text);
        let diagnostic = self.sink.error(DiagnosticCode::UnknownRule, rule.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(rule.span, nearest),
            None if names.is_empty() => diagnostic,
            None => diagnostic.help(format!("its rules are {}", suggest::list(names, "and"))),
        };
    }

    fn test_event(&mut self, allowed: &Allowed, kind: &Name, action: Option<&Name>, body: Option<&Json>) {
        let action = action.map(|action| (action.text.clone(), action.span));
        match (kind.text.as_str(), action) {
            ("request", Some((action, span))) => {
                let params = self.declared_or_warn(allowed, &action, span).map(|declared| declared.0);
                if let (Some(params), Some(body)) = (params, body) {
                    self.body(allowed, body, &params, "the request");
                }
            }
            ("response", Some((action, span))) => {
                let declared = self.declared_or_warn(allowed, &action, span);
                self.response_body(allowed, body, declared);
            }
            ("final", _) => self.payload(body, EventType::FinalOutput),
            ("error", _) => self.payload(body, EventType::Error),
            ("reasoning", _) => self.payload(body, EventType::Reasoning),
            // The parser has said what is wrong.
            _ => {}
        }
    }

    /// The types of an action's params and result; a name that is nearly one of the schema's is told.
    fn declared_or_warn(&mut self, allowed: &Allowed, action: &str, span: Span) -> Option<(Type, Type)> {
        if let Some(declared) = self.vocabulary.actions.get(action) {
            return Some((declared.action.params.clone(), declared.action.result.clone()));
        }
        if self.vocabulary.actions.is_empty() || self.definitions.broken.contains(action) {
            return None;
        }
        let pattern = ActionPattern { text: action.to_owned(), quoted: false, span };
        if let Some(nearest) = self.nearest_action(&pattern.text) {
            let message = format!("the schema has no action `{action}`");
            if let Some(diagnostic) = self.lint(allowed, DiagnosticCode::UndeclaredAction, span, message) {
                diagnostic.help(format!("did you mean `{nearest}`?"));
            }
        }
        None
    }

    fn response_body(&mut self, allowed: &Allowed, body: Option<&Json>, declared: Option<(Type, Type)>) {
        let Some(Json { kind: JsonKind::Record(members), .. }) = body else { return };
        let names: Vec<&str> =
            payload_fields(EventType::ActionResponse).iter().map(|field| field.name).chain(["params", "actor"]).collect();
        for (name, value) in members {
            match (name.text.as_str(), &declared) {
                ("params", Some((params, _))) => self.body(allowed, value, params, "the request"),
                ("result", Some((_, result))) => self.body(allowed, value, result, "the result"),
                ("actor", _) => self.actor(value),
                (other, _) if names.contains(&other) => {}
                _ => {
                    let is_result = declared.as_ref().is_some_and(|(_, result)| result.field(&name.text).is_some());
                    self.unknown_test_field(
                        name,
                        "a response",
                        &names,
                        is_result.then(|| format!("it is a part of the result: `result: {{ {}: … }}`", name.text)),
                    );
                }
            }
        }
    }

    fn payload(&mut self, body: Option<&Json>, event_type: EventType) {
        let Some(Json { kind: JsonKind::Record(members), .. }) = body else { return };
        let names: Vec<&str> = payload_fields(event_type).iter().map(|field| field.name).chain(["actor"]).collect();
        for (name, value) in members {
            match name.text.as_str() {
                "actor" => self.actor(value),
                other if names.contains(&other) => {}
                _ => self.unknown_test_field(name, "this event", &names, None),
            }
        }
    }

    /// Who an event is of: without one of these words it would be no event.
    fn actor(&mut self, value: &Json) {
        let JsonKind::Text(text) = &value.kind else {
            self.sink.error(DiagnosticCode::TestBody, value.span, "an event's `actor` is a text").help(actors());
            return;
        };
        if Actor::WORDS.contains(&text.as_str()) {
            return;
        }
        let nearest = self.nearest(text, Actor::WORDS.iter().copied());
        let message = format!("{:?} is no `actor` of an event", crate::diagnostic::shown(text));
        let diagnostic = self.sink.error(DiagnosticCode::TestBody, value.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean {nearest:?}?")).fix(value.span, format!("{nearest:?}")),
            None => diagnostic.help(actors()),
        };
    }

    fn unknown_test_field(&mut self, name: &Name, whose: &str, names: &[&str], help: Option<String>) {
        let nearest = self.nearest(&name.text, names.iter().copied());
        let message = format!("{whose} has no `{}`", name.text);
        let diagnostic = self.sink.error(DiagnosticCode::TestBody, name.span, message);
        match (help, nearest) {
            (Some(help), _) => diagnostic.help(help),
            (None, Some(nearest)) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            (None, None) => diagnostic.help(format!("it has {}", suggest::list(names.iter().copied(), "and"))),
        };
    }

    /// A body against its type. What is no member of it is a slip; what is missing or of another type may be what the test is
    /// about, since such a value is unknown to the rule: that is a warning.
    fn body(&mut self, allowed: &Allowed, json: &Json, ty: &Type, what: &str) {
        let required = ty.required();
        match (&json.kind, required) {
            (_, Type::Any | Type::Error) => {}
            (JsonKind::Null, _) if ty.is_optional() => {}
            (JsonKind::Record(members), Type::Record(fields)) => {
                let types: HashMap<&str, &Type> = fields.iter().map(|field| (field.name.as_str(), &field.ty)).collect();
                for (name, value) in members {
                    match types.get(name.text.as_str()) {
                        Some(ty) => self.body(allowed, value, ty, &format!("`{}`", name.text)),
                        None => {
                            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                            self.unknown_test_field(name, what, &names, None);
                        }
                    }
                }
                let given: HashSet<&str> = members.iter().map(|(name, _)| name.text.as_str()).collect();
                let missing: Vec<&str> = fields
                    .iter()
                    .filter(|field| !field.ty.is_optional() && !given.contains(field.name.as_str()))
                    .map(|field| field.name.as_str())
                    .collect();
                if !missing.is_empty() {
                    let message =
                        format!("{what} has no {}, so a condition about it is unknown", suggest::list(missing, "and no"));
                    self.lint(allowed, DiagnosticCode::TestValue, json.span, message);
                }
            }
            (JsonKind::List(items), Type::List(item) | Type::Set(item)) => {
                items.iter().for_each(|value| self.body(allowed, value, item, "an item"));
            }
            _ => {
                if let Some(problem) = problem(json, required) {
                    let message =
                        format!("{what} is {}, and {problem}, so a condition about it is unknown", suggest::a(required));
                    self.lint(allowed, DiagnosticCode::TestValue, json.span, message);
                }
            }
        }
    }

    fn run_body(&mut self, count: u64, body: &Json) {
        if !(1..=100_000).contains(&count) {
            let message = format!("a test has at least 1 and at most 100000 runs in a row, not {count}");
            self.sink.error(DiagnosticCode::TestBody, body.span, message);
        }
        let JsonKind::Record(members) = &body.kind else { return };
        for (name, _) in members {
            if !RUN_FIELDS.contains(&name.text.as_str()) {
                self.unknown_test_field(name, "a run", RUN_FIELDS, None);
            }
        }
    }

    fn expectation(
        &mut self,
        test: &Test,
        expectation: &Expectation,
        span: Span,
        rule: Option<&Rule>,
        batch: bool,
        total: u64,
    ) {
        if let Some(effect) = &expectation.effect {
            self.expected_effect(test, effect, rule, batch);
        }
        let Some(seq) = expectation.seq else { return };
        if batch {
            let message = "a batch rule is about runs, which have no `seq`";
            self.sink.error(DiagnosticCode::TestBody, span, message).help("write `expect flag;`");
        } else if seq == 0 || seq > total {
            let message = match total {
                0 => format!("there is no event {seq}: this test has none"),
                1 => format!("there is no event {seq}: this test has one, with seq 1"),
                _ => format!("there is no event {seq}: this test has {total}, with seq 1 to {total}"),
            };
            self.sink
                .error(DiagnosticCode::TestBody, span, message)
                .help("a `response` that answers no request of the test implies one, which is counted too");
        }
    }

    fn expected_effect(&mut self, test: &Test, effect: &Name, rule: Option<&Rule>, batch: bool) {
        let word = effect.text.as_str();
        if !EFFECTS.contains(&word) {
            let nearest = self.nearest(word, EFFECTS.iter().copied().chain(["nothing"]));
            let message = format!("there is no effect `{word}`");
            let diagnostic = self.sink.error(DiagnosticCode::UnknownEffect, effect.span, message);
            match nearest {
                Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(effect.span, nearest),
                None => diagnostic
                    .help(format!("a test expects {}", suggest::list(EFFECTS.iter().copied().chain(["nothing"]), "or"))),
            };
            return;
        }
        let weaker = rule.filter(|rule| rule.effects.iter().any(|own| EffectSpec::effect(own).as_str() == word));
        let possible: Vec<&str> = match rule {
            Some(rule) => {
                // A finding is told by its strongest effect.
                let own = [rule.effect().as_str()];
                let unknown = match rule.on_unknown {
                    OnUnknown::Deny => Some("deny"),
                    OnUnknown::Flag => Some("flag"),
                    OnUnknown::Ignore => None,
                };
                own.into_iter().chain(unknown).collect()
            }
            None if batch => vec!["flag"],
            None => return,
        };
        if possible.contains(&word) {
            return;
        }
        let mut listed: Vec<&str> = Vec::new();
        for effect in possible {
            if !listed.contains(&effect) {
                listed.push(effect);
            }
        }
        if let Some(rule) = weaker {
            let strongest = rule.effect();
            let message = format!("a finding is told by its strongest effect, which is `{strongest}` in `{}`", rule.name);
            self.sink.error(DiagnosticCode::TestBody, effect.span, message).fix(effect.span, strongest.as_str());
            return;
        }
        let message = format!("`{}` never asks for `{word}`", test.rule.text);
        self.sink
            .error(DiagnosticCode::TestBody, effect.span, message)
            .help(format!("it asks for {}", suggest::list(listed, "or")));
    }
}

/// What a test has sent so far.
#[derive(Default)]
struct Seen {
    events: u64,
    micros: i64,
    /// Requests without a response, by action.
    open: HashMap<String, u64>,
}

impl Seen {
    fn add(&mut self, events: u64) {
        self.events = self.events.saturating_add(events);
    }

    /// An event that comes so often. A response that answers no request implies one.
    fn event(&mut self, times: u64, kind: &str, action: Option<&Name>) {
        self.add(times);
        let Some(action) = action else { return };
        match kind {
            "request" => {
                let open = self.open.entry(action.text.clone()).or_default();
                *open = open.saturating_add(times);
            }
            "response" => {
                let open = self.open.entry(action.text.clone()).or_default();
                let answered = times.min(*open);
                *open -= answered;
                self.add(times - answered);
            }
            _ => {}
        }
    }
}

fn actors() -> String {
    format!("it is {}", suggest::list(Actor::WORDS.iter().copied(), "or"))
}

/// Why a value of a test is none of a type.
fn problem(json: &Json, ty: &Type) -> Option<String> {
    let shown = |text: &str| crate::diagnostic::shown(text);
    match (&json.kind, ty) {
        (JsonKind::Bool(_), Type::Bool) => None,
        (JsonKind::Number(lexeme), Type::Int) => {
            let whole = lexeme.parse::<rust_decimal::Decimal>().is_ok_and(|number| number.fract().is_zero());
            (!whole).then(|| format!("`{}` is no whole number", shown(lexeme)))
        }
        (JsonKind::Number(_), Type::Decimal | Type::Float) => None,
        // Numbers of seconds and of bytes are read too.
        (JsonKind::Number(_) | JsonKind::Duration { .. }, Type::Duration) | (JsonKind::Number(_), Type::Size) => None,
        (JsonKind::Text(_), Type::String) => None,
        (JsonKind::Text(text), Type::Enum(words)) => {
            (!words.contains(text)).then(|| format!("{:?} is none of its words", shown(text)))
        }
        (JsonKind::Text(text), Type::Duration | Type::Size) => {
            value::read_text(text.as_str().into(), ty).is_err().then(|| format!("{:?} is none", shown(text)))
        }
        (JsonKind::Text(text), ty) if ty.is_textual() || matches!(ty, Type::Time | Type::Cidr) => {
            value::read_text(text.as_str().into(), ty).is_err().then(|| format!("{:?} is none", shown(text)))
        }
        (JsonKind::Null, _) => Some("`null` is nothing".to_owned()),
        (JsonKind::Bool(_), _) => Some("this is a truth value".to_owned()),
        (JsonKind::Number(lexeme), _) => Some(format!("`{}` is a number", shown(lexeme))),
        (JsonKind::Text(text), _) => Some(format!("{:?} is a text", shown(text))),
        (JsonKind::Duration { text, .. }, _) => Some(format!("`{}` is a duration", shown(text))),
        (JsonKind::List(_), _) => Some("this is a list".to_owned()),
        (JsonKind::Record(_), _) => Some("this is a record".to_owned()),
    }
}
