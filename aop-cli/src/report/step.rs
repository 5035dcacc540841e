//! An event of a run as a report shows it.

use aop_engine::{Effect, Event, Timestamp, Verdict};

/// So many characters of an event's payload are shown.
const CHARACTERS_MAX: usize = 600;

/// One step of a run, as its verdict lets it be shown.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) seq: u64,
    pub(crate) t: Timestamp,
    pub(crate) actor: &'static str,
    pub(crate) event_type: &'static str,
    /// Of a request.
    pub(crate) action: Option<String>,
    pub(crate) call_ids: Vec<String>,
    pub(crate) effect: Effect,
    /// The payload, redacted as the verdict says, cut when it is long.
    pub(crate) text: String,
}

impl Step {
    pub(crate) fn new(event: &Event<'_>, verdict: &Verdict, line: usize) -> Self {
        let redacted = verdict.redacted.as_deref().and_then(|text| Event::parse(text.as_bytes()).ok());
        let shown = redacted.as_ref().unwrap_or(event);
        let payload = shown.document().pointer("/payload").map_or("", |payload| payload.raw());
        let text = match payload.char_indices().nth(CHARACTERS_MAX) {
            None => payload.to_owned(),
            Some((end, _)) => format!("{}…", &payload[..end]),
        };
        Self {
            line,
            seq: event.seq(),
            t: event.t(),
            actor: event.actor().as_str(),
            event_type: event.event_type().as_str(),
            action: shown.action().map(|action| action.into_owned()),
            call_ids: event.meta().call_ids().map(|id| id.into_owned()).collect(),
            effect: verdict.effect,
            text,
        }
    }
}
