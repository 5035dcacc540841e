//! Memories by the hashes of their definitions.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Cell, Cells, Chain, Duties, Records, Steps};
use crate::program::BuildUnhashed;

/// What clauses remember; those that have seen nothing yet are not there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Memories {
    by_hash: HashMap<u64, Memory, BuildUnhashed>,
}

/// One memory: see [`crate::program::MemoryKind`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Memory {
    Records(Records),
    Chain(Chain),
    Cells(Cells<Cell>),
    CellRecords(Cells<Records>),
    Cycle(Steps),
    Duties(Duties),
}

macro_rules! kinds {
    ($($get:ident $enter:ident $kind:ident $ty:ty;)*) => {
        impl Memories {
            $(
                pub(crate) fn $get(&self, hash: u64) -> Option<&$ty> {
                    match self.by_hash.get(&hash) {
                        Some(Memory::$kind(memory)) => Some(memory),
                        _ => None,
                    }
                }

                /// The memory, which is empty when there was none, or, in a state that somebody else has written, another one.
                pub(crate) fn $enter(&mut self, hash: u64) -> &mut $ty {
                    let memory = self.by_hash.entry(hash).or_insert_with(|| Memory::$kind(Default::default()));
                    if !matches!(memory, Memory::$kind(_)) {
                        *memory = Memory::$kind(Default::default());
                    }
                    match memory {
                        Memory::$kind(memory) => memory,
                        _ => unreachable!("it was just made one"),
                    }
                }
            )*
        }
    };
}

kinds! {
    records enter_records Records Records;
    chain enter_chain Chain Chain;
    cells enter_cells Cells Cells<Cell>;
    cell_records enter_cell_records CellRecords Cells<Records>;
    cycle enter_cycle Cycle Steps;
    duties enter_duties Duties Duties;
}

impl Memories {
    /// Makes room for so many, when there is none yet.
    pub(crate) fn reserve(&mut self, count: usize) {
        if self.by_hash.is_empty() {
            self.by_hash.reserve(count);
        }
    }

    /// Forgets all but these, which are sorted.
    pub(crate) fn keep(&mut self, hashes: &[u64]) {
        self.by_hash.retain(|hash, _| hashes.binary_search(hash).is_ok());
    }
}

/// Numbers beyond 2^53 are not the same to every reader of JSON, so hashes are written as text.
impl Serialize for Memories {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sorted: Vec<(&u64, &Memory)> = self.by_hash.iter().collect();
        sorted.sort_unstable_by_key(|(hash, _)| **hash);
        serializer.collect_map(sorted.into_iter().map(|(hash, memory)| (format!("{hash:016x}"), memory)))
    }
}

impl<'de> Deserialize<'de> for Memories {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_text = HashMap::<String, Memory>::deserialize(deserializer)?;
        let by_hash: Result<_, _> =
            by_text.into_iter().map(|(text, memory)| u64::from_str_radix(&text, 16).map(|hash| (hash, memory))).collect();
        Ok(Self { by_hash: by_hash.map_err(serde::de::Error::custom)? })
    }
}
