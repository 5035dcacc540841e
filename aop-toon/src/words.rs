//! Closed sets of words that Toon and findings use: each an enum, one table for its spelling, one error for the rest.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A word that is none of a closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no {what}; write one of {words}")]
pub struct WordError {
    word: String,
    what: &'static str,
    words: String,
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal, { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every member, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];
            /// The words for them, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                Self::WORDS[self as usize]
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = WordError;

            fn from_str(word: &str) -> Result<Self, WordError> {
                match word {
                    $($word => Ok($name::$variant),)+
                    _ => Err(WordError { word: crate::error::shown(word), what: $what, words: Self::WORDS.join(", ") }),
                }
            }
        }
    };
}

words! {
    /// Who did or said what an event tells. The provenance of an event's text follows from it, not from the event's type.
    Actor, "actor", {
        /// The agent: the model and the program around it.
        Agent = "agent",
        /// A tool that the agent called.
        Tool = "tool",
        /// The person whom the agent serves.
        User = "user",
        /// The operator of the agent: system prompts and settings.
        System = "system",
        /// A test of the agent's defences.
        Redteam = "redteam",
    }
}

words! {
    /// What kind of event it is; it decides what [`crate::Payload`] holds.
    EventType, "event type", {
        /// A thought, or a message of a user or system.
        Reasoning = "reasoning",
        /// The agent asks for an action.
        ActionRequest = "action_request",
        /// The action's outcome.
        ActionResponse = "action_response",
        /// The agent's answer, which ends the run.
        FinalOutput = "final_output",
        /// Something failed outside of an action.
        Error = "error",
    }
}

words! {
    /// How an action ended.
    Status, "status", {
        /// It did what was asked.
        Success = "success",
        /// It failed.
        Error = "error",
    }
}

words! {
    /// How bad a finding is; for people and filters, the [`Effect`] alone decides.
    Severity, "severity", {
        /// Good to know.
        Info = "info",
        /// May be a problem.
        Warning = "warning",
        /// Breaks a rule.
        Error = "error",
        /// Breaks a rule that protects something dear.
        Critical = "critical",
    }
}

words! {
    /// When a rule looks.
    Phase, "phase", {
        /// Before an event is accepted.
        Ingestion = "ingestion",
        /// After a run.
        PostRun = "post_run",
        /// Across runs.
        Batch = "batch",
    }
}

words! {
    /// What is to be done about an event, from the weakest to the strongest.
    ///
    /// ```
    /// use aop_toon::Effect;
    ///
    /// assert!(Effect::Redact.accepts() && !Effect::Throttle.accepts());
    /// assert_eq!(Effect::Flag.max(Effect::Deny), Effect::Deny);
    /// ```
    Effect, "effect", {
        /// Nothing.
        Allow = "allow",
        /// It is accepted, and the finding is kept.
        Flag = "flag",
        /// It is accepted with the spans of the findings replaced.
        Redact = "redact",
        /// It is refused for a while.
        Throttle = "throttle",
        /// It is refused until somebody approves.
        RequireApproval = "require_approval",
        /// It is refused.
        Deny = "deny",
    }
}

impl Effect {
    /// Whether an event with this effect is accepted: allow, flag and redact are, the rest is not.
    pub const fn accepts(self) -> bool {
        matches!(self, Effect::Allow | Effect::Flag | Effect::Redact)
    }
}
