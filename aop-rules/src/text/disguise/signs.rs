//! One look at a text's bytes that tells which disguises to look for.

use super::apart::{GAP_BYTES_MAX, TELLING_LETTERS_MIN};
use super::leet::Touching;
use crate::text::block::{BLOCK_BYTES, Block};

/// Which disguises a text may have. Says yes too often; no only where the views undo nothing, as every word that tells of an attack
/// has letters, not digits alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Signs {
    pub(super) letters: bool,
    pub(super) apart: bool,
    pub(super) leet: bool,
    pub(super) broken: bool,
    pub(super) quoted: bool,
    /// The block before the one that is looked at.
    before: Before,
}

/// What signs may begin in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Before {
    letters: u64,
    words: u64,
    touching: Touching,
    lone: u64,
}

/// The most bytes of a row of letters set apart: it lies in two blocks, one behind the other.
const ROW_BYTES: usize = TELLING_LETTERS_MIN + (TELLING_LETTERS_MIN - 1) * GAP_BYTES_MAX;
const _: () = assert!(ROW_BYTES <= BLOCK_BYTES);

impl Signs {
    /// The signs of a text.
    pub(super) fn of(text: &str) -> Self {
        let is_ascii = text.is_ascii();
        let mut signs = Self::begun(text, is_ascii);
        if is_ascii {
            let bytes = text.as_bytes();
            for offset in (0..bytes.len()).step_by(BLOCK_BYTES) {
                signs.look(bytes, offset, Block::at(bytes, offset));
            }
        }
        signs
    }

    /// What is told of a text without its blocks, which are to be looked at in order where it is ASCII. Other letters are taken for
    /// what they are only by the views themselves.
    pub(crate) fn begun(text: &str, is_ascii: bool) -> Self {
        Self { letters: !is_ascii, apart: !is_ascii, leet: !is_ascii, ..Self::of_markup(text) }
    }

    /// Looks at the next block of an ASCII text: for digits and signs that touch letters, and for letters that stand alone.
    #[inline]
    pub(crate) fn look(&mut self, bytes: &[u8], offset: usize, block: Block) {
        let mut before = self.before;
        let (letters, words) = (block.letters, block.words());
        if !self.leet {
            self.leet = before.touching.touch(bytes, offset, block) != 0;
        }
        // What follows the last byte is not known yet: it may stand alone.
        let lone = words & !(words << 1 | before.words >> 63) & !(words >> 1);
        self.before = Before { letters, words, touching: before.touching, lone };
        let is_row_likely = (lone.count_ones() + before.lone.count_ones()) as usize >= TELLING_LETTERS_MIN;
        if is_row_likely && !self.apart && (lone & letters | before.lone & before.letters) != 0 {
            self.apart = has_row(bytes, offset);
        }
    }

    fn of_markup(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut signs = Self::default();
        for at in memchr::memchr3_iter(b'<', b'=', b'*', bytes) {
            let before = at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphabetic());
            match bytes[at] {
                b'<' => signs.broken |= before,
                b'*' => {
                    signs.broken |=
                        before && bytes.get(at + 1).is_some_and(|&next| next == b'*' || next.is_ascii_alphabetic())
                }
                _ => {
                    signs.quoted |=
                        matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) && before || bytes.get(at + 3) == Some(&b'=')
                }
            }
            if signs.broken && signs.quoted {
                break;
            }
        }
        signs
    }

    /// Whether there is any.
    pub(super) fn any(self) -> bool {
        self.letters || self.apart || self.leet || self.broken || self.quoted
    }
}

/// Whether so many letters and digits stand alone in a row, not all of them digits, in the block that begins at an offset and the
/// one before.
fn has_row(bytes: &[u8], start: usize) -> bool {
    let is_part = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let (from, to) = (start.saturating_sub(BLOCK_BYTES), bytes.len().min(start + BLOCK_BYTES));
    let (mut row, mut has_letter, mut end) = (0, false, from);
    for at in (from..to).filter(|&at| is_part(at)) {
        let is_alone = !is_part(at + 1) && !at.checked_sub(1).is_some_and(is_part);
        if !is_alone || at - end > GAP_BYTES_MAX {
            (row, has_letter) = (0, false);
        }
        if is_alone {
            row += 1;
            has_letter |= bytes[at].is_ascii_alphabetic();
            if row >= TELLING_LETTERS_MIN && has_letter {
                return true;
            }
        }
        end = at + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::disguise::tests::Few;
    use crate::text::disguise::{apart, broken, leet};
    use crate::text::view::View;
    use proptest::prelude::*;

    #[test]
    fn prose_has_no_signs() {
        for text in [
            "The committee met on Tuesday, 4 May 2021, and approved the budget of 3.5 million.",
            "let total = items.iter().map(Item::price).sum::<usize>();",
            "I am. A or B? Then 4 of 5! Stop! Now | then + 1.",
            "One at a time, as I said: it's a plan, isn't it? 1, 2, 3, 4, 5; vitamins A, B and C.",
            "",
        ] {
            assert!(!Signs::of(text).any(), "{text}");
        }
    }

    /// A word with signs and markup in the place of letters and between them.
    fn disguised() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec!["ignore", "previous", "instructions", "reveal", "system", "rules", "prompt"]);
        let changes = prop::collection::vec((any::<prop::sample::Index>(), "[0-9@$!|+]"), 0..6);
        (word, changes, prop::sample::select(vec!["", "", " ", ". ", "<b>", "**", "<!-- -->", "*", "-"])).prop_map(
            |(word, changes, gap)| {
                let mut letters: Vec<String> = word.chars().map(String::from).collect();
                for (place, sign) in changes {
                    let place = place.index(letters.len());
                    letters[place] = sign;
                }
                letters.join(gap)
            },
        )
    }

    proptest! {
        /// What is worth reading has its sign: nothing is lost by looking at the signs first.
        #[test]
        fn what_is_worth_reading_has_its_sign(parts in prop::collection::vec(prop_oneof![disguised(), "[ -~]{0,70}"], 0..12), gap in "[ \n,+!]?") {
            let text = parts.join(&gap);
            let signs = Signs::of(&text);
            prop_assert!(signs.leet || !leet::is_worth_reading(&text, &Few), "{text:?}");
            prop_assert!(signs.broken || !broken::is_worth_reading(&text, &Few), "{text:?}");
            prop_assert!(signs.apart || !apart::build(&mut View::default(), &text, &Few), "{text:?}");
        }

        /// Wherever it stands, it is seen.
        #[test]
        fn signs_are_seen_anywhere(before in "[ -~]{0,90}", after in "[ -~]{0,90}") {
            let signs = |sign: &str| Signs::of(&[&before, sign, &after].concat());
            for gap in [" ", "  ", " . ", " - ", "\r\n", "            "] {
                prop_assert!(signs(&["", "i", "g", "n", "o", ""].join(gap)).apart, "{gap:?}");
                prop_assert!(signs(&["", "1", "g", "n", "0", ""].join(gap)).apart, "{gap:?}");
            }
            prop_assert!(["r3v", "p@ss", "1gnore", "rule5", "!gnore", "ru|es"].into_iter().all(|word| signs(word).leet));
            prop_assert!(signs("r<b>").broken);
            prop_assert!(signs("=69=67").quoted);
        }
    }
}
