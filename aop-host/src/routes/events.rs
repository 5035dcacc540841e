//! `POST /api/runs/{run_id}/events/`: one event of a run.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;

use super::caller::{Caller, RunId};
use super::{body, reply};
use crate::host::Host;
use crate::ingest::{Outcome, single};
use crate::problem::Problem;

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    RunId(run_id): RunId,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (head, sent) = request.into_parts();
    body::expect_json(&head.headers)?;
    let received = body::read(&host, &head.headers, sent, host.config.limits.event_bytes).await?;

    match single::ingest(&host, &principal, &run_id, received.bytes.clone()).await? {
        Outcome::Decided(decided) => Ok(reply::decided(&run_id, &decided)),
        Outcome::Failed(problem) => Err(problem),
    }
}
