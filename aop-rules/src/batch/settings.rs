//! What the operator says of sets of runs.

use serde::{Deserialize, Serialize};

use crate::post_run::{SettingsError, TimeSpan};

/// What is watched over many runs, and from when on it is unusual. The defaults are meant to be quiet: an agent is compared with
/// its own past only, and only once it has one.
///
/// ```
/// let settings: aop_rules::batch::BatchSettings = serde_json::from_str(r#"{"window": "12h", "bucket": "3h"}"#).unwrap();
/// settings.validate().unwrap();
/// assert_eq!(settings.runs_min, 20);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BatchSettings {
    /// The runs that are judged: those that began in this time before now (in whole buckets, and in the one that now is in).
    pub window: TimeSpan,
    /// The runs that they are compared with: those that began in this time before the window.
    pub baseline: TimeSpan,
    /// How finely time is remembered: what is known of the past is known by buckets of this length.
    pub bucket: TimeSpan,
    /// How many runs an agent must have in the window before they are compared.
    pub runs_min: u64,
    /// How many runs an agent must have in the baseline before it is compared with it.
    pub history_min: u64,
    /// `batch/drift-duration`: how many times longer or shorter the median run must be,
    pub duration_ratio: f64,
    /// and how far away, in robust standard deviations of single runs.
    pub duration_z: f64,
    /// `batch/drift-errors`: by how much the share of runs with an error must have risen,
    pub error_rise: f64,
    /// and how far that is from chance, in standard deviations.
    pub error_z: f64,
    /// `batch/drift-mix`: the Jensen–Shannon divergence of the mixes of actions, from 0 to 1,
    pub mix_max: f64,
    /// with at least so many requests in the window.
    pub mix_requests_min: u64,
    /// `batch/change-point`: how unlikely the change must be by chance,
    pub change_p_max: f64,
    /// how many times larger or smaller the later median must be (of shares of failed runs, it is `error_rise` that counts),
    pub change_ratio: f64,
    /// and how long ago it may have been.
    pub change_within: TimeSpan,
    /// `batch/rare-action`, `batch/new-destination`: how likely something new may be for an agent, for it to be worth a word.
    pub novelty_max: f64,
    /// `batch/shared-fingerprint`: in how many runs one secret must come up.
    pub secret_runs: u64,
    /// Among how many agents one person's data must come up; not looked at by default, since agents may serve the same people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_agents: Option<u64>,
    /// In how many sessions one person's data must come up; not looked at by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_sessions: Option<u64>,
    /// `batch/slow-exfiltration`: how many bytes must have gone to one destination that is new to the agent,
    pub slow_bytes_min: u64,
    /// when no single run has sent more than so many,
    pub slow_run_bytes_max: u64,
    /// in at least so many runs.
    pub slow_runs_min: u64,
    /// `batch/failure-burst`: how many failures and refusals an agent must have in one 24th of a bucket,
    pub failures_min: u64,
    /// and how many times more than in the worst one of its baseline.
    pub failures_ratio: f64,
    /// How many agents a bucket tells apart.
    pub agents_max: usize,
    /// How many actions of agents, how many destinations of agents, and how many fingerprints a bucket tells apart.
    pub keys_max: usize,
}

impl Default for BatchSettings {
    fn default() -> Self {
        Self {
            window: TimeSpan::from_secs(24 * 3600),
            baseline: TimeSpan::from_secs(28 * 24 * 3600),
            bucket: TimeSpan::from_secs(6 * 3600),
            runs_min: 20,
            history_min: 100,
            duration_ratio: 2.0,
            duration_z: 3.5,
            error_rise: 0.1,
            error_z: 4.0,
            mix_max: 0.2,
            mix_requests_min: 200,
            change_p_max: 0.001,
            change_ratio: 1.5,
            change_within: TimeSpan::from_secs(7 * 24 * 3600),
            novelty_max: 0.01,
            secret_runs: 2,
            personal_agents: None,
            personal_sessions: None,
            slow_bytes_min: 256 << 10,
            slow_run_bytes_max: 64 << 10,
            slow_runs_min: 5,
            failures_min: 20,
            failures_ratio: 3.0,
            agents_max: 1024,
            keys_max: 8192,
        }
    }
}

/// More buckets than these would be no bound.
const BUCKETS_MAX: i64 = 2000;

impl BatchSettings {
    /// Says which setting makes no sense, and what would.
    ///
    /// # Errors
    /// The first such setting, by its name.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let check = |is_good: bool, name: &str, wanted: &str| match is_good {
            true => Ok(()),
            false => Err(SettingsError::new(format!("batch.{name}"), wanted)),
        };
        let bucket = self.bucket.micros();
        check(bucket >= 60_000_000, "bucket", "write one minute or more")?;
        let is_whole = |span: TimeSpan| span.micros() > 0 && span.micros() % bucket == 0;
        check(is_whole(self.window), "window", "write a whole number of buckets (`batch.bucket`), at least one")?;
        check(is_whole(self.baseline), "baseline", "write a whole number of buckets (`batch.bucket`), at least one")?;
        let buckets = self.window_buckets().saturating_add(self.baseline_buckets());
        check(buckets <= BUCKETS_MAX, "bucket", "make it longer: window and baseline have more than 2000 of these")?;
        check(self.runs_min > 0, "runs_min", "write 1 or more")?;
        check(self.history_min > 0, "history_min", "write 1 or more")?;
        let at_least = |value: f64, least: f64| value.is_finite() && value >= least;
        let is_share = |value: f64| (0.0..=1.0).contains(&value);
        check(at_least(self.duration_ratio, 1.0), "duration_ratio", "write a number from 1 on")?;
        check(at_least(self.duration_z, 0.0), "duration_z", "write a number from 0 on")?;
        check(is_share(self.error_rise), "error_rise", "write a share from 0 to 1")?;
        check(at_least(self.error_z, 0.0), "error_z", "write a number from 0 on")?;
        check(is_share(self.mix_max), "mix_max", "write a number from 0 to 1")?;
        check(self.mix_requests_min > 0, "mix_requests_min", "write 1 or more")?;
        check(self.change_p_max > 0.0 && self.change_p_max < 1.0, "change_p_max", "write a probability between 0 and 1")?;
        check(at_least(self.change_ratio, 1.0), "change_ratio", "write a number from 1 on")?;
        check(is_share(self.novelty_max), "novelty_max", "write a probability from 0 to 1")?;
        let at_least_two = |count: u64| count >= 2;
        check(at_least_two(self.secret_runs), "secret_runs", "write 2 or more: one run shares nothing")?;
        check(
            self.personal_agents.is_none_or(at_least_two),
            "personal_agents",
            "write 2 or more: one agent shares nothing",
        )?;
        check(
            self.personal_sessions.is_none_or(at_least_two),
            "personal_sessions",
            "write 2 or more: one session shares nothing",
        )?;
        check(self.slow_runs_min >= 2, "slow_runs_min", "write 2 or more: one run is not slow")?;
        check(self.failures_min > 0, "failures_min", "write 1 or more")?;
        check(at_least(self.failures_ratio, 1.0), "failures_ratio", "write a number from 1 on")?;
        check(self.agents_max > 0, "agents_max", "write 1 or more")?;
        check(self.keys_max > 0, "keys_max", "write 1 or more")
    }

    pub(super) fn window_buckets(&self) -> i64 {
        self.window.micros() / self.bucket.micros().max(1)
    }

    pub(super) fn baseline_buckets(&self) -> i64 {
        self.baseline.micros() / self.bucket.micros().max(1)
    }

    /// How many buckets a state keeps: twice those that are looked at, so that runs of other times do not push them out at once.
    pub(super) fn buckets_max(&self) -> usize {
        let looked_at = self.window_buckets().saturating_add(self.baseline_buckets()).saturating_add(1);
        usize::try_from(looked_at.saturating_mul(2)).unwrap_or(usize::MAX)
    }
}
