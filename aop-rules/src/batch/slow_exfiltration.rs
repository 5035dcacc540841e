//! `batch/slow-exfiltration`

use aop_toon::Finding;

use super::BatchSettings;
use super::view::{View, names};
use crate::rule::Rule;

/// Much has gone to one new destination, in many small pieces.
pub static SLOW_EXFILTRATION: Rule = Rule {
    id: "batch/slow-exfiltration",
    summary: "much has gone to one new destination, a little in each of many runs",
    why: "A limit for each run is passed below by whoever has time. What all runs of an agent have sent to one destination is added \
          up over window and baseline, where the destination came up only after the agent had a history, and no single run has sent \
          much. Destinations that were there from the beginning are the agent's work.",
    source: "MITRE ATT&CK T1030, Data Transfer Size Limits; the limits are the operator's",
    severity: aop_toon::Severity::Error,
    ..Rule::BATCH
};

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    for (who, destinations) in view.pairs(|bucket| &bucket.destinations) {
        let Some(agent) = view.agents.get(who) else { continue };
        for (name, both) in destinations {
            if both.window.runs == 0 {
                continue;
            }
            let mut all = both.baseline;
            super::bounded::Cell::merge(&mut all, &both.window);
            let is_slow = all.bytes >= settings.slow_bytes_min
                && all.run_bytes_max <= settings.slow_run_bytes_max
                && all.runs >= settings.slow_runs_min;
            let before = agent.buckets.iter().filter(|(index, _)| *index < both.first);
            let history = before.fold(0_u64, |sum, (_, cell)| sum.saturating_add(cell.runs));
            if !is_slow || history < settings.history_min {
                continue;
            }
            let sessions = match all.sessions.len() {
                0 | 1 => String::new(),
                count if count == super::bounded::NAMED_MAX => format!(" of {count} or more sessions"),
                count => format!(" of {count} sessions"),
            };
            let message = format!(
                "{who} has sent {} bytes to {name} in {} runs{sessions}, at most {} in one (limits {} bytes in {} runs); it never \
                 had in {history} runs before that",
                all.bytes, all.runs, all.run_bytes_max, settings.slow_bytes_min, settings.slow_runs_min,
            );
            findings.push(Finding { run_ids: names(all.named.iter()), ..SLOW_EXFILTRATION.finding(message) });
        }
    }
}
