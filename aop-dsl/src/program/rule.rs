//! A rule as it is run.

use std::sync::Arc;

use aop_toon::{Effect, Phase, Severity};

use crate::program::memory::MemoryId;
use crate::program::node::{Comparison, ExprId};
use crate::typed::{AggregateFunction, OnUnknown, Package, Pattern, Window};

/// A rule of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RuleId(pub(crate) u32);

#[derive(Debug)]
pub(crate) struct Rule {
    /// `package.rule`
    pub(crate) code: String,
    pub(crate) severity: Severity,
    pub(crate) on_unknown: OnUnknown,
    pub(crate) phase: Phase,
    /// The strongest of its effects.
    pub(crate) effect: Effect,
    /// The names of the event slots.
    pub(crate) slots: Vec<String>,
    pub(crate) pattern: Pattern,
    /// Of the trigger, about the event alone.
    pub(crate) condition: ExprId,
    /// In the order of the text.
    pub(crate) clauses: Box<[Clause]>,
    /// The order in which they are decided: the cheap ones first.
    pub(crate) order: Box<[u16]>,
    pub(crate) effects: Box<[RuleEffect]>,
    pub(crate) message: Box<[MessagePart]>,
    /// What its findings point at.
    pub(crate) at: Option<ExprId>,
    /// Of its meaning, the same on every machine.
    pub(crate) hash: u64,
    /// Of its memories and of the places that its texts come from.
    pub(crate) memory_hashes: Box<[u64]>,
    pub(crate) code_hash: u64,
    /// It has a duty, so that what it says is said later.
    pub(crate) is_duty: bool,
    /// It asks where texts come from.
    pub(crate) has_flow: bool,
    /// A memory of it may be full one day in a way that is to be told.
    pub(crate) may_fill: bool,
    /// Where it comes from, and its place there.
    pub(crate) package: Arc<Package>,
    pub(crate) index: usize,
}

impl Rule {
    pub(crate) fn fails_closed(&self) -> bool {
        self.on_unknown == OnUnknown::Deny
    }

    /// Its memories, with the clauses that use them.
    pub(crate) fn memories(&self) -> impl Iterator<Item = MemoryId> {
        self.clauses.iter().flat_map(|clause| match &clause.kind {
            ClauseKind::Condition(_) => Vec::new(),
            ClauseKind::Past(past) => vec![past.memory],
            ClauseKind::Chain(chain) => vec![chain.memory],
            ClauseKind::Search(search) => search.steps.iter().map(|step| step.memory).collect(),
            ClauseKind::Aggregate(aggregate) => vec![aggregate.memory],
            ClauseKind::Cycle(cycle) => vec![cycle.memory],
            ClauseKind::Expect(duty) => vec![duty.memory],
        })
    }
}

#[derive(Debug)]
pub(crate) struct Clause {
    pub(crate) negated: bool,
    pub(crate) kind: ClauseKind,
}

#[derive(Debug)]
pub(crate) enum ClauseKind {
    Condition(ExprId),
    Past(Past),
    Chain(Chain),
    Search(Search),
    Aggregate(Aggregate),
    Cycle(Cycle),
    Expect(Duty),
}

/// `after` and `without`.
#[derive(Debug)]
pub(crate) struct Past {
    pub(crate) memory: MemoryId,
    /// `without`: it holds when there is none.
    pub(crate) is_without: bool,
    pub(crate) slot: u16,
    pub(crate) window: Window,
    pub(crate) cross: Option<Cross>,
}

/// The part of a condition that speaks of the trigger or of other steps.
#[derive(Debug)]
pub(crate) struct Cross {
    /// About the trigger and what is kept.
    pub(crate) condition: ExprId,
    /// About the trigger: what the memory's `join` must be equal to.
    pub(crate) join: Box<[ExprId]>,
}

/// A sequence whose steps are decided as they come.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) memory: MemoryId,
    pub(crate) window: Window,
    /// The slots of its steps.
    pub(crate) slots: Box<[u16]>,
}

/// A sequence whose steps speak of each other or of the trigger.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) window: Window,
    pub(crate) steps: Box<[Step]>,
}

#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) memory: MemoryId,
    pub(crate) slot: u16,
    pub(crate) cross: Option<Cross>,
    /// The condition speaks of no other step.
    pub(crate) is_own: bool,
}

#[derive(Debug)]
pub(crate) struct Aggregate {
    pub(crate) memory: MemoryId,
    pub(crate) function: AggregateFunction,
    /// What events are counted; the trigger is one if this and the condition hold for it.
    pub(crate) pattern: Pattern,
    /// The whole condition, about the event as the one that is counted and as the trigger.
    pub(crate) of_trigger: ExprId,
    /// What is aggregated, about the event.
    pub(crate) value: Option<ExprId>,
    /// The keys, about the event as the one that is counted.
    pub(crate) keys: Box<[ExprId]>,
    /// The same keys, about the event as the trigger.
    pub(crate) trigger_keys: Box<[ExprId]>,
    pub(crate) comparison: Comparison,
    pub(crate) bound: ExprId,
    pub(crate) window: Window,
    pub(crate) slot: u16,
    pub(crate) cross: Option<Cross>,
    /// With `cross`: where what is aggregated stands among the values that are kept.
    pub(crate) value_at: u16,
}

#[derive(Debug)]
pub(crate) struct Cycle {
    pub(crate) memory: MemoryId,
    pub(crate) same: Box<[ExprId]>,
    pub(crate) comparison: Comparison,
    pub(crate) bound: ExprId,
    pub(crate) window: Window,
}

/// `expect`
#[derive(Debug)]
pub(crate) struct Duty {
    pub(crate) memory: MemoryId,
    pub(crate) window: Window,
    /// About the event that arrives and what is kept of the trigger.
    pub(crate) cross: Option<Cross>,
    /// Where the message's values begin among those that are kept of the trigger.
    pub(crate) message_at: u16,
}

#[derive(Debug)]
pub(crate) enum RuleEffect {
    Flag,
    Redact(ExprId),
    /// A [`crate::program::Node::Detect`].
    RedactDetected(ExprId),
    Throttle {
        wait_ms: u64,
    },
    RequireApproval {
        role: String,
        ttl_ms: u64,
    },
    Deny,
}

#[derive(Debug)]
pub(crate) enum MessagePart {
    Text(Box<str>),
    Value(ExprId),
}
