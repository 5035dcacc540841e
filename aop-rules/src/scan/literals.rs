//! Many literal texts, found in one pass, in any ASCII case.
//!
//! At each byte the next four, folded, are hashed into a bit map; only where the bit is set are the literals compared that begin
//! so. No step waits for the one before, so the pass runs several times as fast as an automaton of the same texts, whose
//! tables are larger than a core's first cache; and the work a byte is bounded by the literals that begin with the same bytes.

use std::collections::HashMap;

use crate::scan::names::begins_word;

/// Where a literal counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stand {
    /// Wherever it stands.
    Anywhere,
    /// Where a word begins.
    WordStart,
}

/// Literal texts, each once for each place where it may stand, with a number.
#[derive(Debug, Default)]
pub(crate) struct Literals {
    /// In lower case.
    texts: Vec<Box<[u8]>>,
    stands: Vec<Stand>,
    numbers: HashMap<(Box<[u8]>, Stand), usize>,
    /// By their first four bytes, folded; by their first two, where they are shorter.
    long: Beginnings,
    short: Beginnings,
    short_anywhere: Beginnings,
}

/// Literals shorter than this are looked up by two bytes.
const LONG_BYTES_MIN: usize = 4;
/// The two bytes of a word that shorter ones are looked up by.
const SHORT: u32 = 0xFFFF;

impl Literals {
    /// The number of a literal of two bytes or more.
    pub(crate) fn add(&mut self, text: &str, stand: Stand) -> usize {
        let text: Box<[u8]> = text.to_ascii_lowercase().into_bytes().into();
        assert!(text.len() >= 2, "a literal has two bytes or more, and this is {text:?}");
        let key = (text, stand);
        if let Some(&number) = self.numbers.get(&key) {
            return number;
        }
        let (text, number) = (key.0.clone(), self.texts.len());
        let beginning = text.iter().take(LONG_BYTES_MIN).rev().fold(0, |word, &byte| word << 8 | u32::from(byte));
        match stand {
            _ if text.len() >= LONG_BYTES_MIN => self.long.add(folded(beginning), number),
            Stand::WordStart => self.short.add(folded(beginning) & SHORT, number),
            Stand::Anywhere => self.short_anywhere.add(folded(beginning) & SHORT, number),
        }
        self.texts.push(text);
        self.stands.push(stand);
        self.numbers.insert(key, number);
        number
    }

    /// The bytes of a literal.
    pub(crate) fn length(&self, number: usize) -> usize {
        self.texts[number].len()
    }

    /// Calls `each` with the number of every literal and where it begins.
    pub(crate) fn find(&self, text: &[u8], mut each: impl FnMut(usize, usize)) {
        let mut word = text.iter().take(LONG_BYTES_MIN - 1).rev().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << 8;
        for start in 0..text.len() {
            let next = text.get(start + LONG_BYTES_MIN - 1).copied().unwrap_or_default();
            word = word >> 8 | u32::from(next) << 24;
            let folded = folded(word);
            let pair = folded & SHORT;
            if self.long.may_have(folded) {
                self.compare(&self.long, folded, text, start, &mut each);
            }
            if self.short.may_have(pair) && begins_word(text, start) {
                self.compare(&self.short, pair, text, start, &mut each);
            }
            if self.short_anywhere.may_have(pair) {
                self.compare(&self.short_anywhere, pair, text, start, &mut each);
            }
        }
    }

    /// Whether any literal stands in a text.
    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        let mut is_in = false;
        self.find(text, |_, _| is_in = true);
        is_in
    }

    fn compare(&self, beginnings: &Beginnings, word: u32, text: &[u8], start: usize, each: &mut impl FnMut(usize, usize)) {
        for &number in beginnings.numbers(word) {
            let literal = &self.texts[number];
            let is_there = text[start..].get(..literal.len()).is_some_and(|found| found.eq_ignore_ascii_case(literal));
            if is_there && (self.stands[number] == Stand::Anywhere || begins_word(text, start)) {
                each(number, start);
            }
        }
    }
}

/// Letters without their case. Some signs fall together too; the comparison tells them apart.
fn folded(word: u32) -> u32 {
    word | 0x2020_2020
}

/// The numbers of the literals by a hash of how they begin.
#[derive(Debug)]
struct Beginnings {
    /// One bit for each hash that some literal has.
    bits: Vec<u64>,
    numbers: Vec<Vec<usize>>,
}

const HASH_BITS: u32 = 15;

impl Default for Beginnings {
    fn default() -> Self {
        Self { bits: vec![0; 1 << (HASH_BITS - 6)], numbers: vec![Vec::new(); 1 << HASH_BITS] }
    }
}

impl Beginnings {
    fn add(&mut self, word: u32, number: usize) {
        let hash = hash(word);
        self.bits[hash / 64] |= 1 << (hash % 64);
        self.numbers[hash].push(number);
    }

    fn may_have(&self, word: u32) -> bool {
        let hash = hash(word);
        self.bits[hash / 64] >> (hash % 64) & 1 == 1
    }

    fn numbers(&self, word: u32) -> &[usize] {
        &self.numbers[hash(word)]
    }
}

/// The best mixed bits of a product (Knuth's multiplicative hashing).
fn hash(word: u32) -> usize {
    (word.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(literals: &Literals, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        literals.find(text.as_bytes(), |number, start| found.push((start, number)));
        found.sort_unstable();
        found
    }

    #[test]
    fn literals_are_found_in_any_case_and_each_once() {
        let mut literals = Literals::default();
        for text in ["token", "to", "TOKEN", "ken", "[INST]"] {
            literals.add(text, Stand::Anywhere);
        }
        assert_eq!(found(&literals, "a ToKen [inst]"), [(2, 0), (2, 1), (4, 2), (8, 3)]);
        assert_eq!(found(&literals, "{inst} _to"), [(8, 1)]);
        assert!(literals.is_in(b"xto") && !literals.is_in(b"t o"));
    }

    #[test]
    fn some_count_only_where_a_word_begins() {
        let mut literals = Literals::default();
        let (id, token) = (literals.add("id", Stand::WordStart), literals.add("token", Stand::WordStart));
        assert_eq!(found(&literals, "valid userId my_token atoken"), [(10, id), (16, token)]);
    }

    proptest! {
        #[test]
        fn all_are_found_wherever_they_stand(texts in prop::collection::vec(("[abAB_@%-]{2,6}", any::<bool>()), 1..6), text in "[abAB_@%é-]{0,40}") {
            let mut literals = Literals::default();
            for (text, anywhere) in &texts {
                literals.add(text, if *anywhere { Stand::Anywhere } else { Stand::WordStart });
            }
            let mut expected = Vec::new();
            for start in 0..text.len() {
                for (number, literal) in literals.texts.iter().enumerate() {
                    let rest = &text.as_bytes()[start..];
                    let is_there = rest.len() >= literal.len() && rest[..literal.len()].eq_ignore_ascii_case(literal);
                    if is_there && (literals.stands[number] == Stand::Anywhere || begins_word(text.as_bytes(), start)) {
                        expected.push((start, number));
                    }
                }
            }
            expected.sort_unstable();
            prop_assert_eq!(found(&literals, &text), expected);
        }
    }
}
