//! The layouts that an atom of letters and digits can belong to, found by its shape in one look.

use std::collections::HashMap;
use std::ops::Range;

use crate::scan::layout::{ATOM_BYTES_MAX, Layout, Shape, runs};
use crate::scan::prefilter::{Cause, Place};

/// All layouts that are looked for wherever they stand, by the shape of the atom they are found by.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    by_runs: HashMap<u64, Vec<Entry>>,
    by_length: Vec<Vec<Entry>>,
    /// One bit for each hash of `by_runs`: most atoms are turned away here.
    seen: [u64; 16],
}

#[derive(Debug, Clone)]
struct Entry {
    owner: u16,
    number: u16,
    /// The layout's bytes before the atom.
    before: usize,
    layout: Layout,
}

impl Shapes {
    /// Looks for a layout, which is its owner's of this number.
    pub(crate) fn add(&mut self, layout: &Layout, owner: u16, number: u16) {
        let Some((before, shape)) = layout.anchor() else { return };
        let entry = Entry { owner, number, before, layout: layout.clone() };
        match shape {
            Shape::Runs(runs) => {
                let bit = bit(runs);
                self.seen[bit / 64] |= 1 << (bit % 64);
                self.by_runs.entry(runs).or_default().push(entry);
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
        let mut each = |entries: &[Entry]| {
            for entry in entries {
                let start = atom.start.checked_sub(entry.before);
                let range = start.and_then(|start| Some(start..entry.layout.end_at(bytes, start)?));
                if let Some(range) = range {
                    found = found.max(look(Place { owner: entry.owner, cause: Cause::Layout(entry.number), range }));
                }
            }
        };
        if let Some(runs) = runs(&bytes[atom.clone()])
            && self.seen[bit(runs) / 64] >> (bit(runs) % 64) & 1 == 1
            && let Some(entries) = self.by_runs.get(&runs)
        {
            each(entries);
        }
        if let Some(entries) = self.by_length.get(atom.len()) {
            each(entries);
        }
        found
    }
}

/// A place in `seen`: the best mixed bits of a product (Knuth's multiplicative hashing).
fn bit(runs: u64) -> usize {
    (runs.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize
}
