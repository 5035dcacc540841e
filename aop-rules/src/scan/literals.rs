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
    numbers: HashMap<(Box<[u8]>, Stand), usize>,
    /// By their first four bytes, folded; by three or two, where they are shorter and count where a word begins.
    four: Beginnings,
    three: Beginnings,
    two: Beginnings,
    /// Shorter ones that count anywhere, by two.
    two_anywhere: Beginnings,
    /// One bit for each two bytes, folded, that any of the shorter ones begins with.
    pairs: Pairs,
    /// The bytes that any begins with, where they are few: then the text is searched for them alone.
    firsts: Option<Box<Firsts>>,
}

/// The bytes that literals begin with, in both cases.
type Firsts = [bool; 256];

/// With more different first bytes than this, most words of a text begin with one.
const FIRSTS_MAX: usize = 48;

#[derive(Debug)]
struct Pairs(Vec<u64>);

impl Default for Pairs {
    fn default() -> Self {
        Self(vec![0; 1 << 10])
    }
}

impl Pairs {
    fn add(&mut self, pair: u32) {
        self.0[(pair & TWO) as usize / 64] |= 1 << (pair % 64);
    }

    fn has(&self, pair: u32) -> bool {
        self.0[(pair & TWO) as usize / 64] >> (pair % 64) & 1 == 1
    }
}

/// So many bytes are looked at in one place.
const WORD_BYTES: usize = 4;
/// The first three, and the first two of them.
const THREE: u32 = 0xFF_FFFF;
const TWO: u32 = 0xFFFF;

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
        let entry = Entry::new(&text, stand, number);
        if text.len() < WORD_BYTES {
            self.pairs.add(entry.head as u32);
        }
        match stand {
            _ if text.len() >= WORD_BYTES => self.four.add(entry.head as u32, entry),
            Stand::Anywhere => self.two_anywhere.add(entry.head as u32 & TWO, entry),
            Stand::WordStart if text.len() == 3 => self.three.add(entry.head as u32 & THREE, entry),
            Stand::WordStart => self.two.add(entry.head as u32 & TWO, entry),
        }
        self.texts.push(text);
        self.numbers.insert(key, number);
        number
    }

    /// The bytes of a literal.
    pub(crate) fn length(&self, number: usize) -> usize {
        self.texts[number].len()
    }

    /// Calls `each` with the number of every literal and where it begins.
    pub(crate) fn find(&self, text: &[u8], mut each: impl FnMut(usize, usize)) {
        if let Some(firsts) = &self.firsts {
            for (start, _) in text.iter().enumerate().filter(|(_, byte)| firsts[usize::from(**byte)]) {
                self.find_at(head(&text[start..]) as u32, text, start, &mut each);
            }
            return;
        }
        for (start, window) in text.windows(WORD_BYTES).enumerate() {
            let word = window.iter().rev().fold(0u32, |word, &byte| word << 8 | u32::from(byte));
            self.find_at(folded(word), text, start, &mut each);
        }
        // The last bytes are fewer than a word.
        for start in text.len().saturating_sub(WORD_BYTES - 1)..text.len() {
            let word = text[start..].iter().rev().fold(0u32, |word, &byte| word << 8 | u32::from(byte));
            self.find_at(folded(word), text, start, &mut each);
        }
    }

    fn find_at(&self, word: u32, text: &[u8], start: usize, each: &mut impl FnMut(usize, usize)) {
        if self.four.may_have(word) {
            self.compare(&self.four, word, text, start, each);
        }
        if self.pairs.has(word) {
            self.find_short(word, text, start, each);
        }
    }

    fn find_short(&self, word: u32, text: &[u8], start: usize, each: &mut impl FnMut(usize, usize)) {
        if self.two_anywhere.may_have(word & TWO) {
            self.compare(&self.two_anywhere, word & TWO, text, start, each);
        }
        let may_be_short = self.three.may_have(word & THREE) || self.two.may_have(word & TWO);
        if may_be_short && begins_word(text, start) {
            self.compare(&self.three, word & THREE, text, start, each);
            self.compare(&self.two, word & TWO, text, start, each);
        }
    }

    /// Whether any literal stands in a text.
    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        let mut is_in = false;
        self.find(text, |_, _| is_in = true);
        is_in
    }

    /// Makes the literals that were added ready to be found.
    pub(crate) fn settle(&mut self) {
        [&mut self.four, &mut self.three, &mut self.two, &mut self.two_anywhere].into_iter().for_each(Beginnings::settle);
        let mut firsts = [false; 256];
        for text in &self.texts {
            firsts[usize::from(text[0])] = true;
            firsts[usize::from(text[0].to_ascii_uppercase())] = true;
        }
        let count = firsts.iter().filter(|&&is_first| is_first).count();
        self.firsts = (count <= FIRSTS_MAX).then(|| Box::new(firsts));
    }

    fn compare(&self, beginnings: &Beginnings, word: u32, text: &[u8], start: usize, each: &mut impl FnMut(usize, usize)) {
        let head = head(&text[start..]);
        for entry in beginnings.entries(word) {
            if head & entry.mask() != entry.head || (entry.stand == Stand::WordStart && !begins_word(text, start)) {
                continue;
            }
            let literal = &self.texts[usize::from(entry.number)];
            if text[start..].get(..literal.len()).is_some_and(|found| found.eq_ignore_ascii_case(literal)) {
                each(usize::from(entry.number), start);
            }
        }
    }
}

/// The first eight bytes of a text, folded; zeros where it has fewer.
fn head(text: &[u8]) -> u64 {
    let bytes = text.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text);
        bytes
    });
    u64::from_le_bytes(bytes) | 0x2020_2020_2020_2020
}

/// Letters without their case. Some signs fall together too; the comparison tells them apart.
fn folded(word: u32) -> u32 {
    word | 0x2020_2020
}

/// Literals by a hash of how they begin. All that a look needs for most texts fits a core's first cache.
#[derive(Debug)]
struct Beginnings {
    /// One bit for each hash that some literal has.
    bits: Vec<u64>,
    /// Where the entries of each bucket begin in `entries`, and where the last ends.
    places: Vec<u16>,
    entries: Vec<Entry>,
    /// What has been added, with its bucket.
    added: Vec<(usize, Entry)>,
}

/// A literal, with so much of it beside its number that most texts are turned away by one comparison.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Its first eight bytes, folded; zeros where it has fewer.
    head: u64,
    number: u16,
    /// How many bytes of `head` it has.
    length: u8,
    stand: Stand,
}

impl Entry {
    fn new(text: &[u8], stand: Stand, number: usize) -> Self {
        let number = u16::try_from(number).expect("there are fewer than 65,536 literals");
        let entry = Self { head: 0, number, length: text.len().min(8) as u8, stand };
        Self { head: head(text) & entry.mask(), ..entry }
    }

    fn mask(&self) -> u64 {
        !0 >> (64 - 8 * u32::from(self.length))
    }
}

const HASH_BITS: u32 = 16;
const BUCKET_BITS: u32 = 11;

impl Default for Beginnings {
    fn default() -> Self {
        let places = vec![0; (1 << BUCKET_BITS) + 1];
        Self { bits: vec![0; 1 << (HASH_BITS - 6)], places, entries: Vec::new(), added: Vec::new() }
    }
}

impl Beginnings {
    fn add(&mut self, word: u32, entry: Entry) {
        let hash = hash(word);
        self.bits[hash / 64] |= 1 << (hash % 64);
        self.added.push((bucket(word), entry));
    }

    fn settle(&mut self) {
        self.added.sort_by_key(|(bucket, entry)| (*bucket, entry.number));
        self.entries = self.added.iter().map(|(_, entry)| *entry).collect();
        for (bucket, place) in self.places.iter_mut().enumerate() {
            *place = self.added.partition_point(|(own, _)| *own < bucket) as u16;
        }
    }

    fn may_have(&self, word: u32) -> bool {
        let hash = hash(word);
        self.bits[hash / 64] >> (hash % 64) & 1 == 1
    }

    fn entries(&self, word: u32) -> &[Entry] {
        let bucket = bucket(word);
        &self.entries[usize::from(self.places[bucket])..usize::from(self.places[bucket + 1])]
    }
}

fn bucket(word: u32) -> usize {
    hash(word) >> (HASH_BITS - BUCKET_BITS)
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
        literals.settle();
        assert_eq!(found(&literals, "a ToKen [inst]"), [(2, 0), (2, 1), (4, 2), (8, 3)]);
        assert_eq!(found(&literals, "{inst} _to"), [(8, 1)]);
        assert!(literals.is_in(b"xto") && !literals.is_in(b"t o"));
    }

    #[test]
    fn some_count_only_where_a_word_begins() {
        let mut literals = Literals::default();
        let (id, token) = (literals.add("id", Stand::WordStart), literals.add("token", Stand::WordStart));
        literals.settle();
        assert_eq!(found(&literals, "valid userId my_token atoken"), [(10, id), (16, token)]);
    }

    proptest! {
        #[test]
        fn all_are_found_wherever_they_stand(texts in prop::collection::vec(("[a-zA-Z_@%-]{2,6}", any::<bool>()), 1..60), text in "[a-zA-Z_@%é-]{0,40}") {
            let mut literals = Literals::default();
            let mut anywhere = Vec::new();
            for (text, is_anywhere) in &texts {
                let number = literals.add(text, if *is_anywhere { Stand::Anywhere } else { Stand::WordStart });
                if *is_anywhere {
                    anywhere.push(number);
                }
            }
            literals.settle();
            let mut expected = Vec::new();
            for start in 0..text.len() {
                for (number, literal) in literals.texts.iter().enumerate() {
                    let rest = &text.as_bytes()[start..];
                    let is_there = rest.len() >= literal.len() && rest[..literal.len()].eq_ignore_ascii_case(literal);
                    if is_there && (anywhere.contains(&number) || begins_word(text.as_bytes(), start)) {
                        expected.push((start, number));
                    }
                }
            }
            expected.sort_unstable();
            prop_assert_eq!(found(&literals, &text), expected);
        }
    }
}
