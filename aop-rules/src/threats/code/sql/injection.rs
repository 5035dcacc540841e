//! Values that would end the string or the number they are put in, and go on as SQL.

use std::ops::Range;

use super::quote::Quote;
use super::reading::Reading;
use super::tokens::{Dialect, closing};
use crate::rule::Rule;
use crate::scan::{Language, Look, Match, Parameter, Recognizer};

/// `threats/sql-injection`
pub static RULE: Rule = Rule {
    id: "threats/sql-injection",
    summary: "SQL that breaks out of a value",
    why: "A tool that pastes its parameters into a query runs what such a value says: it reads, changes or drops what it \
          should not. The value is read as it would stand in a query, bare and behind either quotation mark, so quotes and \
          SQL words alone mean nothing. Left alone: statements as a whole, conditions such as `age > 30 AND city = 'Bonn'`, \
          programs and documents. What hides deep in a long text, behind a second quotation mark, is not seen.",
    source: "CWE-89; OWASP, SQL Injection Prevention Cheat Sheet; the manuals of MySQL, PostgreSQL, SQL Server, Oracle and \
             SQLite for their words",
    ..Rule::ATTACK
};

/// Finds SQL in values.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "CODE_INJECTION",
    region: None,
    look: Look::Parameter(find),
    hits: &[
        "42 UNION SELECT login, secret FROM staff",
        "x' OR 'b'='b",
        "7; DROP TABLE invoices--",
        "nobody'--",
        "3 AND 4=4",
        "4 or true",
        "6; GRANT ALL ON rooms TO 'eve'@'%'",
        "9' AND SLEEP(4)#",
        "5 ORDER BY 12--",
        "1;WAITFOR DELAY '0:0:9'",
        "') OR EXISTS(SELECT 1 FROM staff)--",
        r#"{"customer": "Kim' OR 2=2 -- "}"#,
        r#"{"id": "1--"}"#,
        "https://shop.example/item?id=3+union+select+1,2,3",
    ],
    misses: &[
        "O'Brien",
        r#"{"id": "a--b"}"#,
        "Select all, union of workers; drop by",
        "the union select committee met",
        "rock 'n' roll and 'blues'",
        "price > 10 AND (city = 'Bonn' OR city = 'Kiel')",
        "SELECT name FROM staff WHERE id = 3",
        "print('a' + 'b'); x = 1 or 2",
        "7\" screen and 9\" case -- new",
        r#"{"sql": "SELECT 1; DELETE FROM t"}"#,
        r#"{"command": "rm -f '/var/lib/app/*'"}"#,
        r#"{"cmd": "\"$@\" || EXIT=\"$?\""}"#,
        r#"{"bash": "test -n \"$NAME\" || NAME='none'"}"#,
        "(350 - 122) * 2 + (499 - 127) * 2",
        "1 or 2",
        "On that page they type ' OR 2=2 -- into the first field.",
        "5; grant them a wish",
    ],
}];

/// Looks at a parameter.
pub fn find(parameter: &Parameter<'_>) -> Option<Match> {
    let text = parameter.text;
    let is_value = !parameter.is_key && parameter.language == Language::Undeclared && !parameter.is_named_sql();
    // A command has quotes, signs and `||` of its own.
    let is_value = is_value && !parameter.holds_command();
    if !is_value || text.len() < VALUE_BYTES_MIN || u32::try_from(text.len()).is_err() {
        return None;
    }
    let found = in_value(text).or_else(|| if parameter.bytes().has_any(b"+?") { in_form(text) } else { None })?;
    Some(Match { start: text.floor_char_boundary(found.0), end: text.ceil_char_boundary(found.1), score: 0.9 })
}

/// Shorter values cannot say anything: `'=0` is the least that changes a query.
const VALUE_BYTES_MIN: usize = 3;

/// From where to where.
pub(super) type Found = (usize, usize);

/// What breaks out of a value, read in its three contexts.
pub(super) fn in_value(text: &str) -> Option<Found> {
    in_part(text, 0..text.len(), Dialect::default())
}

/// A part of a text where a number would stand, and inside either kind of string.
fn in_part(text: &str, value: Range<usize>, dialect: Dialect) -> Option<Found> {
    let bare = Reading::bare(&text[..value.end], value.start, dialect).run();
    bare.or_else(|| in_quotes(text, value, dialect))
}

fn in_quotes(text: &str, value: Range<usize>, dialect: Dialect) -> Option<Found> {
    let bytes = &text.as_bytes()[..value.end];
    [b'\'', b'"'].into_iter().find_map(|quote| {
        let first = value.start + memchr::memchr(quote, &bytes[value.start..])?;
        let text = &text[..value.end];
        let read =
            |at: usize| Quote::new(bytes, value.start, at).and_then(|quote| Reading::behind(text, quote, dialect).run());
        read(first).or_else(|| {
            let ended = closing(bytes, value.start, quote)?;
            if ended == first { None } else { read(ended) }
        })
    })
}

/// A value of a URL's query or of a form, in which `+` is a blank.
fn in_form(text: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    let plus = Dialect { plus_is_blank: true, ..Dialect::default() };
    if memchr::memchr(b'+', bytes).is_some() {
        let found = in_part(text, 0..text.len(), plus);
        if found.is_some() {
            return found;
        }
    }
    let query = memchr::memchr(b'?', bytes)?;
    let is_address = bytes[..query].contains(&b'/') && !bytes[..query].iter().any(u8::is_ascii_whitespace);
    let mut pairs = is_address.then_some(query + 1)?;
    for _ in 0..FIELDS_MAX {
        let end = memchr::memchr(b'&', &bytes[pairs..]).map_or(bytes.len(), |end| pairs + end);
        if let Some(sign) = memchr::memchr(b'=', &bytes[pairs..end]) {
            // An ampersand may be an operator: the value may go on behind it.
            let value = pairs + sign + 1..end;
            if let Some(found) = in_part(text, value, plus) {
                return Some(found);
            }
        }
        pairs = (end < bytes.len()).then_some(end + 1)?;
    }
    None
}

/// So many fields of a query are looked at.
const FIELDS_MAX: usize = 24;
