//! What the engine says about one event.

use aop_toon::{Effect, Finding};
use serde::Serialize;

/// The verdict over one event. [`Verdict::effect`] alone decides.
///
/// ```
/// use aop_engine::{Effect, Engine, Event};
///
/// let engine = Engine::builder().build().unwrap();
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"reasoning",
///     "payload":{"thought":"the card is 4111 1111 1111 1111"},"meta":{}}"#).unwrap();
/// let verdict = engine.start_run().check(&event);
/// assert_eq!(verdict.effect, Effect::Redact);
/// assert!(verdict.is_accepted());
/// assert!(verdict.redacted.unwrap().contains("the card is <CREDIT_CARD>"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The strongest effect of any finding; allow when there is none.
    pub effect: Effect,
    /// Everything that was found.
    pub findings: Vec<Finding>,
    /// The event as it may be kept, when some finding redacts: valid JSON, the same but for the spans that were found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
}

impl Verdict {
    /// Whether the event is accepted: allow, flag and redact are, throttle, require_approval and deny are not.
    pub fn is_accepted(&self) -> bool {
        self.effect.accepts()
    }
}
