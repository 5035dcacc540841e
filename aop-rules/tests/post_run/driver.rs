//! Drives the four validators over a run, event by event, the way the engine does.

use aop_rules::post_run::{
    Arrival, Conformance, ConformanceSettings, ConformanceState, FrequencySettings, FrequencyState, MissingStepSettings,
    MissingStepState, SequenceSettings, SequenceState, SettingsError, TimeLagSettings, TimeLagState,
};
use aop_toon::{Calls, Effect, Event, EventBuf, EventType, Finding, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) timelag: TimeLagSettings,
    pub(crate) missing_step: MissingStepSettings,
    pub(crate) conformance: ConformanceSettings,
    pub(crate) sequence: SequenceSettings,
    pub(crate) frequency: FrequencySettings,
}

impl Settings {
    fn model(&self) -> Option<Conformance> {
        Conformance::new(&self.conformance).expect("the settings were validated")
    }

    pub(crate) fn validate(&self) -> Result<(), SettingsError> {
        self.timelag.validate()?;
        self.missing_step.validate()?;
        Conformance::new(&self.conformance)?;
        self.sequence.validate()?;
        self.frequency.validate()
    }
}

/// Everything that is remembered of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    clock: Option<Timestamp>,
    calls: Calls,
    timelag: TimeLagState,
    missing_step: MissingStepState,
    conformance: ConformanceState,
    sequence: SequenceState,
    frequency: FrequencyState,
}

impl Run {
    /// Takes an event in and gives what is found at ingestion, and whether the event was accepted: it is refused when
    /// `refused` says so, or a finding's effect.
    pub(crate) fn step(&mut self, settings: &Settings, event: &Event<'_>, refused: bool) -> (Vec<Finding>, bool) {
        let clock = self.clock.map_or(event.t(), |clock| clock.max(event.t()));
        self.clock = Some(clock);
        let (mut paired, mut reused) = (Vec::new(), None);
        match event.event_type() {
            EventType::ActionRequest => reused = self.calls.request(event, clock),
            EventType::ActionResponse => paired = self.calls.respond(event),
            _ => {}
        }
        let arrival = Arrival::new(event, clock, &paired, reused.as_ref());
        let mut findings = Vec::new();
        self.timelag.at_ingestion(&settings.timelag, &arrival, &mut findings);
        self.missing_step.at_ingestion(&settings.missing_step, &arrival, &mut findings);
        self.sequence.at_ingestion(&settings.sequence, &arrival, &mut findings);
        self.frequency.at_ingestion(&settings.frequency, &arrival, &mut findings);
        let accepted = !refused && findings.iter().map(|finding| finding.effect).max().is_none_or(Effect::accepts);
        if event.event_type() == EventType::ActionRequest && !accepted {
            self.calls.refuse(event.seq());
        }
        self.timelag.observe(&settings.timelag, &arrival, accepted);
        self.missing_step.observe(&settings.missing_step, &arrival, accepted);
        if let Some(model) = settings.model() {
            self.conformance.observe(&model, &arrival, accepted);
        }
        self.sequence.observe(&settings.sequence, &arrival, accepted);
        self.frequency.observe(&settings.frequency, &arrival, accepted);
        (findings, accepted)
    }

    pub(crate) fn finish(&self, settings: &Settings, now: Option<Timestamp>) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.timelag.finish(&settings.timelag, now, &mut findings);
        self.missing_step.finish(&settings.missing_step, now, &mut findings);
        if let Some(model) = settings.model() {
            self.conformance.finish(&model, &mut findings);
        }
        self.sequence.finish(&settings.sequence, now, &mut findings);
        self.frequency.finish(&settings.frequency, now, &mut findings);
        findings
    }
}

/// An event in short: what a case leaves out follows from what it says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Short {
    /// One more than the event before; the first is 1.
    pub(crate) seq: Option<u64>,
    /// Seconds after the run's beginning; one more than the event before.
    pub(crate) at: Option<f64>,
    pub(crate) actor: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) thought: Option<String>,
    pub(crate) request: Option<String>,
    pub(crate) params: Option<serde_json::Value>,
    /// `success` or `error`.
    pub(crate) response: Option<String>,
    pub(crate) result: Option<serde_json::Value>,
    pub(crate) error: Option<String>,
    pub(crate) call_id: Option<serde_json::Value>,
    pub(crate) r#final: Option<serde_json::Value>,
    pub(crate) confidence: Option<f64>,
    pub(crate) failure: Option<String>,
    pub(crate) meta: Option<serde_json::Map<String, serde_json::Value>>,
    pub(crate) refused: bool,
}

/// The beginning of every written run.
pub(crate) const START: i64 = 1_764_928_800_000_000;

pub(crate) fn at(seconds: f64) -> Timestamp {
    Timestamp::from_micros(START + (seconds * 1e6).round() as i64)
}

impl Short {
    pub(crate) fn event(&self, seq: u64, seconds: f64) -> EventBuf {
        let (event_type, actor, payload) = if let Some(text) = &self.user {
            ("reasoning", "user", serde_json::json!({"thought": text, "goal": text}))
        } else if let Some(text) = &self.thought {
            ("reasoning", "agent", serde_json::json!({"thought": text}))
        } else if let Some(action) = &self.request {
            let params = self.params.clone().unwrap_or_else(|| serde_json::json!({}));
            ("action_request", "agent", serde_json::json!({"action": action, "params": params}))
        } else if let Some(status) = &self.response {
            let payload = serde_json::json!({"status": status, "result": self.result, "error": self.error});
            ("action_response", "tool", payload)
        } else if let Some(output) = &self.r#final {
            let mut payload = serde_json::json!({"output": output});
            if let Some(confidence) = self.confidence {
                payload["confidence"] = confidence.into();
            }
            ("final_output", "agent", payload)
        } else {
            let kind = self.failure.as_deref().expect("an event says what it is");
            ("error", "agent", serde_json::json!({"error_type": kind, "message": kind}))
        };
        let mut meta = self.meta.clone().unwrap_or_default();
        if let Some(call_id) = &self.call_id {
            meta.insert("call_id".to_owned(), call_id.clone());
        }
        let event = serde_json::json!({
            "seq": seq, "t": at(seconds), "actor": self.actor.as_deref().unwrap_or(actor), "type": event_type,
            "payload": payload, "meta": meta,
        });
        Event::parse(event.to_string().as_bytes()).expect("a written case is valid Toon").into_owned()
    }
}

/// The events of a case, each with whether it is refused.
pub(crate) fn expand(shorts: &[Short]) -> Vec<(EventBuf, bool)> {
    let (mut seq, mut seconds) = (0, -1.0);
    let mut expand_one = |short: &Short| {
        seq = short.seq.unwrap_or(seq + 1);
        seconds = short.at.unwrap_or(seconds + 1.0);
        (short.event(seq, seconds), short.refused)
    };
    shorts.iter().map(&mut expand_one).collect()
}
