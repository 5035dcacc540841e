//! The way of an event through the door: known already? → room in the log? → judged → appended → durable → answered.
//!
//! [`door`] decides about one event of a run that is locked. [`single`] and [`batch`] bring events to it: run by run in
//! order, different runs at the same time. [`lifecycle`] creates and finishes runs.

pub(crate) mod batch;
mod door;
pub(crate) mod lifecycle;
mod names;
mod runs;
pub(crate) mod single;
mod split;

use std::sync::Arc;

use aop_engine::Effect;

pub(crate) use runs::RunTable;
pub(crate) use split::{Form, split};

use crate::problem::Problem;

/// What became of one event.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// Accepted or refused; it has its seq for good once its record is durable.
    Decided(Decided),
    /// Neither: it consumed nothing.
    Failed(Problem),
}

/// An event's answer, the first time and every time after.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) seq: u64,
    pub(crate) effect: Effect,
    /// A JSON array, when there are findings.
    pub(crate) findings: Option<Arc<str>>,
    /// Whether the event had been decided before.
    pub(crate) is_duplicate: bool,
}

impl Decided {
    /// The findings as a JSON array.
    pub(crate) fn findings(&self) -> &str {
        self.findings.as_deref().unwrap_or("[]")
    }
}
