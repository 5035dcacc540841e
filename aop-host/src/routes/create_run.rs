//! `POST /api/runs/`: makes a run exist before its first event.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::{body, reply};
use crate::host::Host;
use crate::ingest::lifecycle::{self, Created};
use crate::problem::Problem;
use crate::record::RunDetails;
use crate::run::RunStatus;

const BODY_BYTES_MAX: usize = 16 << 10;
const SCENARIO_BYTES_MAX: usize = 4096;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    run_id: Option<String>,
    agent_id: Option<i64>,
    seed: Option<i64>,
    scenario: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    created: &'a Created,
    status: RunStatus,
    durability: &'static str,
}

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (head, sent) = request.into_parts();
    body::expect_json(&head.headers)?;
    let received = body::read(&host, &head.headers, sent, BODY_BYTES_MAX).await?;
    let Wish { run_id, agent_id, seed, scenario } = body::json(&received.bytes)?;
    let run_id = run_id.map_or_else(random_run_id, Ok)?;
    if !aop_engine::is_run_id(&run_id) {
        let detail = "1 to 128 letters, digits, `.`, `_`, `:` or `-`, not dots alone".to_owned();
        return Err(Problem::BadField { pointer: "/run_id", detail });
    }
    if scenario.as_ref().is_some_and(|scenario| scenario.len() > SCENARIO_BYTES_MAX) {
        return Err(Problem::BadField { pointer: "/scenario", detail: format!("at most {SCENARIO_BYTES_MAX} bytes") });
    }

    let created = lifecycle::create(&host, &principal, run_id, agent_id, RunDetails { seed, scenario }).await?;

    let status = if created.is_duplicate { StatusCode::OK } else { StatusCode::CREATED };
    let answer = Answer { created: &created, status: RunStatus::Created, durability: reply::DURABILITY };
    let mut response = reply::replayed(reply::json(status, &answer), created.is_duplicate);
    let location = HeaderValue::from_str(&format!("/api/runs/{}/", created.run_id));
    response.headers_mut().insert(LOCATION, location.expect("a run's id is plain ASCII"));
    Ok(response)
}

/// A random UUID (version 4).
fn random_run_id() -> Result<String, Problem> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Problem::Busy("the machine has no random bytes"))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}
