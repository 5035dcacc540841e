//! What the host knows about a run as a whole.

use aop_engine::{EventType, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a run stands.
///
/// ```
/// use aop_host::RunStatus;
///
/// assert!(RunStatus::TimedOut.is_finished());
/// assert_eq!(RunStatus::Running.as_str(), "running");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It was asked for and has no event yet.
    Created,
    /// It has events.
    Running,
    /// It was finalized.
    Completed,
    /// It was finalized as failed.
    Failed,
    /// It was idle for too long.
    TimedOut,
}

impl RunStatus {
    /// The word for it in answers and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RunStatus::Created => "created",
            RunStatus::Running => "running",
            RunStatus::Completed => "completed",
            RunStatus::Failed => "failed",
            RunStatus::TimedOut => "timed_out",
        }
    }

    /// The status with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<RunStatus> {
        RunStatus::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether the run takes no more events.
    #[must_use]
    pub fn is_finished(self) -> bool {
        matches!(self, RunStatus::Completed | RunStatus::Failed | RunStatus::TimedOut)
    }

    const ALL: [RunStatus; 5] =
        [RunStatus::Created, RunStatus::Running, RunStatus::Completed, RunStatus::Failed, RunStatus::TimedOut];

    pub(crate) fn code(self) -> u8 {
        match self {
            RunStatus::Created => 0,
            RunStatus::Running => 1,
            RunStatus::Completed => 2,
            RunStatus::Failed => 3,
            RunStatus::TimedOut => 4,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<RunStatus> {
        RunStatus::ALL.get(usize::from(code)).copied()
    }
}

/// A run as the store keeps it and the API shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Run {
    pub(crate) run_id: String,
    pub(crate) agent_id: Option<i64>,
    /// The agent whose run this is by its first caller's word, rather than by an event's: no other may be named in it.
    #[serde(skip)]
    pub(crate) bound_agent_id: Option<i64>,
    pub(crate) seed: Option<i64>,
    pub(crate) scenario: Option<String>,
    pub(crate) status: RunStatus,
    pub(crate) created_at: Timestamp,
    /// When its last record was received, whatever its kind.
    pub(crate) active_at: Timestamp,
    pub(crate) finalized_at: Option<Timestamp>,
    /// The seq that the next event should have; nothing before the first event.
    pub(crate) next_seq: Option<u64>,
    #[serde(flatten)]
    pub(crate) summary: Summary,
}

/// What a run's events come to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) events: u64,
    pub(crate) refused: u64,
    pub(crate) redacted: u64,
    pub(crate) by_type: ByType,
    /// Events of type error, and responses that report one.
    pub(crate) errors: u64,
    /// The earliest and the latest `t`.
    pub(crate) first_t: Option<Timestamp>,
    pub(crate) last_t: Option<Timestamp>,
    /// From the earliest to the latest `t`.
    pub(crate) duration_ms: u64,
}

/// Events by their type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ByType {
    pub(crate) reasoning: u64,
    pub(crate) action_request: u64,
    pub(crate) action_response: u64,
    pub(crate) final_output: u64,
    pub(crate) error: u64,
}

impl ByType {
    /// Counts one event.
    pub(crate) fn count(&mut self, event_type: EventType) {
        let counter = match event_type {
            EventType::Reasoning => &mut self.reasoning,
            EventType::ActionRequest => &mut self.action_request,
            EventType::ActionResponse => &mut self.action_response,
            EventType::FinalOutput => &mut self.final_output,
            EventType::Error => &mut self.error,
        };
        *counter += 1;
    }
}

impl Summary {
    /// Takes in when an event happened.
    pub(crate) fn saw(&mut self, t: Timestamp) {
        let first = self.first_t.map_or(t, |first| first.min(t));
        let last = self.last_t.map_or(t, |last| last.max(t));
        (self.first_t, self.last_t) = (Some(first), Some(last));
        self.duration_ms = u64::try_from(last.micros_since(first) / 1000).unwrap_or_default();
    }
}
