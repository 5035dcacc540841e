//! Gives out durable records in LSN order, following the writer.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::error::{Damage, DurabilityError, ReadError};
use super::frame::{HEADER_BYTES, Header};
use super::lock;
use super::segment::{HEADER_PAGE_BYTES, Segment};
use super::shared::Shared;

/// How much is read from a segment at once.
const CHUNK_BYTES: u64 = 1 << 20;

/// A position in the log that moves over durable records only.
///
/// ```
/// use std::time::Duration;
/// use aop_host::wal::{Batch, Wal, WalConfig};
///
/// let folder = tempfile::tempdir()?;
/// let (wal, _) = Wal::open(WalConfig::new(folder.path()))?;
/// wal.append(Batch::from_iter(["one", "two"]))?.durable.wait()?;
/// let mut reader = wal.reader(1)?;
/// while let Some((lsn, record)) = reader.next()? {
///     println!("{lsn} is {} bytes", record.len());
/// }
/// assert!(!reader.wait(Duration::ZERO)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct WalReader {
    shared: Arc<Shared>,
    next_lsn: u64,
    place: Option<Place>,
    /// Durable bytes of the place's segment.
    buffer: Vec<u8>,
    buffer_start: u64,
}

/// The frame to look at next, which may lie before the one that is wanted.
#[derive(Debug)]
struct Place {
    segment: Arc<Segment>,
    offset: u64,
    lsn: u64,
}

impl WalReader {
    pub(super) fn new(shared: Arc<Shared>, next_lsn: u64) -> WalReader {
        WalReader { shared, next_lsn, place: None, buffer: Vec::new(), buffer_start: 0 }
    }

    /// The LSN of the record that [`WalReader::next`] gives next (or a later one, when that one is lost).
    #[must_use]
    pub fn next_lsn(&self) -> u64 {
        self.next_lsn
    }

    /// Blocks until a record is there or `timeout` has passed, and says whether one is.
    ///
    /// # Errors
    /// When the log was poisoned or closed and all its durable records have been read.
    pub fn wait(&self, timeout: Duration) -> Result<bool, DurabilityError> {
        self.shared.waiters.durable(self.next_lsn).wait_timeout(timeout).map_or(Ok(false), |outcome| outcome.map(|()| true))
    }

    /// The next durable record and its LSN, without waiting; `None` when there is none yet.
    ///
    /// Records lost to damage that was skipped when the log was opened are left out; the LSN shows it.
    ///
    /// # Errors
    /// When the record was checkpointed away meanwhile, or cannot be read back.
    #[expect(clippy::should_implement_trait, reason = "the record is lent, which an Iterator cannot do")]
    pub fn next(&mut self) -> Result<Option<(u64, &[u8])>, ReadError> {
        loop {
            if self.next_lsn > self.shared.waiters.durable_lsn() {
                return Ok(None);
            }
            let Some((lsn, body)) = self.step()? else {
                continue;
            };
            self.next_lsn = lsn + 1;
            return Ok(Some((lsn, &self.buffer[body])));
        }
    }

    /// Goes one frame on; gives the LSN and body (in the buffer) if it is the wanted one.
    fn step(&mut self) -> Result<Option<(u64, Range<usize>)>, ReadError> {
        let place = match self.place.take() {
            Some(place) if place.lsn <= place.segment.last_lsn() => place,
            _ => match self.locate()? {
                Some(place) => place,
                None => return Ok(None),
            },
        };
        if let Some((after, resume)) = self.gap_at(place.lsn) {
            self.next_lsn = self.next_lsn.max(after);
            if let Some((_, offset)) = resume.filter(|(epoch, _)| *epoch == place.segment.epoch) {
                self.place = Some(Place { offset, lsn: after, ..place });
            }
            return Ok(None);
        }
        let header = self.load(&place, HEADER_BYTES as u64).and_then(|bytes| Header::read(bytes, place.segment.epoch));
        let Some(header) = header.filter(|header| header.lsn == place.lsn) else {
            return Err(self.unreadable(&place));
        };
        let is_wanted = place.lsn == self.next_lsn;
        let unpadded = (HEADER_BYTES + header.length) as u64;
        if is_wanted && self.load(&place, unpadded).and_then(|bytes| header.body(bytes)).is_none() {
            return Err(self.unreadable(&place));
        }
        let body_start = (place.offset - self.buffer_start) as usize + HEADER_BYTES;
        let lsn = place.lsn;
        self.place = Some(Place { offset: place.offset + header.frame_len() as u64, lsn: lsn + 1, ..place });
        Ok(is_wanted.then_some((lsn, body_start..body_start + header.length)))
    }

    /// The start of the segment that holds the wanted record; `None` after stepping over a gap.
    fn locate(&mut self) -> Result<Option<Place>, ReadError> {
        if let Some((after, None)) = self.gap_at(self.next_lsn) {
            self.next_lsn = after;
            return Ok(None);
        }
        self.buffer.clear();
        let log = lock(&self.shared.log);
        let segment = log.segments.iter().find(|segment| segment.last_lsn() >= self.next_lsn);
        match segment {
            Some(segment) if segment.first_lsn <= self.next_lsn => {
                let segment = Arc::clone(segment);
                Ok(Some(Place { lsn: segment.first_lsn, offset: HEADER_PAGE_BYTES as u64, segment }))
            }
            Some(segment) => Err(ReadError::Retired { lsn: self.next_lsn, first_lsn: segment.first_lsn }),
            None => Err(ReadError::Retired { lsn: self.next_lsn, first_lsn: self.shared.waiters.durable_lsn() + 1 }),
        }
    }

    /// The LSN after the gap that `lsn` lies in, and where the frames go on in its segment.
    fn gap_at(&self, lsn: u64) -> Option<(u64, Option<(u64, u64)>)> {
        let gap = self.shared.gaps.iter().find(|gap| gap.lsns.contains(&lsn))?;
        Some((gap.lsns.end() + 1, gap.resume))
    }

    /// At least `length` durable bytes from the place's offset on; `None` when the segment has not so many or cannot be read.
    fn load(&mut self, place: &Place, length: u64) -> Option<&[u8]> {
        let end = place.segment.end();
        if place.offset + length > end {
            return None;
        }
        let buffered = self.buffer_start..self.buffer_start + self.buffer.len() as u64;
        let is_buffered = buffered.contains(&place.offset) && place.offset + length <= buffered.end;
        if !is_buffered {
            let wanted = (end - place.offset).min(CHUNK_BYTES.max(length));
            self.buffer.resize(wanted as usize, 0);
            self.buffer_start = place.offset;
            let read = place.segment.file.read_at(&mut self.buffer, place.offset);
            self.buffer.truncate(*read.as_ref().unwrap_or(&0));
        }
        let start = (place.offset - self.buffer_start) as usize;
        self.buffer.get(start..).filter(|bytes| bytes.len() as u64 >= length)
    }

    fn unreadable(&self, place: &Place) -> ReadError {
        let segment = &place.segment;
        if segment.is_retired() {
            let first_lsn = lock(&self.shared.log).segments.front().map_or(place.lsn, |first| first.first_lsn);
            return ReadError::Retired { lsn: self.next_lsn, first_lsn };
        }
        // Read once more, to tell a file system that fails from bytes that are wrong.
        let mut header = [0; HEADER_BYTES];
        if let Err(source) = segment.file.read_at(&mut header, place.offset) {
            return ReadError::Io { path: segment.path.clone(), source };
        }
        let length = Header::read(&header, segment.epoch).map_or(HEADER_BYTES, |header| header.frame_len());
        ReadError::Damaged(Damage {
            path: segment.path.clone(),
            bytes: place.offset..place.offset + length as u64,
            lsns: Some(place.lsn..=place.lsn),
        })
    }
}
