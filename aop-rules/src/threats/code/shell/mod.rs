//! Commands of a shell: what breaks out of a value into one, and what attacks where one is expected.
//!
//! Whether there can be any (`glance`) → commands (`tokens`) → what flows between them (`flow`) → what no ordinary one does (`checks`).

mod behind;
mod checks;
pub mod command;
pub(super) mod files;
mod flow;
mod glance;
pub mod injection;
mod installers;
mod names;
mod padded;
mod script;
mod tokens;
