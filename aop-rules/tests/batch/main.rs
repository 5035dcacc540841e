//! The rules over many runs: their written cases and their laws.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures from disk")]

mod fixtures;
mod laws;
mod runs;
