//! What has to be remembered of a run: a value of bounded size that can be written out and read back.

use aop_rules::post_run::{
    Conformance, ConformanceState, FrequencyState, MissingStepState, ObeyedState, RecordState, SequenceState, TimeLagState,
    TraceRecord,
};
use aop_toon::{Calls, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::StateError;
use crate::policies::PolicyState;
use crate::report::Summary;

/// The version of the written form. It rises when a state that was written before can no longer be read.
pub(crate) const FORMAT: u32 = 1;

/// One run's memory. It belongs to the run alone, and its size does not grow with the run beyond fixed bounds.
///
/// Written out ([`RunState::to_json`]) and read back ([`Engine::restore`](crate::Engine::restore)), it gives the same
/// verdicts as if it had never been written.
///
/// ```
/// use aop_engine::{Engine, Event};
///
/// let engine = Engine::builder().build().unwrap();
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
///     "payload":{"thought":"hello"},"meta":{}}"#).unwrap();
/// let mut state = engine.new_state();
/// engine.check(&event, &mut state);
/// let written = state.to_json();
/// assert_eq!(engine.restore(&written).unwrap(), state);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunState {
    pub(crate) format: u32,
    /// The agent that the run belongs to, by its caller's word; an event may not name another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agent_id: Option<i64>,
    pub(crate) summary: Summary,
    /// A state that was written before this was kept has none, and counts from there on.
    #[serde(default)]
    pub(crate) record: RecordState,
    /// The first event's `t`.
    pub(crate) started: Option<Timestamp>,
    /// The run's clock: the greatest `t` so far.
    pub(crate) clock: Option<Timestamp>,
    pub(crate) last_seq: Option<u64>,
    pub(crate) calls: Calls,
    pub(crate) timelag: Part<TimeLagState>,
    pub(crate) missing_step: Part<MissingStepState>,
    /// A state that was written before this was remembered has none, and begins with it.
    #[serde(default)]
    pub(crate) conformance: Part<ConformanceState>,
    pub(crate) sequence: Part<SequenceState>,
    pub(crate) frequency: Part<FrequencyState>,
    /// A state that was written before this was remembered has none, and begins with it.
    #[serde(default)]
    pub(crate) obeyed: Part<ObeyedState>,
    pub(crate) policies: Part<PolicyState>,
}

/// One validator's memory, and the settings it was made under.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part<S> {
    /// A hash of the settings: a state made under others means something else.
    pub(crate) settings: u64,
    /// The last event before the state was started anew, because the settings had changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<u64>,
    pub(crate) state: S,
}

impl<S: Default> Part<S> {
    pub(crate) fn new(settings: u64) -> Self {
        Self { settings, since: None, state: S::default() }
    }

    /// Starts anew after event `last_seq`, if the settings are not those of this state.
    fn adopt(&mut self, settings: u64, last_seq: Option<u64>) {
        self.adopt_if(settings, last_seq, |_| true);
    }

    /// The same, and also if the state is none that these settings can have made.
    fn adopt_if(&mut self, settings: u64, last_seq: Option<u64>, fits: impl FnOnce(&S) -> bool) {
        if self.settings != settings || !fits(&self.state) {
            *self = Self { settings, since: last_seq, state: S::default() };
        }
    }
}

/// One hash for the settings of each part, in the order of [`RunState`]'s fields.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SettingsHashes {
    pub(crate) timelag: u64,
    pub(crate) missing_step: u64,
    pub(crate) conformance: u64,
    pub(crate) sequence: u64,
    pub(crate) frequency: u64,
    pub(crate) obeyed: u64,
    pub(crate) policies: u64,
}

impl RunState {
    pub(crate) fn new(agent_id: Option<i64>, hashes: &SettingsHashes) -> Self {
        Self {
            format: FORMAT,
            agent_id,
            summary: Summary::default(),
            record: RecordState::default(),
            started: None,
            clock: None,
            last_seq: None,
            calls: Calls::default(),
            timelag: Part::new(hashes.timelag),
            missing_step: Part::new(hashes.missing_step),
            conformance: Part::new(hashes.conformance),
            sequence: Part::new(hashes.sequence),
            frequency: Part::new(hashes.frequency),
            obeyed: Part::new(hashes.obeyed),
            policies: Part::new(hashes.policies),
        }
    }

    /// The state as JSON, for [`Engine::restore`](crate::Engine::restore).
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a state has no maps with keys that are no strings, and nothing else fails")
    }

    pub(crate) fn from_json(json: &str, hashes: &SettingsHashes, model: Option<&Conformance>) -> Result<Self, StateError> {
        // The format first: under another one, the rest need not have these fields.
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let Head { format } = serde_json::from_str(json)?;
        if format != FORMAT {
            return Err(StateError::Format { found: format, known: FORMAT });
        }
        let mut state: Self = serde_json::from_str(json)?;
        let last_seq = state.last_seq;
        state.timelag.adopt(hashes.timelag, last_seq);
        state.missing_step.adopt(hashes.missing_step, last_seq);
        let fits = |state: &ConformanceState| model.is_none_or(|model| state.fits(model));
        state.conformance.adopt_if(hashes.conformance, last_seq, fits);
        state.sequence.adopt(hashes.sequence, last_seq);
        state.frequency.adopt(hashes.frequency, last_seq);
        state.obeyed.adopt(hashes.obeyed, last_seq);
        Ok(state)
    }

    /// The run in numbers, so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The run in more numbers, so far: times, actions, tokens and cost.
    ///
    /// ```
    /// use aop_engine::{Engine, Event};
    ///
    /// let engine = Engine::builder().build().unwrap();
    /// let mut state = engine.new_state();
    /// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
    ///     "payload":{"action":"search","params":{}},"meta":{"cost":0.25}}"#).unwrap();
    /// engine.check(&event, &mut state);
    /// let record = state.trace_record();
    /// assert_eq!((record.actions["search"].requests, record.usage.cost()), (1, 0.25));
    /// ```
    pub fn trace_record(&self) -> TraceRecord {
        self.record.record()
    }

    /// The greatest `t` so far; nothing before the first event.
    pub fn clock(&self) -> Option<Timestamp> {
        self.clock
    }

    /// The `seq` of the event that came last.
    pub fn last_seq(&self) -> Option<u64> {
        self.last_seq
    }
}
