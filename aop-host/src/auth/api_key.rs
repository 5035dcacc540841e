//! The form of an API key: `aop_<env>_<key id>_<43 base62 digits: 256 bits><6 base62 digits: CRC-32>`.
//!
//! The check sum catches typing errors and lets secret scanners recognise a key; it authenticates nobody. The host keeps
//! the SHA-256 of the whole key, which is enough for 256 random bits.

use std::fmt;

use sha2::{Digest as _, Sha256};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET_DIGITS: usize = 43;
const CHECK_DIGITS: usize = 6;
const ID_BYTES: usize = 9;

/// A bearer API key. It shows itself only through [`ApiKey::reveal`]; its `Debug` names the key's id alone.
///
/// ```
/// use aop_host::ApiKey;
///
/// let key = ApiKey::generate("live").unwrap();
/// assert!(key.reveal().starts_with("aop_live_"));
/// assert!(!format!("{key:?}").contains(key.reveal()));
/// assert_eq!(ApiKey::parse(key.reveal()).unwrap().id(), key.id());
/// ```
pub struct ApiKey {
    text: String,
    id: std::ops::Range<usize>,
}

/// Why a text is no API key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyError {
    /// The text has another shape.
    #[error("not an API key: aop_<env>_<key id>_<49 letters and digits> was expected")]
    Form,
    /// The shape is right and the check sum is not: a digit was mistyped or lost.
    #[error("the API key's check sum does not match: a character was mistyped or lost")]
    CheckSum,
    /// The environment's name has other characters than lower-case letters and digits.
    #[error("a key's environment must be 1 to 16 lower-case letters or digits, not {0:?}")]
    Environment(String),
    /// The machine gave no random bytes.
    #[error("no random bytes for a new key: {0}")]
    Random(String),
}

impl ApiKey {
    /// A new random key of the environment `env`.
    ///
    /// # Errors
    /// When `env` is not 1 to 16 lower-case letters or digits, or the machine has no random bytes.
    pub fn generate(env: &str) -> Result<ApiKey, ApiKeyError> {
        if !is_environment(env) {
            return Err(ApiKeyError::Environment(env.to_owned()));
        }
        let random = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(|error| ApiKeyError::Random(error.to_string()));
        let mut id = [0; ID_BYTES];
        let mut secret = [0; 32];
        random(&mut id)?;
        random(&mut secret)?;
        let mut text = format!("aop_{env}_");
        let start = text.len();
        text.push_str(&base62(&id, 12));
        let end = text.len();
        text.push('_');
        text.push_str(&base62(&secret, SECRET_DIGITS));
        let sum = base62(&crc32(text.as_bytes()).to_be_bytes(), CHECK_DIGITS);
        text.push_str(&sum);
        Ok(ApiKey { text, id: start..end })
    }

    /// Reads a key that was presented, and checks its form and check sum.
    ///
    /// # Errors
    /// When the form or the check sum is wrong.
    pub fn parse(text: &str) -> Result<ApiKey, ApiKeyError> {
        let mut parts = text.split('_');
        let (Some("aop"), Some(env), Some(id), Some(secret), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ApiKeyError::Form);
        };
        let is_word = |word: &str, longest: usize| {
            (1..=longest).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !is_environment(env) || !is_word(id, 32) || !is_word(secret, 64) || secret.len() != SECRET_DIGITS + CHECK_DIGITS {
            return Err(ApiKeyError::Form);
        }
        let (signed, sum) = text.split_at(text.len() - CHECK_DIGITS);
        if base62(&crc32(signed.as_bytes()).to_be_bytes(), CHECK_DIGITS) != sum {
            return Err(ApiKeyError::CheckSum);
        }
        let start = "aop_".len() + env.len() + 1;
        Ok(ApiKey { text: text.to_owned(), id: start..start + id.len() })
    }

    /// The public part, which the host looks the key up by.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.text[self.id.clone()]
    }

    /// The whole key, secret included: for handing it out once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What the host keeps of a key.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}, secret withheld)", self.id())
    }
}

fn is_environment(env: &str) -> bool {
    (1..=16).contains(&env.len()) && env.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// The big-endian number in base 62, left-padded with zeros to `width` digits.
fn base62(bytes: &[u8], width: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0u32;
        for byte in &mut number {
            let value = remainder << 8 | u32::from(*byte);
            *byte = u8::try_from(value / 62).expect("the remainder is below 62, so the quotient is below 256");
            remainder = value % 62;
        }
        *digit = DIGITS[remainder as usize];
    }
    digits.into_iter().map(char::from).collect()
}

/// CRC-32 as zip and PNG use it (polynomial 0xEDB88320), bit by bit: a key has 70 bytes.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::{ApiKey, ApiKeyError, base62, crc32};

    #[test]
    fn check_sum_is_the_well_known_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn base62_counts() {
        assert_eq!(base62(&[0], 2), "00");
        assert_eq!(base62(&[61], 2), "0z");
        assert_eq!(base62(&[62], 2), "10");
        assert_eq!(base62(&[0xff; 32], 43).len(), 43);
    }

    #[test]
    fn a_mistyped_key_is_told_from_another_text() {
        let key = ApiKey::generate("test").unwrap();
        let mut text = key.reveal().to_owned();
        let last = if text.pop() == Some('a') { 'b' } else { 'a' };
        text.push(last);
        assert_eq!(ApiKey::parse(&text).unwrap_err(), ApiKeyError::CheckSum);
        assert_eq!(ApiKey::parse("aop_test_id").unwrap_err(), ApiKeyError::Form);
        assert_eq!(ApiKey::parse("").unwrap_err(), ApiKeyError::Form);
        assert!(ApiKey::generate("Live!").is_err());
    }
}
