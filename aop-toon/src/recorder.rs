//! Makes a run's events out of a program's own values, for programs that act and have no JSON at hand.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::document::Limits;
use crate::error::ParseError;
use crate::event::{Event, EventBuf};
use crate::time::Timestamp;
use crate::words::{Actor, EventType, Status};

/// Makes the events of one run, one after the other: it counts `seq` and fills in `meta`, and each event is checked as one that
/// was sent.
///
/// Nothing here knows the time: each event is given its own.
///
/// ```
/// use aop_toon::{Recorder, Timestamp};
/// use serde_json::json;
///
/// let mut recorder = Recorder::new("r-1")?.agent(7);
/// let t: Timestamp = "2025-12-05T10:00:00Z".parse()?;
/// recorder.user(t, "What is the weather in Riga?")?;
/// let request = recorder.request(t, "c-1", "weather", &json!({"city": "Riga"}))?;
/// assert_eq!(request.raw(), r#"{"seq":2,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{"action":"weather","params":{"city":"Riga"}},"meta":{"run_id":"r-1","agent_id":7,"call_id":"c-1"}}"#);
/// let response = recorder.response(t, "c-1", Ok(&json!({"celsius": 3})))?;
/// assert_eq!(response.seq(), 3);
/// recorder.final_output(t, &"Three degrees.")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Recorder {
    run_id: String,
    agent_id: Option<i64>,
    session_id: Option<String>,
    next_seq: u64,
    limits: Limits,
}

/// Values that make no event.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// What was given cannot be written as JSON, such as a map whose keys are no strings.
    #[error("the {what} cannot be written as JSON: {source}")]
    NoJson {
        /// Which value it was: `params`, `result` or `output`.
        what: &'static str,
        /// What serde says.
        source: serde_json::Error,
    },
    /// The event breaks a limit or the schema: it is too large or too deep, a name is empty or too long, `params` are no object.
    #[error(transparent)]
    NoEvent(#[from] ParseError),
}

impl Recorder {
    /// For a run of this name, which begins with `seq` 1.
    ///
    /// # Errors
    /// When it is no run's name: 1 to 128 characters out of letters, digits, `.`, `_`, `:` and `-`.
    pub fn new(run_id: &str) -> Result<Self, RecordError> {
        let recorder =
            Self { run_id: run_id.to_owned(), agent_id: None, session_id: None, next_seq: 1, limits: Limits::default() };
        // A run's name stands in every event: better refused here than with each of them.
        recorder.clone().user(Timestamp::from_micros(0), "")?;
        Ok(recorder)
    }

    /// The agent that runs, for `meta.agent_id`.
    pub fn agent(self, id: i64) -> Self {
        Self { agent_id: Some(id), ..self }
    }

    /// What groups runs, for `meta.session_id`: 1 to 256 bytes.
    pub fn session(self, id: &str) -> Self {
        Self { session_id: Some(id.to_owned()), ..self }
    }

    /// Goes on with this `seq`, for a run of which events were made before.
    pub fn starting_at(self, next_seq: u64) -> Self {
        Self { next_seq, ..self }
    }

    /// The limits that events are checked with.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The `seq` of the next event.
    pub fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// What the user said.
    ///
    /// # Errors
    /// As every method here that makes an event: [`RecordError`]. No `seq` is used then.
    pub fn user(&mut self, t: Timestamp, text: &str) -> Result<EventBuf, RecordError> {
        self.make(t, Actor::User, None, Payload::Reasoning { thought: text })
    }

    /// What the system told the agent, such as its prompt.
    ///
    /// # Errors
    /// As [`Recorder::user`].
    pub fn system(&mut self, t: Timestamp, text: &str) -> Result<EventBuf, RecordError> {
        self.make(t, Actor::System, None, Payload::Reasoning { thought: text })
    }

    /// What the agent thought or said on its way.
    ///
    /// # Errors
    /// As [`Recorder::user`].
    pub fn thought(&mut self, t: Timestamp, text: &str) -> Result<EventBuf, RecordError> {
        self.make(t, Actor::Agent, None, Payload::Reasoning { thought: text })
    }

    /// An action that the agent asks for; `params` are an object. `call_id` ties the response to it.
    ///
    /// # Errors
    /// As [`Recorder::user`].
    pub fn request(
        &mut self,
        t: Timestamp,
        call_id: &str,
        action: &str,
        params: &(impl Serialize + ?Sized),
    ) -> Result<EventBuf, RecordError> {
        let params = json("params", params)?;
        self.make(t, Actor::Agent, Some(call_id), Payload::ActionRequest { action, params: &params })
    }

    /// What the action gave, or why it failed.
    ///
    /// # Errors
    /// As [`Recorder::user`].
    pub fn response(
        &mut self,
        t: Timestamp,
        call_id: &str,
        result: Result<&(impl Serialize + ?Sized), &str>,
    ) -> Result<EventBuf, RecordError> {
        let given = match result {
            Ok(result) => Ok(json("result", result)?),
            Err(error) => Err(error),
        };
        let payload = match &given {
            Ok(result) => Payload::ActionResponse { status: Status::Success, result: Some(result), error: None },
            Err(error) => Payload::ActionResponse { status: Status::Error, result: None, error: Some(error) },
        };
        self.make(t, Actor::Tool, Some(call_id), payload)
    }

    /// The run's answer.
    ///
    /// # Errors
    /// As [`Recorder::user`].
    pub fn final_output(&mut self, t: Timestamp, output: &(impl Serialize + ?Sized)) -> Result<EventBuf, RecordError> {
        let output = json("output", output)?;
        self.make(t, Actor::Agent, None, Payload::FinalOutput { output: &output })
    }

    /// Something that failed and was no action; `error_type` is its kind, such as `timeout`.
    ///
    /// # Errors
    /// As [`Recorder::user`].
    pub fn error(&mut self, t: Timestamp, error_type: &str, message: &str) -> Result<EventBuf, RecordError> {
        self.make(t, Actor::Agent, None, Payload::Error { error_type, message })
    }

    fn make(
        &mut self,
        t: Timestamp,
        actor: Actor,
        call_id: Option<&str>,
        payload: Payload<'_>,
    ) -> Result<EventBuf, RecordError> {
        let meta = Meta { run_id: &self.run_id, agent_id: self.agent_id, session_id: self.session_id.as_deref(), call_id };
        let written = Written { seq: self.next_seq, t, actor, event_type: payload.event_type(), payload, meta };
        let text = serde_json::to_string(&written).map_err(|source| RecordError::NoJson { what: "event", source })?;
        let event = Event::parse_with(text.as_bytes(), &self.limits)?.into_owned();
        self.next_seq += 1;
        Ok(event)
    }
}

fn json(what: &'static str, value: &(impl Serialize + ?Sized)) -> Result<Box<RawValue>, RecordError> {
    serde_json::value::to_raw_value(value).map_err(|source| RecordError::NoJson { what, source })
}

/// An event as it is written, in the order of the manual.
#[derive(Serialize)]
struct Written<'a> {
    seq: u64,
    t: Timestamp,
    actor: Actor,
    #[serde(rename = "type")]
    event_type: EventType,
    payload: Payload<'a>,
    meta: Meta<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Payload<'a> {
    Reasoning {
        thought: &'a str,
    },
    ActionRequest {
        action: &'a str,
        params: &'a RawValue,
    },
    ActionResponse {
        status: Status,
        #[serde(skip_serializing_if = "Option::is_none")]
        result: Option<&'a RawValue>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'a str>,
    },
    FinalOutput {
        output: &'a RawValue,
    },
    Error {
        error_type: &'a str,
        message: &'a str,
    },
}

impl Payload<'_> {
    fn event_type(&self) -> EventType {
        match self {
            Self::Reasoning { .. } => EventType::Reasoning,
            Self::ActionRequest { .. } => EventType::ActionRequest,
            Self::ActionResponse { .. } => EventType::ActionResponse,
            Self::FinalOutput { .. } => EventType::FinalOutput,
            Self::Error { .. } => EventType::Error,
        }
    }
}

#[derive(Serialize)]
struct Meta<'a> {
    run_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_id: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(1_764_928_800_000_000 + second * 1_000_000)
    }

    #[test]
    fn a_run_of_every_kind_of_event() {
        let mut recorder = Recorder::new("r-1").unwrap().agent(7).session("s");
        let events = [
            recorder.system(at(0), "You help.").unwrap(),
            recorder.user(at(1), "Say \"hi\"\n\u{2028}").unwrap(),
            recorder.thought(at(2), "hm").unwrap(),
            recorder.request(at(3), "c", "say", &json!({"n": 18_446_744_073_709_551_615u64})).unwrap(),
            recorder.response(at(4), "c", Err::<&(), _>("mute")).unwrap(),
            recorder.error(at(5), "timeout", "5 s").unwrap(),
            recorder.final_output(at(6), "hi").unwrap(),
        ];
        let seqs: Vec<u64> = events.iter().map(Event::seq).collect();
        assert_eq!(seqs, [1, 2, 3, 4, 5, 6, 7]);
        assert!(events.iter().all(|event| event.meta().agent_id() == Some(7)));
        assert!(events[3].raw().contains(r#""params":{"n":18446744073709551615}"#));
        assert_eq!(events[4].status(), Some(Status::Error));
        assert_eq!(events[1].t(), at(1));
    }

    #[test]
    fn what_makes_no_event_uses_no_seq() {
        let mut recorder = Recorder::new("r-1").unwrap();
        let said = recorder.request(at(0), "c", "say", "hi").unwrap_err().to_string();
        assert!(said.contains("/payload/params"), "{said}");
        let said = recorder.request(at(0), "c", "", &json!({})).unwrap_err().to_string();
        assert!(said.contains("/payload/action"), "{said}");
        let unwritable = std::collections::BTreeMap::from([((1, 2), 3)]);
        let said = recorder.final_output(at(0), &unwritable).unwrap_err().to_string();
        assert!(said.starts_with("the output cannot be written as JSON"), "{said}");
        assert_eq!(recorder.next_seq(), 1);
        let limits = Limits { bytes: 64, depth: 64 };
        assert!(recorder.limits(limits).user(at(0), "too long").unwrap_err().to_string().contains("64"));
        assert!(Recorder::new("a run").unwrap_err().to_string().contains("/meta/run_id"));
    }
}
