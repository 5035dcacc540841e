//! The memory of many runs, as the engine keeps it.

use aop_toon::{Finding, Timestamp};
use serde::{Deserialize, Serialize};

use super::EndedRun;
use crate::config::BatchSettings;
use crate::engine::Engine;
use crate::error::StateError;

/// The version of the written form. It rises when a state that was written before can no longer be read.
const FORMAT: u32 = 1;

/// What is remembered of many runs: a value of bounded size that can be written out and read back.
///
/// Take in each run once, when it has ended, in any order. Kept from day to day, it is the past that the next day's runs are
/// compared with:
///
/// ```
/// use aop_engine::{Engine, traces_from_jsonl};
/// # let (yesterdays_file, todays_file) = (b"", b"");
/// let engine = Engine::builder().build()?;
///
/// // Yesterday: runs were judged, and what is left of them was written out.
/// let (traces, _) = traces_from_jsonl(yesterdays_file, &Default::default());
/// let mut batch = engine.new_batch();
/// engine.evaluate_stream(traces.iter(), |trace| (*trace).clone(), &mut batch, |_report| {});
/// let kept = batch.to_json();
///
/// // Today: the same with today's runs, beside what was kept.
/// let mut batch = engine.restore_batch(&kept)?;
/// let (traces, _) = traces_from_jsonl(todays_file, &Default::default());
/// engine.evaluate_stream(traces.iter(), |trace| (*trace).clone(), &mut batch, |_report| {});
/// let now = "2025-12-05T23:59:59Z".parse()?;
/// let findings = engine.finish_batch(&batch, now);
/// engine.forget_batch(&mut batch, now);
/// let kept = batch.to_json();
/// # assert!(findings.is_empty() && !kept.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchState {
    format: u32,
    pub(crate) runs: aop_rules::batch::BatchState,
    #[cfg(feature = "policies")]
    #[serde(default)]
    pub(crate) records: super::records::Records,
    /// How many members of runs' meta had no place.
    #[serde(default)]
    unnoted_meta: u64,
}

impl BatchState {
    /// The state as JSON, for [`Engine::restore_batch`].
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("the state's keys are numbers and texts, and nothing else fails")
    }

    /// How many runs were ever taken in.
    pub fn runs(&self) -> u64 {
        self.runs.runs()
    }
}

impl Engine {
    /// The settings of the rules over many runs; when they are off, time is counted as by default.
    pub(super) fn batch_settings(&self) -> std::borrow::Cow<'_, BatchSettings> {
        use std::borrow::Cow::{Borrowed, Owned};
        self.settings.batch.as_ref().map_or_else(|| Owned(BatchSettings::default()), Borrowed)
    }

    /// The state of no runs.
    pub fn new_batch(&self) -> BatchState {
        BatchState {
            format: FORMAT,
            runs: aop_rules::batch::BatchState::new(&self.batch_settings()),
            #[cfg(feature = "policies")]
            records: super::records::Records::default(),
            unnoted_meta: 0,
        }
    }

    /// From now on a run that begins later than the bucket that `now` is in is counted apart, and neither taken in nor judged: whoever
    /// knows what time it is says so before runs are taken in, and no run with a wrong clock pushes out the past. It is not written out.
    pub fn set_batch_horizon(&self, batch: &mut BatchState, now: Timestamp) {
        batch.runs.set_horizon(now);
    }

    /// The latest end of any run: what now is for whoever has no better time. A few runs whose clocks are far ahead of nearly all others
    /// are left aside. Nothing without runs.
    pub fn latest_of_batch(&self, batch: &BatchState) -> Option<Timestamp> {
        batch.runs.latest(&self.batch_settings())
    }

    /// Takes in a run that has ended.
    pub fn observe_run(&self, run: &EndedRun, batch: &mut BatchState) {
        let profile = &run.profile;
        // Without the rules over many runs, the policies' have their records, and these tell nothing of now but by these buckets.
        batch.runs.observe(&self.batch_settings(), profile);
        if batch.runs.is_ahead(&self.batch_settings(), profile.start) {
            return;
        }
        batch.unnoted_meta = batch.unnoted_meta.saturating_add(run.unnoted_meta);
        #[cfg(feature = "policies")]
        if let Some(record) = &run.record {
            batch.records.insert(record.clone());
        }
    }

    /// Takes in what another state has taken in; which of the two comes first makes no difference.
    pub fn merge_batch(&self, batch: &mut BatchState, other: &BatchState) {
        batch.unnoted_meta = batch.unnoted_meta.saturating_add(other.unnoted_meta);
        batch.runs.merge(&self.batch_settings(), &other.runs);
        #[cfg(feature = "policies")]
        batch.records.merge(&other.records);
    }

    /// What is to be said of the runs as of `now`: what is unusual in the window of the settings, and what the policies' batch rules
    /// say. The state stays as it is.
    pub fn finish_batch(&self, batch: &BatchState, now: Timestamp) -> Vec<Finding> {
        #[cfg_attr(not(feature = "policies"), expect(unused_mut, reason = "nothing is added without policies"))]
        let mut findings = self.settings.batch.as_ref().map_or_else(Vec::new, |settings| batch.runs.finish(settings, now));
        #[cfg(feature = "policies")]
        findings.extend(self.judge_records(&batch.records, batch.unnoted_meta, now));
        findings
    }

    /// Forgets what is too long ago to be looked at when time goes on from `now`: for states that are kept.
    pub fn forget_batch(&self, batch: &mut BatchState, now: Timestamp) {
        batch.runs.forget(&self.batch_settings(), now);
        batch.unnoted_meta = 0; // that was said
        #[cfg(feature = "policies")]
        {
            let look_back = self.policies.batch_look_back_micros().unwrap_or(0);
            batch.records.forget(now.micros().saturating_sub(look_back));
        }
    }

    /// Reads back a state that [`BatchState::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is no such state, or one of another format, or it counts time in other buckets than the settings say.
    pub fn restore_batch(&self, json: &str) -> Result<BatchState, StateError> {
        // The format first: under another one, the rest need not have these fields.
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let Head { format } = serde_json::from_str(json).map_err(StateError::MalformedBatch)?;
        if format != FORMAT {
            return Err(StateError::BatchFormat { found: format, known: FORMAT });
        }
        let batch: BatchState = serde_json::from_str(json).map_err(StateError::MalformedBatch)?;
        let settings = self.batch_settings();
        if !batch.runs.fits(&settings) {
            return Err(StateError::Buckets { found: batch.runs.bucket(), wanted: settings.bucket });
        }
        Ok(batch)
    }

    /// Whether a policy has batch rules, which read the meta of runs.
    pub(crate) fn asks_for_meta(&self) -> bool {
        #[cfg(feature = "policies")]
        return self.policies.batch_look_back_micros().is_some();
        #[cfg(not(feature = "policies"))]
        false
    }
}
