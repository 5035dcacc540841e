//! `batch/failure-burst`

use aop_toon::{Finding, Timestamp};

use super::BatchSettings;
use super::bucket::{FailureCell, SLICES};
use super::view::{View, names};
use crate::post_run::TimeSpan;
use crate::rule::Rule;

/// Many failures and refusals of an agent at one time.
pub static FAILURE_BURST: Rule = Rule {
    id: "batch/failure-burst",
    summary: "many failures and refusals of an agent's runs at one time",
    why: "Runs that fail together have one cause: a tool that is down, a key that has expired, an agent that tries doors. Each run by \
          itself shows one failure. What counts is the worst stretch of time in the window beside the worst one before.",
    source: "The operator's settings, over the greatest count of the baseline",
    ..Rule::BATCH
};

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    for (who, agent) in &view.agents {
        if agent.baseline.runs < settings.history_min {
            continue;
        }
        let slices = || {
            let of_bucket = |(index, cell): &(i64, &'_ super::bucket::AgentCell)| (*index, cell.failures.clone());
            agent.buckets.iter().map(of_bucket)
        };
        let worst_before = slices()
            .filter(|(index, _)| view.baseline.contains(index))
            .flat_map(|(_, slices)| slices.into_values().map(|slice| slice.count))
            .max()
            .unwrap_or(0);
        let mut worst: Option<(i64, u8, FailureCell)> = None;
        for (index, of_bucket) in slices().filter(|(index, _)| view.window.contains(index)) {
            for (slice, cell) in of_bucket {
                if worst.as_ref().is_none_or(|(_, _, known)| cell.count > known.count) {
                    worst = Some((index, slice, cell));
                }
            }
        }
        let Some((index, slice, cell)) = worst else { continue };
        let limit = (worst_before as f64 * settings.failures_ratio).max(settings.failures_min as f64);
        if (cell.count as f64) < limit {
            continue;
        }
        let length = settings.bucket.micros() / SLICES;
        let from = index.saturating_mul(settings.bucket.micros()).saturating_add(length.saturating_mul(i64::from(slice)));
        let message = format!(
            "{who}: {} failures and refusals in the {} from {}; at most {worst_before} in as long before (limit {limit})",
            cell.count,
            TimeSpan::from_micros(length),
            Timestamp::from_micros(from),
        );
        findings.push(Finding { run_ids: names(cell.named.iter()), ..FAILURE_BURST.finding(message) });
    }
}
