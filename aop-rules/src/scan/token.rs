//! Whole tokens that are never broken: UUIDs, hashes, trace ids, base64.

use std::ops::Range;

/// Remembers the last token looked at, so that a long one is judged once however many candidates it holds.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    last: Range<usize>,
    opaque: bool,
}

impl Tokens {
    /// Whether the range lies in a token that is an identifier, a hash or an encoding as a whole.
    pub(crate) fn is_opaque(&mut self, text: &str, range: &Range<usize>) -> bool {
        if !(self.last.contains(&range.start)) {
            self.last = token_around(text.as_bytes(), range.start);
            self.opaque = is_opaque(&text.as_bytes()[self.last.clone()]);
        }
        self.opaque
    }

    /// Whether the range is less than half of such a token.
    pub(crate) fn is_part_of_opaque(&mut self, text: &str, range: &Range<usize>) -> bool {
        self.is_opaque(text, range) && range.len() * 2 < self.last.len()
    }
}

fn token_around(bytes: &[u8], at: usize) -> Range<usize> {
    let start = bytes[..at].iter().rposition(|&byte| !is_token_byte(byte)).map_or(0, |other| other + 1);
    let end = bytes[at..].iter().position(|&byte| !is_token_byte(byte)).map_or(bytes.len(), |length| at + length);
    start..end
}

/// Base64, base64url, hexadecimal and UUIDs are written with these.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/' | b'=')
}

/// Shorter tokens hold too little to be told from a number with a word beside it.
pub(crate) const OPAQUE_BYTES_MIN: usize = 24;

fn is_opaque(token: &[u8]) -> bool {
    if token.len() < OPAQUE_BYTES_MIN {
        return false;
    }
    has_uuid(token) || has_long_hex(token) || is_mixed(token)
}

/// Groups of 8-4-4-4-12 hexadecimal digits (RFC 9562).
fn has_uuid(token: &[u8]) -> bool {
    let mut groups = token.split(|byte| *byte == b'-' || *byte == b'_').map(|group| (group.len(), is_hex(group)));
    let mut seen = [(0, false); 5];
    groups.any(|group| {
        seen.rotate_left(1);
        seen[4] = group;
        seen == [8, 4, 4, 4, 12].map(|length| (length, true))
    })
}

/// A group of 16 or more hexadecimal digits with both letters and digits: a hash or a trace id.
fn has_long_hex(token: &[u8]) -> bool {
    token.split(|byte| !byte.is_ascii_alphanumeric()).any(|group| {
        group.len() >= 16
            && is_hex(group)
            && group.iter().any(u8::is_ascii_alphabetic)
            && group.iter().any(u8::is_ascii_digit)
    })
}

fn is_hex(group: &[u8]) -> bool {
    group.iter().all(u8::is_ascii_hexdigit)
}

/// Upper case, lower case and digits in quick succession, as base64 has them and words and numbers do not.
fn is_mixed(token: &[u8]) -> bool {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        _ => 2,
    };
    let changes = token.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    let upper = token.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    upper * 8 >= token.len() && changes * 3 >= token.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let at = text.find(|character: char| character.is_ascii_digit()).expect("the text has a digit");
        assert_eq!(Tokens::default().is_opaque(text, &(at..at + 1)), expected, "{text}");
    }

    #[test]
    fn identifiers_are_whole() {
        check("run 8b21d60e-7704-4f3a-b916-e5093ca27d48 finished", true);
        check("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true);
        check("sha 7d20e9c41fb35a8860ce1b97d4a2f05318e6cb3d", true);
        check("blob QmFzZTY0IGlz4oCmNGZ4SDlXc2tPZHp1Y2ZqQQ==", true);
    }

    #[test]
    fn numbers_with_words_are_not() {
        check("card_4111-1111-1111-1111_billing", false);
        check("/accounts/GB29NWBK60161331926819/statement", false);
        check("4111 1111 1111 1111", false);
    }
}
