//! The memory of many runs.

use std::collections::BTreeMap;

use aop_toon::{Finding, Timestamp};
use serde::{Deserialize, Serialize};

use super::bucket::{Bucket, RunName, SLICES};
use super::view::View;
use super::{BatchSettings, RunProfile, clock, rules};
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
    /// How many began after the horizon, and were not.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) ahead: u64,
    /// When it is now, for whoever knows it: a run of a later bucket is not taken in.
    #[serde(skip)]
    horizon: Option<Timestamp>,
}

impl BatchState {
    /// The state of no runs.
    pub fn new(settings: &BatchSettings) -> Self {
        Self {
            bucket_micros: settings.bucket.micros(),
            buckets: BTreeMap::new(),
            forgotten: None,
            runs: 0,
            ahead: 0,
            horizon: None,
        }
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

    /// From now on a run that begins in a later bucket than this time is counted apart, and not taken in: it cannot push out the past.
    /// What is given here is not written out.
    pub fn set_horizon(&mut self, now: Timestamp) {
        self.horizon = Some(now);
    }

    /// Whether a run that begins at this time is not taken in, since it begins after the horizon's bucket.
    pub fn is_ahead(&self, settings: &BatchSettings, start: Timestamp) -> bool {
        self.horizon.is_some_and(|horizon| index_of(settings, start.micros()) > index_of(settings, horizon.micros()))
    }

    /// The latest end of a run, for whoever has no better time. A few clocks that are far ahead of nearly all others are left aside
    /// (of a hundred runs one that is ahead by more than the window; a single one of three or more that is ahead by more than window
    /// and baseline), and of a run's duration no more than a bucket counts. Nothing without runs.
    pub fn latest(&self, settings: &BatchSettings) -> Option<Timestamp> {
        let times = self.buckets.iter().filter(|(_, bucket)| bucket.runs() > 0).map(|(index, bucket)| {
            let begins = index.saturating_mul(settings.bucket.micros());
            (bucket.latest.unwrap_or(begins), bucket.runs())
        });
        Self::latest_of(settings, times.collect())
    }

    /// The same of times and how many runs stand for each, before any of them is taken in.
    pub fn latest_of(settings: &BatchSettings, times: Vec<(i64, u64)>) -> Option<Timestamp> {
        let (near, far) = (settings.window.micros(), settings.window.micros().saturating_add(settings.baseline.micros()));
        clock::latest(times, near, far).map(Timestamp::from_micros)
    }

    /// Takes in a run that has ended. Its failures count at the times when it lasted, and no later than a window after its beginning.
    pub fn observe(&mut self, settings: &BatchSettings, run: &RunProfile) {
        if self.is_ahead(settings, run.start) {
            self.ahead = self.ahead.saturating_add(1);
            return;
        }
        self.runs = self.runs.saturating_add(1);
        let name = RunName(run.start.micros(), run.run_id.clone());
        if let Some(bucket) = self.bucket_at(settings, run.start.micros()) {
            bucket.observe(settings, run, &name);
        }
        let start = run.start.micros();
        let lasted = run.duration_micros.clamp(0, settings.window.micros().max(0));
        let end = start.saturating_add(lasted);
        let end = self.horizon.map_or(end, |horizon| end.min(horizon.micros()).max(start));
        for (at, count) in &run.traits.failures {
            let at = (*at).clamp(start, end);
            let slice = slice_of(settings, at);
            if let Some(bucket) = self.bucket_at(settings, at) {
                bucket.fail(settings, &run.who, &name, slice, *count);
            }
        }
    }

    /// Takes in what another state has taken in.
    pub fn merge(&mut self, settings: &BatchSettings, other: &Self) {
        self.runs = self.runs.saturating_add(other.runs);
        self.ahead = self.ahead.saturating_add(other.ahead);
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
        let look_back = settings.window_buckets().saturating_add(settings.baseline_buckets());
        let oldest = index_of(settings, now.micros()).saturating_sub(look_back);
        self.buckets = self.buckets.split_off(&oldest);
        self.ahead = 0; // that was said
    }

    fn bucket_at(&mut self, settings: &BatchSettings, micros: i64) -> Option<&mut Bucket> {
        self.place(settings, index_of(settings, micros))
    }

    /// The bucket with this index, when it is among the newest for which there is a place.
    fn place(&mut self, settings: &BatchSettings, index: i64) -> Option<&mut Bucket> {
        let max = settings.buckets_max();
        if !self.buckets.contains_key(&index) && self.buckets.len() >= max {
            let horizon = self.horizon.map(|horizon| index_of(settings, horizon.micros()));
            if let Some(last) =
                self.buckets.last_entry().filter(|last| horizon.is_some_and(|now| *last.key() > now.max(index)))
            {
                self.ahead = self.ahead.saturating_add(last.remove().runs());
                return Some(self.buckets.entry(index).or_default());
            }
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

fn is_zero(count: &u64) -> bool {
    *count == 0
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
