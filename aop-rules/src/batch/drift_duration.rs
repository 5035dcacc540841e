//! `batch/drift-duration`

use aop_toon::Finding;

use super::BatchSettings;
use super::view::{View, names};
use crate::post_run::TimeSpan;
use crate::rule::Rule;

/// An agent's runs take much longer, or much less long, than they did.
pub static DRIFT_DURATION: Rule = Rule {
    id: "batch/drift-duration",
    summary: "an agent's runs take much longer or shorter than they did",
    why: "Runs that take twice as long have met something new: a slow tool, a loop, another task. Those that take half as long may \
          leave something out. The medians of window and baseline are compared, so that a few stuck runs say nothing.",
    source: "Robust z score of medians by the median absolute deviation: B. Iglewicz, D. Hoaglin, How to Detect and Handle \
             Outliers, 1993",
    ..Rule::BATCH
};

/// Makes a median absolute deviation a standard deviation where values are normal.
const NORMAL: f64 = 1.4826;

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    for (who, agent) in &view.agents {
        if agent.window.runs < settings.runs_min || agent.baseline.runs < settings.history_min {
            continue;
        }
        let medians = agent.window.durations.median_and_deviation().zip(agent.baseline.durations.median_and_deviation());
        let Some(((now, _), (before, deviation))) = medians else { continue };
        // The histogram tells nothing finer apart than a thirty-second, nor than a millisecond.
        let deviation = NORMAL * (deviation.max(before / 32).max(1)) as f64;
        let z = now.abs_diff(before) as f64 / deviation;
        let ratio = now.max(before).max(1) as f64 / now.min(before).max(1) as f64;
        if ratio < settings.duration_ratio || z < settings.duration_z {
            continue;
        }
        let message = format!(
            "{who}: the median of {} runs takes {}, {ratio:.1} times {} than the {} of {} runs before (robust z {z:.1}; limits {} \
             times and {})",
            agent.window.runs,
            millis(now),
            if now > before { "longer" } else { "shorter" },
            millis(before),
            agent.baseline.runs,
            settings.duration_ratio,
            settings.duration_z,
        );
        findings.push(Finding { run_ids: names(agent.window.named.iter()), ..DRIFT_DURATION.finding(message) });
    }
}

/// A length of time in milliseconds, for people.
pub(super) fn millis(millis: u64) -> TimeSpan {
    TimeSpan::from_micros(i64::try_from(millis).unwrap_or(i64::MAX).saturating_mul(1000))
}
