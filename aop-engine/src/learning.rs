//! What a workflow model is learnt from: good runs, as the engine sees them.

use aop_rules::post_run::{Arrival, ConformanceModel, LearnError, Learner, RunSteps};
use aop_toon::{Calls, Event, Trace};

use crate::engine::{Engine, clock_at};
use crate::ingest::Scratch;
use crate::run_state::RunState;

/// A good run, event by event. It is judged as any other: what is refused did not happen, and is not learnt, and names of actions are
/// remembered without personal data and secrets.
///
/// ```
/// use aop_engine::{Engine, Event, GoodRun, Learner};
///
/// let engine = Engine::builder().build()?;
/// let mut run = GoodRun::new(&engine);
/// run.observe(&Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
///     "payload":{"thought":"hello"},"meta":{}}"#)?);
/// let mut learner = Learner::default();
/// learner.add(run.into_steps());
/// let engine = Engine::builder().model(learner.model()?).build()?;
/// assert_eq!(engine.start_run().finish().conformance.map(|fitness| fitness.steps), Some(0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct GoodRun<'e> {
    engine: &'e Engine,
    state: RunState,
    scratch: Scratch,
    calls: Calls,
    steps: RunSteps,
}

impl<'e> GoodRun<'e> {
    /// A run without events.
    pub fn new(engine: &'e Engine) -> Self {
        let (state, scratch) = (engine.new_state(), Scratch::default());
        Self { engine, state, scratch, calls: Calls::default(), steps: RunSteps::default() }
    }

    /// Takes the run's next event in.
    pub fn observe(&mut self, event: &Event<'_>) {
        let clock = clock_at(event, &self.state);
        let action = self.engine.action_name(event, &mut self.scratch);
        let accepted = self.engine.check_with(event, &mut self.state, &mut self.scratch).is_accepted();
        let paired = self.calls.respond(event);
        if let Some(action) = action.clone() {
            self.calls.request_as(event, action, clock);
        }
        if !accepted {
            self.calls.refuse(event.seq());
        }
        let arrival = Arrival { action, ..Arrival::new(event, clock, &paired, None) };
        self.steps.observe(&arrival, accepted);
    }

    /// What is learnt from it.
    pub fn into_steps(self) -> RunSteps {
        self.steps
    }
}

impl Engine {
    /// A workflow model of these good runs, for [`EngineBuilder::model`](crate::EngineBuilder::model).
    ///
    /// # Errors
    /// When no run has a step, or they have more different steps than a model can hold.
    ///
    /// ```
    /// use aop_engine::{Engine, Limits, traces_from_jsonl};
    ///
    /// let good = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"hello"},"meta":{}}
    /// {"seq":2,"t":"2025-12-05T10:00:01Z","actor":"agent","type":"final_output","payload":{"output":"hello"},"meta":{}}"#;
    /// let (traces, _) = traces_from_jsonl(good, &Limits::default());
    /// let model = Engine::builder().build()?.learn(&traces)?;
    /// let report = Engine::builder().model(model).build()?.evaluate(&traces[0]);
    /// assert_eq!(report.conformance.unwrap().fitness, 1.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn learn(&self, runs: &[Trace<'_>]) -> Result<ConformanceModel, LearnError> {
        let mut learner = Learner::default();
        for trace in runs {
            let mut run = GoodRun::new(self);
            trace.events().iter().for_each(|event| run.observe(event));
            learner.add(run.into_steps());
        }
        learner.model()
    }
}
