//! The words of all concepts and rules, with a number each.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::LazyLock;

use super::concept::Concept;
use super::lexicon;
use super::pattern::words_of;
use super::telling::{MISTYPED, TELLING};
use crate::scan::Look;
use crate::text::disguise::Lexicon;
use crate::text::disguise::misspelt::{mistyped, swapped};
use crate::text::disguise::rotated::rotated;
use crate::threats;

/// A word's number; several texts have the same where a stem stands for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct WordId(pub(super) u16);

impl WordId {
    /// Of a word that nobody asks for.
    pub(super) const NONE: Self = Self(0);
}

/// All words that somebody asks for.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Hash and number of each whole word, at the place its hash says or soon after.
    slots: Vec<(u32, WordId)>,
    /// Whether a word has a hash of these bits: most words of a text are told apart by this alone.
    known: [u64; KNOWN_WORDS],
    /// Stems by their first four bytes, sorted; longer ones first.
    stems: Vec<(u32, String, WordId)>,
    /// Whether a stem begins with four bytes of this hash.
    stem_heads: [u64; STEM_HEAD_WORDS],
    /// By number: what the word stands for by itself.
    concepts: Vec<u64>,
    /// By number: the phrases that it begins.
    phrases: Vec<Vec<Phrase>>,
    /// By number: the second words of these, a bit for each remainder of their numbers.
    seconds: Vec<u64>,
    /// By concept, by its place: the numbers of the words that stand for it, or that begin a phrase that does.
    by_concept: Vec<Vec<WordId>>,
    /// The numbers of whole words and of stems, for whoever makes patterns.
    numbers: BTreeMap<String, WordId>,
    /// What any telling word is that is written 13 letters further on.
    rotated: WordId,
    /// What any telling word is that is written from its end.
    reversed: WordId,
    /// What any telling word is that is misspelt, and the word that it stands for.
    misspelt: WordId,
    mended: BTreeMap<String, &'static str>,
}

/// Shorter words are others when they are written so.
const TELLING_LETTERS_MIN: usize = 5;

/// Whether a word, written otherwise, tells of an attack by its letters.
fn is_long_enough(word: &str) -> bool {
    word.len() >= TELLING_LETTERS_MIN && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

impl Lexicon for Vocabulary {
    fn tells(&self, word: &str) -> bool {
        is_long_enough(word) && self.knows(word)
    }

    fn knows(&self, word: &str) -> bool {
        let id = self.id(hash_of(word.as_bytes()), head_of(word.as_bytes()), || word.as_bytes());
        ![WordId::NONE, self.rotated, self.reversed, self.misspelt].contains(&id)
    }

    fn mended(&self, word: &str) -> Option<&'static str> {
        self.mended.get(word).copied()
    }
}

const STEM_HEAD_WORDS: usize = 256;
const KNOWN_WORDS: usize = 1024;

/// A word of a phrase or of a pattern: one word, or all that a stem stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(Vec<WordId>);

impl Words {
    pub(super) fn fits(&self, id: WordId) -> bool {
        match self.0.as_slice() {
            [only] => *only == id,
            ids => ids.binary_search(&id).is_ok(),
        }
    }

    pub(super) fn ids(&self) -> &[WordId] {
        &self.0
    }
}

/// Words in a row that stand for something.
#[derive(Debug)]
pub(super) struct Phrase {
    rest: Vec<Words>,
    concepts: u64,
}

impl Phrase {
    pub(super) fn length(&self) -> usize {
        self.rest.len() + 1
    }

    pub(super) fn rest(&self) -> &[Words] {
        &self.rest
    }

    pub(super) fn concepts(&self) -> u64 {
        self.concepts
    }
}

/// The vocabulary of what we ship.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let patterns = threats::TABLES.iter().copied().flatten().filter_map(|recognizer| match recognizer.look {
        Look::Wordings(patterns) => Some(patterns),
        _ => None,
    });
    let mut words: BTreeSet<String> = patterns.flatten().flat_map(|pattern| words_of(pattern)).collect();
    for phrase in lexicon::entries().flat_map(|(_, phrases)| *phrases) {
        words.extend(parts(phrase));
    }
    Vocabulary::new(&words)
});

/// The words of a phrase, as a text's are read: letters of scripts without blanks one by one.
pub(super) fn parts(phrase: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for word in phrase.split_whitespace() {
        let letters: Vec<char> = word.chars().filter(|&letter| letter != '*').collect();
        if letters.iter().any(|&letter| super::reading::is_word_by_itself(letter)) {
            // The last letter's stem would be every word that begins with it; each letter is a word anyhow.
            parts.extend(letters.iter().map(char::to_string));
        } else {
            parts.push(word.to_owned());
        }
    }
    parts
}

impl Vocabulary {
    fn new(words: &BTreeSet<String>) -> Self {
        let numbers: BTreeMap<String, WordId> =
            words.iter().zip(1..).map(|(word, number)| (word.clone(), WordId(number))).collect();
        let count = numbers.len() + 1;
        let (rotated_id, reversed_id) = (WordId(count as u16), WordId(count as u16 + 1));
        let disguised = TELLING.iter().flat_map(|word| {
            let forms = [(word.chars().map(rotated).collect(), rotated_id), (word.chars().rev().collect(), reversed_id)];
            forms.into_iter().filter(|(form, _): &(String, _)| !numbers.contains_key(form))
        });
        let mut disguised: BTreeMap<String, WordId> = disguised.collect();
        let misspelt = WordId(count as u16 + 2);
        let is_written = |word: &str| {
            // Whatever stem it may have is one of its own beginnings.
            let mut stems = (1..=word.len()).filter_map(|length| word.get(..length)).map(|stem| format!("{stem}*"));
            numbers.contains_key(word) || stems.any(|stem| numbers.contains_key(&stem))
        };
        let mut mended = BTreeMap::new();
        let forms = |word: &&'static str| {
            let mistyped = if MISTYPED.contains(word) { mistyped(word) } else { Vec::new() };
            swapped(word).into_iter().chain(mistyped)
        };
        for word in TELLING {
            for form in forms(word) {
                if !disguised.contains_key(&form) && !TELLING.contains(&form.as_str()) && !is_written(&form) {
                    mended.insert(form, *word);
                }
            }
        }
        disguised.extend(mended.keys().map(|form| (form.clone(), misspelt)));
        let whole = numbers.iter().filter(|(word, _)| !word.ends_with('*')).chain(&disguised);
        let mut known = [0; KNOWN_WORDS];
        let slot_count = (numbers.len() + disguised.len()) * 2;
        let mut slots = vec![(0, WordId::NONE); slot_count.next_power_of_two()];
        for (word, &id) in whole {
            let hash = hash_of(word.as_bytes());
            let mut slot = hash as usize & (slots.len() - 1);
            while slots[slot].1 != WordId::NONE {
                slot = (slot + 1) & (slots.len() - 1);
            }
            slots[slot] = (tag_of(hash), id);
            let bit = bit_of_hash(hash);
            known[bit / 64] |= 1 << (bit % 64);
        }
        let mut stems = Vec::new();
        let mut stem_heads = [0; STEM_HEAD_WORDS];
        for (word, &id) in &numbers {
            let Some(stem) = word.strip_suffix('*') else { continue };
            assert!(stem.len() >= 4, "the stem `{word}` has fewer than four bytes");
            let head = head_of(stem.as_bytes());
            let bit = bit_of(head);
            stem_heads[bit / 64] |= 1 << (bit % 64);
            stems.push((head, stem.to_owned(), id));
        }
        stems.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.len().cmp(&a.1.len())).then(a.1.cmp(&b.1)));
        let mut vocabulary = Self {
            slots,
            known,
            stems,
            stem_heads,
            concepts: vec![0; count + 3],
            phrases: (0..count + 3).map(|_| Vec::new()).collect(),
            seconds: vec![0; count + 3],
            by_concept: vec![Vec::new(); Concept::ALL.len()],
            numbers,
            rotated: rotated_id,
            reversed: reversed_id,
            misspelt,
            mended,
        };
        for (concept, phrases) in lexicon::entries() {
            phrases.iter().for_each(|phrase| vocabulary.add(phrase, concept.bits()));
        }
        for id in (0..vocabulary.len() as u16).map(WordId) {
            let phrases = vocabulary.phrases(id).iter().map(Phrase::concepts);
            let all = phrases.fold(vocabulary.concepts(id), |all, one| all | one);
            (0..Concept::ALL.len())
                .filter(|concept| all >> concept & 1 == 1)
                .for_each(|concept| vocabulary.by_concept[concept].push(id));
        }
        vocabulary
    }

    fn add(&mut self, phrase: &str, concept: u64) {
        let mut words = parts(phrase).into_iter().map(|word| self.words(&word)).collect::<Vec<_>>().into_iter();
        let first = words.next().expect("a phrase has a word");
        let rest: Vec<Words> = words.collect();
        for &WordId(id) in first.ids() {
            let id = usize::from(id);
            if rest.is_empty() {
                self.concepts[id] |= concept;
                continue;
            }
            rest[0].ids().iter().for_each(|second| self.seconds[id] |= 1 << (second.0 % 64));
            match self.phrases[id].iter_mut().find(|known| known.rest == rest) {
                Some(known) => known.concepts |= concept,
                None => self.phrases[id].push(Phrase { rest: rest.clone(), concepts: concept }),
            }
            // The longest first: of more than fit, the more telling are kept.
            self.phrases[id].sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
    }

    /// The numbers that a word of a phrase stands for.
    pub(super) fn words(&self, word: &str) -> Words {
        match word.strip_suffix('*') {
            Some(stem) => {
                // Whatever begins with the stem stands side by side, the stem itself first.
                let known = self.numbers.range::<str, _>((Bound::Included(stem), Bound::Unbounded));
                Words(known.take_while(|(known, _)| known.starts_with(stem)).map(|(_, &id)| id).collect())
            }
            None => Words(vec![self.numbers[word]]),
        }
    }

    /// The numbers of the words that stand for any of these concepts, or that begin a phrase that does.
    pub(super) fn ids_of(&self, concepts: u64) -> impl Iterator<Item = WordId> {
        let of = (0..Concept::ALL.len()).filter(move |concept| concepts >> concept & 1 == 1);
        of.flat_map(|concept| self.by_concept[concept].iter().copied())
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether a number is of a telling word that is written 13 letters further on.
    pub(super) fn is_rotated(&self, id: WordId) -> bool {
        id == self.rotated
    }

    /// Whether a number is of a telling word that is misspelt.
    pub(super) fn is_misspelt(&self, id: WordId) -> bool {
        id == self.misspelt
    }

    /// Whether a number is of a telling word that is written from its end.
    pub(super) fn is_reversed(&self, id: WordId) -> bool {
        id == self.reversed
    }

    pub(super) fn concepts(&self, id: WordId) -> u64 {
        self.concepts[usize::from(id.0)]
    }

    pub(super) fn phrases(&self, id: WordId) -> &[Phrase] {
        &self.phrases[usize::from(id.0)]
    }

    /// Whether a phrase that begins with a word may have another behind it; most words of a text begin none.
    #[inline]
    pub(super) fn may_go_on(&self, first: WordId, second: WordId) -> bool {
        second != WordId::NONE && self.seconds[usize::from(first.0)] >> (second.0 % 64) & 1 == 1
    }

    /// The number of a lower-case word, by its hash and its first four bytes (zeros where it has fewer); `rest` gives it as a
    /// whole, and is asked for only where a stem may fit.
    #[inline]
    pub(super) fn id<'w>(&self, hash: u64, head: u32, word: impl FnOnce() -> &'w [u8]) -> WordId {
        let (is_known, is_stem) = (bit_of_hash(hash), bit_of(head));
        let known = self.known[is_known / 64] >> (is_known % 64) & 1;
        let stem = self.stem_heads[is_stem / 64] >> (is_stem % 64) & 1;
        if known | stem == 0 { WordId::NONE } else { self.number(word(), hash, head) }
    }

    fn number(&self, word: &[u8], hash: u64, head: u32) -> WordId {
        let mut slot = hash as usize & (self.slots.len() - 1);
        loop {
            let (tag, id) = self.slots[slot];
            if id == WordId::NONE {
                break;
            }
            if tag == tag_of(hash) {
                return id;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let from = self.stems.partition_point(|(known, ..)| *known < head);
        let mut near = self.stems[from..].iter().take_while(|(known, ..)| *known == head);
        near.find(|(_, stem, _)| word.get(..stem.len()).is_some_and(|head| head.eq_ignore_ascii_case(stem.as_bytes())))
            .map_or(WordId::NONE, |(.., id)| *id)
    }
}

fn tag_of(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// A word's first four bytes, zeros behind the last.
pub(super) fn head_of(word: &[u8]) -> u32 {
    let mut head = [0; 4];
    let length = word.len().min(4);
    head[..length].copy_from_slice(&word[..length]);
    u32::from_le_bytes(head)
}

/// The bit of a word's hash.
#[inline]
fn bit_of_hash(hash: u64) -> usize {
    hash as usize % (KNOWN_WORDS * 64)
}

/// The bit of a stem's first four bytes.
#[inline]
fn bit_of(head: u32) -> usize {
    (head.wrapping_mul(0x9E37_79B1) >> 18) as usize
}

/// A hash of a lower-case word, of its first 32 bytes; the same on every machine, since the model's weights go by it. It goes
/// by eight bytes at a time, zeros behind the last.
pub(super) fn hash_of(word: &[u8]) -> u64 {
    let word = &word[..word.len().min(HASHED_BYTES_MAX)];
    let mut hash = 0;
    for chunk in word.chunks(8) {
        let mut part = [0; 8];
        part[..chunk.len()].copy_from_slice(chunk);
        hash = stirred(hash, u64::from_le_bytes(part));
    }
    finished(hash)
}

/// The hash that a reading gives a lower-case word.
pub(crate) fn word_hash(word: &str) -> u32 {
    (hash_of(word.as_bytes()) >> 32) as u32
}

/// A longer word is none that means something; its first bytes stand for it.
pub(super) const HASHED_BYTES_MAX: usize = 32;

/// A hash with eight more bytes.
#[inline]
pub(super) fn stirred(hash: u64, part: u64) -> u64 {
    (hash.rotate_left(29) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of all bytes.
#[inline]
pub(super) fn finished(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash ^ (hash >> 32)
}
