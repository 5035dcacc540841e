//! Base64 (RFC 4648) read leniently: either alphabet, padding or none.

/// The bytes that a text encodes; nothing when a character is of neither alphabet or the length is impossible.
///
/// ```
/// use aop_rules::text::base64::decode;
///
/// assert_eq!(decode(b"aGVsbG8="), Some(b"hello".to_vec()));
/// assert_eq!(decode(b"aGVsbG8"), Some(b"hello".to_vec()));
/// assert_eq!(decode(b"aGVsbG8!"), None);
/// ```
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take(2).take_while(|&&byte| byte == b'=').count();
    let text = &text[..text.len() - padding];
    let mut decoded = Vec::with_capacity(text.len() * 3 / 4 + 2);
    for group in text.chunks(4) {
        let bits = group.iter().try_fold(0u32, |bits, &byte| Some(bits << 6 | sextet(byte)?))?;
        let bytes = (bits << (6 * (4 - group.len()))).to_be_bytes();
        let count = match group.len() {
            4 => 3,
            3 => 2,
            2 => 1,
            _ => return None,
        };
        decoded.extend_from_slice(&bytes[1..=count]);
    }
    Some(decoded)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
