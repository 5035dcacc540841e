//! Encodings and hashes.

pub(super) mod decode_base64;
pub(super) mod decode_hex;
pub(super) mod decode_url;
pub(super) mod hash;
pub(super) mod is_base64;
