//! One segment: a file of fixed length, a header page, then frames with consecutive LSNs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use super::error::WalError;
use super::frame::{get_u32, get_u64, put_u32, put_u64};
use super::fs::{Fs, WalFile};

/// The header has a page of its own, so that no frame shares a block with it.
pub(super) const HEADER_PAGE_BYTES: usize = 4096;
/// The version of segment, frame and mark that this build writes.
pub(super) const FORMAT_VERSION: u32 = 1;
const MAGIC: [u8; 8] = *b"AOPWALSG";
const HEADER_BYTES: usize = 44;
/// How fast zeros are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// As fast as the disk can: somebody waits for them.
    Urgent,
    /// The disk is left to the writer for half of the time.
    Calm,
}

impl Pace {
    /// Zeros are written this much at a time, each synced, so that a group waits for no more than one of them.
    fn chunk_bytes(self) -> u64 {
        match self {
            Pace::Urgent => 8 << 20,
            Pace::Calm => 1 << 20,
        }
    }
}

/// A segment that holds (or is about to hold) records.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) epoch: u64,
    pub(super) first_lsn: u64,
    pub(super) path: PathBuf,
    pub(super) file: Arc<dyn WalFile>,
    pub(super) bytes: u64,
    /// The last LSN in it, `u64::MAX` as long as it is written to.
    last_lsn: AtomicU64,
    /// Where its durable frames end; set before the durable LSN moves.
    end: AtomicU64,
    /// Set before its bytes are overwritten, so that a late reader knows why they are not there.
    retired: AtomicBool,
}

impl Segment {
    pub(super) fn new(spare: Spare, first_lsn: u64) -> Segment {
        Segment {
            epoch: spare.epoch,
            first_lsn,
            path: spare.path,
            file: spare.file,
            bytes: spare.bytes,
            last_lsn: AtomicU64::new(u64::MAX),
            end: AtomicU64::new(HEADER_PAGE_BYTES as u64),
            retired: AtomicBool::new(false),
        }
    }

    pub(super) fn seal(&self, last_lsn: u64) {
        self.last_lsn.store(last_lsn, Ordering::Release);
    }

    pub(super) fn last_lsn(&self) -> u64 {
        self.last_lsn.load(Ordering::Acquire)
    }

    pub(super) fn set_end(&self, end: u64) {
        self.end.store(end, Ordering::Release);
    }

    pub(super) fn end(&self) -> u64 {
        self.end.load(Ordering::Acquire)
    }

    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
    }

    pub(super) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }
}

/// A file full of zeros under a segment's name, waiting to be written to.
#[derive(Debug)]
pub(super) struct Spare {
    pub(super) epoch: u64,
    pub(super) path: PathBuf,
    pub(super) file: Arc<dyn WalFile>,
    pub(super) bytes: u64,
}

/// What a segment's header page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    pub(super) version: u32,
    pub(super) epoch: u64,
    pub(super) first_lsn: u64,
    pub(super) segment_bytes: u64,
}

impl SegmentHeader {
    /// Appends the header page to `page`.
    pub(super) fn write(&self, page: &mut Vec<u8>) {
        let start = page.len();
        page.resize(start + HEADER_PAGE_BYTES, 0);
        let header = &mut page[start..];
        header[..8].copy_from_slice(&MAGIC);
        put_u32(header, 8, self.version);
        put_u32(header, 12, HEADER_PAGE_BYTES as u32);
        put_u64(header, 16, self.epoch);
        put_u64(header, 24, self.first_lsn);
        put_u64(header, 32, self.segment_bytes);
        let crc = crc32c::crc32c(&header[..40]);
        put_u32(header, 40, crc);
    }

    /// Reads the header page; `None` when it is not there or damaged.
    pub(super) fn read(page: &[u8]) -> Option<SegmentHeader> {
        let header = page.get(..HEADER_BYTES)?;
        let is_whole = header[..8] == MAGIC && get_u32(header, 40) == crc32c::crc32c(&header[..40]);
        is_whole.then(|| SegmentHeader {
            version: get_u32(header, 8),
            epoch: get_u64(header, 16),
            first_lsn: get_u64(header, 24),
            segment_bytes: get_u64(header, 32),
        })
    }
}

/// What a file in the log's folder is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A segment, written or spare.
    Segment(u64),
    /// A new file whose zeros are not all there yet.
    Unfinished,
    /// A retired segment whose bytes are not all overwritten yet.
    Retired,
    /// Not a segment.
    Other,
}

impl FileKind {
    pub(super) fn of(name: &str) -> FileKind {
        match name.split_once('.') {
            Some((epoch, "seg")) if epoch.len() == 16 => match u64::from_str_radix(epoch, 16) {
                Ok(epoch) => FileKind::Segment(epoch),
                Err(_) => FileKind::Other,
            },
            Some((_, "new")) => FileKind::Unfinished,
            Some((_, "old")) => FileKind::Retired,
            _ => FileKind::Other,
        }
    }
}

/// The name of a segment, written or spare.
pub(super) fn segment_path(dir: &Path, epoch: u64) -> PathBuf {
    dir.join(format!("{epoch:016x}.seg"))
}

/// The name of a retired segment until its bytes are overwritten.
pub(super) fn retired_path(dir: &Path, epoch: u64) -> PathBuf {
    dir.join(format!("{epoch:016x}.old"))
}

/// Makes a new file of zeros and gives it its segment's name, both durable.
pub(super) fn create_spare(fs: &dyn Fs, dir: &Path, epoch: u64, bytes: u64, pace: Pace) -> Result<Spare, WalError> {
    let unfinished = dir.join(format!("{epoch:016x}.new"));
    let made = fs.create(&unfinished).map_err(WalError::io("create", &unfinished)).and_then(|file| {
        file.allocate(bytes).map_err(WalError::io("allocate", &unfinished))?;
        write_zeros(&*file, 0, bytes, pace).map_err(WalError::io("fill with zeros", &unfinished))?;
        Ok(file)
    });
    let file = match made {
        Ok(file) => file,
        Err(error) => {
            // The half-made file would keep the space others wait for; that it cannot be removed is the lesser news.
            let _ = fs.remove(&unfinished);
            return Err(error);
        }
    };
    let path = segment_path(dir, epoch);
    fs.rename(&unfinished, &path).map_err(WalError::io("rename", &unfinished))?;
    fs.sync_dir(dir).map_err(WalError::io("sync", dir))?;
    Ok(Spare { epoch, path, file, bytes })
}

/// Overwrites a retired file with zeros, so that no record's text stays on disk.
pub(super) fn scrub(fs: &dyn Fs, path: &Path, pace: Pace) -> Result<(Arc<dyn WalFile>, u64), WalError> {
    let file = fs.open(path).map_err(WalError::io("open", path))?;
    let bytes = file.byte_len().map_err(WalError::io("measure", path))?;
    write_zeros(&*file, 0, bytes, pace).map_err(WalError::io("scrub", path))?;
    Ok((file, bytes))
}

/// Gives a scrubbed file the name of a segment to come.
pub(super) fn reuse(
    fs: &dyn Fs,
    dir: &Path,
    epoch: u64,
    scrubbed: &Path,
    file: Arc<dyn WalFile>,
    bytes: u64,
) -> Result<Spare, WalError> {
    let path = segment_path(dir, epoch);
    fs.rename(scrubbed, &path).map_err(WalError::io("rename", scrubbed))?;
    fs.sync_dir(dir).map_err(WalError::io("sync", dir))?;
    Ok(Spare { epoch, path, file, bytes })
}

/// Writes zeros from `start` to `end` and syncs them.
pub(super) fn write_zeros(file: &dyn WalFile, start: u64, end: u64, pace: Pace) -> io::Result<()> {
    let zeros = vec![0; pace.chunk_bytes().min(end.saturating_sub(start)) as usize];
    let mut offset = start;
    while offset < end {
        let length = (end - offset).min(zeros.len() as u64);
        let began = Instant::now();
        file.write_all_at(&zeros[..length as usize], offset)?;
        file.sync_data()?;
        if pace == Pace::Calm {
            thread::sleep(began.elapsed());
        }
        offset += length;
    }
    Ok(())
}
