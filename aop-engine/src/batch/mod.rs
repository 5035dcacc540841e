//! Many runs together: what is kept of each run that has ended, and what is said of them all.
//!
//! Beside a run's state go its [`RunNotes`]; from both comes an [`EndedRun`], which is small; a [`BatchState`] takes these in, in any
//! order, and [`Engine::finish_batch`] says what is unusual. [`Engine::evaluate_all`] and [`Engine::evaluate_stream`] do it all.

mod ended;
mod evaluate;
mod notes;
#[cfg(feature = "policies")]
mod records;
mod state;

pub use ended::EndedRun;
pub use evaluate::BatchReport;
pub use notes::RunNotes;
pub use state::BatchState;

/// Whether the rules over many runs are compiled in at all; without it settings cannot ask for them.
pub(crate) const IS_THERE: bool = cfg!(feature = "batch");
