//! An event → what is remembered of it. First everything is decided, with the state as it was; then the state changes.

use aop_toon::{Actor, Event, EventType, NodeId};

use super::aggregate::amount;
use super::context::{Bound, Context, Current, Scope};
use super::judge::{Meant, Scratch, candidates, for_each_bucket, states};
use super::notice;
use super::past::{Join, Sight, States};
use super::probe::Probe;
use crate::occurrence::Occurrence;
use crate::program::{
    ClauseKind, ExprId, FeedInto, FlowId, MemoryId, MemoryKind, Program, RequestValueId, RuleId, WatchId, pattern,
};
use crate::state::{Amount, PolicyState, SharedState};
use crate::value::{Gap, Key, Reason, Stored, Truth, Value};

/// Something that an event changes. Nothing in it borrows from the event.
#[derive(Debug)]
pub(crate) enum Decision {
    Record {
        memory: MemoryId,
        is_certain: bool,
        join: Option<u64>,
        values: Box<[Stored]>,
    },
    /// The steps of a chain that the event is, and those that it may be, as bits; what is kept of it, by step.
    Steps {
        memory: MemoryId,
        certain: u64,
        possible: u64,
        values: Vec<(u16, Box<[Stored]>)>,
    },
    Cell {
        memory: MemoryId,
        key: Option<Key>,
        is_certain: bool,
        amount: Amount,
    },
    CellRecord {
        memory: MemoryId,
        key: Option<Key>,
        is_certain: bool,
        join: Option<u64>,
        values: Box<[Stored]>,
    },
    Cycle {
        memory: MemoryId,
        key: Option<Key>,
    },
    /// Duties that are done, and those of which that is unknown, by their places.
    Discharge {
        memory: MemoryId,
        done: Vec<usize>,
        unknown: Vec<(usize, Reason)>,
    },
    Open {
        memory: MemoryId,
        unknown: Option<Reason>,
        join: Option<u64>,
        values: Box<[Stored]>,
        witnesses: Vec<u64>,
    },
    Flow {
        flow: FlowId,
        text: FlowText,
    },
    /// What is kept of a request.
    Request(Box<[(u64, Stored)]>),
    Tell(u64),
}

/// A text that may flow on.
#[derive(Debug)]
pub(crate) enum FlowText {
    /// A value of the event.
    Node(NodeId),
    Text(String),
    /// There had to be one, and it cannot be read.
    Unread(Reason),
}

/// How an event is taken in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) accepted: bool,
    /// The buffers hold what was worked out when this very event was judged, in this very state.
    pub(crate) is_judged: bool,
}

/// Takes an event in.
pub(crate) fn observe<P: Probe>(
    program: &Program,
    occurrence: &Occurrence<'_>,
    taken: Taken,
    state: &mut PolicyState,
    shared: Option<&mut SharedState>,
    scratch: &mut Scratch,
    probe: &mut P,
) {
    if program.rules.is_empty() {
        return;
    }
    let Taken { accepted, is_judged } = taken;
    if !is_judged {
        scratch.memo.begin(program.exprs.memo_len());
        scratch.flows.found.clear();
    }
    super::apply::adopt(program, state, None);
    let mut decisions = std::mem::take(&mut scratch.decisions);
    decisions.clear();
    let current = Current::new(program, occurrence, state);
    let (at, run) = (current.at, current.run);
    let agent_id = shared.is_some().then(|| current.agent_id()).flatten();
    decide(program, &current, accepted, states(state, shared.as_deref()), scratch, probe, &mut decisions);
    let event = occurrence.event;
    super::apply::apply(
        program,
        super::apply::Arrival { event, at, agent_id, run, accepted },
        state,
        shared,
        scratch,
        &mut decisions,
    );
    scratch.decisions = decisions;
}

fn decide<'e, P: Probe>(
    program: &'e Program,
    current: &Current<'e>,
    accepted: bool,
    states: States<'e>,
    scratch: &mut Scratch,
    probe: &mut P,
    decisions: &mut Vec<Decision>,
) {
    let Scratch { memo, flows, found, .. } = scratch;
    let is_request = current.kind == pattern::Kind::Of(EventType::ActionRequest);
    let requests = &states.run.requests;
    let context = Context { program, current, requests, flow: &states.run.flow, memo, flows, probe, reason: None };
    let mut deciding = Deciding { context, states, accepted, decisions };
    found.clear();
    let mut kept: Vec<(u64, Stored)> = Vec::new();
    let meant = Meant::of(deciding.context.current);
    for_each_bucket(program, &meant, &mut |bucket| {
        candidates(&mut deciding.context, &bucket.watches, found);
        if is_request {
            deciding.keep(&bucket.kept, &mut kept);
        }
    });
    found.sort_unstable();
    found.dedup();
    for at in found.iter() {
        deciding.watch(WatchId(*at));
    }
    if !kept.is_empty() {
        deciding.decisions.push(Decision::Request(kept.into()));
    }
}

struct Deciding<'d, 'e, 's, P> {
    context: Context<'e, 's, P>,
    states: States<'e>,
    accepted: bool,
    decisions: &'d mut Vec<Decision>,
}

impl<'e, P: Probe> Deciding<'_, 'e, '_, P> {
    /// What rules about the response will ask of a request.
    fn keep(&mut self, values: &[RequestValueId], kept: &mut Vec<(u64, Stored)>) {
        let exprs = &self.context.program.exprs;
        for value in values {
            let expr = exprs.request_values()[usize::from(value.0)];
            let hash = exprs.hash(expr);
            if kept.iter().all(|(known, _)| *known != hash) {
                let outcome = self.context.value(expr, Scope::default());
                kept.push((hash, Stored::new(&outcome)));
            }
        }
    }

    fn watch(&mut self, id: WatchId) {
        let program = self.context.program;
        let watch = &program.watches[id.0 as usize];
        if !self.accepted && watch.feeds.iter().all(|feed| feed.accepted_only) {
            return;
        }
        let current = self.context.current;
        let meant = pattern::matches(&watch.pattern, current.kind, current.action.as_deref());
        if meant == Truth::False {
            return;
        }
        // Why this is unknown, and not what was asked before.
        self.context.reason = None;
        let truth = meant.and(self.context.truth(watch.condition, Scope::default()));
        if truth == Truth::False {
            return;
        }
        if meant == Truth::Unknown {
            self.context.reason = Some(Reason::NoRequest);
        }
        let (accepted, reason) = (self.accepted, self.context.reason);
        for feed in watch.feeds.iter().filter(|feed| accepted || !feed.accepted_only) {
            self.context.reason = reason;
            match feed.into {
                FeedInto::Memory(memory) => self.remember(memory, truth == Truth::True),
                FeedInto::Step(memory, step) => self.step(memory, step, truth == Truth::True),
                FeedInto::Discharge { rule, clause } => self.discharge(rule, clause, truth),
                FeedInto::Open { rule } => self.open(rule, meant),
                FeedInto::Flow(flow) => self.flow(flow),
                FeedInto::Tell { rule } => self.tell(rule),
            }
        }
    }

    fn remember(&mut self, memory: MemoryId, is_certain: bool) {
        let decision = match &self.context.program.memory(memory).kind {
            MemoryKind::Records { values, join, .. } => {
                let join = self.join(join);
                Decision::Record { memory, is_certain, join, values: self.values(values) }
            }
            MemoryKind::Cells { function, value, keys, .. } => {
                let key = self.context.key(keys).ok();
                let amount = match value {
                    None => Amount::Nothing,
                    Some(value) => amount(*function, self.context.value(*value, Scope::default())),
                };
                Decision::Cell { memory, key, is_certain, amount }
            }
            MemoryKind::CellRecords { keys, values, join, .. } => {
                let key = self.context.key(keys).ok();
                let join = self.join(join);
                Decision::CellRecord { memory, key, is_certain, join, values: self.values(values) }
            }
            MemoryKind::Cycle { same, .. } if is_certain => Decision::Cycle { memory, key: self.context.key(same).ok() },
            // Others are fed by what is made for them.
            MemoryKind::Cycle { .. } | MemoryKind::Chain { .. } | MemoryKind::Duties { .. } => return,
        };
        self.decisions.push(decision);
    }

    /// What a later event must be equal to; nothing when that is unknown, or absent and hence equal to none.
    fn join(&mut self, join: &[ExprId]) -> Option<u64> {
        match self.context.join(join, Scope::default()) {
            Join::Hash(hash) => Some(hash),
            Join::Any | Join::Never => None,
        }
    }

    fn values(&mut self, values: &[ExprId]) -> Box<[Stored]> {
        values.iter().map(|value| Stored::new(&self.context.value(*value, Scope::default()))).collect()
    }

    /// The steps of one chain are taken together: one event is one step.
    fn step(&mut self, memory: MemoryId, step: u16, is_certain: bool) {
        let of_step = match &self.context.program.memory(memory).kind {
            MemoryKind::Chain { values } => {
                values.get(usize::from(step)).map(|values| self.values(values)).unwrap_or_default()
            }
            _ => return,
        };
        let bit = 1u64 << (step % 64);
        let known = self.decisions.iter_mut().find_map(|decision| match decision {
            Decision::Steps { memory: known, certain, possible, values } if *known == memory => {
                Some((certain, possible, values))
            }
            _ => None,
        });
        match known {
            Some((certain, possible, values)) => {
                *if is_certain { certain } else { possible } |= bit;
                values.push((step, of_step));
            }
            None => {
                let (certain, possible) = if is_certain { (bit, 0) } else { (0, bit) };
                self.decisions.push(Decision::Steps { memory, certain, possible, values: vec![(step, of_step)] });
            }
        }
    }

    /// Whether the event is what duties wait for.
    fn discharge(&mut self, rule: RuleId, clause: u16, truth: Truth) {
        let of_event = self.context.reason;
        let program = self.context.program;
        let ClauseKind::Expect(expect) = &program.rule(rule).clauses[usize::from(clause)].kind else { return };
        let Some(duties) = self.states.run.memories.duties(program.memory(expect.memory).hash) else { return };
        let join = expect.cross.as_ref().map_or(Join::Any, |cross| self.context.join(&cross.join, Scope::default()));
        let (mut done, mut unknown) = (Vec::new(), Vec::new());
        for (at, duty) in duties.open.iter().enumerate() {
            self.context.step();
            if duty.is_due(expect.window, self.context.current.at) || !join.may_match(duty.trigger.join) {
                continue;
            }
            self.context.reason = of_event;
            let bound = Bound { slot: 0, record: &duty.trigger, is_shared: false, up: None };
            let scope = Scope { bound: Some(&bound), ..Scope::default() };
            let crossed = expect.cross.as_ref().map_or(Truth::True, |cross| self.context.truth(cross.condition, scope));
            match truth.and(crossed) {
                Truth::True => done.push(at),
                Truth::Unknown => unknown.push((at, self.context.reason.unwrap_or(Reason::Missing))),
                Truth::False => {}
            }
        }
        if !done.is_empty() || !unknown.is_empty() {
            self.decisions.push(Decision::Discharge { memory: expect.memory, done, unknown });
        }
    }

    /// Whether the event makes a duty.
    fn open(&mut self, rule: RuleId, meant: Truth) {
        let program = self.context.program;
        let rule = program.rule(rule);
        let mut sight = Sight::default();
        self.context.reason = None;
        let truth = self.context.rule(self.states, rule, meant, &mut sight);
        let unknown = match truth {
            Truth::Unknown if meant == Truth::Unknown => Some(Reason::NoRequest),
            Truth::False => return,
            Truth::True => None,
            Truth::Unknown => Some(self.context.reason.unwrap_or(Reason::Missing)),
        };
        for clause in &rule.clauses {
            let ClauseKind::Expect(expect) = &clause.kind else { continue };
            let MemoryKind::Duties { values, join } = &program.memory(expect.memory).kind else { continue };
            let join = self.join(join);
            let values = self.context.with_bound(&sight.bound, None, &mut |context, scope| {
                values.iter().map(|value| Stored::new(&context.value(*value, scope))).collect()
            });
            let witnesses = if unknown.is_none() { sight.witnesses.clone() } else { Vec::new() };
            self.decisions.push(Decision::Open { memory: expect.memory, unknown, join, values, witnesses });
        }
    }

    fn flow(&mut self, flow: FlowId) {
        let value = self.context.program.flows[flow.0 as usize].value;
        // Where it is, whether or not it is of the type that it should be.
        let text = match self.context.place(value, Scope::default()) {
            Ok(place) => FlowText::Node(place.id()),
            Err(_) => match self.context.value(value, Scope::default()) {
                Ok(Value::Text(text)) => FlowText::Text(text.into_owned()),
                Ok(Value::Digest(_)) => FlowText::Unread(Reason::Forgotten),
                Err(Gap::Unknown(reason)) => FlowText::Unread(reason),
                Err(Gap::Absent) => return,
                Ok(other) => FlowText::Text(crate::value::plain_text(&other)),
            },
        };
        self.decisions.push(Decision::Flow { flow, text });
    }

    fn tell(&mut self, rule: RuleId) {
        let rule = self.context.program.rule(rule);
        let notices = notice::open(&mut self.context, self.states, rule);
        self.decisions.extend(notices.into_iter().map(|notice| Decision::Tell(notice.hash(rule))));
    }
}

/// What a user or system says in a message, which nobody else can have brought into the run.
pub(super) fn is_told(event: &Event<'_>) -> bool {
    matches!(event.actor(), Actor::User | Actor::System)
}
