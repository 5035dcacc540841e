//! Many literal texts, found in one pass, in any ASCII case.
//!
//! At each byte the next four, folded, are hashed into a bit map; only where the bit is set are the literals compared that begin
//! so. No step waits for the one before, so the pass runs several times as fast as an automaton of the same texts, whose
//! tables are larger than a core's first cache; and the work a byte is bounded by the literals that begin with the same bytes.

use std::collections::HashMap;

/// Literal texts, each once and with a number.
#[derive(Debug, Default)]
pub(crate) struct Literals {
    /// In lower case.
    texts: Vec<Box<[u8]>>,
    numbers: HashMap<Box<[u8]>, usize>,
    /// By their first four bytes, folded; by their first two, where they are shorter.
    long: Beginnings,
    short: Beginnings,
}

/// Literals shorter than this are looked up by two bytes.
const LONG_BYTES_MIN: usize = 4;
/// The two bytes of a word that shorter ones are looked up by.
const SHORT: u32 = 0xFFFF;

impl Literals {
    /// The number of a literal of two bytes or more.
    pub(crate) fn add(&mut self, text: &str) -> usize {
        let text: Box<[u8]> = text.to_ascii_lowercase().into_bytes().into();
        assert!(text.len() >= 2, "a literal has two bytes or more, and this is {text:?}");
        if let Some(&number) = self.numbers.get(&text) {
            return number;
        }
        let number = self.texts.len();
        let (beginnings, mask) = if text.len() >= LONG_BYTES_MIN { (&mut self.long, !0) } else { (&mut self.short, SHORT) };
        let beginning = text.iter().take(LONG_BYTES_MIN).rev().fold(0, |word, &byte| word << 8 | u32::from(byte));
        beginnings.add(folded(beginning) & mask, number);
        self.numbers.insert(text.clone(), number);
        self.texts.push(text);
        number
    }

    /// The bytes of a literal.
    pub(crate) fn length(&self, number: usize) -> usize {
        self.texts[number].len()
    }

    /// Calls `each` with the number of every literal and where it begins, wherever it stands.
    pub(crate) fn find(&self, text: &[u8], mut each: impl FnMut(usize, usize)) {
        let mut word = text.iter().take(LONG_BYTES_MIN - 1).rev().fold(0u32, |word, &byte| word << 8 | u32::from(byte)) << 8;
        for start in 0..text.len() {
            let next = text.get(start + LONG_BYTES_MIN - 1).copied().unwrap_or_default();
            word = word >> 8 | u32::from(next) << 24;
            let folded = folded(word);
            if self.long.may_have(folded) {
                self.compare(&self.long, folded, text, start, &mut each);
            }
            if self.short.may_have(folded & SHORT) {
                self.compare(&self.short, folded & SHORT, text, start, &mut each);
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
            if text[start..].get(..literal.len()).is_some_and(|found| found.eq_ignore_ascii_case(literal)) {
                each(number, start);
            }
        }
    }
}

/// Letters without their case. Some signs fall together too; the comparison tells them apart.
fn folded(word: u32) -> u32 {
    word | 0x2020_2020
}

/// The numbers of the literals by how they begin.
#[derive(Debug)]
struct Beginnings {
    /// One bit for each hash that some literal has.
    bits: Vec<u64>,
    numbers: HashMap<u32, Vec<usize>>,
}

const HASH_BITS: u32 = 15;

impl Default for Beginnings {
    fn default() -> Self {
        Self { bits: vec![0; 1 << (HASH_BITS - 6)], numbers: HashMap::new() }
    }
}

impl Beginnings {
    fn add(&mut self, word: u32, number: usize) {
        let hash = hash(word);
        self.bits[hash / 64] |= 1 << (hash % 64);
        self.numbers.entry(word).or_default().push(number);
    }

    fn may_have(&self, word: u32) -> bool {
        let hash = hash(word);
        self.bits[hash / 64] >> (hash % 64) & 1 == 1
    }

    fn numbers(&self, word: u32) -> &[usize] {
        self.numbers.get(&word).map_or(&[], Vec::as_slice)
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

    fn literals(texts: &[&str]) -> Literals {
        let mut literals = Literals::default();
        texts.iter().for_each(|text| {
            literals.add(text);
        });
        literals
    }

    fn found(literals: &Literals, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        literals.find(text.as_bytes(), |number, start| found.push((start, number)));
        found.sort_unstable();
        found
    }

    #[test]
    fn literals_are_found_in_any_case_and_each_once() {
        let literals = literals(&["token", "to", "TOKEN", "ken", "[INST]"]);
        assert_eq!(found(&literals, "a ToKen [inst]"), [(2, 0), (2, 1), (4, 2), (8, 3)]);
        assert_eq!(found(&literals, "{inst} _to"), [(8, 1)]);
        assert!(literals.is_in(b"xto") && !literals.is_in(b"t o"));
    }

    proptest! {
        #[test]
        fn all_are_found_wherever_they_stand(texts in prop::collection::vec("[abAB_@%-]{2,6}", 1..6), text in "[abAB_@%é-]{0,40}") {
            let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
            let literals = literals(&borrowed);
            let mut expected = Vec::new();
            for start in 0..text.len() {
                for (number, literal) in literals.texts.iter().enumerate() {
                    let rest = &text.as_bytes()[start..];
                    if rest.len() >= literal.len() && rest[..literal.len()].eq_ignore_ascii_case(literal) {
                        expected.push((start, number));
                    }
                }
            }
            expected.sort_unstable();
            prop_assert_eq!(found(&literals, &text), expected);
        }
    }
}
