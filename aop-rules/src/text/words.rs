//! Words: runs of ASCII letters and digits and of everything that is not ASCII, compared without regard to case.

use std::ops::Range;

/// One word and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word as written.
    pub text: &'t str,
    /// Its first byte in the text.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
}

impl Word<'_> {
    /// Whether it is one of these lower-case words.
    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }
}

/// Whether a byte belongs to a word. An apostrophe does not: `don't` is the words `don` and `t`.
pub fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Whether a text begins with another, which is ASCII, in any case of its letters.
pub(crate) fn begins_with(text: impl AsRef<[u8]>, head: impl AsRef<[u8]>) -> bool {
    let head = head.as_ref();
    text.as_ref().get(..head.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(head))
}

/// The runs of characters of one kind.
pub(crate) fn runs(text: &str, is_part: fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(is_part)?;
        at = start + text[start..].find(|character| !is_part(character)).unwrap_or(text.len() - start);
        Some(start..at)
    })
}

/// Whether the byte before an offset is the letter of an escape (`\n`, `\t`, `\r`, `\b`, `\f`) that was left in the text: tools often
/// give back the source form of a string, and what follows it begins a word all the same.
///
/// ```
/// use aop_rules::text::words::follows_escape;
///
/// assert!(follows_escape(br"one\ntwo", 5));
/// assert!(!follows_escape(b"one ntwo", 5));
/// ```
pub fn follows_escape(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(..at), Some([.., b'\\', b'n' | b't' | b'r' | b'b' | b'f']))
}

/// A longer word is none that means something: it is cut, so that the work a word is bounded.
const WORD_BYTES_MAX: usize = 64;
/// Nor does what is parted by more than this say anything about what stands here: the next column of a wide table is nearer.
const GAP_BYTES_MAX: usize = 256;

/// The words at and after an offset, which must be a character's boundary. One of more than 64 bytes is given in parts; they
/// end at a gap of more than 255 bytes.
///
/// ```
/// let words: Vec<_> = aop_rules::text::words::after("Don't, Zoë!", 0).map(|word| word.text).collect();
/// assert_eq!(words, ["Don", "t", "Zoë"]);
/// ```
pub fn after(text: &str, mut at: usize) -> impl Iterator<Item = Word<'_>> {
    let words = std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let start = at + bytes.get(at..)?.iter().take(GAP_BYTES_MAX).position(|&byte| is_word_byte(byte))?;
        let length = bytes[start..].iter().take(WORD_BYTES_MAX).take_while(|&&byte| is_word_byte(byte)).count();
        at = text.ceil_char_boundary(start + length);
        Some(Word { text: &text[start..at], start, end: at })
    });
    outside_placeholders(text, words)
}

/// The words that are of no placeholder. It ends where a long row of words belongs to placeholders: what stands behind them is
/// far away, and each word of a text may ask for its neighbours.
fn outside_placeholders<'t>(text: &'t str, words: impl Iterator<Item = Word<'t>>) -> impl Iterator<Item = Word<'t>> {
    let mut skipped = 0;
    words
        .map_while(move |word| {
            let is_skipped = is_in_placeholder(text.as_bytes(), word.start);
            skipped = if is_skipped { skipped + 1 } else { 0 };
            (skipped <= PLACEHOLDER_WORDS_MAX).then_some((word, is_skipped))
        })
        .filter_map(|(word, is_skipped)| (!is_skipped).then_some(word))
}

/// Three or four placeholders side by side: `<PERSON> <EMAIL_ADDRESS> <PHONE_NUMBER> <US_SSN>`.
const PLACEHOLDER_WORDS_MAX: usize = 8;

/// Whether a word is of a name that redaction has put there, such as `<US_SSN>` or `<US_SSN:h:…>`: it says what was there, and
/// nothing about what stands beside it.
///
/// ```
/// use aop_rules::text::words::is_in_placeholder;
///
/// assert!(is_in_placeholder(b"<US_SSN> 536", 4));
/// assert!(!is_in_placeholder(b"<b>US_SSN: 536", 6));
/// ```
pub fn is_in_placeholder(bytes: &[u8], at: usize) -> bool {
    const NAME_BYTES_MAX: usize = 64;
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    if !matches!(at.checked_sub(1).map(|before| bytes[before]), Some(b'<' | b'_')) {
        return false;
    }
    let before = bytes[..at].iter().rev().take(NAME_BYTES_MAX).take_while(|byte| is_name(byte)).count();
    let after = bytes[at..].iter().take(NAME_BYTES_MAX).take_while(|byte| is_name(byte)).count();
    bytes[..at - before].last() == Some(&b'<') && matches!(bytes.get(at + after), Some(b'>' | b':'))
}

/// The words before an offset, nearest first. One of more than 64 bytes is given in parts; they end at a gap of more than 255
/// bytes.
///
/// ```
/// let words: Vec<_> = aop_rules::text::words::before("one two three", 7).map(|word| word.text).collect();
/// assert_eq!(words, ["two", "one"]);
/// ```
pub fn before(text: &str, mut at: usize) -> impl Iterator<Item = Word<'_>> {
    let words = std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let end = at - bytes.get(..at)?.iter().rev().take(GAP_BYTES_MAX).position(|&byte| is_word_byte(byte))?;
        let length = bytes[..end].iter().rev().take(WORD_BYTES_MAX).take_while(|&&byte| is_word_byte(byte)).count();
        let start = text.floor_char_boundary(end - length);
        at = start;
        Some(Word { text: &text[start..end], start, end })
    });
    outside_placeholders(text, words)
}

/// The words of a name such as `socialSecurityNumber`, `HTTPPort` or `card-number`, up to eight, lower case.
///
/// ```
/// use aop_rules::text::words::Name;
///
/// assert!(Name::new("socialSecurityNumber").says("social security"));
/// assert!(Name::new("SSNField").says("ssn"));
/// assert!(!Name::new("assn_value").says("ssn"));
/// ```
#[derive(Debug, Clone)]
pub struct Name {
    buffer: String,
}

impl Name {
    /// Takes a name apart.
    pub fn new(name: &str) -> Self {
        let name = &name[..name.floor_char_boundary(NAME_BYTES_MAX)];
        let bytes = name.as_bytes();
        let mut buffer = String::with_capacity(name.len() + 8);
        for (at, character) in name.char_indices() {
            if !character.is_alphanumeric() {
                push_gap(&mut buffer);
                continue;
            }
            let before = at.checked_sub(1).map(|before| bytes[before]);
            let starts_word = character.is_ascii_uppercase()
                && before.is_some_and(|before| {
                    !before.is_ascii_uppercase() || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase)
                });
            if starts_word {
                push_gap(&mut buffer);
            }
            buffer.extend(character.to_lowercase());
        }
        Self { buffer }
    }

    /// Whether these words, separated by single spaces, stand in the name side by side.
    pub fn says(&self, phrase: &str) -> bool {
        let name = self.as_str();
        let mut at = 0;
        loop {
            let rest = &name[at..];
            if let Some(behind) = rest.strip_prefix(phrase)
                && (behind.is_empty() || behind.starts_with(' '))
            {
                return true;
            }
            match memchr::memchr(b' ', rest.as_bytes()) {
                Some(gap) => at += gap + 1,
                None => return false,
            }
        }
    }

    /// The name's words with single spaces between them.
    pub fn as_str(&self) -> &str {
        self.buffer.trim_end()
    }
}

/// Names longer than this are cut: no key that tells something is as long.
const NAME_BYTES_MAX: usize = 64;

fn push_gap(buffer: &mut String) {
    if !buffer.is_empty() && !buffer.ends_with(' ') {
        buffer.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_looked_for_within_bounds() {
        let texts = |text: &str| {
            let behind: Vec<_> = after(text, 0).map(|word| word.text.to_owned()).collect();
            let before: Vec<_> = before(text, text.len()).map(|word| word.text.to_owned()).collect();
            (behind, before)
        };
        let both = |word: &str| (vec![word.to_owned()], vec![word.to_owned()]);
        let none = (Vec::new(), Vec::new());
        assert_eq!(texts(&format!("{0}one{0}", " ".repeat(GAP_BYTES_MAX - 1))), both("one"));
        assert_eq!(texts(&format!("{0}one{0}", " ".repeat(GAP_BYTES_MAX))), none);
        let placeholders = "<PERSON> <EMAIL_ADDRESS> <PHONE_NUMBER> <US_SSN> ";
        assert_eq!(texts(&format!("{placeholders}one {placeholders}")), both("one"));
        assert_eq!(texts(&format!("{0}{0}one {0}{0}", placeholders)), none);
    }
}
