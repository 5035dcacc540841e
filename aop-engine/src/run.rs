//! A run as an embedder sees it: an engine, the run's memory, and the buffers of one thread.

use aop_toon::{Event, Timestamp};

use crate::engine::Engine;
use crate::ingest::{Context, Scratch};
use crate::report::Report;
use crate::run_state::RunState;
use crate::verdict::Verdict;

/// A run that is being watched.
///
/// ```
/// use aop_engine::{Engine, Event};
///
/// let engine = Engine::builder().build().unwrap();
/// let mut run = engine.start_run_of(7);
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"search","params":{}},"meta":{"agent_id":8}}"#).unwrap();
/// assert!(!run.check(&event).is_accepted(), "the run is agent 7's");
/// ```
#[derive(Debug)]
pub struct Run<'e> {
    engine: &'e Engine,
    state: RunState,
    scratch: Scratch,
}

impl<'e> Run<'e> {
    pub(crate) fn new(engine: &'e Engine, state: RunState) -> Self {
        Self { engine, state, scratch: Scratch::default() }
    }

    /// Judges the run's next event, before it is accepted.
    pub fn check(&mut self, event: &Event<'_>) -> Verdict {
        self.engine.check_with(event, &mut self.state, &mut self.scratch)
    }

    /// As [`Run::check`], with what is known of the caller and of other runs.
    pub fn check_in(&mut self, event: &Event<'_>, context: Context<'_>) -> Verdict {
        self.engine.check_in(event, &mut self.state, context, &mut self.scratch)
    }

    /// Judges an event as if it were the run's next, and forgets it.
    pub fn judge(&mut self, event: &Event<'_>) -> Verdict {
        self.engine.judge_with(event, &self.state, &mut self.scratch)
    }

    /// Takes in an event whose verdict is known: what follows [`Run::judge`] for an event that is not to be sent again.
    pub fn observe(&mut self, event: &Event<'_>, accepted: bool) {
        self.engine.observe(event, accepted, &mut self.state);
    }

    /// The post-run findings, if the run ended here.
    pub fn finish(&self) -> Report {
        self.engine.finish(&self.state, None)
    }

    /// The post-run findings, if the run ended here and it were `now`, at or after its last event.
    pub fn finish_at(&self, now: Timestamp) -> Report {
        self.engine.finish(&self.state, Some(now))
    }

    /// The run's memory, to be looked at or written out.
    pub fn state(&self) -> &RunState {
        &self.state
    }

    /// The run's memory, to be kept.
    pub fn into_state(self) -> RunState {
        self.state
    }
}
