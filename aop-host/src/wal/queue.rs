//! The bounded queue between those who append and the one thread that writes.

use std::collections::VecDeque;
use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::{AppendError, Poison};
use super::frame::Batch;
use super::lock;

/// How long the writer looks for batches before it sleeps.
const LINGER_MAX: Duration = Duration::from_micros(60);

/// A batch with its LSNs, waiting to be written.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) frames: Vec<u8>,
    pub(super) first_lsn: u64,
}

/// Why nothing more is taken in.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    Closed,
    Poisoned(Poison),
}

impl From<&Stop> for AppendError {
    fn from(stop: &Stop) -> AppendError {
        match stop {
            Stop::Closed => AppendError::Closed,
            Stop::Poisoned(poison) => AppendError::Poisoned(poison.clone()),
        }
    }
}

/// How long the writer waits for company.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gather {
    /// Batches that were just acknowledged, and whose senders may be on their way back.
    pub(super) returning: usize,
    /// Nobody is awaited after this.
    pub(super) until: Instant,
}

#[derive(Debug)]
pub(super) struct Queue {
    bytes_max: usize,
    state: Mutex<State>,
    filled: Condvar,
    /// Batches in the queue; beside the lock, for the writer to look at while it lingers.
    batches: AtomicUsize,
}

#[derive(Debug)]
struct State {
    batches: VecDeque<Queued>,
    next_lsn: u64,
    /// Bytes of batches that are not durable yet, the group being written included.
    queued_bytes: usize,
    reserved_bytes: usize,
    /// How many batches the waiting writer wants to be woken at; none when it does not wait.
    writer_waits_for: Option<usize>,
    stop: Option<Stop>,
}

/// The queue's figures at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueueLevel {
    pub(super) next_lsn: u64,
    pub(super) queued_bytes: usize,
    pub(super) reserved_bytes: usize,
}

impl Queue {
    pub(super) fn new(next_lsn: u64, bytes_max: usize) -> Queue {
        Queue {
            bytes_max,
            state: Mutex::new(State {
                batches: VecDeque::new(),
                next_lsn,
                queued_bytes: 0,
                reserved_bytes: 0,
                writer_waits_for: None,
                stop: None,
            }),
            filled: Condvar::new(),
            batches: AtomicUsize::new(0),
        }
    }

    /// Sets `bytes` aside; `room_bytes` is what the disk still takes, when it cannot take more.
    pub(super) fn reserve(&self, bytes: usize, room: Option<Room>) -> Result<(), AppendError> {
        if bytes > self.bytes_max {
            return Err(AppendError::TooLarge { record_bytes: bytes, record_bytes_max: self.bytes_max });
        }
        let mut state = lock(&self.state);
        if let Some(stop) = &state.stop {
            return Err(stop.into());
        }
        let taken = state.queued_bytes + state.reserved_bytes;
        if let Some(room) = room.filter(|room| (taken + bytes) as u64 > room.bytes) {
            return Err(AppendError::NoSpace { room_bytes: room.bytes, cause: room.cause });
        }
        if taken + bytes > self.bytes_max {
            return Err(AppendError::Full { queued_bytes: taken, queue_bytes_max: self.bytes_max });
        }
        state.reserved_bytes += bytes;
        Ok(())
    }

    /// Gives back what [`Queue::reserve`] set aside.
    pub(super) fn release(&self, bytes: usize) {
        lock(&self.state).reserved_bytes -= bytes;
    }

    /// Turns a reservation into a queued batch and says its first LSN. The reservation is used up, whatever comes of it.
    pub(super) fn append(&self, batch: Batch, reserved_bytes: usize) -> Result<u64, AppendError> {
        let records = batch.len() as u64;
        let frames = batch.into_frames();
        let (first_lsn, wake) = {
            let mut state = lock(&self.state);
            state.reserved_bytes -= reserved_bytes;
            if let Some(stop) = &state.stop {
                return Err(stop.into());
            }
            let first_lsn = state.next_lsn;
            state.next_lsn += records;
            state.queued_bytes += frames.len();
            state.batches.push_back(Queued { frames, first_lsn });
            let queued = state.batches.len();
            self.batches.store(queued, Ordering::Release);
            let wake = state.writer_waits_for.take_if(|wanted| queued >= *wanted).is_some();
            (first_lsn, wake)
        };
        if wake {
            self.filled.notify_one();
        }
        Ok(first_lsn)
    }

    /// Counts `bytes` as no longer queued.
    pub(super) fn written(&self, bytes: usize) {
        lock(&self.state).queued_bytes -= bytes;
    }

    /// Gives the writer what is queued, up to `bytes_max` but at least one batch, waiting for it. `false` when the log
    /// is stopped and nothing is left.
    ///
    /// Those who were just acknowledged often come back at once, and one sync for all of them is better than one for the
    /// fastest and another for the rest: so once something is queued, the others are awaited as `gather` says.
    pub(super) fn take(&self, group: &mut Vec<Queued>, bytes_max: usize, gather: Gather) -> bool {
        let wanted = self.batches.load(Ordering::Acquire) + gather.returning;
        if gather.returning == 1 {
            self.linger(wanted, gather.until);
        }
        let mut state = lock(&self.state);
        while state.batches.is_empty() {
            if state.stop.is_some() {
                return false;
            }
            state.writer_waits_for = Some(1);
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        while state.batches.len() < wanted && state.queued_bytes < bytes_max && state.stop.is_none() {
            let left = gather.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state.writer_waits_for = Some(wanted);
            (state, _) = self.filled.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
        state.writer_waits_for = None;
        let mut bytes = 0;
        while let Some(next) = state.batches.front() {
            if !group.is_empty() && bytes + next.frames.len() > bytes_max {
                break;
            }
            bytes += next.frames.len();
            group.extend(state.batches.pop_front());
        }
        self.batches.store(state.batches.len(), Ordering::Release);
        true
    }

    /// Looks for batches without sleeping, for a moment. A lone sender that was just acknowledged comes back sooner than a
    /// sleeping thread is woken, which takes as long as half a sync. Where there are more, they need the processor more.
    fn linger(&self, wanted: usize, until: Instant) {
        let until = until.min(Instant::now() + LINGER_MAX);
        while self.batches.load(Ordering::Acquire) < wanted && Instant::now() < until {
            hint::spin_loop();
        }
    }

    /// Takes nothing more in. What was queued goes on to the writer when the log is closed, and is dropped when it is poisoned.
    pub(super) fn stop(&self, why: Stop) {
        let mut state = lock(&self.state);
        if matches!(why, Stop::Poisoned(_)) {
            state.batches.clear();
            state.queued_bytes = 0;
        }
        // A poisoned log stays so; a closed one can still be poisoned by its last group.
        if !matches!(state.stop, Some(Stop::Poisoned(_))) {
            state.stop = Some(why);
        }
        drop(state);
        self.filled.notify_all();
    }

    pub(super) fn stopped(&self) -> Option<Stop> {
        lock(&self.state).stop.clone()
    }

    pub(super) fn level(&self) -> QueueLevel {
        let state = lock(&self.state);
        QueueLevel { next_lsn: state.next_lsn, queued_bytes: state.queued_bytes, reserved_bytes: state.reserved_bytes }
    }
}

/// What the prepared segments still take, when no further one can be prepared.
#[derive(Debug, Clone)]
pub(super) struct Room {
    pub(super) bytes: u64,
    pub(super) cause: String,
}
