//! Steps: what a workflow model makes of an event.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use aop_toon::{Actor, EventType, Paired, Status};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::time_span::TextVisitor;
use super::super::{Arrival, shown};

/// The kinds of steps a model may tell apart.
///
/// ```
/// use aop_rules::post_run::StepKind;
///
/// assert_eq!("failure".parse(), Ok(StepKind::Failure));
/// assert_eq!(StepKind::Failure.to_string(), "failure");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Before the first step. It is no event.
    Start,
    /// A message of the user.
    User,
    /// A message of the system.
    System,
    /// A thought of the agent.
    Thought,
    /// A request for an action.
    Request,
    /// A response with status success to a request.
    Response,
    /// A response with status error to a request.
    Failure,
    /// An event of type error.
    Error,
    /// The final output.
    Final,
    /// After the last step. It is no event.
    End,
}

/// How many kinds there are.
pub(super) const KINDS: usize = 10;

impl StepKind {
    const ALL: [Self; KINDS] = [
        Self::Start,
        Self::User,
        Self::System,
        Self::Thought,
        Self::Request,
        Self::Response,
        Self::Failure,
        Self::Error,
        Self::Final,
        Self::End,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::User => "user",
            Self::System => "system",
            Self::Thought => "thought",
            Self::Request => "request",
            Self::Response => "response",
            Self::Failure => "failure",
            Self::Error => "error",
            Self::Final => "final",
            Self::End => "end",
        }
    }

    /// Whether a step of this kind names an action.
    pub const fn has_action(self) -> bool {
        matches!(self, Self::Request | Self::Response | Self::Failure)
    }

    /// Whether an event can be a step of this kind.
    pub const fn is_event(self) -> bool {
        !matches!(self, Self::Start | Self::End)
    }
}

impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for StepKind {
    type Err = StepError;

    fn from_str(word: &str) -> Result<Self, StepError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| StepError(word.chars().take(80).collect()))
    }
}

/// A step of a workflow, as a model writes it: `user`, `request(search)`, `failure(search)`, `final`.
///
/// ```
/// use aop_rules::post_run::{StepKind, WorkflowStep};
///
/// let step: WorkflowStep = "request(search)".parse()?;
/// assert_eq!((step.kind(), step.action()), (StepKind::Request, "search"));
/// assert_eq!(step.to_string(), "request(search)");
/// assert_eq!(step.in_words(), "search");
/// # Ok::<(), aop_rules::post_run::StepError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkflowStep {
    kind: StepKind,
    /// Empty where the kind has none.
    action: String,
}

impl WorkflowStep {
    /// Before the first step.
    pub const START: Self = Self { kind: StepKind::Start, action: String::new() };
    /// After the last one.
    pub const END: Self = Self { kind: StepKind::End, action: String::new() };

    pub(super) fn new(kind: StepKind, action: &str) -> Self {
        Self { kind, action: action.to_owned() }
    }

    /// What kind of step it is.
    pub fn kind(&self) -> StepKind {
        self.kind
    }

    /// The action that it is about; empty where its kind has none.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// As a message calls it.
    pub fn in_words(&self) -> Cow<'_, str> {
        match self.kind {
            StepKind::Start => Cow::Borrowed("the beginning"),
            StepKind::User => Cow::Borrowed("a message of the user"),
            StepKind::System => Cow::Borrowed("a message of the system"),
            StepKind::Thought => Cow::Borrowed("a thought"),
            StepKind::Request => Cow::Borrowed(&self.action),
            StepKind::Response => Cow::Owned(format!("the response of {}", self.action)),
            StepKind::Failure => Cow::Owned(format!("the failure of {}", self.action)),
            StepKind::Error => Cow::Borrowed("an error"),
            StepKind::Final => Cow::Borrowed("the final output"),
            StepKind::End => Cow::Borrowed("the run's end"),
        }
    }
}

/// What kind of step an event is, and the action it is about. Nothing for a response that answers no request.
pub(super) fn of<'a>(arrival: &'a Arrival<'_>) -> Option<(StepKind, Cow<'a, str>)> {
    let none = Cow::Borrowed("");
    Some(match arrival.event.event_type() {
        EventType::Reasoning => match arrival.event.actor() {
            Actor::User => (StepKind::User, none),
            Actor::System => (StepKind::System, none),
            _ => (StepKind::Thought, none),
        },
        EventType::ActionRequest => (StepKind::Request, shown(arrival.action.as_deref()?)),
        EventType::ActionResponse => {
            let action = arrival.paired.iter().find_map(|paired| match paired {
                Paired::Answered(answered) => Some(shown(&answered.action)),
                _ => None,
            })?;
            match arrival.event.status()? {
                Status::Success => (StepKind::Response, action),
                Status::Error => (StepKind::Failure, action),
            }
        }
        EventType::FinalOutput => (StepKind::Final, none),
        EventType::Error => (StepKind::Error, none),
    })
}

impl fmt::Display for WorkflowStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind.has_action() {
            true => write!(f, "{}({})", self.kind, self.action),
            false => f.pad(self.kind.as_str()),
        }
    }
}

/// A text that names no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no step; write start, user, system, thought, error, final or end, or request(NAME), response(NAME) or failure(NAME)"
)]
pub struct StepError(String);

impl FromStr for WorkflowStep {
    type Err = StepError;

    fn from_str(text: &str) -> Result<Self, StepError> {
        let fail = || StepError(text.chars().take(80).collect());
        let (kind, action) = match text.split_once('(') {
            None => (text, ""),
            Some((kind, rest)) => (kind, rest.strip_suffix(')').filter(|action| !action.is_empty()).ok_or_else(fail)?),
        };
        let kind: StepKind = kind.parse().map_err(|_| fail())?;
        if kind.has_action() == action.is_empty() {
            return Err(fail());
        }
        Ok(Self { kind, action: action.to_owned() })
    }
}

impl Serialize for WorkflowStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WorkflowStep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor { expected: "a step such as \"request(search)\"", parse: str::parse })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reads_as_it_is_written() {
        for text in ["start", "user", "thought", "request(a)", "failure(find (all))", "response(ü)", "final", "end"] {
            assert_eq!(text.parse::<WorkflowStep>().expect("a step").to_string(), text);
        }
        for text in ["", "search", "request", "request()", "request(a", "user(a)", "Request(a)"] {
            let error = text.parse::<WorkflowStep>().expect_err("no step").to_string();
            assert!(error.starts_with(&format!("{text:?} is no step; write start, ")), "{error}");
        }
    }
}
