//! The word lists as one table: a word is looked up once, whatever is asked of it.

use std::sync::LazyLock;

use super::words::{ASKED, BY, CHANGING, GENERIC, GOING_ON, IDIOMS, MEETING, PAYING, TITLES, WRITING};

/// What the lists say of a word, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Said(u16);

impl Said {
    pub(super) const GENERIC: Self = Self(1);
    /// The first word of an idiom.
    pub(super) const IDIOM: Self = Self(1 << 1);
    pub(super) const ASKED: Self = Self(1 << 2);
    pub(super) const WRITING: Self = Self(1 << 3);
    pub(super) const PAYING: Self = Self(1 << 4);
    pub(super) const MEETING: Self = Self(1 << 5);
    pub(super) const CHANGING: Self = Self(1 << 6);
    pub(super) const GOING_ON: Self = Self(1 << 7);
    pub(super) const BY: Self = Self(1 << 8);
    pub(super) const TITLE: Self = Self(1 << 9);
    /// `the following tasks`
    pub(super) const FOLLOWING: Self = Self(1 << 10);
    /// `pay for the tickets`
    pub(super) const FOR: Self = Self(1 << 11);
    pub(super) const DO: Self = Self(1 << 12);
    /// `Do I`, `do you`: a question.
    pub(super) const ASKS: Self = Self(1 << 13);
    pub(super) const ANSWER: Self = Self(1 << 14);
    /// `Answer in one line`: an answer to the user.
    pub(super) const HOW: Self = Self(1 << 15);

    /// What the lists say of a word in lower case.
    pub(super) fn of(word: &[u8]) -> Self {
        TABLE.of(word)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

const FOLLOWING: &[&str] = &["following", "folgenden", "suivantes", "siguientes"];
const FOR: &[&str] = &["for", "für", "pour", "para"];
const ASKS: &[&str] = &["i", "you", "we", "they", "any", "not"];
const ANSWER: &[&str] = &["answer", "reply", "respond"];
const HOW: &[&str] = &["in", "my", "only", "briefly", "me", "as", "using"];

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let idioms: Vec<&str> = IDIOMS.iter().map(|(verb, _)| *verb).collect();
    Table::new(&[
        (GENERIC, Said::GENERIC),
        (&idioms, Said::IDIOM),
        (ASKED, Said::ASKED),
        (WRITING, Said::WRITING),
        (PAYING, Said::PAYING),
        (MEETING, Said::MEETING),
        (CHANGING, Said::CHANGING),
        (GOING_ON, Said::GOING_ON),
        (BY, Said::BY),
        (TITLES, Said::TITLE),
        (FOLLOWING, Said::FOLLOWING),
        (FOR, Said::FOR),
        (&["do"], Said::DO),
        (ASKS, Said::ASKS),
        (ANSWER, Said::ANSWER),
        (HOW, Said::HOW),
    ])
});

/// Open addressing, at most half full.
struct Table {
    places: Vec<(&'static str, Said)>,
}

impl Table {
    fn new(lists: &[(&[&'static str], Said)]) -> Self {
        let count: usize = lists.iter().map(|(list, _)| list.len()).sum();
        let mut table = Self { places: vec![("", Said::default()); (2 * count).next_power_of_two()] };
        for (list, said) in lists {
            for word in *list {
                let mut at = table.first(word.as_bytes());
                while !table.places[at].0.is_empty() && table.places[at].0 != *word {
                    at = (at + 1) & (table.places.len() - 1);
                }
                table.places[at] = (word, Said(table.places[at].1.0 | said.0));
            }
        }
        table
    }

    fn of(&self, word: &[u8]) -> Said {
        let mut at = self.first(word);
        loop {
            match self.places[at] {
                ("", _) => return Said::default(),
                (known, said) if known.as_bytes() == word => return said,
                _ => at = (at + 1) & (self.places.len() - 1),
            }
        }
    }

    fn first(&self, word: &[u8]) -> usize {
        let part = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |part, byte| part << 8 | u64::from(*byte));
        let (head, tail) = (part(&word[..word.len().min(8)]), part(&word[word.len().saturating_sub(4)..]));
        let hash = (head ^ tail << 29 ^ word.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> 32) as usize & (self.places.len() - 1)
    }
}

/// A word in lower case, in place where it is short and ASCII.
pub(super) struct Lower {
    short: [u8; SHORT_BYTES_MAX],
    length: usize,
    long: String,
}

const SHORT_BYTES_MAX: usize = 64;

impl Lower {
    pub(super) fn of(word: &str) -> Self {
        let mut lower = Self { short: [0; SHORT_BYTES_MAX], length: word.len(), long: String::new() };
        if word.len() <= SHORT_BYTES_MAX && word.is_ascii() {
            lower.short[..word.len()].copy_from_slice(word.as_bytes());
            lower.short[..word.len()].make_ascii_lowercase();
        } else {
            lower.long = word.to_lowercase();
        }
        lower
    }

    pub(super) fn bytes(&self) -> &[u8] {
        if self.long.is_empty() { &self.short[..self.length] } else { self.long.as_bytes() }
    }
}

/// Words that others end with, by their last two bytes.
pub(super) struct Ends {
    by_end: Vec<Vec<(&'static [u8], u8)>>,
}

/// Long words are also the ends of compounds: `Stromrechnung`.
const COMPOUND_BYTES_MIN: usize = 6;

impl Ends {
    /// Lists of words, each with a bit. Each word has two bytes at least.
    pub(super) fn new(lists: &[(&[&'static str], u8)]) -> Self {
        let mut by_end = vec![Vec::new(); 1024];
        for (list, bit) in lists {
            list.iter().for_each(|text| by_end[Self::place(text.as_bytes())].push((text.as_bytes(), *bit)));
        }
        Self { by_end }
    }

    fn place(word: &[u8]) -> usize {
        match word {
            [.., one, two] => usize::from(one & 31) << 5 | usize::from(two & 31),
            _ => 0,
        }
    }

    /// The bits of the lists in which a word in lower case, or its singular, stands.
    pub(super) fn of(&self, word: &[u8]) -> u8 {
        let mut bits = 0;
        for end in [&b""[..], b"s", b"es", b"n", b"en"] {
            let Some(one) = word.strip_suffix(end).filter(|one| one.len() >= 2) else { continue };
            for (text, bit) in &self.by_end[Self::place(one)] {
                if one == *text || text.len() >= COMPOUND_BYTES_MIN && one.ends_with(text) {
                    bits |= bit;
                }
            }
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_lists_say() {
        let lists: [(&[&str], Said); 5] = [
            (GENERIC, Said::GENERIC),
            (ASKED, Said::ASKED),
            (WRITING, Said::WRITING),
            (GOING_ON, Said::GOING_ON),
            (FOR, Said::FOR),
        ];
        for (list, said) in lists {
            for (other, _) in lists {
                for word in other {
                    assert_eq!(Said::of(word.as_bytes()).has(said), list.contains(word), "{word}");
                }
            }
        }
        assert_eq!(Said::of(b"unheard"), Said::default());
        assert_eq!(Said::of(b""), Said::default());
    }

    #[test]
    fn words_are_found_by_their_ends() {
        let ends = Ends::new(&[(&["mail", "rechnung"], 1), (&["md"], 2)]);
        for (word, expected) in [("mails", 1), ("stromrechnungen", 1), ("email", 0), ("md", 2), ("m", 0), ("", 0), ("s", 0)]
        {
            assert_eq!(ends.of(word.as_bytes()), expected, "{word}");
        }
    }
}
