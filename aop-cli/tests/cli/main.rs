//! The command `aop` as its users run it: what it prints, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

mod batch;
mod eval;
mod explain;
mod learn;
mod manual;
mod recognizers;
mod redact;
mod reports;
mod scan;
mod send;
mod settings;
mod support;
mod usage;
