//! `path_escape`

use crate::builtins::prelude::*;
use unicode_normalization::UnicodeNormalization;

pub(in crate::builtins) static PATH_ESCAPE: Builtin = Builtin {
    name: "path_escape",
    group: Group::Path,
    parameters: &[required("path", &[Accepts::Text, Accepts::Any]), required("root", &[Accepts::Text])],
    result: |_| Type::String.optional(),
    result_text: "string?",
    property: false,
    summary: "How a path leaves the folder `root`, where a relative one begins. Stricter than `is_under`: what programs behind may \
        decode is decoded (`%2e`, full-width points, backslashes), and homes, drives and shares are outside. Of an array, the first \
        text in it that leaves; else absent.",
    examples: &[
        example(r#"path_escape("reports/2025.txt", "/srv/data")"#, "absent"),
        example(r#"path_escape("/srv/data/%2e%2e/secret", "/srv/data")"#, r#""leads out of it""#),
        example(r#"path_escape("~/.ssh/id", "/srv/data")"#, r#""begins with `~`, somebody's home folder""#),
    ],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let root = text(arguments, 1)?;
    first_of(value(arguments, 0)?, |path| escape(path, root).map(|reason| Value::Text(Cow::Borrowed(reason))))
}

/// How often a path is decoded: programs behind one another each decode once.
const DECODINGS_MAX: usize = 3;

/// Why a path leaves the folder `root`; nothing when it stays there.
fn escape(path: &str, root: &str) -> Option<&'static str> {
    let is_plain = path.bytes().all(|byte| byte.is_ascii() && !matches!(byte, b'%' | b'\\'));
    let decoded = if is_plain { Cow::Borrowed(path) } else { Cow::Owned(decoded(path)) };
    let decoded = decoded.strip_prefix("file://").unwrap_or(&decoded);
    if decoded.contains('\0') {
        return Some("has a null character");
    }
    if decoded.starts_with(|first: char| first.is_whitespace()) {
        return Some("begins with white space, which some programs cut off");
    }
    if decoded.contains(['\n', '\r']) {
        return Some("has the end of a line in it");
    }
    if decoded.contains('$') || decoded.contains('`') || decoded.split('%').nth(2).is_some() {
        return Some("has a variable or a command in it, which a shell would put another text for");
    }
    if decoded.starts_with('~') {
        return Some("begins with `~`, somebody's home folder");
    }
    if decoded.starts_with("//") {
        return Some("begins with `//`, another machine's share");
    }
    if decoded.as_bytes().get(1) == Some(&b':') && decoded.as_bytes()[0].is_ascii_alphabetic() {
        return Some("names a drive");
    }
    let root: Vec<&str> = parts(root).collect();
    let mut place = if decoded.starts_with('/') { Vec::new() } else { root.clone() };
    for part in parts(decoded) {
        // `..;x` goes up for servlets, ` ..` for whoever trims.
        match part.split(';').next().unwrap_or_default().trim() {
            ".." if place.pop().is_none() => return Some("goes up beyond the top"),
            ".." => {}
            _ => place.push(part),
        }
    }
    (!place.starts_with(&root)).then_some("leads out of it")
}

/// As the last of the programs behind may read it.
fn decoded(path: &str) -> String {
    let mut decoded: String = path.nfkc().collect();
    for _ in 0..DECODINGS_MAX {
        decoded = percent_decoded(&decoded);
    }
    // A slash by any other code point is one to whoever folds it.
    decoded.replace(['\\', '\u{2215}', '\u{2044}', '\u{29f8}'], "/")
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".")
}

/// A text with its `%41`s decoded; what is no escape, or makes no UTF-8, stays.
fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    // Overlong forms (%c0%ae for a full stop) are no UTF-8; careless programs take them all the same.
    String::from_utf8(out).unwrap_or_else(|_| text.to_lowercase().replace("%c0%ae", ".").replace("%c0%af", "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, stays: bool) {
        assert_eq!(escape(path, "/srv/data").is_none(), stays, "{path}");
    }

    #[test]
    fn inside() {
        check("/srv/data/a.txt", true);
        check("a/b.txt", true);
        check("/srv//data/./x", true);
        check("/srv/data/x/../y", true);
        check("file:///srv/data/x", true);
        check("100%.txt", true);
        check("", true);
    }

    #[test]
    fn outside() {
        for path in [
            "/etc/passwd",
            "../other",
            "/srv/data/../secret",
            "/srv/database/x",
            "%2e%2e/x",
            "%252e%252e%252fx",
            "..\\x",
            "~/x",
            "//server/share",
            "C:\\x",
            "a\0b",
            "．．/x",
            "%c0%ae%c0%ae/x",
            "\n/etc/passwd",
            " ../x",
            "/srv/data/ ../x",
            "..;/x",
            "..;a=b/x",
            "$HOME/x",
            "${HOME}/x",
            "`id`",
            "%HOMEPATH%\\x",
            "..∕x",
        ] {
            check(path, false);
        }
    }
}
