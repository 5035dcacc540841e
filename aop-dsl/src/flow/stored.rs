//! The table as it is written out: entries are a text of base64 over small numbers, since there may be many of them.
//!
//! An entry is its hash (8 bytes), then numbers of 7 bits a byte, the lowest first: how many leaves further it is than the one
//! before, the byte where it starts, its length, and its unit plus one (0 for a token). A gram has what is beside it (8 bytes) behind that.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::table::{ENTRIES_MAX, Entry, EventRecord, Leaf, PATH_BYTES_MAX, TOKEN, TOLD_MAX, Table, UNREAD_MAX};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'t> {
    /// A table of another version means other things by its hashes.
    version: u32,
    events: std::borrow::Cow<'t, [EventRecord]>,
    leaves: std::borrow::Cow<'t, [Leaf]>,
    entries: String,
    told: String,
    unread: Vec<(super::SourceId, u64, crate::value::Reason)>,
    full: bool,
    told_full: bool,
}

const VERSION: u32 = 2;

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told: Vec<u64> = self.told.iter().copied().collect();
        told.sort_unstable();
        let told: Vec<u8> = told.into_iter().flat_map(u64::to_le_bytes).collect();
        let stored = Stored {
            version: VERSION,
            events: self.events.as_slice().into(),
            leaves: self.leaves.as_slice().into(),
            entries: base64(&write_entries(&self.entries)),
            told: base64(&told),
            unread: self.unread.iter().map(|((source, seq), reason)| (*source, *seq, *reason)).collect(),
            full: self.has_overflowed,
            told_full: self.told_has_overflowed,
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        if stored.version != VERSION {
            return Err(de::Error::custom(format_args!(
                "a flow table of version {}, where {VERSION} is read",
                stored.version
            )));
        }
        read_table(stored).ok_or_else(|| de::Error::custom("the flow table does not fit together"))
    }
}

fn read_table(stored: Stored<'_>) -> Option<Table> {
    let bytes = from_base64(&stored.told)?;
    let (hashes, rest) = bytes.as_chunks::<8>();
    let told: std::collections::HashSet<u64> = hashes.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
    let (events, leaves) = (stored.events.into_owned(), stored.leaves.into_owned());
    let fits = rest.is_empty()
        && told.len() <= TOLD_MAX
        && stored.unread.len() <= UNREAD_MAX
        && leaves.len() <= ENTRIES_MAX
        && events.len() <= leaves.len()
        && leaves.iter().all(|leaf| (leaf.event as usize) < events.len())
        && leaves.iter().map(|leaf| leaf.path.len()).sum::<usize>() <= PATH_BYTES_MAX;
    if !fits {
        return None;
    }
    let entries = read_entries(&from_base64(&stored.entries)?, leaves.len())?;
    let unread = stored.unread.into_iter().map(|(source, seq, reason)| ((source, seq), reason)).collect();
    Some(Table::from_parts(events, leaves, entries, told, unread, stored.full, stored.told_full))
}

fn write_entries(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.len() * 24);
    let mut leaf_before = 0;
    for entry in entries {
        bytes.extend(entry.hash.to_le_bytes());
        write_number(&mut bytes, entry.leaf - leaf_before);
        write_number(&mut bytes, entry.start);
        write_number(&mut bytes, entry.end - entry.start);
        write_number(&mut bytes, entry.unit.wrapping_add(1));
        if entry.unit != TOKEN {
            bytes.extend(entry.beside.to_le_bytes());
        }
        leaf_before = entry.leaf;
    }
    bytes
}

fn read_entries(mut bytes: &[u8], leaves: usize) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut leaf: u32 = 0;
    while !bytes.is_empty() {
        let hash = read_hash(&mut bytes)?;
        leaf = leaf.checked_add(read_number(&mut bytes)?)?;
        let start = read_number(&mut bytes)?;
        let end = start.checked_add(read_number(&mut bytes)?)?;
        let unit = read_number(&mut bytes)?.wrapping_sub(1);
        let beside = if unit == TOKEN { 0 } else { read_hash(&mut bytes)? };
        if leaf as usize >= leaves || entries.len() == ENTRIES_MAX {
            return None;
        }
        entries.push(Entry { hash, beside, leaf, start, end, unit });
    }
    Some(entries)
}

fn read_hash(bytes: &mut &[u8]) -> Option<u64> {
    let (hash, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*hash))
}

fn write_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(0x80 | (number & 0x7F) as u8);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number: u64 = 0;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return u32::try_from(number).ok();
        }
    }
    None
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 without padding, in the alphabet for URLs.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for (place, &digit) in chunk.iter().enumerate() {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'-' => 62,
                b'_' => 63,
                _ => return None,
            };
            bits |= u32::from(value) << (18 - 6 * place);
        }
        let [_, group @ ..] = bits.to_be_bytes();
        // One digit alone holds no byte.
        bytes.extend(&group[..chunk.len().checked_sub(1).filter(|length| *length > 0)?]);
    }
    Some(bytes)
}
