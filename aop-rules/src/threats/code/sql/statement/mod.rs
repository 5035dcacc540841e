//! Statements of SQL, where a tool is meant to be given them: what no ordinary one does.

mod selections;
mod unions;

use super::keywords::{Keyword, is_dangerous};
use super::names::{is_credential_store, is_dangerous_procedure, is_sensitive_file, is_setting_to_escape};
use super::shapes::{Strictness, select_strength, starts_statement};
use super::tokens::{Dialect, Kind, Lexer, Token, Tokens};
use super::{conditions, encoded, injection};
use crate::rule::Rule;
use crate::scan::{Language, Look, Match, Parameter, Recognizer};
use crate::text::words::begins_with;

/// `threats/sql-statement`
pub static RULE: Rule = Rule {
    id: "threats/sql-statement",
    summary: "SQL statement that does what no ordinary one does",
    why: "An agent that writes its own queries can be talked into one that empties a table, reads the server's files or opens \
          every row. Looked at is what is declared as SQL, what a key calls so, and what as a whole is one statement. Left \
          alone is ordinary SQL of any dialect and size, its strings and comments included, and scripts of several statements \
          that begin with a transaction or a definition. Whether a single ordinary statement was wanted, nobody can see here.",
    source: "CWE-89; OWASP, SQL Injection Prevention Cheat Sheet; the manuals of MySQL, PostgreSQL, SQL Server, Oracle and \
             SQLite for their functions and procedures",
    ..Rule::ATTACK
};

/// Finds attacks in statements.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        r#"{"sql": "SELECT id FROM rooms WHERE id = 4; DROP TABLE rooms"}"#,
        r#"{"sql": "note; DROP TABLE rooms"}"#,
        r#"{"sqlQuery": "SELECT * FROM staff WHERE name = '' OR 3=3"}"#,
        "SELECT id FROM rooms WHERE id = -1 UNION SELECT passwd FROM pg_shadow",
        "SELECT pg_sleep(30)",
        r#"{"sql": "GRANT ALL ON *.* TO 'kim'@'%'"}"#,
        "SELECT id FROM rooms WHERE 'b' = 'b'",
        "EXEC xp_cmdshell 'dir'",
        "SELECT id FROM staff WHERE login = 'root' -- ' AND pin = '1'",
    ],
    misses: &[
        r#"{"sql": "SELECT 'x; DROP TABLE rooms' AS note -- OR 1=1 is only a note"}"#,
        r#"{"sql": "PRAGMA foreign_keys = OFF; DROP TABLE rooms"}"#,
        r#"{"sql": "BEGIN; UPDATE a SET b = 1; UPDATE c SET d = 2; COMMIT"}"#,
        "SELECT id FROM rooms WHERE 1=1 AND seats > 4",
        r#"{"sql": "GRANT ALL ON shop.* TO 'app'@'localhost'"}"#,
        "SELECT city FROM customers UNION SELECT city FROM suppliers",
        "Delete from the list what we do not need; drop the table in the corner",
        "SELECT id FROM staff WHERE surname = 'O''Brien' OR surname IS NULL",
    ],
}];

/// Looks at a parameter.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    let text = parameter.text;
    if parameter.is_key || parameter.language == Language::Shell || u32::try_from(text.len()).is_err() {
        return None;
    }
    let is_told = parameter.language == Language::Sql || parameter.is_named_sql();
    if !is_told && !is_one_statement(text) {
        return None;
    }
    let (start, end) = match Reading::of(text).attack() {
        Some(token) => (token.start as usize, token.end as usize),
        // A piece of SQL where a statement should be.
        None if is_told && !begins_statement(text) => injection::in_value(text)?,
        None => return None,
    };
    Some(Match { start: text.floor_char_boundary(start), end: text.ceil_char_boundary(end), score: 0.9 })
}

/// Whether a key says that it holds SQL: `sql`, `raw_sql`, `sqlStatement`.
pub fn is_named(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_boundary = |at: usize| match (at.checked_sub(1).map(|before| bytes[before]), bytes.get(at)) {
        (None, _) | (_, None) => true,
        (Some(before), Some(here)) => {
            !before.is_ascii_alphabetic()
                || !here.is_ascii_alphabetic()
                || before.is_ascii_lowercase() && here.is_ascii_uppercase()
        }
    };
    bytes.len() <= NAME_BYTES_MAX
        && bytes.windows(3).enumerate().any(|(at, word)| {
            word.eq_ignore_ascii_case(b"sql") && is_boundary(at + 3) && (is_boundary(at) || is_dialect(&bytes[..at]))
        })
}

/// Whether a key's beginning makes `mysql` and the like of what follows.
fn is_dialect(before: &[u8]) -> bool {
    [&b"my"[..], b"t", b"p", b"pl", b"postgre"].iter().any(|dialect| {
        before.len() >= dialect.len()
            && before[before.len() - dialect.len()..].eq_ignore_ascii_case(dialect)
            && before.len() == dialect.len()
    })
}

const NAME_BYTES_MAX: usize = 64;

/// Whether a value nobody has declared is a statement as a whole: it begins as one, and is no script and no document.
fn is_one_statement(text: &str) -> bool {
    if text.len() > STATEMENT_BYTES_MAX || !begins_like_statement(text) {
        return false;
    }
    let mut tokens = Tokens::new(text, 0, Dialect { hash_begins_names: true, ..Dialect::default() });
    let begins = match tokens.get(0).kind {
        Kind::Key(Keyword::With) => tokens.get(1).kind == Kind::Word && tokens.get(2).kind == Kind::Key(Keyword::As),
        Kind::Key(Keyword::Select) => select_strength(&mut tokens, 0) > 0,
        Kind::Key(Keyword::Declare | Keyword::If) => starts_statement(&mut tokens, text, 0, Strictness::High),
        Kind::Key(_) => starts_statement(&mut tokens, text, 0, Strictness::High),
        _ => false,
    };
    begins && memchr::memchr_iter(b';', text.as_bytes()).count() <= SEMICOLONS_MAX
}

/// A longer value is a document.
const STATEMENT_BYTES_MAX: usize = 4096;

/// More statements are a script.
const SEMICOLONS_MAX: usize = 6;

/// Whether a text's first word may begin a statement: a look at few bytes, which spares most values the rest.
fn begins_like_statement(text: &str) -> bool {
    let first = text.trim_ascii_start().as_bytes();
    let is_word = first.len() > 5
        && matches!(
            first[0].to_ascii_lowercase(),
            b's' | b'w' | b'i' | b'u' | b'd' | b'c' | b'a' | b't' | b'e' | b'b' | b'l' | b'm' | b'r' | b'g'
        );
    is_word && {
        let length = first.iter().take(10).take_while(|byte| byte.is_ascii_alphabetic()).count();
        matches!(super::keywords::keyword(&first[..length]), Some(key) if begins(key))
    }
}

/// Whether a text begins with a word that statements begin with.
fn begins_statement(text: &str) -> bool {
    match Lexer::new(text, 0, Dialect::default()).next_token().kind {
        Kind::Key(key) => begins(key),
        Kind::Open => true,
        Kind::Word | Kind::Function => {
            let first = text.trim_ascii_start();
            OTHER_BEGINNINGS.iter().any(|word| {
                begins_with(first, word)
                    && !first.as_bytes().get(word.len()).is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
        }
        _ => false,
    }
}

/// Statements of one dialect or another that begin with what is no keyword here.
static OTHER_BEGINNINGS: &[&str] = &[
    "analyze",
    "check",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "dbcc",
    "deallocate",
    "delimiter",
    "deny",
    "desc",
    "describe",
    "detach",
    "discard",
    "explain",
    "export",
    "fetch",
    "flush",
    "go",
    "import",
    "install",
    "kill",
    "listen",
    "notify",
    "open",
    "optimize",
    "pragma",
    "prepare",
    "raiserror",
    "refresh",
    "reindex",
    "release",
    "repair",
    "reset",
    "restore",
    "rollback",
    "savepoint",
    "show",
    "start",
    "summarize",
    "unload",
    "vacuum",
];

fn begins(key: Keyword) -> bool {
    use Keyword as K;
    matches!(
        key,
        K::Select
            | K::With
            | K::Insert
            | K::Replace
            | K::Update
            | K::Delete
            | K::Drop
            | K::Create
            | K::Alter
            | K::Truncate
            | K::Grant
            | K::Revoke
            | K::Exec
            | K::Declare
            | K::Begin
            | K::If
            | K::Call
            | K::Load
            | K::Copy
            | K::Attach
            | K::Merge
            | K::Backup
            | K::Set
            | K::Use
            | K::Do
            | K::Lock
            | K::Values
            | K::Table
            | K::Rename
            | K::Shutdown
            | K::Waitfor
            | K::Print
            | K::While
            | K::Goto
    )
}

/// A text's tokens and the comments between them.
pub(super) struct Reading<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// A comment, and the token that follows it.
    pub(super) comments: Vec<(Token, usize)>,
}

/// A statement of more tokens is looked at so far.
const TOKENS_MAX: usize = 100_000;

impl<'t> Reading<'t> {
    fn of(text: &'t str) -> Self {
        let mut lexer = Lexer::new(text, 0, Dialect { hash_begins_names: true, ..Dialect::default() });
        let (mut tokens, mut comments) = (Vec::new(), Vec::new());
        while tokens.len() < TOKENS_MAX {
            let token = lexer.next_token();
            comments.extend(lexer.take_comment().map(|comment| (comment, tokens.len())));
            if token.kind == Kind::Cut {
                comments.push((token, tokens.len()));
            }
            tokens.push(token);
            if matches!(token.kind, Kind::End | Kind::Cut) {
                break;
            }
        }
        Self { text, tokens, comments }
    }

    pub(super) fn kind(&self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::End, |token| token.kind)
    }

    pub(super) fn key(&self, at: usize) -> Option<Keyword> {
        match self.kind(at) {
            Kind::Key(key) => Some(key),
            _ => None,
        }
    }

    pub(super) fn slice(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |&token| self.slice_of(token))
    }

    fn slice_of(&self, token: Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.slice(at).eq_ignore_ascii_case(word)
    }

    fn attack(&self) -> Option<Token> {
        let at = self.stacked().or_else(|| self.act()).or_else(|| self.union()).or_else(|| conditions::opens_all(self));
        let token = at.and_then(|at| self.tokens.get(at).copied());
        token.or_else(|| self.cut_off()).or_else(|| encoded::code(self))
    }

    /// A statement that changes or destroys, behind one that only asks.
    fn stacked(&self) -> Option<usize> {
        use Keyword as K;
        let first = self.key(0);
        let is_query = |key: Option<K>, at: usize| {
            matches!(key, Some(K::Select | K::With | K::Values | K::Table))
                || ["show", "describe", "explain"].iter().any(|word| self.is(at, word))
        };
        let is_change = |key: Option<K>| matches!(key, Some(K::Insert | K::Update | K::Delete | K::Replace | K::Merge));
        // Only the first statement counts: what follows a transaction's or a definition's beginning is a script.
        let behind_query = is_query(first, 0);
        if !behind_query && !is_change(first) {
            return None;
        }
        (1..self.tokens.len()).find(|&at| {
            if self.kind(at - 1) != Kind::Semicolon {
                return false;
            }
            let (key, next) = (self.key(at), self.key(at + 1));
            match key {
                Some(
                    K::Drop | K::Truncate | K::Grant | K::Revoke | K::Shutdown | K::Exec | K::Rename | K::Backup | K::Attach,
                ) => true,
                Some(K::Alter) => {
                    behind_query || self.is(at + 1, "user") || self.is(at + 1, "login") || self.is(at + 1, "role")
                }
                Some(K::Create) => {
                    behind_query && !self.is(at + 1, "temp") && !self.is(at + 1, "temporary")
                        || self.is(at + 1, "user")
                        || self.is(at + 1, "login")
                }
                Some(
                    K::Insert
                    | K::Update
                    | K::Delete
                    | K::Replace
                    | K::Merge
                    | K::Copy
                    | K::Do
                    | K::Waitfor
                    | K::Load
                    | K::Call
                    | K::Lock,
                ) => behind_query,
                Some(K::If | K::While) => behind_query && next.is_none(),
                Some(K::Begin) => behind_query && self.kind(at + 1) == Kind::Function,
                Some(K::Set) => behind_query && self.is(at + 1, "global"),
                Some(K::Declare) => behind_query && self.kind(at + 1) == Kind::Variable,
                _ => behind_query && self.is(at, "handler"),
            }
        })
    }

    /// What reaches the server's files, its shell, the network, or its clock.
    fn act(&self) -> Option<usize> {
        use Keyword as K;
        let mut far = FAR_LOOKS_MAX;
        let mut may_look_far = || {
            let left = far;
            far = far.saturating_sub(1);
            left > 0
        };
        (0..self.tokens.len()).find(|&at| match self.kind(at) {
            Kind::Function => {
                let name = self.slice(at);
                is_dangerous(name)
                    || name.eq_ignore_ascii_case("writefile")
                    || name.eq_ignore_ascii_case("sleep") && self.kind(at + 2) != Kind::Close
                    || name.eq_ignore_ascii_case("analyse") && self.key(at - usize::from(at > 0)) == Some(K::Procedure)
            }
            Kind::Key(K::Exec) => match self.kind(at + 1) {
                Kind::Word | Kind::Function if self.is(at + 1, "immediate") => self.runs_built_text(at + 2),
                Kind::Word | Kind::Function => is_dangerous_procedure(self.slice(at + 1)),
                _ => false,
            },
            Kind::Key(K::Into) => self.key(at + 1) == Some(K::File),
            Kind::Key(K::Waitfor) => matches!(self.kind(at + 2), Kind::Text | Kind::OpenText | Kind::Variable),
            Kind::Key(K::Load) => {
                (self.is(at + 1, "data") || self.is(at + 1, "xml")) && (2..6).any(|ahead| self.is(at + ahead, "infile"))
            }
            Kind::Key(K::Attach) => {
                self.is(at + 1, "database") || self.kind(at + 1) == Kind::Text && self.key(at + 2) == Some(K::As)
            }
            Kind::Key(K::Copy) => may_look_far() && self.copies_out(at),
            Kind::Key(K::Set) if self.is(at + 1, "global") || self.is(at + 1, "persist") => {
                is_setting_to_escape(self.slice(at + 2))
            }
            Kind::Key(K::Alter) if self.is(at + 1, "system") => is_setting_to_escape(self.slice(at + 3)),
            Kind::Key(K::Do) if at == 0 || self.kind(at - 1) == Kind::Semicolon => {
                self.kind(at + 1) == Kind::Text && runs_texts(self.slice(at + 1))
            }
            Kind::Word if self.is(at, "soname") => true,
            Kind::Word if self.is(at, "language") && self.kind(at + 1) == Kind::Word => {
                ["c", "plpythonu", "plpython2u", "plpython3u", "plperlu", "pltclu"]
                    .iter()
                    .any(|language| self.is(at + 1, language))
            }
            Kind::Word if self.is(at, "bulk") && self.key(at + 1) == Some(K::Insert) => {
                is_sensitive_file(self.slice(at + 4))
            }
            Kind::Word if self.is(at, "prepare") => self.key(at + 2) == Some(K::From) && self.kind(at + 3) == Kind::Number,
            Kind::Word if at == 0 => is_dangerous_procedure(self.slice(at)),
            Kind::Key(K::From) if self.kind(at + 1) == Kind::Word && is_credential_store(self.slice(at + 1)) => {
                self.selects_credential(at)
            }
            Kind::Key(K::Select) => {
                may_look_far() && (self.carries_out(at) || self.is_padded_read(at) || self.waits_by_joins(at))
            }
            Kind::Key(K::Grant) => self.grants_all_to_anybody(at),
            Kind::Text => self.key(0) == Some(K::Select) && self.slice(at).contains("<?php"),
            _ => false,
        })
    }

    /// `GRANT ALL ON *.* TO 'x'@'%'`: everything of everything, to whoever comes from anywhere.
    fn grants_all_to_anybody(&self, at: usize) -> bool {
        let end = self.tokens.len().min(at + GRANT_TOKENS_MAX);
        let ends = |at: &usize| !matches!(self.kind(*at), Kind::Semicolon | Kind::End);
        let statement = || (at..end).take_while(ends);
        let last = statement().last().map_or(at, |last| last + 1);
        let text = match (self.tokens.get(at), self.tokens.get(last.saturating_sub(1))) {
            (Some(first), Some(last)) => self.text.get(first.start as usize..last.end as usize).unwrap_or_default(),
            _ => "",
        };
        let is_anywhere = text.contains("@'%'") || text.contains("@\"%\"") || text.contains("@`%`");
        self.key(at + 1) == Some(Keyword::All) && text.contains("*.*") && is_anywhere
    }

    /// `EXECUTE IMMEDIATE` of a text that is put together, or that destroys.
    fn runs_built_text(&self, at: usize) -> bool {
        let is_joined = matches!(self.kind(at + 1), Kind::Bars | Kind::Arithmetic);
        let mut first = Lexer::new(self.slice(at).trim_matches('\''), 0, Dialect::default());
        use Keyword as K;
        is_joined || matches!(first.next_token().kind, Kind::Key(K::Drop | K::Grant | K::Truncate | K::Revoke | K::Delete))
    }

    /// `COPY … TO PROGRAM`, and to or from a file that is not the database's business.
    fn copies_out(&self, at: usize) -> bool {
        let (mut depth, end) = (0i32, self.tokens.len().min(at + COPY_TOKENS_MAX));
        for at in at + 1..end {
            match self.kind(at) {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                Kind::Semicolon => return false,
                Kind::Word | Kind::Key(Keyword::From) if depth == 0 && (self.is(at, "to") || self.is(at, "from")) => {
                    return self.is(at + 1, "program") || is_sensitive_file(self.slice(at + 1));
                }
                _ => {}
            }
        }
        false
    }

    /// A comment that takes away a condition that somebody else has written: what follows it continues a string.
    fn cut_off(&self) -> Option<Token> {
        let empty = self.comments.iter().filter(|(comment, _)| self.slice_of(*comment) == "/**/").count();
        self.comments.iter().find_map(|&(comment, behind)| {
            let said = self.slice_of(comment);
            let is_block = said.starts_with("/*");
            let rest = said.trim_start_matches(['-', '#', '/', '*', '+', '%', ' ', ';']);
            let before = behind.checked_sub(1).map(|at| self.kind(at))?;
            let quote = rest.chars().next().filter(|&quote| matches!(quote, '\'' | '"'));
            let count = quote.map_or(0, |quote| rest.matches(quote).count());
            let is_value =
                matches!(before, Kind::Text | Kind::Number | Kind::Close | Kind::Word | Kind::Semicolon | Kind::Key(_));
            let continues = match quote {
                Some(_) if is_block => rest.contains('='),
                Some(_) => count % 2 == 1,
                None => rest.starts_with("')") || rest == ")",
            };
            // Two and more empty comments are there to part words without a blank.
            let is_obscured = said == "/**/" && empty > 2;
            (is_value && continues || is_obscured).then_some(comment)
        })
    }
}

/// Whether the body of a `DO` block runs texts that destroy.
fn runs_texts(body: &str) -> bool {
    let inside = body.find('$').map_or(0, |mark| mark + 1 + body[mark + 1..].find('$').map_or(0, |mark| mark + 1));
    let mut lexer = Lexer::new(body, inside, Dialect::default());
    let mut last = Kind::End;
    loop {
        let token = lexer.next_token();
        match token.kind {
            Kind::End | Kind::Cut => return false,
            Kind::Text if last == Kind::Key(Keyword::Exec) => {
                let text = body.get(token.start as usize + 1..token.end as usize).unwrap_or_default();
                let first = Lexer::new(text, 0, Dialect::default()).next_token().kind;
                if matches!(
                    first,
                    Kind::Key(
                        Keyword::Drop
                            | Keyword::Truncate
                            | Keyword::Grant
                            | Keyword::Delete
                            | Keyword::Copy
                            | Keyword::Alter
                    )
                ) {
                    return true;
                }
            }
            _ => {}
        }
        last = token.kind;
    }
}

/// So many tokens of a GRANT are read.
const GRANT_TOKENS_MAX: usize = 32;

/// So far the parts of a COPY and the end of a selection are looked for.
const COPY_TOKENS_MAX: usize = 200;

/// So many selections and copies of a text are looked at as far as they go.
const FAR_LOOKS_MAX: usize = 128;

/// So many tokens of a selection's columns are looked at.
const COLUMN_TOKENS_MAX: usize = 120;
