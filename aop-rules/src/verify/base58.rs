//! Base58Check: the form in which Bitcoin and its kin write addresses, with four bytes of SHA-256 at the end.

use sha2::{Digest, Sha256};

/// Bitcoin's order of the digits; zero, capital O and I and small l are left out.
pub const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The order that the XRP Ledger has.
pub const RIPPLE: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// How many bytes text of at most so many digits holds.
const BYTES_MAX: usize = 40;

/// The bytes that digits of an alphabet stand for, most significant first, zeros in front kept, and how many they are.
/// Nothing when a character is no digit or there are too many.
pub fn decode(text: &[u8], alphabet: &[u8; 58]) -> Option<([u8; BYTES_MAX], usize)> {
    let mut bytes = [0u8; BYTES_MAX];
    let mut length = 0;
    for character in text {
        let mut carry = alphabet.iter().position(|digit| digit == character)?;
        for byte in bytes.iter_mut().rev().take(length) {
            carry += usize::from(*byte) * 58;
            *byte = (carry % 256) as u8;
            carry /= 256;
        }
        while carry > 0 {
            length += 1;
            *bytes.get_mut(BYTES_MAX.checked_sub(length)?)? = (carry % 256) as u8;
            carry /= 256;
        }
    }
    let zeros = text.iter().take_while(|&&character| character == alphabet[0]).count();
    let total = zeros + length;
    if total > BYTES_MAX {
        return None;
    }
    bytes.rotate_left(BYTES_MAX - total);
    Some((bytes, total))
}

/// The first byte of an address of 25 bytes whose check sum is right.
///
/// ```
/// use aop_rules::verify::base58;
///
/// assert_eq!(base58::version(b"1111111111111111111114oLvT2", base58::BITCOIN), Some(0));
/// assert_eq!(base58::version(b"1111111111111111111114oLvT3", base58::BITCOIN), None);
/// ```
pub fn version(text: &[u8], alphabet: &[u8; 58]) -> Option<u8> {
    let (bytes, length) = decode(text, alphabet)?;
    let (body, sum) = bytes[..length].split_at_checked(21)?;
    let expected = Sha256::digest(Sha256::digest(body));
    (sum == &expected[..4]).then(|| body[0])
}
