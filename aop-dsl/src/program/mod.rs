//! The program: policies as they are run.
//!
//! Rules of all policies, their expressions in one table ([`Exprs`]) in which equal ones are one, the memories that their clauses
//! need ([`MemoryDef`]), what feeds these memories ([`Watch`]), and the way from an event to all of this ([`Dispatch`]).

mod dispatch;
mod memory;
mod node;
pub(crate) mod pattern;
mod quick_hash;
mod rule;
mod stable_hash;

use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) use dispatch::{Bounds, Bucket, ByAction, Dispatch, Guarded, Index, NameId};
pub(crate) use memory::{
    CYCLE_EVENTS_MAX, DUTIES_MAX, FLOW_RECORDS_MAX, MemoryDef, MemoryId, MemoryKind, POSSIBLE_MAX, RECORDS_MAX,
    WITNESSES_MAX,
};
pub(crate) use node::{
    Comparison, ExprId, Exprs, FlowId, Node, RequestFact, RequestValueId, SchemaId, WordKind, constant_amount,
};
pub(crate) use quick_hash::quick_hash;
pub(crate) use rule::{
    Aggregate, Chain, Clause, ClauseKind, Cross, Cycle, Duty, MessagePart, Past, Rule, RuleEffect, RuleId, Search, Step,
};
pub(crate) use stable_hash::{BuildUnhashed, StableHasher, combined, stable_hash};

use crate::flow::{SourceId, Vocabulary};
use crate::typed::{DetectorFamily, Pattern, Schema};

/// Compiled rules.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) exprs: Exprs,
    /// Sorted by code.
    pub(crate) rules: Vec<Rule>,
    pub(crate) memories: Vec<MemoryDef>,
    pub(crate) watches: Vec<Watch>,
    pub(crate) dispatch: Dispatch,
    /// By [`FlowId`].
    pub(crate) flows: Vec<Flow>,
    /// Clauses that make duties.
    pub(crate) duties: Vec<(RuleId, u16)>,
    /// By [`SchemaId`].
    pub(crate) schemas: Vec<SchemaWords>,
    pub(crate) detectors: BTreeSet<DetectorFamily>,
    /// The names of declared actions, which are nobody's words.
    pub(crate) vocabulary: Vocabulary,
    /// The hashes of memories and of places that texts come from, sorted.
    pub(crate) memory_hashes: Arc<[u64]>,
    /// Of the meaning of all rules.
    pub(crate) hash: u64,
    pub(crate) uses_shared_state: bool,
    /// A watch, or what it keeps, asks a detector.
    pub(crate) remembers_detections: bool,
}

/// Something that feeds memories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct WatchId(pub(crate) u32);

/// Events that are remembered.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) pattern: Pattern,
    /// About the event alone.
    pub(crate) condition: ExprId,
    pub(crate) feeds: Vec<Feed>,
}

/// What is done with a watched event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Feed {
    /// Refused events are passed over.
    pub(crate) accepted_only: bool,
    pub(crate) into: FeedInto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FeedInto {
    /// Records, cells and cycles.
    Memory(MemoryId),
    /// A step of a chain.
    Step(MemoryId, u16),
    /// The event may be what a duty expects.
    Discharge { rule: RuleId, clause: u16 },
    /// The event may trigger a rule that makes it a duty.
    Open { rule: RuleId },
    /// Its texts may flow on.
    Flow(FlowId),
    /// It may trigger a rule that has something to say about a full memory, once.
    Tell { rule: RuleId },
}

/// A place that texts come from.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) source: SourceId,
    /// The value, about the event.
    pub(crate) value: ExprId,
}

/// What a schema says of actions, by [`NameId`].
#[derive(Debug)]
pub(crate) struct SchemaWords {
    pub(crate) schema: Arc<Schema>,
    /// The action's place in the schema.
    pub(crate) actions: Vec<Option<u32>>,
}

impl Program {
    pub(crate) fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.0 as usize]
    }

    pub(crate) fn memory(&self, id: MemoryId) -> &MemoryDef {
        &self.memories[id.0 as usize]
    }
}
