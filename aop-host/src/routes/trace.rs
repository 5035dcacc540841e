//! `GET /api/runs/{run_id}/trace/`: every event of a run, byte for byte as it is kept.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Response};
use serde::Deserialize;

use super::caller::{Caller, RunId};
use super::get_run::visible;
use super::stream::{self, Gone, Pages};
use crate::host::Host;
use crate::principal::Principal;
use crate::problem::Problem;
use crate::run::Run;
use crate::store::StoredEvent;

/// Event bytes that are read at once.
const PAGE_BYTES: usize = 256 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    format: Option<Format>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    Json,
    Ndjson,
}

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    RunId(run_id): RunId,
    wish: Result<Query<Wish>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response<Body>, Problem> {
    let Query(wish) = wish.map_err(|error| Problem::BadRequest(error.body_text()))?;
    let format = wish.format.unwrap_or_else(|| accepted(&headers));

    let run = visible(&host, &principal, &run_id).await?;

    let (mut pages, body) = stream::body();
    tokio::spawn(async move {
        match write(&host, &principal, &run, format, &mut pages).await {
            // a client that went away is told nothing
            Ok(()) | Err(Stop::Gone) => {}
            Err(Stop::Failed(problem)) => pages.cut(&run.run_id, &problem),
        }
    });
    let mut response = Response::new(body);
    let media_type = if format == Format::Json { "application/json" } else { "application/x-ndjson" };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    Ok(response)
}

fn accepted(headers: &HeaderMap) -> Format {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains("application/x-ndjson") { Format::Ndjson } else { Format::Json }
}

enum Stop {
    Gone,
    Failed(Problem),
}

impl From<Gone> for Stop {
    fn from(_: Gone) -> Stop {
        Stop::Gone
    }
}

async fn write(
    host: &Arc<Host>,
    principal: &Arc<Principal>,
    run: &Run,
    format: Format,
    pages: &mut Pages,
) -> Result<(), Stop> {
    if format == Format::Json {
        // a run's id and status need no escapes
        let start = format!("{{\"run_id\":\"{}\",\"status\":\"{}\",\"events\":[\n", run.run_id, run.status.as_str());
        pages.send(start).await?;
    }
    let mut from_seq = Some(0);
    let mut is_first = true;
    while let Some(from) = from_seq {
        let (asker, id) = (principal.clone(), run.run_id.clone());
        let page = host.ask_store(move |store| store.events(&asker, &id, from, PAGE_BYTES)).await;
        let page = page.map_err(Stop::Failed)?;
        from_seq = page.last().and_then(|last| last.seq.checked_add(1));
        let mut text = String::with_capacity(PAGE_BYTES + (32 << 10));
        for event in &page {
            if format == Format::Json && !is_first {
                text.push_str(",\n");
            }
            is_first = false;
            put(event, format, &mut text);
        }
        if !text.is_empty() {
            pages.send(text).await?;
        }
    }
    if format == Format::Json {
        pages.send("\n]}\n").await?;
    }
    Ok(())
}

/// One event with its marks; the event itself comes last, as it is kept.
fn put(stored: &StoredEvent, format: Format, text: &mut String) {
    let status = if stored.effect.accepts() { "accepted" } else { "refused" };
    text.push_str(&format!(
        "{{\"seq\":{},\"status\":\"{status}\",\"effect\":\"{}\",\"redacted\":{},\"received_at\":\"{}\",\"event\":",
        stored.seq, stored.effect, stored.is_redacted, stored.received_at
    ));
    match format {
        Format::Json => text.push_str(&stored.body),
        // Line breaks stand between an event's tokens only, where a space means the same.
        Format::Ndjson => text.extend(stored.body.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c })),
    }
    text.push_str(if format == Format::Json { "}" } else { "}\n" });
}
