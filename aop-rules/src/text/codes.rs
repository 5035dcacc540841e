//! Text as numbers, a letter each: `69 67 6e`, `0x69, 0x67`, `105 103 110`, `01101001 01100111`.

use std::ops::Range;

/// Shorter rows are tables of numbers, addresses and colours.
const CODES_MIN: usize = 10;
/// A row of so many has more bytes than this, so that one in every so many bytes lies in it.
const ROW_BYTES_MIN: usize = CODES_MIN * 3 - 1;

/// Calls `each` with every row of numbers that is a text: where it is, and what it says.
///
/// ```
/// use aop_rules::text::codes::each_row;
///
/// let mut rows = Vec::new();
/// each_row("run 69 67 6e 6f 72 65 20 61 6c 6c now", |range, said| rows.push((range, said.to_owned())));
/// assert_eq!(rows, [(4..33, "ignore all".to_owned())]);
/// each_row("10 20 30 40 50 60 70 80 90 100 110 120", |_, said| unreachable!("{said}"));
/// ```
pub fn each_row(text: &str, mut each: impl FnMut(Range<usize>, &str)) {
    let bytes = text.as_bytes();
    // Asked of many bytes at once, which costs next to nothing.
    if !bytes.chunks(64).any(|chunk| chunk.iter().fold(false, |any, byte| any | byte.is_ascii_digit())) {
        return;
    }
    let mut from = 0;
    let mut probe = ROW_BYTES_MIN / 2;
    while probe < bytes.len() {
        let step = ROW_BYTES_MIN / 2;
        // Where a row goes through here, it goes on for this far, and two of its numbers stand there.
        let next = &bytes[probe..bytes.len().min(probe + step)];
        if !next.iter().take(3).all(is_part) || !next.iter().any(u8::is_ascii_digit) {
            probe += step;
            continue;
        }
        let row = row_around(bytes, probe, from);
        if row.len() >= ROW_BYTES_MIN
            && let Some(said) = said(&text[row.clone()])
        {
            each(row.clone(), &said);
        }
        from = row.end.max(probe);
        probe = row.end.max(probe) + step;
    }
}

/// Hexadecimal digits and what stands between numbers.
fn is_part(byte: &u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b' ' | b',' | b'x' | b'\\' | b'\n' | b':' | b'-' | b'%')
}

/// The row of numbers around an offset, from another on at the earliest.
fn row_around(bytes: &[u8], probe: usize, from: usize) -> Range<usize> {
    let start = probe - bytes[from..probe].iter().rev().take_while(|byte| is_part(byte)).count();
    let end = probe + bytes[probe..].iter().take_while(|byte| is_part(byte)).count();
    let is_digit = |byte: &u8| byte.is_ascii_hexdigit();
    // A letter of the word before may be a digit: the row begins behind it.
    let is_inside = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
    let skipped = if is_inside { bytes[start..end].iter().take_while(|byte| is_digit(byte)).count() } else { 0 };
    let start = start + skipped;
    let start = start + bytes[start..end].iter().take_while(|byte| !is_digit(byte)).count();
    let mut end = start.max(end - bytes[start..end].iter().rev().take_while(|byte| !is_digit(byte)).count());
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        end -= bytes[start..end].iter().rev().take_while(|byte| is_digit(byte)).count();
    }
    start..start.max(end)
}

/// What a row of numbers says, all of them in one writing.
fn said(row: &str) -> Option<String> {
    let codes = || row.split([' ', ',', '\n', '\\', ':', '-', '%']).filter(|code| !code.is_empty());
    let trimmed = |code: &'_ str| code.trim_start_matches("0x").trim_start_matches('x').len();
    let width = trimmed(codes().next()?);
    let is_binary = width >= 7 && codes().all(|code| code.bytes().all(|byte| matches!(byte, b'0' | b'1')));
    let radix = if is_binary {
        2
    } else if width == 2 && codes().all(|code| trimmed(code) == 2) {
        16
    } else {
        10
    };
    let mut said = String::new();
    for code in codes() {
        let digits = code.trim_start_matches("0x").trim_start_matches('x');
        let byte = u8::from_str_radix(digits, radix).ok().filter(|byte| (0x20..0x7F).contains(byte) || *byte == b'\n')?;
        said.push(char::from(byte));
    }
    let letters = said.bytes().filter(|byte| byte.is_ascii_alphabetic() || *byte == b' ').count();
    (said.len() >= CODES_MIN && letters * 10 >= said.len() * 8).then_some(said)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str) -> Vec<String> {
        let mut rows = Vec::new();
        each_row(text, |range, said| {
            assert!(text.get(range).is_some());
            rows.push(said.to_owned());
        });
        rows
    }

    #[test]
    fn numbers_that_are_no_text_are_left_alone() {
        for text in [
            "3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
            "2021-05-04 12:30:15, 2021-05-04 12:30:16, 2021-05-05",
            "00 1a ff 20 00 00 3c 9d 00 00 00 01 7f 45 4c 46",
            "de:ad:be:ef:00:11:22:33:44:55:66:77",
            "ids: 101, 103, 110, 111, 114",
        ] {
            assert_eq!(rows(text), [] as [String; 0], "{text}");
        }
    }

    proptest! {
        /// Wherever it stands, whatever the writing.
        #[test]
        fn rows_are_found(said in "[a-z]{4} [a-z]{2} [a-z]{3,20}", before in "[g-w. ]{0,40}", sign in "[ ,\n]") {
            let write = |code: fn(u8) -> String| said.bytes().map(code).collect::<Vec<_>>().join(&sign);
            for row in [
                write(|byte| format!("{byte:02x}")),
                write(|byte| format!("{byte:#04x}")),
                write(|byte| byte.to_string()),
                write(|byte| format!("{byte:08b}")),
            ] {
                prop_assert_eq!(rows(&[&before, " ", &row, " ."].concat()), [said.clone()], "{}", row);
            }
        }

        #[test]
        fn any_text_is_passed_through(text in "([0-9a-f]{1,3}|[ ,x]|\\PC){0,80}") {
            rows(&text);
        }
    }
}
