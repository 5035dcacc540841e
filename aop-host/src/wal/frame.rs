//! One record on disk: a 40-byte header with its own checksum, the record's bytes, zeros up to a multiple of 8.
//!
//! The header's checksum stands apart from the body's so that damage to a body leaves the way to the next frame open.
//! The format is drawn in `docs/wal.md`.

/// Bytes before a frame's body.
pub(super) const HEADER_BYTES: usize = 40;
/// Frames begin at multiples of this.
pub(super) const ALIGNMENT: usize = 8;
/// "AOPF": where a search for the next frame stops to look.
const MAGIC: [u8; 4] = *b"AOPF";

/// Records on their way into the log, framed and checksummed by the one who brings them, so that the writer only stamps and copies.
///
/// ```
/// use aop_host::wal::Batch;
///
/// let mut batch = Batch::new();
/// batch.push(b"first");
/// batch.push_parts(&[b"sec", b"ond"]);
/// assert_eq!(batch.len(), 2);
/// ```
#[derive(Debug, Default, Clone)]
pub struct Batch {
    frames: Vec<u8>,
    records: usize,
    record_bytes_max: usize,
}

impl Batch {
    /// A batch without records.
    #[must_use]
    pub fn new() -> Batch {
        Batch::default()
    }

    /// A batch with room for `records` that are `bytes` together.
    #[must_use]
    pub fn with_capacity(records: usize, bytes: usize) -> Batch {
        Batch { frames: Vec::with_capacity(bytes + records * (HEADER_BYTES + ALIGNMENT)), ..Batch::default() }
    }

    /// Adds a record.
    pub fn push(&mut self, record: &[u8]) {
        self.push_parts(&[record]);
    }

    /// Adds a record that is the parts one after the other.
    pub fn push_parts(&mut self, parts: &[&[u8]]) {
        let start = self.frames.len();
        self.frames.resize(start + HEADER_BYTES, 0);
        let mut crc = 0;
        for part in parts {
            crc = crc32c::crc32c_append(crc, part);
            self.frames.extend_from_slice(part);
        }
        let length = self.frames.len() - start - HEADER_BYTES;
        self.frames.resize(self.frames.len().next_multiple_of(ALIGNMENT), 0);
        self.records += 1;
        self.record_bytes_max = self.record_bytes_max.max(length);
        // A length over 32 bits is over every segment's limit too, and `append` refuses it by `record_bytes_max`.
        put_u32(&mut self.frames[start..], 4, length as u32);
        put_u32(&mut self.frames[start..], 8, crc);
    }

    /// How many records it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The bytes it takes in the log, headers included; what [`Wal::reserve`](super::Wal::reserve) counts in.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn record_bytes_max(&self) -> usize {
        self.record_bytes_max
    }

    pub(super) fn into_frames(self) -> Vec<u8> {
        self.frames
    }
}

impl<R: AsRef<[u8]>> FromIterator<R> for Batch {
    fn from_iter<I: IntoIterator<Item = R>>(records: I) -> Batch {
        let mut batch = Batch::new();
        for record in records {
            batch.push(record.as_ref());
        }
        batch
    }
}

impl From<Vec<Vec<u8>>> for Batch {
    fn from(records: Vec<Vec<u8>>) -> Batch {
        records.iter().collect()
    }
}

/// What the writer adds to a frame when its place is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    pub(super) lsn: u64,
    pub(super) epoch: u64,
    /// The durable LSN when this frame was written, so that the group before it is known as acknowledged.
    pub(super) durable_lsn: u64,
}

/// The bytes of the frame that begins `frames`, header and padding included. `frames` must come from a [`Batch`].
pub(super) fn framed_len(frames: &[u8]) -> usize {
    frame_len(get_u32(frames, 4) as usize)
}

/// The bytes a body of `length` takes as a frame.
pub(super) fn frame_len(length: usize) -> usize {
    (HEADER_BYTES + length).next_multiple_of(ALIGNMENT)
}

/// Completes the header of the frame that begins `frames`.
pub(super) fn stamp(frames: &mut [u8], stamp: Stamp) {
    frames[..4].copy_from_slice(&MAGIC);
    put_u64(frames, 12, stamp.lsn);
    put_u64(frames, 20, stamp.epoch);
    put_u64(frames, 28, stamp.durable_lsn);
    let crc = crc32c::crc32c(&frames[..36]);
    put_u32(frames, 36, crc);
}

/// A frame header whose checksum holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) lsn: u64,
    pub(super) durable_lsn: u64,
    pub(super) length: usize,
    body_crc: u32,
}

impl Header {
    /// Reads the header at the start of `bytes`; `None` when it is cut off, damaged, or of another epoch.
    pub(super) fn read(bytes: &[u8], epoch: u64) -> Option<Header> {
        let bytes = bytes.get(..HEADER_BYTES)?;
        let is_ours =
            bytes[..4] == MAGIC && get_u64(bytes, 20) == epoch && get_u32(bytes, 36) == crc32c::crc32c(&bytes[..36]);
        is_ours.then(|| Header {
            lsn: get_u64(bytes, 12),
            durable_lsn: get_u64(bytes, 28),
            length: get_u32(bytes, 4) as usize,
            body_crc: get_u32(bytes, 8),
        })
    }

    /// The record's bytes out of `bytes`, which begin with this header; `None` when they are cut off or damaged.
    pub(super) fn body<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let body = bytes.get(HEADER_BYTES..HEADER_BYTES + self.length)?;
        (crc32c::crc32c(body) == self.body_crc).then_some(body)
    }

    /// The bytes of the whole frame.
    pub(super) fn frame_len(&self) -> usize {
        frame_len(self.length)
    }
}

pub(super) fn put_u32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

pub(super) fn put_u64(bytes: &mut [u8], at: usize, value: u64) {
    bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
}

pub(super) fn get_u32(bytes: &[u8], at: usize) -> u32 {
    let mut value = [0; 4];
    value.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(value)
}

pub(super) fn get_u64(bytes: &[u8], at: usize) -> u64 {
    let mut value = [0; 8];
    value.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(value)
}
