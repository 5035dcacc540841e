//! `GET /api/runs/{run_id}/`: where a run stands and what its events come to.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use super::caller::{Caller, RunId};
use super::reply;
use crate::host::Host;
use crate::principal::Principal;
use crate::problem::Problem;
use crate::run::Run;

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    RunId(run_id): RunId,
) -> Result<Response<Body>, Problem> {
    let run = visible(&host, &principal, &run_id).await?;
    Ok(reply::json(StatusCode::OK, &run))
}

/// A run that this caller may see, as it is with everything that was acknowledged before.
pub(super) async fn visible(host: &Arc<Host>, principal: &Arc<Principal>, run_id: &str) -> Result<Run, Problem> {
    host.settle(&principal.organisation, run_id).await?;
    let (asker, id) = (principal.clone(), run_id.to_owned());
    let stored = host.ask_store(move |store| store.run(&asker, &id)).await?;
    let run = stored.ok_or(Problem::NotFound)?.run;
    if principal.may_act_for(run.agent_id) { Ok(run) } else { Err(Problem::NotFound) }
}
