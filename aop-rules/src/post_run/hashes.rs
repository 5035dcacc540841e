//! Bounded sets of hashes, as a run remembers what was said and done. A hash that is in one by chance takes evidence away, and never
//! makes any.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The first hashes of all that were taken in, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Set<const MAX: usize>(Vec<u32>);

impl<const MAX: usize> Set<MAX> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, hash: u32) -> bool {
        self.0.binary_search(&hash).is_ok()
    }

    /// Takes hashes in, the first of them where there is no room for all.
    pub(super) fn extend(&mut self, hashes: &[u32]) {
        for &hash in hashes {
            match self.0.binary_search(&hash) {
                Err(place) if self.0.len() < MAX => self.0.insert(place, hash),
                _ => {}
            }
        }
    }
}

impl<const MAX: usize> Serialize for Set<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_hashes(&self.0, serializer)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Set<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hashes = read_hashes(deserializer, MAX)?;
        if !hashes.is_sorted_by(|one, next| one < next) {
            return Err(serde::de::Error::custom("the hashes of a set are in order"));
        }
        Ok(Self(hashes))
    }
}

/// The newest hashes of all that were taken in.
///
/// A table from hash to age with open addressing, at most three quarters full: a message has hundreds of hashes, and each costs one look.
#[derive(Clone, Default)]
pub(super) struct Newest<const MAX: usize> {
    /// A power of two; an age of zero is an empty place.
    places: Vec<Aged>,
    count: usize,
    /// The age of the newest.
    newest: u32,
}

/// The later a hash came last, the greater its age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Aged {
    hash: u32,
    age: u32,
}

const PLACES_MIN: usize = 64;

/// Another one in each process; odd.
static SECRET: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0) | 1);

impl<const MAX: usize> Newest<MAX> {
    /// The oldest first; nothing when a hash is there twice.
    fn of(by_age: &[u32]) -> Option<Self> {
        let mut newest = Self::default();
        newest.extend(by_age);
        (newest.count == by_age.len()).then_some(newest)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn contains(&self, hash: u32) -> bool {
        !self.places.is_empty() && self.places[self.place(hash)].age != 0
    }

    /// Where a hash is, or would be. The words of a text can be chosen so that their hashes are alike: the place depends on a secret,
    /// which nothing that is said or written out does.
    fn place(&self, hash: u32) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (u64::from(hash).wrapping_mul(*SECRET) >> 32) as usize & mask;
        while self.places[at].age != 0 && self.places[at].hash != hash {
            at = (at + 1) & mask;
        }
        at
    }

    /// Takes hashes in, those that are known as new again. The oldest make room.
    pub(super) fn extend(&mut self, hashes: &[u32]) {
        if self.newest as usize + hashes.len() > u32::MAX as usize {
            let mut by_age = self.by_age();
            (1..).zip(&mut by_age).for_each(|(age, aged)| aged.age = age);
            self.newest = by_age.len() as u32;
            self.rebuild(&by_age, self.places.len());
        }
        for &hash in hashes {
            if !self.has_room() {
                self.make_room();
            }
            let at = self.place(hash);
            self.count += usize::from(self.places[at].age == 0);
            self.newest += 1;
            self.places[at] = Aged { hash, age: self.newest };
        }
        if self.count > MAX {
            self.forget();
        }
    }

    fn has_room(&self) -> bool {
        (self.count + 1) * 4 <= self.places.len() * 3
    }

    /// Doubles the table. Where one message has more than all that is remembered, what it has driven out goes instead.
    #[cold]
    fn make_room(&mut self) {
        if self.count > MAX {
            self.forget();
        }
        if !self.has_room() {
            let all: Vec<Aged> = self.aged().collect();
            self.rebuild(&all, (self.places.len() * 2).max(PLACES_MIN));
        }
    }

    /// Leaves the newest ones.
    #[cold]
    fn forget(&mut self) {
        let mut all: Vec<Aged> = self.aged().collect();
        let oldest = all.len() - MAX;
        all.select_nth_unstable_by_key(oldest, |aged| aged.age);
        self.rebuild(&all[oldest..], self.places.len());
    }

    fn rebuild(&mut self, all: &[Aged], places: usize) {
        self.places.clear();
        self.places.resize(places, Aged::default());
        self.count = all.len();
        for aged in all {
            let at = self.place(aged.hash);
            self.places[at] = *aged;
        }
    }

    fn aged(&self) -> impl Iterator<Item = Aged> {
        self.places.iter().copied().filter(|aged| aged.age != 0)
    }

    /// The oldest first.
    fn by_age(&self) -> Vec<Aged> {
        let mut by_age: Vec<Aged> = self.aged().collect();
        by_age.sort_unstable_by_key(|aged| aged.age);
        by_age
    }

    fn hashes(&self) -> Vec<u32> {
        self.by_age().into_iter().map(|aged| aged.hash).collect()
    }
}

impl<const MAX: usize> std::fmt::Debug for Newest<MAX> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.hashes()).finish()
    }
}

/// Equal when the same hashes came in the same order.
impl<const MAX: usize> PartialEq for Newest<MAX> {
    fn eq(&self, other: &Self) -> bool {
        self.hashes() == other.hashes()
    }
}

impl<const MAX: usize> Serialize for Newest<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_hashes(&self.hashes(), serializer)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Newest<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hashes = read_hashes(deserializer, MAX)?;
        Self::of(&hashes).ok_or_else(|| serde::de::Error::custom("a hash is in a set twice"))
    }
}

fn write_hashes<S: serde::Serializer>(hashes: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(8 * hashes.len());
    for hash in hashes {
        write!(text, "{hash:08x}").expect("a string takes all text");
    }
    serializer.serialize_str(&text)
}

fn read_hashes<'de, D: serde::Deserializer<'de>>(deserializer: D, max: usize) -> Result<Vec<u32>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let hash = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let is_whole = text.len().is_multiple_of(8) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hashes: Option<Vec<u32>> = text.as_bytes().chunks(8).map(hash).collect();
    match hashes.filter(|hashes| is_whole && hashes.len() <= max) {
        Some(hashes) => Ok(hashes),
        None => Err(serde::de::Error::custom("a set of hashes has eight hexadecimal digits each, and not too many")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAX: usize = 16_384;

    #[test]
    fn the_newest_hashes_stay() {
        let mut newest = Newest::<MAX>::default();
        newest.extend(&[1, 2, 3]);
        newest.extend(&[1]);
        let many: Vec<u32> = (10..10 + MAX as u32 - 2).collect();
        newest.extend(&many);
        assert_eq!([1, 2, 3, 10].map(|hash| newest.contains(hash)), [true, false, true, true]);
        newest.extend(&(0..2 * MAX as u32).collect::<Vec<_>>());
        assert_eq!((newest.hashes().len(), newest.contains(2 * MAX as u32 - 1)), (MAX, true));
    }

    proptest! {
        /// The table does what a list does from which each hash that comes again is taken out first.
        #[test]
        fn newest_is_a_list_by_age(messages in prop::collection::vec(prop::collection::vec(0..90_u32, 0..70), 0..12)) {
            const FEW: usize = 40;
            let (mut newest, mut list) = (Newest::<FEW>::default(), Vec::new());
            for message in messages {
                newest.extend(&message);
                for hash in message {
                    list.retain(|known| *known != hash);
                    list.push(hash);
                }
                list.drain(..list.len().saturating_sub(FEW));
                prop_assert_eq!(&newest.hashes(), &list);
                prop_assert!((0..90).all(|hash| newest.contains(hash) == list.contains(&hash)));
            }
        }

        #[test]
        fn a_set_keeps_the_first(messages in prop::collection::vec(prop::collection::vec(0..90_u32, 0..20), 0..12)) {
            const FEW: usize = 40;
            let (mut set, mut list) = (Set::<FEW>::default(), Vec::new());
            for message in messages {
                set.extend(&message);
                for hash in message {
                    if !list.contains(&hash) && list.len() < FEW {
                        list.push(hash);
                    }
                }
                list.sort_unstable();
                prop_assert_eq!(&set.0, &list);
            }
        }
    }
}
