//! Decisions → a changed state.

use aop_toon::{Event, Timestamp};

use super::duty;
use super::judge::Scratch;
use super::observe::{Decision, FlowText, is_told};
use crate::flow::{Source, SourceId};
use crate::occurrence::Judgement;
use crate::program::{ClauseKind, DUTIES_MAX, MemoryId, MemoryKind, Program};
use crate::state::{CycleStep, Due, Duty, Keeping, Known, Memories, Moment, PolicyState, Record, RunFacts, SharedState};
use crate::typed::Scope;
use crate::value::Stored;

/// An event with where it stands.
pub(super) struct Arrival<'e> {
    pub(super) event: &'e Event<'e>,
    pub(super) at: Moment,
    /// Where memories are shared.
    pub(super) agent_id: Option<i64>,
    /// The run's numbers with it.
    pub(super) run: RunFacts,
    pub(super) accepted: bool,
}

/// Changes the state as it was decided.
pub(super) fn apply(
    program: &Program,
    arrival: Arrival<'_>,
    state: &mut PolicyState,
    shared: Option<&mut SharedState>,
    scratch: &mut Scratch,
    decisions: &mut Vec<Decision>,
) {
    let mut shared = shared.filter(|_| program.uses_shared_state);
    let moments = Moments::new(&arrival, shared.as_deref());
    // Places of duties are those before any of them is gone.
    for decision in decisions.iter_mut() {
        if let Decision::Discharge { memory, done, unknown } = decision {
            discharge(program, state, *memory, done, unknown);
        }
    }
    if state.due.may_be_due(arrival.at) {
        expire(program, state, arrival.at);
    }
    for decision in decisions.drain(..) {
        match decision {
            Decision::Discharge { .. } => {}
            Decision::Open { memory, unknown, join, values, witnesses } => {
                let def = program.memory(memory);
                let trigger = Record { seq: arrival.event.seq(), at: arrival.at, join, values };
                let duties = state.memories.enter_duties(def.hash);
                if duties.open.len() < DUTIES_MAX as usize {
                    duties.open.push_back(Duty { trigger, unknown, witnesses });
                    state.due.add(def.window, arrival.at);
                }
            }
            Decision::Request(values) => state.requests.push(arrival.event.seq(), arrival.at.clock, values),
            Decision::Tell(hash) => drop(state.told.insert(hash)),
            Decision::Flow { flow, text } => {
                insert_text(program.flows[flow.0 as usize].source, text, &arrival, state, scratch)
            }
            remembered => {
                if let Some(memories) = owner(program, &remembered, state, shared.as_deref_mut(), arrival.agent_id) {
                    remember(program, remembered, memories, &moments, arrival.event.seq());
                }
            }
        }
    }
    // A refused event is no excuse: what it says was not told.
    if !program.flows.is_empty() && arrival.accepted && is_told(arrival.event) {
        let payload = arrival.event.document().root().get("payload");
        payload.into_iter().for_each(|payload| state.flow.insert_told_value(payload, &mut scratch.flows.scratch));
    }
    state.run = arrival.run;
    state.run.refused = state.run.refused.saturating_add(u64::from(!arrival.accepted));
    if let Some(shared) = shared {
        moments.pass(shared, arrival.agent_id);
    }
}

/// Where an event stands in each memory's time.
struct Moments {
    run: Moment,
    agent: Moment,
    organisation: Moment,
}

impl Moments {
    fn new(arrival: &Arrival<'_>, shared: Option<&SharedState>) -> Self {
        let first = Moment { ordinal: 1, ..arrival.at };
        let agent = arrival.agent_id.zip(shared).and_then(|(agent, shared)| shared.agent(agent));
        Self {
            run: arrival.at,
            agent: agent.map_or(first, |owner| owner.moment(arrival.at.clock)),
            organisation: shared.map_or(first, |shared| shared.organisation().moment(arrival.at.clock)),
        }
    }

    fn of(&self, scope: Scope) -> Moment {
        match scope {
            Scope::Run => self.run,
            Scope::Agent => self.agent,
            Scope::Organisation => self.organisation,
        }
    }

    fn pass(&self, shared: &mut SharedState, agent_id: Option<i64>) {
        shared.organisation_mut().last = Some(self.organisation);
        if let Some(agent) = agent_id {
            shared.agent_mut(agent).last = Some(self.agent);
        }
    }
}

/// The memories that a decision changes; nothing when nobody gave them, or it is unknown whose they are.
fn owner<'s>(
    program: &Program,
    decision: &Decision,
    state: &'s mut PolicyState,
    shared: Option<&'s mut SharedState>,
    agent_id: Option<i64>,
) -> Option<&'s mut Memories> {
    match program.memory(memory_of(decision)?).scope {
        Scope::Run => Some(&mut state.memories),
        Scope::Agent => Some(&mut shared?.agent_mut(agent_id?).memories),
        Scope::Organisation => Some(&mut shared?.organisation_mut().memories),
    }
}

fn memory_of(decision: &Decision) -> Option<MemoryId> {
    match decision {
        Decision::Record { memory, .. }
        | Decision::Steps { memory, .. }
        | Decision::Cell { memory, .. }
        | Decision::CellRecord { memory, .. }
        | Decision::Cycle { memory, .. }
        | Decision::Discharge { memory, .. }
        | Decision::Open { memory, .. } => Some(*memory),
        Decision::Flow { .. } | Decision::Request(_) | Decision::Tell(_) => None,
    }
}

fn remember(program: &Program, decision: Decision, memories: &mut Memories, moments: &Moments, seq: u64) {
    let Some(memory) = memory_of(&decision) else { return };
    let def = program.memory(memory);
    let (at, window) = (moments.of(def.scope), def.window);
    let record = |join: Option<u64>, values: Box<[Stored]>| Record { seq, at, join, values };
    match (decision, &def.kind) {
        (Decision::Record { is_certain, join, values, .. }, MemoryKind::Records { capacity, .. }) => {
            memories.enter_records(def.hash).push(record(join, values), is_certain, window, *capacity);
        }
        (Decision::Steps { certain, possible, values, .. }, MemoryKind::Chain { values: steps }) => {
            memories.enter_chain(def.hash).advance(steps.len(), certain, possible, |step| {
                let of_step = values.iter().find(|(of, _)| usize::from(*of) == step);
                record(None, of_step.map(|(_, values)| values.clone()).unwrap_or_default())
            });
        }
        (Decision::Cell { key, is_certain, amount, .. }, MemoryKind::Cells { function, keys_max, capacity, .. }) => {
            let keeping = Keeping { function: *function, window, capacity: *capacity };
            let cell = memories.enter_cells(def.hash).enter(key, *keys_max);
            // What has no key may be of any, so it may count in each cell.
            if is_certain && key.is_some() {
                cell.push(keeping, at.position(window), seq, amount);
            } else {
                cell.push_possible(keeping, at.position(window), amount);
            }
        }
        (Decision::CellRecord { key, is_certain, join, values, .. }, MemoryKind::CellRecords { keys_max, capacity, .. }) => {
            let records = memories.enter_cell_records(def.hash).enter(key, *keys_max);
            records.push(record(join, values), is_certain && key.is_some(), window, *capacity);
        }
        (Decision::Cycle { key, .. }, MemoryKind::Cycle { capacity, .. }) => {
            memories.enter_cycle(def.hash).push(CycleStep { seq, at, key }, window, *capacity);
        }
        _ => {}
    }
}

fn discharge(
    program: &Program,
    state: &mut PolicyState,
    memory: MemoryId,
    done: &[usize],
    unknown: &[(usize, crate::value::Reason)],
) {
    let duties = state.memories.enter_duties(program.memory(memory).hash);
    for (at, reason) in unknown {
        if let Some(duty) = duties.open.get_mut(*at) {
            duty.unknown.get_or_insert(*reason);
        }
    }
    for at in done.iter().rev() {
        duties.open.remove(*at);
    }
}

/// Takes out the duties that are due, which were told of, and finds when the next one is.
fn expire(program: &Program, state: &mut PolicyState, now: Moment) {
    state.due = Due::default();
    for (rule, clause) in &program.duties {
        let ClauseKind::Expect(expect) = &program.rule(*rule).clauses[usize::from(*clause)].kind else { continue };
        let hash = program.memory(expect.memory).hash;
        if state.memories.duties(hash).is_none() {
            continue;
        }
        let duties = state.memories.enter_duties(hash);
        while duties.open.front().is_some_and(|duty| duty.is_due(expect.window, now)) {
            duties.open.pop_front();
        }
        if let Some(next) = duties.open.front() {
            state.due.add(expect.window, next.trigger.at);
        }
    }
}

fn insert_text(id: SourceId, text: FlowText, arrival: &Arrival<'_>, state: &mut PolicyState, scratch: &mut Scratch) {
    let source = Source { id, seq: arrival.event.seq(), told: is_told(arrival.event) };
    let scratch = &mut scratch.flows.scratch;
    match text {
        FlowText::Node(node) => state.flow.insert_value(source, arrival.event.document().value(node), scratch),
        FlowText::Text(text) => state.flow.insert(source, "", &text, scratch),
        FlowText::Unread(reason) => state.flow.insert_unread(id, source.seq, reason),
    }
}

/// Adds the duties that are due by a time, and takes them out.
pub(crate) fn advance(program: &Program, now: Timestamp, state: &mut PolicyState, judgement: &mut Judgement) {
    let at = Moment { clock: now.micros(), ordinal: state.run.events };
    if !state.due.may_be_due(at) {
        return;
    }
    let mut findings = Vec::new();
    duty::due(program, state, at, None, &mut findings);
    judgement.findings.extend(findings.into_iter().map(|(_, finding)| finding));
    expire(program, state, at);
}

/// Takes over a state that was made under another program: memories that are the same stay; the others begin now.
pub(crate) fn adopt(program: &Program, state: &mut PolicyState, last_seq: Option<u64>) {
    let hashes = &program.memory_hashes;
    if state.known.as_ref().is_some_and(|known| known.is_of(hashes)) {
        return;
    }
    let last_seq = last_seq.or(state.run.last_seq);
    let known = state.known.replace(Known(hashes.clone()));
    if let Some(last_seq) = last_seq {
        let is_new = |hash: &&u64| known.as_ref().is_none_or(|known| known.0.binary_search(hash).is_err());
        state.since.extend(hashes.iter().filter(is_new).map(|hash| (*hash, last_seq)));
    }
    if known.is_none() && last_seq.is_none() {
        state.memories.reserve(program.memories.len().min(32));
        return;
    }
    state.since.retain(|hash, _| hashes.binary_search(hash).is_ok());
    state.memories.keep(hashes);
    let sources: Vec<SourceId> = program.flows.iter().map(|flow| flow.source).collect();
    state.flow.keep(&sources);
    // The duties that are left have the deadlines that they had.
    let before = Moment { clock: i64::MIN, ordinal: 0 };
    if known.is_some() {
        expire(program, state, before);
    }
}
