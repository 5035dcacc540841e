//! `batch/shared-fingerprint`

use std::collections::BTreeSet;

use aop_toon::Finding;

use super::BatchSettings;
use super::bounded::{First, NAMED_MAX};
use super::bucket::{Print, PrintCell};
use super::view::{View, names};
use crate::rule::Rule;

/// One secret, or one person's data, comes up in several runs.
pub static SHARED_FINGERPRINT: Rule = Rule {
    id: "batch/shared-fingerprint",
    summary: "the same secret or personal value comes up in several runs",
    why: "A secret in one run is an accident; the same one in several is a leak that goes on, or a key that agents hand around. \
          Values are compared by keyed fingerprints alone: without a redaction key there are none, and nothing is found. One \
          person's data is looked at when the settings say among how many agents or sessions (`personal_agents`, \
          `personal_sessions`).",
    source: "The operator's settings",
    ..Rule::BATCH
};

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    for (Print { entity, print }, cell) in view.prints() {
        // One run that was taken in twice shares nothing.
        let ids: BTreeSet<&str> = cell.named.iter().map(|name| name.1.as_str()).collect();
        if ids.len() < 2 {
            continue;
        }
        let limit = if entity == "SECRET" {
            (cell.runs >= settings.secret_runs).then(|| format!("{} runs", settings.secret_runs))
        } else {
            let agents = settings.personal_agents.filter(|least| has(&cell.agents, *least));
            let sessions = settings.personal_sessions.filter(|least| has(&cell.sessions, *least));
            agents.map(|least| format!("{least} agents")).or_else(|| sessions.map(|least| format!("{least} sessions")))
        };
        let Some(limit) = limit else { continue };
        let message = format!("the same {} came up in {}(limit {limit})", kind(entity), places(&cell));
        let (fingerprint, entity) = (Some(print.clone()), Some(entity.clone().into()));
        let run_ids = names(cell.named.iter());
        findings.push(Finding { run_ids, fingerprint, entity, ..SHARED_FINGERPRINT.finding(message) });
    }
}

/// Whether there are so many, as far as they are told apart: four stand for any number.
fn has<T: Ord + Clone>(some: &First<T>, least: u64) -> bool {
    some.len() as u64 >= least.min(NAMED_MAX as u64)
}

fn kind(entity: &str) -> String {
    if entity == "SECRET" { "secret".to_owned() } else { format!("value of {entity}") }
}

/// `7 runs of agent 3 and agent 4 in 2 sessions `
fn places(cell: &PrintCell) -> String {
    let more = |count: usize, noun: &str| match count {
        NAMED_MAX => format!("{NAMED_MAX} or more {noun}s"),
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    };
    let whose = match cell.agents.len() {
        NAMED_MAX => more(NAMED_MAX, "agent"),
        _ => cell.agents.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "),
    };
    let sessions =
        if cell.sessions.len() > 1 { format!("in {} ", more(cell.sessions.len(), "session")) } else { String::new() };
    format!("{} runs of {whose} {sessions}", cell.runs)
}
