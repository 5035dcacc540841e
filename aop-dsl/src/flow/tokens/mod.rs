//! Exact short tokens: addresses, account numbers and ids, which are compared as a whole, and the words of a text.
//!
//! Two account numbers that share most of their digits are two accounts, so nothing here is ever compared by its parts.

mod groups;
mod hash;
mod kind;
mod marks;
mod parts;
mod piece;
mod wide;

use std::ops::Range;

use super::grams::{COPY_UNITS_FOUND, fold};
use hash::{hash_ascii, hash_in, hash_ungrouped};
use kind::{Canonical, classify};
use marks::Marks;
use piece::{LOWER, Piece, UPPER, WIDE, narrowed, next_piece};

/// A token or word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// Of its canonical form: lower case, without characters that have no width; an address without `https://`, `www.` and what
    /// ends a sentence; an account number without what groups it.
    pub(super) hash: u64,
    pub(super) kind: TokenKind,
    /// Bytes of the text.
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Token {
    pub(super) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `kim@mail.example`, `https://a.example/b`, `a.example`, `LT601010012345678901`. It counts wherever it stands.
    Address,
    /// The host of a URL, or of a domain with a path. It counts wherever it stands, and is none of the text's addresses.
    Host,
    /// `INV-2291`, `a_file`, `budget.xlsx`, `0044201234`. It counts wherever it stands.
    Id,
    /// Any other word. It counts only when it is the whole value.
    Word,
    /// A word behind a colon, such as `mallory` in `payee:mallory`. A value of that word alone comes from it.
    WordInside,
    /// Two neighbouring words that are short together. It counts only when the whole value is a row of them.
    Pair,
}

impl TokenKind {
    /// Whether it counts wherever it stands.
    pub(super) fn is_exact(self) -> bool {
        matches!(self, Self::Address | Self::Host | Self::Id)
    }
}

/// The shortest word that is remembered, in bytes.
pub(super) const WORD_BYTES_MIN: usize = 4;

/// The shortest id, in bytes.
const ID_BYTES_MIN: usize = 6;

/// The tokens of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) found: Vec<Token>,
    /// How many pieces there are between white space, quotes and brackets. A text of one piece is compared as a whole.
    pub(super) pieces: usize,
    marks: Marks,
    /// Buffers: a piece without what is wide, and the tokens in it.
    narrow: String,
    inside: Vec<Token>,
}

impl Tokens {
    /// Reads a text; what was read before is forgotten.
    pub(super) fn read(&mut self, text: &str) {
        self.begin(text);
        let mut before = None;
        let mut from = 0;
        while let Some(start) = self.marks.next_of_token(from) {
            // Nearly all pieces are plain words; the others are read character by character.
            let plain = self.marks.plain_word(text.as_bytes(), start);
            let (token, has_letters) = match plain {
                Some(end) => {
                    let hash = hash_in(text.as_bytes(), start, end);
                    (Token { hash, kind: TokenKind::Word, start: start as u32, end: end as u32 }, true)
                }
                None => match self.piece_at(text, start) {
                    Some(read) => read,
                    None => return,
                },
            };
            self.pieces += 1;
            from = token.end as usize;
            if let Some(before) = before {
                let (pair, is_short) = pair_of(before, token);
                self.push_if(is_short, pair);
            }
            self.push_if(token.kind.is_exact() | (has_letters & (token.span().len() >= WORD_BYTES_MIN)), token);
            before = Some(token);
            if plain.is_none() {
                self.found.append(&mut self.inside);
            }
        }
    }

    /// The same without words and pairs: for a text that is asked about, and too long for them to be the whole of it. Plain words
    /// are counted without a look at each.
    pub(super) fn read_exact(&mut self, text: &str) {
        self.begin(text);
        let mut from = 0;
        while let Some(odd) = self.marks.next_odd(from) {
            let is_escape = text.as_bytes()[odd] == b'\\';
            let start = if is_escape { odd + 1 } else { self.marks.run_start(odd, from) };
            self.pieces += self.marks.runs(from, start);
            from = start;
            if is_escape && !self.marks.is_of_token(start) {
                continue;
            }
            if let Some(end) = self.marks.plain_word(text.as_bytes(), start) {
                self.pieces += 1;
                // With the mark that may stand behind it.
                from = end + usize::from(self.marks.is_of_token(end));
                continue;
            }
            let Some((token, _)) = self.piece_at(text, start) else { return };
            self.pieces += 1;
            from = token.end as usize;
            self.found.extend([token].into_iter().chain(self.inside.drain(..)).filter(|token| token.kind.is_exact()));
        }
        self.pieces += self.marks.runs(from, text.len());
    }

    fn begin(&mut self, text: &str) {
        self.found.clear();
        self.pieces = 0;
        self.marks.read(text.as_bytes());
    }

    /// The token of the piece at or behind a byte, which may follow a backslash, and whether it has letters.
    fn piece_at(&mut self, text: &str, start: usize) -> Option<(Token, bool)> {
        let is_escaped = start > 0 && text.as_bytes()[start - 1] == b'\\';
        let piece = next_piece(text, start - usize::from(is_escaped))?;
        Some(self.read_piece(text, &piece))
    }

    /// Half of all words are long enough, in no order that a processor could guess: this has no branch that depends on it.
    fn push_if(&mut self, is_meant: bool, token: Token) {
        self.found.push(token);
        self.found.truncate(self.found.len() - usize::from(!is_meant));
    }

    /// What a piece is, and whether it has letters; the tokens inside of it are in `inside` then.
    fn read_piece(&mut self, text: &str, piece: &Piece) -> (Token, bool) {
        self.inside.clear();
        let has_letters = piece.has & (LOWER | UPPER | WIDE) != 0;
        if let Some(token) = groups::grouped(text, piece) {
            return (token, has_letters);
        }
        let (start, end) = (piece.start as u32, piece.end as u32);
        let is_wide = piece.has & WIDE != 0;
        let (bytes, has) = if is_wide {
            let has = narrowed(&text[piece.start..piece.end], &mut self.narrow);
            (self.narrow.as_bytes(), has)
        } else {
            (&text.as_bytes()[piece.start..piece.end], piece.has)
        };
        let (kind, canonical) = classify(bytes, has);
        let token = Token { hash: hash_of(bytes, &canonical), kind, start, end };
        parts::parts(bytes, has, kind, &canonical, |part| {
            let hash = hash_of(&bytes[part.place.clone()], &part.canonical);
            // Of a narrowed piece it is not known where its parts stand.
            let (start, end) =
                if is_wide { (start, end) } else { (start + part.place.start as u32, start + part.place.end as u32) };
            self.inside.push(Token { hash, kind: part.kind, start, end });
        });
        (token, has_letters)
    }
}

/// The addresses and account numbers in a text, by their bytes.
pub(crate) fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Tokens::default();
    tokens.read(text);
    tokens.found.iter().filter(|token| token.kind == TokenKind::Address).map(Token::span).collect()
}

fn hash_of(bytes: &[u8], canonical: &Canonical) -> u64 {
    match canonical {
        Canonical::Bytes(range) => hash_ascii(&bytes[range.clone()]),
        Canonical::Ungrouped => hash_ungrouped(bytes),
    }
}

/// Two neighbours, and whether no fingerprint is sure to fit into them.
fn pair_of(first: Token, second: Token) -> (Token, bool) {
    let hash = fold(first.hash, !second.hash);
    let pair = Token { hash, kind: TokenKind::Pair, start: first.start, end: second.end };
    (pair, first.span().len() + second.span().len() < COPY_UNITS_FOUND)
}

/// The tokens of a text, without [`Marks`].
#[cfg(test)]
pub(super) fn slowly(text: &str) -> Vec<Token> {
    let mut tokens = Tokens::default();
    let mut found = Vec::new();
    let (mut from, mut before) = (0, None);
    while let Some(piece) = next_piece(text, from) {
        let (token, has_letters) = tokens.read_piece(text, &piece);
        from = token.end as usize;
        if let Some((pair, true)) = before.map(|before| pair_of(before, token)) {
            found.push(pair);
        }
        if token.kind.is_exact() || has_letters && token.span().len() >= WORD_BYTES_MIN {
            found.push(token);
        }
        found.append(&mut tokens.inside);
        before = Some(token);
    }
    found
}
