//! The key of hashes, tokens and fingerprints, and what is derived from it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::token::Cipher;

/// The 32 secret bytes behind the operators `hash` and `token` and behind the fingerprints of findings.
///
/// Each use has a key of its own, derived from this one by HKDF-SHA256 (RFC 5869), and each tenant another
/// ([`RedactionKey::for_tenant`]). It is never shown: `Debug` leaves it out, and nothing writes it.
///
/// ```
/// use aop_engine::RedactionKey;
///
/// let key: RedactionKey = "8f3ac1d0457be92613fd6a80c5274e9b0d61f7a3c82e95b4706d1fe83ab2c954".parse()?;
/// assert_eq!(format!("{key:?}"), "RedactionKey(…)");
/// assert!("hunter2".parse::<RedactionKey>().is_err());
/// # Ok::<(), aop_engine::RedactionKeyError>(())
/// ```
#[derive(Clone)]
pub struct RedactionKey([u8; RedactionKey::BYTES]);

/// Why a text is no [`RedactionKey`]. It does not hold the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RedactionKeyError(String);

impl RedactionKey {
    /// How many bytes a key has.
    pub const BYTES: usize = 32;

    /// A key of these bytes, which come from a generator for secrets.
    pub fn new(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// The key of one tenant, such as an organisation: values of different tenants have different hashes, and one tenant's
    /// tokens cannot be opened by another's key.
    pub fn for_tenant(&self, id: &str) -> Self {
        Self(self.derived("tenant", id))
    }

    fn derived(&self, purpose: &str, of: &str) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let info: [&[u8]; 3] = [purpose.as_bytes(), b"|", of.as_bytes()];
        Hkdf::<Sha256>::new(Some(b"aop/v1/redaction"), &self.0)
            .expand_multi_info(&info, &mut bytes)
            .expect("HKDF-SHA256 gives up to 8160 bytes");
        bytes
    }
}

/// Reads 64 hexadecimal digits, or base64 of either alphabet with or without its `=`; white space around it is passed over.
impl FromStr for RedactionKey {
    type Err = RedactionKeyError;

    fn from_str(text: &str) -> Result<Self, RedactionKeyError> {
        let text = text.trim();
        let bytes = match text.len() {
            64 => hexadecimal(text),
            43 | 44 => {
                let digits = text.trim_end_matches('=');
                URL_SAFE_NO_PAD.decode(digits).or_else(|_| STANDARD_NO_PAD.decode(digits)).ok()
            }
            length => {
                let message = format!(
                    "a redaction key has 32 bytes, written as 64 hexadecimal digits or as 43 or 44 characters of base64; \
                     this has {length} characters"
                );
                return Err(RedactionKeyError(message));
            }
        };
        let bytes: [u8; Self::BYTES] = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
            let form = if text.len() == 64 { "hexadecimal digits" } else { "base64" };
            RedactionKeyError(format!("this redaction key has the length of {form}, and other characters"))
        })?;
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(RedactionKeyError("every byte of this redaction key is the same; make one at random".to_owned()));
        }
        Ok(Self(bytes))
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.as_bytes().chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect()
}

impl fmt::Debug for RedactionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedactionKey(…)")
    }
}

/// What a key is used for, each with a key of its own.
#[derive(Clone)]
pub(crate) struct DerivedKeys {
    hash: Hmac<Sha256>,
    fingerprint: Hmac<Sha256>,
    pub(super) token: Cipher,
}

impl DerivedKeys {
    pub(crate) fn new(key: &RedactionKey) -> Self {
        let mac = |purpose| Hmac::new_from_slice(&key.derived(purpose, "")).expect("HMAC takes keys of any length");
        Self { hash: mac("hash"), fingerprint: mac("fingerprint"), token: Cipher::new(key.derived("token", "")) }
    }

    /// What stands for a value in the operator `hash`: 80 bits of its HMAC as 20 letters from a to p.
    ///
    /// Letters alone: no number, key or address can stand in a text of this form, so that a text which only looks like a hash
    /// hides nothing, and no detector finds anything in one.
    pub(crate) fn hash(&self, entity: &str, canonical: &str) -> String {
        nibbles(&self.hash, entity, canonical, super::placeholder::HASH_LETTERS, b"abcdefghijklmnop")
    }

    /// What stands for a value in [`aop_toon::Finding::fingerprint`]: 64 bits of its HMAC in hexadecimal.
    pub(crate) fn fingerprint(&self, entity: &str, canonical: &str) -> String {
        nibbles(&self.fingerprint, entity, canonical, 16, b"0123456789abcdef")
    }
}

fn nibbles(mac: &Hmac<Sha256>, entity: &str, canonical: &str, count: usize, digits: &[u8; 16]) -> String {
    let mut mac = mac.clone();
    mac.update(entity.as_bytes());
    mac.update(b"\0");
    mac.update(canonical.as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .take(count)
        .map(|nibble| char::from(digits[usize::from(nibble)]))
        .collect()
}

impl fmt::Debug for DerivedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivedKeys(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn hexadecimal_and_base64_are_the_same_key() {
        let keys = [
            HEX,
            &HEX.to_uppercase(),
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
        ];
        for key in keys {
            assert_eq!(key.parse::<RedactionKey>().unwrap().0, std::array::from_fn(|at| at as u8), "{key}");
        }
        let urlsafe = "-_".repeat(21) + "8";
        assert_eq!(
            urlsafe.parse::<RedactionKey>().unwrap().0,
            urlsafe.replace('-', "+").replace('_', "/").parse::<RedactionKey>().unwrap().0
        );
    }

    #[test]
    fn what_is_no_key_is_said_without_it() {
        for (text, said) in [
            ("", "this has 0 characters"),
            ("hunter2hunter2", "this has 14 characters"),
            (&HEX.replace('f', "g"), "has the length of hexadecimal digits"),
            (&"0".repeat(64), "every byte of this redaction key is the same"),
            (&"!".repeat(43), "has the length of base64"),
        ] {
            let error = text.parse::<RedactionKey>().unwrap_err().to_string();
            assert!(error.contains(said) && (text.is_empty() || !error.contains(text)), "{error}");
        }
    }

    // A change of these makes every hash that was ever written unjoinable with the new ones.
    #[test]
    fn what_is_derived_stays_the_same() {
        let key: RedactionKey = HEX.parse().unwrap();
        let keys = DerivedKeys::new(&key);
        assert_eq!(keys.hash("US_SSN", "536904399"), "oilhoonlinmllkngkckm");
        assert_eq!(keys.fingerprint("US_SSN", "536904399"), "c9cd386f27dafbd8");
        let tenant = DerivedKeys::new(&key.for_tenant("acme"));
        assert_eq!(tenant.hash("US_SSN", "536904399"), "ojdckbonogfbgnfdlnck");
    }

    #[test]
    fn uses_tenants_entities_and_keys_are_kept_apart() {
        let key: RedactionKey = HEX.parse().unwrap();
        let keys = DerivedKeys::new(&key);
        let hash = keys.hash("US_SSN", "536904399");
        assert_ne!(hash, keys.hash("US_ITIN", "536904399"));
        assert_ne!(hash, keys.hash("US_SSN", "536904398"));
        assert_ne!(hash, DerivedKeys::new(&key.for_tenant("a")).hash("US_SSN", "536904399"));
        assert_ne!(key.for_tenant("a").0, key.for_tenant("b").0);
        assert_ne!(key.derived("hash", ""), key.derived("fingerprint", ""));
        assert_ne!(key.derived("tenant", ""), key.derived("token", ""));
    }
}
