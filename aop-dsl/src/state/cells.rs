//! Aggregates, one for each key.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::Key;

/// A cell for each key, up to a bound; what has no room shares one.
///
/// Nothing is ever taken out: whoever floods it with fresh keys resets nobody's limit. It is a tree, since keys are chosen by whom
/// the limit is for, and no choice of keys makes a tree slow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cells<C> {
    #[serde(bound(serialize = "C: Serialize", deserialize = "C: Deserialize<'de>"))]
    #[serde(serialize_with = "as_pairs", deserialize_with = "from_pairs")]
    own: BTreeMap<Key, C>,
    /// Of all keys past the bound.
    shared: Option<Box<C>>,
    /// Of events whose key is unknown: they may belong to any cell.
    keyless: Option<Box<C>>,
}

impl<C> Default for Cells<C> {
    fn default() -> Self {
        Self { own: BTreeMap::new(), shared: None, keyless: None }
    }
}

/// The cells that tell of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'c, C> {
    pub(crate) cell: Option<&'c C>,
    pub(crate) keyless: Option<&'c C>,
    /// The cell is, or would be, shared with other keys.
    pub(crate) is_shared: bool,
}

impl<C: Default> Cells<C> {
    /// The cell of a key, or that of events whose key is unknown.
    pub(crate) fn enter(&mut self, key: Option<Key>, keys_max: u64) -> &mut C {
        let Some(key) = key else { return self.keyless.get_or_insert_default() };
        if self.own.len() as u64 >= keys_max && !self.own.contains_key(&key) {
            return self.shared.get_or_insert_default();
        }
        self.own.entry(key).or_default()
    }

    /// Whether the next new key has no cell of its own.
    pub(crate) fn is_full(&self, keys_max: u64) -> bool {
        self.own.len() as u64 >= keys_max
    }

    pub(crate) fn ask(&self, key: Key, keys_max: u64) -> Asked<'_, C> {
        let own = self.own.get(&key);
        let is_shared = own.is_none() && self.own.len() as u64 >= keys_max;
        let cell = if is_shared { self.shared.as_deref() } else { own };
        Asked { cell, keyless: self.keyless.as_deref(), is_shared }
    }
}

fn as_pairs<S: Serializer, C: Serialize>(cells: &BTreeMap<Key, C>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(cells)
}

fn from_pairs<'de, D: Deserializer<'de>, C: Deserialize<'de>>(deserializer: D) -> Result<BTreeMap<Key, C>, D::Error> {
    Ok(Vec::<(Key, C)>::deserialize(deserializer)?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_bound_keys_share_a_cell_and_nobody_loses_his() {
        let key = |number: u128| Some(Key::from_bits(number));
        let mut cells: Cells<u32> = Cells::default();
        for number in [1, 2, 3, 4, 1, 3] {
            *cells.enter(key(number), 2) += 1;
        }
        *cells.enter(None, 2) += 1;
        let asked = |number: u128| {
            let asked = cells.ask(Key::from_bits(number), 2);
            (asked.cell.copied(), asked.is_shared)
        };
        assert_eq!((asked(1), asked(2)), ((Some(2), false), (Some(1), false)));
        assert_eq!((asked(3), asked(9)), ((Some(3), true), (Some(3), true)));
        assert_eq!(cells.ask(Key::from_bits(1), 2).keyless, Some(&1));
        let written = serde_json::to_string(&cells).unwrap();
        assert_eq!(serde_json::from_str::<Cells<u32>>(&written).unwrap(), cells);
    }
}
