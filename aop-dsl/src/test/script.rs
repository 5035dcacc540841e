//! A test's steps → the events of a run, as they would be sent.

use aop_toon::Timestamp;

use crate::syntax::ast::{Expectation, Json, JsonKind, Span, Test, TestStep, TestStepKind};

/// When every test begins: Monday, 6 January 2025, 09:00 UTC. A fixed moment, so that rules about hours and days can be tested.
pub(crate) const START: &str = "2025-01-06T09:00:00Z";

/// A test's run, ready to be judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Script {
    pub(crate) events: Vec<ScriptEvent>,
    pub(crate) expectations: Vec<(Expectation, Span)>,
    /// So long after the last event the run ends, by `end after`; nothing when the end's time is not told.
    pub(crate) end_after_micros: Option<i64>,
}

/// One event of a script.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScriptEvent {
    pub(crate) seq: u64,
    /// A whole Toon event.
    pub(crate) json: String,
    /// The caller's role.
    pub(crate) role: Option<String>,
}

impl Script {
    /// The events of a test of a rule over events.
    ///
    /// They get `seq` 1, 2, 3…; a `request` and the `response` after it share a call, and a `response` that answers none implies
    /// its request, at the same time. A body's `params` are that request's.
    pub(crate) fn of(test: &Test) -> Self {
        let mut writer = Writer::default();
        test.steps.iter().for_each(|step| writer.step(step));
        writer.script
    }
}

#[derive(Default)]
struct Writer {
    script: Script,
    micros: i64,
    agent: Option<i64>,
    role: Option<String>,
    /// Members that `meta { … }` puts into the meta of the events after it.
    meta: Vec<(String, String)>,
    /// Requests without a response: their `seq` and action, oldest first.
    open: Vec<(u64, String)>,
}

impl Writer {
    fn step(&mut self, step: &TestStep) {
        (0..step.times).for_each(|_| self.once(step));
    }

    fn once(&mut self, step: &TestStep) {
        if let Some((micros, _)) = &step.at {
            self.micros = *micros;
        }
        match &step.kind {
            TestStepKind::Agent { id } => self.agent = Some(*id),
            TestStepKind::Role { role } => self.role = Some(role.text.clone()),
            TestStepKind::Meta { body } => self.meta = members(Some(body)),
            TestStepKind::End { after } => self.script.end_after_micros = after.as_ref().map(|(micros, _)| *micros),
            TestStepKind::Expect(expectation) => self.script.expectations.push((expectation.clone(), step.span)),
            TestStepKind::Runs { .. } => {}
            TestStepKind::Said { who, text } => {
                let actor = if who.text == "reasoning" { "agent" } else { &who.text };
                self.event(actor, "reasoning", &object(&[("thought".to_owned(), quoted(&text.text))]), None);
            }
            TestStepKind::Event { kind, action, body } => {
                let action = action.as_ref().map_or("", |action| &action.text);
                match kind.text.as_str() {
                    "request" => self.request(action, &body.as_ref().map_or_else(|| "{}".to_owned(), json)),
                    "response" => self.response(action, members(body.as_ref())),
                    "final" => self.plain("final_output", members(body.as_ref()), &[("output", "")]),
                    "error" => self.plain("error", members(body.as_ref()), &[("error_type", "Error"), ("message", "")]),
                    _ => self.plain("reasoning", members(body.as_ref()), &[("thought", "")]),
                }
            }
        }
    }

    fn request(&mut self, action: &str, params: &str) {
        let seq = self.next_seq();
        self.open.push((seq, action.to_owned()));
        let payload = format!(r#"{{"action":{},"params":{params}}}"#, quoted(action));
        self.event("agent", "action_request", &payload, Some(seq));
    }

    fn response(&mut self, action: &str, body: Vec<(String, String)>) {
        if !self.open.iter().any(|(_, open)| open == action) {
            let params = body.iter().find(|(name, _)| name == "params").map_or("{}", |(_, params)| params);
            self.request(action, params);
        }
        let at = self.open.iter().position(|(_, open)| open == action).expect("the request stands before the response");
        let (request_seq, _) = self.open.remove(at);
        let (actor, body) = with_actor(body, "tool");
        let mut payload: Vec<(String, String)> = body.into_iter().filter(|(name, _)| name != "params").collect();
        if !payload.iter().any(|(name, _)| name == "status") {
            payload.insert(0, ("status".to_owned(), quoted("success")));
        }
        self.event(&actor, "action_response", &object(&payload), Some(request_seq));
    }

    /// An event without a call; what its type requires is there although the test does not say it.
    fn plain(&mut self, event_type: &str, body: Vec<(String, String)>, required: &[(&str, &str)]) {
        let (actor, mut body) = with_actor(body, "agent");
        for (name, text) in required {
            if !body.iter().any(|(given, _)| given == name) {
                body.push(((*name).to_owned(), quoted(text)));
            }
        }
        self.event(&actor, event_type, &object(&body), None);
    }

    fn event(&mut self, actor: &str, event_type: &str, payload: &str, call: Option<u64>) {
        let seq = self.next_seq();
        let start: Timestamp = START.parse().expect("the constant is a time");
        let t = Timestamp::from_micros(start.micros().saturating_add(self.micros));
        let mut meta: Vec<(String, String)> = self.meta.clone();
        meta.extend(self.agent.map(|agent| ("agent_id".to_owned(), agent.to_string())));
        meta.extend(call.map(|call| ("call_id".to_owned(), quoted(&format!("call-{call}")))));
        let json = format!(
            r#"{{"seq":{seq},"t":"{t}","actor":{},"type":"{event_type}","payload":{payload},"meta":{}}}"#,
            quoted(actor),
            object(&meta)
        );
        self.script.events.push(ScriptEvent { seq, json, role: self.role.clone() });
    }

    fn next_seq(&self) -> u64 {
        self.script.events.len() as u64 + 1
    }
}

fn members(body: Option<&Json>) -> Vec<(String, String)> {
    match body.map(|body| &body.kind) {
        Some(JsonKind::Record(members)) => members.iter().map(|(name, value)| (name.text.clone(), json(value))).collect(),
        _ => Vec::new(),
    }
}

/// Takes `actor` out of a body, which is the event's and not the payload's; who it is when the test does not say.
fn with_actor(mut body: Vec<(String, String)>, usual: &str) -> (String, Vec<(String, String)>) {
    let written = body.iter().position(|(name, _)| name == "actor").map(|at| body.remove(at).1);
    let actor = written.and_then(|actor| serde_json::from_str::<String>(&actor).ok());
    (actor.unwrap_or_else(|| usual.to_owned()), body)
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A test's value as JSON; a duration becomes the text it is written as, which is how events carry durations.
pub(crate) fn json(value: &Json) -> String {
    match &value.kind {
        JsonKind::Null => "null".to_owned(),
        JsonKind::Bool(truth) => truth.to_string(),
        JsonKind::Number(lexeme) => lexeme.clone(),
        JsonKind::Text(text) => quoted(text),
        JsonKind::Duration { text, .. } => quoted(text),
        JsonKind::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
        JsonKind::Record(members) => {
            object(&members.iter().map(|(name, value)| (name.text.clone(), json(value))).collect::<Vec<_>>())
        }
    }
}
