//! What expressions are evaluated in: the event, what its run knows of it, and what was worked out already.

use std::borrow::Cow;

use aop_toon::{Event, NodeId, Paired, Status, Timestamp};
use rust_decimal::Decimal;

use super::probe::Probe;
use crate::flow;
use crate::occurrence::{Detected, Occurrence};
use crate::program::pattern::Kind;
use crate::program::{ExprId, NameId, Program};
use crate::state::{Moment, PolicyState, Record, Repetition, Requests, RunFacts};
use crate::value::{Gap, Key, Outcome, Reason, Truth};

/// The event that has just arrived, or the run's end.
#[derive(Debug, Clone)]
pub(crate) struct Current<'e> {
    /// Nothing at the run's end.
    pub(crate) event: Option<&'e Event<'e>>,
    pub(crate) kind: Kind,
    /// Of a request, or of the request that a response answers.
    pub(crate) action: Option<Cow<'e, str>>,
    /// The action among those that policies name.
    pub(crate) name: Option<NameId>,
    /// By its caller's word.
    given_agent_id: Option<i64>,
    pub(crate) role: Option<&'e str>,
    pub(crate) organisation: Option<&'e str>,
    pub(crate) answers: Option<Answers>,
    pub(crate) detected: Option<&'e [Detected<'e>]>,
    pub(crate) run: RunFacts,
    /// Where it stands in the run.
    pub(crate) at: Moment,
    pub(crate) now: Timestamp,
}

/// The request that a response answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers {
    pub(crate) seq: u64,
    /// The run's clock when it came, as far as the pairing tells.
    pub(crate) clock: Option<Timestamp>,
}

impl<'e> Current<'e> {
    pub(crate) fn new(program: &Program, occurrence: &Occurrence<'e>, state: &PolicyState) -> Self {
        let Occurrence { event, clock, agent_id, role, organisation, paired, detected } = *occurrence;
        // A response that names several requests is taken for the answer to the first that it answers.
        let is_answer = |paired: &&Paired| matches!(paired, Paired::Answered(_));
        let is_known = |paired: &&Paired| !matches!(paired, Paired::Orphan { .. });
        let pair = paired.iter().find(is_answer).or_else(|| paired.iter().find(is_known));
        let (action, answers) = match pair {
            Some(Paired::Answered(call)) => {
                (Some(call.action.as_str()), Some(Answers { seq: call.request_seq, clock: Some(call.request_t) }))
            }
            Some(Paired::Double { request_seq, action, .. } | Paired::Refused { request_seq, action }) => {
                (Some(action.as_str()), Some(Answers { seq: *request_seq, clock: None }))
            }
            Some(Paired::Orphan { .. }) | None => (None, None),
        };
        let action = event.action().or(action.map(Cow::Borrowed));
        let name = action.as_deref().and_then(|action| program.dispatch.names.get(action).copied());
        let now = state.run.clock.map_or(clock, |last| last.max(clock));
        let ordinal = state.run.events.saturating_add(1);
        let mut run = state.run;
        count(&mut run, event, now);
        Self {
            event: Some(event),
            kind: Kind::Of(event.event_type()),
            action,
            name,
            given_agent_id: agent_id,
            role,
            organisation,
            answers,
            detected,
            run,
            at: Moment { clock: now.micros(), ordinal },
            now,
        }
    }

    /// The run's end.
    pub(crate) fn end(state: &PolicyState, now: Timestamp) -> Self {
        Self {
            event: None,
            kind: Kind::RunEnd,
            action: None,
            name: None,
            given_agent_id: None,
            role: None,
            organisation: None,
            answers: None,
            detected: None,
            run: RunFacts { clock: Some(now), ..state.run },
            at: Moment { clock: now.micros(), ordinal: state.run.events.saturating_add(1) },
            now,
        }
    }

    /// The agent; without its caller's word, what the event says.
    pub(crate) fn agent_id(&self) -> Option<i64> {
        self.given_agent_id.or_else(|| self.event?.meta().agent_id())
    }

    pub(crate) fn seq(&self) -> Option<u64> {
        self.event.map(|event| event.seq())
    }
}

/// Counts an event into the run's numbers; whether it was refused is not known yet.
pub(crate) fn count(run: &mut RunFacts, event: &Event<'_>, now: Timestamp) {
    use aop_toon::EventType;
    let add = |count: &mut u64, is_one: bool| *count = count.saturating_add(u64::from(is_one));
    let event_type = event.event_type();
    add(&mut run.events, true);
    add(&mut run.requests, event_type == EventType::ActionRequest);
    add(&mut run.responses, event_type == EventType::ActionResponse);
    let has_failed = match event_type {
        EventType::Error => true,
        EventType::ActionResponse => event.status() == Some(Status::Error),
        _ => false,
    };
    add(&mut run.errors, has_failed);
    run.started.get_or_insert(now);
    run.clock = Some(now);
    run.last_seq = Some(event.seq());
}

/// The values of quantifier variables and parameters, the innermost first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'f, 'e> {
    pub(crate) value: &'f Outcome<'e>,
    pub(crate) up: Option<&'f Frame<'f, 'e>>,
}

/// Past events in slots of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound<'f, 'e> {
    pub(crate) slot: u16,
    pub(crate) record: &'e Record,
    /// It may be of another run, so that what this run remembers of texts says nothing of it.
    pub(crate) is_shared: bool,
    pub(crate) up: Option<&'f Bound<'f, 'e>>,
}

/// What an expression may speak of beside the event.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scope<'f, 'e> {
    pub(crate) locals: Option<&'f Frame<'f, 'e>>,
    pub(crate) bound: Option<&'f Bound<'f, 'e>>,
    /// How many calls of functions it is in.
    pub(crate) calls: u8,
}

impl<'f, 'e> Scope<'f, 'e> {
    pub(crate) fn local(&self, distance: u16) -> Option<&'f Outcome<'e>> {
        let mut frame = self.locals;
        for _ in 0..distance {
            frame = frame?.up;
        }
        frame.map(|frame| frame.value)
    }

    pub(crate) fn slot(&self, slot: u16) -> Option<&'f Bound<'f, 'e>> {
        let mut bound = self.bound;
        while let Some(found) = bound {
            if found.slot == slot {
                return Some(found);
            }
            bound = found.up;
        }
        None
    }
}

/// What is evaluated in. `'e` is the life of the event, the program and the state.
pub(crate) struct Context<'e, 's, P> {
    pub(crate) program: &'e Program,
    pub(crate) current: &'s Current<'e>,
    pub(crate) requests: &'e Requests,
    pub(crate) flow: &'e flow::Table,
    pub(crate) memo: &'s mut Memo,
    pub(crate) flows: &'s mut Flows,
    pub(crate) probe: &'s mut P,
    /// Why the last thing was unknown that was.
    pub(crate) reason: Option<Reason>,
}

impl<P: Probe> Context<'_, '_, P> {
    #[inline]
    pub(crate) fn step(&mut self) {
        self.probe.step();
    }
}

/// What was worked out for the current event: of expressions that are about it alone and used more than once.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// With the number of the event they are about.
    cells: Vec<(u32, Known)>,
    now: u32,
    keys: Vec<(Parts, Result<Key, Gap>)>,
}

/// The expressions that a key is made of; longer lists are not remembered.
type Parts = [Option<ExprId>; PARTS_MAX];

const PARTS_MAX: usize = 4;

/// They are looked through one by one.
const KEYS_MAX: usize = 16;

/// Something that was worked out; nothing in it borrows from the event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Known {
    Truth(Truth),
    /// A value of the event that was not read yet.
    Node(NodeId),
    Number(Decimal),
    Gap(Gap),
}

impl Memo {
    /// Forgets everything: another event has come, or another program.
    pub(crate) fn begin(&mut self, len: usize) {
        self.keys.clear();
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.cells.clear();
            self.now = 1;
        }
        if self.cells.len() < len {
            self.cells.resize(len, (0, Known::Truth(Truth::False)));
        }
    }

    #[inline]
    pub(crate) fn get(&self, at: u32) -> Option<Known> {
        self.cells.get(at as usize).filter(|(event, _)| *event == self.now).map(|(_, known)| *known)
    }

    /// The key of these expressions, if it was worked out.
    pub(crate) fn key(&self, parts: &[ExprId]) -> Option<Result<Key, Gap>> {
        let is_of = |known: &Parts| {
            parts.len() <= PARTS_MAX
                && parts.iter().zip(known).all(|(part, known)| *known == Some(*part))
                && known.get(parts.len()).is_none_or(Option::is_none)
        };
        self.keys.iter().find(|(known, _)| is_of(known)).map(|(_, key)| *key)
    }

    pub(crate) fn set_key(&mut self, parts: &[ExprId], key: Result<Key, Gap>) {
        if parts.len() <= PARTS_MAX && self.keys.len() < KEYS_MAX {
            let mut known = Parts::default();
            known.iter_mut().zip(parts).for_each(|(place, part)| *place = Some(*part));
            self.keys.push((known, key));
        }
    }

    #[inline]
    pub(crate) fn set(&mut self, at: u32, known: Known) {
        if let Some(cell) = self.cells.get_mut(at as usize) {
            *cell = (self.now, known);
        }
    }
}

/// What queries of texts have found for the current event.
#[derive(Debug, Default)]
pub(crate) struct Flows {
    pub(crate) scratch: flow::Scratch,
    pub(crate) found: Vec<(ExprId, flow::SourceId, flow::Flows)>,
    /// The last flow that held, for messages.
    pub(crate) last: Option<flow::Flow>,
    /// The cycle that was found, for messages.
    pub(crate) cycle: Option<Repetition>,
}
