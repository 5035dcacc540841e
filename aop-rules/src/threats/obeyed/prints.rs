//! Lists of hashes as text: eight or sixteen hexadecimal digits each, one after the other.

use std::fmt::Write as _;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub(crate) fn serialize<S: Serializer>(prints: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(prints.len() * DIGITS);
    for print in prints {
        write!(text, "{print:0DIGITS$x}").expect("a string takes all text");
    }
    serializer.serialize_str(&text)
}

const DIGITS: usize = 16;

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    read(&text).ok_or_else(|| D::Error::custom("a list of hashes has sixteen hexadecimal digits each"))
}

fn read(text: &str) -> Option<Vec<u64>> {
    let is_whole = text.len().is_multiple_of(DIGITS) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let print = |digits: &[u8]| u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    is_whole.then(|| text.as_bytes().chunks(DIGITS).map(print).collect())?
}
