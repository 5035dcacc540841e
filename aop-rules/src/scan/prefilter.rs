//! One look at every byte: where a recognizer has to look, and nowhere else.
//!
//! Two passes over a text make all anchors of all recognizers: one automaton for the literals, and one loop that takes
//! eight bytes at a time for digits, colons and `@`. Both are linear, and neither depends on how many recognizers run.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use crate::scan::recognizer::{Anchor, Recognizer};
use crate::text::words::follows_escape;

/// The anchors of the recognizers that are switched on; a recognizer is its index in the list.
#[derive(Debug)]
pub(crate) struct Prefilter {
    literals: Option<AhoCorasick>,
    /// For each literal, who asked for it.
    owners: Vec<Vec<u16>>,
    literal_bytes_min: usize,
    at: Vec<u16>,
    colon: Vec<u16>,
    country_code: Vec<u16>,
    digits: Vec<(usize, u16)>,
    digits_min: usize,
    digits_max: usize,
    whole: Vec<(Range<usize>, u16)>,
}

/// How an escaped character begins: the automaton's last literal, which nobody owns.
const ESCAPE: &str = "\\u";

/// A place worth a look: who should look, and the anchor.
pub(crate) type Place = (u16, Range<usize>);

impl Prefilter {
    pub(crate) fn new(recognizers: &[&'static Recognizer]) -> Result<Self, BuildError> {
        let mut literals: Vec<(&'static str, Vec<u16>)> = Vec::new();
        let mut prefilter = Self {
            literals: None,
            owners: Vec::new(),
            literal_bytes_min: usize::MAX,
            at: Vec::new(),
            colon: Vec::new(),
            country_code: Vec::new(),
            digits: Vec::new(),
            digits_min: usize::MAX,
            digits_max: 0,
            whole: Vec::new(),
        };
        for (index, recognizer) in recognizers.iter().enumerate() {
            let index = u16::try_from(index).expect("the catalogue has fewer than 65,536 recognizers");
            for anchor in recognizer.anchors {
                match anchor {
                    Anchor::Literal(text) => match literals.iter_mut().find(|(known, _)| known == text) {
                        Some((_, owners)) => owners.push(index),
                        None => literals.push((text, vec![index])),
                    },
                    Anchor::At => prefilter.at.push(index),
                    Anchor::Colon => prefilter.colon.push(index),
                    Anchor::CountryCode => prefilter.country_code.push(index),
                    Anchor::Digits(count) => prefilter.digits.push((*count, index)),
                    Anchor::Whole(lengths) => prefilter.whole.push((lengths.clone(), index)),
                }
            }
        }
        prefilter.literal_bytes_min = literals.iter().map(|(text, _)| text.len()).min().unwrap_or(usize::MAX);
        prefilter.digits_min = prefilter.digits.iter().map(|&(count, _)| count).min().unwrap_or(usize::MAX);
        prefilter.digits_max = prefilter.digits.iter().map(|&(count, _)| count).max().unwrap_or(0);
        if !literals.is_empty() {
            prefilter.literals = Some(
                AhoCorasick::builder()
                    .ascii_case_insensitive(true)
                    .kind(Some(AhoCorasickKind::DFA))
                    .match_kind(MatchKind::Standard)
                    .build(literals.iter().map(|(text, _)| *text).chain([ESCAPE]))?,
            );
        }
        prefilter.owners = literals.into_iter().map(|(_, owners)| owners).collect();
        Ok(prefilter)
    }

    /// Calls `look` at every literal in the text. Whether the text may hold an escaped character: the automaton sees that
    /// on its way, at no cost; where it does not run, nobody knows.
    pub(crate) fn literals(&self, text: &str, mut look: impl FnMut(Place)) -> bool {
        let Some(automaton) = self.literals.as_ref().filter(|_| text.len() >= self.literal_bytes_min) else { return true };
        let mut may_hold_escape = false;
        for found in automaton.find_overlapping_iter(text) {
            match self.owners.get(found.pattern().as_usize()) {
                Some(owners) => owners.iter().for_each(|&owner| look((owner, found.range()))),
                None => may_hold_escape = true,
            }
        }
        may_hold_escape
    }

    /// Calls `look` when the text's length is one somebody waits for.
    pub(crate) fn whole(&self, text: &str, mut look: impl FnMut(Place)) {
        for (lengths, owner) in &self.whole {
            if lengths.contains(&text.len()) {
                look((*owner, 0..text.len()));
            }
        }
    }

    /// Calls `look` at every `@`, colon and number that somebody waits for. What `look` returns is the end of what was
    /// found there; the search goes on behind it.
    pub(crate) fn marks(&self, text: &str, mut look: impl FnMut(Place) -> Option<usize>) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(mark) = next_mark(bytes, at) {
            let found = match bytes[mark] {
                b'@' => {
                    at = mark + 1;
                    all(&self.at, at - 1..at, &mut look)
                }
                b':' => {
                    at = mark + 1;
                    if is_hex_colon(bytes, mark) { all(&self.colon, mark..at, &mut look) } else { None }
                }
                _ => {
                    at = mark + digits_from(bytes, mark);
                    self.number(bytes, mark..at, &mut look)
                }
            };
            at = at.max(found.unwrap_or(0));
        }
    }

    fn number(&self, bytes: &[u8], number: Range<usize>, look: &mut impl FnMut(Place) -> Option<usize>) -> Option<usize> {
        let start = number.start;
        let letters = bytes[..start].iter().rev().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let letters = letters - usize::from(letters > 0 && follows_escape(bytes, start + 1 - letters));
        match letters {
            0 => {}
            2 if number.len() >= 2 && !start.checked_sub(3).is_some_and(|before| bytes[before].is_ascii_digit()) => {
                return all(&self.country_code, start..start + 2, look);
            }
            _ => return None,
        }
        let count = self.run_digits(bytes, &number);
        let mut end = None;
        for &(least, owner) in &self.digits {
            if least <= count {
                end = end.max(look((owner, number.clone())));
            }
        }
        end
    }

    /// How many digits there are from the number on, single separators between them allowed; counted no further than
    /// anybody waits for.
    fn run_digits(&self, bytes: &[u8], number: &Range<usize>) -> usize {
        let mut count = number.len();
        let mut at = number.end;
        while count < self.digits_max
            && matches!(bytes.get(at), Some(b' ' | b'-' | b'.'))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        {
            count += 1;
            at += 2;
            while count < self.digits_max && bytes.get(at).is_some_and(u8::is_ascii_digit) {
                count += 1;
                at += 1;
            }
        }
        count
    }
}

fn all(owners: &[u16], range: Range<usize>, look: &mut impl FnMut(Place) -> Option<usize>) -> Option<usize> {
    owners.iter().filter_map(|&owner| look((owner, range.clone()))).max()
}

fn digits_from(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn is_hex_colon(bytes: &[u8], at: usize) -> bool {
    let fits = |byte: u8| byte == b':' || byte.is_ascii_hexdigit();
    let after = bytes.get(at + 1).copied();
    let before = at.checked_sub(1).map(|before| bytes[before]);
    after.is_some_and(fits) && (before.is_some_and(fits) || after == Some(b':'))
}

/// The first digit, colon or `@` at or after an offset.
fn next_mark(bytes: &[u8], mut at: usize) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Digits and the colon are neighbours in ASCII (0x30 to 0x3A). Sums of seven bits and a constant below 0x80 never
    // carry into the next byte, so every flag is exact.
    while let Some(word) = bytes.get(at..at + 8) {
        let word = u64::from_le_bytes(word.try_into().expect("the slice has eight bytes"));
        let low_bits = word & !HIGH;
        let number = (low_bits + LOW * (0x80 - 0x30)) & !(low_bits + LOW * (0x80 - 0x3B));
        let sign = !((low_bits ^ (LOW * 0x40)) + LOW * 0x7F);
        let hit = (number | sign) & !word & HIGH;
        if hit != 0 {
            return Some(at + (hit.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(|&byte| matches!(byte, b'0'..=b':' | b'@')).map(|offset| at + offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Work is counted in places looked at; a recognizer's look is bounded by itself. No byte is the anchor of more places
    /// than there are recognizers and literals that end there, whatever the text.
    #[track_caller]
    fn check_work(text: &str) {
        let recognizers: Vec<_> =
            [crate::pii::RECOGNIZERS, crate::secrets::RECOGNIZERS, crate::threats::RECOGNIZERS].concat();
        let prefilter = Prefilter::new(&recognizers).expect("the literals fit one automaton");
        let mut places = 0;
        prefilter.literals(text, |_| places += 1);
        prefilter.marks(text, |_| {
            places += 1;
            None
        });
        assert!(places <= recognizers.len() * text.len(), "{places} places in {} bytes", text.len());
    }

    #[test]
    fn the_work_a_byte_is_bounded_on_hostile_texts() {
        for piece in
            ["@", "a@", "1", "1-", "1.1.1.1", "::", "a:", "DE89", "ghp_", "ignore ", "[inst]", "<<sys>>", "prompt", "AKIA"]
        {
            check_work(&piece.repeat(20_000));
        }
    }

    proptest! {
        #[test]
        fn the_work_a_byte_is_bounded(text in "([0-9@:. -]|[a-f]|ignore|prompt|AKIA|\\PC){0,200}") {
            check_work(&text);
        }

        #[test]
        fn marks_are_found_eight_bytes_at_a_time_as_one_by_one(bytes in prop::collection::vec(any::<u8>(), 0..64), from in 0usize..64) {
            let expected = bytes.iter().enumerate().skip(from).find(|(_, byte)| matches!(byte, b'0'..=b':' | b'@')).map(|(at, _)| at);
            prop_assert_eq!(next_mark(&bytes, from), expected);
        }
    }
}
