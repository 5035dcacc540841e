//! Grams of a normal form, and which of them are remembered: winnowing.
//!
//! Of every [`WINDOW`] neighbouring grams the one with the least hash is chosen, so two texts that share
//! [`COPY_UNITS_FOUND`] units in a row have a chosen gram in common, wherever the piece stands in each.

use std::ops::Range;

/// Units of a gram. No shorter piece is ever found.
pub(super) const GRAM: usize = 8;

/// Neighbouring grams of which one at least is chosen.
pub(super) const WINDOW: usize = 5;

/// A piece of so many units is found in any text: the guarantee of winnowing.
pub(super) const COPY_UNITS_FOUND: usize = WINDOW + GRAM - 1;

/// A copy reaches beyond its first and last chosen gram by less than a window.
pub(super) const BESIDE: usize = 4;
const _: () = assert!(BESIDE == WINDOW - 1);

// Chosen neighbours touch, so a copy's grams cover it without holes.
const _: () = assert!(WINDOW <= GRAM && GRAM == 8);

/// A chosen gram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gram {
    pub(super) hash: u64,
    /// Its first unit.
    pub(super) unit: u32,
}

impl Gram {
    pub(super) fn units(&self) -> Range<usize> {
        self.unit as usize..self.unit as usize + GRAM
    }
}

/// Buffers for choosing grams.
#[derive(Debug, Default)]
pub(super) struct Winnow {
    keys: Vec<i16>,
    pub(super) grams: Vec<Gram>,
}

impl Winnow {
    /// Chooses the grams of a normal form; none when it is shorter than [`COPY_UNITS_FOUND`]. Among equals all are chosen.
    pub(super) fn read(&mut self, units: &[u8]) {
        self.grams.clear();
        if units.len() < COPY_UNITS_FOUND {
            return;
        }
        let blocks = (units.len() - GRAM + 1).div_ceil(BLOCK);
        self.keys.clear();
        self.keys.resize(SIDE, WALL);
        self.keys.extend(units.array_windows().map(key));
        self.keys.resize(blocks * BLOCK + 2 * SIDE, WALL);
        for block in 0..blocks {
            let Some(keys) = self.keys[block * BLOCK..].first_chunk() else { break };
            let mut chosen = chosen_of(keys);
            while chosen != 0 {
                let unit = block * BLOCK + chosen.trailing_zeros() as usize;
                chosen &= chosen - 1;
                if let Some(gram) = units[unit..].first_chunk() {
                    self.grams.push(Gram { hash: hash(gram), unit: unit as u32 });
                }
            }
        }
    }
}

const SIDE: usize = WINDOW - 1;

/// Grams that are looked at together.
const BLOCK: usize = 16;

/// Beyond the first and the last gram: less than all keys, so that no window reaches over it.
const WALL: i16 = -1;

/// Which grams of a block are chosen, as bits; `keys` are the block's with those of its neighbours on both sides.
///
/// A gram is chosen when it is the least of a window, so when the greatest of its windows' least keys is its own. The loops
/// have no branches, so that the compiler takes eight keys at a time.
fn chosen_of(keys: &[i16; BLOCK + 2 * SIDE]) -> u16 {
    const WINDOWS: usize = BLOCK + SIDE;
    let least: [i16; WINDOWS] = std::array::from_fn(|at| keys[at]);
    let least = (1..WINDOW).fold(least, |least, step| std::array::from_fn(|at| least[at].min(keys[at + step])));
    let greatest: [i16; BLOCK] = std::array::from_fn(|at| least[at]);
    let greatest = (1..WINDOW).fold(greatest, |most, step| std::array::from_fn(|at| most[at].max(least[at + step])));
    let mut bits = 0;
    for at in 0..BLOCK {
        bits |= u16::from(greatest[at] == keys[SIDE + at] && greatest[at] != WALL) << at;
    }
    bits
}

/// What orders the grams of a window: fifteen bits of a hash.
fn key(gram: &[u8; GRAM]) -> i16 {
    (u64::from_le_bytes(*gram).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 49) as i16
}

/// The [`BESIDE`] units on each side of a gram, hidden by the gram's hash: only who has the gram can compare them. They tell
/// where a copy ends, to the unit, though not all grams are remembered. `wide` is the gram with what is beside it.
pub(super) fn beside(wide: &[u8; GRAM + 2 * BESIDE], hash: u64) -> u64 {
    let [a, b, c, d, _, _, _, _, _, _, _, _, e, f, g, h] = *wide;
    u64::from_le_bytes([a, b, c, d, e, f, g, h]) ^ hash.wrapping_mul(0xD1B5_4A32_D192_ED03)
}

/// How many units before and behind a gram are the same, by what is beside it here and there.
pub(super) fn same_beside(here: u64, there: u64) -> (usize, usize) {
    let differ = here ^ there;
    ((differ as u32).leading_zeros() as usize / 8, ((differ >> 32) as u32).trailing_zeros() as usize / 8)
}

/// A gram's hash: a folded product, so that every unit reaches every bit. Nothing is secret in it; who makes two grams collide
/// makes a copy be found that is none.
fn hash(gram: &[u8; GRAM]) -> u64 {
    fold(u64::from_le_bytes(*gram), 0)
}

/// Mixes two numbers into one.
pub(super) fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left ^ 0x9E37_79B9_7F4A_7C15) * u128::from(right ^ 0xD1B5_4A32_D192_ED03);
    (product as u64) ^ ((product >> 64) as u64)
}
