//! The HTTP interface: one file a route, described in `docs/http.md`. A handler takes the request apart, asks, answers.

mod body;
mod caller;
mod check;
mod create_run;
mod events;
mod finalize;
mod findings;
mod get_run;
mod health;
mod list_runs;
mod reply;
mod stream;
mod trace;
mod trace_events;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

use crate::host::Host;
use crate::problem::Problem;

/// Every route of the host.
pub(crate) fn router(host: Arc<Host>) -> Router {
    let routes: [(&str, MethodRouter<Arc<Host>>); 11] = [
        ("/api/runs", post(create_run::handle).get(list_runs::handle)),
        ("/api/runs/{run_id}", get(get_run::handle)),
        ("/api/runs/{run_id}/finalize", post(finalize::handle)),
        ("/api/runs/{run_id}/events", post(events::handle)),
        ("/api/runs/{run_id}/trace", get(trace::handle)),
        ("/api/runs/{run_id}/findings", get(findings::handle)),
        ("/api/trace-events/batch", post(trace_events::handle)),
        ("/api/check", post(check::handle)),
        ("/api/health/live", get(health::live)),
        ("/api/health/ready", get(health::ready)),
        ("/api/health/wal", get(health::wal)),
    ];
    let mut router = Router::new();
    for (path, methods) in routes {
        router = router.route(path, methods.clone()).route(&format!("{path}/"), methods);
    }
    router
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .with_state(host)
}
