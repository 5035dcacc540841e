//! A run that has ended.

use aop_rules::batch::RunProfile;
use serde::{Deserialize, Serialize};

use super::RunNotes;
use crate::engine::Engine;
use crate::run_state::RunState;

/// A run that has ended, as the rules over many runs see it: small, and free of personal data and secrets but for what its `meta` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndedRun {
    /// For the rules we ship.
    pub profile: RunProfile,
    /// For the policies' batch rules, where there are any.
    #[cfg(feature = "policies")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<aop_dsl::RunRecord>,
}

impl Engine {
    /// A run that has ended, by its state and what was noted of its events; nothing when it has no event. Its agent is its caller's,
    /// or else the one that its events name; whose organisation it is, and how it ended where that is not `completed`, is for the
    /// caller to fill in.
    pub fn ended_run(&self, run_id: &str, state: &RunState, notes: RunNotes) -> Option<EndedRun> {
        #[cfg(feature = "policies")]
        let record = self.asks_for_meta().then(|| self.noted_record(run_id, state, &notes)).flatten();
        let mut profile = notes.traits.profile(run_id, &state.trace_record())?;
        profile.who.agent = state.agent_id.or(profile.who.agent);
        Some(EndedRun {
            profile,
            #[cfg(feature = "policies")]
            record,
        })
    }
}
