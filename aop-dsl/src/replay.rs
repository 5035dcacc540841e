//! One run, event by event, the way the engine does it: what tests and explanations need of an engine.

use aop_toon::{Calls, Event, Timestamp};

use crate::eval::Probe;
use crate::occurrence::{Detected, Judgement, Occurrence};
use crate::set::{PolicySet, Scratch};
use crate::state::{PolicyState, SharedState};

/// The detectors, as the engine gives them to tests and explanations.
pub trait Scan {
    /// Appends what the detectors find in an event.
    fn scan<'e>(&self, event: &'e Event<'e>, found: &mut Vec<Detected<'e>>);
}

/// Detectors that find nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoDetectors;

impl Scan for NoDetectors {
    fn scan<'e>(&self, _event: &'e Event<'e>, _found: &mut Vec<Detected<'e>>) {}
}

/// What is known of whoever sends an event.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Caller<'c> {
    pub(crate) role: Option<&'c str>,
    pub(crate) organisation: Option<&'c str>,
}

/// A run in which these policies alone decide what is accepted.
pub(crate) struct Replay<'s> {
    set: &'s PolicySet,
    scan: &'s dyn Scan,
    state: PolicyState,
    shared: SharedState,
    calls: Calls,
    clock: Option<Timestamp>,
    scratch: Scratch,
}

impl<'s> Replay<'s> {
    pub(crate) fn new(set: &'s PolicySet, scan: &'s dyn Scan) -> Self {
        Self {
            set,
            scan,
            state: PolicyState::default(),
            shared: SharedState::default(),
            calls: Calls::default(),
            clock: None,
            scratch: Scratch::default(),
        }
    }

    /// Judges the next event and takes it in, accepted or refused as judged.
    pub(crate) fn take<P: Probe>(&mut self, event: &Event<'_>, role: Option<&str>, probe: &mut P) -> Judgement {
        self.take_watched(event, Caller { role, organisation: None }, probe, &mut |_, _, _| {})
    }

    /// The same; `watch` is called between the two.
    pub(crate) fn take_watched<P: Probe>(
        &mut self,
        event: &Event<'_>,
        caller: Caller<'_>,
        probe: &mut P,
        watch: &mut dyn FnMut(&Occurrence<'_>, &Judgement, &mut P),
    ) -> Judgement {
        let clock = self.clock.map_or(event.t(), |clock| clock.max(event.t()));
        let mut detected = Vec::new();
        self.scan.scan(event, &mut detected);
        let paired = self.calls.peek(event);
        let Caller { role, organisation } = caller;
        let occurrence =
            Occurrence { role, organisation, paired: &paired, detected: Some(&detected), ..Occurrence::new(event, clock) };
        let mut judgement = Judgement::default();
        let Self { set, state, shared, scratch, .. } = self;
        set.judge_probed(&occurrence, state, Some(shared), scratch, &mut judgement, probe);
        watch(&occurrence, &judgement, probe);
        let is_accepted = judgement.effect().accepts();
        set.observe(&occurrence, is_accepted, state, Some(shared), scratch);
        self.calls.respond(event);
        self.calls.request(event, clock);
        if !is_accepted {
            self.calls.refuse(event.seq());
        }
        self.clock = Some(clock);
        judgement
    }

    pub(crate) fn state(&self) -> &PolicyState {
        &self.state
    }

    /// The run ends; `after_micros` says how long after its last event.
    pub(crate) fn finish<P: Probe>(&mut self, after_micros: Option<i64>, probe: &mut P) -> Judgement {
        let now =
            self.clock.zip(after_micros).map(|(clock, after)| Timestamp::from_micros(clock.micros().saturating_add(after)));
        let mut judgement = Judgement::default();
        // As for an engine, the memory of agents and organisations is none of a run's end.
        self.set.finish_probed(&self.state, None, now, &mut self.scratch, &mut judgement, probe);
        judgement
    }
}
