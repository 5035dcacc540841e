//! Every rule we ship: one table, one line a rule, in the order of the manual.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::LazyLock;

use aop_toon::Effect;

use crate::acl::rules as acl;
use crate::post_run;
use crate::rule::{Rule, Status};
use crate::scan::recognizers;

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
    &acl::UNKNOWN_ACTION,
    &acl::NOT_ALLOWED,
    &acl::PARAM_SCHEMA,
    &acl::PARAM_VALUE,
    &acl::PATH_ESCAPE,
    &acl::HOST,
    &acl::APPROVAL,
    &post_run::LAG_GAP,
    &post_run::LAG_RESPONSE,
    &post_run::LAG_RUN,
    &post_run::LAG_THINK,
    &post_run::LAG_CLOCK,
    &post_run::STEP_MISSING,
    &post_run::STEP_ORDER,
    &post_run::STEP_FOLLOW_UP,
    &post_run::STEP_NO_FINAL,
    &post_run::SEQ_GAP,
    &post_run::SEQ_DUPLICATE,
    &post_run::SEQ_REGRESSION,
    &post_run::SEQ_ORPHAN_RESPONSE,
    &post_run::SEQ_UNANSWERED,
    &post_run::SEQ_DOUBLE_RESPONSE,
    &post_run::SEQ_AFTER_FINAL,
    &post_run::SEQ_CONTRADICTION,
    &post_run::SEQ_LOOP,
    &post_run::SEQ_STALL,
    &post_run::FREQ_LIMIT,
    &post_run::FREQ_BURST,
    &post_run::FREQ_SILENCE,
    &post_run::FREQ_ERROR_SHARE,
    &post_run::FREQ_MIX,
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

/// The validators of the manual, each with what it is for.
const VALIDATORS: &[(&str, &str)] = &[
    ("pii_detector", "finds personal data and secrets in an event's keys, strings and numbers."),
    (
        "prompt_injection_detector",
        "finds text that attacks whoever reads it. What a find is worth depends on where the text came from.",
    ),
    ("action_misuse_checker", "checks each action an agent asks for against what its operator allows."),
    ("timelag_validator", "watches the time between events."),
    ("missing_step_validator", "watches that a run takes the steps its workflow asks for."),
    ("sequence_validator", "watches that a run's events fit together."),
    ("event_frequency_validator", "watches how often things happen."),
];

/// The manual of all rules, as Markdown: what `docs/rules.md` holds.
pub fn manual() -> String {
    let mut page = String::from(
        "# The rules\n\nGenerated from the catalogue in `aop-rules`; change a rule where it is defined.\n\n\
         A rule whose effect is *by threshold* denies at or over the threshold (`AOP_VALIDATION_THRESHOLD`, error by default) \
         and flags below it. Post-run rules can only flag.\n\n\
         What identifies an event is neither scanned nor redacted, and is stored as it was sent: `meta.run_id`, the call ids \
         (`meta.call_id`, `meta.tool_call_id`), `meta.session_id`, `meta.subject_id`, `meta.idempotency_key` and \
         `meta.signature`. They must not hold personal data or secrets; use opaque ids. Everything else in `meta` is scanned \
         like the payload.\n",
    );
    for (validator, purpose) in VALIDATORS {
        let rules = || CATALOGUE.iter().filter(|rule| rule.validator == *validator);
        write!(
            page,
            "\n## {validator}\n\nIt {purpose}\n\n| rule | finds | severity | effect | phase |\n|---|---|---|---|---|\n"
        )
        .expect("writing to a string does not fail");
        for rule in rules() {
            let removed = if rule.status == Status::Removed { " (removed)" } else { "" };
            let effect = rule.effect.map_or("by threshold", Effect::as_str);
            writeln!(page, "| `{}`{removed} | {} | {} | {effect} | {} |", rule.id, rule.summary, rule.severity, rule.phase)
                .expect("writing to a string does not fail");
        }
        for rule in rules() {
            write!(page, "\n### `{}`\n\n{}\n\nSource: {}.\n", rule.id, rule.why, rule.source.trim_end_matches('.'))
                .expect("writing to a string does not fail");
        }
    }
    page.push_str(&entities_manual());
    page
}

/// The entities that settings, redaction and policies know personal data by, each with its country and its rules.
fn entities_manual() -> String {
    let mut page = String::from(
        "\n## The entities\n\nWhat personal data is called in settings (`entities`), in redaction and in policies. A secret is `SECRET`, \
         and its rule says which kind it is. One with a country is looked for when `regions` names it, or names none.\n\n\
         | entity | country | rules |\n|---|---|---|\n",
    );
    let mut entities: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
    for recognizer in recognizers().filter(|recognizer| recognizer.rule.family() == "pii") {
        let (regions, rules) = entities.entry(recognizer.entity).or_default();
        regions.extend(recognizer.region.filter(|region| !regions.contains(region)));
        if !rules.contains(&recognizer.rule.id) {
            rules.push(recognizer.rule.id);
        }
    }
    for (entity, (regions, rules)) in entities {
        writeln!(page, "| `{entity}` | {} | `{}` |", regions.join(", "), rules.join("`, `"))
            .expect("writing to a string does not fail");
    }
    page
}
