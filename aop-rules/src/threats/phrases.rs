//! A few words around an anchor: the sentence it stands in, as far as it matters.

use super::lexicon::{CONTRACTED, Class, DENIAL, class_of};
use crate::scan::Candidate;
use crate::text::words::{self, Word, follows_escape, is_word_byte};

/// How many words of one sentence are looked at on either side.
const WORDS_MAX: usize = 14;
/// How far they may reach, in bytes.
const REACH_BYTES: usize = 160;

/// A word and what it can do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) start: usize,
    pub(super) end: usize,
    class: Class,
}

impl Told {
    /// Whether it can do one of these.
    pub(super) fn is(self, any: Class) -> bool {
        self.class.is(any)
    }
}

/// Words in the order in which they were asked for, without an allocation.
pub(super) struct Words {
    words: [Told; WORDS_MAX],
    length: usize,
}

impl Words {
    /// The words behind the anchor, up to the sentence's end.
    pub(super) fn after(candidate: &Candidate<'_>) -> Self {
        Self::take(words::after(reach_after(candidate), candidate.end), candidate.text, candidate.end, true)
    }

    /// The words before the anchor, nearest first, back to the sentence's start.
    pub(super) fn before(candidate: &Candidate<'_>) -> Self {
        let from = candidate.text.ceil_char_boundary(candidate.start.saturating_sub(REACH_BYTES));
        // A word that the reach cuts in two is no word.
        let near = words::before(candidate.text, candidate.start).take_while(move |word| word.start >= from);
        Self::take(near, candidate.text, candidate.start, false)
    }

    fn take<'t>(near: impl Iterator<Item = Word<'t>>, text: &str, mut edge: usize, forward: bool) -> Self {
        let mut words = [Told { start: 0, end: 0, class: Class::NONE }; WORDS_MAX];
        let mut length = 0;
        for (slot, word) in words.iter_mut().zip(near) {
            let gap = if forward { edge..word.start } else { word.end..edge };
            if ends_sentence(&text[gap]) {
                break;
            }
            edge = if forward { word.end } else { word.start };
            *slot = Told { start: word.start, end: word.end, class: class_of(&word) };
            length += 1;
        }
        Self { words, length }
    }

    /// The words, as far as there are any.
    pub(super) fn as_slice(&self) -> &[Told] {
        &self.words[..self.length]
    }

    /// Whether one of the first `count` words can do one of these.
    pub(super) fn start_with(&self, count: usize, any: Class) -> bool {
        self.as_slice().iter().take(count).any(|word| word.is(any))
    }
}

/// The text up to a reach behind the anchor.
fn reach_after<'t>(candidate: &Candidate<'t>) -> &'t str {
    &candidate.text[..candidate.text.floor_char_boundary(candidate.text.len().min(candidate.end + REACH_BYTES))]
}

/// Whether what stands between two words ends a sentence: a stop that is followed by space, an empty line.
fn ends_sentence(gap: &str) -> bool {
    let bytes = gap.as_bytes();
    bytes.windows(2).any(|pair| matches!(pair[0], b'.' | b'?' | b'!' | b';') && pair[1].is_ascii_whitespace())
        || bytes.iter().filter(|&&byte| byte == b'\n').count() >= 2
}

/// Whether the anchor is words of its own, not a part of longer ones.
pub(super) fn is_whole_word(candidate: &Candidate<'_>) -> bool {
    let touches = |byte: Option<u8>| byte.is_some_and(|byte| is_word_byte(byte) || byte == b'_');
    let is_start = !touches(candidate.byte_before(candidate.start)) || follows_escape(candidate.bytes(), candidate.start);
    is_start && !touches(candidate.byte(candidate.end))
}

/// Whether the words before, nearest first, turn the anchor into its opposite: `do not ignore`, `don't reveal`.
pub(super) fn is_negated(text: &str, before: &Words) -> bool {
    let near = before.as_slice().iter().take(3);
    near.clone().any(|word| word.is(DENIAL))
        || near
            .zip(before.as_slice().iter().skip(1))
            .any(|(word, earlier)| text[word.start..word.end].eq_ignore_ascii_case("t") && earlier.is(CONTRACTED))
        || before.as_slice().iter().take(3).any(|word| text[word.start..word.end].ends_with("n’t"))
}
