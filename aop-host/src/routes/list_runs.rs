//! `GET /api/runs/`: the organisation's runs, the newest first, page by page.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::caller::Caller;
use super::reply;
use crate::host::Host;
use crate::problem::Problem;
use crate::run::{Run, RunStatus};
use crate::store::RunPage;

const LIMIT_DEFAULT: usize = 100;
const LIMIT_MAX: usize = 1000;
/// How long a list waits for the store to catch up.
const LIST_WAIT: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    agent_id: Option<i64>,
    status: Option<RunStatus>,
    cursor: Option<u64>,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Answer {
    runs: Vec<Run>,
    /// What to ask for to get the next page; nothing on the last one.
    next_cursor: Option<String>,
}

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Response<Body>, Problem> {
    let Query(wish) = wish.map_err(|error| Problem::BadRequest(error.body_text()))?;
    let limit = wish.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::BadRequest(format!("limit is {limit}; it must be from 1 to {LIMIT_MAX}")));
    }
    let page = RunPage { agent_id: wish.agent_id, status: wish.status, before: wish.cursor, limit };

    // a list is complete up to a moment ago; under load it is better late than never
    let _ = host.settle_all(LIST_WAIT).await;
    let found = host.ask_store(move |store| store.runs(&principal, &page)).await?;

    let next_cursor = found.last().filter(|_| found.len() == limit).map(|(number, _)| number.to_string());
    let runs = found.into_iter().map(|(_, run)| run).collect();
    Ok(reply::json(StatusCode::OK, &Answer { runs, next_cursor }))
}
