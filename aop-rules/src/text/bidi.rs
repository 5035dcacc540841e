//! Directions that show a text in another order than it has (Unicode Standard Annex #9; CVE-2021-42574).

use std::collections::VecDeque;
use std::ops::Range;

/// Calls `each` with the parts of a text that are shown in another order than they have: Latin letters under an override, and a
/// direction that its line does not end although nothing near it is written from right to left.
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
    let mut found = Merged { part: None, each: &mut each };
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\u{2029}']) {
        reordered(line, |part| found.add(at + part.start..at + part.end));
        at += line.len();
    }
    found.finish();
}

/// A direction is looked at so far, and letters from right to left so far before it: what is farther away says nothing of it.
const REACH_BYTES: usize = 512;

/// Calls `each` with the parts of a line that are shown in another order than they have.
fn reordered(line: &str, mut each: impl FnMut(Range<usize>)) {
    let mut open: VecDeque<Opening> = VecDeque::new();
    let mut seen = Seen::default();
    let trimmed = |from: usize, to: usize| from..from + line[from..to].trim_end().len();
    for (at, character) in line.char_indices() {
        // A long paragraph may have a direction of its own, and end it far behind; an override is shown as one all the same.
        while let Some(first) = open.pop_front_if(|first| first.at + REACH_BYTES <= at) {
            if first.is_override && seen.letter_since(first.at) && !seen.is_foreign_around(first.at) {
                each(trimmed(first.at, at));
            }
        }
        match character {
            '\u{202D}' | '\u{202E}' => open.push_back(Opening { at, is_override: true }),
            '\u{202A}' | '\u{202B}' | '\u{2066}'..='\u{2068}' => open.push_back(Opening { at, is_override: false }),
            '\u{202C}' | '\u{2069}' => {
                let Some(last) = open.pop_back() else { continue };
                if last.is_override && seen.letter_since(last.at) && !seen.is_foreign_around(last.at) {
                    each(last.at..at + character.len_utf8());
                }
            }
            _ => seen.add(at, character),
        }
    }
    // What is still open the line has not ended.
    for opening in open {
        if seen.alphanumeric_since(opening.at) && !seen.is_foreign_around(opening.at) {
            each(trimmed(opening.at, line.len()));
        }
    }
}

/// A character that begins a direction.
struct Opening {
    at: usize,
    is_override: bool,
}

/// Where the last character of each kind stands.
#[derive(Default)]
struct Seen {
    letter: Option<usize>,
    alphanumeric: Option<usize>,
    foreign: Option<usize>,
}

impl Seen {
    fn add(&mut self, at: usize, character: char) {
        if character.is_ascii_alphanumeric() {
            self.alphanumeric = Some(at);
            if character.is_ascii_alphabetic() {
                self.letter = Some(at);
            }
        } else if is_right_to_left(character) {
            self.foreign = Some(at);
        }
    }

    fn letter_since(&self, opening: usize) -> bool {
        self.letter.is_some_and(|at| at > opening)
    }

    fn alphanumeric_since(&self, opening: usize) -> bool {
        self.alphanumeric.is_some_and(|at| at > opening)
    }

    fn is_foreign_around(&self, opening: usize) -> bool {
        self.foreign.is_some_and(|at| at + REACH_BYTES >= opening)
    }
}

/// Parts that lie in one another are told as one.
struct Merged<'e, E: FnMut(Range<usize>)> {
    part: Option<Range<usize>>,
    each: &'e mut E,
}

impl<E: FnMut(Range<usize>)> Merged<'_, E> {
    fn add(&mut self, next: Range<usize>) {
        self.part = Some(match self.part.take() {
            Some(part) if next.start < part.end && part.start < next.end => {
                part.start.min(next.start)..part.end.max(next.end)
            }
            Some(part) => {
                (self.each)(part);
                next
            }
            None => next,
        });
    }

    fn finish(self) {
        if let Some(part) = self.part {
            (self.each)(part);
        }
    }
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

    #[test]
    fn what_is_far_away_says_nothing() {
        let gap = ".".repeat(600);
        let inside = "\u{202E}gpj.exe\u{202C} and \u{2067} begin";
        let whole = |text: &str| parts(text).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(whole(inside), ["\u{202E}gpj.exe\u{202C}", "\u{2067} begin"]);
        for other in ["\u{2068}\u{2067}", "שלום", "\u{2066}a\u{2069}", "\u{202C}"] {
            assert_eq!(whole(&format!("{other}{gap}{inside}")), whole(inside), "{other}");
        }
        assert_eq!(whole(&format!("\u{202E}a{gap}\u{202C}"))[0].len(), REACH_BYTES);
        assert!(whole(&format!("\u{202A}a{gap}\u{202C}")).is_empty());
        assert_eq!(whole(&format!("\u{202D}\u{202D}{gap}")), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn any_text_is_passed_through(text in "([\u{202A}-\u{202E}]|[\u{2066}-\u{2069}]|\\PC|\n|ש){0,60}") {
            prop_assert!(parts(&text).iter().all(|part| !part.is_empty()));
        }
    }
}
