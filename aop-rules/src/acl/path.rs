//! Paths that have to stay in a folder.

use unicode_normalization::UnicodeNormalization;

/// How often a path is decoded: programs behind one another each decode once.
const DECODINGS_MAX: usize = 3;

/// Why a path leaves the folder `root`; nothing when it stays there.
pub(super) fn escape(path: &str, root: &str) -> Option<&'static str> {
    let mut decoded: String = path.nfkc().collect();
    for _ in 0..DECODINGS_MAX {
        decoded = percent_decoded(&decoded);
    }
    let decoded = decoded.replace('\\', "/");
    let decoded = decoded.strip_prefix("file://").unwrap_or(&decoded);
    if decoded.contains('\0') {
        return Some("has a null character");
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
        match part {
            ".." if place.pop().is_none() => return Some("goes up beyond the top"),
            ".." => {}
            part => place.push(part),
        }
    }
    (!place.starts_with(&root)).then_some("leads out of it")
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
            "",
        ] {
            check(path, path.is_empty());
        }
    }
}
