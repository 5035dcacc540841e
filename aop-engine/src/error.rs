//! What can go wrong when an engine is built or a run's state is read back. Judging events cannot fail.

#[cfg(feature = "policies")]
use std::fmt;

#[cfg(feature = "policies")]
use aop_dsl::Diagnostics;
use aop_rules::post_run::TimeSpan;
use aop_rules::{post_run, scan};

#[cfg(feature = "policies")]
use crate::actions;
use crate::redact;

/// Settings or policies that cannot be used; it names the setting or the place in the policy.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct BuildError(#[from] Cause);

impl BuildError {
    /// Whether a policy is at fault, and not a setting: the message then names the policy's file and line.
    #[cfg(feature = "policies")]
    pub fn is_about_policies(&self) -> bool {
        matches!(self.0, Cause::Policy(_))
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error(transparent)]
    Detectors(#[from] scan::SettingsError),
    #[cfg(feature = "policies")]
    #[error(transparent)]
    Actions(#[from] actions::ActionError),
    #[error(transparent)]
    Validators(#[from] post_run::SettingsError),
    #[error(transparent)]
    Redaction(#[from] redact::SettingsError),
    #[cfg(feature = "policies")]
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("{setting}: this program was built without the cargo feature `{feature}`; add it, or write `false`")]
    LeftOut { setting: &'static str, feature: &'static str },
    #[error("a recognizer or a model is given, and `pii` is switched off in the settings: it would never be asked")]
    RecognizersOff,
    #[cfg(feature = "policies")]
    #[error("a policy asks {name}(…), and `{setting}` is switched off in the settings: it would never find anything")]
    DetectorsOff { name: &'static str, setting: &'static str },
}

/// Every mistake in the policies, file by file.
#[cfg(feature = "policies")]
#[derive(Debug)]
pub(crate) struct PolicyError(pub(crate) Vec<Diagnostics>);

#[cfg(feature = "policies")]
impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|file| write!(f, "{file}"))
    }
}

#[cfg(feature = "policies")]
impl std::error::Error for PolicyError {}

/// A state, of a run or of many, that cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The text is no state of a run.
    #[error("this is no state of a run: {0}")]
    Malformed(#[from] serde_json::Error),
    /// Another version of this crate wrote it.
    #[error("this state has format {found}; this version reads format {known}: replay the run's events instead")]
    Format {
        /// The format that was found.
        found: u32,
        /// The format that can be read.
        known: u32,
    },
    /// The text is no state of many runs.
    #[error("this is no state of many runs: {0}")]
    MalformedBatch(serde_json::Error),
    /// Another version of this crate wrote it.
    #[error("this state of many runs has format {found}; this version reads format {known}: begin with an empty one")]
    BatchFormat {
        /// The format that was found.
        found: u32,
        /// The format that can be read.
        known: u32,
    },
    /// It counts time in other buckets than the settings say.
    #[error(
        "this state of many runs counts time in buckets of {found}, and `batch.bucket` is {wanted}: set it back, or begin with an \
         empty state"
    )]
    Buckets {
        /// The length that was found.
        found: TimeSpan,
        /// The length of the settings.
        wanted: TimeSpan,
    },
}
