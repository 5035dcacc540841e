//! What is unusual among many runs: an agent beside its own past, and what several runs have in common.
//!
//! Of each run that has ended, a [`RunProfile`] is kept: its numbers, and where it sent something ([`RunTraits`], which is made
//! event by event). A [`BatchState`] takes profiles in, in any order, and is bounded; [`BatchState::finish`] says what there is to
//! say of the runs of a window of time beside those before. Nothing here reads a clock: now is an argument.
//!
//! What each rule means, with its formula and its source, is told in `docs/batch.md`.

mod bounded;
mod bucket;
mod capacity;
mod change_point;
mod clock;
mod destinations;
mod drift_duration;
mod drift_errors;
mod drift_mix;
mod failure_burst;
mod novelty;
mod profile;
mod rules;
mod settings;
mod shared_fingerprint;
mod slow_exfiltration;
mod state;
mod view;

pub use capacity::CAPACITY;
pub use change_point::CHANGE_POINT;
pub use drift_duration::DRIFT_DURATION;
pub use drift_errors::DRIFT_ERRORS;
pub use drift_mix::DRIFT_MIX;
pub use failure_burst::FAILURE_BURST;
pub use novelty::{NEW_DESTINATION, RARE_ACTION};
pub use profile::{PROFILE_NAMES_MAX, RunProfile, RunTraits, Sent, Who};
pub use rules::{BATCH_FINDINGS_MAX, RULES};
pub use settings::BatchSettings;
pub use shared_fingerprint::SHARED_FINGERPRINT;
pub use slow_exfiltration::SLOW_EXFILTRATION;
pub use state::BatchState;
