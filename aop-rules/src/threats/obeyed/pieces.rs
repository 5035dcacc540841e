//! The pieces of a text between white space, quotes and brackets: addresses, accounts, ids, paths and names of actions.

use super::kind::{Kind, classify, is_account};
use super::reading::{FNV_BASIS, Mark, Words, fnv, hash_of, mix};
use super::spelled;
use crate::text::letters::is_alphanumeric;

/// Appends what a text has of them. `joined` is a buffer.
pub(super) fn pieces(text: &str, joined: &mut String, marks: &mut Vec<Mark>) {
    joined.clear();
    let mut group = Group { joined, pieces: 0 };
    let mut from = 0;
    while from < text.len() {
        let Piece { end, next, signs } = Piece::at(text, from);
        let raw = &text[from..end];
        // Most pieces are words, which are nothing of the kind.
        let is_plain = group.pieces == 0 && signs & !(LOWER | UPPER | SIGN) == 0 && is_word(raw);
        if !raw.is_empty() && !is_plain {
            let piece = raw.trim_matches(['.', ':', '!', '?', '\'', '*', '#', '…', '/', '-']);
            let rooted =
                raw.trim_start_matches(['\'', '*']).trim_end_matches(['.', ':', '!', '?', '\'', '*', '#', '…', '-']);
            let is_near = from > 0 && text.as_bytes()[from - 1] == b' ';
            if !rooted.is_empty() {
                group.push(piece, is_near, marks);
                push_piece(if rooted.starts_with(['/', '.']) { rooted } else { piece }, marks);
            }
        }
        from = next;
    }
    group.end(marks);
    spelled::addresses(text, |address| {
        let hash = hash_of(Kind::Email, address.as_bytes());
        if !marks.iter().any(|mark| mark.hash == hash) {
            marks.push(Mark { kind: Kind::Email, hash, words: Words::default() });
        }
    });
}

/// Where a piece ends, where the next begins, and what kinds of signs it has.
struct Piece {
    end: usize,
    next: usize,
    signs: u8,
}

const LOWER: u8 = 1;
const UPPER: u8 = 1 << 1;
const DIGIT: u8 = 1 << 2;
const SIGN: u8 = 1 << 3;
/// Not ASCII.
const FOREIGN: u8 = 1 << 4;

impl Piece {
    #[inline]
    fn at(text: &str, from: usize) -> Self {
        let bytes = text.as_bytes();
        let (mut at, mut signs) = (from, 0);
        while let Some(&byte) = bytes.get(at) {
            let kind = KINDS[usize::from(byte)];
            let mut length = 1;
            if kind == FOREIGN {
                let character = text[at..].chars().next().expect("it is inside the text");
                length = character.len_utf8();
                if is_separator(character) {
                    return Self { end: at, next: at + length, signs };
                }
            } else if kind == 0 {
                return Self { end: at, next: at + 1, signs };
            }
            signs |= kind;
            at += length;
        }
        Self { end: at, next: at, signs }
    }
}

/// What each byte is, 0 for separators.
static KINDS: [u8; 256] = {
    let mut kinds = [FOREIGN; 256];
    let mut byte = 0;
    while byte < 0x80 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            9..=13
            | b' '
            | b','
            | b';'
            | b'"'
            | b'`'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'|'
            | b'=' => 0,
            _ => SIGN,
        };
        byte += 1;
    }
    kinds
};

/// Whether a piece of ASCII letters and signs is a word, with signs before and behind it: without humps, and with no root of a path.
fn is_word(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let is_edge = |byte: &u8| matches!(byte, b'.' | b':' | b'!' | b'?' | b'\'' | b'*' | b'#' | b'/' | b'-');
    let first = bytes.iter().position(|byte| !is_edge(byte)).unwrap_or(bytes.len());
    if bytes[..first].iter().any(|byte| matches!(byte, b'.' | b'/')) {
        return false;
    }
    let behind = bytes.iter().rev().position(|byte| !is_edge(byte)).unwrap_or(0);
    let [_, rest @ ..] = &bytes[first..bytes.len() - behind] else { return true };
    bytes[first].is_ascii_alphabetic() && rest.iter().all(u8::is_ascii_lowercase)
}

pub(super) fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, ',' | ';' | '"' | '`' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '=' | '“' | '”')
}

fn push_piece(piece: &str, marks: &mut Vec<Mark>) {
    match classify(piece) {
        Some((kind, canonical)) => {
            marks.push(Mark { kind, hash: hash_of(kind, canonical.as_bytes()), words: Words::default() });
            // `INV_20391` and `step_100_done` are both.
            if kind == Kind::Id {
                marks.extend(names(piece).filter(|name| name.words.len() > 1));
            }
        }
        None => marks.extend(names(piece).filter(|name| name.words.len() > 1)),
    }
}

/// Groups of digits and letters that are one number together: `LT60 1010 0123 4567 8901`, `4111 1111 1111 1111`.
struct Group<'b> {
    joined: &'b mut String,
    pieces: usize,
}

impl Group<'_> {
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
        let joined = self.joined.as_str();
        let mut push =
            |kind, text: &str| marks.push(Mark { kind, hash: hash_of(kind, text.as_bytes()), words: Words::default() });
        match std::mem::take(&mut self.pieces) {
            0 | 1 => {}
            _ if is_account(joined) => push(Kind::Account, &joined.to_ascii_uppercase()),
            _ if joined.len() >= 9 && joined.bytes().all(|byte| byte.is_ascii_digit()) => push(Kind::Id, joined),
            _ => {}
        }
        self.joined.clear();
    }
}

/// An account has no more characters.
const GROUPED_BYTES_MAX: usize = 34;

/// A name as a whole, and its last parts behind what joins them.
pub(super) fn names(name: &str) -> impl Iterator<Item = Mark> {
    let behind = move |joint: &[u8]| {
        let at = name.as_bytes().windows(joint.len()).rposition(|window| window == joint)?;
        Some(&name[at + joint.len()..])
    };
    let last = [&b"__"[..], b".", b"/", b":"].into_iter().filter_map(behind);
    std::iter::once(name).chain(last).filter_map(self::name)
}

/// A name by its parts: `send_money`, `SendMoney` and `send-money` are one.
pub(super) fn name(piece: &str) -> Option<Mark> {
    let mut words = Words::default();
    let mut hash = FNV_BASIS;
    let is_name = each_of_name(piece, |step| match step {
        Step::Byte(byte) => hash = fnv(hash, byte),
        Step::End => words.push(mix(std::mem::replace(&mut hash, FNV_BASIS))),
    });
    is_name.then(|| Mark::of_words(Kind::Name, words))
}

/// What a name's parts are made of, in lower case.
enum Step {
    Byte(u8),
    End,
}

/// Walks through the parts of a name; whether it is one.
fn each_of_name(piece: &str, mut each: impl FnMut(Step)) -> bool {
    if piece.is_empty() || piece.len() > NAME_BYTES_MAX {
        return false;
    }
    let mut before: Option<char> = None;
    let (mut is_begun, mut has_letter) = (false, false);
    let mut characters = piece.chars().peekable();
    while let Some(character) = characters.next() {
        if is_alphanumeric(character) {
            let is_hump = character.is_uppercase()
                && before.is_some_and(|before: char| {
                    before.is_lowercase()
                        || before.is_ascii_digit()
                        || before.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase())
                });
            if is_begun && (is_hump || before.is_none()) {
                each(Step::End);
            }
            is_begun = true;
            for lower in character.to_lowercase() {
                has_letter |= lower.is_alphabetic();
                let mut bytes = [0; 4];
                lower.encode_utf8(&mut bytes).bytes().for_each(|byte| each(Step::Byte(byte)));
            }
            before = Some(character);
        } else if matches!(character, '_' | '-' | '.' | '/' | ':') {
            before = None;
        } else {
            return false;
        }
    }
    if is_begun {
        each(Step::End);
    }
    has_letter
}

/// Longer ones are no names of actions.
const NAME_BYTES_MAX: usize = 80;

/// A letter that is written as several in lower case has no more bytes than twice its own.
const LOWER_BYTES_MAX: usize = 2 * NAME_BYTES_MAX;

/// The parts of a name in lower case, as bytes of UTF-8.
pub(super) struct Parts {
    bytes: [u8; LOWER_BYTES_MAX],
    ends: [u8; NAME_BYTES_MAX],
    count: usize,
}

impl Parts {
    /// Nothing when it is no name.
    pub(super) fn of(piece: &str) -> Option<Self> {
        let mut parts = Self { bytes: [0; LOWER_BYTES_MAX], ends: [0; NAME_BYTES_MAX], count: 0 };
        let mut at = 0;
        let is_name = each_of_name(piece, |step| match step {
            Step::Byte(byte) => {
                if let Some(place) = parts.bytes.get_mut(at) {
                    *place = byte;
                    at += 1;
                }
            }
            Step::End => {
                parts.ends[parts.count] = at as u8;
                parts.count += 1;
            }
        });
        is_name.then_some(parts)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends[..self.count].iter().map(|end| usize::from(*end));
        let starts = std::iter::once(0).chain(ends.clone());
        starts.zip(ends).map(|(start, end)| &self.bytes[start..end])
    }

    /// Whether a part is one of these words.
    pub(super) fn has_any(&self, list: &[&str]) -> bool {
        self.iter().any(|part| is_in(list, part))
    }
}

/// Whether a word is in a list.
pub(super) fn is_in(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|known| known.as_bytes() == word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::threats::obeyed::reading::{plain, read_told};

    #[test]
    fn bytes_are_separators_as_characters_are() {
        for byte in 0..0x80_u8 {
            assert_eq!(KINDS[usize::from(byte)] == 0, is_separator(char::from(byte)), "{byte}");
        }
    }

    #[test]
    fn parts_are_in_lower_case() {
        let parts = |name: &str| Parts::of(name).map(|parts| parts.iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
        assert_eq!(parts("SendMoneyXML_to").unwrap(), [&b"send"[..], b"money", b"xml", b"to"]);
        assert_eq!(parts("İİ").unwrap(), ["i\u{307}i\u{307}".as_bytes()]);
        assert_eq!((parts("123"), parts("a b"), parts("")), (None, None, None));
        assert_eq!(parts(&"İ".repeat(40)).unwrap()[0].len(), 120);
    }

    proptest! {
        /// What is passed over as a word would have given nothing.
        #[test]
        fn words_have_no_marks(piece in "[.:!?'*#/-]{0,2}([A-Za-z]{0,9}|[a-z]{1,4}[.:!?'*#/-][a-z]{1,5})[.:!?'*#/-]{0,2}") {
            if is_word(&piece) {
                let mut marks = Vec::new();
                let trimmed = piece.trim_matches(['.', ':', '!', '?', '\'', '*', '#', '/', '-']);
                push_piece(trimmed, &mut marks);
                prop_assert_eq!(marks, []);
            }
        }

        #[test]
        fn no_text_is_too_odd(text in "(İ|Σ|[A-Za-z0-9]|[ .:/@_…“-]){0,90}") {
            read_told(&plain(&text));
            Parts::of(&text);
        }
    }
}
