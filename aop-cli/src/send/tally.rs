//! What came of it all, in numbers.

use crate::output::count;

/// Everything in numbers.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) runs: u64,
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    /// Findings of refused events.
    pub(crate) findings: u64,
    pub(crate) duplicates: u64,
    pub(crate) not_taken: u64,
    pub(crate) finalized: u64,
    pub(crate) bad_lines: u64,
    pub(crate) bad_paths: u64,
}

impl Tally {
    /// Whether something was not read or not taken.
    pub(crate) fn is_bad(&self) -> bool {
        self.not_taken + self.bad_lines + self.bad_paths > 0
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let events = self.accepted + self.refused + self.not_taken;
        write!(f, "{} of {}: {} accepted", count(events, "event"), count(self.runs, "run"), self.accepted)?;
        write!(f, ", {} refused", self.refused)?;
        if self.refused > 0 {
            write!(f, " (with {})", count(self.findings, "finding"))?;
        }
        write!(f, ", {} not taken", self.not_taken)?;
        if self.duplicates > 0 {
            write!(f, "; {} of them had been sent before", self.duplicates)?;
        }
        write!(f, "; {} finalized", count(self.finalized, "run"))?;
        if self.runs > self.finalized {
            write!(f, ", {} left open", self.runs - self.finalized)?;
        }
        if self.bad_lines > 0 {
            write!(f, "; {} could not be read", count(self.bad_lines, "line"))?;
        }
        if self.bad_paths > 0 {
            write!(f, "; {} could not be read", count(self.bad_paths, "path"))?;
        }
        Ok(())
    }
}
