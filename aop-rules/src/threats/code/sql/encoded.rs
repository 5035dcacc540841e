//! Code that a statement carries as numbers, so that nobody reads it: `0x…`, `CHAR(68)+CHAR(82)+…`, `'DRO' 'P'`.

use super::keywords::Keyword as K;
use super::statement::Reading;
use super::tokens::{Kind, Token};

/// The first token of code that is written as something else.
pub(super) fn code(reading: &Reading<'_>) -> Option<Token> {
    (0..reading.tokens.len()).find(|&at| is_code(reading, at)).map(|at| reading.tokens[at])
}

fn is_code(reading: &Reading<'_>, at: usize) -> bool {
    match reading.kind(at) {
        Kind::Number => is_code_in_hex(reading.slice(at)),
        Kind::Function if is_char(reading, at) => {
            let is_list = (0..CHARACTERS_MIN).all(|n| {
                reading.kind(at + 2 + 2 * n) == Kind::Number
                    && matches!(reading.kind(at + 3 + 2 * n), Kind::Comma | Kind::Close)
            });
            is_list && reading.kind(at + 1 + 2 * CHARACTERS_MIN) != Kind::Open && ends_as_list(reading, at)
                || is_chain(reading, at)
        }
        Kind::Function if is_char(reading, at) && reading.slice(at + 2).starts_with("0x") => true,
        Kind::Function if ["concat", "concat_ws", "group_concat"].iter().any(|name| reading.is(at, name)) => {
            splits_words(reading, at) || parts_by_hex(reading, at)
        }
        Kind::Function if reading.is(at, "floor") => {
            // The error that MySQL makes of a random group carries what is selected.
            let behind = (at.saturating_sub(40)..at).any(|at| reading.is(at, "concat") || reading.is(at, "concat_ws"));
            reading.is(at + 2, "rand") && behind
        }
        Kind::Negate => {
            reading.slice(at) == "~" && reading.kind(at + 1) == Kind::Open && reading.key(at + 2) == Some(K::Select)
        }
        _ => false,
    }
}

fn is_char(reading: &Reading<'_>, at: usize) -> bool {
    ["char", "chr", "nchar"].iter().any(|name| reading.is(at, name))
}

/// So many characters written as numbers are a word, not a line's end.
const CHARACTERS_MIN: usize = 4;

fn ends_as_list(reading: &Reading<'_>, at: usize) -> bool {
    (0..CHARACTERS_MIN - 1).all(|n| reading.kind(at + 3 + 2 * n) == Kind::Comma)
}

/// `CHAR(68)+CHAR(82)+CHAR(79)`
fn is_chain(reading: &Reading<'_>, at: usize) -> bool {
    (0..CHARACTERS_MIN - 1).all(|n| {
        let call = at + 5 * n;
        is_char(reading, call)
            && reading.kind(call + 2) == Kind::Number
            && reading.kind(call + 3) == Kind::Close
            && (n + 1 == CHARACTERS_MIN - 1 || matches!(reading.kind(call + 4), Kind::Bars | Kind::Arithmetic))
    })
}

/// Whether a number's bytes are text with the signs of code.
fn is_code_in_hex(number: &str) -> bool {
    let Some(digits) = number.strip_prefix("0x").or_else(|| number.strip_prefix("0X")) else { return false };
    let bytes = digits.as_bytes();
    if bytes.len() < HEX_DIGITS_MIN || bytes.len() % 2 != 0 {
        return false;
    }
    let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or(0) as u8;
    let mut characters = bytes.chunks_exact(2).take(HEX_DIGITS_MAX / 2).map(|pair| digit(pair[0]) << 4 | digit(pair[1]));
    let is_text = characters.clone().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'));
    is_text && characters.any(|byte| matches!(byte, b' ' | b'<' | b'>' | b'(' | b';' | b'=' | b'/' | b'\\'))
}

/// Shorter numbers are numbers.
const HEX_DIGITS_MIN: usize = 12;

/// So many digits are decoded.
const HEX_DIGITS_MAX: usize = 256;

/// `CONCAT(name, 0x3a, secret)`: what stands between the parts is written so that no quotation mark is needed.
fn parts_by_hex(reading: &Reading<'_>, at: usize) -> bool {
    (at + 2..at + 2 + 8)
        .take_while(|&at| !matches!(reading.kind(at), Kind::Close | Kind::End))
        .any(|at| reading.kind(at) == Kind::Number && reading.slice(at).starts_with("0x") && reading.slice(at).len() <= 12)
}

/// `CONCAT('DRO', 'P TABLE')`: pieces parted within a word.
fn splits_words(reading: &Reading<'_>, at: usize) -> bool {
    (at + 2..at + 2 + 8).any(|at| {
        let texts = [at, at + 2].iter().all(|&at| reading.kind(at) == Kind::Text);
        let (first, second) = (reading.slice(at), reading.slice(at + 2));
        texts
            && reading.kind(at + 1) == Kind::Comma
            && first.as_bytes().iter().rev().nth(1).is_some_and(u8::is_ascii_alphabetic)
            && second.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic)
            && second.contains(' ')
    })
}
