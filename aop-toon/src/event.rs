//! One event of a run: parsed once at the edge into a type that cannot be wrong.

use std::borrow::Cow;

use crate::document::{Document, Limits, NodeId};
use crate::error::{Fault, FaultKind, ParseError};
use crate::meta::Meta;
use crate::payload::{ActionRequest, ActionResponse, ErrorReport, FinalOutput, Payload, Reasoning};
use crate::schema::{self, ENVELOPE, META, Slots, filled};
use crate::time::Timestamp;
use crate::value::Value;
use crate::words::{Actor, EventType, Status};

/// An event in the form Toon: it borrows the bytes it was parsed from.
///
/// The bytes are looked at once. Typed fields are checked against the schema; the rest stays raw JSON that can be walked
/// ([`Event::document`]), and fields that Toon does not know are kept byte for byte.
///
/// ```
/// use aop_toon::{Actor, Event, EventType};
///
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
///     "payload":{"thought":"hello"},"meta":{"run_id":"r-1","trace":"kept"}}"#).unwrap();
/// assert_eq!((event.seq(), event.actor(), event.event_type()), (1, Actor::User, EventType::Reasoning));
/// assert_eq!(event.meta().run_id().unwrap(), "r-1");
/// assert_eq!(event.meta().get("trace").unwrap().raw(), "\"kept\"");
///
/// let error = Event::parse(br#"{"seq":-1,"t":"today","actor":"agent","type":"reasoning","payload":{},"meta":{}}"#);
/// let faults: Vec<String> = error.unwrap_err().faults().iter().map(|fault| fault.pointer.clone()).collect();
/// assert_eq!(faults, ["/seq", "/t", "/payload/thought"]);
/// ```
#[derive(Debug, Clone)]
pub struct Event<'a> {
    document: Document<'a>,
    seq: u64,
    t: Timestamp,
    actor: Actor,
    event_type: EventType,
    payload: Slots,
    meta_object: NodeId,
    meta: Slots,
}

/// An event that owns its bytes.
pub type EventBuf = Event<'static>;

impl<'a> Event<'a> {
    /// Parses one event under the default [`Limits`].
    ///
    /// # Errors
    /// A [`ParseError`] with everything that is wrong, each with its place and what would be right.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_with(bytes, &Limits::default())
    }

    /// Parses one event under these limits.
    ///
    /// # Errors
    /// As [`Event::parse`].
    pub fn parse_with(bytes: &'a [u8], limits: &Limits) -> Result<Self, ParseError> {
        Self::from_document(Document::parse(bytes, limits)?)
    }

    /// Checks a document that is parsed already against the schema.
    ///
    /// # Errors
    /// Every fault against the schema, in one go.
    pub fn from_document(document: Document<'a>) -> Result<Self, ParseError> {
        let root = document.root();
        if !root.is_object() {
            let message = format!("this is {}; an event is an object", root.kind().with_article());
            return Err(Fault { kind: FaultKind::WrongType, pointer: String::new(), offset: 0, message }.into());
        }
        let mut faults = Vec::new();
        let [seq, t, actor, event_type, payload, meta, ..] = schema::read(root, ENVELOPE, &mut faults);
        let word = |slot: Option<NodeId>| slot.and_then(|id| document.value(id).as_str());
        let object = |slot: Option<NodeId>| slot.map(|id| document.value(id)).filter(|value| value.is_object());

        let event_type: Option<EventType> = word(event_type).and_then(|word| word.parse().ok());
        let payload = match (event_type, object(payload)) {
            (Some(of), Some(payload)) => schema::read(payload, schema::payload_fields(of), &mut faults),
            _ => Slots::default(),
        };
        let meta_slots = object(meta).map(|meta| schema::read(meta, META, &mut faults)).unwrap_or_default();
        faults.sort_by_key(|fault| fault.offset);
        if let Some(error) = ParseError::from_faults(faults) {
            return Err(error);
        }

        let seq = document.value(filled(seq)).as_number().and_then(|seq| seq.as_u64());
        let t = word(t).and_then(|t| t.parse().ok());
        let actor = word(actor).and_then(|actor| actor.parse().ok());
        let checked = "a checked field has its type";
        Ok(Self {
            seq: seq.expect(checked),
            t: t.expect(checked),
            actor: actor.expect(checked),
            event_type: event_type.expect(checked),
            payload,
            meta_object: filled(meta),
            meta: meta_slots,
            document,
        })
    }

    /// Its place in its run.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// When it happened, by its own word.
    pub fn t(&self) -> Timestamp {
        self.t
    }

    /// Who did or said it.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// What kind of event it is.
    pub fn event_type(&self) -> EventType {
        self.event_type
    }

    /// What happened.
    pub fn payload(&self) -> Payload<'_> {
        let [first, second, third, fourth, ..] = self.payload;
        match self.event_type {
            EventType::Reasoning => Payload::Reasoning(Reasoning {
                thought: self.text(filled(first)),
                goal: second.map(|id| self.text(id)),
                steps: third.map(|id| self.value(id)),
                plan: fourth.map(|id| self.value(id)),
            }),
            EventType::ActionRequest => Payload::ActionRequest(ActionRequest {
                action: self.text(filled(first)),
                params: self.value(filled(second)),
                rationale: third.map(|id| self.text(id)),
            }),
            EventType::ActionResponse => Payload::ActionResponse(ActionResponse {
                status: if self.text(filled(first)) == Status::Success.as_str() { Status::Success } else { Status::Error },
                result: second.map(|id| self.value(id)),
                error: third.map(|id| self.text(id)),
                latency_ms: fourth.and_then(|id| self.number(id)),
            }),
            EventType::FinalOutput => Payload::FinalOutput(FinalOutput {
                output: self.value(filled(first)),
                summary: second.map(|id| self.text(id)),
                confidence: third.and_then(|id| self.number(id)),
            }),
            EventType::Error => Payload::Error(ErrorReport {
                error_type: self.text(filled(first)),
                message: self.text(filled(second)),
                stack_trace: third.map(|id| self.text(id)),
            }),
        }
    }

    /// The name of the action that a request asks for; nothing for other events.
    pub fn action(&self) -> Option<Cow<'_, str>> {
        (self.event_type == EventType::ActionRequest).then(|| self.text(filled(self.payload[0])))
    }

    /// What a request is called with; nothing for other events.
    pub fn params(&self) -> Option<Value<'_>> {
        (self.event_type == EventType::ActionRequest).then(|| self.value(filled(self.payload[1])))
    }

    /// What a response gave, when it gave something; nothing for other events.
    pub fn result(&self) -> Option<Value<'_>> {
        let [_, result, ..] = self.payload;
        result.filter(|_| self.event_type == EventType::ActionResponse).map(|id| self.value(id))
    }

    /// How an action ended, by its response; nothing for other events.
    ///
    /// ```
    /// use aop_toon::{Event, Status};
    ///
    /// let event = Event::parse(br#"{"seq":2,"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response",
    ///     "payload":{"status":"error","error":"no such file"},"meta":{}}"#).unwrap();
    /// assert_eq!((event.status(), event.result().is_some(), event.params().is_some()), (Some(Status::Error), false, false));
    /// ```
    pub fn status(&self) -> Option<Status> {
        if self.event_type != EventType::ActionResponse {
            return None;
        }
        let is_success = self.text(filled(self.payload[0])) == Status::Success.as_str();
        Some(if is_success { Status::Success } else { Status::Error })
    }

    /// What is known about the event.
    pub fn meta(&self) -> Meta<'_> {
        Meta::new(self.value(self.meta_object), self.meta)
    }

    /// The event's bytes as they were sent.
    pub fn raw(&self) -> &str {
        self.document.text()
    }

    /// The event as JSON that can be walked.
    pub fn document(&self) -> &Document<'a> {
        &self.document
    }

    /// The same event with bytes of its own.
    pub fn into_owned(self) -> EventBuf {
        Event { document: self.document.into_owned(), ..self }
    }

    fn value(&self, id: NodeId) -> Value<'_> {
        self.document.value(id)
    }

    fn text(&self, id: NodeId) -> Cow<'_, str> {
        self.value(id).as_str().expect("a checked field has its type")
    }

    fn number(&self, id: NodeId) -> Option<f64> {
        self.value(id).as_number().map(|number| number.as_f64())
    }
}
