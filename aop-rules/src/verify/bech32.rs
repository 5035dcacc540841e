//! Bech32 and Bech32m: addresses with a human-readable prefix and a check sum of six characters (BIP 173 and BIP 350).

const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Whether a text in one case, with the last `1` between prefix and data, has the check sum of either form.
///
/// ```
/// use aop_rules::verify::bech32;
///
/// assert!(bech32::is_valid(b"A12UEL5L"));
/// assert!(bech32::is_valid(b"a1lqfn3a"));
/// assert!(!bech32::is_valid(b"a1lqfn3q"));
/// assert!(!bech32::is_valid(b"A12uel5l"));
/// ```
pub fn is_valid(text: &[u8]) -> bool {
    let is_mixed = text.iter().any(u8::is_ascii_uppercase) && text.iter().any(u8::is_ascii_lowercase);
    let Some(separator) = text.iter().rposition(|&byte| byte == b'1') else { return false };
    let (prefix, data) = (&text[..separator], &text[separator + 1..]);
    if is_mixed || prefix.is_empty() || data.len() < 6 {
        return false;
    }
    let mut sum = 1u32;
    prefix.iter().for_each(|byte| sum = step(sum, u32::from(byte.to_ascii_lowercase() >> 5)));
    sum = step(sum, 0);
    prefix.iter().for_each(|byte| sum = step(sum, u32::from(byte.to_ascii_lowercase() & 31)));
    for byte in data {
        let Some(value) = CHARSET.iter().position(|digit| *digit == byte.to_ascii_lowercase()) else { return false };
        sum = step(sum, value as u32);
    }
    matches!(sum, 1 | 0x2BC8_30A3)
}

fn step(sum: u32, value: u32) -> u32 {
    const GENERATOR: [u32; 5] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];
    let top = sum >> 25;
    let shifted = (sum & 0x1FF_FFFF) << 5 ^ value;
    GENERATOR
        .iter()
        .enumerate()
        .fold(shifted, |sum, (bit, generator)| if top >> bit & 1 == 1 { sum ^ generator } else { sum })
}
