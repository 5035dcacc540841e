//! Checks a value carries in itself: check digits, lengths by country, check sums.
//!
//! Each is a pure function of digits or bytes, with the source of its table beside it. A recognizer finds a candidate;
//! these say whether it can be what it looks like.

pub mod base58;
pub mod bech32;
pub mod crc32;
pub mod date;
pub mod iban;
pub mod iso7064;
pub mod keccak;
pub mod luhn;
pub mod verhoeff;
pub mod weighted;
