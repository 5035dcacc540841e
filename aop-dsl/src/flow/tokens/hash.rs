//! Hashes of tokens.

use super::super::grams::fold;

/// The same for upper and lower case: the bit that tells them apart is set in every byte. Of the other characters that a token
/// may have only `^` and `~` become the same.
pub(super) fn hash_ascii(bytes: &[u8]) -> u64 {
    hash_in(bytes, 0, bytes.len())
}

/// As [`hash_ascii`], of a part of a text: what stands behind it saves copying.
pub(super) fn hash_in(bytes: &[u8], start: usize, end: usize) -> u64 {
    const LOWER_CASE: u64 = 0x2020_2020_2020_2020;
    let mut hash = (end - start) as u64;
    let mut at = start;
    while at < end {
        let part = match bytes[at..].first_chunk() {
            Some(part) => u64::from_le_bytes(*part),
            None => bytes[at..].iter().rev().fold(0, |part, byte| part << 8 | u64::from(*byte)),
        };
        let unused = 8 - (end - at).min(8);
        hash = fold(hash, (part << (unused * 8) >> (unused * 8)) | LOWER_CASE);
        at += 8;
    }
    hash
}

/// Of an account or a number, without what groups it.
pub(super) fn hash_ungrouped(bytes: &[u8]) -> u64 {
    let mut all = [0; ACCOUNT_BYTES_MAX];
    let mut length = 0;
    for byte in bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).take(all.len()) {
        all[length] = *byte;
        length += 1;
    }
    hash_ascii(&all[..length])
}

/// The longest account number.
pub(super) const ACCOUNT_BYTES_MAX: usize = 34;
