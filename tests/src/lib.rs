//! What the tests of AOP as a whole share: where things are, the built command, and a host that can be killed.
//!
//! [`Host`] starts `aop serve` as an operator would and is talked to through a [`Client`]; a [`RunLedger`] holds what
//! clients were told and says how a stored trace contradicts it. The tests themselves are in `tests/`, one file a subject.

mod binary;
mod client;
pub mod generated;
mod host;
mod ledger;
mod places;
mod random;
mod sarif;
mod stored;

pub use binary::aop_binary;
pub use client::{Answer, Client};
pub use host::Host;
pub use ledger::{RunLedger, Stored, Told, Violation};
pub use places::{corpora, is_installed, skipped, trace_files, workspace_root};
pub use random::Random;
pub use sarif::sarif_faults;
pub use stored::{StoredRun, stored_run};
