//! The run validators as the engine drives them: on written cases, against oracles, and on real runs.

#![expect(clippy::disallowed_methods, reason = "tests read their fixtures, the manual and the corpora")]

#[path = "../common/mod.rs"]
mod common;
mod corpora;
mod driver;
mod fixtures;
mod laws;
mod manual;
mod oracle;
