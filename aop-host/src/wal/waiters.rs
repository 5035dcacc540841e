//! Who waits for which LSN: async tasks and blocked threads alike, in one ordered map of wakers.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::error::DurabilityError;
use super::lock;

/// The durable LSN and those who wait for it to grow.
#[derive(Debug)]
pub(super) struct Waiters {
    durable_lsn: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// By LSN, then by a number that tells waiters of one LSN apart.
    waiting: BTreeMap<(u64, u64), Waker>,
    next_id: u64,
    ended: Option<DurabilityError>,
}

impl Waiters {
    pub(super) fn new(durable_lsn: u64) -> Waiters {
        Waiters { durable_lsn: AtomicU64::new(durable_lsn), state: Mutex::default() }
    }

    pub(super) fn durable_lsn(&self) -> u64 {
        self.durable_lsn.load(Ordering::Acquire)
    }

    /// Says that everything up to `lsn` is durable.
    pub(super) fn advance(&self, lsn: u64) {
        let due = {
            let mut state = lock(&self.state);
            self.durable_lsn.store(lsn, Ordering::Release);
            let later = state.waiting.split_off(&(lsn + 1, 0));
            std::mem::replace(&mut state.waiting, later)
        };
        for waker in due.into_values() {
            waker.wake();
        }
    }

    /// Says that nothing more will become durable.
    pub(super) fn end(&self, why: DurabilityError) {
        let all = {
            let mut state = lock(&self.state);
            state.ended.get_or_insert(why);
            std::mem::take(&mut state.waiting)
        };
        for waker in all.into_values() {
            waker.wake();
        }
    }

    /// A handle that resolves when `lsn` is durable.
    pub(super) fn durable(self: &Arc<Waiters>, lsn: u64) -> Durable {
        Durable { waiters: Arc::clone(self), lsn, id: None }
    }
}

/// Resolves when a record, and with it every record before it, is durable.
///
/// A future for async callers (of any runtime), and [`Durable::wait`] for threads. Dropping it gives up waiting, not the record.
///
/// ```
/// use aop_host::wal::{Batch, Wal, WalConfig};
///
/// let folder = tempfile::tempdir()?;
/// let (wal, _) = Wal::open(WalConfig::new(folder.path()))?;
/// let append = wal.append(Batch::from_iter(["text"]))?;
/// append.durable.wait()?;
/// assert_eq!(wal.durable_lsn(), append.last_lsn);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a record is acknowledged only when this has resolved to Ok"]
pub struct Durable {
    waiters: Arc<Waiters>,
    lsn: u64,
    id: Option<u64>,
}

impl Durable {
    /// The LSN waited for.
    #[must_use]
    pub fn lsn(&self) -> u64 {
        self.lsn
    }

    /// Blocks the thread until the record is durable.
    ///
    /// # Errors
    /// When the log was poisoned or closed before that.
    pub fn wait(mut self) -> Result<(), DurabilityError> {
        self.block(None).unwrap_or(Err(DurabilityError::Closed))
    }

    /// Blocks the thread until the record is durable, for at most `timeout`; `None` when it was not by then.
    pub fn wait_timeout(mut self, timeout: Duration) -> Option<Result<(), DurabilityError>> {
        self.block(Instant::now().checked_add(timeout))
    }

    fn block(&mut self, deadline: Option<Instant>) -> Option<Result<(), DurabilityError>> {
        if self.waiters.durable_lsn() >= self.lsn {
            return Some(Ok(()));
        }
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(outcome) = Pin::new(&mut *self).poll(&mut context) {
                return Some(outcome);
            }
            match deadline {
                None => thread::park(),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return None;
                    }
                    thread::park_timeout(left);
                }
            }
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Future for Durable {
    type Output = Result<(), DurabilityError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.waiters.durable_lsn() >= self.lsn {
            return Poll::Ready(Ok(()));
        }
        let waiters = Arc::clone(&self.waiters);
        let mut state = lock(&waiters.state);
        // Asked again under the lock: `advance` stores and collects under it, so no wake is missed.
        if waiters.durable_lsn() >= self.lsn {
            return Poll::Ready(Ok(()));
        }
        if let Some(why) = &state.ended {
            return Poll::Ready(Err(why.clone()));
        }
        let id = *self.id.get_or_insert_with(|| {
            state.next_id += 1;
            state.next_id
        });
        state
            .waiting
            .entry((self.lsn, id))
            .and_modify(|waker| waker.clone_from(context.waker()))
            .or_insert_with(|| context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Durable {
    fn drop(&mut self) {
        if let Some(id) = self.id
            && self.waiters.durable_lsn() < self.lsn
        {
            lock(&self.waiters.state).waiting.remove(&(self.lsn, id));
        }
    }
}
