//! A scan of text that arrives in pieces, such as a model's output token by token.
//!
//! Text is held back while what follows may still make it a find or change one. What is let go is final: its hits are those
//! that a scan of the whole text has there, however it was cut.

use crate::scan::hit::{Hit, Provenance};
use crate::scan::{Detectors, Scratch};

/// How far a recognizer looks around an anchor, in bytes.
const LOOK_BYTES: usize = 600;
/// How far before its anchor a find may begin: the words of a spelled-out address, the local part of one.
const LEAD_BYTES: usize = 192;
/// The longest token, or block that has begun and not ended, that is held back; a longer one is judged in parts.
const HELD_BYTES_MAX: usize = 64 << 10;
/// What begins a block whose end may be far away.
const BLOCK_BEGIN: &str = "-----BEGIN";
const BLOCK_END: &str = "-----END";

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
    scratch: Scratch,
}

/// Text that is final, and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    /// Where it begins in the stream, in bytes.
    pub start: u64,
    /// The text, as it was pushed.
    pub text: String,
    /// What was found in it; spans count in `text`, and lie in it as a whole.
    pub hits: Vec<Hit>,
}

impl<'d> Stream<'d> {
    /// A stream of which nothing has arrived.
    pub fn new(detectors: &'d Detectors, provenance: Provenance) -> Self {
        Self { detectors, provenance, buffer: String::new(), held: 0, released: 0, scratch: Scratch::default() }
    }

    /// Takes the next piece, and lets go what is final.
    pub fn push(&mut self, piece: &str) -> Released {
        self.buffer.push_str(piece);
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
        let look = text.floor_char_boundary(text.len().saturating_sub(LOOK_BYTES));
        let lead = text.floor_char_boundary(text.len().saturating_sub(LEAD_BYTES));
        let from = if self.detectors.is_quiet(&text[run_start(text, look)..]) { lead } else { look };
        let floor = text.floor_char_boundary(text.len().saturating_sub(HELD_BYTES_MAX));
        let begun = text[floor.max(self.held).min(text.len())..].find(BLOCK_BEGIN).map(|at| floor.max(self.held) + at);
        let block = begun.filter(|&at| !text[at..from.max(at)].contains(BLOCK_END)).unwrap_or(text.len());
        run_start(text, from).min(block).max(floor).max(self.held)
    }

    /// Lets go of the text up to an offset of the buffer, or of less where a find would be cut.
    fn release(&mut self, end: usize) -> Released {
        let mut hits = Vec::new();
        if end > self.held {
            self.detectors.scan_text(&self.buffer, self.provenance, &mut self.scratch, &mut hits);
        }
        let is_cut = |hit: &Hit, end: usize| (hit.span.start as usize) < end && end < hit.span.end as usize;
        let mut end = end;
        while let Some(hit) = hits.iter().find(|hit| is_cut(hit, end)) {
            end = hit.span.start as usize;
        }
        let end = end.max(self.held);
        let held = self.held;
        hits.retain(|hit| held <= hit.span.start as usize && hit.span.end as usize <= end);
        for hit in &mut hits {
            hit.span = hit.span.start - held as u32..hit.span.end - held as u32;
        }
        let released = Released { start: self.released, text: self.buffer[held..end].to_owned(), hits };
        self.released += released.text.len() as u64;
        let keep_from = run_start(&self.buffer, self.buffer.floor_char_boundary(end.saturating_sub(LOOK_BYTES)));
        self.buffer.drain(..keep_from);
        self.held = end - keep_from;
        released
    }
}

/// Where the token begins that an offset lies in: a token has no blank and nothing that is not ASCII.
fn run_start(text: &str, at: usize) -> usize {
    let floor = at.saturating_sub(HELD_BYTES_MAX);
    let length = text.as_bytes()[floor..at].iter().rev().take_while(|byte| byte.is_ascii_graphic()).count();
    at - length
}
