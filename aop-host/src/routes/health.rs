//! `GET /api/health/…`: whether the process lives, whether it takes events, and how its log is. No key is needed, and
//! nothing of any organisation is told.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

use super::reply;
use crate::host::Host;
use crate::wal::Condition;

/// `GET /api/health/live`
pub(super) async fn live() -> Response<Body> {
    reply::json(StatusCode::OK, &json!({ "status": "live" }))
}

/// `GET /api/health/ready`: 503 as long as events would be refused. Dead letters are told and refuse nothing: what is sent
/// to another host for their sake would not be taken any better there.
pub(super) async fn ready(State(host): State<Arc<Host>>) -> Response<Body> {
    let (status, word) = match host.wal.health().condition {
        Condition::Poisoned(_) => (StatusCode::SERVICE_UNAVAILABLE, "poisoned"),
        Condition::Closed => (StatusCode::SERVICE_UNAVAILABLE, "closed"),
        Condition::Open if host.progress.trouble().is_some() => (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable"),
        Condition::Open => (StatusCode::OK, "ready"),
    };
    reply::json(status, &json!({ "status": word, "dead_letters": host.progress.dead_letters() }))
}

/// `GET /api/health/wal/`
pub(super) async fn wal(State(host): State<Arc<Host>>) -> Response<Body> {
    let health = host.wal.health();
    let (condition, failure) = match &health.condition {
        Condition::Open => ("open", Value::Null),
        Condition::Closed => ("closed", Value::Null),
        Condition::Poisoned(poison) => ("poisoned", poison.to_string().into()),
    };
    let answer = json!({
        "condition": condition,
        "failure": failure,
        "durable_lsn": health.durable_lsn,
        "next_lsn": health.next_lsn,
        "stored_lsn": host.progress.stored_lsn(),
        "checkpoint_lsn": health.checkpoint_lsn,
        "unstored_records": host.progress.unstored(),
        "queued_bytes": health.queued_bytes,
        "reserved_bytes": health.reserved_bytes,
        "segments": health.segments,
        "retained_bytes": health.retained_bytes,
        "spare_segments": health.spares,
        "retired_segments": health.retired,
        "housekeeping_failure": health.housekeeping_failure,
        "store_failure": host.progress.trouble(),
        "dead_letters": host.progress.dead_letters(),
    });
    reply::json(StatusCode::OK, &answer)
}
