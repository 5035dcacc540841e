//! Exact short tokens: addresses, account numbers and ids, which are compared as a whole, and the words of a text.
//!
//! Two account numbers that share most of their digits are two accounts, so nothing here is ever compared by its parts.

use std::ops::Range;

use super::grams::{COPY_UNITS_FOUND, fold};

/// A token or word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// Of its canonical form: lower case; an address without `https://`, `www.` and what ends a sentence; an account number
    /// without blanks.
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
    /// `INV-2291`, `a_file`, `budget.xlsx`, `0044201234`. It counts wherever it stands.
    Id,
    /// Any other word. It counts only when it is the whole value.
    Word,
    /// Two neighbouring words that are short together. It counts only when the whole value is a row of them.
    Pair,
}

impl TokenKind {
    /// Whether it counts wherever it stands.
    pub(super) fn is_exact(self) -> bool {
        matches!(self, Self::Address | Self::Id)
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
}

impl Tokens {
    /// Reads a text; what was read before is forgotten.
    pub(super) fn read(&mut self, text: &str) {
        self.read_some::<true>(text);
    }

    /// The same without words and pairs: for a text that is asked about, and too long for them to be the whole of it.
    pub(super) fn read_exact(&mut self, text: &str) {
        self.read_some::<false>(text);
    }

    fn read_some<const WITH_WORDS: bool>(&mut self, text: &str) {
        self.found.clear();
        self.pieces = 0;
        self.marks.read(text.as_bytes());
        let mut before = None;
        let mut from = 0;
        while let Some(start) = self.marks.next_of_token(from) {
            self.pieces += 1;
            // Nearly all pieces are plain words; the others are read character by character.
            let plain = self.marks.plain_word(text.as_bytes(), start);
            if let (false, Some(end)) = (WITH_WORDS, plain) {
                from = end;
                continue;
            }
            let (token, has_letters) = match plain {
                Some(end) => {
                    let hash = hash_in(text.as_bytes(), start, end);
                    (Token { hash, kind: TokenKind::Word, start: start as u32, end: end as u32 }, true)
                }
                None => {
                    let is_escaped = start > 0 && text.as_bytes()[start - 1] == b'\\';
                    let Some(piece) = next_piece(text, start - usize::from(is_escaped)) else {
                        self.pieces -= 1;
                        return;
                    };
                    let token = account_in_groups(text, &piece).unwrap_or_else(|| token_of(text, &piece));
                    (token, piece.has & (LOWER | UPPER | WIDE) != 0)
                }
            };
            from = token.end as usize;
            if !WITH_WORDS {
                if token.kind.is_exact() {
                    self.found.push(token);
                }
                continue;
            }
            if let Some(before) = before {
                let (pair, is_short) = pair_of(before, token);
                self.push_if(is_short, pair);
            }
            self.push_if(token.kind.is_exact() | (has_letters & (token.span().len() >= WORD_BYTES_MIN)), token);
            before = Some(token);
        }
    }

    /// Half of all words are long enough, in no order that a processor could guess: this has no branch that depends on it.
    fn push_if(&mut self, is_meant: bool, token: Token) {
        self.found.push(token);
        self.found.truncate(self.found.len() - usize::from(!is_meant));
    }
}

/// The addresses and account numbers in a text, by their bytes.
pub(crate) fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Tokens::default();
    tokens.read(text);
    tokens.found.iter().filter(|token| token.kind == TokenKind::Address).map(Token::span).collect()
}

/// A piece of text that may be a token: it begins and ends with a letter or digit.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    /// What kinds of characters it has.
    has: u16,
}

const LOWER: u16 = 1;
const UPPER: u16 = 2;
const DIGIT: u16 = 4;
const AT: u16 = 8;
const DOT: u16 = 16;
const UNDERLINE: u16 = 32;
const JOINER: u16 = 64;
const WIDE: u16 = 128;
const SLASH: u16 = 256;
const SEPARATOR: u16 = 0;

/// What a byte is to a token: nothing (a separator), or a kind of character.
const CLASSES: [u16; 256] = {
    let mut classes = [SEPARATOR; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'@' => AT,
            b'.' => DOT,
            b'_' => UNDERLINE,
            b':' | b'#' | b'+' | b'-' => JOINER,
            b'/' => SLASH,
            0x80.. => WIDE,
            _ => SEPARATOR,
        };
        byte += 1;
    }
    classes
};

const WORD: u16 = LOWER | UPPER | DIGIT | WIDE;

/// The next piece at or behind a byte.
fn next_piece(text: &str, from: usize) -> Option<Piece> {
    let bytes = text.as_bytes();
    let mut start = from;
    loop {
        let byte = *bytes.get(start)?;
        let class = CLASSES[usize::from(byte)];
        if class & WORD != 0 {
            if class != WIDE || wide_letter(text, start).is_some() {
                break;
            }
            start += text[start..].chars().next().map_or(1, char::len_utf8);
        } else if byte == b'\\' {
            start = after_escape(bytes, start);
        } else {
            start += 1;
        }
    }
    let (mut end, mut has, mut is_url) = (start, 0, false);
    while let Some(&byte) = bytes.get(end) {
        let class = CLASSES[usize::from(byte)];
        if class == WIDE {
            let Some(width) = wide_letter(text, end) else { break };
            end += width;
        } else if class != SEPARATOR {
            is_url |= byte == b'/' && bytes[..end].ends_with(b":/");
            end += 1;
        } else if !ends_url(byte) && (is_url || is_address_with_path(&bytes[start..end])) {
            is_url = true;
            end += 1;
        } else {
            break;
        }
        has |= class;
    }
    while end > start && !is_word_end(bytes[end - 1]) {
        end -= 1;
    }
    Some(Piece { start, end, has })
}

fn is_word_end(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & WORD != 0
}

/// The width of the letter that stands here; nothing when this is white space, a quote or another mark.
fn wide_letter(text: &str, at: usize) -> Option<usize> {
    let character = text[at..].chars().next()?;
    (character.is_alphanumeric() || matches!(character, '\u{300}'..='\u{36F}')).then(|| character.len_utf8())
}

/// The end of a run of backslashes with the letter that belongs to it: what an escape leaves behind.
fn after_escape(bytes: &[u8], start: usize) -> usize {
    let letter = start + bytes[start..].iter().take_while(|byte| **byte == b'\\').count();
    match bytes.get(letter) {
        Some(b'n' | b'r' | b't' | b'b' | b'f') => letter + 1,
        Some(b'u') if bytes[letter + 1..].iter().take(4).filter(|byte| byte.is_ascii_hexdigit()).count() == 4 => letter + 5,
        _ => letter,
    }
}

/// Whether a separator cannot stand in an address. The others (`?`, `=`, `&`, `%`, …) can.
fn ends_url(byte: u8) -> bool {
    byte <= b' '
        || matches!(
            byte,
            b'"' | b'\'' | b'<' | b'>' | b'`' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b'\\' | b'|' | 0x7F
        )
}

/// `a.example/b`
fn is_address_with_path(piece: &[u8]) -> bool {
    let host = host_of(piece);
    piece.get(host.len()) == Some(&b'/') && is_domain(host)
}

/// What stands before the path or the port.
fn host_of(address: &[u8]) -> &[u8] {
    address.split(|byte| matches!(byte, b'/' | b':' | b'#' | b'?')).next().unwrap_or_default()
}

/// `a.example`: two labels or more, the last one of letters.
fn is_domain(host: &[u8]) -> bool {
    let Some(dot) = host.iter().rposition(|byte| *byte == b'.') else { return false };
    let (labels, last) = (&host[..dot], &host[dot + 1..]);
    (2..=24).contains(&last.len())
        && last.iter().all(|byte| byte.is_ascii_alphabetic())
        && labels.split(|byte| *byte == b'.').all(|label| {
            !label.is_empty() && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte >= 0x80)
        })
}

/// A bit for each byte of a text: finds the words without a look at each character.
#[derive(Debug, Default)]
struct Marks {
    /// It may be part of a token.
    token: Vec<u64>,
    /// It is a letter of the ASCII lower case.
    lower: Vec<u64>,
}

impl Marks {
    fn read(&mut self, bytes: &[u8]) {
        self.token.clear();
        self.lower.clear();
        let (blocks, rest) = bytes.as_chunks::<64>();
        for block in blocks {
            self.read_block(block);
        }
        let mut last = [b' '; 64];
        last[..rest.len()].copy_from_slice(rest);
        self.read_block(&last);
    }

    fn read_block(&mut self, block: &[u8; 64]) {
        // Written so that the compiler takes many bytes at a time; it says what `CLASSES` says.
        let lower: [u8; 64] = std::array::from_fn(|at| u8::from(block[at].wrapping_sub(b'a') < 26));
        let token: [u8; 64] = std::array::from_fn(|at| {
            let byte = block[at];
            let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
            // `-`, `.`, `/`, the digits and `:` are neighbours.
            let joined = byte.wrapping_sub(b'-') < 14;
            let other = (byte == b'_') | (byte == b'@') | (byte == b'#') | (byte == b'+') | (byte >= 0x80);
            u8::from(letter | joined | other)
        });
        self.token.push(bits(&token));
        self.lower.push(bits(&lower));
    }

    /// The next byte at or behind one that may be part of a token.
    fn next_of_token(&self, from: usize) -> Option<usize> {
        let mut word = from / 64;
        let mut bits = self.token.get(word)? & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            bits = *self.token.get(word)?;
        }
        Some(word * 64 + bits.trailing_zeros() as usize)
    }

    /// The end of a word of ASCII letters, at most the first of them a capital, that begins here; a full stop or the like may
    /// follow it.
    fn plain_word(&self, bytes: &[u8], start: usize) -> Option<usize> {
        let (token, lower) = (self.window(&self.token, start), self.window(&self.lower, start));
        // A run of 63 or more is looked at the slow way.
        let run = (!token).trailing_zeros() as usize;
        let letters = (!(lower | 1)).trailing_zeros() as usize;
        let is_plain = letters < 63
            && (run == letters || run == letters + 1 && is_mark(bytes[start + letters]))
            && bytes[start].is_ascii_alphabetic()
            && (start == 0 || bytes[start - 1] != b'\\');
        is_plain.then_some(start + letters)
    }

    /// The 64 bits from one on.
    fn window(&self, bits: &[u64], start: usize) -> u64 {
        let (word, shift) = (start / 64, start % 64);
        let low = bits.get(word).map_or(0, |bits| bits >> shift);
        let high = bits.get(word + 1).map_or(0, |bits| bits.checked_shl(64 - shift as u32).unwrap_or(0));
        low | high
    }
}

/// Whether it may stand behind a word without being part of it.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b':' | b'/' | b'#' | b'+' | b'-' | b'_' | b'@')
}

/// The lowest bits of 64 bytes, as bits.
fn bits(flags: &[u8; 64]) -> u64 {
    let mut bits = 0;
    for (place, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
        // Each flag lands in a bit of the highest byte.
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= gathered << (place * 8);
    }
    bits
}

/// What a piece is.
fn token_of(text: &str, piece: &Piece) -> Token {
    let bytes = &text.as_bytes()[piece.start..piece.end];
    let (kind, canonical) = classify(bytes, piece.has);
    let hash = if piece.has & WIDE == 0 {
        hash_ascii(&bytes[canonical])
    } else {
        hash_ascii(text[piece.start..piece.end].get(canonical).unwrap_or_default().to_lowercase().as_bytes())
    };
    Token { hash, kind, start: piece.start as u32, end: piece.end as u32 }
}

/// The kind of a piece, and the bytes of it that are compared.
fn classify(bytes: &[u8], has: u16) -> (TokenKind, Range<usize>) {
    let whole = 0..bytes.len();
    let has_letters = has & (LOWER | UPPER | WIDE) != 0;
    if has_letters && has & (AT | DOT | SLASH) != 0 {
        if has & AT != 0 {
            let mut parts = bytes.split(|byte| *byte == b'@');
            if let (Some(local), Some(host), None) = (parts.next(), parts.next(), parts.next())
                && !local.is_empty()
                && is_domain(host)
            {
                return (TokenKind::Address, whole);
            }
        } else if has & SLASH != 0
            && let Some(scheme) = bytes.windows(3).position(|window| window == b"://")
        {
            return (TokenKind::Address, without_www(bytes, scheme + 3));
        } else if has & DOT != 0 && is_domain(host_of(bytes)) {
            let kind = if is_file_name(bytes) { TokenKind::Id } else { TokenKind::Address };
            return (kind, without_www(bytes, 0));
        }
    }
    if is_account(bytes, has) {
        return (TokenKind::Address, whole);
    }
    let kind = if is_id(bytes, has) { TokenKind::Id } else { TokenKind::Word };
    (kind, whole)
}

fn without_www(bytes: &[u8], start: usize) -> Range<usize> {
    let has_www = bytes[start..].get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"www."));
    start + if has_www { 4 } else { 0 }..bytes.len()
}

/// Endings that are files' rather than countries' or organisations'.
const FILE_ENDINGS: &[&str] = &[
    "bak", "bat", "bin", "bmp", "cfg", "conf", "cpp", "css", "csv", "db", "doc", "docx", "eml", "env", "exe", "gif", "go",
    "gz", "htm", "html", "ini", "ipynb", "jar", "java", "jpeg", "jpg", "js", "json", "jsonl", "key", "lock", "log", "lua",
    "md", "mdx", "odt", "pdf", "pem", "php", "png", "ppt", "pptx", "ps", "py", "rb", "rs", "rst", "rtf", "sh", "sql",
    "sqlite", "svg", "tar", "tex", "tgz", "tmp", "toml", "ts", "tsv", "tsx", "txt", "wav", "xls", "xlsx", "xml", "yaml",
    "yml", "zip",
];

/// `budget.xlsx`: no path, no `www.`, and an ending of a file.
fn is_file_name(bytes: &[u8]) -> bool {
    let Some(dot) = bytes.iter().rposition(|byte| *byte == b'.') else { return false };
    without_www(bytes, 0).start == 0
        && FILE_ENDINGS.iter().any(|ending| bytes[dot + 1..].eq_ignore_ascii_case(ending.as_bytes()))
}

/// `LT601010012345678901`: a country, two digits and 10 to 30 more.
fn is_account(bytes: &[u8], has: u16) -> bool {
    has & !(LOWER | UPPER | DIGIT) == 0
        && (14..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
}

/// Letters with digits, six digits, an underscore, or a capital inside; six characters at least, and no date or time.
fn is_id(bytes: &[u8], has: u16) -> bool {
    if bytes.len() < ID_BYTES_MIN {
        return false;
    }
    let (has_letters, has_digits) = (has & (LOWER | UPPER | WIDE) != 0, has & DIGIT != 0);
    if has & UNDERLINE != 0 {
        return true;
    }
    if has_digits {
        let is_long = || bytes.iter().filter(|byte| byte.is_ascii_digit()).count() >= ID_BYTES_MIN;
        return (has_letters || is_long()) && !is_date(bytes);
    }
    // `aB`, `ABc`
    has & UPPER != 0
        && (bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            || bytes.windows(3).any(|three| {
                three[0].is_ascii_uppercase() && three[1].is_ascii_uppercase() && three[2].is_ascii_lowercase()
            }))
}

/// `2025-12-05`, `2025-12-05T10:00:00Z`, `5.12.2025`: everybody writes the same dates.
fn is_date(bytes: &[u8]) -> bool {
    let day = bytes.split(|byte| matches!(byte, b'T' | b't')).next().unwrap_or_default();
    let mut parts = day.split(|byte| matches!(byte, b'-' | b'.' | b'/'));
    let (Some(first), Some(second), Some(third), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_number =
        |part: &[u8], lengths: Range<usize>| lengths.contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let is_day = is_number(second, 1..3)
        && (is_number(first, 4..5) && is_number(third, 1..3) || is_number(first, 1..3) && is_number(third, 4..5));
    let clock = &bytes[day.len()..];
    is_day
        && clock
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'T' | b't' | b'Z' | b'z' | b':' | b'.' | b'+' | b'-'))
}

/// `LT60 1010 0123 4567 8901`: an account number in groups, one blank between them.
fn account_in_groups(text: &str, first: &Piece) -> Option<Token> {
    let bytes = text.as_bytes();
    let head = &bytes[first.start..first.end];
    let is_head =
        head.len() == 4 && head[..2].iter().all(u8::is_ascii_alphabetic) && head[2..].iter().all(u8::is_ascii_digit);
    if !is_head {
        return None;
    }
    let mut account = [0; 34];
    account[..4].copy_from_slice(head);
    let (mut length, mut end) = (4, first.end);
    while bytes.get(end) == Some(&b' ') {
        let group = bytes[end + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let next = &bytes[end + 1..end + 1 + group];
        // Only the bank's letters, behind the head, may be without a digit; else a word that follows would be taken in.
        let belongs = (1..=4).contains(&group) && (next.iter().any(u8::is_ascii_digit) || length == 4 && group == 4);
        if !belongs || length + group > account.len() {
            break;
        }
        account[length..length + group].copy_from_slice(next);
        (length, end) = (length + group, end + 1 + group);
    }
    (length >= 14).then(|| Token {
        hash: hash_ascii(&account[..length]),
        kind: TokenKind::Address,
        start: first.start as u32,
        end: end as u32,
    })
}

/// Two neighbours, and whether no fingerprint is sure to fit into them.
fn pair_of(first: Token, second: Token) -> (Token, bool) {
    let hash = fold(first.hash, !second.hash);
    let pair = Token { hash, kind: TokenKind::Pair, start: first.start, end: second.end };
    (pair, first.span().len() + second.span().len() < COPY_UNITS_FOUND)
}

/// The same for upper and lower case: the bit that tells them apart is set in every byte. Of the other characters that a token
/// may have only `^` and `~` become the same.
fn hash_ascii(bytes: &[u8]) -> u64 {
    hash_in(bytes, 0, bytes.len())
}

/// As [`hash_ascii`], of a part of a text: what stands behind it saves copying.
fn hash_in(bytes: &[u8], start: usize, end: usize) -> u64 {
    const LOWER_CASE: u64 = 0x2020_2020_2020_2020;
    let mut hash = (end - start) as u64;
    let mut at = start;
    while at < end {
        let part = match bytes[at..].first_chunk() {
            Some(part) => u64::from_le_bytes(*part),
            None => bytes[at..].iter().rev().fold(0, |part, byte| part << 8 | u64::from(*byte)),
        };
        let unused = 8 - (end - at).min(8);
        hash = fold(hash, (part << (unused * 8) >> (unused * 8)) | LOWER_CASE);
        at += 8;
    }
    hash
}

/// The tokens of a text, without [`Marks`].
#[cfg(test)]
pub(super) fn slowly(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut from, mut before) = (0, None);
    while let Some(piece) = next_piece(text, from) {
        let token = account_in_groups(text, &piece).unwrap_or_else(|| token_of(text, &piece));
        from = token.end as usize;
        if let Some((pair, true)) = before.map(|before| pair_of(before, token)) {
            found.push(pair);
        }
        let has_letters = piece.has & (LOWER | UPPER | WIDE) != 0;
        if token.kind.is_exact() || has_letters && token.span().len() >= WORD_BYTES_MIN {
            found.push(token);
        }
        before = Some(token);
    }
    found
}
