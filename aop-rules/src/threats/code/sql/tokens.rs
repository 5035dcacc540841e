//! SQL, or what may be a piece of it, as tokens: of any dialect, and from within a string too.
//!
//! Nothing is an error here. A quotation mark without its partner opens a string up to the end, and a sign that no
//! dialect knows is [`Kind::Other`].

use super::keywords::{Keyword, keyword};

/// A token: what it is, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Its first byte.
    pub(super) start: u32,
    /// The byte behind it.
    pub(super) end: u32,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `12`, `1.5e3`, `0x41`
    Number,
    /// `'text'`; in MySQL and in search queries `"text"` too.
    Text,
    /// A string that the text's end cuts off.
    OpenText,
    /// `@a`, `@@version`
    Variable,
    /// `?`, `:name`, `%s`, `$1`: a value is put in its place later.
    Placeholder,
    /// A name, with its qualifiers: `users`, `` `db`.`users` ``, `[dbo].[users]`
    Word,
    /// A name that an opening parenthesis follows.
    Function,
    /// A word of the language.
    Key(Keyword),
    /// `=`, `<`, `!=`, `<=>`, `~`: what compares.
    Compare,
    /// `+`, `%`, `|`, `->`: what computes.
    Arithmetic,
    /// `*`, which also stands for all columns.
    Star,
    /// `!` and a single `~`, in front of what they negate.
    Negate,
    /// `&&`
    AndSign,
    /// `||`, which is OR in one dialect and joins strings in others.
    Bars,
    /// `::`, behind which a type stands.
    Cast,
    /// `,`
    Comma,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `;`
    Semicolon,
    /// A comment that takes the rest of the text with it.
    Cut,
    /// Any other sign.
    Other,
    /// The text's end.
    End,
}

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Dialect {
    /// Whether `+` is a blank, as in a form's encoding.
    pub(super) plus_is_blank: bool,
    /// Whether `#` begins a name (T-SQL's temporary tables) where a name may stand, not a comment.
    pub(super) hash_begins_names: bool,
}

/// Reads tokens one by one, in a time that is linear in the text.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    dialect: Dialect,
    /// How many comments stood between tokens.
    pub(super) comments: u32,
    /// Whether a comment was one that MySQL runs: `/*! … */`.
    pub(super) runs_comments: bool,
    last: Kind,
    comment: Option<Token>,
}

impl<'t> Lexer<'t> {
    /// Reads a text from a byte on.
    pub(super) fn new(text: &'t str, at: usize, dialect: Dialect) -> Self {
        Self { text: text.as_bytes(), at, dialect, comments: 0, runs_comments: false, last: Kind::End, comment: None }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The next token; at the end, and from then on, [`Kind::End`].
    pub(super) fn next_token(&mut self) -> Token {
        #[cfg(test)]
        tests::READ.with(|read| read.set(read.get() + 1));
        if let Some(cut) = self.skip_blanks() {
            self.at = self.text.len();
            return Token { kind: Kind::Cut, start: cut as u32, end: self.text.len() as u32 };
        }
        let start = self.at;
        let kind = if start >= self.text.len() { Kind::End } else { self.token() };
        self.last = kind;
        debug_assert!(self.at > start || kind == Kind::End);
        Token { kind, start: start as u32, end: self.at as u32 }
    }

    /// The comment that the last token stood behind, if any.
    pub(super) fn take_comment(&mut self) -> Option<Token> {
        self.comment.take()
    }

    /// Skips blanks and comments; where a comment takes the rest away, its first byte.
    fn skip_blanks(&mut self) -> Option<usize> {
        while self.at < self.text.len() {
            let (byte, next) = (self.byte(0), self.byte(1));
            match byte {
                b'+' if self.dialect.plus_is_blank => self.at += 1,
                0..=b' ' | 0x7f => self.at += 1,
                // What stood for a byte that is no text, as NUL.
                0xef if next == 0xbf && self.byte(2) == 0xbd => self.at += 3,
                // No-break space and the ideographic one.
                0xc2 if matches!(next, 0x80..=0xa0) => self.at += 2,
                0xe3 if next == 0x80 && self.byte(2) == 0x80 => self.at += 3,
                b'-' if next == b'-' => {
                    if let Some(cut) = self.line_comment() {
                        return Some(cut);
                    }
                }
                b'#' if !self.is_name_with_hash() => {
                    if let Some(cut) = self.line_comment() {
                        return Some(cut);
                    }
                }
                b'/' if next == b'*' => {
                    self.comments += 1;
                    if self.byte(2) == b'!' {
                        // MySQL runs what is inside, from the version that the digits name.
                        self.runs_comments = true;
                        self.comment = Some(Token { kind: Kind::Cut, start: self.at as u32, end: self.at as u32 + 3 });
                        self.at += 3;
                        let digits = self.text[self.at..].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
                        if digits >= 5 || self.byte(digits).is_ascii_alphabetic() {
                            self.at += digits;
                        }
                        continue;
                    }
                    match memchr::memmem::find(&self.text[self.at + 2..], b"*/") {
                        Some(end) => self.skip_comment(2 + end + 2),
                        None => return Some(self.at),
                    }
                }
                b'*' if next == b'/' && self.comments > 0 => self.at += 2,
                _ => break,
            }
        }
        None
    }

    fn is_name_with_hash(&self) -> bool {
        use Keyword as K;
        let takes_name = matches!(
            self.last,
            Kind::Comma | Kind::Key(K::From | K::Into | K::Join | K::Update | K::Table | K::On | K::Exists | K::Delete)
        );
        self.dialect.hash_begins_names && takes_name && (is_word(self.byte(1)) || self.byte(1) == b'#')
    }

    /// Skips a comment up to the line's end; its first byte where there is no further line.
    fn line_comment(&mut self) -> Option<usize> {
        self.comments += 1;
        match memchr::memchr2(b'\n', b'\r', &self.text[self.at..]) {
            Some(line) => {
                self.skip_comment(line + 1);
                None
            }
            None => Some(self.at),
        }
    }

    fn skip_comment(&mut self, bytes: usize) {
        self.comment = Some(Token { kind: Kind::Cut, start: self.at as u32, end: (self.at + bytes) as u32 });
        self.at += bytes;
    }

    fn token(&mut self) -> Kind {
        let (byte, next) = (self.byte(0), self.byte(1));
        match byte {
            b'\'' | b'"' => self.quoted(byte),
            b'0'..=b'9' => self.number(),
            b'.' if next.is_ascii_digit() => self.number(),
            b'`' | b'[' if self.is_quoted_name() => self.word(),
            b'@' => self.variable(),
            b'$' => self.dollar(),
            b'#' if self.dialect.hash_begins_names => {
                self.at += 1;
                self.word()
            }
            b'?' => self.take(1, Kind::Placeholder),
            b':' if next == b':' => self.take(2, Kind::Cast),
            b':' if next == b'=' => self.take(2, Kind::Compare),
            b':' if next.is_ascii_alphabetic() => {
                self.at += 1;
                self.word();
                Kind::Placeholder
            }
            b'%' if next == b's' && !is_word(self.byte(2)) => self.take(2, Kind::Placeholder),
            b'\\' if next == b'N' && !is_word(self.byte(2)) => self.take(2, Kind::Key(Keyword::Constant)),
            _ if is_word(byte) => self.word(),
            _ => self.sign(byte, next),
        }
    }

    fn take(&mut self, bytes: usize, kind: Kind) -> Kind {
        self.at = (self.at + bytes).min(self.text.len());
        kind
    }

    fn sign(&mut self, byte: u8, next: u8) -> Kind {
        match (byte, next) {
            (b'(', _) => self.take(1, Kind::Open),
            (b')', _) => self.take(1, Kind::Close),
            (b',', _) => self.take(1, Kind::Comma),
            (b';', _) => self.take(1, Kind::Semicolon),
            (b'*', _) => self.take(1, Kind::Star),
            (b'&', b'&') => self.take(2, Kind::AndSign),
            (b'|', b'|') => self.take(2, Kind::Bars),
            (b'<', b'=') if self.byte(2) == b'>' => self.take(3, Kind::Compare),
            (b'<', b'<') | (b'>', b'>') => self.take(2, Kind::Arithmetic),
            (b'<', b'=' | b'>') | (b'>' | b'!' | b'^', b'=') | (b'=', b'=') | (b'!', b'<' | b'>' | b'~') => {
                self.take(2, Kind::Compare)
            }
            (b'=' | b'<' | b'>', _) => self.take(1, Kind::Compare),
            (b'-', b'>') => {
                let bytes = if self.byte(2) == b'>' { 3 } else { 2 };
                self.take(bytes, Kind::Arithmetic)
            }
            (b'!' | b'~', _) => self.take(1, Kind::Negate),
            (b'+' | b'-' | b'/' | b'%' | b'|' | b'&' | b'^', _) => self.take(1, Kind::Arithmetic),
            _ => {
                // A whole character, so that no token ends within one.
                let width = self.text[self.at + 1..].iter().take(3).take_while(|&&byte| byte & 0xc0 == 0x80).count();
                self.take(1 + width, Kind::Other)
            }
        }
    }

    /// A string up to its closing mark, which is written twice, or behind a backslash, where it is meant as itself.
    fn quoted(&mut self, quote: u8) -> Kind {
        match closing(self.text, self.at + 1, quote) {
            Some(end) => self.take(end + 1 - self.at, Kind::Text),
            None => self.take(self.text.len() - self.at, Kind::OpenText),
        }
    }

    fn number(&mut self) -> Kind {
        if self.byte(0) == b'0' && matches!(self.byte(1), b'x' | b'X') {
            self.at += 2;
            self.skip(|byte| byte.is_ascii_hexdigit());
            return Kind::Number;
        }
        if self.byte(0) == b'0' && matches!(self.byte(1), b'b' | b'B') && matches!(self.byte(2), b'0' | b'1') {
            self.at += 2;
            self.skip(|byte| matches!(byte, b'0' | b'1'));
            return Kind::Number;
        }
        self.skip(|byte| byte.is_ascii_digit());
        if self.byte(0) == b'.' {
            self.at += 1;
            self.skip(|byte| byte.is_ascii_digit());
        }
        if matches!(self.byte(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
            if self.byte(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                self.skip(|byte| byte.is_ascii_digit());
            }
        }
        // Oracle's 1D and 1F, behind which a word may follow without a blank.
        let behind = self.text.get(self.at + 1..self.at + 6);
        if matches!(self.byte(0), b'd' | b'D' | b'f' | b'F')
            && behind.is_some_and(|word| word.eq_ignore_ascii_case(b"union"))
        {
            self.at += 1;
            return Kind::Number;
        }
        let run = self.text[self.at..].iter().take_while(|&&byte| is_word(byte)).count();
        if run > 0 && keyword(&self.text[self.at..self.at + run]).is_none() {
            // `0_3`, `7up`: a name that begins with a digit, as of an article.
            self.at += run;
            return Kind::Word;
        }
        Kind::Number
    }

    fn skip(&mut self, is_part: impl Fn(u8) -> bool) {
        self.at += self.text[self.at..].iter().take_while(|&&byte| is_part(byte)).count();
    }

    fn variable(&mut self) -> Kind {
        self.skip(|byte| byte == b'@');
        match self.byte(0) {
            quote @ (b'`' | b'"' | b'\'') => match closing(self.text, self.at + 1, quote) {
                Some(end) => self.at = end + 1,
                None => self.at = self.text.len(),
            },
            _ => self.skip(|byte| is_word(byte) || byte == b'.'),
        }
        Kind::Variable
    }

    /// `$1`, `$name`, and PostgreSQL's strings: `$tag$ … $tag$`.
    fn dollar(&mut self) -> Kind {
        let tag =
            self.text[self.at + 1..].iter().take(DOLLAR_TAG_BYTES_MAX).take_while(|&&byte| is_word(byte) && byte != b'$');
        let mark_end = self.at + 1 + tag.count();
        if self.text.get(mark_end) == Some(&b'$') {
            let mark = &self.text[self.at..=mark_end];
            return match memchr::memmem::find(&self.text[mark_end + 1..], mark) {
                Some(end) => self.take(mark_end + 1 + end + mark.len() - self.at, Kind::Text),
                None => self.take(self.text.len() - self.at, Kind::OpenText),
            };
        }
        self.take(mark_end - self.at, Kind::Placeholder)
    }

    fn is_quoted_name(&self) -> bool {
        let close = if self.byte(0) == b'[' { b']' } else { b'`' };
        let rest = &self.text[self.at + 1..];
        let inside = rest.iter().take(NAME_BYTES_MAX).position(|&byte| byte == close);
        let is_name = |name: &[u8]| name.iter().all(|&byte| is_word(byte) || matches!(byte, b' ' | b'-' | b'.' | b'%'));
        match inside {
            Some(end) if close == b']' => {
                end > 0 && is_name(&rest[..end]) && !rest[0].is_ascii_digit() && self.text[..self.at].last() != Some(&b'[')
            }
            Some(end) => is_name(&rest[..end]),
            None => false,
        }
    }

    /// A word and the qualifiers it has: `a.b`, `` `a`.`b` ``, `master..xp_cmdshell`, `t.*`.
    fn word(&mut self) -> Kind {
        let start = self.at;
        loop {
            match self.byte(0) {
                b'`' | b'[' if self.is_quoted_name() => {
                    let close = if self.byte(0) == b'[' { b']' } else { b'`' };
                    self.at += 1;
                    self.skip(|byte| byte != close);
                    self.at += 1;
                }
                _ => self.skip(is_word),
            }
            let dots = self.text[self.at..].iter().take(3).take_while(|&&byte| byte == b'.').count();
            let next = self.byte(dots);
            let follows = is_word(next) && !next.is_ascii_digit() || next == b'`' || next == b'[';
            if dots == 0 || self.at == start || !follows {
                if dots == 1 && next == b'*' && self.at > start {
                    self.at += 2;
                }
                break;
            }
            self.at += dots;
            if !is_word(self.byte(0)) && !self.is_quoted_name() {
                break;
            }
        }
        let word = &self.text[start..self.at];
        if self.is_prefix_of_text(word) {
            let quote = self.byte(0);
            return self.quoted(quote);
        }
        match keyword(word) {
            Some(key) => Kind::Key(key),
            None if self.opens_parenthesis() => Kind::Function,
            None => Kind::Word,
        }
    }

    /// `N'…'`, `x'…'`, `_utf8'…'`, `U&'…'`
    fn is_prefix_of_text(&mut self, word: &[u8]) -> bool {
        let is_prefix = matches!(word, [b'n' | b'N' | b'b' | b'B' | b'x' | b'X' | b'e' | b'E' | b'r' | b'R'])
            || word.first() == Some(&b'_');
        if matches!(word, [b'u' | b'U']) && self.byte(0) == b'&' && self.byte(1) == b'\'' {
            self.at += 1;
            return true;
        }
        is_prefix && self.byte(0) == b'\''
    }

    fn opens_parenthesis(&self) -> bool {
        let blanks =
            self.text[self.at..].iter().take(BLANKS_BEFORE_PARENTHESIS_MAX).take_while(|&&byte| byte <= b' ').count();
        self.byte(blanks) == b'('
    }
}

/// The tokens of a text as far as somebody asks for them, with lists of plain values told as their first.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    lexer: Lexer<'t>,
    /// The first ones; most texts are known for no SQL by these.
    few: [Token; FEW],
    count: usize,
    /// Those behind them.
    more: Vec<Token>,
    end: Token,
    folded: bool,
}

/// So many tokens of a text are read; an injection that needs more to show itself is not seen.
const TOKENS_MAX: usize = 192;

/// So many of them need no memory of their own.
const FEW: usize = 16;

impl<'t> Tokens<'t> {
    /// Reads a text from a byte on.
    pub(super) fn new(text: &'t str, at: usize, dialect: Dialect) -> Self {
        let end = Token { kind: Kind::End, start: text.len() as u32, end: text.len() as u32 };
        Self { lexer: Lexer::new(text, at, dialect), few: [end; FEW], count: 0, more: Vec::new(), end, folded: false }
    }

    /// The token with a number; behind the last one, the end.
    pub(super) fn get(&mut self, index: usize) -> Token {
        while self.count <= index && self.count < TOKENS_MAX {
            let mut token = self.lexer.next_token();
            if token.kind == Kind::Comma && self.last().is_some_and(|last| is_plain(last.kind)) {
                // `1,2,3` says no more than `1`.
                let (comma, next) = (token, self.lexer.next_token());
                if is_plain(next.kind) {
                    self.folded = true;
                    continue;
                }
                self.push(comma);
                token = next;
            }
            self.push(token);
        }
        if index >= self.count {
            return self.end;
        }
        self.few.get(index).copied().unwrap_or_else(|| self.more[index - FEW])
    }

    fn last(&self) -> Option<Token> {
        self.more.last().copied().or_else(|| self.few[..self.count.min(FEW)].last().copied())
    }

    fn push(&mut self, token: Token) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = token,
            None => self.more.push(token),
        }
        self.count += 1;
    }

    /// Whether a list was told as its first value.
    pub(super) fn is_folded(&self) -> bool {
        self.folded
    }

    /// Whether a comment stood between the tokens read so far that MySQL runs.
    pub(super) fn runs_comments(&self) -> bool {
        self.lexer.runs_comments
    }

    /// How many comments stood between the tokens read so far.
    pub(super) fn comments(&self) -> u32 {
        self.lexer.comments
    }
}

fn is_plain(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Text | Kind::Key(Keyword::Constant))
}

/// So far a name's closing mark is looked for.
const NAME_BYTES_MAX: usize = 64;

/// So long the tag of a PostgreSQL string may be.
const DOLLAR_TAG_BYTES_MAX: usize = 32;

/// So many blanks may stand between a function's name and its parenthesis.
const BLANKS_BEFORE_PARENTHESIS_MAX: usize = 8;

/// Whether a byte may be part of a word: a letter of any script, a digit, an underscore.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Where the string ends whose inside begins here: the quotation mark that is neither doubled nor behind a backslash.
pub(super) fn closing(text: &[u8], inside: usize, quote: u8) -> Option<usize> {
    let mut at = inside;
    loop {
        let found = at + memchr::memchr2(quote, b'\\', text.get(at..)?)?;
        let is_escaped = text[found] == b'\\' || text.get(found + 1) == Some(&quote);
        if !is_escaped {
            return Some(found);
        }
        at = found + 2;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crate::scan::{Language, Parameter};
    use crate::threats::code::sql::{injection, statement};

    use super::{Dialect, Kind, Lexer};

    thread_local! {
        /// How many tokens were read on this thread.
        pub(super) static READ: Cell<usize> = const { Cell::new(0) };
    }

    fn kinds(text: &str) -> Vec<Kind> {
        let mut lexer = Lexer::new(text, 0, Dialect::default());
        let mut kinds = Vec::new();
        loop {
            let token = lexer.next_token();
            if token.kind == Kind::End {
                return kinds;
            }
            kinds.push(token.kind);
        }
    }

    #[test]
    fn dialects() {
        use super::Keyword as K;
        assert_eq!(kinds("'it''s' \"a\\\"b\""), [Kind::Text, Kind::Text]);
        assert_eq!(kinds("N'x' 0x4F 1e3 .5 $$ ' $$"), [Kind::Text, Kind::Number, Kind::Number, Kind::Number, Kind::Text]);
        assert_eq!(kinds("`a`.`b` [dbo].[c d] a.*"), [Kind::Word, Kind::Word, Kind::Word]);
        assert_eq!(kinds("/*!50000UNION*/ -- x\nselect"), [Kind::Key(K::Union), Kind::Key(K::Select)]);
        assert_eq!(kinds("1UNION 7up @@version"), [Kind::Number, Kind::Key(K::Union), Kind::Word, Kind::Variable]);
        assert_eq!(
            kinds("a<=>b || now()"),
            [Kind::Word, Kind::Compare, Kind::Word, Kind::Bars, Kind::Function, Kind::Open, Kind::Close]
        );
        assert_eq!(kinds("1 -- and the rest"), [Kind::Number, Kind::Cut]);
        assert_eq!(kinds("x 'open"), [Kind::Word, Kind::OpenText]);
    }

    /// The tokens read of a text are at most a few times its bytes, whatever it repeats.
    #[test]
    fn work_is_linear() {
        let pieces = [
            "'",
            "\"",
            "/*",
            "/**/",
            "(",
            "1,",
            "or 1=1 ",
            "union select ",
            "select(",
            "a' or ",
            ";",
            "--\n",
            "$a$",
            "not (",
            "&x=1+",
        ];
        for piece in pieces {
            for prefix in ["", "1 ", "x' ", "/?a=", "SELECT a FROM t WHERE "] {
                let text = format!("{prefix}{}", piece.repeat(3_000));
                READ.with(|read| read.set(0));
                for language in [Language::Undeclared, Language::Sql] {
                    let parameter = Parameter::new(&text, "", false, language);
                    let _ = (injection::find(&parameter), statement::find(&parameter));
                }
                let read = READ.with(|read| read.get());
                assert!(read <= 4 * text.len() + 4_000, "{read} tokens of {} bytes: {piece:?}", text.len());
            }
        }
    }
}
