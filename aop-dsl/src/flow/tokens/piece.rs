//! Pieces of a text that may be tokens.

use super::kind::{host_of, is_domain};
use super::wide::{Wide, wide};

/// A piece of text that may be a token: it begins and ends with a letter or digit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What kinds of characters it has.
    pub(super) has: u16,
}

pub(super) const LOWER: u16 = 1;
pub(super) const UPPER: u16 = 2;
pub(super) const DIGIT: u16 = 4;
pub(super) const AT: u16 = 8;
pub(super) const DOT: u16 = 16;
pub(super) const UNDERLINE: u16 = 32;
pub(super) const JOINER: u16 = 64;
pub(super) const WIDE: u16 = 128;
pub(super) const SLASH: u16 = 256;
const SEPARATOR: u16 = 0;

/// What a byte is to a token: nothing (a separator), or a kind of character.
const CLASSES: [u16; 256] = {
    let mut classes = [SEPARATOR; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'@' => AT,
            b'.' => DOT,
            b'_' => UNDERLINE,
            b':' | b'#' | b'+' | b'-' => JOINER,
            b'/' => SLASH,
            0x80.. => WIDE,
            _ => SEPARATOR,
        };
        byte += 1;
    }
    classes
};

const WORD: u16 = LOWER | UPPER | DIGIT | WIDE;

/// The next piece at or behind a byte.
pub(super) fn next_piece(text: &str, from: usize) -> Option<Piece> {
    let bytes = text.as_bytes();
    let mut start = from;
    loop {
        let byte = *bytes.get(start)?;
        let class = CLASSES[usize::from(byte)];
        if class == WIDE {
            let character = text[start..].chars().next()?;
            match wide(character) {
                Wide::Letter => break,
                Wide::Ascii(byte) if is_word_end(byte) => break,
                _ => start += character.len_utf8(),
            }
        } else if class & WORD != 0 {
            break;
        } else if byte == b'\\' {
            start = after_escape(bytes, start);
        } else {
            start += 1;
        }
    }
    let (mut end, mut has, mut is_url) = (start, 0, false);
    while let Some(&byte) = bytes.get(end) {
        let class = CLASSES[usize::from(byte)];
        if class == WIDE {
            let Some(character) = text[end..].chars().next() else { break };
            if wide(character) == Wide::Separator {
                break;
            }
            end += character.len_utf8();
        } else if class != SEPARATOR {
            is_url |= byte == b'/' && bytes[..end].ends_with(b":/");
            end += 1;
        } else if !ends_url(byte) && (is_url || is_address_with_path(&bytes[start..end])) {
            is_url = true;
            end += 1;
        } else {
            break;
        }
        has |= class;
    }
    while end > start && !is_word_end(bytes[end - 1]) {
        end -= 1;
    }
    Some(Piece { start, end, has })
}

/// Writes a piece as it is compared where it has characters beyond ASCII: without those that have no width, the others narrow and
/// in lower case. Gives the kinds of characters that it has then.
pub(super) fn narrowed(piece: &str, into: &mut String) -> u16 {
    into.clear();
    for character in piece.chars() {
        if character.is_ascii() {
            into.push(character);
            continue;
        }
        match wide(character) {
            Wide::Ascii(byte) => into.push(char::from(byte)),
            Wide::Letter => into.extend(character.to_lowercase()),
            Wide::Nothing | Wide::Separator => {}
        }
    }
    while into.as_bytes().last().is_some_and(|byte| !is_word_end(*byte)) {
        into.pop();
    }
    has_of(into.as_bytes())
}

/// What kinds of characters there are.
pub(super) fn has_of(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |has, byte| has | CLASSES[usize::from(*byte)])
}

fn is_word_end(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & WORD != 0
}

/// The end of a run of backslashes with the letter that belongs to it: what an escape leaves behind.
fn after_escape(bytes: &[u8], start: usize) -> usize {
    let letter = start + bytes[start..].iter().take_while(|byte| **byte == b'\\').count();
    match bytes.get(letter) {
        Some(b'n' | b'r' | b't' | b'b' | b'f') => letter + 1,
        Some(b'u') if bytes[letter + 1..].iter().take(4).filter(|byte| byte.is_ascii_hexdigit()).count() == 4 => letter + 5,
        _ => letter,
    }
}

/// Whether a separator cannot stand in an address. The others (`?`, `=`, `&`, `%`, …) can.
fn ends_url(byte: u8) -> bool {
    byte <= b' '
        || matches!(
            byte,
            b'"' | b'\'' | b'<' | b'>' | b'`' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b'\\' | b'|' | 0x7F
        )
}

/// `a.example/b`
fn is_address_with_path(piece: &[u8]) -> bool {
    let host = host_of(piece);
    piece.get(host.len()) == Some(&b'/') && is_domain(host)
}
