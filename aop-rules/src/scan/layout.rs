//! A layout: how an identifier is written, one byte an element.

use std::ops::Range;

use crate::text::words::follows_escape;

/// One place of a layout: a byte fits it that is of one of its classes, or that it is itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Element {
    classes: u8,
    /// In lower case; 0 where only the class counts.
    literal: u8,
}

const DIGIT: u8 = 1;
const LETTER: u8 = 2;

/// The classes of each byte. Looked up, since what an identifier holds next cannot be foreseen by a branch.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

impl Element {
    fn of(classes: u8) -> Self {
        Self { classes, literal: 0 }
    }

    fn is(byte: u8) -> Self {
        Self { classes: 0, literal: byte.to_ascii_lowercase() }
    }

    fn fits(self, byte: u8) -> bool {
        let is_it = (byte.to_ascii_lowercase() == self.literal) & (self.literal != 0);
        (CLASSES[usize::from(byte)] & self.classes != 0) | is_it
    }

    fn is_alphanumeric(self) -> bool {
        self.classes != 0 || self.literal.is_ascii_alphanumeric()
    }

    /// Whether it is sure to be a digit.
    fn is_digit(self) -> bool {
        self.classes == DIGIT || self.literal.is_ascii_digit()
    }

    /// A byte of its kind, where there is only one kind.
    fn sample(self) -> Option<u8> {
        match self.classes {
            0 => Some(self.literal),
            DIGIT => Some(b'0'),
            LETTER => Some(b'A'),
            _ => None,
        }
    }
}

/// A written form, with the score it has by itself.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    elements: Vec<Element>,
    pub(crate) score: f64,
    /// The bytes before its first atom that has a digit; nothing when no atom is sure to have one.
    pub(crate) before_digits: Option<usize>,
}

impl Layout {
    /// Reads the notation of [`Identifier::layouts`](super::Identifier::layouts).
    pub(crate) fn new(written: &str, score: f64) -> Self {
        let mut elements = Vec::with_capacity(written.len());
        let mut bytes = written.bytes();
        while let Some(byte) = bytes.next() {
            elements.push(match byte {
                b'9' => Element::of(DIGIT),
                b'A' => Element::of(LETTER),
                b'X' => Element::of(DIGIT | LETTER),
                b'\\' => Element::is(bytes.next().unwrap_or(b'\\')),
                other => Element::is(other),
            });
        }
        let mut layout = Self { elements, score, before_digits: None };
        layout.before_digits = layout.before_digits();
        layout
    }

    /// The sign right behind the atom that [`Layout::anchor`] gives; nothing where the layout ends with it.
    pub(crate) fn behind_anchor(&self) -> Option<u8> {
        let (before, _) = self.anchor()?;
        let behind = self.elements[before..].iter().find(|element| !element.is_alphanumeric())?;
        Some(behind.literal)
    }

    fn before_digits(&self) -> Option<usize> {
        let mut at = 0;
        for atom in self.atoms() {
            if atom.iter().any(|element| element.is_digit()) {
                return Some(at);
            }
            at += atom.len();
        }
        None
    }

    /// Letters and digits without a gap, and what is between them.
    fn atoms(&self) -> impl Iterator<Item = &[Element]> {
        self.elements.chunk_by(|a, b| a.is_alphanumeric() && b.is_alphanumeric())
    }

    /// The end of what is so written at an offset.
    pub(crate) fn end_at(&self, bytes: &[u8], start: usize) -> Option<usize> {
        let written = bytes.get(start..start + self.elements.len())?;
        written.iter().zip(&self.elements).all(|(&byte, element)| element.fits(byte)).then_some(start + self.elements.len())
    }

    /// Its first atom (letters and digits without a gap) that has a digit: the bytes before it, and what to look it up by.
    /// Nothing when no atom can have one.
    pub(crate) fn anchor(&self) -> Option<(usize, Shape)> {
        let mut at = 0;
        for atom in self.atoms() {
            if atom.iter().any(|element| element.is_digit() || element.classes & DIGIT != 0) {
                let samples: Option<Vec<u8>> = atom.iter().map(|element| element.sample()).collect();
                let shape = match samples {
                    Some(samples) => Shape::Runs(runs(&samples)?),
                    None => Shape::Length(atom.len()),
                };
                return Some((at, shape));
            }
            at += atom.len();
        }
        None
    }
}

/// What atoms are looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The lengths of its runs of letters and of digits.
    Runs(u64),
    /// Its length, where a layout leaves open what a place holds.
    Length(usize),
}

/// Atoms longer than this are no identifier's.
pub(crate) const ATOM_BYTES_MAX: usize = 40;

/// The lengths of an atom's runs of letters and of digits, six bits a run; nothing when there are too many or too long ones.
pub(crate) fn runs(atom: &[u8]) -> Option<u64> {
    const RUNS_MAX: u32 = 9;
    const RUN_BYTES_MAX: u64 = 31;
    if atom.len() as u64 <= RUN_BYTES_MAX && atom.iter().all(u8::is_ascii_digit) {
        return Some((atom.len() as u64) << 1 | 1);
    }
    let (mut packed, mut count, mut length, mut is_digit) = (0u64, 0, 0, false);
    for &byte in atom {
        if length > 0 && byte.is_ascii_digit() == is_digit {
            length += 1;
            continue;
        }
        packed = packed << 6 | length << 1 | u64::from(is_digit);
        (count, length, is_digit) = (count + 1, 1, byte.is_ascii_digit());
        if count > RUNS_MAX {
            return None;
        }
    }
    (atom.len() as u64 <= RUN_BYTES_MAX || length <= RUN_BYTES_MAX)
        .then_some(packed << 6 | length << 1 | u64::from(is_digit))
}

/// The atom around a byte: the letters and digits that touch it. The letter of a `\n` left in the text is not of it.
pub(crate) fn atom_around(bytes: &[u8], at: usize, floor: usize) -> Range<usize> {
    let from = floor.max(at.saturating_sub(ATOM_BYTES_MAX + 1));
    let mut start = at - bytes[from..at].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if follows_escape(bytes, start + 1) {
        start += 1;
    }
    let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    start..at + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(layout: &str, text: &str, expected: bool) {
        assert_eq!(Layout::new(layout, 1.0).end_at(text.as_bytes(), 0).is_some(), expected, "{layout} on {text}");
    }

    #[test]
    fn a_layout_says_what_each_byte_is() {
        check("999-99-9999", "528-71-4093", true);
        check("999-99-9999", "410-66-226a", false);
        check("AA 99 X", "ab 12 z", true);
        check(r"\D\E99", "DE12", true);
        check(r"\D\E99", "FR12", false);
        check("999", "12", false);
    }

    #[test]
    fn the_first_atom_with_a_digit_is_looked_up() {
        let anchor = |layout| Layout::new(layout, 1.0).anchor();
        assert_eq!(anchor("AA 99 99"), Some((3, Shape::Runs(runs(b"12").unwrap()))));
        assert_eq!(anchor(r"\D\E999"), Some((0, Shape::Runs(runs(b"DE123").unwrap()))));
        assert_eq!(anchor("9XX9"), Some((0, Shape::Length(4))));
        assert_eq!(anchor("AAAAAA"), None);
    }

    #[test]
    fn runs_tell_letters_from_digits() {
        assert_eq!(runs(b"AB12"), runs(b"xy99"));
        assert_ne!(runs(b"AB12"), runs(b"12AB"));
        assert_ne!(runs(b"A1"), runs(b"1"));
        assert_eq!(runs(&[b'1'; 32]), None);
        assert_eq!(runs(b"a1b2c3d4e5f"), None);
        assert_eq!(runs(b"123"), Some(7));
    }
}
