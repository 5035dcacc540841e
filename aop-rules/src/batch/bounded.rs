//! Tables and lists of bounded size that do not depend on the order in which things come.
//!
//! What stays is decided by what a thing is, never by when it came: the first few in an order, or the few whose digests are
//! least. So whatever is put in on two machines and put together later is what one machine would have kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// How many runs, agents or sessions a cell names.
pub(super) const NAMED_MAX: usize = 4;

/// The first [`NAMED_MAX`] of a set in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct First<T: Ord> {
    items: BTreeSet<T>,
}

impl<T: Ord> Default for First<T> {
    fn default() -> Self {
        Self { items: BTreeSet::new() }
    }
}

impl<T: Ord + Clone> First<T> {
    pub(super) fn insert(&mut self, item: &T) {
        let is_early = self.items.len() < NAMED_MAX || self.items.last().is_some_and(|last| item < last);
        if is_early && !self.items.contains(item) {
            self.items.insert(item.clone());
            self.cut();
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        other.items.iter().for_each(|item| self.insert(item));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    fn cut(&mut self) {
        while self.items.len() > NAMED_MAX {
            self.items.pop_last();
        }
    }
}

/// 128 bits of SHA-256: keys are strangers' texts, and no two may be taken for one.
pub(super) type Digest = u128;

/// The digest of a key's parts.
pub(super) fn digest<'p>(parts: impl IntoIterator<Item = &'p str>) -> Digest {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    Digest::from_be_bytes(first)
}

/// What a [`Capped`] table is kept by.
pub(super) trait Key: Clone + Ord {
    fn digest(&self) -> Digest;
}

/// What a [`Capped`] table keeps.
pub(super) trait Cell: Clone + Default {
    /// Adds what another cell has counted.
    fn merge(&mut self, other: &Self);
}

/// A table of at most so many keys: those with the least digests. What it has of a key that is in it is all that ever came of it,
/// since a key that was once left out stays out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Capped<K, V> {
    entries: BTreeMap<Digest, Entry<K, V>>,
    /// How often any key was touched, those left out included.
    touches: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<K, V> {
    key: K,
    touches: u64,
    cell: V,
}

impl<K, V> Default for Capped<K, V> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), touches: 0 }
    }
}

impl<K: Key, V: Cell> Capped<K, V> {
    /// Changes the cell of a key, when the table has a place for it.
    pub(super) fn touch(&mut self, max: usize, digest: Digest, key: impl FnOnce() -> K, change: impl FnOnce(&mut V)) {
        self.touches = self.touches.saturating_add(1);
        if let Some(entry) = self.entry(max, digest, key) {
            entry.touches = entry.touches.saturating_add(1);
            change(&mut entry.cell);
        }
        self.cut(max);
    }

    fn entry(&mut self, max: usize, digest: Digest, key: impl FnOnce() -> K) -> Option<&mut Entry<K, V>> {
        let is_out = self.entries.len() >= max && self.entries.last_key_value().is_none_or(|(last, _)| digest > *last);
        if is_out {
            return None;
        }
        Some(self.entries.entry(digest).or_insert_with(|| Entry { key: key(), touches: 0, cell: V::default() }))
    }

    pub(super) fn merge(&mut self, max: usize, other: &Self) {
        self.touches = self.touches.saturating_add(other.touches);
        for (digest, entry) in &other.entries {
            if let Some(own) = self.entry(max, *digest, || entry.key.clone()) {
                own.touches = own.touches.saturating_add(entry.touches);
                own.cell.merge(&entry.cell);
            }
            self.cut(max);
        }
    }

    fn cut(&mut self, max: usize) {
        while self.entries.len() > max {
            self.entries.pop_last();
        }
    }

    /// How often keys were touched that are not in the table.
    pub(super) fn left_out(&self) -> u64 {
        let kept = self.entries.values().fold(0_u64, |sum, entry| sum.saturating_add(entry.touches));
        self.touches.saturating_sub(kept)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries.values().map(|entry| (&entry.key, &entry.cell))
    }
}

impl<K: Serialize, V: Serialize> Serialize for Capped<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a, K, V> {
            touches: u64,
            entries: Vec<&'a Entry<K, V>>,
        }
        Written { touches: self.touches, entries: self.entries.values().collect() }.serialize(serializer)
    }
}

impl<'de, K: Key + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Capped<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written<K, V> {
            touches: u64,
            entries: Vec<Entry<K, V>>,
        }
        let Written { touches, entries } = Written::<K, V>::deserialize(deserializer)?;
        Ok(Self { entries: entries.into_iter().map(|entry| (entry.key.digest(), entry)).collect(), touches })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Key for String {
        fn digest(&self) -> Digest {
            digest([self.as_str()])
        }
    }

    impl Cell for u64 {
        fn merge(&mut self, other: &Self) {
            *self += other;
        }
    }

    fn table(names: impl Iterator<Item = u32>) -> Capped<String, u64> {
        let mut table = Capped::default();
        for name in names {
            let name = name.to_string();
            table.touch(8, name.digest(), || name.clone(), |count| *count += 1);
        }
        table
    }

    #[test]
    fn what_is_kept_depends_on_no_order_and_is_all_that_came() {
        let names: Vec<u32> = (0..500).map(|number| number % 100).collect();
        let whole = table(names.iter().copied());
        assert_eq!(whole, table(names.iter().rev().copied()));
        let (mut low, high) = (table(names[..37].iter().copied()), table(names[37..].iter().copied()));
        low.merge(8, &high);
        assert_eq!(low, whole);
        assert_eq!(whole.entries.len(), 8);
        assert!(whole.iter().all(|(_, count)| *count == 5));
        assert_eq!(whole.left_out(), 500 - 8 * 5);
        let written = serde_json::to_string(&whole).expect("it is JSON");
        assert_eq!(serde_json::from_str::<Capped<String, u64>>(&written).expect("it is read"), whole);
    }

    #[test]
    fn the_first_few_stay() {
        let mut first = First::default();
        [9, 3, 7, 1, 3, 8].iter().for_each(|number| first.insert(number));
        assert_eq!(first.iter().copied().collect::<Vec<_>>(), [1, 3, 7, 8]);
    }
}
