//! Every rule we ship: one table, one line a rule, in the order of the manual.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::acl;
use crate::batch;
use crate::post_run;
use crate::rule::Rule;
use crate::scan::recognizers;
use crate::threats;

/// All rules, in the manual's order: those of the recognizers by their tables, then the others. A rule that is not here does
/// not exist.
pub static CATALOGUE: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut rules: Vec<&'static Rule> = Vec::new();
    for recognizer in recognizers() {
        if !rules.contains(&recognizer.rule) {
            rules.push(recognizer.rule);
        }
    }
    rules.extend(OTHERS);
    rules
});

/// The rules that no recognizer has.
static OTHERS: &[&Rule] = &[
    &threats::obeyed::RULE,
    &acl::UNKNOWN_ACTION,
    &acl::NOT_ALLOWED,
    &acl::PARAM_SCHEMA,
    &acl::PARAM_VALUE,
    &acl::PATH_ESCAPE,
    &acl::HOST,
    &acl::APPROVAL,
    &acl::BUDGET,
    &post_run::LAG_GAP,
    &post_run::LAG_RESPONSE,
    &post_run::LAG_RUN,
    &post_run::LAG_THINK,
    &post_run::LAG_CLOCK,
    &post_run::STEP_MISSING,
    &post_run::STEP_ORDER,
    &post_run::STEP_FOLLOW_UP,
    &post_run::STEP_NO_FINAL,
    &post_run::STEP_CONFORMANCE,
    &post_run::SEQ_GAP,
    &post_run::SEQ_DUPLICATE,
    &post_run::SEQ_REGRESSION,
    &post_run::SEQ_ORPHAN_RESPONSE,
    &post_run::SEQ_UNANSWERED,
    &post_run::SEQ_DOUBLE_RESPONSE,
    &post_run::SEQ_AFTER_FINAL,
    &post_run::SEQ_CONTRADICTION,
    &post_run::SEQ_FALSE_SUCCESS,
    &post_run::SEQ_OVERCONFIDENT,
    &post_run::SEQ_LOOP,
    &post_run::SEQ_RETRY,
    &post_run::SEQ_STALL,
    &post_run::FREQ_LIMIT,
    &post_run::FREQ_BURST,
    &post_run::FREQ_SILENCE,
    &post_run::FREQ_ERROR_SHARE,
    &post_run::FREQ_MIX,
    &batch::DRIFT_DURATION,
    &batch::DRIFT_ERRORS,
    &batch::DRIFT_MIX,
    &batch::CHANGE_POINT,
    &batch::RARE_ACTION,
    &batch::NEW_DESTINATION,
    &batch::SHARED_FINGERPRINT,
    &batch::SLOW_EXFILTRATION,
    &batch::FAILURE_BURST,
    &batch::CAPACITY,
];

/// The rule with this id.
///
/// ```
/// assert_eq!(aop_rules::catalogue::rule("pii/email").unwrap().validator, "pii_detector");
/// assert!(aop_rules::catalogue::rule("pii/shoe-size").is_none());
/// ```
pub fn rule(id: &str) -> Option<&'static Rule> {
    static BY_ID: LazyLock<HashMap<&'static str, &'static Rule>> =
        LazyLock::new(|| CATALOGUE.iter().map(|&rule| (rule.id, rule)).collect());
    BY_ID.get(id).copied()
}
