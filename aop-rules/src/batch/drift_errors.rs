//! `batch/drift-errors`

use aop_toon::Finding;

use super::BatchSettings;
use super::view::{View, names};
use crate::rule::Rule;

/// More of an agent's runs have errors than had.
pub static DRIFT_ERRORS: Rule = Rule {
    id: "batch/drift-errors",
    summary: "more of an agent's runs have errors than had",
    why: "A tool, a permission or the agent itself has changed for the worse. Runs are counted and not errors, since one run that \
          tries again and again is one failure; fewer errors than before are left alone.",
    source: "Test of two proportions with a pooled variance: NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3",
    ..Rule::BATCH
};

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    for (who, agent) in &view.agents {
        let (window, baseline) = (&agent.window, &agent.baseline);
        if window.runs < settings.runs_min || baseline.runs < settings.history_min {
            continue;
        }
        let (runs, runs_before) = (window.runs as f64, baseline.runs as f64);
        let (share, share_before) = (window.failed as f64 / runs, baseline.failed as f64 / runs_before);
        let pooled = (window.failed as f64 + baseline.failed as f64) / (runs + runs_before);
        let deviation = (pooled * (1.0 - pooled) * (1.0 / runs + 1.0 / runs_before)).sqrt();
        let rise = share - share_before;
        // Without any failure, or with nothing else, there is no deviation, and then no rise either.
        if deviation <= 0.0 || rise < settings.error_rise || rise / deviation < settings.error_z {
            continue;
        }
        let message = format!(
            "{who}: {} of {} runs have errors ({}), and {} of {} runs before ({}) (z {:.1}; limits {} more and z {})",
            window.failed,
            window.runs,
            percent(share),
            baseline.failed,
            baseline.runs,
            percent(share_before),
            rise / deviation,
            percent(settings.error_rise),
            settings.error_z,
        );
        findings.push(Finding { run_ids: names(window.named_failed.iter()), ..DRIFT_ERRORS.finding(message) });
    }
}

/// A share for people.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 10.0 || percent == 0.0 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}
