//! The one thread that writes: everything queued in one write, one sync, then the durable LSN moves.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::error::{DurabilityError, Poison};
use super::frame::{Stamp, framed_len, stamp};
use super::lock;
use super::queue::{Gather, Queued, Stop};
use super::segment::{FORMAT_VERSION, HEADER_PAGE_BYTES, Segment, SegmentHeader};
use super::shared::Shared;

/// The part of a sync's time that the next group waits for those the last one acknowledged.
const GATHER_SHARE: u32 = 2;
/// And at most so long, when one sync was slow and not all come back.
const GATHER_MAX: Duration = Duration::from_millis(1);

/// A batch of this size is written from where it lies: to copy it costs more than a call of its own.
const DIRECT_BYTES_MIN: usize = 32 << 10;

/// Where the next group goes.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) segment: Arc<Segment>,
    /// Where in the segment the next byte is written.
    pub(super) offset: u64,
}

impl Active {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Poison> {
        let segment = &self.segment;
        let written = segment.file.write_all_at(bytes, self.offset);
        written.map_err(|error| Poison::new("write to", &segment.path, error))?;
        self.offset += bytes.len() as u64;
        Ok(())
    }
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    active: Option<Active>,
    /// Stamped frames that are not written yet.
    buffer: Vec<u8>,
    /// Bytes of frames that are not durable yet.
    frame_bytes: usize,
    /// What the last sync took.
    sync_time: Duration,
    /// The last LSN that was copied or written.
    last_lsn: u64,
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, active: Option<Active>) -> Writer {
        let last_lsn = shared.waiters.durable_lsn();
        Writer { shared, active, buffer: Vec::new(), frame_bytes: 0, sync_time: Duration::ZERO, last_lsn }
    }

    /// Works until the log is closed and drained, or a write or sync fails.
    pub(super) fn run(mut self) {
        let mut group = Vec::new();
        let mut gather = Gather { returning: 0, until: Instant::now() };
        while self.shared.queue.take(&mut group, self.shared.config.group_bytes_max, gather) {
            let returning = group.len();
            if let Err(poison) = self.commit(&mut group) {
                self.shared.queue.stop(Stop::Poisoned(poison.clone()));
                self.shared.waiters.end(DurabilityError::Poisoned(poison));
                return;
            }
            gather = Gather { returning, until: Instant::now() + (self.sync_time / GATHER_SHARE).min(GATHER_MAX) };
        }
        self.shared.waiters.end(match self.write_clean_mark() {
            Ok(()) => DurabilityError::Closed,
            Err(poison) => {
                self.shared.queue.stop(Stop::Poisoned(poison.clone()));
                DurabilityError::Poisoned(poison)
            }
        });
    }

    fn commit(&mut self, group: &mut Vec<Queued>) -> Result<(), Poison> {
        for mut queued in group.drain(..) {
            if queued.frames.len() >= DIRECT_BYTES_MIN && self.has_room(queued.frames.len()) {
                self.write_directly(&mut queued)?;
                continue;
            }
            let mut lsn = queued.first_lsn;
            let mut frames = &queued.frames[..];
            while !frames.is_empty() {
                let (frame, rest) = frames.split_at(framed_len(frames));
                self.make_room(frame.len(), lsn)?;
                self.copy(frame, lsn);
                frames = rest;
                lsn += 1;
            }
        }
        self.flush()
    }

    /// Whether the active segment takes `bytes` more.
    fn has_room(&self, bytes: usize) -> bool {
        let taken = (self.buffer.len() + bytes) as u64;
        self.active.as_ref().is_some_and(|active| active.offset + taken <= active.segment.bytes)
    }

    /// Writes a batch that is large enough from where it lies, behind what was copied before it.
    fn write_directly(&mut self, queued: &mut Queued) -> Result<(), Poison> {
        self.write_buffer()?;
        let Some(active) = &mut self.active else { return Ok(()) };
        let (epoch, durable_lsn) = (active.segment.epoch, self.shared.waiters.durable_lsn());
        self.last_lsn = queued.first_lsn - 1;
        let mut frames = &mut queued.frames[..];
        while !frames.is_empty() {
            self.last_lsn += 1;
            stamp(frames, Stamp { lsn: self.last_lsn, epoch, durable_lsn });
            frames = frames.split_at_mut(framed_len(frames)).1;
        }
        active.write(&queued.frames)?;
        self.frame_bytes += queued.frames.len();
        Ok(())
    }

    /// Sees that the active segment takes `bytes` more, going on to the next one if not.
    fn make_room(&mut self, bytes: usize, first_lsn: u64) -> Result<(), Poison> {
        if self.has_room(bytes) {
            return Ok(());
        }
        self.flush()?;
        let shared = &self.shared;
        let spare = shared
            .keeper
            .take_spare()
            .map_err(|failure| Poison::new("prepare a segment in", &shared.config.dir, io::Error::other(failure)))?;
        let segment = Arc::new(Segment::new(spare, first_lsn));
        let header =
            SegmentHeader { version: FORMAT_VERSION, epoch: segment.epoch, first_lsn, segment_bytes: segment.bytes };
        // The header goes out with the first group, in one write and one sync: until then the file is a spare.
        header.write(&mut self.buffer);
        let mut log = lock(&shared.log);
        if let Some(active) = &self.active {
            active.segment.seal(self.last_lsn);
        }
        log.segments.push_back(Arc::clone(&segment));
        drop(log);
        self.shared.retained_bytes.fetch_add(segment.bytes, Ordering::Relaxed);
        self.active = Some(Active { segment, offset: 0 });
        Ok(())
    }

    fn copy(&mut self, frame: &[u8], lsn: u64) {
        let Some(active) = &self.active else { return };
        let start = self.buffer.len();
        self.buffer.extend_from_slice(frame);
        let durable_lsn = self.shared.waiters.durable_lsn();
        stamp(&mut self.buffer[start..], Stamp { lsn, epoch: active.segment.epoch, durable_lsn });
        self.last_lsn = lsn;
        self.frame_bytes += frame.len();
    }

    fn write_buffer(&mut self) -> Result<(), Poison> {
        if let Some(active) = self.active.as_mut().filter(|_| !self.buffer.is_empty()) {
            active.write(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Makes what was taken durable, and says so.
    fn flush(&mut self) -> Result<(), Poison> {
        if self.frame_bytes == 0 {
            return Ok(());
        }
        self.write_buffer()?;
        let Some(active) = &self.active else { return Ok(()) };
        let segment = &active.segment;
        let began = Instant::now();
        segment.file.sync_data().map_err(|error| Poison::new("sync", &segment.path, error))?;
        self.sync_time = began.elapsed();
        segment.set_end(active.offset);
        self.shared.groups.fetch_add(1, Ordering::Relaxed);
        self.shared.active_room_bytes.store(segment.bytes - active.offset, Ordering::Relaxed);
        self.shared.queue.written(std::mem::take(&mut self.frame_bytes));
        self.shared.waiters.advance(self.last_lsn);
        self.write_mark(false)
    }

    /// After the waiters were woken, so that it delays none of them.
    fn write_mark(&self, clean: bool) -> Result<(), Poison> {
        let mut mark = lock(&self.shared.mark);
        mark.state.durable_lsn = self.last_lsn;
        mark.state.epoch = self.active.as_ref().map_or(mark.state.epoch, |active| active.segment.epoch);
        mark.state.clean = clean;
        let written = mark.write();
        written.map_err(|error| Poison::new("write to", &mark.path, error))
    }

    fn write_clean_mark(&self) -> Result<(), Poison> {
        self.write_mark(true)?;
        let mark = lock(&self.shared.mark);
        mark.file().sync_data().map_err(|error| Poison::new("sync", &mark.path, error))
    }
}

// Frames follow the header page, so it has to end where a frame may begin.
const _: () = assert!(HEADER_PAGE_BYTES.is_multiple_of(super::frame::ALIGNMENT));
