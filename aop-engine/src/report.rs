//! What the engine says about a run.

use aop_rules::post_run::{Fitness, TraceRecord};
use aop_toon::{EventType, Finding, Severity};
use serde::{Deserialize, Serialize};

/// What was found in a run, and the run in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The run; nothing when its events name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// What was found: from [`Engine::finish`](crate::Engine::finish) that of the post-run phase; from
    /// [`Engine::evaluate`](crate::Engine::evaluate) first that of ingestion, event by event.
    pub findings: Vec<Finding>,
    /// The `seq` of the events that ingestion refused, in order; only from `evaluate`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<u64>,
    /// The run in numbers.
    pub summary: Summary,
    /// The run in more numbers: times, actions, tokens and cost.
    pub record: TraceRecord,
    /// How far the run goes the way of the workflow model, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conformance: Option<Fitness>,
}

impl Report {
    /// The highest severity of any finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// A run in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Summary {
    /// All events, refused ones included.
    pub events: u64,
    /// Events that ingestion refused.
    pub refused: u64,
    /// Events of type reasoning.
    pub reasoning: u64,
    /// Events of type action_request.
    pub action_requests: u64,
    /// Events of type action_response.
    pub action_responses: u64,
    /// Events of type final_output.
    pub final_outputs: u64,
    /// Events of type error, and responses with status error.
    pub errors: u64,
    /// From the first event's `t` to the greatest `t`, in microseconds.
    pub duration_micros: i64,
}

impl Summary {
    pub(crate) fn count(&mut self, event_type: EventType, failed: bool, accepted: bool) {
        // A state that was read back may hold anything: counting must not fail.
        let add = |count: &mut u64, more: bool| *count = count.saturating_add(u64::from(more));
        add(&mut self.events, true);
        add(&mut self.refused, !accepted);
        add(&mut self.errors, failed);
        match event_type {
            EventType::Reasoning => add(&mut self.reasoning, true),
            EventType::ActionRequest => add(&mut self.action_requests, true),
            EventType::ActionResponse => add(&mut self.action_responses, true),
            EventType::FinalOutput => add(&mut self.final_outputs, true),
            EventType::Error => {}
        }
    }
}
