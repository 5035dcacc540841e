//! How a log works, as its opener wants it.

use std::path::PathBuf;

use super::error::WalError;
use super::frame::frame_len;
use super::segment::HEADER_PAGE_BYTES;

const SEGMENT_BYTES_MIN: u64 = 8 << 10;
const SEGMENT_BYTES_MAX: u64 = 1 << 30;

/// How the log works.
///
/// ```
/// use aop_host::wal::WalConfig;
///
/// let config = WalConfig { segment_bytes: 16 << 20, ..WalConfig::new("data/wal") };
/// assert_eq!(config.queue_bytes_max, 64 << 20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalConfig {
    /// The log's folder, made if it is not there. It belongs to the log alone.
    pub dir: PathBuf,
    /// Bytes of a segment file (64 MiB), a multiple of 4096; a record must fit into one.
    pub segment_bytes: u64,
    /// Bytes that may wait to become durable (64 MiB), reservations included.
    pub queue_bytes_max: usize,
    /// Bytes written and synced at once (4 MiB), unless one batch is larger.
    pub group_bytes_max: usize,
    /// Bytes of segments that may wait to be checkpointed (8 GiB).
    pub retained_bytes_max: u64,
    /// Whether a sync is a sync.
    pub sync: SyncMode,
    /// What to do when acknowledged records are damaged.
    pub damage: DamagePolicy,
}

impl WalConfig {
    /// The defaults, for a log in `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> WalConfig {
        WalConfig {
            dir: dir.into(),
            segment_bytes: 64 << 20,
            queue_bytes_max: 64 << 20,
            group_bytes_max: 4 << 20,
            retained_bytes_max: 8 << 30,
            sync: SyncMode::Data,
            damage: DamagePolicy::Refuse,
        }
    }

    pub(super) fn check(&self) -> Result<(), WalError> {
        let is_right = (SEGMENT_BYTES_MIN..=SEGMENT_BYTES_MAX).contains(&self.segment_bytes)
            && self.segment_bytes.is_multiple_of(HEADER_PAGE_BYTES as u64);
        if is_right {
            return Ok(());
        }
        Err(WalError::Config {
            setting: "segment_bytes",
            value: self.segment_bytes,
            expected: "a multiple of 4096 from 8192 to 1073741824",
        })
    }

    /// The largest record that fits into a segment.
    pub(super) fn record_bytes_max(&self) -> usize {
        self.segment_bytes as usize - HEADER_PAGE_BYTES - frame_len(0)
    }
}

/// Whether acknowledged means synced.
///
/// ```
/// assert_eq!(aop_host::wal::SyncMode::default(), aop_host::wal::SyncMode::Data);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SyncMode {
    /// `fdatasync` before a record counts as durable.
    #[default]
    Data,
    /// No sync at all: **acknowledged records are lost with the machine**. It exists so that benches can tell what the sync costs.
    NeverForBenchesOnly,
}

/// What opening does about damage to acknowledged records that are not checkpointed.
///
/// ```
/// assert_eq!(aop_host::wal::DamagePolicy::default(), aop_host::wal::DamagePolicy::Refuse);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DamagePolicy {
    /// Do not open; say where, and leave the bytes alone.
    #[default]
    Refuse,
    /// Open without the damaged records, and say which they are.
    Skip,
}
