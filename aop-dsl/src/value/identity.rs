//! What stands for a value where it is looked up.
//!
//! A run's memory is looked up by values that an attacker may choose: the accounts that a limit is kept for, the recipients
//! that are counted. Whoever could make two different values meet there could hide one behind the other, so keys do not
//! meet: a value whose encoding takes up to 15 bytes is its own key, and a longer one is known by 120 bits of its SHA-256. A
//! hash with a secret would be quicker, but keys are written out with a run's state and must be the same on every machine.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use super::Value;
use super::decimal::Exact;
use super::view::{View, for_each_sorted};

/// Stands for a value: two values have the same key when they are equal, and only then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key(u128);

impl Key {
    /// For tables: mixed, so that any of its bits may be used.
    pub(crate) fn hash(self) -> u64 {
        // Two rounds of multiplying and folding; nothing rests on it but how evenly a table is filled.
        let fold = |a: u64, b: u64| {
            let product = u128::from(a) * u128::from(b);
            (product >> 64) as u64 ^ product as u64
        };
        let (high, low) = ((self.0 >> 64) as u64, self.0 as u64);
        fold(fold(high ^ 0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9) ^ low ^ 0x94d0_49bb_1331_11eb, 0xd6e8_feb8_6659_fd93)
    }

    /// The key with these bits.
    pub(crate) fn from_bits(bits: u128) -> Self {
        Self(bits)
    }
}

/// 32 hexadecimal digits: not every format has numbers of 128 bits.
impl serde::Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> serde::Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// The key of a value: the same on every machine. What was too long to be remembered has the key of what it was.
pub(crate) fn key(value: &Value<'_>) -> Key {
    key_of(&View::of(value))
}

/// The key of several values in their order.
pub(crate) fn key_of_all<'v, 'e: 'v>(values: impl IntoIterator<Item = &'v Value<'e>>) -> Key {
    let mut writer = KeyWriter::default();
    values.into_iter().for_each(|value| writer.add(value));
    writer.finish()
}

/// A hash for tables: equal values have the same. See [`Key::hash`].
pub(crate) fn hash(value: &Value<'_>) -> u64 {
    key(value).hash()
}

/// The key of what is looked at.
pub(super) fn key_of(view: &View<'_>) -> Key {
    if let View::Digest(key) = view {
        return *key;
    }
    let mut writer = KeyWriter::default();
    encode(view, &mut writer);
    writer.finish()
}

/// Takes encodings one after the other: what fits into a key stands in it, and what is longer is hashed.
pub(crate) struct KeyWriter {
    /// What was not hashed yet: hashing is dear to begin, and few values are longer than this.
    pending: [u8; PENDING_MAX],
    length: usize,
    hasher: Option<Sha256>,
}

/// Four blocks of SHA-256.
const PENDING_MAX: usize = 256;

/// How many bytes of an encoding fit into a key.
const SHORT_MAX: usize = 15;

impl Default for KeyWriter {
    fn default() -> Self {
        Self { pending: [0; PENDING_MAX], length: 0, hasher: None }
    }
}

impl KeyWriter {
    /// Adds a value.
    pub(crate) fn add(&mut self, value: &Value<'_>) {
        encode(&View::of(value), self);
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        match self.pending.get_mut(self.length..self.length + bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.length += bytes.len();
            }
            None => self.write_long(bytes),
        }
    }

    fn write_long(&mut self, bytes: &[u8]) {
        let hasher = self.hasher.get_or_insert_default();
        hasher.update(&self.pending[..self.length]);
        hasher.update(bytes);
        self.length = 0;
    }

    /// The key of all that was added.
    pub(crate) fn finish(&mut self) -> Key {
        let pending = &self.pending[..self.length];
        let mut key = [0u8; 16];
        if self.hasher.is_none() && self.length <= SHORT_MAX {
            key[..self.length].copy_from_slice(pending);
            key[SHORT_MAX] = self.length as u8;
        } else {
            let hash = self.hasher.take().unwrap_or_default().chain_update(pending).finalize();
            key[..SHORT_MAX].copy_from_slice(&hash[..SHORT_MAX]);
            key[SHORT_MAX] = 0xff;
        }
        Key(u128::from_le_bytes(key))
    }
}

/// Texts up to this length need one byte beyond their own.
const SHORT_TEXT: usize = 0x7f;

/// Writes a value so that two encodings are the same when the values are equal and only then, and none is the start of
/// another.
fn encode(view: &View<'_>, out: &mut KeyWriter) {
    match view {
        View::Null => out.write(&[0]),
        View::Bool(truth) => out.write(&[1 + u8::from(*truth)]),
        View::Number(number) => encode_number(number, out),
        View::Text(text) => encode_text(text, out),
        View::Time(time) => encode_integer(0x10, time.micros() as u64, out),
        View::Duration(micros) => encode_integer(0x11, *micros as u64, out),
        View::Size(bytes) => encode_integer(0x12, *bytes, out),
        View::Ip(ip) => encode_ip(0x13, *ip, out),
        View::Network(network) => {
            encode_ip(0x15, network.addr(), out);
            out.write(&[network.prefix_len()]);
        }
        View::Pattern(kind, text) => {
            out.write(&[0x17, *kind as u8]);
            encode_text(text, out);
        }
        View::Detection(detection) => {
            encode_integer(0x18, u64::from(detection.count), out);
            encode_number(&detection.score.into(), out);
        }
        View::Digest(key) => {
            out.write(&[0x19]);
            out.write(&key.0.to_le_bytes());
        }
        View::List(list) => {
            encode_length(0x20, list.len(), out);
            for item in list.iter() {
                encode(&item, out);
            }
        }
        View::Object(object) => {
            encode_length(0x24, object.entries().count(), out);
            for_each_sorted(*object, &mut |key, value| {
                encode_text(key, out);
                encode(&View::of_json(value), out);
            });
        }
    }
}

/// A text of up to 14 bytes fits into a key.
fn encode_text(text: &str, out: &mut KeyWriter) {
    match u8::try_from(text.len()) {
        Ok(length) if text.len() <= SHORT_TEXT => out.write(&[0x80 | length]),
        _ => encode_length(0x28, text.len(), out),
    }
    out.write(text.as_bytes());
}

/// The tag, and as many bytes as the length needs; how many these are is added to the tag, which must have room for 3.
fn encode_length(tag: u8, length: usize, out: &mut KeyWriter) {
    let length = length as u64;
    match length {
        0..=0xff => out.write(&[tag, length as u8]),
        0x100..=0xffff_ffff => {
            out.write(&[tag + 1]);
            out.write(&(length as u32).to_le_bytes());
        }
        _ => encode_integer(tag + 2, length, out),
    }
}

fn encode_integer(tag: u8, integer: u64, out: &mut KeyWriter) {
    out.write(&[tag]);
    out.write(&integer.to_le_bytes());
}

/// Numbers of up to 11 bytes fit into a key when their exponent takes a byte.
fn encode_number(number: &Exact<'_>, out: &mut KeyWriter) {
    let (negative, exponent) = match number {
        Exact::Short { negative, exponent, .. } | Exact::Long { negative, exponent, .. } => (*negative, *exponent),
    };
    match i8::try_from(exponent) {
        Ok(exponent) => out.write(&[0x30 | u8::from(negative), exponent as u8]),
        Err(_) => encode_integer(0x32 | u8::from(negative), exponent as u64, out),
    }
    match number {
        Exact::Short { digits, .. } => {
            let bytes = digits.to_le_bytes();
            let length = 16 - digits.leading_zeros() as usize / 8;
            out.write(&[length as u8]);
            out.write(&bytes[..length]);
        }
        Exact::Long { digits, .. } => {
            encode_length(0x28, digits.len(), out);
            out.write(digits.as_bytes());
        }
    }
}

fn encode_ip(tag: u8, ip: IpAddr, out: &mut KeyWriter) {
    match ip {
        IpAddr::V4(v4) => {
            out.write(&[tag]);
            out.write(&v4.octets());
        }
        IpAddr::V6(v6) => {
            out.write(&[tag + 1]);
            out.write(&v6.octets());
        }
    }
}
