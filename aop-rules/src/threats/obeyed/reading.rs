//! A text as marks and words, each as a hash: what can be recognised without keeping the text.
//!
//! Texts are read as their reader sees them: escapes undone, disguised letters made plain, case left out.

use std::borrow::Cow;
use std::ops::Range;

use super::kind::{Kind, classify, is_account};
use super::spelled;
use crate::text::inline;
use crate::text::view::{View, needs_view};

/// Something in a text that can be recognised elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    /// Of the kind and the canonical form.
    pub(crate) hash: u64,
    /// Of what is made of words, those words: it is known when they are.
    pub(crate) words: Vec<u64>,
}

/// What was read of a text.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) marks: Vec<Mark>,
    /// The words in order.
    pub(crate) words: Vec<Word>,
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
    let spans = words(text, &mut reading.words);
    pieces(text, &mut reading.marks);
    proper_names(text, &spans, &reading.words, &mut reading.marks);
    quoted(text, &mut reading.marks);
    beside_tool(text, &spans, &mut reading.marks);
    reading
}

/// The words alone, and what is written to be recognised: of a text that is only asked whether it said something.
pub(crate) fn read_told(text: &str) -> Reading {
    let mut reading = Reading::default();
    words(text, &mut reading.words);
    pieces(text, &mut reading.marks);
    reading
}

/// A short text as a whole, as what somebody named would be written in a parameter.
pub(crate) fn whole(text: &str) -> Option<[Mark; 2]> {
    if text.len() > QUOTED_BYTES_MAX {
        return None;
    }
    let mut words = Vec::new();
    self::words(text, &mut words);
    let words: Vec<u64> = words.iter().map(|word| word.hash).collect();
    let mark = |kind| Mark { kind, hash: of_words(kind, &words), words: words.clone() };
    (words.len() >= 2).then(|| [mark(Kind::Quoted), mark(Kind::ProperName)])
}

/// The name of an action as it may be written in a text: as a whole, and its last part, as `mcp__chat__send_mail` and
/// `mail.send` are called by both.
pub(crate) fn action_names(action: &str) -> Vec<Mark> {
    names(&plain(action)).collect()
}

fn names(name: &str) -> impl Iterator<Item = Mark> {
    let last = ["__", ".", "/", ":"].into_iter().filter_map(move |joint| name.rsplit_once(joint)).map(|(_, last)| last);
    std::iter::once(name).chain(last).filter_map(self::name)
}

/// The names that a text speaks of calling: `I will call the SendMoney with …`, `Action: send_money`.
pub(crate) fn called(text: &str) -> Vec<Mark> {
    const CALLING: &[&str] = &["call", "calling", "calls", "invoke", "invoking", "action", "tool", "function"];
    const BETWEEN: &[&str] = &["the", "a", "tool", "function", "action", "named", "called"];
    let is = |word: &str, list: &[&str]| list.iter().any(|known| word.eq_ignore_ascii_case(known));
    let mut names = Vec::new();
    let mut is_next = false;
    for piece in text.split(is_separator).map(|piece| piece.trim_matches(['.', ':', '!', '?', '\'', '*'])) {
        match piece {
            "" => {}
            _ if is(piece, CALLING) => is_next = true,
            _ if is_next && is(piece, BETWEEN) => {}
            _ if is_next => {
                names.extend(self::names(piece).filter(|name| name.words.len() > 1));
                is_next = false;
            }
            _ => {}
        }
    }
    names
}

/// Words of letters and digits in lower case, with their places.
fn words(text: &str, words: &mut Vec<Word>) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = None;
    let mut end_word = |span: Range<usize>| {
        let word = &text[span.clone()];
        words.push(Word { hash: hash_word(word), length: word.chars().count() as u32 });
        spans.push(span);
    };
    for (at, character) in text.char_indices() {
        let is_part = if character.is_ascii() { character.is_ascii_alphanumeric() } else { character.is_alphanumeric() };
        match start {
            Some(from) if !is_part || at - from > WORD_BYTES_MAX => {
                end_word(from..at);
                start = is_part.then_some(at);
            }
            None if is_part => start = Some(at),
            _ => {}
        }
    }
    if let Some(from) = start {
        end_word(from..text.len());
    }
    spans
}

/// A longer word is cut, so that one without end is no work without end.
const WORD_BYTES_MAX: usize = 64;

/// Addresses, accounts, ids, paths and names: what stands between white space, quotes and brackets.
fn pieces(text: &str, marks: &mut Vec<Mark>) {
    let mut group = Group::default();
    let mut from = 0;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        if !is_separator(character) {
            continue;
        }
        let piece = text[from..at].trim_matches(['.', ':', '!', '?', '\'', '*', '#', '…', '/', '-']);
        let rooted =
            text[from..at].trim_start_matches(['\'', '*']).trim_end_matches(['.', ':', '!', '?', '\'', '*', '#', '…', '-']);
        let is_near = from > 0 && text.as_bytes()[from - 1] == b' ';
        if !rooted.is_empty() {
            group.push(piece, is_near, marks);
            push_piece(if rooted.starts_with(['/', '.']) { rooted } else { piece }, marks);
        }
        from = at + character.len_utf8().min(text.len() - at);
    }
    group.end(marks);
    spelled::addresses(text, |address| {
        let hash = hash_of(Kind::Email, address.as_bytes());
        if !marks.iter().any(|mark| mark.hash == hash) {
            marks.push(Mark { kind: Kind::Email, hash, words: Vec::new() });
        }
    });
}

pub(super) fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, ',' | ';' | '"' | '`' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '=' | '“' | '”')
}

fn push_piece(piece: &str, marks: &mut Vec<Mark>) {
    match classify(piece) {
        Some((kind, canonical)) => {
            marks.push(Mark { kind, hash: hash_of(kind, canonical.as_bytes()), words: Vec::new() });
            // `INV_20391` and `step_100_done` are both.
            if kind == Kind::Id {
                marks.extend(names(piece).filter(|name| name.words.len() > 1));
            }
        }
        None => marks.extend(names(piece).filter(|name| name.words.len() > 1)),
    }
}

/// Groups of digits and letters that are one number together: `LT60 1010 0123 4567 8901`, `4111 1111 1111 1111`.
#[derive(Default)]
struct Group {
    joined: String,
    pieces: usize,
}

impl Group {
    fn push(&mut self, piece: &str, is_near: bool, marks: &mut Vec<Mark>) {
        let is_digits = piece.len() >= 2 && piece.bytes().all(|byte| byte.is_ascii_digit());
        let is_head = piece.len() == 4
            && piece.bytes().take(2).all(|byte| byte.is_ascii_alphabetic())
            && piece.bytes().skip(2).all(|byte| byte.is_ascii_digit());
        let is_account = self.joined.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
        let is_of_account = is_account && piece.len() <= 4 && piece.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let goes_on = is_near && self.pieces > 0 && (is_digits || is_of_account);
        if !goes_on || self.joined.len() + piece.len() > GROUPED_BYTES_MAX {
            self.end(marks);
        }
        if goes_on || is_head || is_digits && piece.len() <= 6 {
            self.joined.push_str(piece);
            self.pieces += 1;
        }
    }

    fn end(&mut self, marks: &mut Vec<Mark>) {
        let joined = std::mem::take(&mut self.joined);
        let mut push = |kind, text: &str| marks.push(Mark { kind, hash: hash_of(kind, text.as_bytes()), words: Vec::new() });
        match std::mem::take(&mut self.pieces) {
            0 | 1 => {}
            _ if is_account(&joined) => push(Kind::Account, &joined.to_ascii_uppercase()),
            _ if joined.len() >= 9 && joined.bytes().all(|byte| byte.is_ascii_digit()) => push(Kind::Id, &joined),
            _ => {}
        }
    }
}

/// An account has no more characters.
const GROUPED_BYTES_MAX: usize = 34;

/// A name by its parts: `send_money`, `SendMoney` and `send-money` are one.
fn name(piece: &str) -> Option<Mark> {
    let words: Vec<u64> = name_parts(piece)?.iter().map(|part| hash_word(part)).collect();
    Some(Mark { kind: Kind::Name, hash: of_words(Kind::Name, &words), words })
}

/// The parts of a name in lower case; nothing when it is none.
pub(super) fn name_parts(piece: &str) -> Option<Vec<String>> {
    if piece.is_empty() || piece.len() > NAME_BYTES_MAX {
        return None;
    }
    let mut parts: Vec<String> = Vec::new();
    let mut before = None;
    let mut characters = piece.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() {
            let is_hump = character.is_uppercase()
                && before.is_some_and(|before: char| {
                    before.is_lowercase()
                        || before.is_ascii_digit()
                        || before.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase())
                });
            if is_hump || before.is_none() {
                parts.push(String::new());
            }
            parts.last_mut()?.extend(character.to_lowercase());
            before = Some(character);
        } else if matches!(character, '_' | '-' | '.' | '/' | ':') {
            before = None;
        } else {
            return None;
        }
    }
    parts.iter().any(|part| part.chars().any(char::is_alphabetic)).then_some(parts)
}

/// The hash of a stem, which is no word's.
pub(super) fn stem_hash(stem: &str) -> u64 {
    mix(hash_word(stem) ^ STEM)
}

const STEM: u64 = 0x5354_454d;

/// Longer ones are no names of actions.
const NAME_BYTES_MAX: usize = 80;

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
                    let row: Vec<u64> = row.iter().map(|word| word.hash).collect();
                    marks.push(Mark { kind: Kind::ProperName, hash: of_words(Kind::ProperName, &row), words: row });
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
    let mut words = Vec::new();
    self::words(text, &mut words);
    let words: Vec<u64> = words.iter().map(|word| word.hash).collect();
    if words.len() >= 2 && text.len() >= 8 {
        marks.push(Mark { kind: Kind::Quoted, hash: of_words(Kind::Quoted, &words), words });
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

fn of_words(kind: Kind, words: &[u64]) -> u64 {
    words.iter().fold(mix(kind as u64 + 1), |hash, word| pair(hash, *word))
}

fn hash_of(kind: Kind, bytes: &[u8]) -> u64 {
    bytes.iter().fold(mix(kind as u64 + 1), |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV)).rotate_left(1)
}

fn hash_word(word: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(FNV);
    let hash = match word.is_ascii() {
        true => word.bytes().fold(BASIS, |hash, byte| step(hash, byte.to_ascii_lowercase())),
        false => word.to_lowercase().bytes().fold(BASIS, step),
    };
    mix(hash)
}

/// FNV-1a, 64 bits.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV: u64 = 0x0100_0000_01b3;

fn mix(hash: u64) -> u64 {
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
