//! Account numbers as people write them: `LT60 1010 0123 4567 8901`, `4485-1234-5678-9012`.

use super::hash::{ACCOUNT_BYTES_MAX, hash_ascii};
use super::piece::Piece;
use super::wide::{Wide, is_blank, wide};
use super::{Token, TokenKind};

/// The account that begins with a piece and is written in groups.
pub(super) fn grouped(text: &str, first: &Piece) -> Option<Token> {
    let groups = match *text.as_bytes().get(first.start..)? {
        [b'0'..=b'9', second, third, fourth, ..] if is_digit(second) && is_digit(third) && !fourth.is_ascii_alphabetic() => {
            number(text, first)
        }
        [b'0'..=b'9', ..] => None,
        // Nearly all words are none, and that is seen at once.
        [first, second, third, fourth, ..]
            if first.is_ascii()
                && second.is_ascii()
                && !(is_digit(third) && is_digit(fourth) || is_country(first, second, third)) =>
        {
            None
        }
        _ => account(text, first, Lengths::OfCountries).or_else(|| account(text, first, Lengths::Any)),
    }?;
    // What ends within the piece is a part of something else.
    (groups.at >= first.end).then(|| Token {
        hash: hash_ascii(groups.all()),
        kind: if groups.all[0].is_ascii_digit() { TokenKind::Id } else { TokenKind::Address },
        start: first.start as u32,
        end: groups.at as u32,
    })
}

/// A digit, or a character that may stand for one or for nothing.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte >= 0x80
}

/// Two capitals that stand alone.
fn is_country(first: u8, second: u8, behind: u8) -> bool {
    first.is_ascii_uppercase() && second.is_ascii_uppercase() && (behind == b' ' || behind >= 0x80)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lengths {
    /// A country's accounts have one length.
    OfCountries,
    /// Of no country that we know, or made up: groups of four at most belong to it, while they have digits.
    Any,
}

fn account<'t>(text: &'t str, first: &Piece, lengths: Lengths) -> Option<Groups<'t>> {
    let mut groups = Groups::new(text, first.start);
    let head = groups.read();
    if head == 2 && groups.all().iter().all(u8::is_ascii_uppercase) && lengths == Lengths::OfCountries {
        (groups.skip_separator(Between::Known) && groups.read() > 0).then_some(())?;
    }
    let all = groups.all();
    let is_head = all.len() >= 4 && all[..2].iter().all(u8::is_ascii_alphabetic) && all[2..4].iter().all(u8::is_ascii_digit);
    if !is_head || lengths == Lengths::Any && head != 4 {
        return None;
    }
    let length = match lengths {
        Lengths::OfCountries => Some(account_length(all[0], all[1])?),
        Lengths::Any => None,
    };
    let between = if length.is_some() { Between::Known } else { Between::Unknown };
    let mut count = 1;
    while length.is_none_or(|length| groups.length < length) {
        let before = groups;
        if !groups.skip_separator(between) {
            break;
        }
        let group = groups.read();
        // Only the bank's letters, behind the head, may be without a digit; else a word that follows would be taken in.
        let has_digit = groups.all()[before.length..].iter().any(u8::is_ascii_digit);
        let is_bank = before.length == 4 && group == 4;
        if group == 0 || !(has_digit || is_bank) || length.is_none() && group > 4 {
            groups = before;
            break;
        }
        count += 1;
    }
    let is_whole = length.map_or(groups.length >= 14, |length| groups.length == length);
    (is_whole && !groups.is_too_long && (count > 1 || head == 2)).then_some(groups)
}

/// Three or more groups of three to five digits, such as those of a card. Over the end of a line or of a table's cell, where
/// another number may begin, only a card's 16 digits hang together.
fn number<'t>(text: &'t str, first: &Piece) -> Option<Groups<'t>> {
    let mut groups = Groups::new(text, first.start);
    let is_group =
        |groups: &Groups<'_>, from: usize| groups.length - from <= 5 && groups.all()[from..].iter().all(u8::is_ascii_digit);
    let mut last = groups.read();
    if !(3..=5).contains(&last) || !is_group(&groups, 0) {
        return None;
    }
    let is_whole = |groups: &Groups<'_>, count: usize| count >= 3 && (12..=19).contains(&groups.length);
    let mut count = 1;
    let mut before_break = None;
    while last >= 3 {
        let before = groups;
        if !groups.skip_separator(Between::Number) {
            if groups.length >= CARD_DIGITS || !groups.skip_break() {
                break;
            }
            before_break.get_or_insert((before, count));
        }
        last = groups.read();
        if last == 0 || !is_group(&groups, before.length) {
            groups = before;
            break;
        }
        count += 1;
    }
    if let Some((before, count_before)) = before_break
        && groups.length != CARD_DIGITS
    {
        (groups, count) = (before, count_before);
    }
    is_whole(&groups, count).then_some(groups)
}

/// The digits of nearly all cards.
const CARD_DIGITS: usize = 16;

/// What a mark stands between.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// Groups of a number.
    Number,
    /// Groups of an account whose length is not known: what else may stand between words joins nothing.
    Unknown,
    /// Groups of an account whose length is known, so that nothing that follows is taken in by mistake.
    Known,
}

/// Letters and digits of a text with what groups them left out.
#[derive(Clone, Copy)]
struct Groups<'t> {
    text: &'t str,
    at: usize,
    all: [u8; ACCOUNT_BYTES_MAX],
    length: usize,
    is_too_long: bool,
}

impl<'t> Groups<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, all: [0; ACCOUNT_BYTES_MAX], length: 0, is_too_long: false }
    }

    fn all(&self) -> &[u8] {
        &self.all[..self.length]
    }

    /// Reads letters and digits of ASCII, and says how many there were.
    fn read(&mut self) -> usize {
        let before = self.length;
        let mut end = self.at;
        while let Some(character) = self.text[end..].chars().next() {
            let byte = match character {
                _ if character.is_ascii() => character as u8,
                _ => match wide(character) {
                    Wide::Ascii(byte) => byte,
                    Wide::Nothing => {
                        end += character.len_utf8();
                        continue;
                    }
                    Wide::Letter | Wide::Separator => break,
                },
            };
            if !byte.is_ascii_alphanumeric() {
                break;
            }
            let Some(free) = self.all.get_mut(self.length) else {
                self.is_too_long = true;
                break;
            };
            *free = byte;
            self.length += 1;
            end += character.len_utf8();
            self.at = end;
        }
        self.length - before
    }

    /// One mark between two groups.
    fn skip_separator(&mut self, between: Between) -> bool {
        if between == Between::Known && self.skip_break() {
            return true;
        }
        let mut at = self.at;
        while let Some(character) = self.text[at..].chars().next() {
            at += character.len_utf8();
            let joins = match character {
                ' ' | '-' => true,
                '.' => between != Between::Number,
                '/' | '_' | '|' => between == Between::Known,
                _ => false,
            };
            if joins {
                self.at = at;
                return true;
            }
            if character.is_ascii() {
                return false;
            }
            match wide(character) {
                Wide::Nothing => {}
                what => {
                    let is_separator = is_blank(character) || what == Wide::Ascii(b'-');
                    self.at = if is_separator { at } else { self.at };
                    return is_separator;
                }
            }
        }
        false
    }

    /// A tab or one end of a line, also escaped, with the blanks around it.
    fn skip_break(&mut self) -> bool {
        const BLANKS: [char; 2] = [' ', '\t'];
        let rest = &self.text[self.at..];
        let line = rest.trim_start_matches(BLANKS);
        let ends = ["\r\n", "\n", "\\r\\n", "\\n", "\\t"];
        let behind = ends.into_iter().find_map(|end| line.strip_prefix(end)).map(|line| line.trim_start_matches(BLANKS));
        let has_tab = rest[..rest.len() - line.len()].contains('\t');
        let Some(behind) = behind.or(has_tab.then_some(line)) else { return false };
        self.at = self.text.len() - behind.len();
        true
    }
}

/// How long the accounts (IBAN) of a country are.
fn account_length(first: u8, second: u8) -> Option<usize> {
    let country = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    let at = LENGTHS.binary_search_by(|(known, _)| known.as_bytes().cmp(&country)).ok()?;
    LENGTHS.get(at).map(|(_, length)| usize::from(*length))
}

const LENGTHS: &[(&str, u8)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NL", 18),
    ("NO", 15),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SC", 31),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
];
