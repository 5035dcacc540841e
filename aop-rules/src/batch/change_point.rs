//! `batch/change-point`

use aop_toon::{Finding, Timestamp};

use super::BatchSettings;
use super::bucket::AgentCell;
use super::drift_duration::millis;
use super::drift_errors::percent;
use super::view::{AgentView, View, names};
use crate::rule::Rule;

/// From one day to the next an agent's runs became other ones, and stayed so.
pub static CHANGE_POINT: Rule = Rule {
    id: "batch/change-point",
    summary: "an agent's runs have changed at one point in time, and stayed so",
    why: "A change that is too small for one window shows over many: the rule says since when runs take longer, or fail more often, \
          so that one can look what was deployed then. It goes by ranks, and single outliers do not move it.",
    source: "A. N. Pettitt, A Non-Parametric Approach to the Change-Point Problem, Applied Statistics 28(2), 1979",
    ..Rule::BATCH
};

/// A bucket with fewer runs has no figure of its own.
const RUNS_MIN: u64 = 5;
/// The approximation of the probability is poor for shorter series.
const BUCKETS_MIN: usize = 12;

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    for (who, agent) in &view.agents {
        if agent.window.runs.saturating_add(agent.baseline.runs) < settings.history_min || agent.window.runs == 0 {
            continue;
        }
        let duration = |cell: &AgentCell| cell.durations.median_and_deviation().map_or(0.0, |(median, _)| median as f64);
        let has_grown =
            |before: f64, after: f64| before.max(after).max(1.0) / before.min(after).max(1.0) >= settings.change_ratio;
        let of_duration = |change: &Change| {
            format!("the median run takes {}, and took {}", millis(change.after as u64), millis(change.before as u64))
        };
        say(settings, agent, duration, has_grown, |change| format!("{who}: {}", of_duration(change)), findings);

        let failed = |cell: &AgentCell| cell.failed as f64 / cell.runs as f64;
        let is_worse = |before: f64, after: f64| after - before >= settings.error_rise;
        let of_failed = |change: &Change| {
            format!("{who}: {} of the runs have errors, and {} had", percent(change.after), percent(change.before))
        };
        say(settings, agent, failed, is_worse, of_failed, findings);
    }
}

/// Says where the series of one figure has changed, if it has, lately enough and by enough.
fn say(
    settings: &BatchSettings,
    agent: &AgentView<'_>,
    figure: impl Fn(&AgentCell) -> f64,
    is_enough: impl Fn(f64, f64) -> bool,
    words: impl Fn(&Change) -> String,
    findings: &mut Vec<Finding>,
) {
    let buckets: Vec<_> = agent.buckets.iter().filter(|(_, cell)| cell.runs >= RUNS_MIN).collect();
    if buckets.len() < BUCKETS_MIN {
        return;
    }
    let series: Vec<f64> = buckets.iter().map(|(_, cell)| figure(cell)).collect();
    let Some(change) = change(&series) else { return };
    let (index, _) = buckets[change.at];
    let newest = buckets.last().map_or(*index, |(newest, _)| *newest);
    let since = newest.saturating_sub(*index).saturating_mul(settings.bucket.micros());
    if change.p > settings.change_p_max || since > settings.change_within.micros() || !is_enough(change.before, change.after)
    {
        return;
    }
    let from = Timestamp::from_micros(index.saturating_mul(settings.bucket.micros()));
    let message = format!(
        "{} until {from} (Pettitt's test over {} buckets of {}: p {:.1e}, limit {})",
        words(&change),
        series.len(),
        settings.bucket,
        change.p,
        settings.change_p_max,
    );
    findings.push(Finding { run_ids: names(agent.window.named.iter()), ..CHANGE_POINT.finding(message) });
}

/// Where a series changes most.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    /// The first place after the change.
    at: usize,
    /// How likely so great a change is where there is none.
    p: f64,
    /// The medians.
    before: f64,
    after: f64,
}

/// Pettitt's test: the point that parts a series into the two pieces whose values are most often one above the other.
fn change(series: &[f64]) -> Option<Change> {
    let count = series.len() as f64;
    let sign = |one: f64, other: f64| f64::from(i8::from(one > other) - i8::from(one < other));
    // U grows, from one place to the next, by how often the value there is above the others less how often it is below.
    let (mut u, mut greatest, mut at) = (0.0, 0.0, 0);
    for (place, value) in series.iter().enumerate() {
        u += series.iter().map(|other| sign(*value, *other)).sum::<f64>();
        if f64::abs(u) > greatest {
            (greatest, at) = (f64::abs(u), place + 1);
        }
    }
    if at == 0 || at == series.len() {
        return None;
    }
    let p = (2.0 * (-6.0 * greatest * greatest / (count.powi(3) + count.powi(2))).exp()).min(1.0);
    Some(Change { at, p, before: median(&series[..at]), after: median(&series[at..]) })
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_is_where_the_values_part() {
        let series: Vec<f64> = (0..30).map(|place| if place < 20 { f64::from(place % 3) } else { 9.0 }).collect();
        let found = change(&series).expect("it changes");
        assert_eq!((found.at, found.before, found.after), (20, 1.0, 9.0));
        // U is 20 · 10, so p is 2·exp(−6·200² / (30³ + 30²)).
        assert!((found.p - 2.0 * (-240_000.0_f64 / 27_900.0).exp()).abs() < 1e-12, "{}", found.p);
    }

    #[test]
    fn a_level_series_has_none_and_an_outlier_is_no_change() {
        assert_eq!(change(&[4.0; 20]), None);
        let mut series = vec![1.0; 40];
        series[20] = 900.0;
        assert!(change(&series).is_none_or(|found| found.p > 0.5));
    }
}
