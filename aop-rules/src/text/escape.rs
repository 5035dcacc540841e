//! Escapes that are left in a text: of JSON that no parser took, in a log line, of a program's source, or escaped once more than
//! it was read.

use std::ops::Range;

/// Whether a letter or a digit may stand in a text as `\u` and four hexadecimal digits, or as programs write it: `\x41`,
/// `\u{41}`, `\101`. A text without a backslash costs one look at its bytes.
///
/// ```
/// use aop_rules::text::escape::has_escaped_character;
///
/// assert!(has_escaped_character(r#"{"k": "\u0041KIA"#));
/// assert!(!has_escaped_character(r"C:\users\name\n"));
/// ```
pub fn has_escaped_character(text: &str) -> bool {
    memchr::memchr_iter(b'\\', text.as_bytes()).any(|at| begins_character(&text.as_bytes()[at..]))
}

/// Whether a backslash begins a letter or a digit that is written so.
pub(crate) fn begins_character(bytes: &[u8]) -> bool {
    code_unit(&bytes[1..]).is_some()
        || byte(bytes).is_some()
        || code_point(&bytes[1..]).is_some()
        || octal(&bytes[1..]).is_some()
}

/// The characters of a text as a JSON reader would have them, each with the bytes it stands for. However many backslashes
/// there are before an escape's letter, as text has that was escaped several times, they are one escape with it.
///
/// ```
/// use aop_rules::text::escape::unescaped;
///
/// let read = |text| unescaped(text).map(|(character, _)| character).collect::<String>();
/// assert_eq!(read(r"\u0041 \\u0042 \u005cu0043 \ud83d\ude00 \n"), "A B C 😀 \n");
/// assert_eq!(read(r"C:\users \q \\"), r"C:\users \q \\");
/// ```
pub fn unescaped(text: &str) -> impl Iterator<Item = (char, Range<usize>)> {
    let mut at = 0;
    let mut plain_to = 0;
    std::iter::from_fn(move || {
        let (character, span) = unescaped_at(text, at, &mut plain_to)?;
        at = span.end;
        Some((character, span))
    })
}

/// The character at an offset as [`unescaped`] reads it. Backslashes before `plain_to`, which begins as 0 and is kept from one
/// offset to the next, escape nothing: a row of them is looked through once, not once for each.
pub(crate) fn unescaped_at(text: &str, start: usize, plain_to: &mut usize) -> Option<(char, Range<usize>)> {
    let character = text.get(start..)?.chars().next()?;
    if character == '\\' && start >= *plain_to {
        match escape(text.as_bytes(), start) {
            Ok((character, end)) => return Some((character, start..end)),
            Err(end) => *plain_to = end,
        }
    }
    Some((character, start..start + character.len_utf8()))
}

/// What the escape at an offset stands for and the byte after it, or the byte after backslashes that are none.
fn escape(bytes: &[u8], start: usize) -> Result<(char, usize), usize> {
    let mut at = start;
    loop {
        at += bytes[at..].iter().take_while(|&&byte| byte == b'\\').count();
        let Some(unit) = code_unit(&bytes[at..]) else { break };
        let end = at + UNIT_BYTES;
        match unit {
            // A backslash that is escaped itself begins what follows, when that is an escape.
            0x5C if goes_on(bytes, end) => at = end,
            0xD800..0xDC00 => {
                let slashes = bytes[end..].iter().take_while(|&&byte| byte == b'\\').count();
                let low = code_unit(&bytes[end + slashes..]).filter(|low| slashes > 0 && (0xDC00..0xE000).contains(low));
                let pair = low.and_then(|low| char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
                return Ok(pair.map_or((char::REPLACEMENT_CHARACTER, end), |pair| (pair, end + slashes + UNIT_BYTES)));
            }
            unit => return Ok((char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), end)),
        }
    }
    let character = match bytes.get(at) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(&byte @ (b'"' | b'/')) => char::from(byte),
        Some(b'x') => return bytes_at(bytes, at - 1).ok_or(at),
        Some(b'0' | b'1') => return octal(&bytes[at..]).map(|byte| (char::from(byte), at + OCTAL_BYTES)).ok_or(at),
        Some(b'u' | b'U') => return code_point(&bytes[at..]).map(|(point, length)| (point, at + length)).ok_or(at),
        _ => return Err(at),
    };
    Ok((character, at + 1))
}

/// The character that bytes of UTF-8 written `\x41`, from a backslash on, stand for, and the byte after them. A byte that begins
/// none is the character of its number.
fn bytes_at(bytes: &[u8], start: usize) -> Option<(char, usize)> {
    const BYTE_BYTES: usize = 4;
    let mut read = [0; 4];
    for count in 1..=read.len() {
        let Some(next) = byte(&bytes[start + (count - 1) * BYTE_BYTES..]) else { break };
        read[count - 1] = next;
        if let Some(character) = std::str::from_utf8(&read[..count]).ok().and_then(|text| text.chars().next()) {
            return Some((character, start + count * BYTE_BYTES));
        }
    }
    byte(&bytes[start..]).map(|byte| (char::from(byte), start + BYTE_BYTES))
}

/// The byte that a text begins with, written `\x41`.
fn byte(bytes: &[u8]) -> Option<u8> {
    let [b'\\', b'x', high, low] = bytes.first_chunk::<4>()? else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(*high)? << 4 | digit(*low)?) as u8)
}

/// The three digits of a character of ASCII, written in octal.
const OCTAL_BYTES: usize = 3;

/// The visible character of ASCII that a text begins with, written `101`. Shorter numbers refer to groups of a pattern.
fn octal(bytes: &[u8]) -> Option<u8> {
    let digits = bytes.first_chunk::<OCTAL_BYTES>()?;
    let number = digits.iter().try_fold(0_u32, |number, &digit| Some(number * 8 + char::from(digit).to_digit(8)?))?;
    u8::try_from(number).ok().filter(|byte| (b' '..=b'~').contains(byte))
}

/// The character that a text begins with, written `u{41}` or `U00000041`, and the length of that.
fn code_point(bytes: &[u8]) -> Option<(char, usize)> {
    const DIGITS_MAX: usize = 8;
    let (digits, length) = match bytes {
        [b'u', b'{', rest @ ..] => {
            let count = rest.iter().take(DIGITS_MAX).take_while(|byte| byte.is_ascii_hexdigit()).count();
            (rest.get(..count).filter(|digits| !digits.is_empty() && rest.get(count) == Some(&b'}'))?, count + 3)
        }
        [b'U', rest @ ..] => {
            (rest.get(..DIGITS_MAX).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?, DIGITS_MAX + 1)
        }
        _ => return None,
    };
    let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((char::from_u32(code)?, length))
}

/// Whether what follows an escaped backslash is an escape with it. A `u` that is escaped itself is not: both were written once
/// more, and the next reading makes an escape of them.
fn goes_on(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        Some(b'u') => true,
        Some(b'\\') => {
            let slashes = bytes[at..].iter().take_while(|&&byte| byte == b'\\').count();
            code_unit(&bytes[at + slashes..]) != Some(u32::from(b'u'))
        }
        _ => false,
    }
}

/// A `u` and four hexadecimal digits.
const UNIT_BYTES: usize = 5;

/// The UTF-16 code unit that a text begins with, written so.
fn code_unit(bytes: &[u8]) -> Option<u32> {
    let (b'u', digits) = bytes.get(..UNIT_BYTES)?.split_first()? else { return None };
    digits.iter().try_fold(0, |unit, &byte| Some(unit * 16 + char::from(byte).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_number_of_backslashes_is_one_escape() {
        for text in [r"\u0041", r"\\u0041", r"\\\\\\u0041", r"\u005cu0041", r"\\u005c\u0041", r"\u005c\\u005Cu0041"] {
            assert_eq!(unescaped(text).collect::<Vec<_>>(), [('A', 0..text.len())], "{text}");
        }
    }

    #[test]
    fn half_a_pair_is_no_character() {
        let read = |text| unescaped(text).map(|(character, _)| character).collect::<String>();
        assert_eq!(read(r"\ud835\u0041 \udc00 \ud835\udc00"), "\u{FFFD}A \u{FFFD} 𝐀");
        assert_eq!(read(r"\ud835udc00"), "\u{FFFD}udc00");
    }

    #[test]
    fn escapes_of_programs_are_read() {
        let read = |text| unescaped(text).map(|(character, _)| character).collect::<String>();
        assert_eq!(read(r"\x41\x6b \\x41 \xe2\x82\xac \xe2\x82 \u{1F600} \U0001F600"), "Ak A € \u{e2}\u{82} 😀 😀");
        assert_eq!(read(r"\xzz \x4 \u{} \u{110000} \U0041"), r"\xzz \x4 \u{} \u{110000} \U0041");
        assert_eq!(read(r"\101\153 \\151 \033[0m \1 \777"), r"Ak i \033[0m \1 \777");
        assert!(has_escaped_character(r"\x69gnore") && !has_escaped_character(r"C:\xray"));
    }

    proptest! {
        /// Every byte of the text belongs to exactly one character, in order.
        #[test]
        fn no_byte_is_lost(text in r#"(\\|u|x|4|005c|0041|\{41\}|d835|dc00|n|"|é|\PC){0,40}"#) {
            let mut at = 0;
            for (_, span) in unescaped(&text) {
                prop_assert_eq!(span.start, at);
                prop_assert!(text.is_char_boundary(span.end));
                at = span.end;
            }
            prop_assert_eq!(at, text.len());
        }

        /// What a JSON writer escapes is read back, also when it has been written several times.
        #[test]
        fn what_json_escapes_is_read_back(text in "[a-z0-9 /\"\\n\\t\u{e9}\u{1F600}]{0,20}", times in 1usize..4) {
            let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            let mut written = units;
            for _ in 1..times {
                written = written.replace('\\', "\\\\");
            }
            prop_assert_eq!(unescaped(&written).map(|(character, _)| character).collect::<String>(), text);
        }
    }
}
