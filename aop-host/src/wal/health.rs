//! The state of a log, for those who watch it.

use super::error::Poison;

/// How the log is.
///
/// ```
/// use aop_host::wal::{Condition, Wal, WalConfig};
///
/// let folder = tempfile::tempdir()?;
/// let (wal, _) = Wal::open(WalConfig::new(folder.path()))?;
/// assert!(matches!(wal.health().condition, Condition::Open));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Health {
    /// Whether it takes records.
    pub condition: Condition,
    /// The last durable record.
    pub durable_lsn: u64,
    /// The LSN the next record gets.
    pub next_lsn: u64,
    /// What is known to be stored elsewhere.
    pub checkpoint_lsn: u64,
    /// Groups written and synced since the log was opened.
    pub groups: u64,
    /// Bytes queued or being written.
    pub queued_bytes: usize,
    /// Bytes set aside by reservations.
    pub reserved_bytes: usize,
    /// Segments with records that are not all checkpointed, and the one written to.
    pub segments: usize,
    /// Their bytes.
    pub retained_bytes: u64,
    /// Prepared segments.
    pub spares: usize,
    /// Drained segments whose bytes are not overwritten yet.
    pub retired: usize,
    /// Why no segment can be prepared or overwritten at the moment, such as a full disk.
    pub housekeeping_failure: Option<String>,
}

/// Whether a log takes records.
///
/// ```
/// # fn ready(wal: &aop_host::wal::Wal) -> bool {
/// matches!(wal.health().condition, aop_host::wal::Condition::Open)
/// # }
/// ```
#[derive(Debug, Clone)]
pub enum Condition {
    /// It does.
    Open,
    /// It was closed.
    Closed,
    /// A write or sync failed.
    Poisoned(Poison),
}
