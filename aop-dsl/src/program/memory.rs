//! What has to be remembered, by definition: clauses with equal definitions share one memory.

use crate::program::node::ExprId;
use crate::typed::{AggregateFunction, Scope, Window};

/// A memory of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct MemoryId(pub(crate) u32);

/// How many past events a clause lists as witnesses.
pub(crate) const WITNESSES_MAX: usize = 9;

/// How many past events a clause keeps whose condition speaks of the trigger, when it does not say how many.
pub(crate) const RECORDS_MAX: u32 = 256;

/// The same where the condition is only `derives_from`, so that nothing but their place is kept.
pub(crate) const FLOW_RECORDS_MAX: u32 = 1024;

/// How many duties of a rule are open at once.
pub(crate) const DUTIES_MAX: u32 = 1024;

/// How many events back `cycle` looks.
pub(crate) const CYCLE_EVENTS_MAX: u32 = 256;

/// How many events whose match is unknown an aggregate keeps for a key.
pub(crate) const POSSIBLE_MAX: u32 = 64;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MemoryDef {
    /// Names the memory in written states and carries it over a reload.
    pub(crate) hash: u64,
    pub(crate) scope: Scope,
    pub(crate) window: Window,
    pub(crate) kind: MemoryKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MemoryKind {
    /// The latest events of a kind.
    Records {
        capacity: u32,
        /// What is kept of each: about the event.
        values: Box<[ExprId]>,
        /// What must be equal to something of the trigger: about the event.
        join: Box<[ExprId]>,
    },
    /// How far a sequence has come; what is kept of each step, about the event.
    Chain { values: Box<[Box<[ExprId]>]> },
    /// An aggregate for each key.
    Cells {
        function: AggregateFunction,
        /// About the event: what is summed up, told apart or compared.
        value: Option<ExprId>,
        keys: Box<[ExprId]>,
        keys_max: u64,
        /// How many timestamps, values or amounts are kept for a key.
        capacity: u32,
    },
    /// The counted events for each key, where the condition speaks of the trigger.
    CellRecords {
        keys: Box<[ExprId]>,
        keys_max: u64,
        /// What is kept of each: for the condition, and what is aggregated.
        values: Box<[ExprId]>,
        join: Box<[ExprId]>,
        capacity: u32,
    },
    /// What the latest events were, for `cycle`.
    Cycle { same: Box<[ExprId]>, capacity: u32 },
    /// What must still come.
    Duties {
        /// What is kept of the trigger: for the condition, then for the message.
        values: Box<[ExprId]>,
        join: Box<[ExprId]>,
    },
}
