//! The memory of many runs.

use std::collections::BTreeMap;

use aop_toon::{Finding, Timestamp};
use serde::{Deserialize, Serialize};

use super::bucket::{Bucket, RunName, SLICES};
use super::view::View;
use super::{BatchSettings, RunProfile, rules};
use crate::post_run::TimeSpan;

/// What is remembered of many runs, by buckets of time: a value of bounded size that can be written out and read back.
///
/// Neither the order of the runs matters nor how they were spread over several states before these were merged: the findings,
/// and the state itself, are the same. A run is to be taken in once.
///
/// ```
/// use aop_rules::batch::{BatchSettings, BatchState, RunProfile};
///
/// let settings = BatchSettings { history_min: 2, novelty_max: 1.0, ..BatchSettings::default() };
/// let run = |id: &str, day: u32, action: &str| -> RunProfile {
///     serde_json::from_value(serde_json::json!({"run_id": id, "who": {"agent": 7}, "start": format!("2025-12-{day:02}T10:00:00Z"),
///         "duration_micros": 1000, "events": 2, "requests": 1, "errors": 0, "refused": 0, "actions": {action: 1}})).unwrap()
/// };
/// let mut past = BatchState::new(&settings);
/// past.observe(&settings, &run("a", 3, "search"));
/// past.observe(&settings, &run("b", 4, "search"));
/// let mut today = BatchState::new(&settings);
/// today.observe(&settings, &run("c", 5, "delete_all"));
/// past.merge(&settings, &today);
///
/// let findings = past.finish(&settings, "2025-12-05T12:00:00Z".parse().unwrap());
/// assert_eq!((findings[0].rule.as_ref(), &findings[0].run_ids[..]), ("batch/rare-action", &["c".to_owned()][..]));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchState {
    /// The length of a bucket: a state made under another one counts other times.
    bucket_micros: i64,
    pub(super) buckets: BTreeMap<i64, Bucket>,
    /// The newest bucket for which there was no place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) forgotten: Option<i64>,
    /// How many runs were taken in.
    runs: u64,
}

impl BatchState {
    /// The state of no runs.
    pub fn new(settings: &BatchSettings) -> Self {
        Self { bucket_micros: settings.bucket.micros(), buckets: BTreeMap::new(), forgotten: None, runs: 0 }
    }

    /// Whether it counts times as these settings do; only then it may be gone on with.
    pub fn fits(&self, settings: &BatchSettings) -> bool {
        self.bucket_micros == settings.bucket.micros()
    }

    /// The length of its buckets.
    pub fn bucket(&self) -> TimeSpan {
        TimeSpan::from_micros(self.bucket_micros)
    }

    /// How many runs were ever taken in.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Takes in a run that has ended.
    pub fn observe(&mut self, settings: &BatchSettings, run: &RunProfile) {
        self.runs = self.runs.saturating_add(1);
        let name = RunName(run.start.micros(), run.run_id.clone());
        if let Some(bucket) = self.bucket_at(settings, run.start.micros()) {
            bucket.observe(settings, run, &name);
        }
        for (at, count) in &run.traits.failures {
            let slice = slice_of(settings, *at);
            if let Some(bucket) = self.bucket_at(settings, *at) {
                bucket.fail(settings, &run.who, &name, slice, *count);
            }
        }
    }

    /// Takes in what another state has taken in.
    pub fn merge(&mut self, settings: &BatchSettings, other: &Self) {
        self.runs = self.runs.saturating_add(other.runs);
        self.forget_to(other.forgotten);
        for (index, bucket) in &other.buckets {
            if let Some(own) = self.place(settings, *index) {
                own.merge(settings, bucket);
            }
        }
    }

    /// What there is to say of the runs that began in the window before `now`, beside those of the baseline before it. The state
    /// stays as it is, so this may be asked at any time.
    pub fn finish(&self, settings: &BatchSettings, now: Timestamp) -> Vec<Finding> {
        let view = View::new(self, settings, now);
        let mut findings = Vec::new();
        for rule in rules::CHECKS {
            let before = findings.len();
            rule(settings, &view, &mut findings);
            rules::cut(&mut findings, before);
        }
        findings
    }

    /// Forgets what will never be looked at again when time goes on from `now`: a state that is kept from day to day stays small.
    pub fn forget(&mut self, settings: &BatchSettings, now: Timestamp) {
        let oldest = index_of(settings, now.micros()) - settings.window_buckets() - settings.baseline_buckets();
        self.buckets = self.buckets.split_off(&oldest);
    }

    fn bucket_at(&mut self, settings: &BatchSettings, micros: i64) -> Option<&mut Bucket> {
        self.place(settings, index_of(settings, micros))
    }

    /// The bucket with this index, when it is among the newest for which there is a place.
    fn place(&mut self, settings: &BatchSettings, index: i64) -> Option<&mut Bucket> {
        let max = settings.buckets_max();
        if !self.buckets.contains_key(&index) && self.buckets.len() >= max {
            let (&oldest, _) = self.buckets.first_key_value()?;
            self.forget_to(Some(oldest.min(index)));
            if index < oldest {
                return None;
            }
            self.buckets.pop_first();
        }
        Some(self.buckets.entry(index).or_default())
    }

    fn forget_to(&mut self, index: Option<i64>) {
        self.forgotten = self.forgotten.max(index);
    }
}

pub(super) fn index_of(settings: &BatchSettings, micros: i64) -> i64 {
    micros.div_euclid(settings.bucket.micros().max(1))
}

/// Which slice of its bucket a point in time is in.
fn slice_of(settings: &BatchSettings, micros: i64) -> u8 {
    let length = settings.bucket.micros().max(1);
    let slice = i128::from(micros.rem_euclid(length)) * i128::from(SLICES) / i128::from(length);
    u8::try_from(slice).unwrap_or(u8::MAX)
}
