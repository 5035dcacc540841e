//! What can go wrong, in the words of the one who has to act on it.

use std::fmt;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a log could not be opened, checkpointed or closed.
///
/// ```
/// use aop_host::wal::{Wal, WalConfig, WalError};
///
/// let folder = tempfile::tempdir()?;
/// let (_wal, _) = Wal::open(WalConfig::new(folder.path()))?;
/// let second = Wal::open(WalConfig::new(folder.path()));
/// assert!(matches!(second, Err(WalError::Locked { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WalError {
    /// The file system refused an operation.
    #[error("cannot {operation} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        operation: &'static str,
        /// The file or folder it was tried on.
        path: PathBuf,
        /// What the file system answered.
        source: io::Error,
    },
    /// Another process (or another handle of this one) has the folder open.
    #[error("the log in {} is open in another process; a log has one writer", dir.display())]
    Locked {
        /// The log's folder.
        dir: PathBuf,
    },
    /// A setting is outside what the log can work with.
    #[error("{setting} is {value}, but must be {expected}")]
    Config {
        /// The setting's name in [`WalConfig`](super::WalConfig).
        setting: &'static str,
        /// Its value.
        value: u64,
        /// What would be right.
        expected: &'static str,
    },
    /// A segment was written by a version of the format this build does not read.
    #[error("{} has format version {found}; this build reads version {expected}", path.display())]
    Version {
        /// The segment.
        path: PathBuf,
        /// The version in its header.
        found: u32,
        /// The version this build writes.
        expected: u32,
    },
    /// Bytes that were acknowledged cannot be read back.
    #[error("acknowledged records are damaged: {}", list(damage))]
    Damaged {
        /// Every damaged place, in LSN order.
        damage: Vec<Damage>,
    },
    /// A write or sync failed earlier; nothing after it was acknowledged.
    #[error(transparent)]
    Poisoned(#[from] Poison),
}

impl WalError {
    /// An [`WalError::Io`] for `operation` on `path`, made to be used with `map_err`.
    pub(super) fn io(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WalError {
        let path = path.to_path_buf();
        move |source| WalError::Io { operation, path, source }
    }
}

fn list(damage: &[Damage]) -> String {
    let places: Vec<String> = damage.iter().map(Damage::to_string).collect();
    places.join("; ")
}

/// A place in the log whose acknowledged bytes cannot be read back.
///
/// ```
/// use aop_host::wal::Damage;
///
/// let damage = Damage { path: "wal/0000000000000001.seg".into(), bytes: 4096..4200, lsns: Some(1..=2) };
/// assert_eq!(damage.to_string(), "wal/0000000000000001.seg bytes 4096..4200 (LSN 1 to 2)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The segment, or the log's folder when the whole segment is gone.
    pub path: PathBuf,
    /// Offsets in that file; empty when the file is gone.
    pub bytes: Range<u64>,
    /// The records lost there; `None` when only bytes without records were hit (a segment's header, which can be rebuilt).
    pub lsns: Option<RangeInclusive<u64>>,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if self.bytes.is_empty() {
            write!(f, " lacks a segment")?;
        } else {
            write!(f, " bytes {}..{}", self.bytes.start, self.bytes.end)?;
        }
        match &self.lsns {
            Some(lsns) => write!(f, " (LSN {} to {})", lsns.start(), lsns.end()),
            None => write!(f, " (no record)"),
        }
    }
}

/// The first failed write or sync, after which the log acknowledges nothing until it is opened again.
///
/// ```
/// # fn show(poison: &aop_host::wal::Poison) {
/// eprintln!("{poison}"); // cannot sync wal/0000000000000001.seg: …; nothing is acknowledged until the log is opened again
/// # }
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "cannot {operation} {}: {source}; nothing is acknowledged until the log is opened again",
    path.display()
)]
pub struct Poison {
    operation: &'static str,
    path: PathBuf,
    source: Arc<io::Error>,
}

impl Poison {
    pub(super) fn new(operation: &'static str, path: &Path, source: io::Error) -> Poison {
        Poison { operation, path: path.to_path_buf(), source: Arc::new(source) }
    }
}

/// Why a batch was not queued. Nothing of it is in the log.
///
/// ```
/// use aop_host::wal::AppendError;
///
/// fn status(error: &AppendError) -> u16 {
///     match error {
///         AppendError::TooLarge { .. } => 413,
///         _ => 503,
///     }
/// }
/// assert_eq!(status(&AppendError::Full { queued_bytes: 9, queue_bytes_max: 8 }), 503);
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The queue holds as much as it may; try again when a group has been synced.
    #[error("the log's queue holds {queued_bytes} of {queue_bytes_max} bytes")]
    Full {
        /// Bytes queued, reserved and being written.
        queued_bytes: usize,
        /// [`WalConfig::queue_bytes_max`](super::WalConfig).
        queue_bytes_max: usize,
    },
    /// More is waiting to be stored than the log may keep; try again when the worker has caught up.
    #[error("the log keeps {retained_bytes} of {retained_bytes_max} bytes that are not stored yet")]
    Backlog {
        /// Bytes of all segments that are not checkpointed.
        retained_bytes: u64,
        /// [`WalConfig::retained_bytes_max`](super::WalConfig).
        retained_bytes_max: u64,
    },
    /// No further segment can be prepared and the prepared ones are spoken for; resumes by itself when there is space.
    #[error("the log has room for {room_bytes} bytes more and cannot grow: {cause}")]
    NoSpace {
        /// Bytes left in prepared segments.
        room_bytes: u64,
        /// What the file system said.
        cause: String,
    },
    /// A record does not fit into a segment, ever.
    #[error("a record of {record_bytes} bytes is over the log's limit of {record_bytes_max} bytes")]
    TooLarge {
        /// The record's size.
        record_bytes: usize,
        /// The largest that fits.
        record_bytes_max: usize,
    },
    /// The batch holds no record.
    #[error("a batch without records cannot be appended")]
    Empty,
    /// A write or sync failed earlier.
    #[error(transparent)]
    Poisoned(#[from] Poison),
    /// The log was closed.
    #[error("the log is closed")]
    Closed,
}

/// Why a queued record will never be known as durable.
///
/// ```
/// use aop_host::wal::DurabilityError;
///
/// assert_eq!(DurabilityError::Closed.to_string(), "the log was closed before this record was written");
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DurabilityError {
    /// A write or sync failed at or before the record.
    #[error(transparent)]
    Poisoned(#[from] Poison),
    /// The log was closed, and no such record had been queued.
    #[error("the log was closed before this record was written")]
    Closed,
}

/// Why a reader cannot give the next record.
///
/// ```
/// use aop_host::wal::{ReadError, Wal, WalConfig};
///
/// let folder = tempfile::tempdir()?;
/// let (wal, _) = Wal::open(WalConfig::new(folder.path()))?;
/// assert!(matches!(wal.reader(7), Err(ReadError::Ahead { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The record lies below the checkpoint and its segment is gone.
    #[error("LSN {lsn} is no longer in the log; the first kept is {first_lsn}")]
    Retired {
        /// The record asked for.
        lsn: u64,
        /// The first the log still has (or will have).
        first_lsn: u64,
    },
    /// The record asked for first is beyond the next one to be written.
    #[error("LSN {lsn} is ahead of the log; the next to be written is {next_lsn}")]
    Ahead {
        /// The record asked for.
        lsn: u64,
        /// The next one the log will give out.
        next_lsn: u64,
    },
    /// The bytes of a durable record are not what was written.
    #[error("the log is damaged: {0}")]
    Damaged(Damage),
    /// The file system refused a read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The segment.
        path: PathBuf,
        /// What the file system answered.
        source: io::Error,
    },
}
