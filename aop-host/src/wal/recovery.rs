//! Opening: what the folder holds is read in full, judged against the durable mark, and only then repaired.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::config::{DamagePolicy, WalConfig};
use super::error::{Damage, WalError};
use super::frame::Header;
use super::fs::{Fs, WalFile};
use super::judge::judge;
use super::mark::Mark;
use super::repair::repair;
use super::scan::{Scan, scan};
use super::segment::{FORMAT_VERSION, FileKind, HEADER_PAGE_BYTES, Segment, SegmentHeader, Spare, retired_path};
use super::shared::Gap;
use super::writer::Active;

/// What opening a log found.
///
/// ```
/// use aop_host::wal::{Wal, WalConfig};
///
/// let folder = tempfile::tempdir()?;
/// let (_wal, recovery) = Wal::open(WalConfig::new(folder.path()))?;
/// assert_eq!((recovery.first_lsn, recovery.next_lsn), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The first LSN that is still kept; equal to `next_lsn` when none is.
    pub first_lsn: u64,
    /// The LSN the next record gets.
    pub next_lsn: u64,
    /// What the last checkpoint said is stored elsewhere.
    pub checkpoint_lsn: u64,
    /// Whole records found, those below the checkpoint included.
    pub records: u64,
    /// Bytes of segments read.
    pub bytes: u64,
    /// Segments with records.
    pub segments: usize,
    /// Whether the last stop was a [`Wal::close`](super::Wal::close).
    pub clean: bool,
    /// The end of a group that was never acknowledged, cut off.
    pub torn: Option<TornTail>,
    /// Acknowledged bytes that are lost: with [`DamagePolicy::Refuse`] only below the checkpoint or without records.
    pub damage: Vec<Damage>,
    /// The durable mark itself was unreadable, so that damage in the last group cannot be told from a torn tail.
    pub mark_lost: bool,
}

/// Where a group that was never acknowledged was cut off.
///
/// ```
/// # fn show(torn: &aop_host::wal::TornTail) {
/// eprintln!("cut {} bytes at {} of {}", torn.bytes.end - torn.bytes.start, torn.bytes.start, torn.path.display());
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The segment.
    pub path: PathBuf,
    /// The offsets that were overwritten with zeros.
    pub bytes: Range<u64>,
}

/// What the log is built from after recovery.
pub(super) struct Recovered {
    pub(super) recovery: Recovery,
    pub(super) segments: VecDeque<Arc<Segment>>,
    pub(super) gaps: Vec<Gap>,
    pub(super) active: Option<Active>,
    pub(super) spares: VecDeque<Spare>,
    pub(super) retired: VecDeque<PathBuf>,
    pub(super) mark: Mark,
    pub(super) epoch: u64,
}

/// A file with a segment's name.
pub(super) struct Found {
    pub(super) epoch: u64,
    pub(super) path: PathBuf,
    pub(super) file: Arc<dyn WalFile>,
    pub(super) file_bytes: u64,
    /// The header's facts; made up from the frames when the header is broken and frames are whole.
    pub(super) header: SegmentHeader,
    pub(super) header_is_broken: bool,
    pub(super) scan: Scan,
    /// Whether it was ever written to: it has a whole header or a whole frame.
    pub(super) is_used: bool,
}

pub(super) fn recover(fs: &Arc<dyn Fs>, config: &WalConfig) -> Result<Recovered, WalError> {
    let dir = &config.dir;
    let names = fs.list(dir).map_err(WalError::io("list", dir))?;
    let found_mark = Mark::open(&**fs, dir)?;
    let mark = found_mark.mark;
    let mut retired = VecDeque::new();
    let mut unfinished = Vec::new();
    let mut epochs = Vec::new();
    for name in &names {
        match FileKind::of(name) {
            FileKind::Segment(epoch) => epochs.push(epoch),
            FileKind::Unfinished => unfinished.push(dir.join(name)),
            FileKind::Retired => retired.push_back(dir.join(name)),
            FileKind::Other => {}
        }
    }
    epochs.sort_unstable();
    let epoch = epochs.last().copied().unwrap_or(0).max(mark.state.epoch);
    let mut found = read_segments(&**fs, config, &epochs, mark.state.checkpoint_lsn)?;

    let mark_lost = found_mark.lost || (!mark.was_written() && found.iter().any(|found| found.is_used));
    let verdict = judge(config, &found, &mark, mark_lost);
    let is_lost = |damage: &Damage| damage.lsns.as_ref().is_some_and(|lsns| *lsns.end() > mark.state.checkpoint_lsn);
    if config.damage == DamagePolicy::Refuse && verdict.damage.iter().any(is_lost) {
        return Err(WalError::Damaged { damage: verdict.damage.into_iter().filter(is_lost).collect() });
    }

    // Up to here nothing but the mark's own file was touched.
    for path in unfinished {
        fs.remove(&path).map_err(WalError::io("remove", &path))?;
    }
    let torn = repair(&mut found, &verdict)?;
    let mut recovery = Recovery {
        first_lsn: verdict.next_lsn,
        next_lsn: verdict.next_lsn,
        checkpoint_lsn: mark.state.checkpoint_lsn,
        records: 0,
        bytes: found.iter().map(|found| found.file_bytes).sum(),
        segments: 0,
        clean: mark.state.clean,
        torn,
        damage: verdict.damage,
        mark_lost,
    };
    let mut segments = VecDeque::new();
    let mut spares = VecDeque::new();
    let mut active = None;
    let last_used = found.iter().rposition(|found| found.is_used);
    for (index, found) in found.into_iter().enumerate() {
        if !found.is_used {
            let is_next = last_used.is_none_or(|last| index > last);
            if is_next && found.file_bytes == config.segment_bytes {
                let Found { epoch, path, file, file_bytes: bytes, .. } = found;
                spares.push_back(Spare { epoch, path, file, bytes });
            } else {
                let path = retired_path(dir, found.epoch);
                fs.rename(&found.path, &path).map_err(WalError::io("rename", &found.path))?;
                retired.push_back(path);
            }
            continue;
        }
        recovery.records += found.scan.records;
        recovery.segments += 1;
        let is_last = last_used == Some(index);
        let (first_lsn, last_lsn, end) = (found.header.first_lsn, found.scan.next_lsn - 1, found.scan.end as u64);
        let is_whole = found.file_bytes == found.header.segment_bytes;
        let spare = Spare { epoch: found.epoch, path: found.path, file: found.file, bytes: found.file_bytes };
        let segment = Arc::new(Segment::new(spare, first_lsn));
        segment.set_end(end);
        if is_last && is_whole && last_lsn + 1 == verdict.next_lsn {
            active = Some(Active { segment: Arc::clone(&segment), offset: end });
        } else {
            segment.seal(last_lsn);
        }
        segments.push_back(segment);
    }
    Ok(Recovered { recovery, segments, gaps: verdict.gaps, active, spares, retired, mark, epoch })
}

/// Reads every file with a segment's name, in epoch order.
fn read_segments(fs: &dyn Fs, config: &WalConfig, epochs: &[u64], checkpoint_lsn: u64) -> Result<Vec<Found>, WalError> {
    let mut bytes = Vec::new();
    let mut expected: Option<u64> = None;
    let mut all = Vec::with_capacity(epochs.len());
    for &epoch in epochs {
        let path = super::segment::segment_path(&config.dir, epoch);
        let file = fs.open(&path).map_err(WalError::io("open", &path))?;
        let file_bytes = file.byte_len().map_err(WalError::io("measure", &path))?;
        bytes.resize(file_bytes as usize, 0);
        let read = file.read_at(&mut bytes, 0).map_err(WalError::io("read", &path))?;
        bytes.truncate(read);
        let header = SegmentHeader::read(&bytes);
        if let Some(header) = header.filter(|header| header.version != FORMAT_VERSION) {
            return Err(WalError::Version { path, found: header.version, expected: FORMAT_VERSION });
        }
        let header = header.filter(|header| header.epoch == epoch);
        // A broken header's first LSN follows from the segment before, or else from the first frame.
        let first_frame = bytes.get(HEADER_PAGE_BYTES..).and_then(|frames| Header::read(frames, epoch));
        let first_lsn = header
            .map(|header| header.first_lsn)
            .or(expected)
            .or(first_frame.map(|frame| frame.lsn))
            .unwrap_or(checkpoint_lsn + 1);
        let scan = scan(&bytes, epoch, first_lsn);
        let is_used = header.is_some() || scan.records > 0;
        if is_used {
            expected = Some(scan.next_lsn);
        }
        all.push(Found {
            epoch,
            path,
            file,
            file_bytes,
            header: header.unwrap_or(SegmentHeader { version: FORMAT_VERSION, epoch, first_lsn, segment_bytes: file_bytes }),
            header_is_broken: header.is_none(),
            scan,
            is_used,
        });
    }
    Ok(all)
}
