//! The thread that moves what is durable from the log into the store.
//!
//! It reads records in order, makes rows of a few thousand of them ([`project`]), and stores them with the runs' new states
//! and the cursor in one transaction, so each record is stored exactly once. A batch that the store refuses is halved until
//! the record at fault is alone; that one goes to the dead letters, where it keeps its name, and the log goes on. What is
//! the machine's fault, not the data's, is tried again until it works.

mod project;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::host::Host;
use crate::log::{Level, log};
use crate::store::StoreError;
use crate::wal::WalReader;
use project::Projection;

/// A batch waits for this many records as long as it may linger.
const BATCH_RECORDS_MIN: usize = 500;
/// How long the worker sleeps without records before it looks whether it is to stop.
const IDLE: Duration = Duration::from_millis(50);
const RETRY_FIRST: Duration = Duration::from_millis(50);
const RETRY_LAST: Duration = Duration::from_secs(2);

/// The running worker.
pub(crate) struct Worker {
    thread: JoinHandle<()>,
    is_to_stop: Arc<AtomicBool>,
}

impl Worker {
    /// Starts the worker behind `reader`, whose next record is the first that the store lacks.
    pub(crate) fn start(host: Arc<Host>, reader: WalReader) -> std::io::Result<Worker> {
        let is_to_stop = Arc::new(AtomicBool::new(false));
        let stop = is_to_stop.clone();
        let thread = thread::Builder::new().name("worker".to_owned()).spawn(move || {
            let projection = Projection::new(host.config.worker.runs_in_memory);
            let mut working = Working { host: &host, reader, projection, stop: &stop, unsynced_bytes: 0, synced_lsn: 0 };
            working.run();
        })?;
        Ok(Worker { thread, is_to_stop })
    }

    /// Has the worker store everything that is durable, sync the store, and end. Blocks.
    pub(crate) fn drain(self) {
        self.is_to_stop.store(true, Ordering::Release);
        // a panic of the thread was printed by it
        let _ = self.thread.join();
    }
}

struct Working<'w> {
    host: &'w Host,
    reader: WalReader,
    projection: Projection,
    stop: &'w AtomicBool,
    unsynced_bytes: u64,
    synced_lsn: u64,
}

/// Records in one piece of memory.
#[derive(Default)]
struct Records {
    bytes: Vec<u8>,
    places: Vec<(u64, Range<usize>)>,
}

impl Records {
    fn clear(&mut self) {
        self.bytes.clear();
        self.places.clear();
    }

    fn push(&mut self, lsn: u64, record: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record);
        self.places.push((lsn, start..self.bytes.len()));
    }

    fn get(&self) -> Vec<(u64, &[u8])> {
        self.places.iter().map(|(lsn, place)| (*lsn, &self.bytes[place.clone()])).collect()
    }
}

impl Working<'_> {
    fn run(&mut self) {
        let mut records = Records::default();
        loop {
            // asked before looking for records, so that whatever was durable when the stop was asked for is stored
            let is_last = self.stop.load(Ordering::Acquire);
            match self.gather(&mut records, is_last) {
                Gathered::Records => {
                    if !self.store_stubbornly(&records.get()) {
                        return;
                    }
                    self.unsynced_bytes += records.bytes.len() as u64;
                    if self.unsynced_bytes >= self.host.config.worker.sync_bytes {
                        self.sync();
                    }
                }
                Gathered::Nothing => {
                    self.sync();
                    if is_last {
                        return;
                    }
                }
                Gathered::Ended => {
                    self.sync();
                    return;
                }
            }
        }
    }

    /// Collects durable records: as many as a batch may have, or what comes while it may linger.
    fn gather(&mut self, records: &mut Records, is_last: bool) -> Gathered {
        records.clear();
        let settings = &self.host.config.worker;
        let linger = Duration::from_millis(if is_last { 0 } else { settings.linger_ms });
        let mut until = None;
        while records.places.len() < settings.batch_records {
            match self.reader.next() {
                Ok(Some((lsn, record))) => {
                    records.push(lsn, record);
                    until.get_or_insert_with(|| Instant::now() + linger);
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    let error = error.to_string();
                    log(Level::Error, "the log cannot be read back; storing stops here", &[("error", &error)]);
                    self.host.progress.set_trouble(Some(error));
                    return if records.places.is_empty() { Gathered::Ended } else { Gathered::Records };
                }
            }
            let left = match until {
                None if is_last => Duration::ZERO,
                None => IDLE,
                Some(_) if records.places.len() >= BATCH_RECORDS_MIN => Duration::ZERO,
                Some(until) => until.saturating_duration_since(Instant::now()),
            };
            if left.is_zero() {
                break;
            }
            match self.reader.wait(left.min(IDLE)) {
                Ok(true) => {}
                Ok(false) if until.is_none() || self.stop.load(Ordering::Acquire) => break,
                Ok(false) => {}
                Err(_) if records.places.is_empty() => return Gathered::Ended,
                Err(_) => break,
            }
        }
        if records.places.is_empty() { Gathered::Nothing } else { Gathered::Records }
    }

    /// Stores the records, whatever it takes; `false` when the host stops and the store is not available.
    fn store_stubbornly(&mut self, records: &[(u64, &[u8])]) -> bool {
        let mut wait = RETRY_FIRST;
        loop {
            match self.store(records) {
                Ok(()) => {
                    if self.host.progress.trouble().is_some() {
                        self.host.progress.set_trouble(None);
                        log(Level::Info, "the store takes events again", &[]);
                    }
                    return true;
                }
                Err(error) => {
                    let error = error.to_string();
                    log(Level::Error, "the store takes nothing; trying again", &[("error", &error)]);
                    self.host.progress.set_trouble(Some(error));
                }
            }
            if self.stop.load(Ordering::Acquire) {
                return false;
            }
            thread::sleep(wait);
            wait = (wait * 2).min(RETRY_LAST);
        }
    }

    /// Stores the records, those at fault as dead letters. An error says that the store is not available.
    fn store(&mut self, records: &[(u64, &[u8])]) -> Result<(), StoreError> {
        let Some((lsn, record)) = records.last() else {
            return Ok(());
        };
        let rejected = match catch_unwind(AssertUnwindSafe(|| self.projection.store(self.host, records))) {
            Ok(Ok(())) => {
                self.host.progress.stored(*lsn);
                return Ok(());
            }
            Ok(Err(StoreError::Rejected(error))) => error,
            Ok(Err(error)) => {
                self.projection.forget();
                return Err(error);
            }
            Err(_) => "the host panicked at this record".to_owned(),
        };
        // the runs in memory are ahead of the store now
        self.projection.forget();
        if records.len() > 1 {
            let (first, second) = records.split_at(records.len() / 2);
            self.store(first)?;
            return self.store(second);
        }
        log(Level::Error, "a record goes to the dead letters", &[("lsn", lsn), ("error", &rejected)]);
        project::set_aside(self.host, *lsn, record, &rejected)?;
        self.host.progress.set_aside();
        self.host.progress.stored(*lsn);
        Ok(())
    }

    /// Makes the store survive a power loss, and gives up what of the log it has.
    fn sync(&mut self) {
        let stored_lsn = self.host.progress.stored_lsn();
        if stored_lsn == self.synced_lsn {
            return;
        }
        let outcome = self.host.store.sync().map_err(|error| error.to_string());
        match outcome.and_then(|()| self.host.wal.checkpoint(stored_lsn).map_err(|error| error.to_string())) {
            Ok(()) => {
                self.synced_lsn = stored_lsn;
                self.unsynced_bytes = 0;
            }
            // the log keeps what it has; the next round tries again
            Err(error) => log(Level::Error, "the log is not recycled", &[("error", &error)]),
        }
    }
}

enum Gathered {
    Records,
    Nothing,
    Ended,
}
