//! What is remembered: fingerprints and tokens in a hash table of bounded size and bounded chains.
//!
//! The hash is public, so a stranger can crowd a chain or fill the table. Neither costs time without bound: what has no room is not
//! stored, and the table says so. Entries of one hash hang behind each other, the newest first; a search that meets too many
//! of them gives up and says that.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Source, SourceId};
use crate::value::Reason;

/// Fingerprints and tokens of a run: about 200 KB of text.
pub(crate) const ENTRIES_MAX: usize = 65_536;

/// Words that users and the system said.
pub(crate) const TOLD_MAX: usize = 32_768;

/// Events whose text could not be read.
pub(super) const UNREAD_MAX: usize = 4_096;

/// Bytes of all JSON Pointers. What has no room for its own gets none.
pub(super) const PATH_BYTES_MAX: usize = 1 << 20;

/// Different hashes in one chain. By chance there are never so many.
const CHAIN_MAX: usize = 32;

/// How far an equal entry of the same event is looked for; what is not found is stored twice, which does no harm.
const DUPLICATE_STEPS_MAX: usize = 8;

/// Steps that each search has, and those it gets for each thing that it looks for.
pub(super) const STEPS_SPARE: usize = 65_536;
pub(super) const STEPS_PER_ITEM: usize = 64;

const NOTHING: u32 = u32::MAX;

/// What a run remembers of the texts that flow: hashes and places, never the texts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(super) events: Vec<EventRecord>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) entries: Vec<Entry>,
    /// Hashes of the tokens that users and the system said.
    pub(super) told: HashSet<u64>,
    /// Events of which a source had to have a text and had none, by their `seq`, with the reason.
    pub(super) unread: BTreeMap<(SourceId, u64), Reason>,
    pub(super) has_overflowed: bool,
    pub(super) told_has_overflowed: bool,
    path_bytes: usize,
    index: Index,
}

/// Finds entries by their hash. It is made anew when a table is read.
#[derive(Debug, Clone, Default)]
struct Index {
    /// The first entry of each chain. The size is a power of two.
    heads: Vec<u32>,
    links: Vec<Links>,
}

/// Of an entry.
#[derive(Debug, Clone, Copy)]
struct Links {
    /// The newest entry of the next hash in the chain; of no meaning when this is not the newest of its own.
    next: u32,
    /// The one before with the same hash.
    older: u32,
}

/// An event that gave texts to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EventRecord {
    pub(super) source: SourceId,
    pub(super) seq: u64,
    /// A user or system message.
    pub(super) told: bool,
}

/// A text of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leaf {
    pub(super) event: u32,
    pub(super) path: Box<str>,
}

/// A fingerprint or a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) hash: u64,
    /// What stands beside a gram ([`super::grams::Beside`]); 0 for a token.
    pub(super) beside: u64,
    pub(super) leaf: u32,
    /// Bytes of the leaf's text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// A gram's first unit; [`TOKEN`] for a token.
    pub(super) unit: u32,
}

impl Entry {
    pub(super) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// In place of a unit.
pub(super) const TOKEN: u32 = u32::MAX;

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.events == other.events
            && self.leaves == other.leaves
            && self.entries == other.entries
            && self.told == other.told
            && self.unread == other.unread
            && self.has_overflowed == other.has_overflowed
            && self.told_has_overflowed == other.told_has_overflowed
    }
}

impl Table {
    /// A table with its index. The parts fit together.
    pub(super) fn from_parts(
        events: Vec<EventRecord>,
        leaves: Vec<Leaf>,
        entries: Vec<Entry>,
        told: HashSet<u64>,
        unread: BTreeMap<(SourceId, u64), Reason>,
        has_overflowed: bool,
        told_has_overflowed: bool,
    ) -> Self {
        let path_bytes = leaves.iter().map(|leaf| leaf.path.len()).sum();
        let index = Index::new(&entries);
        Self { events, leaves, entries, told, unread, has_overflowed, told_has_overflowed, path_bytes, index }
    }

    /// Forgets what came from all places but these, after a reload.
    pub(crate) fn keep(&mut self, sources: &[SourceId]) {
        let mut events = Vec::new();
        let new_events: Vec<Option<u32>> = self
            .events
            .iter()
            .map(|event| {
                sources.contains(&event.source).then(|| {
                    events.push(*event);
                    (events.len() - 1) as u32
                })
            })
            .collect();
        let mut leaves = Vec::new();
        let new_leaves: Vec<Option<u32>> = self
            .leaves
            .iter()
            .map(|leaf| {
                new_events[leaf.event as usize].map(|event| {
                    leaves.push(Leaf { event, path: leaf.path.clone() });
                    (leaves.len() - 1) as u32
                })
            })
            .collect();
        let entries = self
            .entries
            .iter()
            .filter_map(|entry| new_leaves[entry.leaf as usize].map(|leaf| Entry { leaf, ..*entry }))
            .collect();
        let (told, mut unread) = (std::mem::take(&mut self.told), std::mem::take(&mut self.unread));
        unread.retain(|(source, _), _| sources.contains(source));
        // What had no room stays forgotten.
        *self = Self::from_parts(events, leaves, entries, told, unread, self.has_overflowed, self.told_has_overflowed);
    }

    /// Whether something had no room: what a query does not find is unknown then.
    pub(crate) fn is_full(&self) -> bool {
        self.has_overflowed || self.told_has_overflowed
    }

    /// The record of an event, a new one when it has none. Events come one after the other, so it is the last or none.
    pub(super) fn event(&mut self, source: Source) -> u32 {
        let record = EventRecord { source: source.id, seq: source.seq, told: source.told };
        let recent = self.events.len().saturating_sub(RECENT_EVENTS);
        if let Some(at) = self.events[recent..].iter().rposition(|event| *event == record) {
            return (recent + at) as u32;
        }
        self.events.push(record);
        (self.events.len() - 1) as u32
    }

    /// A new text of an event; [`Table::end_leaf`] must follow.
    pub(super) fn begin_leaf(&mut self, event: u32) -> u32 {
        self.leaves.push(Leaf { event, path: "".into() });
        (self.leaves.len() - 1) as u32
    }

    /// Gives the newest text its path, or takes it back when it has no entries.
    pub(super) fn end_leaf(&mut self, path: impl FnOnce() -> String) {
        let newest = (self.leaves.len() as u32).wrapping_sub(1);
        let Some(leaf) = self.leaves.last_mut() else { return };
        if self.entries.last().is_none_or(|entry| entry.leaf != newest) {
            self.leaves.pop();
            return;
        }
        let path = path();
        if self.path_bytes + path.len() <= PATH_BYTES_MAX {
            self.path_bytes += path.len();
            leaf.path = path.into();
        }
    }

    /// Takes back an event without texts.
    pub(super) fn end_event(&mut self, event: u32) {
        if event as usize + 1 == self.events.len() && self.leaves.last().is_none_or(|leaf| leaf.event != event) {
            self.events.pop();
        }
    }

    /// Puts an entry in, unless its event has an equal one. The leaf is that of the entry.
    pub(super) fn put(&mut self, event: u32, entry: Entry) {
        if self.has_overflowed {
            return;
        }
        if self.entries.len() >= self.index.heads.len() && self.entries.len() < ENTRIES_MAX {
            self.index = Index::new(&self.entries);
        }
        let place = self.index.place(&self.entries, entry.hash);
        let mut older = place.newest;
        for _ in 0..DUPLICATE_STEPS_MAX {
            let Some(other) = self.entries.get(older as usize) else { break };
            if self.leaves[other.leaf as usize].event != event {
                break;
            }
            if other.beside == entry.beside {
                return;
            }
            older = self.index.links[older as usize].older;
        }
        if self.entries.len() >= ENTRIES_MAX || place.is_crowded {
            self.has_overflowed = true;
            return;
        }
        self.index.link(place);
        self.entries.push(entry);
    }

    /// The entries with this hash, the newest first.
    pub(super) fn find(&self, hash: u64) -> impl Iterator<Item = u32> {
        let mut next = self.index.place(&self.entries, hash).newest;
        std::iter::from_fn(move || {
            let at = next;
            next = self.index.links.get(at as usize)?.older;
            Some(at)
        })
    }

    /// How many fingerprints and tokens there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Says that a source had to have a text in an event, and why there is none.
    pub(crate) fn insert_unread(&mut self, source: SourceId, seq: u64, reason: Reason) {
        if self.unread.len() < UNREAD_MAX {
            self.unread.insert((source, seq), reason);
        } else {
            self.has_overflowed = true;
        }
    }

    /// Why the text of an event is not known; nothing when it is.
    pub(crate) fn unread(&self, source: SourceId, seq: u64) -> Option<Reason> {
        self.unread.get(&(source, seq)).copied()
    }

    pub(super) fn tell(&mut self, hash: u64) {
        if self.told.len() < TOLD_MAX {
            self.told.insert(hash);
        } else if !self.told.contains(&hash) {
            self.told_has_overflowed = true;
        }
    }
}

/// Where a hash belongs in the index.
#[derive(Clone, Copy)]
struct Place {
    bucket: usize,
    /// The newest entry with the hash, and the entry before it in the chain.
    newest: u32,
    previous: u32,
    /// The chain has no room.
    is_crowded: bool,
}

impl Index {
    fn new(entries: &[Entry]) -> Self {
        let size = (entries.len() * 4).next_power_of_two().clamp(256, ENTRIES_MAX.next_power_of_two());
        let mut index = Self { heads: vec![NOTHING; size], links: Vec::with_capacity(size) };
        for (at, entry) in entries.iter().enumerate() {
            index.link(index.place(&entries[..at], entry.hash));
        }
        index
    }

    fn place(&self, entries: &[Entry], hash: u64) -> Place {
        let bucket = hash as usize & self.heads.len().wrapping_sub(1);
        let mut place = Place { bucket, newest: NOTHING, previous: NOTHING, is_crowded: false };
        let mut at = self.heads.get(bucket).copied().unwrap_or(NOTHING);
        for _ in 0..CHAIN_MAX {
            let Some(entry) = entries.get(at as usize) else { return place };
            if entry.hash == hash {
                return Place { newest: at, ..place };
            }
            place.previous = at;
            at = self.links[at as usize].next;
        }
        Place { is_crowded: true, ..place }
    }

    /// Takes the next entry in. It takes the place of its elder in the chain, or comes to its front.
    fn link(&mut self, place: Place) {
        let newest = self.links.len() as u32;
        let head = &mut self.heads[place.bucket];
        let mut links = Links { next: *head, older: place.newest };
        if let Some(elder) = self.links.get(place.newest as usize) {
            links.next = elder.next;
        }
        match self.links.get_mut(place.previous as usize) {
            Some(previous) if place.newest != NOTHING => previous.next = newest,
            _ => *head = newest,
        }
        self.links.push(links);
    }
}

/// An event's sources come one after the other; so far back is looked for its record.
const RECENT_EVENTS: usize = 64;
