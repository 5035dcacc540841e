//! One look at a text's bytes that tells which disguises to look for.

use super::apart::{GAP_BYTES_MAX, TELLING_LETTERS_MIN};

/// Which disguises a text may have. Says yes too often; no only where the views undo nothing, as every word that tells of an attack
/// has letters, not digits alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signs {
    pub(super) letters: bool,
    pub(super) apart: bool,
    pub(super) leet: bool,
    pub(super) broken: bool,
    pub(super) quoted: bool,
}

/// So many bytes are looked at together.
const WINDOW: usize = 80;
/// The most bytes that a sign has: a letter, and what is around it.
const SIGN_BYTES: usize = 3;
/// A sign begins at one of so many places of a window; the next window begins behind them.
const PLACES: usize = 64;
const _: () = assert!(PLACES + SIGN_BYTES - 1 <= WINDOW);
/// The most bytes of a row of letters set apart. Of one that lies in two windows, two letters lie in one of them.
const ROW_BYTES: usize = TELLING_LETTERS_MIN + (TELLING_LETTERS_MIN - 1) * GAP_BYTES_MAX;
const _: () = assert!(ROW_BYTES <= PLACES && TELLING_LETTERS_MIN >= 3);

impl Signs {
    /// The signs of a text. Windows overlap, so that each sign lies in one of them as a whole; a blank stands before and behind
    /// the text. What is asked of a byte is the same for each, so that many are asked at once.
    pub(super) fn of(text: &str) -> Self {
        if !text.is_ascii() {
            // Other letters than ASCII's are taken for what they are only by the views themselves.
            return Self { letters: true, apart: true, leet: true, ..Self::of_markup(text) };
        }
        let bytes = text.as_bytes();
        let mut signs = Self::of_markup(text);
        let mut start = 0;
        while start < bytes.len() {
            let is_lonely = match start.checked_sub(1).and_then(|before| bytes[before..].first_chunk()) {
                Some(window) => signs.look(window),
                None => signs.look(&padded(bytes, start)),
            };
            if is_lonely && !signs.apart {
                signs.apart = has_row(bytes, start);
            }
            start += PLACES;
        }
        signs
    }

    /// Looks for digits within words; says whether two letters or digits stand alone, and one of them is a letter.
    fn look(&mut self, window: &[u8; WINDOW]) -> bool {
        let (mut letters, mut digits, mut drawn) = ([0; WINDOW], [0; WINDOW], [0; WINDOW]);
        for at in 0..WINDOW {
            letters[at] = u8::from((window[at] | 0x20).wrapping_sub(b'a') < 26);
            digits[at] = u8::from(window[at].wrapping_sub(b'0') < 10);
            drawn[at] = digits[at] | u8::from(window[at] == b'@' || window[at] == b'$');
        }
        let (mut lonely, mut lonely_letters, mut leet) = (0_u8, 0, 0);
        for at in 0..PLACES {
            let around = letters[at] | digits[at] | letters[at + 2] | digits[at + 2];
            lonely += (letters[at + 1] | digits[at + 1]) & !around;
            lonely_letters |= letters[at + 1] & !around;
            leet |= letters[at] & drawn[at + 1] & letters[at + 2];
        }
        self.leet |= leet & 1 != 0;
        lonely >= 2 && lonely_letters & 1 != 0
    }

    fn of_markup(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut signs = Self::default();
        for at in memchr::memchr2_iter(b'<', b'=', bytes) {
            let before = at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphabetic());
            match bytes[at] {
                b'<' => signs.broken |= before,
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
        self != Self::default()
    }
}

/// Whether so many letters and digits stand alone in a row, not all of them digits, near the window that begins at an offset.
fn has_row(bytes: &[u8], start: usize) -> bool {
    let is_part = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let (from, to) = (start.saturating_sub(ROW_BYTES), bytes.len().min(start + PLACES + ROW_BYTES));
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

/// The window from before an offset on, with blanks where there is no text.
fn padded(bytes: &[u8], start: usize) -> [u8; WINDOW] {
    let mut window = [b' '; WINDOW];
    let blanks = usize::from(start == 0);
    let rest = &bytes[start.saturating_sub(1)..];
    let length = rest.len().min(WINDOW - blanks);
    window[blanks..blanks + length].copy_from_slice(&rest[..length]);
    window
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prose_has_no_signs() {
        for text in [
            "The committee met on Tuesday, 4 May 2021, and approved the budget of 3.5 million.",
            "let total = items.iter().map(|item| item.price).sum::<u64>();",
            "I am. A or B? Then 4 of 5, 3rd, 10am.",
            "One at a time, as I said: it's a plan, isn't it? 1, 2, 3, 4, 5; vitamins A, B and C.",
            "",
        ] {
            assert_eq!(Signs::of(text), Signs::default(), "{text}");
        }
    }

    proptest! {
        /// Wherever it stands, it is seen.
        #[test]
        fn signs_are_seen_anywhere(before in "[ -~]{0,20}", after in "[ -~]{0,20}") {
            let signs = |sign: &str| Signs::of(&[&before, sign, &after].concat());
            for gap in [" ", "  ", " . ", " - ", "\r\n", "            "] {
                prop_assert!(signs(&["", "i", "g", "n", "o", ""].join(gap)).apart, "{gap:?}");
                prop_assert!(signs(&["", "1", "g", "n", "0", ""].join(gap)).apart, "{gap:?}");
            }
            prop_assert!(signs("r3v").leet && signs("p@ss").leet);
            prop_assert!(signs("r<b>").broken);
            prop_assert!(signs("=69=67").quoted);
        }
    }
}
