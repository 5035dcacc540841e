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

/// So many bytes are looked at together.
const WINDOW: usize = 80;
/// The most bytes that a sign has: three letters set apart, and what is around them.
const SIGN_BYTES: usize = 7;
/// A sign begins at one of so many places of a window; the next window begins behind them.
const PLACES: usize = 64;
const _: () = assert!(PLACES + SIGN_BYTES - 1 <= WINDOW);

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
            match start.checked_sub(1).and_then(|before| bytes[before..].first_chunk()) {
                Some(window) => signs.look(window),
                None => signs.look(&padded(bytes, start)),
            }
            start += PLACES;
        }
        signs
    }

    /// Looks for letters that stand apart, and digits within words.
    fn look(&mut self, window: &[u8; WINDOW]) {
        let (mut letters, mut digits) = ([0; WINDOW], [0; WINDOW]);
        for at in 0..WINDOW {
            letters[at] = u8::from((window[at] | 0x20).wrapping_sub(b'a') < 26);
            digits[at] = u8::from(window[at].wrapping_sub(b'0') < 10 || window[at] == b'@' || window[at] == b'$');
        }
        let (mut apart, mut leet) = (0, 0);
        for at in 0..PLACES {
            let row = letters[at + 1] & letters[at + 3] & letters[at + 5];
            let between = letters[at] | letters[at + 2] | letters[at + 4] | letters[at + 6];
            apart |= row & !between;
            leet |= letters[at] & digits[at + 1] & letters[at + 2];
        }
        self.apart |= apart & 1 != 0;
        self.leet |= leet & 1 != 0;
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
            prop_assert!(signs("r3v").leet && signs("p@ss").leet);
            prop_assert!(signs("r<b>").broken);
            prop_assert!(signs("=69=67").quoted);
        }
    }
}
