//! Directions that show a text in another order than it has (Unicode Standard Annex #9; CVE-2021-42574).

use std::ops::Range;

/// Calls `each` with the parts of a text that are shown in another order than they have: Latin letters under an override, and a
/// direction that its line does not end although nothing in it is written from right to left.
///
/// ```
/// use aop_rules::text::bidi::each_reordered;
///
/// let mut parts = Vec::new();
/// each_reordered("open photo\u{202E}gpj.exe now", |range| parts.push(range));
/// assert_eq!(parts, [10..24]);
/// each_reordered("from \u{2068}Zoë\u{2069}, \u{202B}שלום\u{202C}", |_| unreachable!());
/// ```
pub fn each_reordered(text: &str, mut each: impl FnMut(Range<usize>)) {
    // U+202A..=U+202E and U+2066..=U+2069 begin with these two bytes.
    if memchr::memmem::find(text.as_bytes(), b"\xE2\x80").is_none()
        && memchr::memmem::find(text.as_bytes(), b"\xE2\x81").is_none()
    {
        return;
    }
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\u{2029}']) {
        if let Some(part) = reordered(line) {
            each(at + part.start..at + part.end);
        }
        at += line.len();
    }
}

/// The part of a line that is shown in another order than it has.
fn reordered(line: &str) -> Option<Range<usize>> {
    let mut open = 0usize;
    let mut first_open = None;
    let mut overridden: Option<usize> = None;
    let mut has_letters = false;
    let mut has_foreign = false;
    let end = line.trim_end().len();
    for (at, character) in line.char_indices() {
        match character {
            '\u{202D}' | '\u{202E}' => {
                overridden.get_or_insert(at);
                first_open.get_or_insert(at);
                open += 1;
            }
            '\u{202A}' | '\u{202B}' | '\u{2066}'..='\u{2068}' => {
                first_open.get_or_insert(at);
                open += 1;
            }
            '\u{202C}' | '\u{2069}' => {
                if open == 1 && overridden.is_some() && has_letters && !has_foreign {
                    return Some(overridden.unwrap_or(at)..at + character.len_utf8());
                }
                open = open.saturating_sub(1);
            }
            _ => {
                has_letters |= overridden.is_some() && character.is_ascii_alphabetic();
                has_foreign |= is_right_to_left(character);
            }
        }
    }
    let first = first_open.filter(|_| open > 0 && !has_foreign)?;
    let says = line[first..end].chars().any(|character| character.is_ascii_alphanumeric());
    says.then_some(first..end)
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms.
fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        let mut parts = Vec::new();
        each_reordered(text, |range| parts.push(&text[range]));
        parts
    }

    #[test]
    fn trojan_source_is_seen() {
        assert_eq!(parts("if level != \"user\u{202E} \u{2066}// check\u{2069} \u{2066}\" {\n").len(), 1);
        assert_eq!(parts("a\nx = 1 /* \u{2067} begin\n}\n").len(), 1);
        assert_eq!(parts("\u{202D}abc\u{202C} d"), ["\u{202D}abc\u{202C}"]);
    }

    #[test]
    fn languages_and_isolates_are_left_alone() {
        for text in [
            "\u{202B}עברית with Latin\u{202C} and more",
            "\u{202E}עברית",
            "العربية \u{200E}(1)\u{200F}",
            "Hello \u{2068}Ann\u{2069}, you have \u{2066}3\u{2069} mails",
            "dash – and ‘quotes’ …",
            "\u{2068}",
        ] {
            assert!(parts(text).is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_passed_through(text in "([\u{202A}-\u{202E}]|[\u{2066}-\u{2069}]|\\PC|\n|ש){0,60}") {
            prop_assert!(parts(&text).iter().all(|part| !part.is_empty()));
        }
    }
}
