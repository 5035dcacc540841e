//! What an event tells, by its type.

use std::borrow::Cow;

use crate::value::Value;
use crate::words::{EventType, Status};

/// An event's payload: type and content are one value, so no illegal pair exists.
///
/// ```
/// use aop_toon::{Event, Payload};
///
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"send_email","params":{"to":["a@example.org"]}},"meta":{}}"#).unwrap();
/// let Payload::ActionRequest(request) = event.payload() else { panic!("it is a request") };
/// assert_eq!(request.action, "send_email");
/// assert_eq!(request.params.get("to").unwrap().raw(), r#"["a@example.org"]"#);
/// ```
#[derive(Debug, Clone)]
pub enum Payload<'e> {
    /// A thought, or a message of a user or system.
    Reasoning(Reasoning<'e>),
    /// The agent asks for an action.
    ActionRequest(ActionRequest<'e>),
    /// The action's outcome.
    ActionResponse(ActionResponse<'e>),
    /// The agent's answer.
    FinalOutput(FinalOutput<'e>),
    /// Something failed outside of an action.
    Error(ErrorReport<'e>),
}

impl Payload<'_> {
    /// The type of events with this payload.
    pub fn event_type(&self) -> EventType {
        match self {
            Payload::Reasoning(_) => EventType::Reasoning,
            Payload::ActionRequest(_) => EventType::ActionRequest,
            Payload::ActionResponse(_) => EventType::ActionResponse,
            Payload::FinalOutput(_) => EventType::FinalOutput,
            Payload::Error(_) => EventType::Error,
        }
    }
}

/// The payload of a `reasoning` event.
#[derive(Debug, Clone)]
pub struct Reasoning<'e> {
    /// What was thought or said.
    pub thought: Cow<'e, str>,
    /// What it is meant to reach.
    pub goal: Option<Cow<'e, str>>,
    /// The steps that are planned: an array.
    pub steps: Option<Value<'e>>,
    /// The strategy: any JSON.
    pub plan: Option<Value<'e>>,
}

/// The payload of an `action_request` event.
#[derive(Debug, Clone)]
pub struct ActionRequest<'e> {
    /// The action's name.
    pub action: Cow<'e, str>,
    /// What it is called with: an object.
    pub params: Value<'e>,
    /// Why the agent wants it.
    pub rationale: Option<Cow<'e, str>>,
}

/// The payload of an `action_response` event.
#[derive(Debug, Clone)]
pub struct ActionResponse<'e> {
    /// How it ended.
    pub status: Status,
    /// What it gave: any JSON; null counts as nothing.
    pub result: Option<Value<'e>>,
    /// Why it failed.
    pub error: Option<Cow<'e, str>>,
    /// How long it took, in milliseconds; not negative.
    pub latency_ms: Option<f64>,
}

/// The payload of a `final_output` event.
#[derive(Debug, Clone)]
pub struct FinalOutput<'e> {
    /// The answer: any JSON.
    pub output: Value<'e>,
    /// The answer in short.
    pub summary: Option<Cow<'e, str>>,
    /// How sure the agent is, from 0 to 1.
    pub confidence: Option<f64>,
}

/// The payload of an `error` event.
#[derive(Debug, Clone)]
pub struct ErrorReport<'e> {
    /// The kind of error.
    pub error_type: Cow<'e, str>,
    /// What failed.
    pub message: Cow<'e, str>,
    /// Where it failed.
    pub stack_trace: Option<Cow<'e, str>>,
}
