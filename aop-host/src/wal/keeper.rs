//! The housekeeping thread: it has the next segments ready before they are needed, and overwrites those that were drained.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::error::WalError;
use super::fs::Fs;
use super::lock;
use super::queue::Room;
use super::segment::{Pace, Spare, create_spare, reuse, scrub};

/// Spares to have ready: one to roll into, one for while the next is being made.
const SPARES_WANTED: usize = 2;
/// Drained segments beyond this are given back to the file system.
const SPARES_MAX: usize = 4;
/// How long a failed preparation (a full disk) rests before it is tried again.
const RETRY: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Keeper {
    fs: Arc<dyn Fs>,
    dir: PathBuf,
    segment_bytes: u64,
    state: Mutex<State>,
    changed: Condvar,
    /// Whether the last job failed; beside the lock, since every append asks.
    failing: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// In the order of their epochs, which is the order they are used in.
    spares: VecDeque<Spare>,
    retired: VecDeque<PathBuf>,
    epoch: u64,
    failure: Option<Failure>,
    stopping: bool,
}

#[derive(Debug)]
struct Failure {
    message: String,
    /// A full disk may have room again; what else fails, fails the log when it needs the segment.
    is_full_disk: bool,
}

impl Failure {
    fn of(error: &WalError) -> Failure {
        let is_full_disk = matches!(error, WalError::Io { source, .. }
            if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded));
        Failure { message: error.to_string(), is_full_disk }
    }
}

/// The keeper's figures at one moment.
#[derive(Debug, Clone)]
pub(super) struct KeeperLevel {
    pub(super) spares: usize,
    pub(super) retired: usize,
    pub(super) failure: Option<String>,
}

enum Job {
    Scrub(PathBuf),
    Create(u64),
}

impl Keeper {
    /// `epoch` is the highest in use; `spares` are in epoch order.
    pub(super) fn new(
        fs: Arc<dyn Fs>,
        dir: PathBuf,
        segment_bytes: u64,
        epoch: u64,
        spares: VecDeque<Spare>,
        retired: VecDeque<PathBuf>,
    ) -> Keeper {
        Keeper {
            fs,
            dir,
            segment_bytes,
            state: Mutex::new(State { spares, retired, epoch, failure: None, stopping: false }),
            changed: Condvar::new(),
            failing: AtomicBool::new(false),
        }
    }

    /// The next segment to write to, waiting until it is ready, and until a full disk has room again.
    ///
    /// # Errors
    /// When it cannot be made for another reason, or the log is closing: the message of the last failure.
    pub(super) fn take_spare(&self) -> Result<Spare, String> {
        let mut state = lock(&self.state);
        loop {
            if let Some(spare) = state.spares.pop_front() {
                self.changed.notify_all();
                return Ok(spare);
            }
            let is_stopping = state.stopping;
            let fails = |failure: &&Failure| is_stopping || !failure.is_full_disk;
            if let Some(failure) = state.failure.as_ref().filter(fails) {
                return Err(failure.message.clone());
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What the spares still take, when the last try to make one failed.
    pub(super) fn room_if_failing(&self) -> Option<Room> {
        if !self.failing.load(Ordering::Relaxed) {
            return None;
        }
        let state = lock(&self.state);
        let cause = state.failure.as_ref()?.message.clone();
        Some(Room { bytes: state.spares.len() as u64 * self.segment_bytes, cause })
    }

    /// Hands over a file that was renamed as retired.
    pub(super) fn retire(&self, path: PathBuf) {
        lock(&self.state).retired.push_back(path);
        self.changed.notify_all();
    }

    /// From here on a spare that cannot be made is an error for the one who waits for it, not a reason to wait on.
    pub(super) fn give_up_on_failure(&self) {
        lock(&self.state).stopping = true;
        self.changed.notify_all();
    }

    pub(super) fn level(&self) -> KeeperLevel {
        let state = lock(&self.state);
        KeeperLevel {
            spares: state.spares.len(),
            retired: state.retired.len(),
            failure: state.failure.as_ref().map(|failure| failure.message.clone()),
        }
    }

    /// The thread: works until `is_done` says that the writer has gone.
    pub(super) fn run(&self, is_done: impl Fn() -> bool) {
        while let Some(job) = self.next_job(&is_done) {
            let outcome = match &job {
                Job::Create(epoch) => {
                    create_spare(&*self.fs, &self.dir, *epoch, self.segment_bytes, self.pace()).map(|spare| self.keep(spare))
                }
                Job::Scrub(path) => self.recycle(path),
            };
            let mut state = lock(&self.state);
            state.failure = outcome.as_ref().err().map(Failure::of);
            self.failing.store(outcome.is_err(), Ordering::Relaxed);
            if let (Err(_), Job::Scrub(path)) = (&outcome, job) {
                state.retired.push_back(path);
            }
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Wakes the thread to look at `is_done` again.
    pub(super) fn nudge(&self) {
        // Under the lock, so that the thread is either before its look or already waiting.
        let _state = lock(&self.state);
        self.changed.notify_all();
    }

    fn next_job(&self, is_done: &impl Fn() -> bool) -> Option<Job> {
        let mut state = lock(&self.state);
        let mut rested = state.failure.is_none();
        loop {
            if is_done() {
                return None;
            }
            if rested {
                if let Some(path) = state.retired.pop_front() {
                    return Some(Job::Scrub(path));
                }
                if state.spares.len() < SPARES_WANTED {
                    state.epoch += 1;
                    return Some(Job::Create(state.epoch));
                }
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            } else {
                let (back, waited) = self.changed.wait_timeout(state, RETRY).unwrap_or_else(PoisonError::into_inner);
                state = back;
                rested = waited.timed_out();
            }
        }
    }

    fn recycle(&self, path: &Path) -> Result<(), WalError> {
        // The retired name must be durable before the bytes go, or a crash leaves a segment full of holes.
        self.fs.sync_dir(&self.dir).map_err(WalError::io("sync", &self.dir))?;
        let (file, bytes) = scrub(&*self.fs, path, self.pace())?;
        let is_wanted = bytes == self.segment_bytes && lock(&self.state).spares.len() < SPARES_MAX;
        if !is_wanted {
            self.fs.remove(path).map_err(WalError::io("remove", path))?;
            return self.fs.sync_dir(&self.dir).map_err(WalError::io("sync", &self.dir));
        }
        let epoch = {
            let mut state = lock(&self.state);
            state.epoch += 1;
            state.epoch
        };
        let spare = reuse(&*self.fs, &self.dir, epoch, path, file, bytes)?;
        self.keep(spare);
        Ok(())
    }

    fn pace(&self) -> Pace {
        if lock(&self.state).spares.is_empty() { Pace::Urgent } else { Pace::Calm }
    }

    fn keep(&self, spare: Spare) {
        lock(&self.state).spares.push_back(spare);
        self.changed.notify_all();
    }
}
