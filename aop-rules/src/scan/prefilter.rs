//! One look at every byte: where a recognizer has to look, and nowhere else.
//!
//! Two passes over a text make all anchors of all recognizers: one for the literals (the texts that tokens begin
//! with, and the first words of labels), and one loop that takes eight bytes at a time for digits, colons and `@`, which looks
//! letters and digits up by their shape. Both are linear, and neither depends on how many recognizers run.

use std::ops::Range;

use crate::scan::enabled::{Enabled, Forms};
use crate::scan::layout::{Layout, atom_around};
use crate::scan::literals::{Literals, Stand};
use crate::scan::names::{GAPS, Names, phrase_end};
use crate::scan::pattern::Pattern;
use crate::scan::recognizer::{Anchor, Look};
use crate::scan::shapes::Shapes;
use crate::text::inline::begins_digits_apart;
use crate::text::words::{follows_escape, is_in_placeholder};

/// The anchors of the recognizers that are switched on; a recognizer is its index in the list.
#[derive(Debug)]
pub(crate) struct Prefilter {
    literals: Literals,
    /// For each literal, who asked for it.
    owners: Vec<Owners>,
    names: Names,
    shapes: Shapes,
    at: Vec<u16>,
    colon: Vec<u16>,
    country_code: Vec<u16>,
    atoms: Vec<(Range<usize>, u16)>,
    digits: Vec<(usize, u16)>,
    digits_max: usize,
}

/// A place worth a look.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Who should look.
    pub(crate) owner: u16,
    /// Why.
    pub(crate) cause: Cause,
    /// The anchor.
    pub(crate) range: Range<usize>,
}

/// Why a place is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// One of the recognizer's own anchors stands there.
    Anchor,
    /// What stands there is written as the layout of this number.
    Layout(u16),
    /// The literal text of the token of this number.
    Token(u16),
    /// The key that holds the text names it.
    Key,
    /// A phrase that names what follows or went before.
    Label,
    /// A phrase that makes what is near likelier.
    Near,
}

/// Who asked for a literal.
#[derive(Debug, Default)]
struct Owners {
    /// Those whose anchor it is.
    anchors: Vec<u16>,
    /// Those whose token of this number has it.
    tokens: Vec<(u16, u16)>,
    /// The labels whose first word it is.
    labels: Vec<Label>,
}

/// A phrase, and whom it speaks of.
#[derive(Debug)]
struct Label {
    phrase: &'static str,
    of: Vec<(u16, Cause)>,
}

impl Prefilter {
    pub(crate) fn new(enabled: &[Enabled]) -> Self {
        let mut prefilter = Self {
            literals: Literals::default(),
            owners: Vec::new(),
            names: Names::default(),
            shapes: Shapes::default(),
            at: Vec::new(),
            colon: Vec::new(),
            country_code: Vec::new(),
            atoms: Vec::new(),
            digits: Vec::new(),
            digits_max: 0,
        };
        for (index, enabled) in enabled.iter().enumerate() {
            let owner = u16::try_from(index).expect("there are fewer than 65,536 recognizers");
            match &enabled.forms {
                Forms::Code => prefilter.add_anchors(enabled, owner),
                Forms::Layouts(layouts) => prefilter.add_layouts(enabled, layouts, owner),
                Forms::Patterns { tokens, .. } => prefilter.add_tokens(enabled, tokens, owner),
                Forms::Custom { names } => names.iter().for_each(|name| prefilter.names.add(name, owner)),
            }
        }
        prefilter.literals.settle();
        prefilter.digits_max = prefilter.digits.iter().map(|&(count, _)| count).max().unwrap_or(0);
        prefilter
    }

    fn owners_of(&mut self, literal: &str, stand: Stand) -> &mut Owners {
        let number = self.literals.add(literal, stand);
        if number == self.owners.len() {
            self.owners.push(Owners::default());
        }
        &mut self.owners[number]
    }

    fn add_anchors(&mut self, enabled: &Enabled, owner: u16) {
        let Look::Code { anchors, .. } = enabled.recognizer.look else { return };
        for anchor in anchors {
            match anchor {
                Anchor::Literal(text) => self.owners_of(text, Stand::Anywhere).anchors.push(owner),
                Anchor::At => self.at.push(owner),
                Anchor::Colon => self.colon.push(owner),
                Anchor::Atom(least, most) => self.atoms.push((*least..*most + 1, owner)),
                Anchor::CountryCode => self.country_code.push(owner),
                Anchor::Digits(count) => self.digits.push((*count, owner)),
                Anchor::Named(names) => names.iter().for_each(|name| self.names.add(name, owner)),
            }
        }
    }

    fn add_layouts(&mut self, enabled: &Enabled, layouts: &[Layout], owner: u16) {
        let Look::Identifier(identifier) = &enabled.recognizer.look else { return };
        for (number, layout) in (0..).zip(layouts) {
            if layout.score >= enabled.threshold {
                self.shapes.add(layout, owner, number);
            }
        }
        for name in identifier.names.iter().filter(|_| identifier.named >= enabled.threshold) {
            self.names.add(name, owner);
            self.add_label(name, owner, Cause::Label);
        }
        for word in identifier.words.iter().filter(|_| identifier.near >= enabled.threshold) {
            self.add_label(word, owner, Cause::Near);
        }
    }

    fn add_tokens(&mut self, enabled: &Enabled, tokens: &[Pattern], owner: u16) {
        let Look::Secret(form) = &enabled.recognizer.look else { return };
        for (token, pattern) in (0..).zip(tokens) {
            if let Some(text) = pattern.literal() {
                let begins_with_it = pattern.begins_with_literal() && text.as_bytes()[0].is_ascii_alphanumeric();
                let stand = if begins_with_it { Stand::WordStart } else { Stand::Anywhere };
                self.owners_of(text, stand).tokens.push((owner, token));
            }
        }
        for name in form.names {
            self.names.add(name, owner);
            self.add_label(name, owner, Cause::Label);
        }
    }

    /// A label is looked for by its first word, and by how it goes on where that is short: each of the signs that may part its
    /// words makes a literal.
    fn add_label(&mut self, phrase: &'static str, owner: u16, cause: Cause) {
        const SHORT_BYTES_MAX: usize = 3;
        match phrase.split_once(' ') {
            Some((first, rest)) if first.len() <= SHORT_BYTES_MAX => {
                let next = &rest[..rest.floor_char_boundary(SHORT_BYTES_MAX)];
                for gap in GAPS.iter().chain(&[""]) {
                    let next = next.split(' ').next().unwrap_or(next);
                    self.add_label_at(&format!("{first}{gap}{next}"), phrase, owner, cause);
                }
            }
            Some((first, _)) => self.add_label_at(first, phrase, owner, cause),
            None => self.add_label_at(phrase, phrase, owner, cause),
        }
    }

    fn add_label_at(&mut self, literal: &str, phrase: &'static str, owner: u16, cause: Cause) {
        let labels = &mut self.owners_of(literal, Stand::WordStart).labels;
        match labels.iter_mut().find(|label| label.phrase == phrase) {
            Some(label) => label.of.push((owner, cause)),
            None => labels.push(Label { phrase, of: vec![(owner, cause)] }),
        }
    }

    /// What keys say.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Calls `look` at every literal in the text.
    pub(crate) fn literals(&self, text: &str, mut look: impl FnMut(Place)) {
        let bytes = text.as_bytes();
        self.literals.find(bytes, |number, start| {
            let owners = &self.owners[number];
            let range = start..start + self.literals.length(number);
            for &owner in &owners.anchors {
                look(Place { owner, cause: Cause::Anchor, range: range.clone() });
            }
            for &(owner, token) in &owners.tokens {
                look(Place { owner, cause: Cause::Token(token), range: range.clone() });
            }
            if owners.labels.is_empty() || is_in_placeholder(bytes, start) {
                return;
            }
            for label in &owners.labels {
                let Some(end) = phrase_end(bytes, start, label.phrase) else { continue };
                label.of.iter().for_each(|&(owner, cause)| look(Place { owner, cause, range: start..end }));
            }
        });
    }

    /// Whether a text has no literal, number, colon or `@`, and nothing that is not ASCII.
    pub(crate) fn is_quiet(&self, text: &str) -> bool {
        text.is_ascii() && next_mark(text.as_bytes(), 0).is_none() && !self.literals.is_in(text.as_bytes())
    }

    /// Calls `look` at every `@`, colon and number that somebody waits for. What `look` returns is the end of what was
    /// found there; the search goes on behind it. Whether the text has a row of single digits that are set apart.
    pub(crate) fn marks(&self, text: &str, mut look: impl FnMut(Place) -> Option<usize>) -> bool {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut atom_end = 0;
        let mut has_digits_apart = false;
        while let Some(mark) = next_mark(bytes, at) {
            let found = match bytes[mark] {
                b'@' => {
                    at = mark + 1;
                    if is_between_words(bytes, mark) { all(&self.at, mark..at, &mut look) } else { None }
                }
                b':' => {
                    at = mark + 1;
                    if is_hex_colon(bytes, mark) { all(&self.colon, mark..at, &mut look) } else { None }
                }
                _ => {
                    at = mark + digits_from(bytes, mark);
                    has_digits_apart = has_digits_apart || at == mark + 1 && begins_digits_apart(bytes, mark);
                    let mut found = None;
                    if mark >= atom_end {
                        let atom = atom_around(bytes, mark, atom_end);
                        atom_end = atom.end;
                        for (lengths, owner) in &self.atoms {
                            if lengths.contains(&atom.len()) {
                                found = found.max(look(Place { owner: *owner, cause: Cause::Anchor, range: atom.clone() }));
                            }
                        }
                        found = found.max(self.shapes.look_up(bytes, atom, &mut look));
                        found = found.max(self.number(bytes, mark..at, &mut look));
                    }
                    // What goes on in letters and digits has been seen as a whole.
                    at = at.max(atom_end);
                    found
                }
            };
            at = at.max(found.unwrap_or(0));
        }
        has_digits_apart
    }

    fn number(&self, bytes: &[u8], number: Range<usize>, look: &mut impl FnMut(Place) -> Option<usize>) -> Option<usize> {
        let start = number.start;
        let letters = bytes[..start].iter().rev().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let letters = letters - usize::from(letters > 0 && follows_escape(bytes, start + 1 - letters));
        match letters {
            0 => {}
            2 if number.len() >= 2 && !start.checked_sub(3).is_some_and(|before| bytes[before].is_ascii_digit()) => {
                return all(&self.country_code, start..start + 2, look);
            }
            _ => return None,
        }
        let count = self.run_digits(bytes, &number);
        let mut end = None;
        for &(least, owner) in &self.digits {
            if least <= count {
                end = end.max(look(Place { owner, cause: Cause::Anchor, range: number.clone() }));
            }
        }
        end
    }

    /// How many digits there are from the number on, single separators between them allowed; counted no further than
    /// anybody waits for.
    fn run_digits(&self, bytes: &[u8], number: &Range<usize>) -> usize {
        let mut count = number.len();
        let mut at = number.end;
        while count < self.digits_max
            && matches!(bytes.get(at), Some(b' ' | b'-' | b'.'))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        {
            count += 1;
            at += 2;
            while count < self.digits_max && bytes.get(at).is_some_and(u8::is_ascii_digit) {
                count += 1;
                at += 1;
            }
        }
        count
    }
}

fn all(owners: &[u16], range: Range<usize>, look: &mut impl FnMut(Place) -> Option<usize>) -> Option<usize> {
    owners.iter().filter_map(|&owner| look(Place { owner, cause: Cause::Anchor, range: range.clone() })).max()
}

/// Whether an `@` has something on both sides that can belong to an address.
fn is_between_words(bytes: &[u8], at: usize) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    let before = at.checked_sub(1).map(|before| bytes[before]);
    // RFC 5322: what an atom may have beside letters and digits, the full stop between atoms, and a quoted part's end.
    let fits_before = before.is_some_and(|byte| fits(byte) || b"!#$%&'*+-/=?^_`{|}~.\"".contains(&byte));
    fits_before && bytes.get(at + 1).is_some_and(|&byte| fits(byte) || byte == b'[')
}

fn digits_from(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn is_hex_colon(bytes: &[u8], at: usize) -> bool {
    let fits = |byte: u8| byte == b':' || byte.is_ascii_hexdigit();
    let after = bytes.get(at + 1).copied();
    let before = at.checked_sub(1).map(|before| bytes[before]);
    after.is_some_and(fits) && (before.is_some_and(fits) || after == Some(b':'))
}

/// The first digit, colon or `@` at or after an offset.
fn next_mark(bytes: &[u8], mut at: usize) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Digits and the colon are neighbours in ASCII (0x30 to 0x3A). Sums of seven bits and a constant below 0x80 never
    // carry into the next byte, so every flag is exact.
    while let Some(word) = bytes.get(at..at + 8) {
        let word = u64::from_le_bytes(word.try_into().expect("the slice has eight bytes"));
        let low_bits = word & !HIGH;
        let number = (low_bits + LOW * (0x80 - 0x30)) & !(low_bits + LOW * (0x80 - 0x3B));
        let sign = !((low_bits ^ (LOW * 0x40)) + LOW * 0x7F);
        let hit = (number | sign) & !word & HIGH;
        if hit != 0 {
            return Some(at + (hit.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(|&byte| matches!(byte, b'0'..=b':' | b'@')).map(|offset| at + offset)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use proptest::prelude::*;

    /// Work is counted in places looked at; a recognizer's look is bounded by itself. No byte is the anchor of more places
    /// than there are recognizers and literals that end there, whatever the text.
    #[track_caller]
    fn check_work(text: &str) {
        static PREFILTER: LazyLock<Prefilter> = LazyLock::new(|| {
            let enabled: Vec<_> = crate::scan::recognizers()
                .map(|recognizer| Enabled::new(recognizer, &Default::default(), |_| None))
                .collect();
            Prefilter::new(&enabled)
        });
        let prefilter = &*PREFILTER;
        let recognizers = crate::scan::recognizers().count();
        let mut places = 0;
        prefilter.literals(text, |_| places += 1);
        prefilter.marks(text, |_| {
            places += 1;
            None
        });
        assert!(places <= recognizers * text.len(), "{places} places in {} bytes", text.len());
    }

    #[test]
    fn the_work_a_byte_is_bounded_on_hostile_texts() {
        for piece in
            ["@", "a@", "1", "1-", "1.1.1.1", "::", "a:", "DE89", "ghp_", "ignore ", "[inst]", "<<sys>>", "prompt", "AKIA"]
        {
            check_work(&piece.repeat(20_000));
        }
    }

    proptest! {
        #[test]
        fn the_work_a_byte_is_bounded(text in "([0-9@:. -]|[a-f]|ignore|prompt|AKIA|\\PC){0,200}") {
            check_work(&text);
        }

        #[test]
        fn marks_are_found_eight_bytes_at_a_time_as_one_by_one(bytes in prop::collection::vec(any::<u8>(), 0..64), from in 0usize..64) {
            let expected = bytes.iter().enumerate().skip(from).find(|(_, byte)| matches!(byte, b'0'..=b':' | b'@')).map(|(at, _)| at);
            prop_assert_eq!(next_mark(&bytes, from), expected);
        }
    }
}
