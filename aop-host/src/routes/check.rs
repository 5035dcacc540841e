//! `POST /api/check/`: what the engine would say of an event that stands alone; nothing is stored.

use std::sync::Arc;

use aop_engine::{Context, Effect, Finding, Scratch};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;

use super::caller::Caller;
use super::{body, reply};
use crate::host::Host;
use crate::problem::Problem;
use crate::shared::LockedShared;
use crate::snapshot;

#[derive(Serialize)]
struct Answer {
    accepted: bool,
    effect: Effect,
    findings: Vec<Finding>,
    /// The event as it would be kept, when it would be redacted.
    redacted: Option<Box<RawValue>>,
}

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (head, sent) = request.into_parts();
    body::expect_json(&head.headers)?;
    let received = body::read(&host, &head.headers, sent, host.config.limits.event_bytes).await?;

    let judged = tokio::task::spawn_blocking(move || {
        let event = host.parse(&received.bytes)?;
        let state = snapshot::fresh(&host.engine, principal.agent_id);
        let entry = host.shared.of(&principal.organisation);
        let mut shared = entry.as_ref().map(|entry| entry.lock(&host, &principal)).transpose()?;
        let context = Context {
            role: Some(principal.role.as_str()),
            shared: shared.as_mut().map(LockedShared::state),
            tenant: Some(principal.organisation.as_str()),
        };
        Ok(host.engine.judge_in(&event, &state, &context, &mut Scratch::default()))
    });
    let verdict = judged.await.map_err(|_| Problem::Internal)??;

    let redacted = verdict.redacted.map(RawValue::from_string).transpose().map_err(|_| Problem::Internal)?;
    let answer = Answer { accepted: verdict.effect.accepts(), effect: verdict.effect, findings: verdict.findings, redacted };
    Ok(reply::json(StatusCode::OK, &answer))
}
