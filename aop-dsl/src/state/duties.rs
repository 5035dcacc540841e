//! What must still come: `expect`.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::record::{Moment, Record};
use crate::typed::Window;
use crate::value::Reason;

/// Open duties, in the order of their deadlines, which is that of their triggers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Duties {
    pub(crate) open: VecDeque<Duty>,
}

/// A trigger after which something must come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Duty {
    /// The trigger.
    pub(crate) trigger: Record,
    /// Why it is unknown whether the rule's other clauses hold, or whether what must come has come; nothing when they do and it has
    /// not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unknown: Option<Reason>,
    /// The events that other clauses have found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) witnesses: Vec<u64>,
}

impl Duty {
    /// Whether a moment is past its deadline.
    pub(crate) fn is_due(&self, window: Window, now: Moment) -> bool {
        match window {
            Window::Run => false,
            Window::Micros(micros) => now.clock > self.trigger.at.clock.saturating_add(micros),
            Window::Events(events) => now.ordinal >= self.trigger.at.ordinal.saturating_add(events),
        }
    }
}

/// When the next duty is due at the earliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Due {
    pub(crate) clock: i64,
    pub(crate) ordinal: u64,
}

impl Default for Due {
    fn default() -> Self {
        Self { clock: i64::MAX, ordinal: u64::MAX }
    }
}

impl Due {
    /// A duty that begins now.
    pub(crate) fn add(&mut self, window: Window, begin: Moment) {
        match window {
            Window::Run => {}
            Window::Micros(micros) => self.clock = self.clock.min(begin.clock.saturating_add(micros)),
            Window::Events(events) => self.ordinal = self.ordinal.min(begin.ordinal.saturating_add(events)),
        }
    }

    /// Whether some duty may be due.
    pub(crate) fn may_be_due(self, now: Moment) -> bool {
        now.clock > self.clock || now.ordinal >= self.ordinal
    }
}
