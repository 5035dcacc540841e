//! `GET /api/runs/{run_id}/findings/`: what was found in a run, at ingestion and after its end.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response};

use super::caller::{Caller, RunId};
use super::get_run::visible;
use super::stream::{self, Pages};
use crate::host::Host;
use crate::principal::Principal;
use crate::problem::Problem;
use crate::run::Run;

/// Findings that are read at once.
const PAGE_FINDINGS: usize = 500;

pub(super) async fn handle(
    State(host): State<Arc<Host>>,
    Caller(principal): Caller,
    RunId(run_id): RunId,
) -> Result<Response<Body>, Problem> {
    let run = visible(&host, &principal, &run_id).await?;

    let (pages, body) = stream::body();
    tokio::spawn(write(host, principal, run, pages));
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

async fn write(host: Arc<Host>, principal: Arc<Principal>, run: Run, mut pages: Pages) {
    let mut text = format!("{{\"run_id\":\"{}\",\"status\":\"{}\",\"findings\":[\n", run.run_id, run.status.as_str());
    let mut after = None;
    loop {
        let (asker, id) = (principal.clone(), run.run_id.clone());
        let page = host.ask_store(move |store| store.findings(&asker, &id, after, PAGE_FINDINGS)).await;
        let page = match page {
            Ok(page) => page,
            Err(problem) => return pages.cut(&run.run_id, &problem),
        };
        for finding in &page {
            if after.is_some() {
                text.push_str(",\n");
            }
            after = Some(finding.place);
            text.push_str(&finding.json);
        }
        let is_last = page.len() < PAGE_FINDINGS;
        if is_last {
            text.push_str("\n]}\n");
        }
        // a client that went away is told nothing
        if pages.send(std::mem::take(&mut text)).await.is_err() || is_last {
            return;
        }
    }
}
