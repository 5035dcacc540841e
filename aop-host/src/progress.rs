//! How far the store is behind the log.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::problem::Problem;

/// What was appended, and what of it the store has.
pub(crate) struct Progress {
    appended_lsn: AtomicU64,
    stored_lsn: watch::Sender<u64>,
    dead_letters: AtomicU64,
    trouble: Mutex<Option<String>>,
}

impl Progress {
    /// At the start: the log ends at `appended_lsn`, the store has everything up to `stored_lsn`, and so many dead letters.
    pub(crate) fn new(appended_lsn: u64, stored_lsn: u64, dead_letters: u64) -> Progress {
        Progress {
            appended_lsn: AtomicU64::new(appended_lsn),
            stored_lsn: watch::Sender::new(stored_lsn),
            dead_letters: AtomicU64::new(dead_letters),
            trouble: Mutex::default(),
        }
    }

    /// The last LSN given out.
    pub(crate) fn appended_lsn(&self) -> u64 {
        self.appended_lsn.load(Ordering::Acquire)
    }

    /// Notes that `lsn` was given out.
    pub(crate) fn appended(&self, lsn: u64) {
        self.appended_lsn.fetch_max(lsn, Ordering::AcqRel);
    }

    /// The LSN up to which readers of the store see everything.
    pub(crate) fn stored_lsn(&self) -> u64 {
        *self.stored_lsn.borrow()
    }

    /// Notes that the store has everything up to `lsn`.
    pub(crate) fn stored(&self, lsn: u64) {
        self.stored_lsn.send_replace(lsn);
    }

    /// Records that are in the log and not in the store.
    pub(crate) fn unstored(&self) -> u64 {
        self.appended_lsn().saturating_sub(self.stored_lsn())
    }

    /// Waits until the store has everything up to `lsn`, for at most `at_most`.
    pub(crate) async fn wait_stored(&self, lsn: u64, at_most: Duration) -> Result<(), Problem> {
        if self.stored_lsn() >= lsn {
            return Ok(());
        }
        let mut receiver = self.stored_lsn.subscribe();
        match tokio::time::timeout(at_most, receiver.wait_for(|stored| *stored >= lsn)).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(Problem::Busy("the store is still taking in what was acknowledged")),
        }
    }

    /// How many records lie in the dead letters.
    pub(crate) fn dead_letters(&self) -> u64 {
        self.dead_letters.load(Ordering::Acquire)
    }

    /// Notes that one more does.
    pub(crate) fn set_aside(&self) {
        self.dead_letters.fetch_add(1, Ordering::AcqRel);
    }

    /// Why the store takes nothing in at the moment.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets or clears the reason.
    pub(crate) fn set_trouble(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}
