//! What is known about an event beside what happened.

use std::borrow::Cow;

use crate::document::NodeId;
use crate::schema::Slots;
use crate::value::Value;

/// The `meta` of an event. Fields that Toon does not know are kept: [`Meta::get`].
///
/// ```
/// use aop_toon::Event;
///
/// let event = Event::parse(br#"{"seq":3,"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response",
///     "payload":{"status":"success"},"meta":{"agent_id":7,"tool_call_id":["a","b"]}}"#).unwrap();
/// assert_eq!(event.meta().agent_id(), Some(7));
/// assert_eq!(event.meta().call_ids().collect::<Vec<_>>(), ["a", "b"]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Meta<'e> {
    object: Value<'e>,
    slots: Slots,
}

impl<'e> Meta<'e> {
    pub(crate) fn new(object: Value<'e>, slots: Slots) -> Self {
        Self { object, slots }
    }

    /// The run it belongs to.
    pub fn run_id(self) -> Option<Cow<'e, str>> {
        self.text(0)
    }

    /// The agent that runs.
    pub fn agent_id(self) -> Option<i64> {
        self.value(1)?.as_number()?.as_i64()
    }

    /// The call, or calls, that a request makes or a response answers: `call_id`, else `tool_call_id`.
    pub fn call_ids(self) -> impl Iterator<Item = Cow<'e, str>> {
        let ids = self.value(2).or_else(|| self.value(3));
        let single = ids.and_then(Value::as_str);
        single.into_iter().chain(ids.into_iter().flat_map(Value::items).filter_map(Value::as_str))
    }

    /// The session that groups runs.
    pub fn session_id(self) -> Option<Cow<'e, str>> {
        self.text(4)
    }

    /// Whose data it is.
    pub fn subject_id(self) -> Option<Cow<'e, str>> {
        self.text(5)
    }

    /// The key under which the event may be sent again.
    pub fn idempotency_key(self) -> Option<Cow<'e, str>> {
        self.text(6)
    }

    /// The signature over the canonical event.
    pub fn signature(self) -> Option<Cow<'e, str>> {
        self.text(7)
    }

    /// Any field, known or not.
    pub fn get(self, name: &str) -> Option<Value<'e>> {
        self.object.get(name)
    }

    /// The whole object.
    pub fn object(self) -> Value<'e> {
        self.object
    }

    /// The values whose text names the event and its run: they are never data of somebody.
    pub fn identity_nodes(self) -> impl Iterator<Item = NodeId> {
        self.slots.into_iter().flatten()
    }

    fn value(self, slot: usize) -> Option<Value<'e>> {
        self.slots[slot].map(|id| self.object.document().value(id))
    }

    fn text(self, slot: usize) -> Option<Cow<'e, str>> {
        self.value(slot)?.as_str()
    }
}
