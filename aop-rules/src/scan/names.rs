//! Names are evidence: which recognizers a key speaks of, and where a text names what follows.

use std::collections::HashMap;

use crate::scan::hit::Provenance;
use crate::scan::site::{is_full_name, is_other_matter, is_technical_name};
use crate::text::words::Name;

/// The phrases that recognizers are named by, as they stand in keys.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// By the phrase without its spaces.
    owners: HashMap<Box<str>, Vec<u16>>,
}

/// Phrases have at most so many words, in keys.
const PHRASE_WORDS_MAX: usize = 5;

impl Names {
    /// Makes a lower-case phrase speak of a recognizer.
    pub(crate) fn add(&mut self, phrase: &str, owner: u16) {
        let owners = self.owners.entry(phrase.replace(' ', "").into()).or_default();
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }

    /// What a key says.
    fn meaning(&self, key: &str) -> Meaning {
        let name = Name::new(key);
        let words: Vec<&str> = name.as_str().split(' ').collect();
        let is_of_another_matter = words.last().is_some_and(|last| is_other_matter(last));
        let mut owners = Vec::new();
        for first in 0..words.len() {
            let mut phrase = String::new();
            for (at, word) in words.iter().enumerate().skip(first).take(PHRASE_WORDS_MAX) {
                phrase.push_str(word);
                if is_of_another_matter && at + 1 < words.len() {
                    continue;
                }
                owners.extend(self.owners.get(phrase.as_str()).into_iter().flatten().copied());
            }
        }
        owners.sort_unstable();
        owners.dedup();
        Meaning { owners, is_technical: is_technical_name(name.as_str()), is_full: is_full_name(key) }
    }
}

/// What a key says about its value.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Meaning {
    /// The recognizers it names, by number.
    pub(crate) owners: Vec<u16>,
    /// Whether it is of a thing that only looks like somebody's data: an id, a counter, a time.
    pub(crate) is_technical: bool,
    /// Whether it says so by itself, whatever stands beside it or around it.
    pub(crate) is_full: bool,
}

/// A key that says nothing.
pub(crate) static NOTHING: Meaning = Meaning { owners: Vec::new(), is_technical: false, is_full: true };
/// A key of a technical thing.
pub(crate) static TECHNICAL: Meaning = Meaning { owners: Vec::new(), is_technical: true, is_full: true };

/// The meanings of the keys seen last. Each key has one place, by its hash: a stranger who chooses keys that share a place
/// makes them be read again and nothing worse.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    /// The detectors whose meanings these are.
    detectors: u64,
    slots: Vec<Slot>,
}

#[derive(Debug, Default, Clone)]
struct Slot {
    key: String,
    meaning: Meaning,
}

const SLOTS: usize = 1024;

impl Meanings {
    /// What a key says to these detectors.
    pub(crate) fn of(&mut self, detectors: u64, names: &Names, key: &str) -> &Meaning {
        if self.detectors != detectors {
            *self = Self { detectors, slots: vec![Slot::default(); SLOTS] };
        }
        let slot = &mut self.slots[place(key.as_bytes())];
        if slot.key != key {
            key.clone_into(&mut slot.key);
            slot.meaning = names.meaning(key);
        }
        &slot.meaning
    }
}

/// Keys, and other short texts, in which nothing was found, of those seen last: a trace has the same ones over and over.
#[derive(Debug, Default)]
pub(crate) struct CleanKeys<const BYTES_MAX: usize> {
    /// The detectors that found nothing.
    detectors: u64,
    slots: Vec<CleanKey>,
}

#[derive(Debug, Default, Clone)]
struct CleanKey {
    key: String,
    /// One bit for each provenance under which nothing was found.
    provenances: u8,
}

/// Longer ones are looked at each time.
impl<const BYTES_MAX: usize> CleanKeys<BYTES_MAX> {
    /// Whether these detectors have looked at this key and found nothing.
    pub(crate) fn has(&self, detectors: u64, provenance: Provenance, key: &str) -> bool {
        let slot = self.slots.get(place(key.as_bytes())).filter(|_| self.detectors == detectors);
        slot.is_some_and(|slot| slot.provenances >> provenance as u8 & 1 == 1 && slot.key == key)
    }

    /// Remembers that nothing was found.
    pub(crate) fn add(&mut self, detectors: u64, provenance: Provenance, key: &str) {
        if key.len() > BYTES_MAX {
            return;
        }
        if self.detectors != detectors {
            *self = Self { detectors, slots: vec![CleanKey::default(); SLOTS] };
        }
        let slot = &mut self.slots[place(key.as_bytes())];
        if slot.key != key {
            key.clone_into(&mut slot.key);
            slot.provenances = 0;
        }
        slot.provenances |= 1 << provenance as u8;
    }
}

/// A place for a key, by its first sixteen bytes and its length (Knuth's multiplicative hashing).
fn place(key: &[u8]) -> usize {
    let word = |from: usize| {
        let mut bytes = [0; 8];
        let part = key.get(from..).unwrap_or_default();
        let length = part.len().min(8);
        bytes[..length].copy_from_slice(&part[..length]);
        u64::from_le_bytes(bytes)
    };
    let mixed = word(0).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ word(8).wrapping_add(key.len() as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    (mixed >> 40) as usize % SLOTS
}

/// What may part the words of a phrase: any of these, or nothing.
pub(crate) const GAPS: &[&str] = &[" ", "_", "-", ".", "/", "'", ". ", ".-"];

/// The end of a lower-case phrase that begins at an offset of a text, in any case and with any gap, or none, where the phrase
/// has a space: `tax id` is `Tax-ID` and `taxId`. It ends where a word ends, which may be in the plural.
pub(crate) fn phrase_end(text: &[u8], start: usize, phrase: &str) -> Option<usize> {
    let mut at = start;
    for &expected in phrase.as_bytes() {
        let found = text.get(at).copied();
        if expected == b' ' {
            let rest = text.get(at..).unwrap_or_default();
            at += GAPS.iter().filter(|gap| rest.starts_with(gap.as_bytes())).map(|gap| gap.len()).max().unwrap_or(0);
        } else if found.is_some_and(|byte| byte.to_ascii_lowercase() == expected) {
            at += 1;
        } else {
            return None;
        }
    }
    if ends_word(text, at) {
        return Some(at);
    }
    let is_plural = text.get(at).is_some_and(|byte| byte.eq_ignore_ascii_case(&b's'));
    (is_plural && ends_word(text, at + 1)).then_some(at + 1)
}

/// Whether a word can begin at an offset: behind what is no letter or digit, or where a hump of camel case begins.
pub(crate) fn begins_word(text: &[u8], at: usize) -> bool {
    match at.checked_sub(1).map(|before| text[before]) {
        None => true,
        Some(before) if !before.is_ascii_alphanumeric() => true,
        Some(before) => {
            (before.is_ascii_lowercase() || before.is_ascii_digit()) && text[at].is_ascii_uppercase()
                || crate::text::words::follows_escape(text, at)
        }
    }
}

fn ends_word(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        None => true,
        Some(after) if !after.is_ascii_alphanumeric() => true,
        // A hump begins: `taxId`, or behind capitals `SSNField`.
        Some(after) => {
            let is_hump = text[at - 1].is_ascii_lowercase() || text.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            after.is_ascii_uppercase() && is_hump
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_compared_by_words() {
        let end = |text: &str, phrase| phrase_end(text.as_bytes(), 0, phrase);
        for text in ["tax id", "Tax-ID", "taxId", "TAX_ID", "TAXIDField", "taxids", "tax id:"] {
            assert!(end(text, "tax id").is_some(), "{text}");
        }
        for text in ["tax idea", "tax  id", "taxi d", "tax", "TAXIDE"] {
            assert_eq!(end(text, "tax id"), None, "{text}");
        }
    }

    #[test]
    fn a_key_means_what_its_words_say() {
        let mut names = Names::default();
        names.add("ssn", 1);
        names.add("tax id", 2);
        let meaning = |key| names.meaning(key);
        for (key, owners) in
            [("ssn", vec![1]), ("userSSN", vec![1]), ("assn", vec![]), ("taxid", vec![2]), ("tax_id", vec![2])]
        {
            assert_eq!(meaning(key).owners, owners, "{key}");
        }
        assert!(meaning("order_id").is_technical && meaning("legacy_order_number").is_technical);
        for key in ["ssn_count", "taxIdType", "ssn_file"] {
            assert_eq!(meaning(key).owners, [0; 0], "{key}");
        }
    }

    #[test]
    fn a_clean_key_is_clean_for_those_who_looked() {
        let mut clean = CleanKeys::<40>::default();
        clean.add(1, Provenance::User, "status");
        assert!(clean.has(1, Provenance::User, "status"));
        assert!(!clean.has(1, Provenance::Tool, "status") && !clean.has(2, Provenance::User, "status"));
        clean.add(2, Provenance::User, "other");
        assert!(!clean.has(1, Provenance::User, "status") && clean.has(2, Provenance::User, "other"));
    }

    #[test]
    fn meanings_are_of_one_set_of_detectors() {
        let (mut names, mut meanings) = (Names::default(), Meanings::default());
        names.add("ssn", 1);
        assert_eq!(meanings.of(1, &names, "ssn").owners, [1]);
        assert_eq!(meanings.of(2, &Names::default(), "ssn").owners, [0; 0]);
    }
}
