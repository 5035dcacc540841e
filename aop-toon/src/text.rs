//! JSON string literals: finding their end, checking their escapes, decoding them, and mapping decoded offsets back.

use std::borrow::Cow;

/// What is wrong with a string literal, and where (a byte offset into the whole input).
#[derive(Debug)]
pub(crate) enum LiteralFault {
    Unterminated,
    ControlCharacter(usize, u8),
    UnknownEscape(usize),
    BadHex(usize),
    LoneSurrogate(usize),
}

/// A string literal whose opening quote is at `start`: the offset of its closing quote, and whether it holds escapes.
pub(crate) fn scan_literal(bytes: &[u8], start: usize) -> Result<(usize, bool), LiteralFault> {
    let mut at = start + 1;
    let mut escaped = false;
    loop {
        at = plain_run_end(bytes, at);
        match bytes.get(at) {
            None => return Err(LiteralFault::Unterminated),
            Some(b'"') => return Ok((at, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = scan_escape(bytes, at)?;
            }
            Some(&control) => return Err(LiteralFault::ControlCharacter(at, control)),
        }
    }
}

/// The offset of the first byte at or after `at` that is a quote, a backslash or a control character.
fn plain_run_end(bytes: &[u8], mut at: usize) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Eight bytes at a time (as in "Determine if a word has a byte less than n", Bit Twiddling Hacks):
    // a borrow can only make a byte *after* the first true hit look like one, so the lowest flag is right.
    while let Some(word) = bytes.get(at..at + 8) {
        let word = u64::from_le_bytes(word.try_into().expect("the slice has eight bytes"));
        let control = word.wrapping_sub(LOW * 0x20) & !word;
        let quote = word ^ (LOW * u64::from(b'"'));
        let backslash = word ^ (LOW * u64::from(b'\\'));
        let hit = (control | (quote.wrapping_sub(LOW) & !quote) | (backslash.wrapping_sub(LOW) & !backslash)) & HIGH;
        if hit != 0 {
            return at + (hit.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && bytes[at] >= 0x20 && bytes[at] != b'"' && bytes[at] != b'\\' {
        at += 1;
    }
    at
}

/// Checks the escape whose backslash is at `at`; the offset after it.
fn scan_escape(bytes: &[u8], at: usize) -> Result<usize, LiteralFault> {
    match bytes.get(at + 1) {
        None => Err(LiteralFault::Unterminated),
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            let unit = hex_unit(bytes, at + 2).ok_or(LiteralFault::BadHex(at))?;
            match unit {
                0xD800..=0xDBFF => {
                    let low = (bytes.get(at + 6..at + 8) == Some(b"\\u")).then(|| hex_unit(bytes, at + 8)).flatten();
                    match low {
                        Some(0xDC00..=0xDFFF) => Ok(at + 12),
                        _ => Err(LiteralFault::LoneSurrogate(at)),
                    }
                }
                0xDC00..=0xDFFF => Err(LiteralFault::LoneSurrogate(at)),
                _ => Ok(at + 6),
            }
        }
        Some(_) => Err(LiteralFault::UnknownEscape(at)),
    }
}

/// The UTF-16 code unit written as four hexadecimal digits at `at`.
fn hex_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0u16, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))
}

/// One piece of a checked literal's content: text that stands for itself, or one escape and the character it means.
enum Piece<'a> {
    Plain(&'a str),
    Escape { raw_len: usize, character: char },
}

/// The pieces of a literal's content (without quotes), which [`scan_literal`] has accepted.
struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let bytes = self.rest.as_bytes();
        if bytes.is_empty() {
            return None;
        }
        let plain = self.rest.find('\\').unwrap_or(bytes.len());
        if plain > 0 {
            let (head, tail) = self.rest.split_at(plain);
            self.rest = tail;
            return Some(Piece::Plain(head));
        }
        let (raw_len, character) = decode_escape(bytes);
        self.rest = &self.rest[raw_len..];
        Some(Piece::Escape { raw_len, character })
    }
}

/// The length and the meaning of the checked escape at the start of `bytes`.
fn decode_escape(bytes: &[u8]) -> (usize, char) {
    let simple = |character| (2, character);
    match bytes.get(1) {
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => {
            let unit = |at| u32::from(hex_unit(bytes, at).unwrap_or(0xFFFD));
            let first = unit(2);
            let (raw_len, code) = if (0xD800..0xDC00).contains(&first) {
                (12, 0x1_0000 + ((first - 0xD800) << 10) + (unit(8) - 0xDC00))
            } else {
                (6, first)
            };
            (raw_len, char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
        }
        Some(&other) => simple(char::from(other)),
        None => (1, '\\'),
    }
}

/// The text that a checked literal's content (without quotes) stands for; borrowed when nothing is escaped.
pub(crate) fn decode(content: &str) -> Cow<'_, str> {
    if !content.contains('\\') {
        return Cow::Borrowed(content);
    }
    let mut text = String::with_capacity(content.len());
    decode_into(content, &mut text);
    Cow::Owned(text)
}

/// Appends the text that a checked literal's content stands for to `out`.
pub(crate) fn decode_into(content: &str, out: &mut String) {
    for piece in (Pieces { rest: content }) {
        match piece {
            Piece::Plain(text) => out.push_str(text),
            Piece::Escape { character, .. } => out.push(character),
        }
    }
}

/// Maps offsets in a decoded string to offsets in its literal's content, in one walk: ask with offsets that never fall.
///
/// This is what lets a redaction change the bytes of a match and no other byte.
///
/// ```
/// use aop_toon::{Document, Limits, LiteralOffsets};
///
/// let document = Document::parse(br#""tab\tbob@example.org""#, &Limits::default()).unwrap();
/// let literal = document.root();
/// let decoded = literal.as_str().unwrap();
/// let start = decoded.find("bob").unwrap();
/// let mut offsets = LiteralOffsets::new(literal.content().unwrap());
/// assert_eq!((start, offsets.raw(start)), (4, 5));
/// ```
pub struct LiteralOffsets<'a> {
    pieces: Pieces<'a>,
    decoded_end: usize,
    raw_end: usize,
    plain: bool,
}

impl<'a> LiteralOffsets<'a> {
    /// A walk over a literal's content as [`crate::Value::content`] gives it.
    pub fn new(content: &'a str) -> Self {
        Self { pieces: Pieces { rest: content }, decoded_end: 0, raw_end: 0, plain: true }
    }

    /// The offset in the literal's content of the decoded offset, which must be a character's boundary and not smaller
    /// than the one asked for before. An offset inside of an escape is its end.
    pub fn raw(&mut self, decoded: usize) -> usize {
        while self.decoded_end < decoded {
            match self.pieces.next() {
                None => break,
                Some(Piece::Plain(text)) => {
                    self.decoded_end += text.len();
                    self.raw_end += text.len();
                    self.plain = true;
                }
                Some(Piece::Escape { raw_len, character }) => {
                    self.decoded_end += character.len_utf8();
                    self.raw_end += raw_len;
                    self.plain = false;
                }
            }
        }
        if self.plain { self.raw_end - self.decoded_end.saturating_sub(decoded) } else { self.raw_end }
    }
}
