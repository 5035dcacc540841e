//! Reads one segment's bytes and says which frames are whole, which are not, and where they end. Pure: no files.

use std::ops::{Range, RangeInclusive};

use super::frame::{ALIGNMENT, HEADER_BYTES, Header, frame_len};
use super::segment::HEADER_PAGE_BYTES;

/// What a segment's bytes hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    /// Whole frames.
    pub(super) records: u64,
    /// The LSN after the last whole frame, or the expected one when there is none.
    pub(super) next_lsn: u64,
    /// Where the last whole frame ends.
    pub(super) end: usize,
    /// The highest LSN that a frame says was durable before it.
    pub(super) durable_lsn: u64,
    /// Where the frames of the last group begin: what may not have been synced lies from here on.
    pub(super) last_group: usize,
    /// Broken places that have a whole frame behind them.
    pub(super) holes: Vec<Hole>,
    /// Bytes behind `end`, up to the last that is not zero.
    pub(super) tail: Range<usize>,
}

/// A broken place between whole frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) bytes: Range<usize>,
    pub(super) lsns: RangeInclusive<u64>,
}

/// Reads the frames of `epoch` in a segment's `bytes`, the first of which should have the LSN `expected`.
pub(super) fn scan(bytes: &[u8], epoch: u64, expected: u64) -> Scan {
    let start = HEADER_PAGE_BYTES.min(bytes.len());
    let mut scan = Scan {
        records: 0,
        next_lsn: expected,
        end: start,
        durable_lsn: 0,
        last_group: start,
        holes: Vec::new(),
        tail: start..start,
    };
    let mut at = start;
    while let Some((offset, header)) = next_frame(bytes, at, epoch, scan.next_lsn) {
        if header.lsn != scan.next_lsn {
            scan.holes.push(Hole { bytes: scan.end..offset, lsns: scan.next_lsn..=header.lsn - 1 });
        }
        if scan.records == 0 || header.durable_lsn != scan.durable_lsn {
            scan.last_group = offset;
        }
        scan.durable_lsn = scan.durable_lsn.max(header.durable_lsn);
        scan.records += 1;
        scan.next_lsn = header.lsn.saturating_add(1);
        scan.end = offset + header.frame_len();
        at = scan.end;
    }
    scan.end = scan.end.min(bytes.len());
    scan.tail = scan.end..used_len(bytes).max(scan.end);
    scan
}

/// How much of the bytes is before the zeros at their end.
fn used_len(bytes: &[u8]) -> usize {
    const ZEROS: [u8; 4096] = [0; 4096];
    let mut len = bytes.len();
    // whole pages first: most of a segment is zeros, and comparing slices is fast in every build
    while bytes[..len].ends_with(&ZEROS) {
        len -= ZEROS.len();
    }
    bytes[..len].iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)
}

/// The first whole frame from `at` on that can be the one with LSN `expected` or a later one.
fn next_frame(bytes: &[u8], at: usize, epoch: u64, expected: u64) -> Option<(usize, Header)> {
    let mut from = at;
    if let Some(header) = bytes.get(at..).and_then(|frame| Header::read(frame, epoch))
        && header.lsn == expected
    {
        if header.body(&bytes[at..]).is_some() {
            return Some((at, header));
        }
        // Its length can be trusted, so nothing inside its broken body is taken for a frame.
        from = at + header.frame_len();
    }
    let last = bytes.len().checked_sub(HEADER_BYTES)?;
    (from..=last).step_by(ALIGNMENT).find_map(|offset| {
        let header = Header::read(&bytes[offset..], epoch)?;
        // A frame so far on that the skipped bytes cannot have held those between is not ours.
        let skipped = header.lsn.checked_sub(expected).filter(|&skipped| skipped > 0)?;
        let is_possible = skipped <= ((offset - at) / frame_len(0)) as u64;
        (is_possible && header.body(&bytes[offset..]).is_some()).then_some((offset, header))
    })
}
