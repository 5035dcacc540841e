//! The layouts that an atom of letters and digits can belong to, found by its shape in one look.

use std::ops::Range;

use crate::scan::layout::{ATOM_BYTES_MAX, Layout, Shape, runs};
use crate::scan::prefilter::{Cause, Place};

/// All layouts that are looked for wherever they stand, by the shape of the atom they are found by.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// By a hash of the runs and of what stands behind them.
    by_runs: Vec<Vec<Entry>>,
    by_length: Vec<Vec<Entry>>,
}

#[derive(Debug, Clone)]
struct Entry {
    owner: u16,
    number: u16,
    /// Its atom's runs, with what the layout has right behind the atom.
    key: u64,
    /// The layout's bytes before the atom.
    before: usize,
    layout: Layout,
}

impl Shapes {
    /// Looks for a layout, which is its owner's of this number.
    pub(crate) fn add(&mut self, layout: &Layout, owner: u16, number: u16) {
        let Some((before, shape)) = layout.anchor() else { return };
        let behind = layout.behind_anchor();
        let key = if let Shape::Runs(runs) = shape { key(runs, behind) } else { 0 };
        let entry = Entry { owner, number, key, before, layout: layout.clone() };
        match shape {
            Shape::Runs(_) => {
                self.by_runs.resize(BUCKETS, Vec::new());
                self.by_runs[bucket(key)].push(entry);
            }
            Shape::Length(length) => {
                self.by_length.resize(self.by_length.len().max(length + 1), Vec::new());
                self.by_length[length].push(entry);
            }
        }
    }

    /// Calls `look` for every layout that is written at an atom, and gives back the end of what was found.
    pub(crate) fn look_up(
        &self,
        bytes: &[u8],
        atom: Range<usize>,
        look: &mut impl FnMut(Place) -> Option<usize>,
    ) -> Option<usize> {
        if atom.len() > ATOM_BYTES_MAX {
            return None;
        }
        let mut found = None;
        let mut each = |entries: &[Entry], key: u64| {
            for entry in entries.iter().filter(|entry| entry.key == key) {
                let start = atom.start.checked_sub(entry.before);
                let range = start.and_then(|start| Some(start..entry.layout.end_at(bytes, start)?));
                if let Some(range) = range {
                    found = found.max(look(Place { owner: entry.owner, cause: Cause::Layout(entry.number), range }));
                }
            }
        };
        if !self.by_runs.is_empty()
            && let Some(runs) = runs(&bytes[atom.clone()])
        {
            // Layouts that go on behind the atom with this sign, and those that end with it.
            let behind = bytes.get(atom.end).copied();
            for key in behind.map(|behind| key(runs, Some(behind))).into_iter().chain([key(runs, None)]) {
                each(&self.by_runs[bucket(key)], key);
            }
        }
        if let Some(entries) = self.by_length.get(atom.len()) {
            each(entries, 0);
        }
        found
    }
}

const BUCKETS: usize = 2048;

/// Runs take sixty bits at most; the sign behind the atom is mixed in above them.
fn key(runs: u64, behind: Option<u8>) -> u64 {
    runs ^ behind.map_or(0, |behind| u64::from(behind) << 56)
}

/// The best mixed bits of a product (Knuth's multiplicative hashing).
fn bucket(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 53) as usize
}
