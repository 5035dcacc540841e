//! Words with two letters in each other's place, or one too many or too few: `ingore previuos insturctions`.

use crate::text::disguise::Lexicon;
use crate::text::view::View;
use crate::text::words::runs;

/// Makes a view of a text with such words written as they should be.
///
/// ```
/// use aop_rules::text::disguise::Lexicon;
/// use aop_rules::text::disguise::misspelt::build;
/// use aop_rules::text::view::View;
///
/// struct One;
/// impl Lexicon for One {
///     fn tells(&self, word: &str) -> bool {
///         word == "ignore"
///     }
///     fn knows(&self, word: &str) -> bool {
///         word == "ignore"
///     }
///     fn mended(&self, word: &str) -> Option<&'static str> {
///         (word == "ingore").then_some("ignore")
///     }
/// }
/// let mut view = View::default();
/// build(&mut view, "Now ingore it, Ingrid.", &One);
/// assert_eq!(view.text(), "Now ignore it, Ingrid.");
/// ```
pub fn build(view: &mut View, text: &str, lexicon: &impl Lexicon) {
    view.clear();
    let mut at = 0;
    for run in runs(text, |character| character.is_ascii_alphabetic()) {
        view.copy(text, at..run.start);
        match mended(&text[run.clone()], lexicon) {
            Some(word) => word.chars().for_each(|letter| view.push(letter, run.start, run.end)),
            None => view.copy(text, run.clone()),
        }
        at = run.end;
    }
    view.copy(text, at..text.len());
}

fn mended(word: &str, lexicon: &impl Lexicon) -> Option<&'static str> {
    if word.len() > WORD_BYTES_MAX {
        return None;
    }
    lexicon.mended(&word.to_ascii_lowercase())
}

/// Longer words are none that are mended.
const WORD_BYTES_MAX: usize = 24;
/// Shorter words are others when two of their letters change places.
const SWAPPED_LETTERS_MIN: usize = 6;

/// The ways to write a word with two of its inner letters in each other's place: its first and its last letter stay.
pub(crate) fn swapped(word: &str) -> Vec<String> {
    let letters = word.as_bytes();
    if letters.len() < SWAPPED_LETTERS_MIN {
        return Vec::new();
    }
    let written = (1..letters.len() - 2).map(|at| {
        let mut letters = letters.to_vec();
        letters.swap(at, at + 1);
        String::from_utf8_lossy(&letters).into_owned()
    });
    written.filter(|written| written != word).collect()
}

/// The ways to write a word with a letter too many or too few within it.
pub(crate) fn mistyped(word: &str) -> Vec<String> {
    let inner = 1..word.len() - 1;
    let fewer = inner.clone().map(|at| format!("{}{}", &word[..at], &word[at + 1..]));
    let more =
        (1..word.len()).flat_map(|at| ('a'..='z').map(move |letter| format!("{}{letter}{}", &word[..at], &word[at..])));
    fewer.chain(more).filter(|written| written != word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_letters_stay() {
        assert_eq!(swapped("ignore"), ["ingore", "igonre", "ignroe"]);
        assert!(swapped("rules").is_empty());
        let written = mistyped("ignore");
        assert!(["ignor", "gnore", "ignores"].iter().all(|other| !written.contains(&(*other).to_owned())));
        assert!(["ignre", "iignore", "ignoree", "ignoure"].iter().all(|other| written.contains(&(*other).to_owned())));
    }
}
