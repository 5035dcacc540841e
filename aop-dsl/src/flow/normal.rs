//! The normal form in which texts are compared: what a copy keeps when it goes through JSON, Markdown or a mail program.
//!
//! It is the text's letters and digits, in lower case and without their accents. White space, quotes, punctuation and marks are
//! dropped, so that a text which is wrapped, indented, quoted (`> `), set in bold, or escaped stays the same. Escapes are
//! dropped with the letter that belongs to them (`\n`), however often they were escaped (`\\n`); `\u0041` is read, and so is
//! `%41` of URLs. Both sides
//! of a comparison lose the same letters, so that a path such as `C:\new` is found in its JSON form `C:\\new` too.
//!
//! A unit is a byte: the character itself in ASCII, one byte for a letter of other alphabets, two for the scripts whose
//! characters are syllables or words, since these say as much as two letters.

use std::ops::Range;

use super::grams::{BESIDE, GRAM};

/// A text's normal form, with the place of each unit in the text.
#[derive(Debug, Default)]
pub(super) struct Normal {
    /// Between [`EDGE`] zeros on each side.
    padded: Vec<u8>,
    /// The byte at which the unit's character, or its escape, begins.
    at: Vec<u32>,
    /// Whether each unit is one byte of the text.
    is_plain: bool,
}

/// Units of no text around the normal form, so that what is beside its first and last unit can be asked for.
const EDGE: usize = BESIDE;

impl Normal {
    /// Reads a text; what was read before is forgotten.
    pub(super) fn read(&mut self, text: &str) {
        let bytes = text.as_bytes();
        // Each byte of the text makes one unit at most: a character of two units has three bytes or more.
        self.padded.clear();
        self.padded.resize(EDGE + bytes.len() + EDGE, DROPPED);
        self.at.clear();
        self.at.resize(bytes.len(), 0);
        self.is_plain = true;
        let (units, at) = (&mut self.padded[EDGE..EDGE + bytes.len()], &mut self.at[..bytes.len()]);
        let (mut read, mut written) = (0, 0);
        while let Some(&byte) = bytes.get(read) {
            let unit = CLASSES[usize::from(byte)];
            if unit != SPECIAL {
                units[written] = unit;
                at[written] = read as u32;
                written += usize::from(unit != DROPPED);
                read += 1;
                continue;
            }
            self.is_plain = false;
            let (character, end) = character_at(text, read);
            for unit in character.map_or([DROPPED; 2], units_of).into_iter().filter(|unit| *unit != DROPPED) {
                units[written] = unit;
                at[written] = read as u32;
                written += 1;
            }
            read = end;
        }
        units[written..].fill(DROPPED);
        self.padded.truncate(EDGE + written + EDGE);
        self.at.truncate(written);
    }

    pub(super) fn units(&self) -> &[u8] {
        &self.padded[EDGE..EDGE + self.at.len()]
    }

    /// A gram with what is beside it.
    pub(super) fn wide_gram(&self, unit: usize) -> &[u8; GRAM + 2 * BESIDE] {
        self.padded.get(unit..).and_then(|units| units.first_chunk()).unwrap_or(&[DROPPED; GRAM + 2 * BESIDE])
    }

    /// How many units stand before a byte of the text.
    pub(super) fn units_before(&self, byte: usize) -> usize {
        self.at.partition_point(|at| (*at as usize) < byte)
    }

    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// The bytes of the text in which these units stand.
    pub(super) fn span(&self, text: &str, units: Range<usize>) -> Range<usize> {
        let (Some(&first), Some(&last)) = (self.at.get(units.start), self.at.get(units.end.wrapping_sub(1))) else {
            return 0..0;
        };
        first as usize..if self.is_plain { last as usize + 1 } else { end_of(text, last as usize) }
    }
}

const DROPPED: u8 = 0;
const SPECIAL: u8 = 1;

/// What becomes of each byte: its unit, nothing, or a closer look.
const CLASSES: [u8; 256] = {
    let mut classes = [DROPPED; 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        if ascii.is_ascii_alphanumeric() {
            classes[byte] = ascii.to_ascii_lowercase();
        } else if ascii >= 0x80 || matches!(ascii, b'\\' | b'%') {
            classes[byte] = SPECIAL;
        }
        byte += 1;
    }
    classes
};

/// The character that an escape or a non-ASCII character stands for, if any, and where it ends.
fn character_at(text: &str, start: usize) -> (Option<char>, usize) {
    if text.as_bytes()[start] == b'%' {
        return percent_at(text, start);
    }
    if text.as_bytes()[start] != b'\\' {
        let character = text[start..].chars().next();
        return (character, start + character.map_or(1, char::len_utf8));
    }
    let letter = after_slashes(text, start);
    match text.as_bytes().get(letter) {
        Some(b'n' | b'r' | b't' | b'b' | b'f') => (None, letter + 1),
        Some(b'u') => match hex(text, letter + 1) {
            Some(high @ 0xD800..0xDC00) => {
                let low_letter = after_slashes(text, letter + 5);
                let is_escape = low_letter > letter + 5 && text.as_bytes().get(low_letter) == Some(&b'u');
                match hex(text, low_letter + 1).filter(|low| is_escape && (0xDC00..0xE000).contains(low)) {
                    Some(low) => (char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)), low_letter + 5),
                    None => (None, letter + 5),
                }
            }
            Some(code) => (char::from_u32(code), letter + 5),
            None => (None, letter),
        },
        _ => (None, letter),
    }
}

/// What a percent sign with the hexadecimal digits of one character stands for, however often it was escaped (`%2520`); one
/// without them is punctuation.
fn percent_at(text: &str, start: usize) -> (Option<char>, usize) {
    let bytes = text.as_bytes();
    let pair = |at: usize| match bytes.get(at..at + 2) {
        Some(&[high, low]) => Some((hex_digit(high)? << 4) | hex_digit(low)?),
        _ => None,
    };
    let mut at = start + 1;
    while pair(at) == Some(b'%') && pair(at + 2).is_some() {
        at += 2;
    }
    let Some(first) = pair(at) else { return (None, start + 1) };
    let mut encoded = [first, 0, 0, 0];
    let length = match first {
        ..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
        _ => return (None, start + 1),
    };
    for (place, byte) in encoded.iter_mut().enumerate().take(length).skip(1) {
        let next = at + 3 * place;
        let Some(read) = pair(next).filter(|_| bytes.get(next - 1) == Some(&b'%')) else { return (None, start + 1) };
        *byte = read;
    }
    match str::from_utf8(&encoded[..length]) {
        Ok(character) => (character.chars().next(), at + 3 * length - 1),
        Err(_) => (None, start + 1),
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}

/// Where a run of backslashes ends.
fn after_slashes(text: &str, start: usize) -> usize {
    start + text.as_bytes().iter().skip(start).take_while(|byte| **byte == b'\\').count()
}

/// Four hexadecimal digits.
fn hex(text: &str, start: usize) -> Option<u32> {
    let digits = text.get(start..start + 4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

/// Where the character or escape ends that begins here and has made a unit.
fn end_of(text: &str, start: usize) -> usize {
    if text.as_bytes().get(start).is_some_and(u8::is_ascii_alphanumeric) { start + 1 } else { character_at(text, start).1 }
}

/// What a character looks like in the normal form.
fn units_of(character: char) -> [u8; 2] {
    let character = match character {
        // The full-width forms of the ASCII letters and digits.
        '\u{FF10}'..='\u{FF5A}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        // The accents that follow their letters.
        '\u{300}'..='\u{36F}' => return [DROPPED; 2],
        other => other,
    };
    let lower = character.to_lowercase().next().unwrap_or(character);
    let code = u32::from(lower);
    match code {
        _ if !lower.is_alphanumeric() => [DROPPED; 2],
        0..0x80 => [code as u8, DROPPED],
        0xC0..0x180 if LETTERS_WITHOUT_ACCENT[code as usize - 0xC0] != b'.' => {
            [LETTERS_WITHOUT_ACCENT[code as usize - 0xC0], DROPPED]
        }
        // The lower bits tell the letters of one alphabet apart.
        0x80..0x2E80 => [0x80 | code as u8, DROPPED],
        _ => [0x80 | code as u8, 0x80 | (code >> 7) as u8],
    }
}

/// U+00C0 to U+017F without their accents; a point where a letter has none.
const LETTERS_WITHOUT_ACCENT: &[u8; 192] = b"\
    aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y\
    aaaaaaccccccccdd..eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll.\
    ...nnnnnn...oooooo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzz.";
