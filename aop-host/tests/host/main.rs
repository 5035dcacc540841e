//! The host over real HTTP, through the same `run` that the command calls.
#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

mod batches;
mod corpora;
mod dead_letters;
mod events;
mod lifecycle;
mod order;
mod reading;
mod restart;
mod shared;
mod states;
mod support;
mod tenancy;
mod transport;
