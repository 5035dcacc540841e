//! `event_frequency_validator`: how often events come, against limits and against the run's own rate.

use aop_toon::{Effect, Phase, Severity};
use serde::{Deserialize, Serialize};

use super::{EventFilter, SettingsError, TimeSpan};
use crate::rule::{Rule, Status};

pub use super::rates::FrequencyState;

/// More events than a limit allows.
pub static FREQ_LIMIT: Rule = Rule {
    id: "freq/limit",
    validator: "event_frequency_validator",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "more events in a window than the limit allows",
    why: "A runaway agent shows in its rate before it shows in its bill. The setting chooses whether the event is flagged, \
          throttled or denied.",
    source: "the operator's setting `frequency.limits`",
};

/// A window with far more events than the run's others.
pub static FREQ_BURST: Rule = Rule {
    id: "freq/burst",
    phase: Phase::PostRun,
    summary: "far more events in a window than in the run's others",
    why: "A sudden burst in a run of even pace is a loop, a replay or a bulk read.",
    source: "robust z-score: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993)",
    ..FREQ_LIMIT
};

/// Expected events that stay away.
pub static FREQ_SILENCE: Rule = Rule {
    id: "freq/silence",
    summary: "events that should keep coming stayed away",
    why: "A heartbeat or check that stops is how a silenced watcher shows.",
    source: "the operator's setting `frequency.silences`",
    ..FREQ_BURST
};

/// Too many failures.
pub static FREQ_ERROR_SHARE: Rule = Rule {
    id: "freq/error-share",
    summary: "too large a share of actions failed",
    why: "An agent whose calls mostly fail is guessing, probing or cut off from its tools.",
    source: "the operator's setting `frequency.error_shares`",
    ..FREQ_BURST
};

/// A share of events outside of its bounds.
pub static FREQ_MIX: Rule = Rule {
    id: "freq/mix",
    summary: "a kind of event has a share outside of its bounds",
    why: "A run that is nearly all thoughts, or all writes, is not the run it should be.",
    source: "the operator's setting `frequency.mixes`",
    ..FREQ_BURST
};

/// What `event_frequency_validator` is told. By default there is one burst check and one share of errors, both wide.
///
/// Only accepted events count, in everything here.
///
/// ```
/// use aop_rules::post_run::{FrequencySettings, LimitEffect};
///
/// let settings: FrequencySettings = serde_json::from_str(r#"{"limits":[
///     {"of":{"type":"action_request"},"by":"action","max":100,"within":"1m","effect":"throttle"}]}"#)?;
/// assert_eq!(settings.limits[0].effect, LimitEffect::Throttle);
/// settings.validate()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FrequencySettings {
    /// Most events in a sliding window.
    pub limits: Vec<Limit>,
    /// Windows far above the run's others.
    pub bursts: Vec<Burst>,
    /// Events that have to keep coming.
    pub silences: Vec<Silence>,
    /// Largest shares of failures.
    pub error_shares: Vec<ErrorShare>,
    /// Bounds on the share of a kind of event.
    pub mixes: Vec<Mix>,
}

impl Default for FrequencySettings {
    fn default() -> Self {
        Self {
            limits: Vec::new(),
            bursts: vec![Burst::default()],
            silences: Vec::new(),
            error_shares: vec![ErrorShare::default()],
            mixes: Vec::new(),
        }
    }
}

/// At most `max` of these events in any window (now − `within`, now] on the run's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Which events count.
    #[serde(default)]
    pub of: EventFilter,
    /// Whether each action, actor or type has the limit to itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// How many are allowed, at most [`LIMIT_MAX`].
    pub max: usize,
    /// The window's length.
    pub within: TimeSpan,
    /// What becomes of an event over the limit.
    #[serde(default)]
    pub effect: LimitEffect,
}

/// The greatest `max` of a [`Limit`]: so many times are remembered.
pub const LIMIT_MAX: usize = 4096;

/// How many different keys of a [`Limit`] with `by` are told apart; later ones share one count, which counts high.
pub const KEYS_MAX: usize = 64;

/// What splits a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Each action; events without one share one.
    Action,
    /// Each actor.
    Actor,
    /// Each type.
    Type,
}

/// What becomes of an event over a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitEffect {
    /// It is accepted, and the finding is kept.
    #[default]
    Flag,
    /// It is refused for a while.
    Throttle,
    /// It is refused.
    Deny,
}

impl From<LimitEffect> for Effect {
    fn from(effect: LimitEffect) -> Self {
        match effect {
            LimitEffect::Flag => Effect::Flag,
            LimitEffect::Throttle => Effect::Throttle,
            LimitEffect::Deny => Effect::Deny,
        }
    }
}

/// A window is a burst when it has at least `min_count` events and more than median + `z` · 1.4826 · max(MAD, 1), both over
/// the run's windows that are not empty.
///
/// Windows follow each other without overlap, from the first event that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Burst {
    /// Which events count.
    pub of: EventFilter,
    /// A window's length.
    pub within: TimeSpan,
    /// How many robust standard deviations above the median are too many.
    pub z: f64,
    /// A window with fewer events is no burst.
    pub min_count: u64,
    /// A run with fewer windows that are not empty has no rate of its own.
    pub min_windows: u64,
}

impl Default for Burst {
    fn default() -> Self {
        let of = EventFilter::default();
        Self { of, within: TimeSpan::from_secs(10), z: 8.0, min_count: 50, min_windows: 8 }
    }
}

/// These events come at least every `max`, from the run's first event to its last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// Which events have to keep coming.
    pub of: EventFilter,
    /// The longest they may stay away.
    pub max: TimeSpan,
}

/// At most this share of actions fails: of responses and `error` events together, those with status error and `error` events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ErrorShare {
    /// Which responses and errors count.
    pub of: EventFilter,
    /// The largest share, from 0 to 1.
    pub max: f64,
    /// With fewer responses and errors than this there is no share to speak of.
    pub min_count: u64,
}

impl Default for ErrorShare {
    fn default() -> Self {
        Self { of: EventFilter::default(), max: 0.5, min_count: 20 }
    }
}

/// The share that events `of` a kind have `among` others lies between `min` and `max`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mix {
    /// The events whose share it is.
    pub of: EventFilter,
    /// The events it is a share of; those of `of` count only when they are also among these.
    #[serde(default)]
    pub among: EventFilter,
    /// The smallest share, from 0 to 1.
    #[serde(default)]
    pub min: f64,
    /// The largest share, from 0 to 1.
    #[serde(default = "whole")]
    pub max: f64,
    /// With fewer events than this there is no share to speak of.
    #[serde(default = "mix_min_count")]
    pub min_count: u64,
}

fn whole() -> f64 {
    1.0
}

fn mix_min_count() -> u64 {
    20
}

impl FrequencySettings {
    /// # Errors
    /// When a window has no length, a limit is over [`LIMIT_MAX`], a share is not from 0 to 1, or a least count is 0.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let error = |place: String, problem: String| Err(SettingsError::new(format!("frequency.{place}"), problem));
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        let no_length = "a window of no length holds nothing; write a length such as \"1m\"";
        for (index, limit) in self.limits.iter().enumerate() {
            if limit.max > LIMIT_MAX {
                return error(format!("limits[{index}].max"), format!("{} is more than {LIMIT_MAX}", limit.max));
            }
            if limit.within.micros() == 0 {
                return error(format!("limits[{index}].within"), no_length.to_owned());
            }
        }
        for (index, burst) in self.bursts.iter().enumerate() {
            if burst.within.micros() == 0 {
                return error(format!("bursts[{index}].within"), no_length.to_owned());
            }
            if !(burst.z.is_finite() && burst.z > 0.0) {
                return error(format!("bursts[{index}].z"), format!("{} is not a number above 0", burst.z));
            }
            if burst.min_count == 0 || burst.min_windows == 0 {
                return error(format!("bursts[{index}]"), "min_count and min_windows are 1 or more".to_owned());
            }
        }
        for (index, share) in self.error_shares.iter().enumerate() {
            if !is_share(share.max) {
                return error(format!("error_shares[{index}].max"), format!("{} is not a share from 0 to 1", share.max));
            }
            if share.min_count == 0 {
                return error(
                    format!("error_shares[{index}].min_count"),
                    "0 events have no share; write 1 or more".to_owned(),
                );
            }
        }
        for (index, mix) in self.mixes.iter().enumerate() {
            if !is_share(mix.min) || !is_share(mix.max) || mix.min > mix.max {
                let problem = format!("from {} to {} is not a range of shares within 0 to 1", mix.min, mix.max);
                return error(format!("mixes[{index}]"), problem);
            }
            if mix.min_count == 0 {
                return error(format!("mixes[{index}].min_count"), "0 events have no share; write 1 or more".to_owned());
            }
        }
        Ok(())
    }
}
