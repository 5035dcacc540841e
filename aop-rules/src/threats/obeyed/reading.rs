//! A text as marks and words, each as a hash: what can be recognised without keeping the text.
//!
//! Texts are read as their reader sees them: escapes undone, disguised letters made plain, case left out.

use std::borrow::Cow;
use std::ops::Range;

use super::kind::Kind;
use super::pieces::{name, names, pieces};
use crate::text::inline;
use crate::text::letters::is_alphanumeric;
use crate::text::view::{View, needs_view};

/// Something in a text that can be recognised elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    /// Of the kind and the canonical form.
    pub(crate) hash: u64,
    /// Of what is made of words, those words: it is known when they are.
    pub(crate) words: Words,
}

impl Mark {
    pub(super) fn of_words(kind: Kind, words: Words) -> Self {
        Self { kind, hash: words.iter().fold(mix(kind as u64 + 1), |hash, word| pair(hash, *word)), words }
    }
}

/// The hashes of a few words, in place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words {
    few: [u64; FEW],
    count: usize,
    /// All of them where they are more.
    many: Vec<u64>,
}

const FEW: usize = 6;

impl Words {
    pub(super) fn push(&mut self, word: u64) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = word,
            None => {
                if self.many.is_empty() {
                    self.many.extend(self.few);
                }
                self.many.push(word);
            }
        }
        self.count += 1;
    }
}

impl std::ops::Deref for Words {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        if self.many.is_empty() { &self.few[..self.count] } else { &self.many }
    }
}

impl FromIterator<u64> for Words {
    fn from_iter<I: IntoIterator<Item = u64>>(words: I) -> Self {
        let mut all = Self::default();
        words.into_iter().for_each(|word| all.push(word));
        all
    }
}

/// What was read of a text. Its buffers are used again.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) marks: Vec<Mark>,
    /// The words in order.
    pub(crate) words: Vec<Word>,
    joined: String,
}

impl Reading {
    /// Reads a text that is [`plain`] as [`read_told`] does.
    pub(crate) fn of_told(&mut self, text: &str) {
        self.words.clear();
        words(text, &mut self.words, |_| {});
        self.of_marks(text);
    }

    /// What is written to be recognised alone.
    pub(crate) fn of_marks(&mut self, text: &str) {
        self.marks.clear();
        pieces(text, &mut self.joined, &mut self.marks);
    }
}

/// A word of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) hash: u64,
    /// How many characters it has.
    pub(crate) length: u32,
}

/// Neighbouring words as one hash.
pub(crate) fn pair(first: u64, second: u64) -> u64 {
    mix(first.rotate_left(17) ^ second)
}

/// The text as its reader sees it.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(text);
    let mut view = View::default();
    if inline::spells_out(&plain) {
        view.build_read(&plain);
        plain = Cow::Owned(view.text().to_owned());
    }
    if needs_view(&plain) {
        view.build(&plain);
        plain = Cow::Owned(view.text().to_owned());
    }
    plain
}

/// Reads a text that is [`plain`].
pub(crate) fn read(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut spans = Vec::new();
    words(text, &mut reading.words, |span| spans.push(span));
    reading.of_marks(text);
    proper_names(text, &spans, &reading.words, &mut reading.marks);
    quoted(text, &mut reading.marks);
    beside_tool(text, &spans, &mut reading.marks);
    reading
}

/// The words alone, and what is written to be recognised: of a text that is only asked whether it said something.
pub(crate) fn read_told(text: &str) -> Reading {
    let mut reading = Reading::default();
    reading.of_told(text);
    reading
}

/// A short text as a whole, as what somebody named would be written in a parameter.
pub(crate) fn whole(text: &str) -> Option<[Mark; 2]> {
    if text.len() > QUOTED_BYTES_MAX {
        return None;
    }
    let words = hashes_of(text);
    (words.len() >= 2).then(|| [Mark::of_words(Kind::Quoted, words.clone()), Mark::of_words(Kind::ProperName, words)])
}

/// The name of an action as it may be written in a text: as a whole, and its last part, as `mcp__chat__send_mail` and
/// `mail.send` are called by both.
pub(crate) fn action_names(action: &str) -> Vec<Mark> {
    names(&plain(action)).collect()
}

/// The names that a text speaks of calling: `I will call the SendMoney with …`, `Action: send_money`.
pub(crate) fn called(text: &str) -> Vec<Mark> {
    const CALLING: &[&str] = &["call", "calling", "calls", "invoke", "invoking", "action", "tool", "function"];
    const BETWEEN: &[&str] = &["the", "a", "tool", "function", "action", "named", "called"];
    let is = |word: &str, list: &[&str]| list.iter().any(|known| word.eq_ignore_ascii_case(known));
    let mut names = Vec::new();
    let mut is_next = false;
    for piece in text.split(super::pieces::is_separator).map(|piece| piece.trim_matches(['.', ':', '!', '?', '\'', '*'])) {
        match piece {
            "" => {}
            _ if is(piece, CALLING) => is_next = true,
            _ if is_next && is(piece, BETWEEN) => {}
            _ if is_next => {
                names.extend(super::pieces::names(piece).filter(|name| name.words.len() > 1));
                is_next = false;
            }
            _ => {}
        }
    }
    names
}

/// Words of letters and digits in lower case; `each` gets their places.
fn words(text: &str, words: &mut Vec<Word>, mut each: impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let (mut hash, mut length) = (FNV_BASIS, 0);
        let mut is_ascii = true;
        while at < bytes.len() && at - start <= WORD_BYTES_MAX {
            let byte = bytes[at];
            if byte.is_ascii_alphanumeric() {
                hash = fnv(hash, byte.to_ascii_lowercase());
                at += 1;
            } else if byte.is_ascii() {
                break;
            } else {
                let character = text[at..].chars().next().expect("it is inside the text");
                if !is_alphanumeric(character) {
                    break;
                }
                is_ascii = false;
                at += character.len_utf8();
            }
            length += 1;
        }
        if at == start {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let hash = if is_ascii { mix(hash) } else { hash_word(&text[start..at]) };
        words.push(Word { hash, length });
        each(start..at);
    }
}

fn hashes_of(text: &str) -> Words {
    let mut words = Vec::new();
    self::words(text, &mut words, |_| {});
    words.iter().map(|word| word.hash).collect()
}

/// A longer word is cut, so that one without end is no work without end.
const WORD_BYTES_MAX: usize = 64;

/// The hash of a stem, which is no word's.
pub(super) fn stem_hash(stem: &[u8]) -> u64 {
    mix(mix(stem.iter().copied().fold(FNV_BASIS, fnv)) ^ STEM)
}

const STEM: u64 = 0x5354_454d;

/// Rows of two to six words with a capital: `Riverside View Hotel`.
fn proper_names(text: &str, spans: &[Range<usize>], words: &[Word], marks: &mut Vec<Mark>) {
    let has_capital = |span: &Range<usize>| text[span.clone()].chars().next().is_some_and(char::is_uppercase);
    let is_near = |one: &Range<usize>, next: &Range<usize>| &text[one.end..next.start] == " ";
    let mut from = 0;
    for at in 0..spans.len() {
        if !has_capital(&spans[at]) {
            from = at + 1;
            continue;
        }
        let goes_on = spans.get(at + 1).is_some_and(|next| is_near(&spans[at], next) && has_capital(next));
        if !goes_on {
            // The first word may only begin its sentence.
            for start in [from, from + 1] {
                let row = words.get(start..=at).unwrap_or_default();
                let letters: u32 = row.iter().map(|word| word.length).sum();
                if (2..=6).contains(&row.len()) && letters >= 8 {
                    marks.push(Mark::of_words(Kind::ProperName, row.iter().map(|word| word.hash).collect()));
                }
            }
            from = at + 1;
        }
    }
}

/// What stands in quotes on one line, and is not a part of a word.
fn quoted(text: &str, marks: &mut Vec<Mark>) {
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_end = |next: Option<&(usize, char)>| next.is_none_or(|(_, next)| !next.is_alphanumeric());
        match open {
            Some((from, close)) if character == close && is_end(characters.peek()) => {
                push_quoted(&text[from..at], marks);
                open = None;
            }
            Some((from, _)) if character == '\n' || at - from > QUOTED_BYTES_MAX => open = None,
            _ => {}
        }
        let is_begin = open.is_none() && !before.is_alphanumeric();
        if let Some(close) = closes(character).filter(|_| is_begin) {
            open = Some((at + character.len_utf8(), close));
        }
        before = character;
    }
}

/// Longer quotations are texts.
const QUOTED_BYTES_MAX: usize = 120;

fn closes(open: char) -> Option<char> {
    Some(match open {
        '"' | '\'' | '`' => open,
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        '„' => '“',
        _ => return None,
    })
}

fn push_quoted(text: &str, marks: &mut Vec<Mark>) {
    let words = hashes_of(text);
    if words.len() >= 2 && text.len() >= 8 {
        marks.push(Mark::of_words(Kind::Quoted, words));
    }
    if text.len() >= 3 {
        marks.extend(name(text.trim()));
    }
}

/// The word before or behind `tool`: `the summarizer tool`, `the function lookup`.
fn beside_tool(text: &str, spans: &[Range<usize>], marks: &mut Vec<Mark>) {
    const TOOLS: &[&str] = &["tool", "function", "action", "api", "command", "endpoint"];
    for (at, span) in spans.iter().enumerate() {
        if !TOOLS.iter().any(|tool| text[span.clone()].eq_ignore_ascii_case(tool)) {
            continue;
        }
        for beside in [at.checked_sub(1), Some(at + 1)].into_iter().flatten() {
            let word = spans.get(beside).map(|span| &text[span.clone()]).unwrap_or_default();
            if word.len() >= 5 {
                marks.extend(name(word));
            }
        }
    }
}

pub(super) fn hash_of(kind: Kind, bytes: &[u8]) -> u64 {
    bytes.iter().fold(mix(kind as u64 + 1), |hash, byte| fnv(hash, *byte)).rotate_left(1)
}

fn hash_word(word: &str) -> u64 {
    let hash = match word.is_ascii() {
        true => word.bytes().fold(FNV_BASIS, |hash, byte| fnv(hash, byte.to_ascii_lowercase())),
        false => word.to_lowercase().bytes().fold(FNV_BASIS, fnv),
    };
    mix(hash)
}

/// FNV-1a, 64 bits.
pub(super) const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

#[inline]
pub(super) fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

pub(super) fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a mark of a kind in one text is one in the other.
    #[track_caller]
    fn check(kind: Kind, one: &str, other: &str, expected: bool) {
        let marks = |text: &str| {
            let marks = read(&plain(text)).marks.into_iter();
            marks.filter(|mark| mark.kind == kind).map(|mark| mark.hash).collect::<Vec<_>>()
        };
        let other = marks(other);
        assert_eq!(marks(one).iter().any(|hash| other.contains(hash)), expected, "{kind:?} of {one:?}");
    }

    #[test]
    fn marks_are_recognised_in_any_dress() {
        check(Kind::Email, "mail <Kim@Port.example>.", "to: kim@port.example", true);
        check(Kind::Email, "mail kim@port.example", "kim@port.example.org", false);
        check(Kind::Account, "to LT60 1010 0123 4567 8901 today", "LT601010012345678901", true);
        check(Kind::Account, "to LT60 1010 0123 4567 8901", "LT60 1010 0123 4567 8902", false);
        check(Kind::Host, "see https://www.port.example/a?b.", "port.example", true);
        check(Kind::Id, "card 4111 1111 1111 1111,", "4111-1111-1111-1111", true);
        check(Kind::Path, "read /etc/passwd.", "'/etc/passwd'", true);
        check(Kind::Quoted, "titled 'Board of the harbour'", "\"board of the Harbour\"", true);
        check(Kind::Quoted, "don't say it's so", "don't say it's so", false);
        check(Kind::ProperName, "Book the Harbour View Inn for me", "Harbour View Inn", true);
        check(Kind::ProperName, "Book Harbour View Inn", "the Harbour View Inn", true);
        check(Kind::Email, "mail kim (at) port (dot) example", "kim@port.example", true);
        check(Kind::Email, "mail kim\\u0040port.example", "kim@port.example", true);
        check(Kind::Email, "mail ｋim@port.example", "kim@port.example", true);
    }

    #[test]
    fn names_of_actions_are_found_however_they_are_written() {
        let named = |action: &str, text: &str| {
            let marks = read(&plain(text)).marks;
            let names = action_names(action);
            marks.iter().any(|mark| mark.kind == Kind::Name && names.iter().any(|name| name.hash == mark.hash))
        };
        for text in ["call send_money now", "call SendMoney(1)", "run `send-money`", "bank.sendMoney", "use \"send_money\"."]
        {
            assert!(named("send_money", text), "{text}");
        }
        assert!(named("mcp__bank__send_money", "call send_money"));
        assert!(named("bank.send_money", "call `SendMoney`"));
        assert!(named("summarizer", "by using the summarizer tool") && named("summarizer", "with `summarizer`"));
        assert!(!named("search", "search for more"));
        assert!(!named("send_money", "send money"), "these are ordinary words");
    }

    #[test]
    fn a_text_may_speak_of_calling() {
        for text in ["none; I will call the GrantLedger with", "Action: grant_ledger", "invoke `grantLedger`"] {
            assert_eq!(
                called(text).iter().map(|name| name.hash).collect::<Vec<_>>(),
                [action_names("grant_ledger")[0].hash]
            );
        }
        assert!(called("grant_ledger is called ledger for short").is_empty());
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in ["", "'", "''''", "“", "\\", "é'è\"", "a@", "://", "…/…", "LT60 ", "\u{202E}", "www.", "= = ="] {
            read(&plain(text));
            whole(&plain(text));
            action_names(text);
            called(&plain(text));
        }
    }
}
