//! Many events at once: parsed, grouped by run, and brought through the door run by run in order, different runs at the
//! same time. All of it happens off the async threads; only the wait for durability does not.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use aop_engine::Event;
use bytes::Bytes;

use super::Outcome;
use super::door::Visit;
use crate::host::Host;
use crate::principal::Principal;
use crate::problem::Problem;

/// Fewer events than this are not worth a second thread.
const PARALLEL_EVENTS_MIN: usize = 256;

/// An event of a batch and what became of it.
pub(crate) struct Item {
    pub(crate) seq: Option<u64>,
    pub(crate) idempotency_key: Option<Box<str>>,
    pub(crate) outcome: Outcome,
}

/// Brings the events at `places` of `body` through the door, and returns when all their answers are durable.
pub(crate) async fn ingest(
    host: &Arc<Host>,
    principal: &Arc<Principal>,
    body: Bytes,
    places: Vec<Range<usize>>,
) -> Result<Vec<Item>, Problem> {
    let (owned_host, owned_principal) = (host.clone(), principal.clone());
    let task = move || decide_all(&owned_host, &owned_principal, &body, &places);
    let (items, wait_lsn) = tokio::task::spawn_blocking(task).await.map_err(|_| Problem::Internal)?;
    host.wait_durable(wait_lsn).await?;
    Ok(items)
}

/// The events of one run, with their index in the batch.
struct Group<'b> {
    run_id: String,
    events: Vec<(usize, Event<'b>)>,
}

fn decide_all(host: &Host, principal: &Principal, body: &[u8], places: &[Range<usize>]) -> (Vec<Item>, u64) {
    let mut items: Vec<Option<Item>> = Vec::new();
    items.resize_with(places.len(), || None);
    let groups = group(host, body, places, &mut items);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(groups.len());
    let decided: Vec<Decisions> = if threads > 1 && places.len() >= PARALLEL_EVENTS_MIN {
        let share = groups.len().div_ceil(threads);
        thread::scope(|scope| {
            let shares: Vec<_> = groups
                .chunks(share)
                .map(|groups| scope.spawn(move || groups.iter().map(|group| decide_run(host, principal, group)).collect()))
                .collect();
            shares.into_iter().flat_map(|share| share.join().unwrap_or_else(|_| Vec::new())).collect()
        })
    } else {
        groups.iter().map(|group| decide_run(host, principal, group)).collect()
    };
    let mut wait_lsn = 0;
    for (group_items, lsn) in decided {
        wait_lsn = wait_lsn.max(lsn);
        for (index, item) in group_items {
            items[index] = Some(item);
        }
    }
    // only a panic leaves one out
    let lost = || Item { seq: None, idempotency_key: None, outcome: Outcome::Failed(Problem::Internal) };
    (items.into_iter().map(|item| item.unwrap_or_else(lost)).collect(), wait_lsn)
}

/// Parses every event and gathers them by run; what names no run gets its answer here.
fn group<'b>(host: &Host, body: &'b [u8], places: &[Range<usize>], items: &mut [Option<Item>]) -> Vec<Group<'b>> {
    let mut groups: Vec<Group<'b>> = Vec::new();
    let mut by_run: HashMap<String, usize> = HashMap::new();
    for (index, place) in places.iter().enumerate() {
        let refused = |problem| Item { seq: None, idempotency_key: None, outcome: Outcome::Failed(problem) };
        let event = match host.parse(&body[place.clone()]) {
            Ok(event) => event,
            Err(problem) => {
                items[index] = Some(refused(problem));
                continue;
            }
        };
        let Some(run_id) = event.meta().run_id().map(Cow::into_owned) else {
            let detail = "it is missing; in a batch it says which run the event belongs to".to_owned();
            items[index] = Some(refused(Problem::BadField { pointer: "/meta/run_id", detail }));
            continue;
        };
        // most batches are of one run, or of a few one after the other
        let last = groups.len().wrapping_sub(1);
        let at = match groups.last() {
            Some(group) if group.run_id == run_id => last,
            _ => *by_run.entry(run_id).or_insert_with_key(|run_id| {
                groups.push(Group { run_id: run_id.clone(), events: Vec::new() });
                groups.len() - 1
            }),
        };
        groups[at].events.push((index, event));
    }
    groups
}

type Decisions = (Vec<(usize, Item)>, u64);

/// One run's events in order. After one that is neither accepted nor refused, the rest of the run waits for another day.
fn decide_run(host: &Host, principal: &Principal, group: &Group<'_>) -> Decisions {
    let entry = match host.runs.entry(host, &principal.organisation, &group.run_id) {
        Ok(entry) => entry,
        Err(problem) => return all_failed(group, &problem),
    };
    let run = match host.runs.lock(host, principal, &group.run_id, &entry) {
        Ok(run) => run,
        Err(problem) => return all_failed(group, &problem),
    };
    let bytes = group.events.iter().map(|(_, event)| event.raw().len()).sum();
    let shared = host.shared.of(&principal.organisation);
    let visit = Visit::new(host, principal, &group.run_id, run, true, group.events.len(), bytes);
    let mut visit = visit.sharing(shared.as_deref());
    let mut items = Vec::with_capacity(group.events.len());
    let mut failed_at = None;
    for (index, event) in &group.events {
        let outcome = match failed_at {
            Some(index) => Outcome::Failed(Problem::EarlierEventFailed { index }),
            None => visit.decide(event).unwrap_or(Outcome::Failed(Problem::Internal)),
        };
        if matches!(outcome, Outcome::Failed(_)) {
            failed_at.get_or_insert(*index);
        }
        items.push((*index, item(event, outcome)));
    }
    match visit.leave() {
        Ok(lsn) => (items, lsn),
        Err(problem) => all_failed(group, &problem),
    }
}

fn all_failed(group: &Group<'_>, problem: &Problem) -> Decisions {
    let failed = |event| item(event, Outcome::Failed(problem.clone()));
    (group.events.iter().map(|(index, event)| (*index, failed(event))).collect(), 0)
}

fn item(event: &Event<'_>, outcome: Outcome) -> Item {
    Item { seq: Some(event.seq()), idempotency_key: event.meta().idempotency_key().map(|key| key.into()), outcome }
}
