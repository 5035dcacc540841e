//! A value that a sentence tells: `the password is …`, `password for the shop is: "…"`, `password -> …`, `Password:` and the
//! value in the next line.

use std::ops::Range;

use super::values::{is_address, is_code, is_password_example, is_random, is_strong};

/// Words between the name and its verb: `password for the test shop is`.
const WORDS_BETWEEN_MAX: usize = 4;
const WORD_BYTES_MAX: usize = 24;
const VALUE_BYTES_MAX: usize = 128;

/// The value that a sentence gives to what is named up to an offset.
pub(super) fn told_value(text: &str, name_end: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let closing = usize::from(matches!(bytes.get(name_end), Some(b'"' | b'\'' | b'`' | b'*')));
    let at = behind_verb(text, name_end + closing).or_else(|| behind_sign(bytes, name_end))?;
    let value = word_at(text, at)?;
    looks_chosen(&text[value.clone()]).then_some(value)
}

/// The offset behind `is`, with the words before and after it that change nothing.
fn behind_verb(text: &str, name_end: usize) -> Option<usize> {
    const PREPOSITIONS: &[&str] = &["for", "of", "to", "on", "in", "at", "here"];
    const VERBS: &[&str] = &["is", "was", "ist", "lautet", "est", "es"];
    const FILLERS: &[&str] =
        &["now", "currently", "still", "just", "set", "to", "called", "temporarily", "changed", "reset"];
    let bytes = text.as_bytes();
    let mut at = name_end;
    let mut has_verb = false;
    for number in 0..=WORDS_BETWEEN_MAX {
        let (word, end) = next_word(text, at)?;
        at = end;
        if VERBS.contains(&&*word) {
            has_verb = true;
            break;
        }
        if number == 0 && !PREPOSITIONS.contains(&&*word) {
            return None;
        }
    }
    if !has_verb {
        return None;
    }
    while let Some((word, end)) = next_word(text, at).filter(|(word, _)| FILLERS.contains(&&**word)) {
        let _ = word;
        at = end;
    }
    at += usize::from(bytes.get(at) == Some(&b':'));
    let blanks = count(bytes, at, 4, |byte| matches!(byte, b' ' | b'\n'));
    (blanks > 0).then_some(at + blanks)
}

/// The offset behind an arrow, or behind a colon at the end of a line.
fn behind_sign(bytes: &[u8], name_end: usize) -> Option<usize> {
    let at = name_end + count(bytes, name_end, 2, |byte| *byte == b' ');
    if let Some(arrow) = ["->", "=>", "→"].iter().find(|arrow| bytes[at..].starts_with(arrow.as_bytes())) {
        let at = at + arrow.len();
        return Some(at + count(bytes, at, 2, |byte| *byte == b' '));
    }
    if bytes.get(at) != Some(&b':') {
        return None;
    }
    let at = at + 1 + count(bytes, at + 1, 2, |byte| matches!(byte, b' ' | b'\r'));
    let line_end = match bytes.get(at..)? {
        [b'\n', ..] => 1,
        [b'\\', b'n', ..] => 2,
        _ => return None,
    };
    let start = at + line_end;
    // The value is all that its line holds.
    let length = count(bytes, start, VALUE_BYTES_MAX, |byte| byte.is_ascii_graphic() && *byte != b'\\');
    let ends = matches!(bytes.get(start + length), None | Some(b'\n' | b'\r' | b'\\' | b'"'));
    (ends && length > 0 && bytes[start + length - 1] != b':').then_some(start)
}

/// The next word, in lower case, and the offset behind it; a blank has to stand before it.
fn next_word(text: &str, at: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let blanks = count(bytes, at, 2, |byte| *byte == b' ');
    let start = at + blanks;
    let length = count(bytes, start, WORD_BYTES_MAX, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_ended = matches!(bytes.get(start + length), Some(b' ' | b':' | b'\n'));
    (blanks > 0 && length > 0 && is_ended).then(|| (text[start..start + length].to_ascii_lowercase(), start + length))
}

/// The value at an offset: what quotes hold, or the word without the signs that end a sentence.
fn word_at(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let quote = bytes.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    let start = at + usize::from(quote.is_some());
    let length = count(bytes, start, VALUE_BYTES_MAX + 1, |byte| match quote {
        Some(quote) => *byte != quote && byte.is_ascii_graphic(),
        None => byte.is_ascii_graphic() && !matches!(byte, b'"' | b'`' | b'<' | b'>' | b'\\'),
    });
    if length > VALUE_BYTES_MAX || quote.is_some_and(|quote| bytes.get(start + length) != Some(&quote)) {
        return None;
    }
    let value = &text[start..start + length];
    let value = if quote.is_some() { value } else { value.trim_end_matches(['.', ',', ';', ':', '?', ')', '\'']) };
    (!value.is_empty()).then_some(start..start + value.len())
}

fn count(bytes: &[u8], at: usize, most: usize, fits: impl Fn(&u8) -> bool) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take(most).take_while(|byte| fits(byte)).count())
}

/// Whether a value is no word of a sentence: letters and digits in one piece, as `8-character` and `2024-ready` have not, and
/// no name of a way to hash or to encode.
fn looks_chosen(value: &str) -> bool {
    const VALUE_BYTES_MIN: usize = 6;
    const METHODS: &[&str] = &[
        "sha",
        "md5",
        "base",
        "bcrypt",
        "scrypt",
        "argon",
        "pbkdf",
        "hmac",
        "utf",
        "aes",
        "rsa",
        "iso",
        "rfc",
        "http",
        "ipv",
        "oauth",
        "2fa",
        "mfa",
        "fido",
        "u2f",
        "1password",
        "ed25519",
        "x509",
        "ntlm",
        "rc4",
        "des",
        "crc",
        "blake",
    ];
    let lower = value.to_ascii_lowercase();
    let is_mixed = |piece: &str| {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        // A number with its unit is none: `10min`, `30days`.
        let unit = piece.trim_start_matches(|character: char| character.is_ascii_digit());
        let is_quantity =
            digits > 0 && unit.len() + digits == piece.len() && unit.bytes().all(|byte| byte.is_ascii_lowercase());
        digits > 0 && digits < piece.len() && !is_quantity
    };
    value.len() >= VALUE_BYTES_MIN
        && value.bytes().all(|byte| byte.is_ascii_graphic())
        && (is_random(value)
            || is_strong(value)
            || value.split(|sign: char| !sign.is_ascii_alphanumeric()).any(|piece| piece.len() >= 4 && is_mixed(piece)))
        && !METHODS.iter().any(|method| lower.starts_with(method))
        && !is_password_example(value)
        && !is_code(value)
        && !is_address(value)
}
