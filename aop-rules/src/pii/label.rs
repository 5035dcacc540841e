//! A label in running text and the value behind it: `passport no. X1234567`, `date of birth: 12 Jan 1980`.

use crate::scan::Candidate;

/// Where the value begins that stands behind the label at the candidate's anchor; nothing when the anchor is only a part of a
/// word. Words that a label is written with (`number`, `is`, …) are stepped over.
///
/// How far it looks is bounded: six words, six bytes between each.
pub(crate) fn value_start(candidate: &Candidate<'_>) -> Option<usize> {
    let bytes = candidate.bytes();
    // Scripts that write no blanks put the value right behind the label.
    let is_wide = bytes[candidate.start..candidate.end].last().is_some_and(|byte| *byte >= 0x80);
    let is_alone = candidate.stands_alone(candidate.start..candidate.end);
    if !(is_alone || is_wide && candidate.begins_word(candidate.start)) {
        return None;
    }
    let mut at = candidate.end;
    for _ in 0..WORDS_MAX {
        at += gap(bytes, at);
        if let Some(filler) = WIDE_FILLERS.iter().find(|filler| bytes[at..].starts_with(filler.as_bytes())) {
            at += filler.len();
            continue;
        }
        let word = &bytes[at..at + word_length(bytes, at)];
        if word.is_empty() || !FILLERS.iter().any(|filler| word.eq_ignore_ascii_case(filler.as_bytes())) {
            break;
        }
        at += word.len();
    }
    ((at > candidate.end || is_wide) && at < bytes.len() && candidate.text.is_char_boundary(at)).then_some(at)
}

/// How long the gap at an offset is.
fn gap(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take(GAP_BYTES_MAX).take_while(|byte| GAP.contains(byte)).count()
}

fn word_length(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take(WORD_BYTES_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count()
}

const WORDS_MAX: usize = 6;
const WORD_BYTES_MAX: usize = 12;
const GAP_BYTES_MAX: usize = 6;

/// What stands between a label and its value, in prose, in tables, and in JSON that was printed into a text.
const GAP: &[u8] = b" \t\r\n:=#\"'()[]|>-_*.\\/,";

/// Words between a label and its value.
const FILLERS: &[&str] = &[
    "number", "numbers", "no", "nr", "num", "nbr", "id", "code", "is", "was", "be", "of", "on", "the", "value", "s",
    "numero", "nummer", "le", "am", "el", "il",
];
/// Signs and words between a label and its value in other scripts.
const WIDE_FILLERS: &[&str] =
    &["：", "\u{3000}", "№", "号码", "號碼", "番号", "号", "번호", "是", "为", "は", "номер", "серия"];
