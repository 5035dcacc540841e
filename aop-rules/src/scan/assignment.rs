//! The value that a text assigns to a name: `ACME_KEY = "…"`, `"acmeKey": "…"`, `<acmeKey>…</`, `acme-key, …`.

use std::ops::Range;

/// How long what is left of a name may be, and how long a value that is read.
const NAME_BYTES_MAX: usize = 40;
/// The longest value that is read.
pub(crate) const VALUE_BYTES_MAX: usize = 512;

/// The value assigned to the name that goes on at an offset; nothing when no sign of assignment follows.
pub(crate) fn assigned_value(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut at = at + count(bytes, at, NAME_BYTES_MAX, is_name);
    // Words may follow the name: `acme api key: …`.
    loop {
        let blanks = count(bytes, at, 2, |byte| matches!(byte, b' ' | b'\t'));
        let word = count(bytes, at + blanks, 12, is_name);
        if blanks == 0 || word == 0 || bytes.get(at + blanks + word).is_none() {
            break;
        }
        let next = at + blanks + word;
        if !matches!(bytes[next], b' ' | b'\t' | b'=' | b':' | b'"' | b'\'') {
            break;
        }
        at = next;
    }
    at += count(bytes, at, 6, |byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b']' | b')' | b'`' | b'\\' | b'\n'));
    let signs = count(bytes, at, 4, |byte| matches!(byte, b'=' | b':' | b'>' | b'|' | b'?' | b',' | b'.' | b'+'));
    let is_assignment =
        bytes[at..at + signs].iter().any(|byte| matches!(byte, b'=' | b':' | b'>' | b',')) || bytes[at..].starts_with(b"||");
    if !is_assignment {
        return None;
    }
    at += signs;
    at += count(bytes, at, 24, |byte| {
        matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'`' | b'(' | b'[' | b'{' | b'@' | b'\\')
    });
    let length = count(bytes, at, VALUE_BYTES_MAX + 1, |byte| {
        byte.is_ascii_graphic()
            && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b';' | b',' | b'\\' | b')' | b']' | b'}')
    });
    (1..=VALUE_BYTES_MAX).contains(&length).then_some(at..at + length)
}

fn count(bytes: &[u8], at: usize, most: usize, fits: impl Fn(&u8) -> bool) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take(most).take_while(|byte| fits(byte)).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let at = text.to_ascii_lowercase().find("acme").unwrap() + 4;
        assert_eq!(assigned_value(text.as_bytes(), at).map(|range| &text[range]), expected, "{text}");
    }

    #[test]
    fn what_is_assigned_is_found() {
        check("ACME_KEY = \"abc123\"", Some("abc123"));
        check("acmeKey: 'abc123',", Some("abc123"));
        check("{\"acme_token\": \"abc123\"}", Some("abc123"));
        check("export ACME_TOKEN=abc123; echo", Some("abc123"));
        check("acme api key: abc123", Some("abc123"));
        check("\"acmeToken\" => \"abc123\"", Some("abc123"));
        check("<acmeKey>\n  abc123\n</acmeKey>", Some("abc123"));
        check("setProperty(\"ACME_KEY\", \"abc123\")", Some("abc123"));
        check("acme_key := `abc123`", Some("abc123"));
        check("acme_key :::= \"=abc123\"", Some("=abc123"));
        check(r#"{\"acme\":\"abc123\"}"#, Some("abc123"));
    }

    #[test]
    fn prose_assigns_nothing() {
        check("acme abc123", None);
        check("acme", None);
        check("the acme company was founded", None);
    }
}
