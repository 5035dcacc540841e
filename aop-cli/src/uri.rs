//! Percent-encoding (RFC 3986).

/// A text as part of a URI: everything but unreserved characters is encoded, and slashes too unless they are to be kept.
pub(crate) fn encoded(text: &str, keep_slashes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if keep_slashes => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(encoded("a b/é?", false), "a%20b%2F%C3%A9%3F");
        assert_eq!(encoded("a/b:c", true), "a/b%3Ac");
    }
}
