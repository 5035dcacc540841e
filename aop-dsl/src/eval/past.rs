//! `after`, `without` and `seq`: what is asked of remembered events.

use std::hash::Hasher as _;

use super::context::{Bound, Context, Scope};
use super::probe::Probe;
use crate::program::{
    Chain, Cross, ExprId, MemoryDef, MemoryId, Past, Rule, Search, StableHasher, WITNESSES_MAX, quick_hash,
};
use crate::state::{Memories, Moment, PolicyState, Record, Records, SharedState};
use crate::typed::{self, Window};
use crate::value::{Gap, Reason, Truth};

/// A search through the steps of a sequence looks at so many events; what it has not found by then is unknown.
pub(crate) const SEARCH_MAX: u32 = 1 << 16;

/// What may be asked of the past.
#[derive(Debug, Clone, Copy)]
pub(crate) struct States<'e> {
    pub(crate) run: &'e PolicyState,
    pub(crate) shared: Option<&'e SharedState>,
}

/// The memories of a run, an agent or an organisation, and where the event stands among theirs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'e> {
    pub(crate) memories: Option<&'e Memories>,
    pub(crate) now: Moment,
    pub(crate) is_shared: bool,
}

/// The events that a rule has found: those in its slots, and all that are listed.
#[derive(Debug, Default)]
pub(crate) struct Sight<'e> {
    pub(crate) bound: Vec<(u16, &'e Record, bool)>,
    /// The nearest first, clause by clause.
    pub(crate) witnesses: Vec<u64>,
}

impl<'e> Sight<'e> {
    pub(crate) fn witness(&mut self, seq: u64) {
        if self.witnesses.len() < WITNESSES_MAX && !self.witnesses.contains(&seq) {
            self.witnesses.push(seq);
        }
    }
}

/// What must be equal to what is kept of a past event.
#[derive(Debug, Clone, Copy)]
pub(super) enum Join {
    /// Anything may.
    Any,
    /// Something absent: no event matches.
    Never,
    /// A quick hash.
    Hash(u64),
}

impl Join {
    pub(super) fn may_match(self, record: Option<u64>) -> bool {
        match (self, record) {
            (Self::Never, _) => false,
            (Self::Hash(hash), Some(record)) => hash == record,
            (Self::Any, _) | (Self::Hash(_), None) => true,
        }
    }
}

impl<'e, P: Probe> Context<'e, '_, P> {
    /// The memories of a scope; unknown when they were not passed in, or nobody knows whose they are.
    pub(super) fn view(&self, states: States<'e>, scope: typed::Scope) -> Result<View<'e>, Reason> {
        let owner = match (scope, states.shared) {
            (typed::Scope::Run, _) => {
                return Ok(View { memories: Some(&states.run.memories), now: self.current.at, is_shared: false });
            }
            (_, None) => return Err(Reason::NoSharedState),
            (typed::Scope::Agent, Some(shared)) => shared.agent(self.current.agent_id().ok_or(Reason::NoAgent)?),
            (typed::Scope::Organisation, Some(shared)) => Some(shared.organisation()),
        };
        let now = owner.map_or(Moment { ordinal: 1, ..self.current.at }, |owner| owner.moment(self.current.at.clock));
        Ok(View { memories: owner.map(|owner| &owner.memories), now, is_shared: true })
    }

    fn view_of(&mut self, states: States<'e>, memory: MemoryId) -> Option<(View<'e>, &'e MemoryDef)> {
        let def = self.program.memory(memory);
        match self.view(states, def.scope) {
            Ok(view) => Some((view, def)),
            Err(reason) => {
                self.reason = Some(reason);
                None
            }
        }
    }

    /// What the event has that a past one must have too.
    pub(super) fn join(&mut self, exprs: &[ExprId], scope: Scope<'_, 'e>) -> Join {
        if exprs.is_empty() {
            return Join::Any;
        }
        let mut hasher = StableHasher::default();
        for expr in exprs {
            match self.value(*expr, scope) {
                Ok(value) => hasher.write_u64(quick_hash(&value)),
                Err(Gap::Absent) => return Join::Never,
                Err(Gap::Unknown(_)) => return Join::Any,
            }
        }
        Join::Hash(hasher.finish())
    }

    /// `after` and `without`. An unknown past event makes `after` true in a rule that fails closed, and unknown in another one;
    /// it never makes `without` false, nor a clause behind `unless` true: behind `unless without` it counts.
    pub(super) fn past(
        &mut self,
        states: States<'e>,
        rule: &Rule,
        negated: bool,
        past: &Past,
        sight: &mut Sight<'e>,
    ) -> Truth {
        let Some((view, def)) = self.view_of(states, past.memory) else { return Truth::Unknown };
        let nothing = Truth::from(past.is_without);
        let Some(records) = view.memories.and_then(|memories| memories.records(def.hash)) else { return nothing };
        let certain_only = past.is_without != negated;
        let is_closed = rule.fails_closed() && !certain_only;
        let join = past.cross.as_ref().map_or(Join::Any, |cross| self.join(&cross.join, Scope::default()));
        let (mut found, mut flow, mut reason) = (Truth::False, None, None);
        for (record, is_certain) in nearest(records, certain_only, past.window, view.now) {
            self.step();
            if !join.may_match(record.join) {
                continue;
            }
            let bound = Bound { slot: past.slot, record, is_shared: view.is_shared, up: None };
            let mut truth = self.crossed(past.cross.as_ref(), is_certain, &bound);
            if truth == Truth::Unknown {
                reason = reason.or(self.reason);
                if is_closed {
                    truth = Truth::True;
                }
            }
            found = found.or(truth);
            if truth == Truth::True {
                if past.is_without {
                    return Truth::False;
                }
                if flow.is_none() {
                    flow = Some(self.flows.last.take());
                    sight.bound.push((past.slot, record, view.is_shared));
                }
                if view.is_shared || sight.witnesses.len() >= WITNESSES_MAX {
                    break;
                }
                sight.witness(record.seq);
            }
        }
        if let Some(flow) = flow {
            self.flows.last = flow;
        }
        if past.is_without && !negated {
            found = Truth::False;
        }
        if found != Truth::True && past.cross.is_some() && records.has_forgotten(past.window, view.now) {
            self.reason = Some(Reason::Forgotten);
            return Truth::Unknown;
        }
        if found == Truth::Unknown {
            self.reason = reason;
        }
        if past.is_without { found.not() } else { found }
    }

    /// The part of a condition that is decided now.
    fn crossed(&mut self, cross: Option<&Cross>, is_certain: bool, bound: &Bound<'_, 'e>) -> Truth {
        let local = if is_certain { Truth::True } else { Truth::Unknown };
        match cross {
            None => {
                if !is_certain {
                    self.reason = Some(Reason::Missing);
                }
                local
            }
            Some(cross) => local.and(self.truth(cross.condition, Scope { bound: Some(bound), ..Scope::default() })),
        }
    }

    /// A sequence whose steps were decided as they came.
    pub(super) fn chain(
        &mut self,
        states: States<'e>,
        rule: &Rule,
        negated: bool,
        chain: &Chain,
        sight: &mut Sight<'e>,
    ) -> Truth {
        let Some((view, def)) = self.view_of(states, chain.memory) else { return Truth::Unknown };
        let Some(memory) = view.memories.and_then(|memories| memories.chain(def.hash)) else { return Truth::False };
        self.step();
        let is_closed = rule.fails_closed() && !negated;
        let whole = |with_possible| {
            let steps = memory.whole(chain.slots.len(), with_possible)?;
            steps.first().is_some_and(|first| first.at.is_within(chain.window, view.now)).then_some(steps)
        };
        let (truth, steps) = match (whole(is_closed), is_closed) {
            (Some(steps), _) => (Truth::True, steps),
            (None, false) if whole(true).is_some() => {
                self.reason = Some(Reason::Missing);
                (Truth::Unknown, &[][..])
            }
            (None, _) => (Truth::False, &[][..]),
        };
        for (slot, record) in chain.slots.iter().zip(steps).rev() {
            sight.bound.push((*slot, record, view.is_shared));
            if !view.is_shared {
                sight.witness(record.seq);
            }
        }
        truth
    }

    /// A sequence whose steps speak of each other or of the trigger.
    pub(super) fn search(
        &mut self,
        states: States<'e>,
        rule: &Rule,
        negated: bool,
        search: &Search,
        sight: &mut Sight<'e>,
    ) -> Truth {
        let mut steps = Vec::with_capacity(search.steps.len());
        let mut has_forgotten = false;
        for step in &search.steps {
            let Some((view, def)) = self.view_of(states, step.memory) else { return Truth::Unknown };
            let Some(records) = view.memories.and_then(|memories| memories.records(def.hash)) else { return Truth::False };
            let records: Vec<(&'e Record, bool)> = nearest(records, negated, search.window, view.now).collect();
            has_forgotten |= view
                .memories
                .and_then(|memories| memories.records(def.hash))
                .is_some_and(|records| records.has_forgotten(search.window, view.now));
            steps.push((step, records, view.is_shared));
        }
        let mut looking = Looking {
            steps: &steps,
            is_closed: rule.fails_closed() && !negated,
            best: Truth::False,
            chain: Vec::new(),
            visits: 0,
            flow: None,
        };
        self.look(&mut looking, steps.len(), u64::MAX, Truth::True, None);
        let Looking { best, chain, visits, flow, .. } = looking;
        if let Some(flow) = flow {
            self.flows.last = Some(flow);
        }
        if best != Truth::True && (has_forgotten || visits >= SEARCH_MAX) {
            self.reason = Some(if has_forgotten { Reason::Forgotten } else { Reason::TooLong });
            return Truth::Unknown;
        }
        if best == Truth::True {
            // From the last step to the first.
            for (slot, record, is_shared) in chain {
                sight.bound.push((slot, record, is_shared));
                if !is_shared {
                    sight.witness(record.seq);
                }
            }
        }
        best
    }

    /// Tries the events for the step before `open`, the nearest first, all of them before `ordinal`. Steps are chosen from the
    /// last to the first; a condition that speaks of the steps before it is asked once the whole chain is there.
    fn look(
        &mut self,
        looking: &mut Looking<'_, 'e>,
        open: usize,
        ordinal: u64,
        truth: Truth,
        chosen: Option<&Bound<'_, 'e>>,
    ) {
        let Some(at) = open.checked_sub(1) else {
            return self.judge_chain(looking, truth, chosen);
        };
        let steps = looking.steps;
        let (step, records, is_shared) = &steps[at];
        for (record, is_certain) in records {
            if record.at.ordinal >= ordinal {
                continue;
            }
            if looking.best == Truth::True || looking.visits >= SEARCH_MAX {
                return;
            }
            looking.visits += 1;
            self.step();
            let bound = Bound { slot: step.slot, record, is_shared: *is_shared, up: chosen };
            let mut with = if *is_certain { truth } else { truth.and(Truth::Unknown) };
            if let Some(cross) = step.cross.as_ref().filter(|_| step.is_own) {
                with = with.and(self.truth(cross.condition, Scope { bound: Some(&bound), ..Scope::default() }));
            }
            if with != Truth::False {
                self.look(looking, at, record.at.ordinal, with, Some(&bound));
            }
        }
    }

    fn judge_chain(&mut self, looking: &mut Looking<'_, 'e>, truth: Truth, chosen: Option<&Bound<'_, 'e>>) {
        let mut truth = truth;
        for (step, ..) in looking.steps {
            if let Some(cross) = step.cross.as_ref().filter(|_| !step.is_own) {
                truth = truth.and(self.truth(cross.condition, Scope { bound: chosen, ..Scope::default() }));
            }
        }
        if truth == Truth::Unknown && looking.is_closed {
            truth = Truth::True;
        }
        if truth > looking.best {
            looking.best = truth;
            looking.flow = self.flows.last.take();
            let mut bound = chosen;
            looking.chain.clear();
            while let Some(found) = bound {
                looking.chain.push((found.slot, found.record, found.is_shared));
                bound = found.up;
            }
            looking.chain.reverse();
        }
    }
}

/// A step of a search: what it asks for, its records with whether each is certain, and whether some were forgotten.
type Candidates<'s, 'e> = (&'s crate::program::Step, Vec<(&'e Record, bool)>, bool);

/// The state of a search.
struct Looking<'s, 'e> {
    steps: &'s [Candidates<'s, 'e>],
    is_closed: bool,
    best: Truth,
    /// From the last step to the first.
    chain: Vec<(u16, &'e Record, bool)>,
    visits: u32,
    flow: Option<crate::flow::Flow>,
}

/// The remembered events of a window, the nearest first, and whether each matches for sure.
pub(super) fn nearest<'r>(
    records: &'r Records,
    certain_only: bool,
    window: Window,
    now: Moment,
) -> impl Iterator<Item = (&'r Record, bool)> {
    let is_within = move |record: &&'r Record| record.at.is_within(window, now);
    let mut certain = records.certain.iter().rev().take_while(is_within).peekable();
    let possible = records.possible.iter().rev().take_while(is_within);
    let mut possible = possible.take(if certain_only { 0 } else { usize::MAX }).peekable();
    std::iter::from_fn(move || {
        let ordinal = |next: Option<&&Record>| next.map(|record| record.at.ordinal);
        if ordinal(certain.peek()) >= ordinal(possible.peek()) {
            certain.next().map(|record| (record, true))
        } else {
            possible.next().map(|record| (record, false))
        }
    })
}
