//! What is kept of requests for rules about their responses.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::value::Stored;

/// How many requests are kept, answered or not.
pub(crate) const REQUESTS_MAX: usize = 1024;

/// The latest requests that some rule will ask for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requests {
    requests: VecDeque<Request>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    seq: u64,
    /// The run's clock when it came.
    clock: i64,
    /// By the hash of what they are.
    values: Box<[(u64, Stored)]>,
}

impl Requests {
    pub(crate) fn push(&mut self, seq: u64, clock: i64, values: Box<[(u64, Stored)]>) {
        if self.requests.len() >= REQUESTS_MAX {
            self.requests.pop_front();
        }
        self.requests.push_back(Request { seq, clock, values });
    }

    /// The clock when a request came.
    pub(crate) fn clock(&self, seq: u64) -> Option<i64> {
        self.find(seq).map(|request| request.clock)
    }

    /// A value of a request; nothing inside when the request is known and this was not kept of it.
    pub(crate) fn value(&self, seq: u64, hash: u64) -> Option<Option<&Stored>> {
        let request = self.find(seq)?;
        Some(request.values.iter().find(|(known, _)| *known == hash).map(|(_, value)| value))
    }

    /// Responses mostly follow their requests closely.
    fn find(&self, seq: u64) -> Option<&Request> {
        self.requests.iter().rev().find(|request| request.seq == seq)
    }
}
