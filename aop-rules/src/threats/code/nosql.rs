//! Operators and scripts of document stores where a value should be.

use super::source;
use crate::rule::Rule;
use crate::scan::{Language, Look, Match, Parameter, Recognizer};

/// `threats/nosql-injection`
pub static RULE: Rule = Rule {
    id: "threats/nosql-injection",
    summary: "operator or script of a document store in a value",
    why: "A tool that puts its parameters into a query of MongoDB or CouchDB as they come lets an operator in where a value \
          should be: not equal to nothing is true of every password. Left alone: operators in what is a filter by its key, \
          and comparisons of anything but credentials, since agents write such queries for good reasons.",
    source: "CWE-943; OWASP, Web Security Testing Guide, Testing for NoSQL Injection; MongoDB Manual, Query and Projection \
             Operators",
    ..Rule::ATTACK
};

/// Finds operators and scripts in values and keys.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        r#"{"login": "kim", "password": {"$ne": null}}"#,
        r#"{"pin[$gt]": ""}"#,
        r#"{"username": {"$ne": null}}"#,
        "kim', $or: [ {}, { 'a': 'a",
        r#"{"room": {"$where": "sleep(900)"}}"#,
        "login=kim&password[$ne]=x",
        "x'; return true; var y='",
        "0; return true",
        "x' || 3==3 || '",
        "this.password.match(/^a/)",
        "'});db.rooms.drop();//",
    ],
    misses: &[
        r#"{"filter": {"price": {"$gt": 10, "$lt": 20}}}"#,
        r#"{"pipeline": [{"$match": {"city": "Bonn"}}, {"$group": {"_id": "$city"}}]}"#,
        "{\"price\": {\"$gt\": 10}}",
        r#"{"filter": {"username": {"$ne": null}}}"#,
        r#"{"username": {"$ne": "kim"}}"#,
        "It costs $ne or $ten; return it if you don't like it",
        "the guests' rooms; return the keys",
        "a || b",
        "this.rooms.length == 0",
    ],
}];

/// Looks at a parameter or a key.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    if parameter.language != Language::Undeclared {
        return None;
    }
    let text = parameter.text;
    let found = if parameter.is_key { in_key(parameter) } else { in_value(parameter) };
    let (start, end) = found?;
    let (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end.min(text.len())));
    (start < end).then_some(Match { start, end, score: 0.9 })
}

/// `$ne` under `password`, `password[$ne]`, and whatever runs a script.
fn in_key(parameter: &Parameter<'_>) -> Option<(usize, usize)> {
    let (key, holder) = (parameter.text, parameter.name);
    let whole = Some((0, key.len()));
    if let Some(operator) = key.strip_prefix('$') {
        let is_compared =
            COMPARE.contains(&operator) && (is_credential(holder) || parameter.matches_all() && is_identity(holder));
        return if RUN.contains(&operator) || is_compared { whole } else { None };
    }
    bracketed(key, 0)
}

/// Operators that compare.
static COMPARE: &[&str] = &[
    "ne",
    "eq",
    "gt",
    "gte",
    "lt",
    "lte",
    "in",
    "nin",
    "regex",
    "exists",
    "not",
    "type",
    "mod",
    "size",
    "all",
    "elemMatch",
];

/// Operators that run a script.
static RUN: &[&str] = &["where", "function", "accumulator"];

/// Whether a key is of what one logs in with.
fn is_credential(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "password",
        "passwd",
        "pwd",
        "pass",
        "pin",
        "otp",
        "token",
        "secret",
        "api_key",
        "apikey",
        "session",
        "session_id",
        "access_token",
        "reset_token",
        "passcode",
        "password_hash",
        "passwort",
        "user_password",
        "csrf",
        "code_verifier",
    ];
    NAMES.iter().any(|name| key.eq_ignore_ascii_case(name))
}

/// Whether a key is of who logs in.
fn is_identity(key: &str) -> bool {
    const NAMES: &[&str] = &[
        "username",
        "user",
        "user_name",
        "login",
        "email",
        "mail",
        "account",
        "userid",
        "user_id",
        "uid",
        "role",
        "nick",
        "id",
    ];
    NAMES.iter().any(|name| key.eq_ignore_ascii_case(name))
}

/// `name[$ne]`, as forms write an operator; from a byte on.
fn bracketed(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'$', bytes).skip_while(|&at| at < from).find_map(|at| {
        let is_opened = at > 0 && bytes[at - 1] == b'[';
        let length = bytes[at + 1..].iter().take(OPERATOR_BYTES_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let operator = &text[at + 1..at + 1 + length];
        let is_operator = COMPARE.contains(&operator) || RUN.contains(&operator) || matches!(operator, "or" | "and" | "nor");
        let end = at + 1 + length;
        (is_opened && is_operator && bytes.get(end) == Some(&b']') && at > 1).then(|| (at - 1, end + 1))
    })
}

const OPERATOR_BYTES_MAX: usize = 16;

fn in_value(parameter: &Parameter<'_>) -> Option<(usize, usize)> {
    let (text, name) = (parameter.text, parameter.name);
    if parameter.is_named_source() || text.len() < VALUE_BYTES_MIN || source::is_document(text) {
        return None;
    }
    let bytes = text.as_bytes();
    if parameter.bytes().has(b'$') {
        let found = bracketed(text, 0).filter(|&(_, end)| bytes.get(end) == Some(&b'=')).or_else(|| operators(text, name));
        if found.is_some() {
            return found;
        }
    }
    // Something is read or called, or another statement or condition follows.
    if parameter.bytes().has_any(b".;|&") { in_script(parameter) } else { None }
}

const VALUE_BYTES_MIN: usize = 6;

/// An object of operators in a text that is no filter by its key: `{"$ne": null}`, `"password": {"$gt": ""}`, `$where: …`.
fn operators(text: &str, name: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'$', bytes).take(OPERATORS_MAX).find_map(|at| {
        let length = bytes[at + 1..].iter().take(OPERATOR_BYTES_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let operator = &text[at + 1..at + 1 + length];
        let end = at + 1 + length;
        let behind = text[end..].trim_start_matches(['"', '\'']).trim_start();
        let is_entry = behind.starts_with(':');
        if !is_entry {
            return None;
        }
        let before = text[..at].trim_end_matches(['"', '\'', ' ']);
        if RUN.contains(&operator) {
            return Some((at, end));
        }
        // `kim', $or: [ …`: behind the end of a string, in a value that is no document itself.
        if matches!(operator, "or" | "and" | "nor") && behind[1..].trim_start().starts_with('[') {
            let ends_text = before.trim_end_matches([' ', ',', '{', '}']).ends_with(['\'', '"']);
            return (ends_text && !text.trim_start().starts_with(['{', '['])).then_some((at, end));
        }
        if !COMPARE.contains(&operator) || !before.ends_with('{') {
            return None;
        }
        let holder = before[..before.len() - 1].trim_end_matches([' ', '{']);
        let is_whole = holder.is_empty() && !is_filter(name);
        let key = holder.strip_suffix(':').map(|key| key.trim_end_matches([' ', '"', '\'']));
        let key = key.map(|key| key.rsplit(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').next().unwrap_or(key));
        (is_whole || key.is_some_and(is_credential)).then_some((at, end))
    })
}

/// So many dollar signs of a text are looked at.
const OPERATORS_MAX: usize = 16;

/// Whether a key says that it holds a query, in which operators are ordinary.
pub(crate) fn is_filter(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "filter",
        "query",
        "where",
        "match",
        "pipeline",
        "selector",
        "update",
        "condition",
        "conditions",
        "criteria",
        "aggregate",
        "find",
        "filters",
    ];
    let end = |length: usize| name.len().checked_sub(length).and_then(|from| name.get(from..));
    NAMES.iter().any(|known| end(known.len()).is_some_and(|end| end.eq_ignore_ascii_case(known))) || name.starts_with('$')
}

/// A script of the store that a value brings along: bare, behind a number, or behind the quotation mark that it ends.
fn in_script(parameter: &Parameter<'_>) -> Option<(usize, usize)> {
    let text = parameter.text;
    let bytes = text.as_bytes();
    if let Some(found) = reads_field(text) {
        return Some(found);
    }
    if !parameter.bytes().has_any(b";|&") {
        return None;
    }
    let number = bytes.iter().take(NUMBER_BYTES_MAX).take_while(|byte| byte.is_ascii_digit()).count();
    let bare = (number > 0 || matches!(bytes.first(), Some(b'|' | b'&' | b';'))).then_some(number);
    let quotes = [b'\'', b'"'].into_iter().filter_map(|quote| {
        let at = memchr::memchr(quote, bytes)?;
        let before = &bytes[..at];
        let is_code = |byte: &u8| matches!(byte, b'=' | b'(' | b'{' | b'[' | b'<' | b':' | b'\n');
        (before.len() <= VALUE_BEFORE_MAX && !before.iter().any(is_code)).then_some(at + 1)
    });
    bare.into_iter().chain(quotes).find_map(|start| {
        let rest = text[start..].trim_start_matches([' ', ')', '}']);
        let at = text.len() - rest.len();
        goes_on(rest).map(|length| (start.saturating_sub(1), at + length))
    })
}

const NUMBER_BYTES_MAX: usize = 12;

/// A longer text before the quotation mark is prose or a program.
const VALUE_BEFORE_MAX: usize = 60;

/// Whether a script goes on as attacks do; how far what says so goes.
fn goes_on(rest: &str) -> Option<usize> {
    let window = &rest[..rest.floor_char_boundary(SCRIPT_BYTES_MAX)];
    let inner = |sign: &str| window.strip_prefix(sign).map(str::trim_start);
    if let Some(statement) = inner(";") {
        let statement = statement.trim_start_matches([';', ' ', '}', ')']);
        let is_return = statement.strip_prefix("return").is_some_and(|value| {
            let value = value.trim_start();
            ["true", "1", "this.", "'", "\"", "!", "(", "db."].iter().any(|begin| value.starts_with(begin))
                && (value.contains([';', '}', '=', '\'', '"']) || value.trim_end().len() <= 5)
        });
        let begins = ["sleep(", "while(", "while (", "db.", "do{", "do {", "throw ", "tojson", "var date", "this."];
        return (is_return || begins.iter().any(|begin| statement.starts_with(begin))).then_some(window.len());
    }
    let term = inner("||").or_else(|| inner("&&"))?;
    let is_true = term
        .strip_prefix("true")
        .is_some_and(|behind| behind.is_empty() || behind.starts_with([' ', ';', '/', '|', '&', ')']));
    (is_true || compares_constants(term) || term.starts_with("this.") || term.starts_with("sleep(")).then_some(window.len())
}

/// So much of what follows is looked at.
const SCRIPT_BYTES_MAX: usize = 120;

/// `1==1`, `'a'=='a`, `3 === 3`
fn compares_constants(term: &str) -> bool {
    let term = term.trim_start_matches(['(', ' ']);
    let Some(sign) = term.find("==").filter(|&sign| sign <= CONSTANT_BYTES_MAX) else { return false };
    let is_constant = |value: &str| {
        let inside = value.trim().trim_matches(['\'', '"']);
        let is_quoted = value.trim().starts_with(['\'', '"']);
        is_quoted || !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let right = term[sign..].trim_start_matches(['=', ' ']);
    let first = right.split([' ', ')', '|', '&', ';', '/']).next().unwrap_or_default();
    is_constant(&term[..sign]) && is_constant(first)
}

const CONSTANT_BYTES_MAX: usize = 24;

/// `this.password.match(…)`: a script that reads a credential of the document it is asked about.
fn reads_field(text: &str) -> Option<(usize, usize)> {
    let start = memchr::memmem::find(&text.as_bytes()[..text.len().min(FIELD_BEGIN_MAX)], b"this.")?;
    let name = &text[start + 5..];
    let length =
        name.bytes().take(OPERATOR_BYTES_MAX).take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
    let behind = name[length..].trim_start();
    let reads = [".match(", ".charAt(", ".charCodeAt(", ".substr", ".length", "==", "!=", "[", ".indexOf(", ".startsWith("];
    (is_credential(&name[..length]) && reads.iter().any(|read| behind.starts_with(read)))
        .then_some((start, start + 5 + length))
}

/// So far from a value's begin a script that it is has to begin.
const FIELD_BEGIN_MAX: usize = 64;
