//! Every error the host answers with, as RFC 9457 problem documents: status, code and text stand here and nowhere else.

use aop_engine::{Fault, Timestamp};
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

/// How long a client should wait before it tries again, in seconds.
const RETRY_AFTER_S: u64 = 1;

/// One error of the HTTP interface.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// The HTTP message itself is not acceptable.
    BadMessage(&'static str),
    /// The body or the query is not what the route reads.
    BadRequest(String),
    /// One field of a request has no acceptable value.
    BadField { pointer: &'static str, detail: String },
    /// An event is not valid Toon.
    BadEvent(Vec<Fault>),
    /// An event is dated further ahead of its receipt than clocks drift.
    FutureTimestamp { t: Timestamp, now: Timestamp, skew_s: u64 },
    /// No key, or not a good one. The reason is never told.
    Unauthorised,
    /// The key belongs to another agent than the one named.
    OtherAgent { own: i64, named: i64 },
    /// The run belongs to another agent than the one named.
    RunOfOtherAgent { of_run: i64, named: i64 },
    /// The path names nothing this caller may see.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The body did not arrive in time.
    SlowBody,
    /// An event's `seq` leaves a gap.
    SequenceGap { seq: u64, expected: Option<u64> },
    /// An event's `seq` is taken by another event.
    SequenceTaken { seq: u64, expected: u64 },
    /// An event's `seq` is below one that came, in a run whose numbers only grow.
    SequencePassed { seq: u64, next: u64 },
    /// The idempotency key was used for another body.
    KeyReused { seq: u64 },
    /// The run takes no more events.
    RunFinished { status: &'static str },
    /// An earlier event of the run in the same batch was neither accepted nor refused.
    EarlierEventFailed { index: usize },
    /// A run with this id exists and differs from what was asked for.
    RunExists,
    /// The body, or an event in it, is over the limit.
    TooLarge { what: &'static str, limit: usize },
    /// The body's media type or coding is not one the route reads.
    UnsupportedMedia { detail: String },
    /// A rule asks the caller to slow down. `findings` is a JSON array.
    Throttled { findings: String },
    /// A defect of the host.
    Internal,
    /// The host cannot take this now and will soon; nothing was stored.
    Busy(&'static str),
    /// The host stopped writing, and takes nothing until it is restarted.
    Poisoned,
}

impl Problem {
    /// Status, stable code and title.
    fn kind(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Problem::BadMessage(_) => (S::BAD_REQUEST, "bad_message", "the HTTP request is not acceptable"),
            Problem::BadRequest(_) => (S::BAD_REQUEST, "bad_request", "the request is not what this route reads"),
            Problem::BadField { .. } => (S::BAD_REQUEST, "bad_field", "a field has a value it cannot have"),
            Problem::BadEvent(_) => (S::BAD_REQUEST, "bad_event", "the event is not valid Toon"),
            Problem::FutureTimestamp { .. } => (S::BAD_REQUEST, "future_timestamp", "the event is dated in the future"),
            Problem::Unauthorised => (S::UNAUTHORIZED, "unauthorised", "a valid API key is needed"),
            Problem::OtherAgent { .. } => (S::FORBIDDEN, "other_agent", "the key belongs to another agent"),
            Problem::RunOfOtherAgent { .. } => (S::FORBIDDEN, "other_agent", "the run belongs to another agent"),
            Problem::NotFound => (S::NOT_FOUND, "not_found", "there is nothing here"),
            Problem::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "method_not_allowed", "this path has other methods"),
            Problem::SlowBody => (S::REQUEST_TIMEOUT, "slow_body", "the body did not arrive in time"),
            Problem::SequenceGap { .. } => (S::CONFLICT, "sequence_gap", "events before this one are missing"),
            Problem::SequenceTaken { .. } => (S::CONFLICT, "sequence_taken", "the seq belongs to another event"),
            // one code: the client does the same about both
            Problem::SequencePassed { .. } => (S::CONFLICT, "sequence_taken", "a greater seq came before"),
            Problem::KeyReused { .. } => (S::CONFLICT, "key_reused", "the idempotency key was used for another body"),
            Problem::RunFinished { .. } => (S::CONFLICT, "run_finished", "the run is finished"),
            Problem::EarlierEventFailed { .. } => {
                (S::CONFLICT, "earlier_event_failed", "an earlier event of this run was not taken")
            }
            Problem::RunExists => (S::CONFLICT, "run_exists", "a run with this id exists and differs"),
            Problem::TooLarge { .. } => (S::PAYLOAD_TOO_LARGE, "too_large", "the body is too large"),
            Problem::UnsupportedMedia { .. } => {
                (S::UNSUPPORTED_MEDIA_TYPE, "unsupported_media", "this route reads other media types")
            }
            Problem::Throttled { .. } => (S::TOO_MANY_REQUESTS, "throttled", "a rule asks to slow down"),
            Problem::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "the host has a defect"),
            Problem::Busy(_) => (S::SERVICE_UNAVAILABLE, "busy", "try again soon"),
            Problem::Poisoned => (S::SERVICE_UNAVAILABLE, "poisoned", "the log cannot be written; restart the host"),
        }
    }

    /// The sentence for people, which names the value at fault.
    pub(crate) fn detail(&self) -> String {
        match self {
            Problem::BadMessage(detail) => (*detail).to_owned(),
            Problem::BadRequest(detail) | Problem::UnsupportedMedia { detail } => detail.clone(),
            Problem::BadField { pointer, detail } => format!("at {pointer}: {detail}"),
            Problem::BadEvent(faults) => {
                let sentences: Vec<String> = faults.iter().map(ToString::to_string).collect();
                sentences.join("; ")
            }
            Problem::FutureTimestamp { t, now, skew_s } => {
                format!("t is {t}, more than {skew_s} seconds after the time of receipt, {now}")
            }
            Problem::Unauthorised => "send Authorization: Bearer aop_…, with a key of this host".to_owned(),
            Problem::OtherAgent { own, named } => format!("this key speaks for agent {own}, not for agent {named}"),
            Problem::RunOfOtherAgent { of_run, named } => format!("the run belongs to agent {of_run}, not to agent {named}"),
            Problem::NotFound => "no such resource in this organisation".to_owned(),
            Problem::MethodNotAllowed => "the header Allow names the methods of this path".to_owned(),
            Problem::SlowBody => "send the body without long pauses".to_owned(),
            Problem::SequenceGap { seq, expected: Some(expected) } => {
                format!("seq is {seq}; the run's next seq is {expected}")
            }
            Problem::SequenceGap { seq, expected: None } => format!("seq is {seq}; a run begins with seq 0 or 1"),
            Problem::SequencePassed { seq, next } => {
                format!("seq {seq} comes after {}; in this run numbers only grow", next.saturating_sub(1))
            }
            Problem::SequenceTaken { seq, expected } => {
                format!("seq {seq} was taken by another event; the run's next seq is {expected}")
            }
            Problem::KeyReused { seq } => format!("the key belongs to the event with seq {seq}, whose bytes differ"),
            Problem::RunFinished { status } => format!("the run is {status} and takes no more events"),
            Problem::EarlierEventFailed { index } => {
                format!("the event of this run at index {index} was not taken; send both again")
            }
            Problem::RunExists => "finish with the run that exists, or choose another run_id".to_owned(),
            Problem::TooLarge { what, limit } => format!("{what} may have {limit} bytes"),
            Problem::Throttled { .. } => {
                format!(
                    "send the event again in {RETRY_AFTER_S} s or more, with the time at which it then happens as its t; nothing was stored"
                )
            }
            Problem::Internal => "the failure is in the host's log".to_owned(),
            Problem::Busy(reason) => format!("{reason}; nothing was stored"),
            Problem::Poisoned => "writing to the log failed, so nothing is acknowledged until a restart".to_owned(),
        }
    }

    /// The members beyond RFC 9457's own.
    fn extensions(&self) -> Map<String, Value> {
        let value = match self {
            Problem::BadEvent(faults) => json!({ "faults": faults }),
            Problem::SequenceGap { seq, expected } => json!({ "seq": seq, "expected_seq": expected.unwrap_or_default() }),
            Problem::SequenceTaken { seq, expected } | Problem::SequencePassed { seq, next: expected } => {
                json!({ "seq": seq, "expected_seq": expected })
            }
            Problem::KeyReused { seq } => json!({ "seq": seq }),
            Problem::RunFinished { status } => json!({ "run_status": status }),
            Problem::Throttled { findings } => {
                json!({ "findings": serde_json::from_str::<Value>(findings).unwrap_or_default() })
            }
            _ => return Map::new(),
        };
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// The members of this problem as they stand in a batch's results and in a document of its own.
    pub(crate) fn members(&self) -> Map<String, Value> {
        let (status, code, _) = self.kind();
        let mut members = self.extensions();
        members.insert("status".to_owned(), status.as_u16().into());
        members.insert("code".to_owned(), code.into());
        members.insert("detail".to_owned(), self.detail().into());
        if let Some(seconds) = self.retry_after_s() {
            members.insert("retry_after_s".to_owned(), seconds.into());
        }
        members
    }

    /// How long to wait, in seconds, when the same request may succeed later.
    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        let is_temporary = matches!(self.kind().0, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        is_temporary.then_some(RETRY_AFTER_S)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let (status, code, title) = self.kind();
        let mut members = self.members();
        members.insert("type".to_owned(), format!("urn:aop:problem:{code}").into());
        members.insert("title".to_owned(), title.into());
        let mut response = problem_document(status, Value::Object(members).to_string());
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self, Problem::Unauthorised) {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A response of the media type for problems.
pub(crate) fn problem_document(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{body}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
