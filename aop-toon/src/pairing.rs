//! Which response answers which request, as events arrive.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::time::Timestamp;
use crate::words::EventType;

/// How many unanswered requests a run may have; past that the oldest is forgotten and counted.
const OPEN_MAX: usize = 4096;

/// How many answered calls are remembered, to know a second answer and a call id that is used again.
const ANSWERED_MAX: usize = 1024;

/// Ties responses to requests: by `meta.call_id` (or `tool_call_id`, or a list of ids), else by order.
///
/// A response without an id belongs to the oldest unanswered request without one before it. Refused requests leave the
/// queue, and so do those that [`Calls::expire`] finds too old. Memory is bounded, and the value can be written out and read
/// back at any point.
///
/// ```
/// use aop_toon::{Calls, Event, Paired};
///
/// let request = br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"search","params":{}},"meta":{"call_id":"c1"}}"#;
/// let response = br#"{"seq":2,"t":"2025-12-05T10:00:01Z","actor":"tool","type":"action_response",
///     "payload":{"status":"success"},"meta":{"call_id":"c1"}}"#;
/// let (request, response) = (Event::parse(request).unwrap(), Event::parse(response).unwrap());
///
/// let mut calls = Calls::default();
/// calls.request(&request, request.t());
/// assert_eq!(calls.open().count(), 1);
/// let paired = calls.respond(&response);
/// assert!(matches!(&paired[0], Paired::Answered(call) if call.request_seq == 1 && call.action == "search"));
/// assert_eq!(calls.open().count(), 0);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    open: VecDeque<OpenCall>,
    closed: VecDeque<ClosedCall>,
    overflowed: u64,
}

/// A request that has no response yet. A request that names several call ids is one open call for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenCall {
    /// The request's place in its run.
    pub seq: u64,
    /// The run's clock when the request came.
    pub t: Timestamp,
    /// The action it asks for.
    pub action: String,
    /// The id that its response will carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
}

/// A call id that is spent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosedCall {
    call_id: String,
    request_seq: u64,
    action: String,
    /// The response's `seq`; nothing when the request was refused or expired.
    response_seq: Option<u64>,
}

/// The request that a response answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The request's place in its run.
    pub request_seq: u64,
    /// The run's clock when the request came.
    pub request_t: Timestamp,
    /// The action it asked for.
    pub action: String,
}

/// What became of a response, once for each call id it names.
#[derive(Debug, Clone, PartialEq)]
pub enum Paired {
    /// It answers this request.
    Answered(Answered),
    /// The request it names has an answer already.
    Double {
        /// The request's place in its run.
        request_seq: u64,
        /// The first answer's place.
        first_response_seq: u64,
        /// The action the request asked for.
        action: String,
    },
    /// The request it names was refused, or is too old to be answered.
    Refused {
        /// The request's place in its run.
        request_seq: u64,
        /// The action the request asked for.
        action: String,
    },
    /// There is no such request before it.
    Orphan {
        /// The id it names.
        call_id: Option<String>,
    },
}

/// An earlier request with the call id of a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct Reused {
    /// The earlier request's place in its run.
    pub request_seq: u64,
    /// The action the earlier request asked for.
    pub action: String,
}

/// Where a response's match stands.
enum Match {
    Open(usize),
    Closed(usize),
    None(Option<String>),
}

impl Calls {
    /// Takes a request in; the earlier request, when its call id was used before. Other events change nothing.
    pub fn request(&mut self, event: &Event<'_>, clock: Timestamp) -> Option<Reused> {
        let action = event.action()?.into_owned();
        let reused = self.peek_request(event);
        let mut ids: Vec<Option<String>> = event.meta().call_ids().map(|id| Some(id.into_owned())).collect();
        if ids.is_empty() {
            ids.push(None);
        }
        for call_id in ids {
            if self.open.len() == OPEN_MAX {
                self.open.pop_front();
                self.overflowed += 1;
            }
            self.open.push_back(OpenCall { seq: event.seq(), t: clock, action: action.clone(), call_id });
        }
        reused
    }

    /// What [`Calls::request`] would say, without taking the request in.
    pub fn peek_request(&self, event: &Event<'_>) -> Option<Reused> {
        if event.event_type() != EventType::ActionRequest {
            return None;
        }
        event.meta().call_ids().find_map(|id| {
            let open = self.open.iter().rev().find(|call| call.call_id.as_deref() == Some(&*id));
            let closed = || self.closed.iter().rev().find(|call| call.call_id == *id);
            open.map(|call| (call.seq, &call.action))
                .or_else(|| closed().map(|call| (call.request_seq, &call.action)))
                .map(|(request_seq, action)| Reused { request_seq, action: action.clone() })
        })
    }

    /// Takes a response in: what it answers, once for each id it names. Other events change nothing.
    pub fn respond(&mut self, event: &Event<'_>) -> Vec<Paired> {
        let matches = self.matches(event);
        let paired = matches.iter().map(|found| self.paired(found)).collect();
        let mut answered: Vec<usize> =
            matches.iter().filter_map(|found| if let Match::Open(at) = found { Some(*at) } else { None }).collect();
        answered.sort_unstable();
        for at in answered.into_iter().rev() {
            self.close(at, Some(event.seq()));
        }
        paired
    }

    /// What [`Calls::respond`] would say, without taking the response in.
    pub fn peek(&self, event: &Event<'_>) -> Vec<Paired> {
        self.matches(event).iter().map(|found| self.paired(found)).collect()
    }

    /// Takes a refused request out of the queue: nobody will answer it.
    pub fn refuse(&mut self, request_seq: u64) {
        self.close_where(|call| call.seq == request_seq);
    }

    /// Takes requests out of the queue that came before `deadline`.
    pub fn expire(&mut self, deadline: Timestamp) {
        self.close_where(|call| call.t < deadline);
    }

    /// The requests without a response, oldest first.
    pub fn open(&self) -> impl Iterator<Item = &OpenCall> {
        self.open.iter()
    }

    /// How many unanswered requests were forgotten because there were too many.
    pub fn overflowed(&self) -> u64 {
        self.overflowed
    }

    fn matches(&self, event: &Event<'_>) -> Vec<Match> {
        if event.event_type() != EventType::ActionResponse {
            return Vec::new();
        }
        let mut found: Vec<Match> = Vec::new();
        for id in event.meta().call_ids() {
            let taken = |at: usize| found.iter().any(|found| matches!(found, Match::Open(other) if *other == at));
            let open = (0..self.open.len()).find(|&at| self.open[at].call_id.as_deref() == Some(&*id) && !taken(at));
            let closed = || self.closed.iter().rposition(|call| call.call_id == *id);
            let hit = open.map(Match::Open).or_else(|| closed().map(Match::Closed));
            found.push(hit.unwrap_or_else(|| Match::None(Some(id.into_owned()))));
        }
        if found.is_empty() {
            let oldest = self.open.iter().position(|call| call.call_id.is_none());
            found.push(oldest.map_or(Match::None(None), Match::Open));
        }
        found
    }

    fn paired(&self, found: &Match) -> Paired {
        match found {
            Match::Open(at) => {
                let call = &self.open[*at];
                Paired::Answered(Answered { request_seq: call.seq, request_t: call.t, action: call.action.clone() })
            }
            Match::Closed(at) => {
                let ClosedCall { request_seq, ref action, response_seq, .. } = self.closed[*at];
                let action = action.clone();
                match response_seq {
                    Some(first_response_seq) => Paired::Double { request_seq, first_response_seq, action },
                    None => Paired::Refused { request_seq, action },
                }
            }
            Match::None(call_id) => Paired::Orphan { call_id: call_id.clone() },
        }
    }

    fn close_where(&mut self, leaves: impl Fn(&OpenCall) -> bool) {
        for at in (0..self.open.len()).rev() {
            if leaves(&self.open[at]) {
                self.close(at, None);
            }
        }
    }

    fn close(&mut self, at: usize, response_seq: Option<u64>) {
        let Some(OpenCall { seq, action, call_id: Some(call_id), .. }) = self.open.remove(at) else { return };
        if self.closed.len() == ANSWERED_MAX {
            self.closed.pop_front();
        }
        self.closed.push_back(ClosedCall { call_id, request_seq: seq, action, response_seq });
    }
}
