//! A compiled set of policies with a run, one event after the other, the way an engine asks it.

use std::cell::RefCell;
use std::rc::Rc;

use aop_toon::{Calls, Event, EventBuf, Finding, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::environment::{Budget, Environment};
use crate::eval::{NoProbe, Probe};
use crate::occurrence::{Judgement, Occurrence};
use crate::reference::Found;
use crate::set::{self, PolicySet, Scratch, Source};
use crate::state::{PolicyState, SharedState};

/// The set of one policy, which has no mistakes.
pub(super) fn compiled(policy: &str) -> Result<PolicySet, TestCaseError> {
    let source = Source { name: "law.aop".to_owned(), text: policy.to_owned() };
    // What is refused because it costs too much is not what these laws are about.
    let budget = Budget { steps_per_event_max: u64::MAX, bytes_per_run_max: u64::MAX, bytes_per_key_max: u64::MAX };
    let checked = set::check(&[source], &Environment { budget, ..Environment::default() });
    checked.set.ok_or_else(|| {
        let said: String = checked.diagnostics.iter().map(ToString::to_string).collect();
        TestCaseError::fail(format!("a random policy has a mistake\n{said}"))
    })
}

/// What a run does with its state after each event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    AsItIs,
    /// Written as JSON and read back.
    WrittenOut,
}

/// A run under a set.
#[derive(Clone)]
pub(super) struct Run<'s> {
    pub(super) set: &'s PolicySet,
    pub(super) state: PolicyState,
    pub(super) shared: SharedState,
    calls: Calls,
    clock: Option<Timestamp>,
    /// Shared by all runs that began as this one: what is left in it means nothing.
    scratch: Rc<RefCell<Scratch>>,
}

impl<'s> Run<'s> {
    pub(super) fn new(set: &'s PolicySet) -> Self {
        Self {
            set,
            state: PolicyState::default(),
            shared: SharedState::default(),
            calls: Calls::default(),
            clock: None,
            scratch: Rc::default(),
        }
    }

    /// Judges an event without taking it in.
    pub(super) fn judge<P: Probe>(&self, event: &Event<'_>, probe: &mut P) -> Judgement {
        let mut judgement = Judgement::default();
        self.with(event, |occurrence| {
            let scratch = &mut Scratch::default();
            self.set.judge_probed(occurrence, &self.state, Some(&self.shared), scratch, &mut judgement, probe);
        });
        judgement
    }

    /// Takes an event in, accepted or refused.
    pub(super) fn observe<P: Probe>(&mut self, event: &Event<'_>, is_accepted: bool, probe: &mut P) {
        self.take_in(event, is_accepted, |set, occurrence, state, shared| {
            set.observe_probed(occurrence, is_accepted, state, Some(shared), &mut Scratch::default(), probe);
        });
    }

    fn take_in(
        &mut self,
        event: &Event<'_>,
        is_accepted: bool,
        observe: impl FnOnce(&PolicySet, &Occurrence<'_>, &mut PolicyState, &mut SharedState),
    ) {
        let (mut state, mut shared) = (std::mem::take(&mut self.state), std::mem::take(&mut self.shared));
        self.with(event, |occurrence| observe(self.set, occurrence, &mut state, &mut shared));
        (self.state, self.shared) = (state, shared);
        let clock = self.clock_at(event);
        self.calls.respond(event);
        self.calls.request(event, clock);
        if !is_accepted {
            self.calls.refuse(event.seq());
        }
        self.clock = Some(clock);
    }

    /// Judges an event and takes it in as judged, with the same buffers.
    pub(super) fn take(&mut self, event: &Event<'_>, keeping: Keeping) -> Judgement {
        let (mut judgement, scratch) = (Judgement::default(), Rc::clone(&self.scratch));
        let scratch = &mut scratch.borrow_mut();
        self.with(event, |occurrence| {
            self.set.judge(occurrence, &self.state, Some(&self.shared), scratch, &mut judgement);
        });
        let is_accepted = judgement.effect().accepts();
        self.take_in(event, is_accepted, |set, occurrence, state, shared| {
            set.observe_judged(occurrence, is_accepted, state, Some(shared), scratch);
        });
        if keeping == Keeping::WrittenOut {
            self.write_out();
        }
        judgement
    }

    /// Writes the state out and reads it back.
    pub(super) fn write_out(&mut self) {
        self.state = reread(&self.state);
        self.shared = reread(&self.shared);
    }

    /// Goes on under another set.
    pub(super) fn reload(&mut self, set: &'s PolicySet, last_seq: u64) {
        self.set = set;
        set.adopt(&mut self.state, Some(last_seq).filter(|seq| *seq > 0));
    }

    pub(super) fn finish(&self, now: Option<Timestamp>) -> Judgement {
        let mut judgement = Judgement::default();
        let scratch = &mut Scratch::default();
        self.set.finish_probed(&self.state, Some(&self.shared), now, scratch, &mut judgement, &mut NoProbe);
        judgement
    }

    /// Time passes without an event.
    pub(super) fn advance(&mut self, now: Timestamp) -> Judgement {
        let mut judgement = Judgement::default();
        self.set.advance(now, &mut self.state, &mut judgement);
        judgement
    }

    pub(super) fn clock(&self) -> Option<Timestamp> {
        self.clock
    }

    fn clock_at(&self, event: &Event<'_>) -> Timestamp {
        self.clock.map_or(event.t(), |clock| clock.max(event.t()))
    }

    fn with(&self, event: &Event<'_>, look: impl FnOnce(&Occurrence<'_>)) {
        let paired = self.calls.peek(event);
        look(&Occurrence { paired: &paired, ..Occurrence::new(event, self.clock_at(event)) });
    }
}

/// Nothing of a state is lost, be it asked about later or not.
fn reread<T>(state: &T) -> T
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let written = serde_json::to_string(state).expect("a state can be written");
    let read = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(state, &read, "{written}");
    read
}

/// All judgements of a run, one an event, and that of its end.
pub(super) fn judgements(set: &PolicySet, events: &[EventBuf], keeping: Keeping) -> Vec<Judgement> {
    let mut run = Run::new(set);
    let mut judgements: Vec<Judgement> = events.iter().map(|event| run.take(event, keeping)).collect();
    judgements.push(run.finish(None));
    judgements
}

/// The facts of findings, sorted.
pub(super) fn facts(findings: &[Finding]) -> Vec<Found> {
    let mut facts: Vec<Found> = findings
        .iter()
        .map(|finding| Found {
            rule: finding.rule.to_string(),
            seq: finding.seq,
            effect: finding.effect,
            undecided: finding.message.contains("could not be decided"),
            overflow: finding.message.contains("share one count"),
            decided_at: finding.decided_at,
            witnesses: finding.witnesses.clone(),
        })
        .collect();
    facts.sort();
    facts
}

/// So many pairs of a rule and a run are compared with the reference; the other laws try their share of it.
pub(super) fn cases() -> u64 {
    setting("AOP_LAW_CASES", 1_500)
}

/// A number from the environment of the test.
#[expect(clippy::disallowed_methods, reason = "a test may be asked to try harder")]
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Runs a property on so many random inputs: the same ones each time, unless another seed is asked for.
pub(super) fn try_all<S: Strategy>(cases: u64, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let mut seed = [7u8; 32];
    seed[..8].copy_from_slice(&setting("AOP_LAW_SEED", 0).to_le_bytes());
    let cases = u32::try_from(cases).expect("a reasonable number");
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 4_000, max_shrink_time: 60_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    if let Err(error) = runner.run(strategy, test) {
        panic!("{error}");
    }
}
