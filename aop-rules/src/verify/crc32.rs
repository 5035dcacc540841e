//! CRC-32 as in ISO 3309 (the one of zip and PNG), and its six base-62 digits as token issuers append them.

/// The check sum of some bytes.
///
/// ```
/// assert_eq!(aop_rules::verify::crc32::of(b"123456789"), 0xCBF4_3926);
/// ```
pub fn of(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| (crc >> 8) ^ TABLE[usize::from(crc as u8 ^ byte)])
}

static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = index as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
};

/// A check sum in six base-62 digits, most significant first, with the alphabet `0-9A-Za-z`.
///
/// ```
/// assert_eq!(&aop_rules::verify::crc32::base62(61), b"00000z");
/// ```
pub fn base62(mut sum: u32) -> [u8; 6] {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(sum % 62) as usize];
        sum /= 62;
    }
    digits
}
