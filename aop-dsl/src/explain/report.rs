//! What an explanation says.

use aop_toon::Finding;
use serde::Serialize;

/// What a rule made of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// `package.rule`
    pub rule: String,
    /// What triggers it, as it stands in the policy, on one line.
    pub trigger: String,
    /// How often its trigger's pattern matched.
    pub triggers: usize,
    /// The events that are explained, in order.
    pub events: Vec<ExplainedEvent>,
    /// What was found at the end of the run and is about no event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at_the_end: Vec<Finding>,
}

impl Explanation {
    /// Whether the rule found anything.
    pub fn has_fired(&self) -> bool {
        !self.at_the_end.is_empty() || self.events.iter().any(|event| !event.findings.is_empty())
    }
}

/// What a rule made of one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedEvent {
    /// The event.
    pub seq: u64,
    /// `true`, `false`, `unknown`, or `no trigger` where the trigger's pattern does not match.
    pub value: String,
    /// The clauses, in the order of the text; a rule's value is the least of theirs.
    pub clauses: Vec<ExplainedClause>,
    /// What was found about the event; a duty's finding is made later ([`ExplainedDuty`]).
    pub findings: Vec<Finding>,
}

/// What one clause gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedClause {
    /// As it stands in the policy, on one line.
    pub text: String,
    /// Its line in the policy.
    pub line: usize,
    /// `true`, `false` or `unknown`; of an `expect` whether what it asks for came, `met` or `unmet`, and `not asked` where no duty
    /// began. An `expect` that is unmet makes the rule true.
    pub value: String,
    /// The parts of a condition that are joined by `and`, with what each gave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ExplainedPart>,
    /// The paths of the event in a clause that is no condition: a bound, keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ExplainedValue>,
    /// The events that made it true, nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<u64>,
    /// The event that meets a `without`; where an event is missing, the one that came closest; of a sequence, the steps that were
    /// met too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<ExplainedCandidate>,
    /// Where no event came that has the kind which it asks for: that kind, as it stands in the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing_like: Option<String>,
    /// What became of what it expects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty: Option<ExplainedDuty>,
    /// What was counted or added up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<String>,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedPart {
    /// As it stands in the policy, on one line.
    pub text: String,
    /// `true`, `false` or `unknown`.
    pub value: String,
    /// The paths in it and what they held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ExplainedValue>,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

impl ExplainedPart {
    pub(super) fn holds(&self) -> bool {
        self.value == "true"
    }
}

/// What a path held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedValue {
    /// The path as it stands in the policy.
    pub path: String,
    /// Its value, cut when it is long; then its length follows.
    pub value: String,
    /// The event in which it stands: the one that is asked, or the request that it answers.
    pub seq: u64,
    /// The JSON Pointer to it in that event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What detectors have found there, for a path that asks them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detected: Vec<String>,
}

/// A past event, or one that came later, and how far it is what a clause asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedCandidate {
    /// The event.
    pub seq: u64,
    /// Its name in the policy, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is what is asked for.
    pub is_met: bool,
    /// What keeps it from counting beside its condition, such as that it was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// The parts of its condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ExplainedPart>,
}

/// What must come after an event, and whether it did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedDuty {
    /// Until when it may come: a time, a number of events, or the run's end. Nothing when no duty began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// The event that answered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<u64>,
    /// The event at which it was clear that nothing had; none when that was the run's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<u64>,
}
