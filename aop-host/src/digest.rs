//! The fingerprint of an event's bytes and of its identity.

use sha2::{Digest as _, Sha256};

/// The first half of a SHA-256: 128 bits that nobody can steer.
///
/// Why SHA-256: on processors with its instructions it takes 0.2 µs for 300 bytes and 0.6 µs for 1 KB, less than blake3
/// does below 2 KB; it needs no key, so a digest means the same after a restart; and it is in the house already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest(pub(crate) [u8; 16]);

impl Digest {
    /// The digest of `bytes`.
    pub(crate) fn of(bytes: &[u8]) -> Digest {
        Digest::of_parts(&[bytes])
    }

    /// The digest of several byte strings in a row; the caller keeps them apart.
    pub(crate) fn of_parts(parts: &[&[u8]]) -> Digest {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        let whole: [u8; 32] = hash.finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        Digest(half)
    }
}
