//! Findings: what a rule says, in its author's words.

use aop_toon::{Approval, Effect, Finding, Phase, Severity};

use super::context::{Context, Scope};
use super::past::{Sight, States};
use super::probe::Probe;
use super::unknown::{self, Unknown};
use crate::occurrence::{Judgement, Redaction};
use crate::program::{ExprId, MessagePart, Node, Rule, RuleEffect};
use crate::state::PolicyState;
use crate::typed::OnUnknown;
use crate::value::{Outcome, show};

/// The validator that policies' findings belong to.
const VALIDATOR: &str = "policy_checker";

/// A finding of a rule that holds, with what it asks to redact.
pub(super) fn held<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    rule: &'e Rule,
    sight: &Sight<'e>,
    judgement: &mut Judgement,
) -> Finding {
    let mut nearest_first = sight.bound.clone();
    nearest_first.reverse();
    let message = context.with_bound(&nearest_first, None, &mut |context, scope| message(context, rule, scope));
    let message = match unknown::passed_over(context, states, rule) {
        Some(unknown) => format!("{message} (not counted: {unknown})"),
        None => message,
    };
    let mut finding = plain(rule, rule.effect, message, states.run);
    finding.seq = context.current.seq();
    finding.witnesses = sight.witnesses.clone();
    for effect in &rule.effects {
        match effect {
            RuleEffect::Redact(path) => finding.path = redact(context, *path, judgement).or(finding.path),
            RuleEffect::RedactDetected(detect) => {
                finding.path = redact_detected(context, *detect, judgement).or(finding.path)
            }
            _ => {}
        }
    }
    pointing(context, rule, finding)
}

/// A finding with what the rule says that it points at; where the rule's condition asks `any` of what stands there, with the first item
/// for which it holds.
pub(super) fn pointing<'e, P: Probe>(context: &mut Context<'e, '_, P>, rule: &'e Rule, mut finding: Finding) -> Finding {
    if let Some(at) = rule.at
        && let Ok(place) = context.place(at, Scope::default())
    {
        let item = context.first_item(rule.condition).filter(|item| is_within(*item, place));
        finding.path = Some(item.unwrap_or(place).pointer_within(POINTER_BYTES_MAX).0);
    }
    finding
}

fn is_within(item: aop_toon::Value<'_>, place: aop_toon::Value<'_>) -> bool {
    std::iter::successors(Some(item), |inner| inner.parent()).any(|outer| outer.id() == place.id())
}

/// A longer pointer is cut; keys may be of any length.
const POINTER_BYTES_MAX: usize = 1024;

/// How the message of a rule that could not be decided begins.
pub(crate) const UNDECIDED: &str = "the rule could not be decided";

/// A finding of a rule that could not be decided; nothing when that is to be ignored.
pub(super) fn undecided(rule: &Rule, seq: Option<u64>, unknown: &Unknown, state: &PolicyState) -> Option<Finding> {
    let effect = match (rule.on_unknown, rule.phase) {
        (OnUnknown::Ignore, _) => return None,
        (OnUnknown::Deny, Phase::Ingestion) => Effect::Deny,
        (OnUnknown::Deny | OnUnknown::Flag, _) => Effect::Flag,
    };
    let message = format!("{UNDECIDED}: {unknown}");
    let mut finding = plain(rule, effect, message, state);
    (finding.wait_ms, finding.approval) = (None, None);
    finding.seq = seq;
    Some(finding)
}

/// A finding about a rule's memory, which says that it is full.
pub(super) fn notice(rule: &Rule, seq: Option<u64>, text: &str, state: &PolicyState) -> Finding {
    let mut finding = plain(rule, Effect::Flag, text.to_owned(), state);
    finding.severity = Severity::Warning;
    (finding.wait_ms, finding.approval) = (None, None);
    finding.seq = seq;
    finding
}

/// With everything that does not depend on the event; the message says since when the rule has been watching.
pub(super) fn plain(rule: &Rule, effect: Effect, mut message: String, state: &PolicyState) -> Finding {
    if let Some(since) = since(rule, state) {
        message.push_str(&format!(" (watched since #{since}, when the rule changed)"));
    }
    let mut finding = Finding::new(rule.code.clone(), VALIDATOR, rule.severity, rule.phase, effect, message);
    for effect in &rule.effects {
        match effect {
            RuleEffect::Throttle { wait_ms } => finding.wait_ms = finding.wait_ms.max(Some(*wait_ms)),
            RuleEffect::RequireApproval { role, ttl_ms } => {
                finding.approval = Some(Approval { role: role.clone(), ttl_ms: *ttl_ms });
            }
            _ => {}
        }
    }
    finding
}

/// The last event that one of the rule's memories has not seen.
fn since(rule: &Rule, state: &PolicyState) -> Option<u64> {
    if state.since.is_empty() {
        return None;
    }
    rule.memory_hashes.iter().filter_map(|hash| state.since.get(hash)).max().copied()
}

/// The message with its values filled in.
fn message<'e, P: Probe>(context: &mut Context<'e, '_, P>, rule: &'e Rule, scope: Scope<'_, 'e>) -> String {
    let mut message = String::new();
    for part in &rule.message {
        match part {
            MessagePart::Text(text) => message.push_str(text),
            MessagePart::Value(value) => match context.value(*value, scope) {
                Ok(value) => message.push_str(&show(&value)),
                Err(gap) => message.push_str(&unknown::in_place(context, *value, scope, gap)),
            },
        }
    }
    of_words(message, rule)
}

/// The same with values that were kept.
pub(super) fn message_of_kept(rule: &Rule, values: &[crate::value::Stored]) -> String {
    let mut message = String::new();
    let mut values = values.iter();
    for part in &rule.message {
        match part {
            MessagePart::Text(text) => message.push_str(text),
            MessagePart::Value(_) => {
                message.push_str(&values.next().map_or_else(String::new, |value| shown(&value.outcome())));
            }
        }
    }
    of_words(message, rule)
}

/// A rule without a message says its name.
fn of_words(message: String, rule: &Rule) -> String {
    if message.is_empty() { rule.code.rsplit('.').next().unwrap_or_default().replace('_', " ") } else { message }
}

fn shown(outcome: &Outcome<'_>) -> String {
    match outcome {
        Ok(value) => show(value),
        Err(gap) => unknown::in_place_of_kept(*gap).to_owned(),
    }
}

/// Asks for every leaf under a path; where that is, as a pointer.
fn redact<P: Probe>(context: &mut Context<'_, '_, P>, path: ExprId, judgement: &mut Judgement) -> Option<String> {
    let place = context.place(path, Scope::default()).ok()?;
    let is_leaf = |json: &aop_toon::Value<'_>| !json.is_array() && !json.is_object() && !json.is_null();
    judgement.redactions.extend(place.descendants().filter(is_leaf).map(|leaf| Redaction::Leaf(leaf.id())));
    Some(place.pointer())
}

/// Asks for what a detector has found under a path.
fn redact_detected<P: Probe>(context: &mut Context<'_, '_, P>, detect: ExprId, judgement: &mut Judgement) -> Option<String> {
    let Node::Detect { family, kinds, target } = context.program.exprs.node(detect) else { return None };
    let place = context.place(*target, Scope::default()).ok()?;
    let found = super::event::within(context.current, *family, kinds, place);
    judgement.redactions.extend(found.map(|(at, _)| Redaction::Detected(at)));
    Some(place.pointer())
}
