//! Answers: JSON with a status, and the answer that an event gets.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::ingest::Decided;
use crate::problem::problem_document;

/// Says that the answer is one given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Which level of durability stands behind an acknowledgement.
pub(super) const DURABILITY: &str = "local";

/// A JSON answer.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let mut body = serde_json::to_vec(body).expect("answers are plain data with string keys");
    // a terminal's next prompt begins on a line of its own
    body.push(b'\n');
    json_text(status, body)
}

/// A JSON answer that is written already.
pub(super) fn json_text(status: StatusCode, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Marks an answer as given before.
pub(super) fn replayed(mut response: Response<Body>, is_replayed: bool) -> Response<Body> {
    if is_replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// The status of a decided event.
pub(super) fn status_of(decided: &Decided) -> StatusCode {
    if decided.effect.accepts() { StatusCode::ACCEPTED } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The code of a decided event.
pub(super) fn code_of(decided: &Decided) -> &'static str {
    if decided.effect.accepts() { "accepted" } else { "refused" }
}

/// A JSON array of findings, to stand in a larger answer.
pub(super) fn raw(findings: &str) -> &RawValue {
    serde_json::from_str(findings).expect("findings are written as JSON by this host")
}

#[derive(Serialize)]
struct EventAnswer<'a> {
    #[serde(flatten)]
    refusal: Option<Refusal>,
    status: u16,
    code: &'static str,
    run_id: &'a str,
    seq: u64,
    effect: aop_engine::Effect,
    durability: &'static str,
    findings: &'a RawValue,
}

#[derive(Serialize)]
struct Refusal {
    r#type: &'static str,
    title: &'static str,
    detail: &'static str,
}

/// The answer to one event: 202, or 422 as a problem document with the findings that refuse it.
pub(super) fn decided(run_id: &str, decided: &Decided) -> Response<Body> {
    let status = status_of(decided);
    let is_accepted = decided.effect.accepts();
    let refusal = (!is_accepted).then_some(Refusal {
        r#type: "urn:aop:problem:refused",
        title: "a rule refuses the event",
        detail: "the event is kept as refused and has used its seq; the findings say why",
    });
    let answer = EventAnswer {
        refusal,
        status: status.as_u16(),
        code: code_of(decided),
        run_id,
        seq: decided.seq,
        effect: decided.effect,
        durability: DURABILITY,
        findings: raw(decided.findings()),
    };
    let response = if is_accepted {
        json(status, &answer)
    } else {
        problem_document(status, serde_json::to_string(&answer).expect("the answer is plain data with string keys"))
    };
    replayed(response, decided.is_duplicate)
}
