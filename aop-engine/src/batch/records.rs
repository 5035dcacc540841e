//! The policies' batch rules: what they need of a run, and what they say.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use aop_dsl::{Judgement, RunRecord};
use aop_rules::batch::CAPACITY;
use aop_toon::{Finding, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::RunNotes;
use crate::engine::Engine;
use crate::run_state::RunState;

/// The records of many runs: the latest that there is place for, whatever the order in which they came.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Records {
    by_start: BTreeSet<ByStart>,
    /// What they take.
    bytes: usize,
    /// The latest beginning of a run whose record was dropped; all that began then or before are.
    dropped: Option<i64>,
}

/// So many records are kept,
const RECORDS_MAX: usize = 250_000;
/// of so many bytes in all.
const BYTES_MAX: usize = 256 << 20;

/// A record, by its beginning, its name and all else: two runs of one name are two records.
#[derive(Debug, Clone)]
struct ByStart(RunRecord);

impl ByStart {
    /// Before all that begin at this time.
    fn from(micros: i64) -> Self {
        Self(RunRecord { duration_micros: i64::MIN, ..RunRecord::new(Timestamp::from_micros(micros)) })
    }

    fn bytes(&self) -> usize {
        let RunRecord { run_id, status, meta, .. } = &self.0;
        size_of::<Self>() + run_id.len() + status.len() + meta.as_ref().map_or(0, String::len)
    }
}

impl Ord for ByStart {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |RunRecord { duration_micros, events, requests, responses, errors, refused, .. }: &RunRecord| {
            (*duration_micros, *events, *requests, *responses, *errors, *refused)
        };
        let start = self.0.start.micros().cmp(&other.0.start.micros());
        start
            .then_with(|| self.0.run_id.cmp(&other.0.run_id))
            .then_with(|| self.0.status.cmp(&other.0.status))
            .then_with(|| self.0.agent_id.cmp(&other.0.agent_id))
            .then_with(|| numbers(&self.0).cmp(&numbers(&other.0)))
            .then_with(|| self.0.meta.cmp(&other.0.meta))
    }
}

impl PartialOrd for ByStart {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByStart {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ByStart {}

impl Records {
    pub(crate) fn insert(&mut self, record: RunRecord) {
        self.add(ByStart(record));
        self.cut(RECORDS_MAX, BYTES_MAX);
    }

    fn add(&mut self, record: ByStart) {
        let bytes = record.bytes();
        let is_dropped = self.dropped.is_some_and(|dropped| record.0.start.micros() <= dropped);
        if !is_dropped && self.by_start.insert(record) {
            self.bytes += bytes;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.drop_to(other.dropped);
        for record in &other.by_start {
            self.add(record.clone());
            self.cut(RECORDS_MAX, BYTES_MAX);
        }
    }

    /// Drops the oldest beyond these bounds, and all that began when the last of them did: what is kept is then the same in whatever order
    /// records of different sizes came.
    fn cut(&mut self, max: usize, bytes_max: usize) {
        while (self.by_start.len() > max || self.bytes > bytes_max)
            && let Some(start) = self.by_start.first().map(|record| record.0.start.micros())
        {
            self.drop_to(Some(start));
        }
    }

    fn drop_to(&mut self, start: Option<i64>) {
        self.dropped = self.dropped.max(start);
        if let Some(dropped) = self.dropped {
            self.forget(dropped);
        }
    }

    /// Forgets runs that began at this time or before.
    pub(crate) fn forget(&mut self, until_micros: i64) {
        while let Some(first) = self.by_start.first().filter(|first| first.0.start.micros() <= until_micros) {
            self.bytes = self.bytes.saturating_sub(first.bytes());
            self.by_start.pop_first();
        }
    }
}

impl Serialize for Records {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.dropped, self.by_start.iter().map(|record| &record.0).collect::<Vec<_>>()).serialize(serializer)
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
    pub(crate) fn judge_records(&self, records: &Records, unnoted_meta: u64, now: Timestamp) -> Vec<Finding> {
        let Some(look_back) = self.policies.batch_look_back_micros() else { return Vec::new() };
        let oldest = now.micros().saturating_sub(look_back);
        let looked_at: Vec<RunRecord> =
            records.by_start.range(ByStart::from(oldest)..).map(|record| record.0.clone()).collect();
        let mut findings = self.judge_batch(&looked_at, now);
        if records.dropped.is_some_and(|dropped| dropped >= oldest) {
            findings.push(CAPACITY.finding(format!(
                "the policies' batch rules look further back than the latest runs whose records are kept ({RECORDS_MAX}, of {} MiB in all): \
                 what they say may be wrong",
                BYTES_MAX >> 20
            )));
        }
        if unnoted_meta > 0 {
            findings.push(CAPACITY.finding(format!(
                "{unnoted_meta} members of runs' `meta` had no place (64 a run, of 4 KiB in all): to the policies' batch rules they are missing"
            )));
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
            records.cut(max, BYTES_MAX);
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
        merged.cut(3, BYTES_MAX);
        assert_eq!(merged, whole);
        merged.forget(5);
        assert_eq!(merged.by_start.len(), 1);
        let written = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Records>(&written).unwrap(), whole);
    }

    #[test]
    fn a_clean_run_of_the_same_name_does_not_take_the_place_of_a_bad_one() {
        let clean = RunRecord { run_id: "r".to_owned(), ..RunRecord::new(Timestamp::from_micros(1)) };
        let bad = RunRecord { errors: 9, ..clean.clone() };
        let of = |records: [&RunRecord; 2]| {
            let mut all = Records::default();
            records.into_iter().for_each(|record| all.insert(record.clone()));
            all
        };
        assert_eq!(of([&clean, &bad]), of([&bad, &clean]));
        assert_eq!(of([&clean, &bad]).by_start.len(), 2);
        assert_eq!(of([&bad, &bad]).by_start.len(), 1);
    }

    #[test]
    fn what_stays_within_the_bytes_depends_on_no_order() {
        let of = |sizes: [(i64, usize); 3]| {
            let mut records = Records::default();
            for (start, bytes) in sizes {
                let meta = Some("x".repeat(bytes));
                records.add(ByStart(RunRecord { meta, ..RunRecord::new(Timestamp::from_micros(start)) }));
                records.cut(10, 11_000);
            }
            records
        };
        let whole = of([(1, 1000), (2, 8000), (3, 5000)]);
        assert_eq!((whole.by_start.len(), whole.dropped), (1, Some(2)));
        assert_eq!(whole, of([(2, 8000), (3, 5000), (1, 1000)]));
        assert_eq!(whole, of([(3, 5000), (1, 1000), (2, 8000)]));
    }
}
