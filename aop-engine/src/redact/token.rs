//! Tokens: values encrypted so that the key's owner can bring them back.
//!
//! AES-256-GCM-SIV (RFC 8452) under one nonce for all: it is made for that, and gives equal values equal tokens and tells nothing
//! else of them but their length. The entity's name is authenticated with the value, so that a token cannot be given another.

#[cfg(feature = "tokens")]
use aes_gcm_siv::aead::{AeadInOut as _, KeyInit as _};
#[cfg(feature = "tokens")]
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::key::DerivedKeys;

/// The tag that AES-GCM-SIV adds, and our first byte.
const OVERHEAD_BYTES: usize = 17;
/// The shortest token's characters, without its name: of an empty value.
pub(super) const CHARACTERS_MIN: usize = (OVERHEAD_BYTES * 4).div_ceil(3);

/// What a token holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    /// The bytes that stood there, as they were sent: with their escapes.
    pub(super) raw: String,
    /// Whether it was no text but a number or a boolean, so that the quotes around the token go with it.
    pub(super) is_bare: bool,
}

/// What seals and opens. Without the feature `tokens` it seals nothing, which settings may not ask for then, and opens nothing.
#[derive(Clone)]
pub(super) struct Cipher(#[cfg(feature = "tokens")] Aes256GcmSiv);

#[cfg(feature = "tokens")]
impl Cipher {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self(Aes256GcmSiv::new(&key.into()))
    }

    fn seal(&self, entity: &str, bytes: &mut Vec<u8>) {
        self.0
            .encrypt_in_place(&Nonce::default(), entity.as_bytes(), bytes)
            .expect("a document has less than the 64 GiB that AES-GCM-SIV takes");
    }

    fn open(&self, entity: &str, bytes: &mut Vec<u8>) -> Option<()> {
        self.0.decrypt_in_place(&Nonce::default(), entity.as_bytes(), bytes).ok()
    }
}

#[cfg(not(feature = "tokens"))]
impl Cipher {
    pub(super) fn new(_: [u8; 32]) -> Self {
        Self()
    }

    fn seal(&self, _: &str, bytes: &mut Vec<u8>) {
        debug_assert!(false, "settings with the operator `token` are refused");
        bytes.clear();
    }

    fn open(&self, _: &str, _: &mut Vec<u8>) -> Option<()> {
        None
    }
}

/// A token's body.
pub(super) fn seal(keys: &DerivedKeys, entity: &str, raw: &str, is_bare: bool) -> String {
    let mut bytes = Vec::with_capacity(raw.len() + OVERHEAD_BYTES);
    bytes.push(u8::from(is_bare));
    bytes.extend_from_slice(raw.as_bytes());
    keys.token.seal(entity, &mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a token's body holds; nothing when it was sealed with another key, for another entity, or has been changed.
pub(super) fn open(keys: &DerivedKeys, entity: &str, body: &str) -> Option<Sealed> {
    let mut bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
    keys.token.open(entity, &mut bytes)?;
    let (flag, raw) = bytes.split_first()?;
    let is_bare = match flag {
        0 => false,
        1 => true,
        _ => return None,
    };
    Some(Sealed { raw: String::from_utf8(raw.to_vec()).ok()?, is_bare })
}

#[cfg(all(test, feature = "tokens"))]
mod tests {
    use super::*;
    use crate::redact::key::RedactionKey;

    fn keys(first: u8) -> DerivedKeys {
        DerivedKeys::new(&RedactionKey::new(std::array::from_fn(|at| first.wrapping_add(at as u8))))
    }

    // A change of this makes every token that was ever written unreadable.
    #[test]
    fn a_token_stays_the_same() {
        assert_eq!(seal(&keys(0), "US_SSN", "536-90-4399", false), "h4ooqN_oUx9NWi2mBkS9dx_S_Z0hQrPDr-u3yg");
    }

    #[test]
    fn a_token_opens_with_its_key_and_its_entity_alone() {
        for (raw, is_bare) in [("", false), ("536904399", true), (r"caf\u00e9 é 🦀", false)] {
            let body = seal(&keys(0), "US_SSN", raw, is_bare);
            assert!(body.len() >= CHARACTERS_MIN);
            assert_eq!(open(&keys(0), "US_SSN", &body), Some(Sealed { raw: raw.to_owned(), is_bare }));
            assert_eq!(open(&keys(1), "US_SSN", &body), None);
            assert_eq!(open(&keys(0), "US_ITIN", &body), None);
        }
    }

    #[test]
    fn a_changed_token_does_not_open() {
        let body = seal(&keys(0), "US_SSN", "536-90-4399", false);
        for at in 0..body.len() {
            let mut changed = body.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(open(&keys(0), "US_SSN", std::str::from_utf8(&changed).unwrap()), None, "at {at}");
        }
        assert_eq!(open(&keys(0), "US_SSN", &body[1..]), None);
        assert_eq!(open(&keys(0), "US_SSN", ""), None);
    }
}
