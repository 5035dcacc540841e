//! What a run of some kind has to do: the settings of `missing_step_validator`.

use aop_toon::{EventType, Paired};
use serde::{Deserialize, Serialize};

use super::filter::{actions, succeeded};
use super::{Arrival, Pattern, SettingsError, TimeSpan};

/// What the runs it applies to have to do.
///
/// ```
/// use aop_rules::post_run::Workflow;
///
/// let workflow: Workflow = serde_json::from_str(r#"{
///     "name": "refund",
///     "applies": {"goal": ["*refund*"]},
///     "steps": [
///         {"name": "look up", "any_of": ["get_order", "find_order"]},
///         {"name": "pay back", "any_of": ["refund"], "outcome": "succeeded"}
///     ],
///     "ordered": true,
///     "follow_ups": [{"after": "refund", "expect": ["send_email"], "within": "5m"}],
///     "approvals": [{"action": "refund", "by": ["human_approve"], "within": "30m"}],
///     "final_output": true
/// }"#)?;
/// assert_eq!(workflow.steps.len(), 2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workflow {
    /// What findings call it.
    pub name: String,
    /// Which runs it is for.
    pub applies: Applies,
    /// What has to happen.
    pub steps: Vec<Step>,
    /// Whether the steps have to happen in the order they are listed.
    pub ordered: bool,
    /// Actions that need another one before them.
    pub before: Vec<Before>,
    /// Actions that need another one after them.
    pub follow_ups: Vec<FollowUp>,
    /// Actions that need an approval before them.
    pub approvals: Vec<Approval>,
    /// Whether the run has to end in a final output.
    pub final_output: bool,
}

/// The runs a workflow is for: every list that is not empty has to hold. Empty, it is every run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Applies {
    /// Runs of these agents: the run's first `meta.agent_id`.
    pub agents: Vec<i64>,
    /// Runs of these scenarios: the run's first `meta.scenario`.
    pub scenario: Vec<Pattern>,
    /// Runs with these goals: the run's first `payload.goal`, upper and lower case alike.
    pub goal: Vec<Pattern>,
}

/// When an action counts as done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// When it was asked for and not refused.
    #[default]
    Requested,
    /// When a response with status `success` was accepted.
    Succeeded,
}

/// Something that has to happen: one of `any_of`, and each of `all_of`, at least `count` times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What findings call it.
    pub name: String,
    /// Actions of which any counts.
    #[serde(default)]
    pub any_of: Vec<Pattern>,
    /// Actions of which each is needed.
    #[serde(default)]
    pub all_of: Vec<Pattern>,
    /// How often.
    #[serde(default = "once")]
    pub count: u32,
    /// When an action counts as done.
    #[serde(default)]
    pub outcome: Outcome,
}

fn once() -> u32 {
    1
}

/// An action that may only be asked for after one of `needs` was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// The action that is held back.
    pub action: Pattern,
    /// What has to be done first; any of them.
    pub needs: Vec<Pattern>,
    /// How long that may be ago; without it, any time in the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<TimeSpan>,
    /// When one of `needs` counts as done.
    #[serde(default)]
    pub outcome: Outcome,
}

/// An action after which one of `expect` has to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// The action that obliges.
    pub after: Pattern,
    /// What has to be done later; any of them.
    pub expect: Vec<Pattern>,
    /// How soon; without it, before the run ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<TimeSpan>,
    /// When `after` and `expect` count as done.
    #[serde(default)]
    pub outcome: Outcome,
}

/// An action that needs an approval: an accepted, successful response of one of `by` whose result says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The action that is held back.
    pub action: Pattern,
    /// The actions that approve.
    pub by: Vec<Pattern>,
    /// How long an approval holds; without it, for the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<TimeSpan>,
    /// A JSON Pointer into the result, to the `true` that makes it an approval; `""` is the result itself.
    #[serde(default = "approved")]
    pub approved: String,
}

fn approved() -> String {
    "/approved".to_owned()
}

/// Whether a run has to end in a final output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinalOutputRule {
    /// It may.
    #[default]
    Optional,
    /// It has to.
    Required,
}

impl Outcome {
    /// Whether the event counts as doing one of these actions.
    pub(super) fn is_done(self, patterns: &[Pattern], arrival: &Arrival<'_>, accepted: bool) -> bool {
        accepted && self.is_right_event(arrival) && matches_any(patterns, arrival)
    }

    /// Whether the event was meant to do one of these actions and did not: a refused request or, where success counts,
    /// any request or response short of it.
    pub(super) fn is_attempt(self, patterns: &[Pattern], arrival: &Arrival<'_>, accepted: bool) -> bool {
        let falls_short = match self {
            Outcome::Requested => !accepted && self.is_right_event(arrival),
            Outcome::Succeeded => !(accepted && self.is_right_event(arrival)),
        };
        falls_short && matches_any(patterns, arrival)
    }

    fn is_right_event(self, arrival: &Arrival<'_>) -> bool {
        match self {
            Outcome::Requested => arrival.event.event_type() == EventType::ActionRequest,
            Outcome::Succeeded => succeeded(arrival),
        }
    }
}

fn matches_any(patterns: &[Pattern], arrival: &Arrival<'_>) -> bool {
    actions(arrival).any(|action| patterns.iter().any(|pattern| pattern.matches(action)))
}

impl Approval {
    /// Whether the event is an approval.
    pub(super) fn is_given(&self, arrival: &Arrival<'_>, accepted: bool) -> bool {
        let answers = arrival.paired.iter().any(
            |paired| matches!(paired, Paired::Answered(answered) if self.by.iter().any(|by| by.matches(&answered.action))),
        );
        if !(accepted && answers && succeeded(arrival)) {
            return false;
        }
        let pointer = format!("/payload/result{}", self.approved);
        arrival.event.document().pointer(&pointer).and_then(|value| value.as_bool()) == Some(true)
    }
}

impl Step {
    /// The groups of actions that are each needed `count` times.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[Pattern]> {
        let any = (!self.any_of.is_empty()).then_some(&self.any_of[..]);
        any.into_iter().chain(self.all_of.iter().map(std::slice::from_ref))
    }
}

impl Workflow {
    pub(super) fn validate(&self, place: &str) -> Result<(), SettingsError> {
        let error = |setting: String, problem: &str| Err(SettingsError::new(format!("{place}{setting}"), problem));
        if self.name.is_empty() {
            return error(".name".to_owned(), "a workflow needs a name, which findings use");
        }
        for (index, step) in self.steps.iter().enumerate() {
            if step.name.is_empty() {
                return error(format!(".steps[{index}].name"), "a step needs a name, which findings use");
            }
            if step.any_of.is_empty() && step.all_of.is_empty() {
                return error(format!(".steps[{index}]"), "a step names the actions it needs, in any_of or all_of");
            }
            if step.count == 0 {
                return error(format!(".steps[{index}].count"), "0 times needs nothing; write 1 or more");
            }
        }
        if let Some(index) = self.before.iter().position(|before| before.needs.is_empty()) {
            return error(format!(".before[{index}].needs"), "name at least one action that has to come before");
        }
        if let Some(index) = self.follow_ups.iter().position(|follow_up| follow_up.expect.is_empty()) {
            return error(format!(".follow_ups[{index}].expect"), "name at least one action that has to follow");
        }
        if let Some(index) = self.approvals.iter().position(|approval| approval.by.is_empty()) {
            return error(format!(".approvals[{index}].by"), "name at least one action that approves");
        }
        let pointers = self.approvals.iter().map(|approval| &approval.approved);
        match pointers.enumerate().find(|(_, pointer)| !pointer.is_empty() && !pointer.starts_with('/')) {
            Some((index, pointer)) => error(
                format!(".approvals[{index}].approved"),
                &format!("{pointer:?} is not a JSON Pointer; it begins with a slash, such as \"/approved\""),
            ),
            None => Ok(()),
        }
    }
}
