//! A scan of text that arrives in pieces, such as a model's output token by token.
//!
//! Text is held back while what follows may still make it a find or change one. What is let go is final: its hits are those
//! that a scan of the whole text has there, however it was cut. Held are the last few hundred bytes, the token they begin in,
//! and a block that has begun before them: a private key, a store of keys, a manifest's data, an argument of `curl`.
//!
//! Where that ends: no more than 64 KiB are held when [`Stream::push`] returns. A token, a block or a find that is longer is
//! let go in parts, and each part of a find is a hit; a block whose end comes later than that may not be known as one. What a
//! company's program or model finds is the same as in the whole only where it looks no further than 600 bytes around it. Our own model of attacks weighs a text as a
//! whole, and is not asked.
//!
//! What is held is looked at again when it and what stands before it have grown by a thirty-second, not at each push: the time
//! grows with the length of the text, however small its pieces are.

use crate::scan::hit::{Hit, Provenance};
use crate::scan::{Detectors, Scratch, begun};
use crate::text::inline::{self, DECODINGS_MAX};
use crate::text::view::{self, View};

/// How far a recognizer looks around what it finds, tokens and [blocks](begun) aside: a pattern of a company matches 512 bytes
/// at most, and words count 48 bytes before it; an assigned value has as many, and a name of 40 before it.
const LOOK_BYTES: usize = 600;
/// How far before its anchor a find may begin: the words of a spelled-out address, the local part of one.
const LEAD_BYTES: usize = 192;
/// The most that is held back.
const HELD_BYTES_MAX: usize = 64 << 10;
/// So much of it stays held when it has become more: a long token is not looked at again for each byte that comes.
const HELD_BYTES_AFTER: usize = HELD_BYTES_MAX / 16 * 15;
/// How often a byte is looked at again, about.
const LOOKS_MAX: usize = 32;

/// A scan in progress.
///
/// ```
/// use aop_rules::scan::{DetectorSettings, Detectors, Provenance, Stream};
///
/// let settings = DetectorSettings { threats: None, ..DetectorSettings::default() };
/// let detectors = Detectors::new(&settings)?;
/// let mut stream = Stream::new(&detectors, Provenance::Agent);
/// let mut found = Vec::new();
/// for token in ["write to bo", "b@exam", "ple.org ", "today"] {
///     let released = stream.push(token);
///     found.extend(released.hits.iter().map(|hit| released.text[hit.span.start as usize..hit.span.end as usize].to_owned()));
/// }
/// let released = stream.finish();
/// found.extend(released.hits.iter().map(|hit| released.text[hit.span.start as usize..hit.span.end as usize].to_owned()));
/// assert_eq!(found, ["bob@example.org"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Stream<'d> {
    detectors: &'d Detectors,
    provenance: Provenance,
    /// What was let go last, for the looks that go back, and what is held.
    buffer: String,
    /// Where in the buffer the held text begins.
    held: usize,
    /// How many bytes have been let go.
    released: u64,
    /// How many bytes have come since it was last looked at.
    unseen: usize,
    scratch: Scratch,
}

/// Text that is final, and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    /// Where it begins in the stream, in bytes.
    pub start: u64,
    /// The text, as it was pushed.
    pub text: String,
    /// What was found in it; spans count in `text`, and lie in it as a whole. Of a find that is longer than what is held, each
    /// part is one.
    pub hits: Vec<Hit>,
}

impl<'d> Stream<'d> {
    /// A stream of which nothing has arrived.
    pub fn new(detectors: &'d Detectors, provenance: Provenance) -> Self {
        Self { detectors, provenance, buffer: String::new(), held: 0, released: 0, unseen: 0, scratch: Scratch::default() }
    }

    /// Takes the next piece, and lets go what is final.
    pub fn push(&mut self, piece: &str) -> Released {
        self.buffer.push_str(piece);
        self.unseen += piece.len();
        let held = self.buffer.len() - self.held;
        if held <= HELD_BYTES_MAX && self.unseen * LOOKS_MAX < self.buffer.len() {
            return Released { start: self.released, text: String::new(), hits: Vec::new() };
        }
        self.unseen = 0;
        let end = self.open_from();
        self.release(end)
    }

    /// Ends the stream, and lets go the rest.
    pub fn finish(mut self) -> Released {
        self.release(self.buffer.len())
    }

    /// Where the text begins that what follows may still change.
    fn open_from(&self) -> usize {
        let text = &self.buffer;
        let from = first_of_readings(text, |reading| {
            let back = |bytes: usize| reading.floor_char_boundary(reading.len().saturating_sub(bytes));
            let look = back(LOOK_BYTES);
            let from = if self.detectors.is_quiet(&reading[run_start(reading, look)..]) { back(LEAD_BYTES) } else { look };
            begun::first(reading).map_or(from, |block| from.min(block))
        });
        run_start(text, from).max(self.must_go_to()).max(self.held)
    }

    /// Up to where text has to go though it may not be final, because more is held than may be.
    fn must_go_to(&self) -> usize {
        if self.buffer.len() - self.held <= HELD_BYTES_MAX {
            return self.held;
        }
        self.buffer.ceil_char_boundary(self.buffer.len() - HELD_BYTES_AFTER)
    }

    /// Lets go of the text up to an offset of the buffer, or of less where a find would be cut.
    fn release(&mut self, end: usize) -> Released {
        let held = self.held;
        let mut hits = Vec::new();
        if end > held {
            self.detectors.scan_part(&self.buffer, self.provenance, &mut self.scratch, &mut hits);
        }
        let is_cut = |hit: &Hit, end: usize| (hit.span.start as usize) < end && end < hit.span.end as usize;
        let must_go_to = if end == self.buffer.len() { end } else { self.must_go_to() };
        let mut end = end;
        while let Some(hit) = hits.iter().find(|hit| is_cut(hit, end)) {
            end = hit.span.start as usize;
        }
        let end = end.max(must_go_to);
        // A find that is cut all the same, for its length, is one in each part.
        for hit in &mut hits {
            let part = |at: u32| (at as usize).clamp(held, end) as u32 - held as u32;
            hit.span = part(hit.span.start)..part(hit.span.end);
        }
        hits.retain(|hit| !hit.span.is_empty());
        let released = Released { start: self.released, text: self.buffer[held..end].to_owned(), hits };
        if end > held {
            self.released += released.text.len() as u64;
            let before = &self.buffer[..end];
            let keep_from = first_of_readings(before, |reading| {
                reading.floor_char_boundary(reading.len().saturating_sub(begun::REACH_BYTES))
            });
            let keep_from = run_start(before, keep_from);
            self.buffer.drain(..keep_from);
            self.held = end - keep_from;
        }
        released
    }
}

/// The first offset in a text of those that are told in it and in each of its readings, those that a scan looks at: looks are
/// as many bytes in each, and a reading may be far shorter than the text is.
fn first_of_readings(text: &str, offset: impl Fn(&str) -> usize) -> usize {
    let mut first = offset(text);
    let mut take = |reading: &View| {
        let at = offset(reading.text());
        if at < reading.text().len() {
            first = first.min(reading.original(at..at + 1).start);
        }
    };
    let mut look = |text: &str, through: Option<&View>| {
        if let Some(through) = through {
            take(through);
        }
        if view::needs_view(text) {
            let mut view = View::default();
            view.build_through(text, through);
            take(&view);
        }
    };
    look(text, None);
    if inline::spells_out(text) {
        inline::each_reading(text, DECODINGS_MAX, |read| look(read.text(), Some(read)));
    }
    first
}

/// Where the token begins that an offset lies in.
fn run_start(text: &str, at: usize) -> usize {
    let floor = text.ceil_char_boundary(at.saturating_sub(HELD_BYTES_MAX));
    let token = text[floor..at].chars().rev().take_while(|&character| is_in_token(character));
    at - token.map(char::len_utf8).sum::<usize>()
}

/// A token has no blank, and of what is not ASCII only what may be read as ASCII (invisible characters, wide ones) and the
/// letters of scripts that part words by blanks: a word of these is read as a whole.
fn is_in_token(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_graphic();
    }
    let is_word_script = matches!(character, '\u{C0}'..='\u{58F}');
    !character.is_whitespace() && (is_word_script || view::needs_view(character.encode_utf8(&mut [0; 4])))
}
