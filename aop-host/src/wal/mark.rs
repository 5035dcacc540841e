//! The durable mark: which LSNs were acknowledged and which are stored elsewhere, kept apart from the segments.
//!
//! With it, recovery tells a torn tail (never acknowledged, cut) from damage (acknowledged, an error).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::WalError;
use super::frame::{get_u32, get_u64, put_u32, put_u64};
use super::fs::{Fs, WalFile};
use super::segment::FORMAT_VERSION;

pub(super) const MARK_NAME: &str = "mark";
const MAGIC: [u8; 8] = *b"AOPWALMK";
const SLOT_BYTES: usize = 64;
/// Each slot has a block of its own: a torn write spoils one of them.
const SLOT_STRIDE: u64 = 4096;

/// What the mark says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MarkState {
    /// Everything up to here was synced.
    pub(super) durable_lsn: u64,
    /// Everything up to here is stored elsewhere.
    pub(super) checkpoint_lsn: u64,
    /// No segment had a higher epoch when this was written.
    pub(super) epoch: u64,
    /// Written by `close`, with nothing queued.
    pub(super) clean: bool,
}

/// The open mark file.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) path: PathBuf,
    file: Arc<dyn WalFile>,
    sequence: u64,
    pub(super) state: MarkState,
}

/// What was found in the mark file.
#[derive(Debug)]
pub(super) struct FoundMark {
    pub(super) mark: Mark,
    /// Something is written there, and no slot of it can be read.
    pub(super) lost: bool,
}

impl Mark {
    /// Opens the mark of the log in `dir`, or makes an empty one.
    pub(super) fn open(fs: &dyn Fs, dir: &Path) -> Result<FoundMark, WalError> {
        let path = dir.join(MARK_NAME);
        let file = match fs.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = fs.create(&path).map_err(WalError::io("create", &path))?;
                file.write_all_at(&[0; SLOT_BYTES], 0).map_err(WalError::io("write", &path))?;
                file.write_all_at(&[0; SLOT_BYTES], SLOT_STRIDE).map_err(WalError::io("write", &path))?;
                file.sync_data().map_err(WalError::io("sync", &path))?;
                fs.sync_dir(dir).map_err(WalError::io("sync", dir))?;
                file
            }
            Err(error) => return Err(WalError::io("open", &path)(error)),
        };
        let mut best: Option<(u64, MarkState)> = None;
        let mut written = false;
        for slot in 0..2 {
            let mut bytes = [0; SLOT_BYTES];
            file.read_at(&mut bytes, slot * SLOT_STRIDE).map_err(WalError::io("read", &path))?;
            written |= bytes.iter().any(|&byte| byte != 0);
            if let Some(found) = read_slot(&bytes).filter(|found| best.is_none_or(|(sequence, _)| found.0 > sequence)) {
                best = Some(found);
            }
        }
        let lost = written && best.is_none();
        let (sequence, state) = best.unwrap_or_default();
        Ok(FoundMark { mark: Mark { path, file, sequence, state }, lost })
    }

    /// Writes the state into the older slot, without a sync: it survives the process, and what is only in
    /// memory when the machine goes is written again with the next group.
    pub(super) fn write(&mut self) -> io::Result<()> {
        self.sequence += 1;
        let mut bytes = [0; SLOT_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        put_u32(&mut bytes, 8, FORMAT_VERSION);
        put_u32(&mut bytes, 12, u32::from(self.state.clean));
        put_u64(&mut bytes, 16, self.sequence);
        put_u64(&mut bytes, 24, self.state.durable_lsn);
        put_u64(&mut bytes, 32, self.state.checkpoint_lsn);
        put_u64(&mut bytes, 40, self.state.epoch);
        let crc = crc32c::crc32c(&bytes[..60]);
        put_u32(&mut bytes, 60, crc);
        self.file.write_all_at(&bytes, (self.sequence % 2) * SLOT_STRIDE)
    }

    /// Whether any state was ever written; a log that was open once has one.
    pub(super) fn was_written(&self) -> bool {
        self.sequence > 0
    }

    /// The file, to sync it without holding on to the mark.
    pub(super) fn file(&self) -> Arc<dyn WalFile> {
        Arc::clone(&self.file)
    }
}

fn read_slot(bytes: &[u8; SLOT_BYTES]) -> Option<(u64, MarkState)> {
    let is_whole =
        bytes[..8] == MAGIC && get_u32(bytes, 8) == FORMAT_VERSION && get_u32(bytes, 60) == crc32c::crc32c(&bytes[..60]);
    is_whole.then(|| {
        let state = MarkState {
            durable_lsn: get_u64(bytes, 24),
            checkpoint_lsn: get_u64(bytes, 32),
            epoch: get_u64(bytes, 40),
            clean: get_u32(bytes, 12) == 1,
        };
        (get_u64(bytes, 16), state)
    })
}
