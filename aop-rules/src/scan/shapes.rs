//! The layouts that an atom of letters and digits can belong to, found by its shape in one look.

use std::ops::Range;

use crate::scan::layout::{ATOM_BYTES_MAX, Layout, Shape, runs};
use crate::scan::prefilter::{Cause, Place};

/// All layouts that are looked for wherever they stand, by the shape of the atom they are found by.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// By a hash of the runs.
    by_runs: Vec<Vec<Entry>>,
    by_length: Vec<Vec<Entry>>,
}

#[derive(Debug, Clone)]
struct Entry {
    owner: u16,
    number: u16,
    runs: u64,
    /// The layout's bytes before the atom.
    before: usize,
    /// What the layout has right behind the atom; nothing where it ends there. Most atoms are turned away by it.
    behind: Option<u8>,
    layout: Layout,
}

impl Shapes {
    /// Looks for a layout, which is its owner's of this number.
    pub(crate) fn add(&mut self, layout: &Layout, owner: u16, number: u16) {
        let Some((before, shape)) = layout.anchor() else { return };
        let runs = if let Shape::Runs(runs) = shape { runs } else { 0 };
        let entry = Entry { owner, number, runs, before, behind: layout.behind_anchor(), layout: layout.clone() };
        match shape {
            Shape::Runs(runs) => {
                self.by_runs.resize(BUCKETS, Vec::new());
                self.by_runs[bucket(runs)].push(entry);
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
        let mut each = |entries: &[Entry], runs: u64| {
            let behind = bytes.get(atom.end).copied();
            for entry in
                entries.iter().filter(|entry| entry.runs == runs && (entry.behind.is_none() || entry.behind == behind))
            {
                let start = atom.start.checked_sub(entry.before);
                let range = start.and_then(|start| Some(start..entry.layout.end_at(bytes, start)?));
                if let Some(range) = range {
                    found = found.max(look(Place { owner: entry.owner, cause: Cause::Layout(entry.number), range }));
                }
            }
        };
        if let Some(runs) = runs(&bytes[atom.clone()])
            && let Some(entries) = self.by_runs.get(bucket(runs))
        {
            each(entries, runs);
        }
        if let Some(entries) = self.by_length.get(atom.len()) {
            each(entries, 0);
        }
        found
    }
}

const BUCKETS: usize = 1024;

/// The best mixed bits of a product (Knuth's multiplicative hashing).
fn bucket(runs: u64) -> usize {
    (runs.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize
}
