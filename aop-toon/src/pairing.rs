//! Which response answers which request, as events arrive.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::time::Timestamp;
use crate::words::EventType;

/// How many unanswered requests a run may have; past that the oldest is forgotten and counted.
const OPEN_MAX: usize = 1024;

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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Calls {
    /// By the order in which they came.
    open: BTreeMap<u64, OpenCall>,
    closed: BTreeMap<u64, ClosedCall>,
    overflowed: u64,
    /// The place of the next call, open or closed.
    next: u64,
    // What is looked up for each id that a stranger sends must not cost a walk over all calls.
    open_by_id: HashMap<String, BTreeSet<u64>>,
    open_without_id: BTreeSet<u64>,
    closed_by_id: HashMap<String, u64>,
}

/// The written form of [`Calls`]: without what can be found again.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    open: Vec<OpenCall>,
    closed: Vec<ClosedCall>,
    overflowed: u64,
}

impl From<Written> for Calls {
    fn from(written: Written) -> Self {
        let mut calls = Calls { overflowed: written.overflowed, ..Calls::default() };
        written.open.into_iter().for_each(|call| calls.push_open(call));
        written.closed.into_iter().for_each(|call| calls.push_closed(call));
        calls
    }
}

impl From<Calls> for Written {
    fn from(calls: Calls) -> Self {
        let Calls { open, closed, overflowed, .. } = calls;
        Written { open: open.into_values().collect(), closed: closed.into_values().collect(), overflowed }
    }
}

impl PartialEq for Calls {
    fn eq(&self, other: &Self) -> bool {
        self.overflowed == other.overflowed
            && self.open.values().eq(other.open.values())
            && self.closed.values().eq(other.closed.values())
    }
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

/// What a response answers, in buffers that are used again ([`Calls::peek_into`]).
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Once for each call id that it names.
    pub paired: Vec<Paired>,
    /// The room of an action's name.
    spare: String,
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
enum Match<'e> {
    Open(u64),
    Closed(u64),
    None(Option<Cow<'e, str>>),
}

impl Calls {
    /// Takes a request in; the earlier request, when its call id was used before. Other events change nothing.
    pub fn request(&mut self, event: &Event<'_>, clock: Timestamp) -> Option<Reused> {
        let action = event.action()?;
        self.request_as(event, action, clock)
    }

    /// As [`Calls::request`], with the action's name as it may be kept and shown: an agent can write anything there.
    pub fn request_as(&mut self, event: &Event<'_>, action: Cow<'_, str>, clock: Timestamp) -> Option<Reused> {
        if event.event_type() != EventType::ActionRequest {
            return None;
        }
        let reused = self.peek_request(event);
        let mut ids = event.meta().call_ids().peekable();
        if ids.peek().is_none() {
            self.open_call(event.seq(), clock, &action, None);
        }
        ids.for_each(|id| self.open_call(event.seq(), clock, &action, Some(id.into_owned())));
        reused
    }

    fn open_call(&mut self, seq: u64, t: Timestamp, action: &str, call_id: Option<String>) {
        if self.open.len() == OPEN_MAX
            && let Some((&oldest, _)) = self.open.first_key_value()
        {
            self.remove_open(oldest);
            self.overflowed = self.overflowed.saturating_add(1);
        }
        self.push_open(OpenCall { seq, t, action: action.to_owned(), call_id });
    }

    /// What [`Calls::request`] would say, without taking the request in.
    pub fn peek_request(&self, event: &Event<'_>) -> Option<Reused> {
        if event.event_type() != EventType::ActionRequest {
            return None;
        }
        event.meta().call_ids().find_map(|id| {
            let open = self.open_by_id.get(&*id).and_then(|places| places.last()).map(|place| &self.open[place]);
            let closed = || self.closed_by_id.get(&*id).map(|place| &self.closed[place]);
            open.map(|call| (call.seq, &call.action))
                .or_else(|| closed().map(|call| (call.request_seq, &call.action)))
                .map(|(request_seq, action)| Reused { request_seq, action: action.clone() })
        })
    }

    /// Takes a response in: what it answers, once for each id it names. Other events change nothing.
    pub fn respond(&mut self, event: &Event<'_>) -> Vec<Paired> {
        let paired = self.peek(event);
        self.take_response(event);
        paired
    }

    /// As [`Calls::respond`], where what it answers is known already ([`Calls::peek_into`]).
    pub fn take_response(&mut self, event: &Event<'_>) {
        // One response answers one call, but for few.
        let (mut first, mut more) = (None, Vec::new());
        self.each_match(event, |found| match found {
            Match::Open(place) if first.is_none() => first = Some(place),
            Match::Open(place) => more.push(place),
            _ => {}
        });
        first.into_iter().chain(more).for_each(|place| self.close(place, Some(event.seq())));
    }

    /// What [`Calls::respond`] would say, without taking the response in.
    pub fn peek(&self, event: &Event<'_>) -> Vec<Paired> {
        let mut answers = Answers::default();
        self.peek_into(event, &mut answers);
        answers.paired
    }

    /// As [`Calls::peek`], into buffers that are used again.
    pub fn peek_into(&self, event: &Event<'_>, Answers { paired, spare }: &mut Answers) {
        for old in paired.drain(..) {
            if let Paired::Answered(Answered { action, .. }) = old {
                *spare = action;
            }
        }
        self.each_match(event, |found| paired.push(self.paired(found, std::mem::take(spare))));
    }

    /// Takes a refused request out of the queue: nobody will answer it.
    pub fn refuse(&mut self, request_seq: u64) {
        let of_request = self.open.iter().filter(|(_, call)| call.seq == request_seq);
        let places: Vec<u64> = of_request.map(|(&place, _)| place).collect();
        places.into_iter().for_each(|place| self.close(place, None));
    }

    /// Takes requests out of the queue that came before `deadline`, a point of the run's clock.
    pub fn expire(&mut self, deadline: Timestamp) {
        while let Some((&place, call)) = self.open.first_key_value()
            && call.t < deadline
        {
            self.close(place, None);
        }
    }

    /// The requests without a response, oldest first.
    pub fn open(&self) -> impl Iterator<Item = &OpenCall> {
        self.open.values()
    }

    /// How many unanswered requests were forgotten because there were too many.
    pub fn overflowed(&self) -> u64 {
        self.overflowed
    }

    fn each_match<'e>(&self, event: &'e Event<'_>, mut each: impl FnMut(Match<'e>)) {
        if event.event_type() != EventType::ActionResponse {
            return;
        }
        // A response that names an id twice answers two calls of that id, if there are two.
        let mut named: HashMap<Cow<'_, str>, usize> = HashMap::new();
        let mut ids = event.meta().call_ids().peekable();
        if ids.peek().is_none() {
            return each(self.open_without_id.first().map_or(Match::None(None), |&oldest| Match::Open(oldest)));
        }
        while let Some(id) = ids.next() {
            let is_only = named.is_empty() && ids.peek().is_none();
            let before = if is_only { 0 } else { *named.entry(id.clone()).and_modify(|count| *count += 1).or_insert(0) };
            let open = self.open_by_id.get(&*id).and_then(|places| places.iter().nth(before));
            let closed = || self.closed_by_id.get(&*id).copied();
            let hit = open.copied().map(Match::Open).or_else(|| closed().map(Match::Closed));
            each(hit.unwrap_or(Match::None(Some(id))));
        }
    }

    /// `action` is a buffer.
    fn paired(&self, found: Match<'_>, mut action: String) -> Paired {
        match found {
            Match::Open(place) => {
                let call = &self.open[&place];
                action.clone_from(&call.action);
                Paired::Answered(Answered { request_seq: call.seq, request_t: call.t, action })
            }
            Match::Closed(place) => {
                let call = &self.closed[&place];
                action.clone_from(&call.action);
                let request_seq = call.request_seq;
                match call.response_seq {
                    Some(first_response_seq) => Paired::Double { request_seq, first_response_seq, action },
                    None => Paired::Refused { request_seq, action },
                }
            }
            Match::None(call_id) => Paired::Orphan { call_id: call_id.map(Cow::into_owned) },
        }
    }

    fn push_open(&mut self, call: OpenCall) {
        let place = self.next;
        self.next += 1;
        match &call.call_id {
            Some(id) => self.open_by_id.entry(id.clone()).or_default().insert(place),
            None => self.open_without_id.insert(place),
        };
        self.open.insert(place, call);
    }

    fn remove_open(&mut self, place: u64) -> Option<OpenCall> {
        let call = self.open.remove(&place)?;
        match &call.call_id {
            Some(id) => {
                if let Some(places) = self.open_by_id.get_mut(id) {
                    places.remove(&place);
                    if places.is_empty() {
                        self.open_by_id.remove(id);
                    }
                }
            }
            None => {
                self.open_without_id.remove(&place);
            }
        }
        Some(call)
    }

    fn close(&mut self, place: u64, response_seq: Option<u64>) {
        let Some(OpenCall { seq, action, call_id: Some(call_id), .. }) = self.remove_open(place) else { return };
        if self.closed.len() == ANSWERED_MAX
            && let Some((oldest, call)) = self.closed.pop_first()
            && self.closed_by_id.get(&call.call_id) == Some(&oldest)
        {
            self.closed_by_id.remove(&call.call_id);
        }
        self.push_closed(ClosedCall { call_id, request_seq: seq, action, response_seq });
    }

    fn push_closed(&mut self, call: ClosedCall) {
        let place = self.next;
        self.next += 1;
        self.closed_by_id.insert(call.call_id.clone(), place);
        self.closed.insert(place, call);
    }
}
