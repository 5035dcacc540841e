//! Words drawn with other letters than ASCII's: accents, strokes, boxes, small capitals, letters of other scripts.

use crate::text::disguise::{Lexicon, Word, leet};
use crate::text::letters::is_alphanumeric;
use crate::text::lookalike::{in_case_of, is_mark, letters};
use crate::text::view::{View, is_invisible};
use crate::text::words::runs;

/// Whether a word that is not ASCII is drawn like one that attacks are written with.
pub fn is_worth_reading(text: &str, lexicon: &impl Lexicon) -> bool {
    runs(text, is_part).any(|word| {
        let drawn = &text[word];
        // Short words are many a language's, without its accents; but hardly in letters that are not Latin among words that are.
        let is_foreign = || drawn.chars().any(|letter| !letter.is_ascii() && !matches!(letter, '\u{C0}'..='\u{24F}'));
        let is_known = |word: &str| word.len() > 1 && lexicon.knows(word) && is_foreign() && is_mostly_latin(text);
        let tells = |word: &str| lexicon.tells(word) || is_known(word) || leet::tells(word.as_bytes(), lexicon);
        !drawn.is_ascii() && latin(drawn).is_some_and(|word| word.as_str().is_some_and(tells))
    })
}

/// Whether the beginning of a text has more Latin letters than others.
fn is_mostly_latin(text: &str) -> bool {
    const SEEN_BYTES: usize = 200;
    let head = &text.as_bytes()[..text.len().min(SEEN_BYTES)];
    let latin = head.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let foreign = head.iter().filter(|&&byte| byte >= 0xC0).count();
    latin > foreign
}

/// Makes a view of a text in which every word that can be is of ASCII letters, and all others are as they were.
///
/// ```
/// use aop_rules::text::disguise::letters::build;
/// use aop_rules::text::view::View;
///
/// let mut view = View::default();
/// build(&mut view, "Ígnórе αll, сказал он");
/// assert_eq!(view.text(), "Ignore all, сказал oh");
/// ```
pub fn build(view: &mut View, text: &str) {
    view.clear();
    let mut at = 0;
    for word in runs(text, is_part) {
        view.copy(text, at..word.start);
        let drawn = &text[word.clone()];
        if drawn.is_ascii() || latin(drawn).is_none() {
            view.copy(text, word.clone());
        } else {
            for (offset, character) in drawn.char_indices() {
                let start = word.start + offset;
                let letters = letters(character).filter(char::is_ascii_alphanumeric);
                letters.for_each(|letter| view.push(in_case_of(character, letter), start, start + character.len_utf8()));
            }
        }
        at = word.end;
    }
    view.copy(text, at..text.len());
}

/// Letters, digits, and what is drawn upon or between them unseen.
fn is_part(character: char) -> bool {
    match character {
        '\0'..='\x7F' => character.is_ascii_alphanumeric(),
        // Letters in brackets, circles and boxes, and the regional ones.
        '\u{249C}'..='\u{24B5}' | '\u{1F110}'..='\u{1F1FF}' => true,
        _ => is_alphanumeric(character) || is_mark(character) || is_invisible(character),
    }
}

/// A word in ASCII, when each of its characters is drawn like a letter.
fn latin(drawn: &str) -> Option<Word> {
    let mut word = Word::default();
    for character in drawn.chars().filter(|&character| !is_invisible(character)) {
        for letter in letters(character) {
            if letter.is_ascii_alphanumeric() {
                word.push(letter as u8);
            } else if !is_bracket(letter) {
                return None;
            }
        }
    }
    (word.length > 0).then_some(word)
}

/// Letters in brackets are one character each: `⒜`.
fn is_bracket(character: char) -> bool {
    matches!(character, '(' | ')' | '〔' | '〕')
}

#[cfg(test)]
mod tests {
    use crate::text::disguise::Disguise;
    use crate::text::disguise::tests::{check, check_left_alone};

    #[test]
    fn words_are_read_as_drawn() {
        check(Disguise::Letters, "please ígñörè it", "please ignore it");
        check(Disguise::Letters, "ѕуѕтем ρгомρт", "system prompt");
        check(Disguise::Letters, "🅸🅶🅽🅾🆁🅴 it", "IGNORE it");
        check(Disguise::Letters, "i\u{336}g\u{336}n\u{336}o\u{336}r\u{336}e\u{336} it", "ignore it");
        check(Disguise::Letters, "⒤⒢⒩⒪⒭⒠ it", "ignore it");
    }

    #[test]
    fn languages_are_left_alone() {
        check_left_alone(&["Игнорируйте это", "El niño comió piñas", "Ελληνικά γράμματα", "日本語です", "naïve café"]);
    }
}
