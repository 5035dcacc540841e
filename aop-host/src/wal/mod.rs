//! The write-ahead log: what is in it and synced is acknowledged, and survives the process and the machine's power.
//!
//! [`Wal`] takes [`Batch`]es of records from many threads; one thread writes everything queued in one write and one
//! `fdatasync`, then moves the durable LSN, which [`Durable`] handles wait for. [`WalReader`] follows with the durable
//! records only. [`Wal::checkpoint`] gives up what is stored elsewhere; its bytes are overwritten before they are used again.
//!
//! It knows nothing of events: a record is bytes. The format, and how it survives each crash, is drawn in `docs/wal.md`.
//!
//! ```
//! use aop_host::wal::{Batch, Wal, WalConfig};
//!
//! let folder = tempfile::tempdir()?;
//! let (wal, recovery) = Wal::open(WalConfig::new(folder.path()))?;
//! let append = wal.append(Batch::from_iter(["an event", "another"]))?;
//! append.durable.wait()?; // or `.await` it
//! let mut reader = wal.reader(recovery.first_lsn)?;
//! assert_eq!(reader.next()?, Some((1, &b"an event"[..])));
//! wal.checkpoint(append.last_lsn)?;
//! wal.close()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod config;
mod error;
mod frame;
mod fs;
mod health;
mod judge;
mod keeper;
mod mark;
mod queue;
mod reader;
mod recovery;
mod repair;
mod scan;
mod segment;
mod shared;
mod waiters;
mod writer;

use std::any::Any;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

pub use config::{DamagePolicy, SyncMode, WalConfig};
pub use error::{AppendError, Damage, DurabilityError, Poison, ReadError, WalError};
pub use frame::Batch;
pub use fs::{DiskFs, Fs, WalFile};
pub use health::{Condition, Health};
pub use reader::WalReader;
pub use recovery::{Recovery, TornTail};
pub use waiters::Durable;

use keeper::Keeper;
use queue::{Queue, Stop};
use recovery::Recovered;
use shared::{Log, Shared};
use waiters::Waiters;
use writer::Writer;

/// A log that is open: a handle that is cheap to clone and can be used from every thread.
///
/// Dropping the last handle closes the log as [`Wal::close`] does, and blocks as long. See the [module](self) for an example.
#[derive(Debug, Clone)]
pub struct Wal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    threads: Mutex<Option<Threads>>,
}

#[derive(Debug)]
struct Threads {
    writer: JoinHandle<()>,
    keeper: JoinHandle<()>,
    _lock: Box<dyn Any + Send + Sync>,
}

/// A batch that was queued.
///
/// ```
/// # fn show(append: &aop_host::wal::Append) {
/// println!("LSN {} to {}", append.first_lsn, append.last_lsn);
/// # }
/// ```
#[derive(Debug)]
pub struct Append {
    /// The LSN of its first record.
    pub first_lsn: u64,
    /// The LSN of its last record; those between are consecutive.
    pub last_lsn: u64,
    /// Resolves when all of them are durable.
    pub durable: Durable,
}

impl Wal {
    /// Opens the log in `config.dir`, recovering what is there.
    ///
    /// # Errors
    /// When another process has it open, acknowledged records are damaged (and [`DamagePolicy::Skip`] is not set), or
    /// the file system refuses something.
    pub fn open(config: WalConfig) -> Result<(Wal, Recovery), WalError> {
        let fs = match config.sync {
            SyncMode::Data => DiskFs::new(),
            SyncMode::NeverForBenchesOnly => DiskFs::without_sync(),
        };
        Wal::open_on(Arc::new(fs), config)
    }

    /// [`Wal::open`] on a file system of the caller's, which decides itself what a sync does.
    ///
    /// # Errors
    /// As [`Wal::open`].
    pub fn open_on(fs: Arc<dyn Fs>, config: WalConfig) -> Result<(Wal, Recovery), WalError> {
        config.check()?;
        fs.create_dir(&config.dir).map_err(WalError::io("create", &config.dir))?;
        let lock_path = config.dir.join("lock");
        let dir_lock = fs.lock(&lock_path).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => WalError::Locked { dir: config.dir.clone() },
            _ => WalError::io("lock", &lock_path)(error),
        })?;
        let recovered = recovery::recover(&fs, &config)?;
        let Recovered { mut recovery, segments, gaps, active, spares, retired, mark, epoch } = recovered;
        let durable_lsn = recovery.next_lsn - 1;
        let active_room_bytes = active.as_ref().map_or(0, |active| active.segment.bytes - active.offset);
        let shared = Arc::new(Shared {
            queue: Queue::new(recovery.next_lsn, config.queue_bytes_max),
            waiters: Arc::new(Waiters::new(durable_lsn)),
            retained_bytes: AtomicU64::new(segments.iter().map(|segment| segment.bytes).sum()),
            active_room_bytes: AtomicU64::new(active_room_bytes),
            log: Mutex::new(Log { segments }),
            gaps,
            keeper: Keeper::new(Arc::clone(&fs), config.dir.clone(), config.segment_bytes, epoch, spares, retired),
            mark: Mutex::new(mark),
            groups: AtomicU64::new(0),
            writer_is_gone: AtomicBool::new(false),
            config,
            fs,
        });
        {
            let mut mark = lock(&shared.mark);
            mark.state.durable_lsn = durable_lsn;
            mark.state.clean = false;
            mark.write().map_err(WalError::io("write to", &mark.path))?;
            mark.file().sync_data().map_err(WalError::io("sync", &mark.path))?;
        }
        shared.retire_stored(recovery.checkpoint_lsn)?;
        let first_lsn = lock(&shared.log).segments.front().map(|first| first.first_lsn);
        recovery.first_lsn = first_lsn.unwrap_or(recovery.next_lsn);
        let writer = Writer::new(Arc::clone(&shared), active);
        let writer = spawn("wal-writer", &shared, move || writer.run())?;
        let keeper_shared = Arc::clone(&shared);
        let keeper = spawn("wal-keeper", &shared, move || {
            keeper_shared.keeper.run(|| keeper_shared.writer_is_gone.load(Ordering::Acquire));
        });
        let keeper = match keeper {
            Ok(keeper) => keeper,
            Err(error) => {
                shared.queue.stop(Stop::Closed);
                return Err(error);
            }
        };
        let threads = Mutex::new(Some(Threads { writer, keeper, _lock: dir_lock }));
        Ok((Wal { inner: Arc::new(Inner { shared, threads }) }, recovery))
    }

    /// Queues a batch: its records get the next LSNs, in order. It is acknowledged when [`Append::durable`] has resolved.
    ///
    /// Does not block. Who holds a lock while calling gets LSNs in the order of that lock.
    ///
    /// # Errors
    /// When the queue, the backlog or the disk is full, a record is too large, or the log is poisoned or closed.
    pub fn append(&self, batch: impl Into<Batch>) -> Result<Append, AppendError> {
        let batch = batch.into();
        self.check_batch(&batch)?;
        self.reserve(batch.byte_len())?.append(batch)
    }

    /// Sets `bytes` of the queue aside, so that a later [`Reservation::append`] is not refused for want of room.
    ///
    /// # Errors
    /// As [`Wal::append`].
    pub fn reserve(&self, bytes: usize) -> Result<Reservation, AppendError> {
        let shared = &*self.inner.shared;
        let retained_bytes = shared.retained_bytes.load(Ordering::Relaxed);
        if retained_bytes > shared.config.retained_bytes_max {
            return Err(AppendError::Backlog { retained_bytes, retained_bytes_max: shared.config.retained_bytes_max });
        }
        let room = shared.keeper.room_if_failing().map(|mut room| {
            room.bytes += shared.active_room_bytes.load(Ordering::Relaxed);
            room
        });
        shared.queue.reserve(bytes, room)?;
        Ok(Reservation { wal: self.clone(), bytes })
    }

    /// Everything up to this LSN is durable.
    #[must_use]
    pub fn durable_lsn(&self) -> u64 {
        self.inner.shared.waiters.durable_lsn()
    }

    /// A handle that resolves when `lsn` is durable.
    pub fn wait_durable(&self, lsn: u64) -> Durable {
        self.inner.shared.waiters.durable(lsn)
    }

    /// A reader whose first record is `from_lsn`.
    ///
    /// # Errors
    /// When that record was checkpointed away, or lies beyond the next one to be written.
    pub fn reader(&self, from_lsn: u64) -> Result<WalReader, ReadError> {
        let shared = &self.inner.shared;
        let next_lsn = shared.queue.level().next_lsn;
        if from_lsn > next_lsn {
            return Err(ReadError::Ahead { lsn: from_lsn, next_lsn });
        }
        let first_lsn = lock(&shared.log).segments.front().map(|first| first.first_lsn);
        // Before the first record is written there is no segment, and nothing that could be gone.
        let first_lsn = first_lsn.unwrap_or(shared.waiters.durable_lsn() + 1);
        let is_lost = shared.gaps.iter().any(|gap| gap.lsns.contains(&from_lsn));
        if from_lsn < first_lsn && !is_lost {
            return Err(ReadError::Retired { lsn: from_lsn, first_lsn });
        }
        Ok(WalReader::new(Arc::clone(shared), from_lsn))
    }

    /// Says that everything up to `lsn` is stored elsewhere, durably. Segments wholly below it leave the log; a
    /// background thread overwrites them with zeros, then uses them again.
    ///
    /// An `lsn` beyond the durable one counts as the durable one; a lower one than before changes nothing.
    ///
    /// # Errors
    /// When the file system refuses something; nothing is lost then.
    pub fn checkpoint(&self, lsn: u64) -> Result<(), WalError> {
        let shared = &self.inner.shared;
        {
            let mut mark = lock(&shared.mark);
            let lsn = lsn.min(shared.waiters.durable_lsn());
            if lsn <= mark.state.checkpoint_lsn {
                return Ok(());
            }
            mark.state.checkpoint_lsn = lsn;
            mark.write().map_err(WalError::io("write to", &mark.path))?;
        }
        shared.retire_stored(lsn)
    }

    /// How the log is.
    #[must_use]
    pub fn health(&self) -> Health {
        let shared = &self.inner.shared;
        let queue = shared.queue.level();
        let keeper = shared.keeper.level();
        Health {
            condition: match shared.queue.stopped() {
                None => Condition::Open,
                Some(Stop::Closed) => Condition::Closed,
                Some(Stop::Poisoned(poison)) => Condition::Poisoned(poison),
            },
            durable_lsn: shared.waiters.durable_lsn(),
            next_lsn: queue.next_lsn,
            checkpoint_lsn: lock(&shared.mark).state.checkpoint_lsn,
            groups: shared.groups.load(Ordering::Relaxed),
            queued_bytes: queue.queued_bytes,
            reserved_bytes: queue.reserved_bytes,
            segments: lock(&shared.log).segments.len(),
            retained_bytes: shared.retained_bytes.load(Ordering::Relaxed),
            spares: keeper.spares,
            retired: keeper.retired,
            housekeeping_failure: keeper.failure,
        }
    }

    /// Takes no more records, makes the queued ones durable, and notes that the stop was clean. Blocks until that is
    /// done (so not on an async thread); the folder can be opened again after it. A second call does nothing.
    ///
    /// # Errors
    /// When the log is poisoned.
    pub fn close(&self) -> Result<(), WalError> {
        self.inner.close()
    }

    fn check_batch(&self, batch: &Batch) -> Result<(), AppendError> {
        let record_bytes_max = self.inner.shared.config.record_bytes_max();
        if batch.is_empty() {
            return Err(AppendError::Empty);
        }
        if batch.record_bytes_max() > record_bytes_max {
            return Err(AppendError::TooLarge { record_bytes: batch.record_bytes_max(), record_bytes_max });
        }
        Ok(())
    }
}

impl Inner {
    fn close(&self) -> Result<(), WalError> {
        if let Some(threads) = lock(&self.threads).take() {
            self.shared.queue.stop(Stop::Closed);
            self.shared.keeper.give_up_on_failure();
            // A panic in either thread has been printed by it; what it held is not acknowledged.
            let _ = threads.writer.join();
            self.shared.writer_is_gone.store(true, Ordering::Release);
            self.shared.keeper.nudge();
            let _ = threads.keeper.join();
        }
        match self.shared.queue.stopped() {
            Some(Stop::Poisoned(poison)) => Err(WalError::Poisoned(poison)),
            _ => Ok(()),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever wants to know calls `close`.
        let _ = self.close();
    }
}

/// Room in the queue that is set aside until a batch is appended or this is dropped.
///
/// ```
/// use aop_host::wal::{Batch, Wal, WalConfig};
///
/// let folder = tempfile::tempdir()?;
/// let (wal, _) = Wal::open(WalConfig::new(folder.path()))?;
/// let reservation = wal.reserve(2048)?; // may say: full
/// // … the check, which changes the run's state …
/// reservation.append(Batch::from_iter(["event and verdict"]))?.durable.wait()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "dropping a reservation gives the room back"]
pub struct Reservation {
    wal: Wal,
    bytes: usize,
}

impl Reservation {
    /// Queues a batch in the reserved room. A batch larger than was reserved is queued all the same: what was
    /// promised is kept, and the queue is over its bound by the difference for a moment.
    ///
    /// # Errors
    /// When a record is too large, the batch is empty, or the log was poisoned or closed meanwhile.
    pub fn append(mut self, batch: impl Into<Batch>) -> Result<Append, AppendError> {
        let batch = batch.into();
        self.wal.check_batch(&batch)?;
        let shared = &self.wal.inner.shared;
        let records = batch.len() as u64;
        let first_lsn = shared.queue.append(batch, std::mem::take(&mut self.bytes))?;
        let last_lsn = first_lsn + records - 1;
        Ok(Append { first_lsn, last_lsn, durable: shared.waiters.durable(last_lsn) })
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.wal.inner.shared.queue.release(self.bytes);
        }
    }
}

fn spawn(name: &str, shared: &Shared, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, WalError> {
    thread::Builder::new().name(name.to_owned()).spawn(work).map_err(WalError::io("start a thread for", &shared.config.dir))
}

/// A lock whose holders leave the state whole even when they panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
