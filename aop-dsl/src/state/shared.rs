//! Memory beyond one run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Memories, Moment};

/// Past so many agents, new ones share a memory, which counts high.
pub(crate) const AGENTS_MAX: usize = 65_536;

/// What must be remembered for clauses that say `per agent` or `per organisation`: one for each organisation. Whoever runs the
/// policies passes it in; without it, such clauses are unknown.
///
/// Its clock is the greatest of any run that was observed with it: windows of shared clauses end there, so that a run whose clock
/// is behind sees what others have just done.
///
/// ```
/// let shared = aop_dsl::SharedState::default();
/// let written = serde_json::to_string(&shared).unwrap();
/// assert_eq!(serde_json::from_str::<aop_dsl::SharedState>(&written).unwrap(), shared);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SharedState {
    organisation: Owner,
    agents: BTreeMap<i64, Owner>,
    /// Of all agents past the bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<Box<Owner>>,
}

/// The memory of an agent or organisation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Owner {
    /// Of the last event.
    pub(crate) last: Option<Moment>,
    pub(crate) memories: Memories,
}

impl Owner {
    /// Where an event stands that comes now.
    pub(crate) fn moment(&self, clock: i64) -> Moment {
        let last = self.last.unwrap_or(Moment { clock: i64::MIN, ordinal: 0 });
        Moment { clock: last.clock.max(clock), ordinal: last.ordinal.saturating_add(1) }
    }
}

impl SharedState {
    pub(crate) fn organisation(&self) -> &Owner {
        &self.organisation
    }

    pub(crate) fn organisation_mut(&mut self) -> &mut Owner {
        &mut self.organisation
    }

    pub(crate) fn agent(&self, agent: i64) -> Option<&Owner> {
        match self.agents.get(&agent) {
            None if self.agents.len() >= AGENTS_MAX => self.others.as_deref(),
            known => known,
        }
    }

    pub(crate) fn agent_mut(&mut self, agent: i64) -> &mut Owner {
        if self.agents.len() >= AGENTS_MAX && !self.agents.contains_key(&agent) {
            return self.others.get_or_insert_default();
        }
        self.agents.entry(agent).or_default()
    }
}
