//! Batch rules: what they say of sets of runs.
//!
//! Runs whose `start` is in the window (now − W, now] and that meet the rule's condition are put into groups by its keys; the test
//! is decided for each group, and a group for which it is true makes one finding, of phase batch. An aggregate over no runs is
//! absent (a `count` or `sum` is 0), and so is one over a value that is absent; a value that is missing or of another type makes it
//! unknown. The `baseline` of an aggregate is over the runs of the group that started in the time before the window.
//!
//! A run whose condition or key is unknown is in no group: a finding says how many there were, when the rule's `@on_unknown` is
//! `flag`; so does one for each group whose test is unknown.

mod aggregate;
mod expression;
mod script;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::HashMap;

use aop_toon::{Effect, Finding, Phase, Timestamp};
use serde::{Deserialize, Serialize};

use crate::eval::in_place_of_kept;
use crate::occurrence::Judgement;
use crate::typed::{BatchRule, OnUnknown, Package, TemplatePart};
use crate::value::{self, Gap, Key, Outcome, Reason, Truth, Value};
use expression::{Patterns, Scene};
pub(crate) use script::test_failures;

/// What batch rules know of a run that has ended.
///
/// ```
/// use aop_dsl::RunRecord;
///
/// let record = RunRecord { run_id: "r-1".into(), status: "completed".into(), ..RunRecord::new("2025-01-06T09:00:00Z".parse().unwrap()) };
/// assert_eq!(record.events, 0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRecord {
    /// `run.id`
    pub run_id: String,
    /// `agent.id`: the agent of its events, when they name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<i64>,
    /// `run.status`, such as `completed`.
    pub status: String,
    /// When it began; this decides in which window the run is.
    pub start: Timestamp,
    /// `run.duration`
    pub duration_micros: i64,
    /// `run.events`
    pub events: u64,
    /// `run.requests`
    pub requests: u64,
    /// `run.responses`
    pub responses: u64,
    /// `run.errors`
    pub errors: u64,
    /// `run.refused`
    pub refused: u64,
    /// `meta`: a JSON object's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<String>,
}

impl RunRecord {
    /// A run that has begun, and of which nothing else is known.
    pub fn new(start: Timestamp) -> Self {
        Self {
            run_id: String::new(),
            agent_id: None,
            status: String::new(),
            start,
            duration_micros: 0,
            events: 0,
            requests: 0,
            responses: 0,
            errors: 0,
            refused: 0,
            meta: None,
        }
    }
}

/// Adds what the batch rules of a package say of these runs. Their order does not matter.
pub(crate) fn judge(package: &Package, records: &[RunRecord], now: Timestamp, judgement: &mut Judgement) {
    if package.batch_rules.is_empty() {
        return;
    }
    let patterns = Patterns::default();
    let runs = expression::runs(records);
    let scene = Scene::new(package, &patterns, now);
    for rule in &package.batch_rules {
        judge_rule(rule, &scene, &runs, &mut judgement.findings);
    }
}

/// How far back the batch rules of a package look: the longest window with the baseline before it.
pub(crate) fn look_back_micros(package: &Package) -> Option<i64> {
    package.batch_rules.iter().map(|rule| rule.window_micros.saturating_add(baseline_micros(&rule.test, rule))).max()
}

/// Runs of one key.
struct Group<'r> {
    keys: Vec<Value<'r>>,
    /// In the window, then before it.
    window: Vec<&'r expression::Run<'r>>,
    before: Vec<&'r expression::Run<'r>>,
}

fn judge_rule<'r>(rule: &'r BatchRule, scene: &Scene<'r>, runs: &'r [expression::Run<'r>], findings: &mut Vec<Finding>) {
    let window_start = scene.now.micros().saturating_sub(rule.window_micros);
    let earliest = window_start.saturating_sub(baseline_micros(&rule.test, rule));
    let mut groups: HashMap<Key, Group<'r>> = HashMap::new();
    let (mut undecided, mut reason) = (0u64, Reason::Missing);
    for run in runs {
        let start = run.record.start.micros();
        if start <= earliest || start > scene.now.micros() {
            continue;
        }
        let is_in_window = start > window_start;
        let of_run = scene.with_run(run);
        let keys = match of_run.truth(&rule.condition) {
            Truth::False => continue,
            Truth::True => rule.by.iter().map(|key| of_run.value(key)).collect::<Result<Vec<_>, _>>(),
            Truth::Unknown => Err(Gap::Unknown(of_run.reason(&rule.condition))),
        };
        match keys {
            Ok(keys) => {
                let key = value::key_of_all(&keys);
                let group = groups.entry(key).or_insert_with(|| Group { keys, window: Vec::new(), before: Vec::new() });
                if is_in_window { group.window.push(run) } else { group.before.push(run) }
            }
            Err(gap) if is_in_window => {
                undecided += 1;
                if let Gap::Unknown(why) = gap {
                    reason = why;
                }
            }
            Err(_) => {}
        }
    }
    let mut groups: Vec<Group<'r>> = groups.into_values().filter(|group| !group.window.is_empty()).collect();
    groups.sort_by(|one, other| by_keys(&one.keys, &other.keys));
    for group in &groups {
        let of_group = scene.with_group(group, rule.window_micros);
        let message = match of_group.truth(&rule.test) {
            Truth::False => continue,
            Truth::True => message(rule, &of_group, group),
            Truth::Unknown if rule.on_unknown == OnUnknown::Ignore => continue,
            Truth::Unknown => {
                format!(
                    "{}{} could not be decided: {}",
                    rule.name,
                    keys_text(rule, scene, group),
                    words(of_group.reason(&rule.test))
                )
            }
        };
        findings.push(finding(rule, message));
    }
    if undecided > 0 && rule.on_unknown != OnUnknown::Ignore {
        let runs = if undecided == 1 { "1 run".to_owned() } else { format!("{undecided} runs") };
        findings.push(finding(rule, format!("{} could not be decided for {runs}: {}", rule.name, words(reason))));
    }
}

fn finding(rule: &BatchRule, message: String) -> Finding {
    Finding::new(rule.code.clone(), "policy_checker", rule.severity, Phase::Batch, Effect::Flag, message)
}

/// How far back the rule's baselines look, before the window.
fn baseline_micros(expr: &crate::typed::Expr, rule: &BatchRule) -> i64 {
    let parts = rule.message.parts.iter().filter_map(|part| match part {
        TemplatePart::Text(_) => None,
        TemplatePart::Value(value) => Some(value),
    });
    std::iter::once(expr).chain(parts).map(longest_baseline).max().unwrap_or(0)
}

fn longest_baseline(expr: &crate::typed::Expr) -> i64 {
    let own = match &expr.kind {
        crate::typed::ExprKind::Baseline { micros, .. } => *micros,
        _ => 0,
    };
    expr.children().into_iter().map(longest_baseline).fold(own, i64::max)
}

/// Numbers by their size, everything else by its text.
fn by_keys(one: &[Value<'_>], other: &[Value<'_>]) -> Ordering {
    let order = |(one, other): (&Value<'_>, &Value<'_>)| match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.cmp(other),
        _ => match (number_of(one), number_of(other)) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => value::canonical_text(one).cmp(&value::canonical_text(other)),
        },
    };
    one.iter().zip(other).map(order).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The number that JSON holds.
fn number_of(value: &Value<'_>) -> Option<rust_decimal::Decimal> {
    value::decimal::read(value.as_json()?.as_number()?.lexeme())
}

/// The rule's message; the group's keys are added where it does not show them.
fn message(rule: &BatchRule, scene: &Scene<'_>, group: &Group<'_>) -> String {
    let (mut text, mut shows_keys) = (String::new(), rule.by.is_empty());
    for part in &rule.message.parts {
        match part {
            TemplatePart::Text(part) => text.push_str(part),
            TemplatePart::Value(value) => {
                shows_keys |= rule.by.iter().any(|key| key.kind == value.kind || scene.text_of(key) == scene.text_of(value));
                let of_run = group.window.first().map(|run| scene.with_run(run));
                let shown = of_run.as_ref().unwrap_or(scene).value(value);
                text.push_str(&shown_outcome(&shown));
            }
        }
    }
    if !shows_keys {
        text.push_str(&keys_text(rule, scene, group));
    }
    text
}

/// ` (meta.agent_id: 7)`
fn keys_text(rule: &BatchRule, scene: &Scene<'_>, group: &Group<'_>) -> String {
    if rule.by.is_empty() {
        return String::new();
    }
    let keys: Vec<String> = rule
        .by
        .iter()
        .zip(&group.keys)
        .map(|(key, value)| format!("{}: {}", scene.text_of(key), value::show(value)))
        .collect();
    format!(" ({})", keys.join(", "))
}

fn shown_outcome(outcome: &Outcome<'_>) -> String {
    match outcome {
        Ok(value) => value::show(value),
        Err(gap) => in_place_of_kept(*gap).to_owned(),
    }
}

fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "a value is missing",
        Reason::WrongType => "a value is of another type",
        Reason::Malformed => "a value cannot be read",
        Reason::Arithmetic => "a number is out of range, or something is divided by nothing",
        Reason::TooLong => "a list is too long",
        Reason::Forgotten => "something was too long to be remembered",
        Reason::NoRequest | Reason::NoSharedState | Reason::NoAgent | Reason::OtherRun | Reason::NotScanned => {
            "something is not known of runs"
        }
    }
}

/// Whether an expression that asks about nothing but constants is true.
#[cfg(test)]
pub(crate) fn is_true(package: &Package, expr: &crate::typed::Expr) -> bool {
    let patterns = Patterns::default();
    Scene::new(package, &patterns, Timestamp::from_micros(0)).truth(expr) == Truth::True
}
