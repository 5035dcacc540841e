//! Identifiers that have a written form: what a row says about one, and where it is found.

use std::ops::Range;

use crate::scan::layout::Layout;
use crate::scan::prefilter::Cause;
use crate::scan::recognizer::{Candidate, Match};
use crate::scan::site::follows_technical_name;
use crate::text::words::follows_escape;

/// An identifier with a written form, such as a tax number.
///
/// ```
/// use aop_rules::scan::Identifier;
///
/// /// Ten digits, the last of which makes the sum even.
/// fn is_even(digits: &[u8]) -> bool {
///     digits.iter().map(|digit| u32::from(digit - b'0')).sum::<u32>() % 2 == 0
/// }
///
/// static STAFF_NUMBER: Identifier = Identifier {
///     layouts: &[("999-999-9999", 0.7), ("9999999999", 0.1)],
///     check: is_even,
///     names: &["staff number", "staff no"],
///     ..Identifier::NONE
/// };
/// assert_eq!(STAFF_NUMBER.named, 0.95);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Identifier {
    /// How it is written, and how sure the form and the check make by themselves. `9` is a digit, `A` a letter, `X` a letter
    /// or a digit, `\A` the letter itself; anything else stands for itself.
    pub layouts: &'static [(&'static str, f64)],
    /// Check digits and ranges, asked with the letters and digits only, letters in upper case.
    pub check: fn(&[u8]) -> bool,
    /// Lower-case phrases that name it: as a key, or as a label before or behind it. Compared by whole words; `tax id` is also
    /// `taxId`, `tax_id` and `TAXID`.
    pub names: &'static [&'static str],
    /// Lower-case phrases that make it likelier when they stand near.
    pub words: &'static [&'static str],
    /// How sure the words near it make.
    pub near: f64,
    /// How sure its name makes.
    pub named: f64,
}

impl Identifier {
    /// One without a form and a name, for struct update.
    pub const NONE: Self = Self { layouts: &[], check: |_| true, names: &[], words: &[], near: 0.6, named: 0.95 };
}

/// How far behind its label an identifier may begin, and how far before it it may end, in bytes.
const AHEAD_BYTES: usize = 48;
const BEHIND_BYTES: usize = 16;
/// How many words without a digit may stand between a label and its identifier.
const WORDS_BETWEEN_MAX: usize = 4;
/// What is left of a layout's score in lower case, as names of files, versions and words with numbers are written: too little
/// for the default threshold.
const LOWER_CASE: f64 = 0.2;
/// How much of a value is searched that its key names.
const VALUE_BYTES_MAX: usize = 256;

impl Identifier {
    /// Decides at a place.
    pub(crate) fn verify(&self, layouts: &[Layout], cause: Cause, candidate: &Candidate<'_>) -> Option<Match> {
        let bytes = candidate.bytes();
        match cause {
            Cause::Layout(number) => {
                let span = candidate.start..candidate.end;
                let score = layouts.get(usize::from(number))?.score;
                let is_lower = bytes[span.clone()].iter().any(u8::is_ascii_lowercase);
                let score = if is_lower { score * LOWER_CASE } else { score };
                let is_its_own = !candidate.is_technical
                    && !has_sign(bytes, span.start)
                    && !is_in_row(bytes, span.clone())
                    && self.fits(candidate, span.clone());
                (is_its_own && !follows_technical_name(candidate.text, span.start)).then_some(Match {
                    start: span.start,
                    end: span.end,
                    score,
                })
            }
            Cause::Key => {
                let end = candidate.end.min(candidate.start + VALUE_BYTES_MAX);
                self.first_in(layouts, candidate, candidate.start..end, usize::MAX, self.named)
            }
            Cause::Label => {
                let ahead = candidate.end..bytes.len().min(candidate.end + AHEAD_BYTES);
                let behind = candidate.start.saturating_sub(BEHIND_BYTES + 24)..candidate.start;
                self.first_in(layouts, candidate, ahead, WORDS_BETWEEN_MAX, self.named).or_else(|| {
                    let is_behind = !names_what_follows(bytes, candidate.end);
                    is_behind.then(|| self.last_before(layouts, candidate, behind, self.named)).flatten()
                })
            }
            Cause::Near => {
                let around = candidate.start.saturating_sub(AHEAD_BYTES)..bytes.len().min(candidate.end + AHEAD_BYTES);
                self.first_in(layouts, candidate, around, usize::MAX, self.near)
            }
            Cause::Anchor | Cause::Token(_) => None,
        }
    }

    /// The first identifier that begins in a range, with at most so many words before it.
    fn first_in(
        &self,
        layouts: &[Layout],
        candidate: &Candidate<'_>,
        range: Range<usize>,
        words_max: usize,
        score: f64,
    ) -> Option<Match> {
        let bytes = candidate.bytes();
        let is_near = |start: usize| words_max == usize::MAX || is_near(&bytes[range.start..start], words_max);
        let found = starts(bytes, range.clone(), layouts)
            .find_map(|(start, layout)| self.written(candidate, start, layout).filter(|_| is_near(start)));
        found.map(|span| Match { start: span.start, end: span.end, score })
    }

    /// The last identifier that ends shortly before a label: `528714093 is my tax id`.
    fn last_before(&self, layouts: &[Layout], candidate: &Candidate<'_>, range: Range<usize>, score: f64) -> Option<Match> {
        let label = range.end;
        starts(candidate.bytes(), range, layouts)
            .filter_map(|(start, layout)| self.written(candidate, start, layout))
            .filter(|span| span.end <= label && label - span.end <= BEHIND_BYTES)
            .last()
            .map(|span| Match { start: span.start, end: span.end, score })
    }

    /// The identifier that is so written at an offset.
    fn written(&self, candidate: &Candidate<'_>, start: usize, layout: &Layout) -> Option<Range<usize>> {
        let span = start..layout.end_at(candidate.bytes(), start)?;
        self.fits(candidate, span.clone()).then_some(span)
    }

    /// Whether what is written as one can be one, by itself and not as a part of something longer.
    fn fits(&self, candidate: &Candidate<'_>, span: Range<usize>) -> bool {
        const CHARACTERS_MAX: usize = 64;
        let mut characters = [0; CHARACTERS_MAX];
        let mut count = 0;
        for byte in candidate.bytes()[span.clone()].iter().filter(|byte| byte.is_ascii_alphanumeric()) {
            let Some(slot) = characters.get_mut(count) else { return false };
            *slot = byte.to_ascii_uppercase();
            count += 1;
        }
        candidate.stands_alone(span.clone()) && !is_joined(candidate.bytes(), span) && (self.check)(&characters[..count])
    }
}

/// Whether a colon or an equals sign ends the word that a label ends in: then what it names follows.
fn names_what_follows(bytes: &[u8], label_end: usize) -> bool {
    let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'"' | b'\'');
    let behind = bytes[label_end..].iter().take(AHEAD_BYTES).find(|byte| !is_of_name(byte));
    matches!(behind, Some(b':' | b'='))
}

/// The places in a range where a layout may begin, in order.
fn starts<'l>(
    bytes: &'l [u8],
    range: Range<usize>,
    layouts: &'l [Layout],
) -> impl Iterator<Item = (usize, &'l Layout)> + 'l {
    let (first, mut at) = (range.start, range.start);
    std::iter::from_fn(move || {
        // Letters alone are an atom too: some layouts have no digit for sure.
        let start = at + bytes.get(at..range.end)?.iter().position(u8::is_ascii_alphanumeric)?;
        let length = bytes[start..range.end].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        at = start + length;
        let touches = start == range.start && start > 0 && bytes[start - 1].is_ascii_alphanumeric();
        let start = if follows_escape(bytes, start + 1) { start + 1 } else { start };
        Some(if touches { start..start } else { start..at })
    })
    .flat_map(move |atom| {
        let has_digit = bytes[atom.clone()].iter().any(u8::is_ascii_digit);
        layouts.iter().filter_map(move |layout| match layout.before_digits {
            Some(before) => {
                atom.start.checked_sub(before).filter(|&start| has_digit && start >= first).map(|start| (start, layout))
            }
            None => (!atom.is_empty()).then_some((atom.start, layout)),
        })
    })
}

/// Whether few words, and at most one line's end, stand in what is between a label and its identifier.
fn is_near(between: &[u8], words_max: usize) -> bool {
    let words = between.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).count();
    words <= words_max && between.iter().filter(|&&byte| byte == b'\n').count() <= 1
}

/// Whether a sign before a number makes it an amount, a fraction or a phone number.
fn has_sign(bytes: &[u8], start: usize) -> bool {
    matches!(start.checked_sub(1).map(|before| bytes[before]), Some(b'+' | b'$' | b'.'))
}

/// Whether it is written with blanks and more numbers stand before or behind it, so that it is a part of a row of them.
fn is_in_row(bytes: &[u8], span: Range<usize>) -> bool {
    let is_blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let before = span.start >= 2 && is_blank(span.start - 1) && is_digit(span.start - 2);
    let behind = is_blank(span.end) && is_digit(span.end + 1);
    (before || behind) && bytes[span].contains(&b' ')
}

/// Whether a hyphen, a slash or a full stop joins it to letters or digits before or behind it.
fn is_joined(bytes: &[u8], span: Range<usize>) -> bool {
    let joins = |byte: u8| matches!(byte, b'-' | b'/' | b'.');
    let is_part = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let before = span.start.checked_sub(1).is_some_and(|before| joins(bytes[before])) && is_part(span.start.checked_sub(2));
    let behind = bytes.get(span.end).is_some_and(|&byte| joins(byte)) && is_part(Some(span.end + 1));
    before || behind
}
