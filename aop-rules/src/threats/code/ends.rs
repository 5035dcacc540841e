//! Where a value is looked at that is too long, or of too many lines, to be looked at as a whole.
//!
//! Such a value is a document for the most part, in which the signs of attacks are ordinary; but nobody who fills a value up may
//! get past a check. So its ends are looked at, by the words and lines that stand there alone.

use std::ops::Range;

/// So much of a long value is looked at, at either end.
pub(super) const END_BYTES_MAX: usize = 2048;
/// So many lines of a value are looked at, at either end.
const LINES_MAX: usize = 16;

/// The first and the last of a stretch where it is long, else the stretch.
pub(super) fn ends(text: &str, stretch: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let Range { start, end } = stretch;
    let is_long = end - start > END_BYTES_MAX;
    let head = if is_long { start..text.floor_char_boundary(start + END_BYTES_MAX) } else { start..end };
    let tail = is_long.then(|| text.ceil_char_boundary(end - END_BYTES_MAX)..end);
    std::iter::once(head).chain(tail)
}

/// The first and the last line that is not blank, without the blanks around them.
pub(super) fn outer_lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let (start, end) = trimmed(text, 0..text.len());
    let bytes = &text.as_bytes()[start..end];
    let first = memchr::memchr(b'\n', bytes).map(|length| trimmed(text, start..start + length));
    let last = memchr::memrchr(b'\n', bytes).map(|length| trimmed(text, start + length..end));
    let (head, tail) = (first.unwrap_or((start, end)), last);
    std::iter::once(head).chain(tail).map(|(start, end)| start..end)
}

/// What stands alone in a value and may be a path or an address as a whole: its lines of one word, at either end, and its first and
/// last word. Words of code, with quotes and brackets in them, are none.
pub(super) fn words_alone(text: &str) -> Vec<Range<usize>> {
    let (start, end) = trimmed(text, 0..text.len());
    let bytes = &text.as_bytes()[start..end];
    let mut found = Vec::new();
    let mut push = |range: Range<usize>| {
        let (start, end) = trimmed(text, range);
        let word = &text.as_bytes()[start..end];
        // Only its ends are read of a long one.
        let read = word.iter().take(END_BYTES_MAX);
        let is_word =
            !word.is_empty() && !read.clone().any(|byte| byte.is_ascii_whitespace() || b"'\"`(){}<>;,".contains(byte));
        if is_word && !found.contains(&(start..end)) {
            found.push(start..end);
        }
    };
    let mut line = 0;
    for at in memchr::memchr_iter(b'\n', bytes).take(LINES_MAX).chain([bytes.len()]) {
        push(start + line..start + at.max(line));
        line = at + 1;
    }
    let mut line = bytes.len();
    for at in memchr::memrchr_iter(b'\n', bytes).take(LINES_MAX) {
        push(start + at + 1..start + line);
        line = at;
    }
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    push(start..start + bytes.iter().position(is_blank).unwrap_or(bytes.len()));
    push(start + bytes.iter().rposition(is_blank).map_or(0, |blank| blank + 1)..end);
    found
}

fn trimmed(text: &str, range: Range<usize>) -> (usize, usize) {
    let part = &text.as_bytes()[range.clone()];
    let behind = part.trim_ascii_start();
    let start = range.end - behind.len();
    (start, start + behind.trim_ascii_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        words_alone(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn words_that_stand_alone() {
        assert_eq!(words(" ../a \nfoo bar\n/x/y\n"), ["../a", "/x/y"]);
        assert_eq!(words("../a is it, or ../b"), ["../a", "../b"]);
        assert_eq!(words("require('../a')"), [""; 0]);
        assert_eq!(words(" \n "), [""; 0]);
        let long = format!("first\n{}last", "some words\n".repeat(100));
        assert_eq!(words(&long), ["first", "last"]);
    }

    #[test]
    fn the_ends_of_a_long_text() {
        let text = "é".repeat(3000);
        let lengths: Vec<_> = ends(&text, 0..text.len()).map(|range| text[range].len()).collect();
        assert_eq!(lengths, [END_BYTES_MAX, END_BYTES_MAX]);
        assert!(ends("abc", 1..3).eq(std::iter::once(1..3)));
        assert_eq!(outer_lines(" a \nb\n c\n\n").collect::<Vec<_>>(), [1..2, 7..8]);
        assert!(outer_lines("").eq(std::iter::once(0..0)));
    }
}
