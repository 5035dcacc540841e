//! What a request says of itself before its body: who sends it, and which run it is about.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::host::Host;
use crate::principal::Principal;
use crate::problem::Problem;

/// The authenticated caller.
pub(super) struct Caller(pub(super) Arc<Principal>);

impl FromRequestParts<Arc<Host>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, host: &Arc<Host>) -> Result<Self, Problem> {
        host.keys.authenticate(&parts.headers).map(Caller)
    }
}

/// The run in the path. What cannot be a run's id names nothing.
pub(super) struct RunId(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for RunId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(run_id)) if aop_engine::is_run_id(&run_id) => Ok(RunId(run_id)),
            _ => Err(Problem::NotFound),
        }
    }
}
