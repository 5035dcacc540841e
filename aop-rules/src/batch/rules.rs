//! The rules over many runs, in the order of the manual, and how many findings each may have.

use aop_toon::Finding;

use super::view::View;
use super::{
    BatchSettings, CAPACITY, CHANGE_POINT, DRIFT_DURATION, DRIFT_ERRORS, DRIFT_MIX, FAILURE_BURST, NEW_DESTINATION,
    RARE_ACTION, SHARED_FINGERPRINT, SLOW_EXFILTRATION, capacity, change_point, drift_duration, drift_errors, drift_mix,
    failure_burst, novelty, shared_fingerprint, slow_exfiltration,
};
use crate::rule::Rule;

/// How many findings one rule can have; one more says how many were left out.
pub const BATCH_FINDINGS_MAX: usize = 64;

/// The rules, in the order of the manual.
pub static RULES: &[&Rule] = &[
    &DRIFT_DURATION,
    &DRIFT_ERRORS,
    &DRIFT_MIX,
    &CHANGE_POINT,
    &RARE_ACTION,
    &NEW_DESTINATION,
    &SHARED_FINGERPRINT,
    &SLOW_EXFILTRATION,
    &FAILURE_BURST,
    &CAPACITY,
];

type Check = fn(&BatchSettings, &View<'_>, &mut Vec<Finding>);

/// The checks, each of one rule.
pub(super) const CHECKS: &[Check] = &[
    drift_duration::check,
    drift_errors::check,
    drift_mix::check,
    change_point::check,
    novelty::actions,
    novelty::destinations,
    shared_fingerprint::check,
    slow_exfiltration::check,
    failure_burst::check,
    capacity::check,
];

/// Leaves out what a check has found beyond the bound, and says so.
pub(super) fn cut(findings: &mut Vec<Finding>, before: usize) {
    let more = (findings.len() - before).saturating_sub(BATCH_FINDINGS_MAX);
    if more == 0 {
        return;
    }
    findings.truncate(before + BATCH_FINDINGS_MAX);
    let last = findings[findings.len() - 1].clone();
    let message = format!("{more} more of this kind are not listed; a rule lists {BATCH_FINDINGS_MAX}");
    findings.push(Finding { message, run_ids: Vec::new(), ..last });
}
