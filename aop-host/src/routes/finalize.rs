//! `POST /api/runs/{run_id}/finalize/`: the run takes no more events, and its post-run findings are made.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::caller::{Caller, RunId};
use super::{body, reply};
use crate::host::Host;
use crate::ingest::lifecycle::{self, Finished};
use crate::problem::Problem;
use crate::run::RunStatus;

const BODY_BYTES_MAX: usize = 4 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(default)]
    status: End,
}

/// How a caller may say that a run ended.
#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum End {
    #[default]
    Completed,
    Failed,
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    finished: Finished,
    durability: &'static str,
}

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    RunId(run_id): RunId,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (head, sent) = request.into_parts();
    let received = body::read(&host, &head.headers, sent, BODY_BYTES_MAX).await?;
    let wish: Wish = body::json(&received.bytes)?;
    let status = match wish.status {
        End::Completed => RunStatus::Completed,
        End::Failed => RunStatus::Failed,
    };

    let finished = lifecycle::finish(&host, &principal, run_id, status).await?;

    Ok(reply::json(StatusCode::OK, &Answer { finished, durability: reply::DURABILITY }))
}
