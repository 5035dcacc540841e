//! What a policy set is told of an event: the event, and what others know of it.

use std::borrow::Cow;
use std::ops::Range;

use aop_toon::{Effect, Event, Finding, NodeId, Paired, Timestamp};

pub use crate::typed::DetectorFamily;

/// An event that arrives, with what its run knows of it.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'e> {
    /// The event.
    pub event: &'e Event<'e>,
    /// The run's clock with this event: the greatest `t` so far.
    pub clock: Timestamp,
    /// The agent, by its caller's word; without one, `meta.agent_id` counts.
    pub agent_id: Option<i64>,
    /// The caller's role, such as `approver`.
    pub role: Option<&'e str>,
    /// Whose event it is, by its caller's word: an organisation's name.
    pub organisation: Option<&'e str>,
    /// What the event answers, when it is a response ([`aop_toon::Calls::peek`]).
    pub paired: &'e [Paired],
    /// What detectors have found in the event; `None` when none has looked.
    pub detected: Option<&'e [Detected<'e>]>,
}

impl<'e> Occurrence<'e> {
    /// An event that nothing else is known of.
    pub fn new(event: &'e Event<'e>, clock: Timestamp) -> Self {
        Self { event, clock, agent_id: None, role: None, organisation: None, paired: &[], detected: None }
    }
}

/// One thing that a detector has found in an event.
#[derive(Debug, Clone)]
pub struct Detected<'e> {
    /// Which detectors it belongs to.
    pub family: DetectorFamily,
    /// What was found, such as `IBAN_CODE`.
    pub entity: Cow<'e, str>,
    /// How sure the detector is, from 0 to 1.
    pub score: f64,
    /// The value it is in.
    pub node: NodeId,
    /// Whether the value's key is meant.
    pub at_key: bool,
    /// Bytes of the decoded text; of the outermost text, when it was inside an encoding.
    pub span: Range<usize>,
}

/// What a policy set says of an event or a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgement {
    /// Ordered by rule, then by the text of the rule.
    pub findings: Vec<Finding>,
    /// What `redact` asks for, in no particular order.
    pub redactions: Vec<Redaction>,
}

impl Judgement {
    /// The strongest effect of its findings.
    pub fn effect(&self) -> Effect {
        self.findings.iter().map(|finding| finding.effect).max().unwrap_or(Effect::Allow)
    }
}

/// A part of the event that a rule asks to replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Redaction {
    /// `redact(path)`: the whole value at a leaf of the event (a string, a number, a truth value).
    Leaf(NodeId),
    /// `redact(pii(path))`: what a detector found, by its place in [`Occurrence::detected`].
    Detected(usize),
}
