//! One event by itself: on the spot when its run is at hand, else off the async threads.

use std::sync::Arc;

use aop_engine::Event;
use bytes::Bytes;

use super::Outcome;
use super::door::{MustBlock, Visit};
use crate::host::Host;
use crate::principal::Principal;
use crate::problem::Problem;

/// A larger event is judged off the async threads.
const INLINE_BYTES_MAX: usize = 16 << 10;
/// An event that names more calls is judged off the async threads, however short it is.
const INLINE_CALLS_MAX: usize = 64;

/// Brings one event of `run_id` through the door, and returns when its answer is durable.
pub(crate) async fn ingest(
    host: &Arc<Host>,
    principal: &Arc<Principal>,
    run_id: &str,
    body: Bytes,
) -> Result<Outcome, Problem> {
    let decided = if body.len() <= INLINE_BYTES_MAX { at_hand(host, principal, run_id, &body)? } else { None };
    let (outcome, wait_lsn) = match decided {
        Some(decided) => decided,
        None => {
            let (host, principal, run_id) = (host.clone(), principal.clone(), run_id.to_owned());
            let task = move || {
                let event = parse(&host, &run_id, &body)?;
                let entry = host.runs.entry(&host, &principal.organisation, &run_id)?;
                let run = host.runs.lock(&host, &principal, &run_id, &entry)?;
                let shared = host.shared.of(&principal.organisation);
                let bytes = event.raw().len();
                let visit = Visit::new(&host, &principal, &run_id, run, true, 1, bytes);
                let mut visit = visit.sharing(shared.as_deref());
                let outcome = visit.decide(&event).unwrap_or(Outcome::Failed(Problem::Internal));
                Ok::<_, Problem>((outcome, visit.leave()?))
            };
            tokio::task::spawn_blocking(task).await.map_err(|_| Problem::Internal)??
        }
    };
    host.wait_durable(wait_lsn).await?;
    Ok(outcome)
}

/// Decides at once if the run is in memory, nobody is at it, and the store need not be asked.
fn at_hand(host: &Host, principal: &Principal, run_id: &str, body: &[u8]) -> Result<Option<(Outcome, u64)>, Problem> {
    let Some(entry) = host.runs.find(&principal.organisation, run_id) else {
        return Ok(None);
    };
    let event = parse(host, run_id, body)?;
    if event.meta().call_ids().nth(INLINE_CALLS_MAX).is_some() {
        return Ok(None);
    }
    let Some(run) = host.runs.try_lock(host, &entry) else {
        return Ok(None);
    };
    let shared = host.shared.of(&principal.organisation);
    let mut visit = Visit::new(host, principal, run_id, run, false, 1, body.len()).sharing(shared.as_deref());
    match visit.decide(&event) {
        Ok(outcome) => Ok(Some((outcome, visit.leave()?))),
        Err(MustBlock) => Ok(None),
    }
}

fn parse<'b>(host: &Host, run_id: &str, body: &'b [u8]) -> Result<Event<'b>, Problem> {
    // white space around an event is not part of it, as it is not between the events of a batch
    let event = host.parse(body.trim_ascii())?;
    match event.meta().run_id() {
        Some(named) if named != run_id => {
            Err(Problem::BadField { pointer: "/meta/run_id", detail: format!("it is {named}, and the path names {run_id}") })
        }
        _ => Ok(event),
    }
}
