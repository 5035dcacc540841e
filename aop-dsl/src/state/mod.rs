//! What a run, and an agent over its runs, must remember.
//!
//! A state is plain data: the memories by the hashes of their definitions, so that it belongs to no set and a reload can carry
//! over what is the same. All of it is bounded.

mod cell;
mod cells;
mod chain;
mod cycle;
mod duties;
mod memories;
mod record;
mod requests;
mod shared;
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aop_toon::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use cell::{Amount, Cell, Keeping};
pub(crate) use cells::Cells;
pub(crate) use chain::Chain;
pub(crate) use cycle::{CycleStep, Repetition, Steps};
pub(crate) use duties::{Due, Duties, Duty};
pub(crate) use memories::Memories;
pub(crate) use record::{Moment, Record, Records};
pub(crate) use requests::{REQUESTS_MAX, Requests};
pub(crate) use shared::AGENTS_MAX;
pub use shared::{SharedPart, SharedPartError, SharedState};
pub(crate) use tally::Tally;

use crate::flow;

/// What one run must remember for its policies: a value of bounded size that can be written out and read back. Whatever set of
/// policies it was made under, another one takes over what is the same ([`crate::PolicySet::adopt`]).
///
/// ```
/// let state = aop_dsl::PolicyState::default();
/// let written = serde_json::to_string(&state).unwrap();
/// assert_eq!(serde_json::from_str::<aop_dsl::PolicyState>(&written).unwrap(), state);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyState {
    pub(crate) run: RunFacts,
    pub(crate) memories: Memories,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) requests: Requests,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) flow: flow::Table,
    /// When the next duty is due at the earliest.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) due: Due,
    /// What rules have said once and will not say again.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) told: BTreeSet<u64>,
    /// The memories of the set under which it was made, used or not: what is not among them after a reload has seen nothing of
    /// what came before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) known: Option<Known>,
    /// Memories that began within the run: after this event.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) since: BTreeMap<u64, u64>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A run in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunFacts {
    /// All events, refused ones too.
    pub(crate) events: u64,
    pub(crate) requests: u64,
    pub(crate) responses: u64,
    /// Error events, and responses that say so.
    pub(crate) errors: u64,
    pub(crate) refused: u64,
    /// The clock at the first event.
    pub(crate) started: Option<Timestamp>,
    pub(crate) clock: Option<Timestamp>,
    pub(crate) last_seq: Option<u64>,
}

/// Hashes of memories, sorted; shared with the set they are of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known(pub(crate) Arc<[u64]>);

impl Known {
    pub(crate) fn is_of(&self, hashes: &Arc<[u64]>) -> bool {
        Arc::ptr_eq(&self.0, hashes) || self.0 == *hashes
    }
}

impl Serialize for Known {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut hashes = Vec::<u64>::deserialize(deserializer)?;
        hashes.sort_unstable();
        Ok(Self(hashes.into()))
    }
}
