//! What the handles, readers and threads of one log have in common.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::config::WalConfig;
use super::error::WalError;
use super::fs::Fs;
use super::keeper::Keeper;
use super::lock;
use super::mark::Mark;
use super::queue::Queue;
use super::segment::{Segment, retired_path};
use super::waiters::Waiters;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: WalConfig,
    pub(super) fs: Arc<dyn Fs>,
    pub(super) queue: Queue,
    pub(super) waiters: Arc<Waiters>,
    pub(super) log: Mutex<Log>,
    /// Places that recovery was told to skip.
    pub(super) gaps: Vec<Gap>,
    pub(super) keeper: Keeper,
    pub(super) mark: Mutex<Mark>,
    /// Bytes of the segments in the log; beside the lock, since every append asks.
    pub(super) retained_bytes: AtomicU64,
    /// Bytes the active segment still takes.
    pub(super) active_room_bytes: AtomicU64,
    /// Groups written and synced.
    pub(super) groups: AtomicU64,
    pub(super) writer_is_gone: AtomicBool,
}

#[derive(Debug)]
pub(super) struct Log {
    /// In LSN order; the last is written to.
    pub(super) segments: VecDeque<Arc<Segment>>,
}

/// Records that are lost, and where the ones after them begin: epoch and offset, if in the same segment.
#[derive(Debug, Clone)]
pub(super) struct Gap {
    pub(super) lsns: RangeInclusive<u64>,
    pub(super) resume: Option<(u64, u64)>,
}

impl Shared {
    /// Takes the segments wholly up to `checkpoint_lsn` out of the log and hands them to the keeper.
    pub(super) fn retire_stored(&self, checkpoint_lsn: u64) -> Result<(), WalError> {
        let is_stored = |segment: &Arc<Segment>| segment.last_lsn() <= checkpoint_lsn;
        if !lock(&self.log).segments.front().is_some_and(is_stored) {
            return Ok(());
        }
        // The mark must say so durably before the bytes go, or a crash would take them for lost.
        let (file, path) = {
            let mark = lock(&self.mark);
            (mark.file(), mark.path.clone())
        };
        file.sync_data().map_err(WalError::io("sync", &path))?;
        let mut log = lock(&self.log);
        while let Some(segment) = log.segments.front().filter(|segment| is_stored(segment)) {
            let path = retired_path(&self.config.dir, segment.epoch);
            self.fs.rename(&segment.path, &path).map_err(WalError::io("rename", &segment.path))?;
            segment.retire();
            self.retained_bytes.fetch_sub(segment.bytes, Ordering::Relaxed);
            log.segments.pop_front();
            self.keeper.retire(path);
        }
        Ok(())
    }
}
