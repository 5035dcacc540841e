//! Rules over sets of runs: what they need of a run, and what they say.

use aop_dsl::{Judgement, RunRecord};
use aop_toon::{Finding, Timestamp};

use crate::engine::Engine;
use crate::ingest;
use crate::known::KnownData;
use crate::run_state::RunState;

impl Engine {
    /// What batch rules know of a run that has ended: its numbers, and its agent where its caller has named one. How it ended and its
    /// meta are for the caller to fill in. Nothing when it has no event.
    ///
    /// ```
    /// use aop_engine::{Engine, Event};
    ///
    /// let engine = Engine::builder().build().unwrap();
    /// let mut state = engine.new_state();
    /// assert_eq!(engine.record(&state, "r-1"), None);
    /// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
    ///     "payload":{"thought":"hello"},"meta":{}}"#).unwrap();
    /// engine.check(&event, &mut state);
    /// assert_eq!(engine.record(&state, "r-1").unwrap().events, 1);
    /// ```
    pub fn record(&self, state: &RunState, run_id: &str) -> Option<RunRecord> {
        let summary = &state.summary;
        Some(RunRecord {
            run_id: run_id.to_owned(),
            agent_id: state.agent_id,
            duration_micros: summary.duration_micros,
            events: summary.events,
            requests: summary.action_requests,
            responses: summary.action_responses,
            errors: summary.errors,
            refused: summary.refused,
            ..RunRecord::new(state.started?)
        })
    }

    /// What the policies' batch rules say of these runs as of `now`. Their order does not matter.
    pub fn judge_batch(&self, records: &[RunRecord], now: Timestamp) -> Vec<Finding> {
        let mut judgement = Judgement::default();
        self.policies().judge_batch(records, now, &mut judgement);
        judgement.findings.iter_mut().for_each(|finding| ingest::hide_data(&self.detectors, &KnownData::default(), finding));
        judgement.findings
    }
}
