//! Base64 (RFC 4648) read leniently: either alphabet, padding or none, whatever the last character's spare bits say.

use ::base64::Engine as _;
use ::base64::alphabet::{STANDARD, URL_SAFE};
use ::base64::engine::DecodePaddingMode;
use ::base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

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
    engine(text).decode(&text[..text.len() - padding]).ok()
}

/// The bytes that the beginning of a text encodes, as many as the buffer holds of them; nothing when the text is shorter or
/// one of its characters is of another alphabet than the rest.
pub(crate) fn decode_head<const BYTES: usize>(text: &[u8]) -> Option<[u8; BYTES]> {
    let mut head = [0; BYTES];
    let length = engine(text).decode_slice(text.get(..BYTES.div_ceil(3) * 4)?, &mut head).ok()?;
    (length == BYTES).then_some(head)
}

/// Whether a byte is of the standard alphabet, its padding included.
pub(crate) fn is_standard(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The decoder of the alphabet that a text is in.
fn engine(text: &[u8]) -> &'static GeneralPurpose {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    static STANDARD_ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
    static URL_SAFE_ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);
    let is_url_safe = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
    if is_url_safe { &URL_SAFE_ENGINE } else { &STANDARD_ENGINE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_that_are_cut_or_careless_are_read() {
        assert_eq!(decode(b"aGVsbG8=="), Some(b"hello".to_vec()), "too much padding");
        assert_eq!(decode(b"aGVsbG9"), Some(b"hello".to_vec()), "spare bits that are set");
        assert_eq!(decode(b"aGVsb"), None, "a character over");
        assert_eq!(decode(b"-_-_"), decode(b"+/+/"));
        assert_eq!(decode_head::<3>(b"aGVsbG8"), Some(*b"hel"));
        assert_eq!(decode_head::<9>(b"aGVsbG8"), None);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(bytes in prop::collection::vec(any::<u8>(), 0..60), url in any::<bool>(), padded in any::<bool>()) {
            let config = GeneralPurposeConfig::new().with_encode_padding(padded);
            let encoded = GeneralPurpose::new(if url { &URL_SAFE } else { &STANDARD }, config).encode(&bytes);
            prop_assert_eq!(decode(encoded.as_bytes()), Some(bytes));
        }
    }
}
