//! Characters that a text spells out in place: percent-encoded bytes, HTML character references, JSON escapes, and digits that
//! are set apart by spaces.

use std::ops::Range;

use crate::text::escape;
use crate::text::view::View;

/// The characters of a text with what is spelled out read, each with the bytes it stands for. One level: what a reader gets may
/// spell something out again.
///
/// ```
/// use aop_rules::text::inline::read;
///
/// let text = |written| read(written).map(|(character, _)| character).collect::<String>();
/// assert_eq!(text("ann%40example.org"), "ann@example.org");
/// assert_eq!(text("ann&#64;example&period;org &amp;c."), "ann@example.org &c.");
/// assert_eq!(text(r"ann\u0040example.org"), "ann@example.org");
/// assert_eq!(text("ssn 5 2 8 7 1 4 0 9 3"), "ssn 528714093");
/// assert_eq!(text("100 % sure & 3 of 4"), "100 % sure & 3 of 4");
/// ```
pub fn read(text: &str) -> impl Iterator<Item = (char, Range<usize>)> {
    let mut at = 0;
    // Up to this offset, single digits stand apart and their spaces are left out.
    let mut apart_to = 0;
    // Up to this offset, backslashes escape nothing.
    let mut plain_to = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at;
            let rest = text.get(start..)?;
            let first = rest.chars().next()?;
            let (character, length) = match first {
                '%' => percent(rest.as_bytes()).unwrap_or(('%', 1)),
                '&' => reference(rest).unwrap_or(('&', 1)),
                '\\' => {
                    let (character, span) = escape::unescaped_at(text, start, &mut plain_to)?;
                    (character, span.len())
                }
                _ => (first, first.len_utf8()),
            };
            if start >= apart_to && first.is_ascii_digit() {
                apart_to = start + digits_apart(text.as_bytes(), start);
            }
            at = start + length;
            if first == ' ' && start < apart_to {
                continue;
            }
            return Some((character, start..at));
        }
    })
}

/// So many encodings are undone, one inside of the other.
pub const DECODINGS_MAX: usize = 3;

/// Calls `each` with what a text spells out, read, and with what that spells out, so many times at most.
pub(crate) fn each_reading(text: &str, readings_max: usize, mut each: impl FnMut(&View)) {
    let mut read = View::default();
    read.build_read(text);
    for _ in 0..readings_max {
        each(&read);
        if !spells_out(read.text()) {
            break;
        }
        let mut next = View::default();
        next.build_read(read.text());
        next.lead_on_through(&read);
        if next.text() == read.text() {
            break;
        }
        read = next;
    }
}

/// Whether a text may spell something out that [`read`] reads. Says yes too often, never no wrongly, and looks at signs alone.
pub fn spells_out(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    memchr::memchr3_iter(b'%', b'&', b'\\', bytes).any(|at| match bytes[at] {
        b'%' => is_hex(at + 1) && is_hex(at + 2),
        b'&' => reference(&text[at..]).is_some(),
        _ => escape::begins_character(&bytes[at..]),
    })
}

/// The character that percent-encoded bytes (RFC 3986) at the start of a text stand for, and their length.
fn percent(bytes: &[u8]) -> Option<(char, usize)> {
    let byte = |number: usize| {
        let triple = bytes.get(number * 3..number * 3 + 3)?;
        let digit = |at: usize| char::from(triple[at]).to_digit(16);
        (triple[0] == b'%').then_some(())?;
        Some((digit(1)? << 4 | digit(2)?) as u8)
    };
    let first = byte(0)?;
    let count = match first {
        0..0x80 => 1,
        0xC2..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF5 => 4,
        _ => return None,
    };
    let mut encoded = [0; 4];
    for (number, slot) in encoded.iter_mut().enumerate().take(count) {
        *slot = byte(number)?;
    }
    Some((std::str::from_utf8(&encoded[..count]).ok()?.chars().next()?, count * 3))
}

/// The character that an HTML character reference at the start of a text stands for, and its length. Of the named ones, those
/// that stand in addresses, numbers and keys.
fn reference(text: &str) -> Option<(char, usize)> {
    const REFERENCE_BYTES_MAX: usize = 10;
    let head = &text.as_bytes()[..text.len().min(REFERENCE_BYTES_MAX)];
    let end = head.iter().position(|&byte| byte == b';')?;
    let name = std::str::from_utf8(&head[1..end]).ok()?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let digits = hexadecimal.unwrap_or(number);
            let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let code =
                u32::from_str_radix(digits, if hexadecimal.is_some() { 16 } else { 10 }).ok().filter(|_| is_number)?;
            char::from_u32(code)?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, end + 1))
}

/// Named character references (HTML Living Standard, 13.5).
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("shy", '\u{AD}'),
    ("commat", '@'),
    ("period", '.'),
    ("colon", ':'),
    ("lowbar", '_'),
    ("hyphen", '-'),
    ("dash", '-'),
    ("ndash", '-'),
    ("num", '#'),
    ("equals", '='),
    ("plus", '+'),
    ("sol", '/'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
];

/// So many single digits in a row, each with a space before the next, are one number set apart.
const APART_MIN: usize = 7;
/// A longer row is a table's.
const APART_MAX: usize = 24;

/// Whether single digits stand apart at an offset, where one stands and none before.
pub(crate) fn begins_digits_apart(bytes: &[u8], at: usize) -> bool {
    let apart = |offset: usize| {
        bytes.get(at + offset + 1) == Some(&b' ')
            && bytes.get(at + offset + 2).is_some_and(u8::is_ascii_digit)
            && !bytes.get(at + offset + 3).is_some_and(u8::is_ascii_digit)
    };
    apart(0) && apart(2) && digits_apart(bytes, at) > 0
}

/// The length of a row of single digits that are set apart by single spaces; 0 where there is none.
fn digits_apart(bytes: &[u8], start: usize) -> usize {
    if start > 0
        && (bytes[start - 1].is_ascii_alphanumeric()
            || (bytes[start - 1] == b' ' && start > 1 && bytes[start - 2].is_ascii_digit()))
    {
        return 0;
    }
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut count = 1;
    let mut at = start;
    while count <= APART_MAX && bytes.get(at + 1) == Some(&b' ') && is_digit(at + 2) && !is_digit(at + 3) {
        count += 1;
        at += 2;
    }
    let is_row = (APART_MIN..=APART_MAX).contains(&count) && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    if is_row { at + 1 - start } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(written: &str) -> String {
        read(written).map(|(character, _)| character).collect()
    }

    #[test]
    fn what_is_spelled_out_is_read() {
        assert_eq!(text("%e2%82%ac%41%zz%"), "€A%zz%");
        assert_eq!(text("&#x40;&#64;&#99999999;&bogus;&"), "@@&#99999999;&bogus;&");
        assert_eq!(text("4 1 1 1 1 1 1 x 1 2 3"), "4111111 x 1 2 3");
        assert_eq!(text("10 1 2 3 4 5 6 7"), "10 1 2 3 4 5 6 7");
        assert_eq!(text("1 2 3 4 5 6 70"), "1 2 3 4 5 6 70");
    }

    #[test]
    fn a_row_of_single_digits_is_seen_where_it_begins() {
        assert!(begins_digits_apart(b"4 1 1 1 1 1 1", 0));
        assert!(!begins_digits_apart(b"4 1 1", 0));
        assert!(!begins_digits_apart(b"41 1 1 1 1 1 1 1", 1));
    }

    proptest! {
        /// Bytes come in order, each at most once; only the spaces between digits are passed over.
        #[test]
        fn spans_are_in_order(written in "(%|4|0|c3|a9|&|#|64|;|amp|\\\\|u0041|n| |1 |\\PC){0,40}") {
            let mut at = 0;
            for (_, span) in read(&written) {
                prop_assert!(span.start >= at && written.is_char_boundary(span.end));
                prop_assert!(written[at..span.start].bytes().all(|byte| byte == b' '));
                at = span.end;
            }
            prop_assert_eq!(at, written.len());
        }

        #[test]
        fn a_text_that_spells_nothing_out_is_itself(written in "[a-zA-Z:,/._-]{0,40}") {
            prop_assert!(!spells_out(&written));
            prop_assert_eq!(text(&written), written);
        }
    }
}
