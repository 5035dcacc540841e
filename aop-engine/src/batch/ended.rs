//! A run that has ended.

use aop_rules::batch::RunProfile;
use aop_rules::scan;
use serde::{Deserialize, Serialize};

use super::RunNotes;
use crate::engine::Engine;
use crate::hiding::without_data;
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
    /// How many members of its events' meta had no place in the record.
    #[serde(default)]
    pub unnoted_meta: u64,
}

impl Engine {
    /// A run that has ended, by its state and what was noted of its events; nothing when it has no event. Its agent is its caller's,
    /// or else the one that its events name; whose organisation it is, and how it ended where that is not `completed`, is for the
    /// caller to fill in.
    ///
    /// Personal data and secrets in the run's name are hidden.
    pub fn ended_run(&self, run_id: &str, state: &RunState, notes: RunNotes) -> Option<EndedRun> {
        let run_id = &*without_data(&self.detectors, run_id.into(), &mut scan::Scratch::default());
        let unnoted_meta = notes.unnoted_meta;
        #[cfg(feature = "policies")]
        let record = self.asks_for_meta().then(|| self.noted_record(run_id, state, &notes)).flatten();
        let mut profile = notes.traits.profile(run_id, &state.trace_record())?;
        profile.who.agent = state.agent_id.or(profile.who.agent);
        Some(EndedRun {
            profile,
            #[cfg(feature = "policies")]
            record,
            unnoted_meta,
        })
    }
}
