//! How a verb ends: three numbers, the same for all of them.

use std::process::ExitCode;

/// The end of a verb; the worse of two is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything was read, and nothing was found that matters.
    Good = 0,
    /// Something was found at or over the threshold, or refused.
    Found = 1,
    /// Some input could not be read, or the arguments make no sense.
    Bad = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
