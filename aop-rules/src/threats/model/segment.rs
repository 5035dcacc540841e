//! A text cut into sentences, lines and cells, as whoever reads a tool's output sees them.

use std::num::NonZeroU32;
use std::ops::Range;

use crate::threats::words::Reading;

/// A sentence, a line, a cell of a table, a value of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Its words, by their places in the reading; at least one.
    pub(super) words: Range<usize>,
    /// The sign before it.
    pub(super) lead: Lead,
    /// The sign behind it, or 0.
    pub(super) end_sign: u8,
    /// How much of it is glued together by signs, as code is: 0 for nothing, 3 for a third of its words.
    pub(super) glue: usize,
    /// The first words behind its first commas.
    commas: [Option<NonZeroU32>; 2],
}

/// What stands before a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Nothing,
    Quote,
    Bullet,
    Heading,
    /// A cell of a table.
    Bar,
    Comment,
    Bracket,
    Other,
}

impl Lead {
    pub(super) const COUNT: usize = Lead::Other as usize + 1;
}

impl Segment {
    /// Whether it is words and not code, and no cell of a table.
    pub(super) fn is_prose(&self) -> bool {
        self.glue < 2 && !matches!(self.lead, Lead::Bar | Lead::Comment) && self.words.len() > 2
    }

    /// The words behind its first commas.
    pub(super) fn after_commas(&self) -> impl Iterator<Item = usize> {
        self.commas.into_iter().flatten().map(|word| word.get() as usize)
    }
}

/// Cuts a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cutter<'t> {
    bytes: &'t [u8],
    reading: &'t Reading,
}

/// A sentence that does not end is cut, so that one long line of a table or of code is many places.
const WORDS_MAX: usize = 60;
/// A line at least so long, without a full stop, goes on in the next when that begins in lower case.
const WRAPPED_BYTES_MIN: usize = 30;
/// How many bytes between two words are looked at, at each end.
const GAP_BYTES_MAX: usize = 24;

impl<'t> Cutter<'t> {
    pub(super) fn new(text: &'t str, reading: &'t Reading) -> Self {
        Self { bytes: text.as_bytes(), reading }
    }

    /// The segment that begins with this word; nothing behind the last.
    pub(super) fn segment(&self, first: usize) -> Option<Segment> {
        let words = self.reading.words();
        let mut line_start = words.get(first)?.start as usize;
        let (mut glued, mut commas, mut comma) = (0, [None; 2], 0);
        let mut end = first + 1;
        while let Some(word) = words.get(end) {
            let before = words[end - 1].end as usize;
            // Most words stand behind one blank, which says nothing.
            if word.start as usize == before + 1 && self.bytes[before] == b' ' && end - first < WORDS_MAX {
                end += 1;
                continue;
            }
            let gap = &self.bytes[before..word.start as usize];
            if end - first >= WORDS_MAX || word.begins_sentence() {
                break;
            }
            if word.begins_clause() {
                let head = &gap[..gap.len().min(GAP_BYTES_MAX)];
                if head.contains(&b'\n') {
                    let is_blank = gap.iter().take(GAP_BYTES_MAX).all(u8::is_ascii_whitespace);
                    let goes_on = is_blank && self.bytes[word.start as usize].is_ascii_lowercase();
                    if !goes_on || before - line_start < WRAPPED_BYTES_MIN {
                        break;
                    }
                    line_start = word.start as usize;
                } else if parts(head) {
                    break;
                }
                if head.first() == Some(&b',') && comma < commas.len() {
                    commas[comma] = NonZeroU32::new(end as u32);
                    comma += 1;
                }
            }
            let is_glue =
                !gap.iter().take(GAP_BYTES_MAX).any(u8::is_ascii_whitespace) && !matches!(gap, [] | [b'\'' | b'-' | 0x80..]);
            glued += usize::from(is_glue && !word.is_in_address() && gap.iter().all(u8::is_ascii));
            end += 1;
        }
        let behind = words.get(end).map_or(self.bytes.len(), |word| word.start as usize);
        let gap = &self.bytes[words[end - 1].end as usize..behind];
        let glue = (glued * 8).div_ceil(end - first);
        Some(Segment {
            words: first..end,
            lead: self.lead(first),
            end_sign: end_sign(gap),
            glue: [0, 1, 2, 2, 3, 3, 3, 3, 3][glue.min(8)],
            commas,
        })
    }

    /// The sign before a word, on its line.
    fn lead(&self, first: usize) -> Lead {
        let words = self.reading.words();
        let start = words[first].start as usize;
        let before = first.checked_sub(1).map_or(0, |before| words[before].end as usize);
        let gap = &self.bytes[before..start];
        let near = gap.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
        let near = &near[near.len().saturating_sub(GAP_BYTES_MAX)..];
        let mut signs = near.iter().rev().filter(|byte| !byte.is_ascii_whitespace());
        match signs.next() {
            None => Lead::Nothing,
            // What ended the sentence before on the same line is none of this one's.
            Some(b'.' | b'!' | b'?' | b';' | b':' | b',') => Lead::Nothing,
            Some(b'"' | b'\'' | b'`') => Lead::Quote,
            Some(b'-' | b'*' | b'+' | 0xA2) => Lead::Bullet,
            Some(b'#') => Lead::Heading,
            Some(b'|') => Lead::Bar,
            Some(b'/') => Lead::Comment,
            Some(b'(' | b'[' | b'{' | b'<' | b'>') => Lead::Bracket,
            Some(_) => Lead::Other,
        }
    }
}

/// Whether the signs between two words of a line begin something new: a cell, a quoted value, what a key names.
fn parts(gap: &[u8]) -> bool {
    let after_blank =
        |at: usize| at.checked_sub(1).is_none_or(|before| matches!(gap[before], b' ' | b':' | b'[' | b'{' | b','));
    gap.iter().enumerate().any(|(at, byte)| match byte {
        b'|' => true,
        b':' => gap.get(at + 1) == Some(&b' '),
        b'"' => after_blank(at) && at + 1 == gap.len() && at > 0,
        _ => false,
    })
}

/// The sign that ends a sentence, behind quotes and brackets.
fn end_sign(gap: &[u8]) -> u8 {
    let mut signs = gap.iter().take(4).copied();
    signs.find(|byte| !matches!(byte, b'"' | b'\'' | b')' | b'*' | b'`')).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut reading = Reading::default();
        reading.read(text);
        let cutter = Cutter::new(text, &reading);
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(segment) = cutter.segment(at) {
            let words = &reading.words()[segment.words.clone()];
            found.push(&text[words[0].start as usize..words[words.len() - 1].end as usize]);
            at = segment.words.end;
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn texts_are_cut_where_something_new_begins() {
        check("One day. Two days!", &["One day", "Two days"]);
        check("| a b | c |\nNow this", &["a b", "c", "Now this"]);
        check(r#"{"to": "Ann Lee", "text": "Send it"}"#, &["to", "Ann Lee", "text", "Send it"]);
        check("subject: Open the door, please", &["subject", "Open the door, please"]);
        check(
            "a line that is rather long and goes on\n   in the next",
            &["a line that is rather long and goes on\n   in the next"],
        );
        check("short\nlines\nare apart", &["short", "lines", "are apart"]);
        check("", &[]);
    }

    #[test]
    fn code_is_glued() {
        let glue = |text: &str| {
            let mut reading = Reading::default();
            reading.read(text);
            Cutter::new(text, &reading).segment(0).map(|segment| segment.glue)
        };
        assert_eq!(glue("all words stand apart here, don't they"), Some(0));
        assert_eq!(glue("self.items[index].price(total)"), Some(3));
    }
}
