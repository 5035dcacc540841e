//! The policies' batch rules: what they need of a run, and what they say.

use std::collections::BTreeMap;

use aop_dsl::{Judgement, RunRecord};
use aop_toon::{Effect, Finding, Phase, Severity, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::RunNotes;
use crate::engine::Engine;
use crate::run_state::RunState;

/// The records of many runs: the latest that there is place for, whatever the order in which they came.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Records {
    /// By beginning and name.
    by_start: BTreeMap<(i64, String), RunRecord>,
    /// The latest beginning of a run whose record was dropped.
    dropped: Option<i64>,
}

/// So many records are kept.
const RECORDS_MAX: usize = 250_000;

impl Records {
    pub(crate) fn insert(&mut self, record: RunRecord) {
        self.by_start.insert((record.start.micros(), record.run_id.clone()), record);
        self.cut(RECORDS_MAX);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.dropped = self.dropped.max(other.dropped);
        let records = other.by_start.iter().map(|(key, record)| (key.clone(), record.clone()));
        self.by_start.extend(records);
        self.cut(RECORDS_MAX);
    }

    fn cut(&mut self, max: usize) {
        while self.by_start.len() > max
            && let Some(((start, _), _)) = self.by_start.pop_first()
        {
            self.dropped = self.dropped.max(Some(start));
        }
    }

    /// Forgets runs that began at this time or before.
    pub(crate) fn forget(&mut self, until_micros: i64) {
        self.by_start = self.by_start.split_off(&(until_micros.saturating_add(1), String::new()));
    }
}

impl Serialize for Records {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.dropped, self.by_start.values().collect::<Vec<_>>()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (dropped, records): (Option<i64>, Vec<RunRecord>) = Deserialize::deserialize(deserializer)?;
        let mut read = Self { dropped, ..Self::default() };
        records.into_iter().for_each(|record| read.insert(record));
        Ok(read)
    }
}

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
        self.hide_data(&mut judgement.findings);
        judgement.findings
    }

    /// The record of a run that has ended, with its events' meta. A run is taken for completed.
    pub(crate) fn noted_record(&self, run_id: &str, state: &RunState, notes: &RunNotes) -> Option<RunRecord> {
        let record = self.record(state, run_id)?;
        Some(RunRecord {
            status: "completed".to_owned(),
            agent_id: record.agent_id.or(notes.traits.agent_id),
            meta: notes.meta_text(),
            ..record
        })
    }

    /// What the policies' batch rules say of the records that were kept.
    pub(crate) fn judge_records(&self, records: &Records, now: Timestamp) -> Vec<Finding> {
        let Some(look_back) = self.policies.batch_look_back_micros() else { return Vec::new() };
        let oldest = now.micros().saturating_sub(look_back);
        let looked_at: Vec<RunRecord> =
            records.by_start.range((oldest, String::new())..).map(|(_, record)| record.clone()).collect();
        let mut findings = self.judge_batch(&looked_at, now);
        if records.dropped.is_some_and(|dropped| dropped > oldest) {
            let message = format!(
                "the policies' batch rules look further back than the {RECORDS_MAX} latest runs, whose records are kept: what they \
                 say may be wrong"
            );
            findings.push(Finding::new(
                "batch/capacity",
                "batch_validator",
                Severity::Warning,
                Phase::Batch,
                Effect::Flag,
                message,
            ));
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(starts: &[i64], max: usize) -> Records {
        let mut records = Records::default();
        for start in starts {
            let run_id = start.to_string();
            records.insert(RunRecord { run_id, ..RunRecord::new(Timestamp::from_micros(*start)) });
            records.cut(max);
        }
        records
    }

    #[test]
    fn the_latest_stay_whatever_the_order() {
        let whole = records(&[1, 2, 3, 4, 5, 6], 3);
        assert_eq!(whole, records(&[6, 1, 5, 3, 2, 4], 3));
        assert_eq!((whole.by_start.len(), whole.dropped), (3, Some(3)));
        let mut merged = records(&[1, 4, 6], 3);
        merged.merge(&records(&[2, 3, 5], 3));
        merged.cut(3);
        assert_eq!(merged, whole);
        merged.forget(5);
        assert_eq!(merged.by_start.len(), 1);
        let written = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Records>(&written).unwrap(), whole);
    }
}
