//! Which events a setting speaks of.

use std::fmt;

use aop_toon::{Actor, EventType, Paired, Payload, Status};
use serde::{Deserialize, Serialize};

use super::{Arrival, Pattern};

/// Events of a type, of an actor, of an action: all that are named must hold, and a filter that names nothing takes every
/// event. The action of a response is that of the request it answers; other events have none.
///
/// ```
/// use aop_rules::post_run::{Arrival, EventFilter};
/// use aop_toon::{Event, EventType};
///
/// let filter = EventFilter { action: Some("send_*".parse()?), ..EventFilter::default() };
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"send_email","params":{}},"meta":{}}"#)?;
/// assert!(filter.matches(&Arrival::new(&event, event.t(), &[], None)));
/// assert_eq!(filter.to_string(), "events for send_*");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventFilter {
    /// Only events of this type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// Only events of this actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// Only requests for these actions and the responses to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Pattern>,
}

impl EventFilter {
    /// Whether the setting speaks of this event.
    pub fn matches(&self, arrival: &Arrival<'_>) -> bool {
        self.event_type.is_none_or(|wanted| wanted == arrival.event.event_type())
            && self.actor.is_none_or(|wanted| wanted == arrival.event.actor())
            && self.action.as_ref().is_none_or(|wanted| actions(arrival).any(|action| wanted.matches(action)))
    }
}

/// The actions an event is about: the one it asks for, or those it answers.
pub(super) fn actions<'a>(arrival: &'a Arrival<'_>) -> impl Iterator<Item = &'a str> {
    let answered = arrival.paired.iter().filter_map(|paired| match paired {
        Paired::Answered(answered) => Some(&*answered.action),
        _ => None,
    });
    arrival.action.as_deref().into_iter().chain(answered)
}

/// Whether the event is a response with status `success`.
pub(super) fn succeeded(arrival: &Arrival<'_>) -> bool {
    arrival.event.event_type() == EventType::ActionResponse
        && matches!(arrival.event.payload(), Payload::ActionResponse(response) if response.status == Status::Success)
}

/// As a message says it: `action_request events by agent for send_*`.
impl fmt::Display for EventFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event_type {
            Some(event_type) => write!(f, "{event_type} events")?,
            None => f.write_str("events")?,
        }
        if let Some(actor) = self.actor {
            write!(f, " by {actor}")?;
        }
        if let Some(action) = &self.action {
            write!(f, " for {action}")?;
        }
        Ok(())
    }
}
