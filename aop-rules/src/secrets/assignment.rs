//! What a text assigns to a name, as code, configuration, mark-up and prose write it: `name = "value"`, `"name": "value"`,
//! `name: str = "value"`, `<name>value</name>`, `set("name", "value")`, `?name=value&`.
//!
//! It has to know the whole name and whether the value was quoted, for a name that any issuer may use. `scan/assignment.rs`
//! reads more loosely, behind an issuer's name: there the form of the value decides.

use std::ops::Range;

/// A name and the value that it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment<'t> {
    /// The whole identifier: `db.password`, `GITHUB_TOKEN`.
    pub(super) name: &'t str,
    /// The value without its quotes.
    pub(super) value: Range<usize>,
    /// Whether quotes or tags stood around the value.
    pub(super) is_quoted: bool,
    /// Whether name and value are neighbours in a list of arguments, which says little.
    pub(super) is_pair: bool,
}

const NAME_BYTES_MAX: usize = 64;
/// Every name in a text has its value read, so this bounds the work a byte.
const VALUE_BYTES_MAX: usize = 256;

/// The assignment whose name holds a word of the text.
pub(super) fn around(text: &str, word: Range<usize>) -> Option<Assignment<'_>> {
    let bytes = text.as_bytes();
    let before = bytes[..word.start].iter().rev().take(NAME_BYTES_MAX).take_while(|byte| is_name(byte)).count();
    let start = word.start - before;
    let start = start + usize::from(crate::text::words::follows_escape(bytes, start + 1));
    let name_end = word.end + count(bytes, word.end, NAME_BYTES_MAX, is_name);
    let opening = start.checked_sub(1).map(|before| bytes[before]);
    let mut at = name_end;
    // The end of a quoted name or of an index: `"name"`, `\"name\"`, `["name"]`.
    let closing = count(bytes, at, 4, |byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b']'));
    at += closing + count(bytes, at + closing, 8, is_blank);
    at = after_type(bytes, at);
    // The colon of Chinese and Japanese texts.
    const WIDE_COLON: &[u8] = "：".as_bytes();
    let wide = if bytes[at..].starts_with(WIDE_COLON) { WIDE_COLON.len() } else { 0 };
    at += wide;
    let signs = count(bytes, at, 4, |byte| matches!(byte, b'=' | b':' | b'>' | b'?' | b',' | b'.' | b'+' | b'|'));
    let sign = &bytes[at..at + signs];
    at += signs;
    let is_tag = sign == b">" && opening == Some(b'<');
    let is_pair = sign == b"," && closing > 0;
    if !(wide > 0 || is_tag || is_pair || sign.iter().any(|byte| matches!(byte, b'=' | b':')) && sign != b"::") {
        return None;
    }
    at += count(bytes, at, 24, |byte| is_blank(byte) || is_tag && matches!(byte, b'\n' | b'\r'));
    if sign == b":" {
        at = after_annotation(bytes, at);
    }
    let is_parameter = matches!(opening, Some(b'?' | b'&')) && sign == b"=";
    let (value, is_quoted) = value_at(text, at, is_tag, is_parameter)?;
    (is_quoted || !is_pair).then_some(Assignment {
        name: &text[start..name_end],
        value,
        is_quoted: is_quoted || is_tag,
        is_pair,
    })
}

fn is_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn count(bytes: &[u8], at: usize, most: usize, fits: impl Fn(&u8) -> bool) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take(most).take_while(|byte| fits(byte)).count())
}

/// The offset behind a type that stands between name and sign, as in `var name string = …`.
fn after_type(bytes: &[u8], at: usize) -> usize {
    let word = count(bytes, at, 8, u8::is_ascii_alphabetic);
    let blanks = count(bytes, at + word, 8, is_blank);
    let is_type = word > 0 && blanks > 0 && matches!(bytes.get(at + word + blanks), Some(b'=' | b':'));
    if is_type { at + word + blanks } else { at }
}

/// The offset behind a type and its equals sign, as in `name: str = …` and `name: Option<String> = …`.
fn after_annotation(bytes: &[u8], at: usize) -> usize {
    let kind = count(bytes, at, 40, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'[' | b']' | b'<' | b'>' | b'&' | b'_' | b'.')
    });
    let blanks = count(bytes, at + kind, 4, is_blank);
    let sign = at + kind + blanks;
    let is_annotation = kind > 0 && bytes.get(sign) == Some(&b'=') && bytes.get(sign + 1) == Some(&b' ');
    if is_annotation { sign + 1 + count(bytes, sign + 1, 4, is_blank) } else { at }
}

/// The value at an offset, and whether it is quoted.
fn value_at(text: &str, at: usize, is_tag: bool, is_parameter: bool) -> Option<(Range<usize>, bool)> {
    let bytes = text.as_bytes();
    // A letter that marks the string's kind: `b"…"`, `@"…"`.
    let is_marked =
        matches!(bytes.get(at), Some(b'b' | b'r' | b'u' | b'f' | b'@')) && bytes.get(at + 1).is_some_and(is_quote);
    let mut start = at + usize::from(is_marked);
    let is_escaped = bytes.get(start) == Some(&b'\\') && bytes.get(start + 1).is_some_and(is_quote);
    start += usize::from(is_escaped);
    let quote = bytes.get(start).copied().filter(is_quote);
    if let Some(quote) = quote {
        start += 1;
        let length = count(bytes, start, VALUE_BYTES_MAX + 1, |byte| {
            *byte != quote && *byte != b'\n' && !(is_escaped && *byte == b'\\')
        });
        let is_closed = bytes.get(start + length).is_some_and(|&byte| byte == quote || is_escaped && byte == b'\\');
        return (is_closed && (1..=VALUE_BYTES_MAX).contains(&length)).then_some((start..start + length, true));
    }
    let length = count(bytes, start, VALUE_BYTES_MAX + 1, |byte| {
        let ends = match byte {
            b'"' | b'\'' | b'`' | b'<' | b'>' | b';' => true,
            b'&' | b'#' => is_parameter,
            byte => byte.is_ascii_whitespace() || byte.is_ascii_control(),
        };
        !ends
    });
    if length > VALUE_BYTES_MAX {
        return None;
    }
    let mut value = &text[start..text.floor_char_boundary(start + length)];
    // What is left of a `\n` in a text that gives the source form of a string.
    if let Some(end) = ["\\n", "\\r", "\\t", "\\\""].iter().filter_map(|escape| value.find(escape)).min() {
        value = &value[..end];
    }
    let is_sentence = !is_tag;
    while let Some(rest) = value.strip_suffix(['.', ',', ':', '!', '\\']).filter(|_| is_sentence) {
        value = rest;
    }
    for (opening, closing) in [('(', ')'), ('[', ']'), ('{', '}')] {
        if !value.contains(opening) {
            value = value.trim_end_matches(closing);
        }
    }
    (!value.is_empty()).then_some((start..start + value.len(), is_tag))
}

fn is_quote(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let at = text.to_ascii_lowercase().find("pass").expect("the text names a password");
        let found = around(text, at..at + 4).map(|found| (found.name, &text[found.value]));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_is_assigned_is_found() {
        check("db_password = hunter2x, and so on", Some(("db_password", "hunter2x")));
        check("password: 'a b;c',", Some(("password", "a b;c")));
        check("password: str = \"x9;y\"", Some(("password", "x9;y")));
        check("var dbPass string = \"x9y\"", Some(("dbPass", "x9y")));
        check("{\"password\":\"x9,y\"}", Some(("password", "x9,y")));
        check(r#"{\"password\":\"x9y\"}"#, Some(("password", "x9y")));
        check("<password>\n  x9y\n</password>", Some(("password", "x9y")));
        check("set(\"password\", \"x9y\")", Some(("password", "x9y")));
        check("config['password'] = b'x9y'", Some(("password", "x9y")));
        check("https://a.example/?password=x9y&b=1", Some(("password", "x9y")));
        check("Server=a;Password=x9&y;Database=b", Some(("Password", "x9&y")));
        check("PASSWORD=x9y\\nBACKUP=true", Some(("PASSWORD", "x9y")));
    }

    #[test]
    fn what_is_not_assigned_is_left() {
        check("the password is long", None);
        check("password, user", None);
        check("pass::through", None);
        check("password = \"", None);
        check("a>password>b", None);
    }
}
