//! The normalised view of a text: what a reader sees, whatever bytes it is written with.
//!
//! Compatibility forms are folded (NFKC), invisible characters removed, every decimal digit and dash made ASCII, and
//! letters that look Latin made Latin where they stand in one word with Latin letters. Each byte of the view knows the
//! bytes it came from, so findings name the original.

use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::text::inline::read;
use crate::text::letters::is_alphanumeric;

/// A normalised text with its map back, in buffers that are used again.
///
/// ```
/// use aop_rules::text::view::{View, needs_view};
///
/// let text = "i\u{200B}gnоre"; // a zero-width space, a Cyrillic о
/// assert!(needs_view(text));
/// let mut view = View::default();
/// view.build(text);
/// assert_eq!(view.text(), "ignore");
/// assert_eq!(view.original(0..6), 0..text.len());
/// ```
#[derive(Debug, Default, Clone)]
pub struct View {
    text: String,
    /// For every byte of the view, the first byte of the original character it came from.
    starts: Vec<u32>,
    /// For every byte of the view, the byte after that character.
    ends: Vec<u32>,
}

impl View {
    /// Makes this the view of a text, which may have at most 2^32 bytes.
    pub fn build(&mut self, original: &str) {
        self.build_with(original, None);
    }

    /// The same with characters that show nothing where they are, each as a zero-width space.
    pub(crate) fn build_with_unseen(&mut self, original: &str) {
        self.build_with(original, Some('\u{200B}'));
    }

    fn build_with(&mut self, original: &str, unseen: Option<char>) {
        self.clear();
        let mut at = 0;
        while at < original.len() {
            let word = original[at..].split_inclusive(|character: char| !is_word_part(character)).next().unwrap_or_default();
            self.push_word(word, at, unseen);
            at += word.len();
        }
    }

    /// Makes this the text with what it spells out read once, and nothing else.
    ///
    /// ```
    /// use aop_rules::text::view::View;
    ///
    /// let mut view = View::default();
    /// view.build_read(r"key=\u0041KIA");
    /// assert_eq!(view.text(), "key=AKIA");
    /// assert_eq!(view.original(4..8), 4..13);
    /// ```
    pub fn build_read(&mut self, original: &str) {
        self.clear();
        for (character, span) in read(original) {
            self.push(character, span.start, span.end);
        }
    }

    /// Makes this the view of a text that is itself a view of the original, where it is one.
    pub(crate) fn build_through(&mut self, text: &str, first: Option<&View>) {
        self.build(text);
        if let Some(first) = first {
            self.lead_on_through(first);
        }
    }

    /// Makes this a text that stands for so many bytes as a whole, whichever part of it is asked for.
    pub fn build_whole(&mut self, text: &str, original_bytes: usize) {
        text.clone_into(&mut self.text);
        self.starts = vec![0; text.len()];
        self.ends = vec![original_bytes as u32; text.len()];
    }

    /// Makes this view, which was built from the text of another, lead to the original of that.
    pub fn lead_on_through(&mut self, first: &View) {
        for (start, end) in self.starts.iter_mut().zip(&mut self.ends) {
            let original = first.original(*start as usize..*end as usize);
            (*start, *end) = (original.start as u32, original.end as u32);
        }
    }

    /// The normalised text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a range of the view stands for. Where the view runs backwards, they are in the original's
    /// order all the same.
    pub fn original(&self, span: Range<usize>) -> Range<usize> {
        let ends = |at: usize| Some((*self.starts.get(at)? as usize, *self.ends.get(at)? as usize));
        match (ends(span.start), span.end.checked_sub(1).and_then(ends)) {
            (Some(first), Some(last)) => first.0.min(last.0)..first.1.max(last.1),
            _ => 0..0,
        }
    }

    /// Whether a range of the view is written otherwise than the original: some of its characters were not ASCII.
    pub fn is_folded(&self, span: Range<usize>) -> bool {
        let ascii = self.text.get(span.clone()).is_some_and(str::is_ascii);
        ascii && self.original(span.clone()).len() != span.len()
    }

    /// One word with the character that ends it, which begins at `offset` of the original.
    fn push_word(&mut self, word: &str, offset: usize, unseen: Option<char>) {
        let from = self.text.len();
        for (at, character) in word.char_indices() {
            let (start, end) = (offset + at, offset + at + character.len_utf8());
            if character.is_ascii() {
                self.push(character, start, end);
            } else if is_invisible(character) {
                unseen.into_iter().for_each(|sign| self.push(sign, start, end));
            } else {
                for folded in std::iter::once(character).nfkc() {
                    self.push(fold(folded), start, end);
                }
            }
        }
        // Only a word that mixes scripts is a disguise; a word in one script is a language.
        let pushed = &self.text[from..];
        if !pushed.is_ascii() && pushed.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            self.fold_lookalikes(from);
        }
    }

    fn fold_lookalikes(&mut self, from: usize) {
        let tail = self.text.split_off(from);
        let origins: Vec<_> = self.starts.drain(from..).zip(self.ends.drain(from..)).collect();
        for (at, character) in tail.char_indices() {
            let (start, end) = origins[at];
            self.push(lookalike(character), start as usize, end as usize);
        }
    }

    /// Makes this the view of nothing, to which characters are added.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.starts.clear();
        self.ends.clear();
    }

    /// Adds a character that stands for these bytes of the original.
    pub(crate) fn push(&mut self, character: char, start: usize, end: usize) {
        self.text.push(character);
        self.starts.resize(self.text.len(), start as u32);
        self.ends.resize(self.text.len(), end as u32);
    }

    /// Adds a part of the original as it is.
    pub(crate) fn copy(&mut self, original: &str, range: Range<usize>) {
        for (offset, character) in original[range.clone()].char_indices() {
            let start = range.start + offset;
            self.push(character, start, start + character.len_utf8());
        }
    }
}

/// Whether a text has characters that a view would change in a way that matters; ASCII never has.
///
/// It says yes more often than needed (a Cyrillic word is changed only where it mixes scripts), never no wrongly for what
/// [`View`] folds.
pub fn needs_view(text: &str) -> bool {
    !text.is_ascii()
        && text.chars().any(|character| {
            !character.is_ascii()
                && (is_invisible(character)
                    || fold(character) != character
                    || lookalike(character) != character
                    || is_compatibility(character))
        })
}

/// Letters, digits, and what is put between the letters of a word to hide it.
fn is_word_part(character: char) -> bool {
    is_alphanumeric(character) || is_invisible(character)
}

/// Characters that show nothing: soft hyphen, zero-width spaces and joiners, direction marks, fillers, variation selectors, tags.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{3164}' | '\u{FFA0}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}'
        | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a character is a compatibility form of others, or may be one with its neighbours (Unicode, NFKC_Quick_Check).
fn is_compatibility(character: char) -> bool {
    is_nfkc_quick(std::iter::once(character)) != IsNormalized::Yes
}

/// One character as ASCII, where it is a digit, a dash or a space of another script.
fn fold(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{2800}'
        | '\u{3000}'
        | '\u{2028}'
        | '\u{2029}' => ' ',
        _ => decimal_digit(character).map_or(character, |digit| char::from(b'0' + digit)),
    }
}

/// The value of a decimal digit (general category Nd) that is not ASCII. The blocks are the zeros of
/// `DerivedNumericType.txt`; each has ten digits in a row.
fn decimal_digit(character: char) -> Option<u8> {
    const ZEROS: &[u32] = &[
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
        0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
        0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0,
        0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0,
        0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1E140, 0x1E2F0, 0x1E4F0,
        0x1E5F1, 0x1E950, 0x1FBF0,
    ];
    let code = character as u32;
    let zero = ZEROS[..ZEROS.partition_point(|&zero| zero <= code)].last()?;
    (code - zero < 10).then(|| (code - zero) as u8)
}

/// The Latin letter that a Greek, Cyrillic or Armenian one looks like: the commonest of Unicode's `confusables.txt`.
fn lookalike(character: char) -> char {
    match character {
        'а' | 'α' => 'a',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'с' | 'ϲ' => 'c',
        'С' | 'Ϲ' => 'C',
        'ԁ' => 'd',
        'е' | 'ҽ' => 'e',
        'Е' | 'Ε' => 'E',
        'ɡ' | 'ց' => 'g',
        'һ' | 'հ' => 'h',
        'Н' | 'Η' => 'H',
        'і' | 'ι' | 'ı' => 'i',
        'І' | 'Ι' => 'I',
        'ј' => 'j',
        'Ј' => 'J',
        'к' | 'κ' => 'k',
        'К' | 'Κ' => 'K',
        'ӏ' => 'l',
        'М' | 'Μ' => 'M',
        'ո' => 'n',
        'Ν' => 'N',
        'о' | 'ο' | 'օ' => 'o',
        'О' | 'Ο' => 'O',
        'р' | 'ρ' => 'p',
        'Р' | 'Ρ' => 'P',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'Ѕ' => 'S',
        'т' | 'τ' => 't',
        'Т' | 'Τ' => 'T',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'Х' | 'Χ' => 'X',
        'у' | 'γ' => 'y',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(original: &str, expected: &str) {
        let mut view = View::default();
        view.build(original);
        assert_eq!(view.text(), expected);
        assert_eq!(needs_view(original), original != expected, "the cheap test and the view disagree");
    }

    #[test]
    fn disguises_are_undone() {
        check("ｉｇｎｏｒｅ", "ignore");
        check("𝐢𝐠𝐧𝐨𝐫𝐞 all", "ignore all");
        check("ig\u{AD}no\u{200B}re", "ignore");
        check("іgnоrе", "ignore");
        check("٤٤١٣‑८", "4413-8");
        check("maria＠example.org", "maria@example.org");
        check("non\u{A0}breaking", "non breaking");
        check("𞥕𞥓𞥖 🯴🯱 5\u{E0101}3", "536 41 53");
        check("ᵇᵒᵇ", "bob");
    }

    #[test]
    fn languages_are_left_alone() {
        let mut view = View::default();
        for text in ["игнорировать", "Ελλάδα", "żółć", "日本語", "plain ASCII"] {
            view.build(text);
            assert_eq!(view.text(), text);
        }
    }

    #[test]
    fn the_map_leads_back() {
        let text = "ab ½ ｃd";
        let mut view = View::default();
        view.build(text);
        let at = view.text().find("cd").unwrap();
        assert_eq!(&text[view.original(at..at + 2)], "ｃd");
    }
}
