//! Validators that watch a run as a whole: its times, its steps, its sequence and its frequencies.
//!
//! Each is a settings type (what the operator says, quiet by default), a state (what has to be remembered of a run, bounded
//! and writable) and three functions of that state:
//!
//! - `at_ingestion` reads it and finds what can be said when an event arrives,
//! - `observe` takes the event in, and is the only way the state changes,
//! - `finish` finds what can be said if the run ended here. It reads only, so it may be asked after any event.
//!
//! For each arriving event the caller asks `at_ingestion`, decides, and then tells `observe` whether the event was accepted.
//! Nothing here reads a clock: time is an event's [`Arrival::clock`], or the `now` given to `finish`.
//!
//! ```
//! use aop_rules::post_run::{Arrival, SequenceSettings, SequenceState};
//! use aop_toon::Event;
//!
//! let settings = SequenceSettings::default();
//! let mut state = SequenceState::default();
//! let event = Event::parse(br#"{"seq":7,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
//!     "payload":{"thought":"hello"},"meta":{}}"#)?;
//! let arrival = Arrival::new(&event, event.t(), &[], None);
//! let mut findings = Vec::new();
//! state.at_ingestion(&settings, &arrival, &mut findings);
//! state.observe(&settings, &arrival, true);
//! assert_eq!(findings[0].message, "the run begins with #7; a run begins with #0 or #1");
//! # Ok::<(), aop_toon::ParseError>(())
//! ```

mod bounded;
mod claims;
mod conformance;
mod filter;
mod frequency;
mod hashes;
mod lag_limit;
mod missing_step;
mod obeyed;
mod pattern;
mod rates;
mod record;
mod repeats;
mod retries;
pub(crate) mod robust;
mod seen;
mod sequence;
mod time_span;
mod timelag;
mod workflow;

use std::borrow::Cow;

use aop_toon::{Event, Finding, Paired, Phase, Reused, Timestamp};

use crate::rule::Rule;

pub use bounded::{FINDINGS_MAX, OPEN_REQUESTS_MAX};
pub use claims::{Overconfidence, SEQ_FALSE_SUCCESS, SEQ_OVERCONFIDENT};
pub use conformance::{
    Conformance, ConformanceModel, ConformanceSettings, ConformanceState, Context, Fitness, LearnError, Learner, Next,
    RunSteps, STEP_CONFORMANCE, STEPS_MAX, StepBefore, StepError, StepKind, WorkflowStep,
};
pub use filter::EventFilter;
pub use frequency::{
    Burst, By, ErrorShare, FREQ_BURST, FREQ_ERROR_SHARE, FREQ_LIMIT, FREQ_MIX, FREQ_SILENCE, FrequencySettings,
    FrequencyState, KEYS_MAX, LIMIT_MAX, Limit, LimitEffect, Mix, Silence,
};
pub use lag_limit::{LagLimit, LagLimitError};
pub use missing_step::{
    MissingStepSettings, MissingStepState, STEP_FOLLOW_UP, STEP_MISSING, STEP_NO_FINAL, STEP_ORDER, WATCHED_MAX,
};
pub use obeyed::{ORDERS_MAX, ObeyedScratch, ObeyedState, TOLD_MAX, USUAL_MAX};
pub use pattern::{Pattern, PatternError};
pub use record::{ActionRecord, ActorCounts, RECORD_ACTIONS_MAX, RecordState, Timing, TraceRecord, TypeCounts, Usage};
pub use retries::SEQ_RETRY;
pub use sequence::{
    ReusedCallId, SEQ_AFTER_FINAL, SEQ_CONTRADICTION, SEQ_DOUBLE_RESPONSE, SEQ_DUPLICATE, SEQ_GAP, SEQ_LOOP,
    SEQ_ORPHAN_RESPONSE, SEQ_REGRESSION, SEQ_STALL, SEQ_UNANSWERED, SequenceSettings, SequenceState,
};
pub use time_span::{TimeSpan, TimeSpanError};
pub use timelag::{LAG_CLOCK, LAG_GAP, LAG_RESPONSE, LAG_RUN, LAG_THINK, ResponseLimit, TimeLagSettings, TimeLagState};
pub use workflow::{Applies, Approval, Before, FinalOutputRule, FollowUp, Outcome, Step, Workflow};

/// The rules of the four validators, in the order of the manual.
pub static RULES: &[&Rule] = &[
    &LAG_GAP,
    &LAG_RESPONSE,
    &LAG_RUN,
    &LAG_THINK,
    &LAG_CLOCK,
    &STEP_MISSING,
    &STEP_ORDER,
    &STEP_FOLLOW_UP,
    &STEP_NO_FINAL,
    &STEP_CONFORMANCE,
    &SEQ_GAP,
    &SEQ_DUPLICATE,
    &SEQ_REGRESSION,
    &SEQ_ORPHAN_RESPONSE,
    &SEQ_UNANSWERED,
    &SEQ_DOUBLE_RESPONSE,
    &SEQ_AFTER_FINAL,
    &SEQ_CONTRADICTION,
    &SEQ_FALSE_SUCCESS,
    &SEQ_OVERCONFIDENT,
    &SEQ_LOOP,
    &SEQ_RETRY,
    &SEQ_STALL,
    &FREQ_LIMIT,
    &FREQ_BURST,
    &FREQ_SILENCE,
    &FREQ_ERROR_SHARE,
    &FREQ_MIX,
];

/// An event as it arrives in its run, and what the engine knows about it beyond its bytes.
///
/// ```
/// use aop_rules::post_run::Arrival;
/// use aop_toon::Event;
///
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"search","params":{}},"meta":{}}"#)?;
/// let arrival = Arrival::new(&event, event.t(), &[], None);
/// assert_eq!(arrival.action.as_deref(), Some("search"));
/// # Ok::<(), aop_toon::ParseError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Arrival<'e> {
    /// The event.
    pub event: &'e Event<'e>,
    /// The run's clock after this event: the greatest `t` so far, refused events included.
    pub clock: Timestamp,
    /// For a response: what each call it answers turned out to be, by the run's one pairing tracker.
    pub paired: &'e [Paired],
    /// For a request: the earlier request whose call id it uses again.
    pub reused: Option<&'e Reused>,
    /// For a request: the action it asks for.
    pub action: Option<Cow<'e, str>>,
}

impl<'e> Arrival<'e> {
    /// Puts together what is known: `paired` as [`aop_toon::Calls::respond`] says it, `reused` as
    /// [`aop_toon::Calls::request`] does, both before the event is accepted or refused.
    pub fn new(event: &'e Event<'e>, clock: Timestamp, paired: &'e [Paired], reused: Option<&'e Reused>) -> Self {
        Self { event, clock, paired, reused, action: event.action() }
    }

    fn seq(&self) -> u64 {
        self.event.seq()
    }

    /// How many responses a request awaits: one for each call id it names.
    fn calls(&self) -> u32 {
        u32::try_from(self.event.meta().call_ids().count()).unwrap_or(u32::MAX).max(1)
    }
}

/// A setting that cannot mean anything: which one, and what would be right.
///
/// ```
/// use aop_rules::post_run::{TimeLagSettings, TimeSpan};
///
/// let settings = TimeLagSettings { max_run: "robust(6)".parse()?, ..TimeLagSettings::default() };
/// assert!(settings.validate().unwrap_err().to_string().starts_with("timelag.max_run"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct SettingsError {
    setting: String,
    problem: String,
}

impl SettingsError {
    pub(crate) fn new(setting: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { setting: setting.into(), problem: problem.into() }
    }

    /// The setting's place, such as `frequency.limits[0].max`.
    pub fn setting(&self) -> &str {
        &self.setting
    }
}

/// A finding about event `seq`, in the rule's own phase.
fn finding_at(rule: &'static Rule, seq: u64, witnesses: Vec<u64>, message: String) -> Finding {
    Finding { seq: Some(seq), witnesses, ..rule.finding(message) }
}

/// The same after the run, whatever phase the rule is listed under.
fn post_run_at(rule: &'static Rule, seq: u64, witnesses: Vec<u64>, message: String) -> Finding {
    Finding { phase: Phase::PostRun, ..finding_at(rule, seq, witnesses, message) }
}

/// Says that there was more than is listed.
fn left_out(rule: &'static Rule, count: u64, findings: &mut Vec<Finding>) {
    if count > 0 {
        let message = format!("{count} more of this kind are not listed; a run lists {FINDINGS_MAX}");
        findings.push(Finding { phase: Phase::PostRun, ..rule.finding(message) });
    }
}

/// A name from an event as it may stand in a message and in a state: at most 80 characters, none of them a control character.
pub(crate) fn shown(name: &str) -> Cow<'_, str> {
    const CHARACTERS_MAX: usize = 80;
    if name.len() <= CHARACTERS_MAX && !name.chars().any(char::is_control) {
        return Cow::Borrowed(name);
    }
    name.chars().take(CHARACTERS_MAX).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
