//! One look at a text's bytes that tells which disguises to look for.

/// Which disguises a text may have. Says yes too often, never no wrongly for what the views undo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signs {
    pub(super) letters: bool,
    pub(super) apart: bool,
    pub(super) leet: bool,
    pub(super) broken: bool,
    pub(super) quoted: bool,
}

const HIGH: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;

impl Signs {
    /// The signs of a text. Eight bytes are taken at once, four of them again with the next eight: a sign has five bytes, and so
    /// lies in one of them whole.
    pub(super) fn of(text: &str) -> Self {
        if !text.is_ascii() {
            // Other letters than ASCII's are taken for what they are only by the views themselves.
            return Self { letters: true, apart: true, leet: true, ..Self::of_markup(text) };
        }
        let bytes = text.as_bytes();
        let mut signs = Self::of_markup(text);
        let mut look = |eight: [u8; 8]| {
            let eight = u64::from_le_bytes(eight);
            let letters = letters(eight);
            signs.apart |= is_apart(letters);
            signs.leet |= letters & for_letters(eight) >> 8 & letters >> 16 != 0;
        };
        let mut at = 0;
        while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            look(*eight);
            at += 4;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let mut last = [b' '; 8];
        last[..rest.len()].copy_from_slice(rest);
        look(last);
        signs
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

/// The high bit of each byte, of eight ASCII ones, that is a letter.
fn letters(eight: u64) -> u64 {
    let lower = eight | (0x20 * ONES);
    between(lower, b'a', b'z')
}

/// The high bit of each byte that is written for a letter: digits, `@`, `$`, `!`, `|`, `+`.
fn for_letters(eight: u64) -> u64 {
    between(eight, b'0', b'9')
        | between(eight, b'@', b'@')
        | between(eight, b'$', b'$')
        | between(eight, b'!', b'!')
        | between(eight, b'|', b'|')
        | between(eight, b'+', b'+')
}

/// The high bit of each byte, of eight ASCII ones, that lies between two.
fn between(eight: u64, first: u8, last: u8) -> u64 {
    let from = eight + (0x80 - u64::from(first)) * ONES;
    let behind = eight + (0x7F - u64::from(last)) * ONES;
    from & !behind & HIGH
}

/// Whether two letters stand alone side by side, one sign before, between and behind them: in a row of four letters set apart
/// the second and the third do. Looked for from each of the first four bytes on.
fn is_apart(letters: u64) -> bool {
    let others = !letters & HIGH;
    others & letters >> 8 & others >> 16 & letters >> 24 & others >> 32 & 0x8080_8080 != 0
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
            prop_assert!(signs(" i g n o ").apart);
            prop_assert!(signs("r3v").leet);
            prop_assert!(signs("r<b>").broken);
            prop_assert!(signs("=69=67").quoted);
        }
    }
}
