//! `POST /api/trace-events/batch/`: many events, of one run or of several.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::caller::Caller;
use super::{body, reply};
use crate::host::Host;
use crate::ingest::batch::{self, Item};
use crate::ingest::{Outcome, split};
use crate::problem::Problem;

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (head, sent) = request.into_parts();
    let form = body::form(&head.headers)?;
    let received = body::read(&host, &head.headers, sent, host.config.limits.body_bytes).await?;
    let places = split(&received.bytes, form).map_err(|error| Problem::BadRequest(error.to_string()))?;
    let limit = host.config.limits.events_per_batch;
    if places.is_empty() || places.len() > limit {
        return Err(Problem::BadRequest(format!("a batch has 1 to {limit} events, this one has {}", places.len())));
    }

    let items = batch::ingest(&host, &principal, received.bytes.clone(), places).await?;

    Ok(answer(&items))
}

#[derive(Serialize)]
struct Answer<'a> {
    accepted: usize,
    refused: usize,
    failed: usize,
    duplicates: usize,
    durability: &'static str,
    results: Vec<ItemResult<'a>>,
}

#[derive(Serialize)]
struct ItemResult<'a> {
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<&'a str>,
    #[serde(flatten)]
    outcome: ItemOutcome<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ItemOutcome<'a> {
    Decided {
        status: u16,
        code: &'static str,
        effect: aop_engine::Effect,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        duplicate: bool,
        findings: &'a RawValue,
    },
    Failed(Map<String, Value>),
}

/// 202 with the results that say more than accepted (findings, a duplicate), when all were accepted; else 207 with every result.
fn answer(items: &[Item]) -> Response<Body> {
    let mut answer =
        Answer { accepted: 0, refused: 0, failed: 0, duplicates: 0, durability: reply::DURABILITY, results: Vec::new() };
    for item in items {
        match &item.outcome {
            Outcome::Decided(decided) => {
                let counter = if decided.effect.accepts() { &mut answer.accepted } else { &mut answer.refused };
                *counter += 1;
                answer.duplicates += usize::from(decided.is_duplicate);
            }
            Outcome::Failed(_) => answer.failed += 1,
        }
    }
    let is_accepted = answer.accepted == items.len();
    answer.results = items
        .iter()
        .enumerate()
        .filter(|(_, item)| !is_accepted || says_more(item))
        .map(|(index, item)| result(index, item))
        .collect();
    let mut response = reply::json(if is_accepted { StatusCode::ACCEPTED } else { StatusCode::MULTI_STATUS }, &answer);
    if let Some(seconds) = items.iter().find_map(retry_after) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn says_more(item: &Item) -> bool {
    matches!(&item.outcome, Outcome::Decided(decided) if decided.findings.is_some() || decided.is_duplicate)
}

fn retry_after(item: &Item) -> Option<u64> {
    match &item.outcome {
        Outcome::Failed(problem) => problem.retry_after_s(),
        Outcome::Decided(_) => None,
    }
}

fn result(index: usize, item: &Item) -> ItemResult<'_> {
    let outcome = match &item.outcome {
        Outcome::Decided(decided) => ItemOutcome::Decided {
            status: reply::status_of(decided).as_u16(),
            code: reply::code_of(decided),
            effect: decided.effect,
            duplicate: decided.is_duplicate,
            findings: reply::raw(decided.findings()),
        },
        Outcome::Failed(problem) => {
            let mut members = problem.members();
            // the event's own seq stands beside; the problem's may be that of another event
            if let Some(seq) = members.remove("seq").filter(|seq| seq.as_u64() != item.seq) {
                members.insert("other_seq".to_owned(), seq);
            }
            members.entry("findings").or_insert_with(|| Value::Array(Vec::new()));
            ItemOutcome::Failed(members)
        }
    };
    ItemResult { index, seq: item.seq, idempotency_key: item.idempotency_key.as_deref(), outcome }
}
