//! Which events a run has had: the answers of those not stored yet, and the names of the stored ones.

use std::collections::hash_map::{HashMap, RandomState};
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aop_engine::Effect;

use crate::digest::Digest;
use crate::store::EventName;

/// A name as 128 bits under keys of this process: compact, and no caller can make two names meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NameHash(u128);

/// Makes [`NameHash`]es.
#[derive(Default)]
pub(crate) struct Names {
    high: RandomState,
    low: RandomState,
    /// Names of stored events in memory, all runs together.
    held: AtomicUsize,
}

impl Names {
    /// The hash of an event's name.
    pub(crate) fn of(&self, name: &EventName<'_>) -> NameHash {
        match name {
            EventName::Key(key) => self.hash((0u8, key)),
            EventName::Seq(seq) => self.hash((1u8, seq)),
        }
    }

    /// The hash that stands for "this seq is taken", whatever the event is called.
    pub(crate) fn of_taken_seq(&self, seq: u64) -> NameHash {
        self.hash((2u8, seq))
    }

    fn hash(&self, value: impl std::hash::Hash) -> NameHash {
        NameHash(u128::from(self.high.hash_one(&value)) << 64 | u128::from(self.low.hash_one(&value)))
    }
}

/// The answer of an event that may not be in the store yet.
#[derive(Debug, Clone)]
pub(crate) struct Hot {
    pub(crate) lsn: u64,
    pub(crate) seq: u64,
    pub(crate) digest: Digest,
    pub(crate) effect: Effect,
    /// A JSON array, when there are findings.
    pub(crate) findings: Option<Arc<str>>,
}

/// Where an event with some name is to be found.
pub(crate) enum Known<'a> {
    Hot(&'a Hot),
    Stored,
    /// Nobody knows without asking the store.
    Unsure,
    New,
}

/// The events a run has had.
#[derive(Default)]
pub(crate) struct Seen {
    hot: HashMap<NameHash, Hot, AsIs>,
    /// What is in `hot`, oldest first.
    order: VecDeque<(u64, NameHash)>,
    taken: HashSet<NameHash, AsIs>,
    /// Every stored event's name; `None` when they are too many for memory.
    stored: Option<HashSet<NameHash, AsIs>>,
}

impl Seen {
    /// A run whose stored events have these names.
    pub(crate) fn new(stored: Option<Vec<NameHash>>, names: &Names) -> Seen {
        let stored: Option<HashSet<NameHash, AsIs>> = stored.map(|stored| stored.into_iter().collect());
        names.held.fetch_add(stored.as_ref().map_or(0, HashSet::len), Ordering::Relaxed);
        Seen { stored, ..Seen::default() }
    }

    /// What is known of a name.
    pub(crate) fn find(&self, name: NameHash) -> Known<'_> {
        match (self.hot.get(&name), &self.stored) {
            (Some(hot), _) => Known::Hot(hot),
            (None, None) => Known::Unsure,
            (None, Some(stored)) if stored.contains(&name) => Known::Stored,
            (None, Some(_)) => Known::New,
        }
    }

    /// Whether a seq was taken; `None` when only the store knows.
    pub(crate) fn is_taken(&self, seq: NameHash) -> Option<bool> {
        match (self.taken.contains(&seq), &self.stored) {
            (true, _) => Some(true),
            (false, Some(stored)) => Some(stored.contains(&seq)),
            (false, None) => None,
        }
    }

    /// Takes in an event that was just appended, or is about to be; `seq` when taken seqs are kept, too.
    pub(crate) fn insert(&mut self, name: NameHash, hot: Hot, seq: Option<NameHash>) {
        self.order.push_back((hot.lsn, name));
        self.hot.insert(name, hot);
        if let Some(seq) = seq {
            self.order.push_back((self.order.back().map_or(0, |(lsn, _)| *lsn), seq));
            self.taken.insert(seq);
        }
    }

    /// Gives the events inserted last, which carry their place in the batch as LSN, their true ones.
    pub(crate) fn set_lsns(&mut self, first_lsn: u64) {
        for (lsn, name) in self.order.iter_mut().rev() {
            let Some(place) = lsn.checked_sub(PENDING) else {
                break;
            };
            *lsn = first_lsn + place;
            if let Some(hot) = self.hot.get_mut(name) {
                hot.lsn = *lsn;
            }
        }
    }

    /// Forgets the answers of what is stored, and keeps the names as long as there is room.
    pub(crate) fn prune(&mut self, stored_lsn: u64, names: &Names, names_max: usize) {
        while let Some((_, name)) = self.order.front().filter(|(lsn, _)| *lsn <= stored_lsn) {
            self.hot.remove(name);
            self.taken.remove(name);
            if let Some(stored) = &mut self.stored
                && stored.insert(*name)
                && names.held.fetch_add(1, Ordering::Relaxed) >= names_max
            {
                self.forget_stored(names);
            }
            self.order.pop_front();
        }
    }

    /// Gives the memory of the stored names back.
    pub(crate) fn forget_stored(&mut self, names: &Names) {
        let held = self.stored.take().map_or(0, |stored| stored.len());
        names.held.fetch_sub(held, Ordering::Relaxed);
    }
}

/// LSNs from here on are places in a batch that is not appended yet.
pub(crate) const PENDING: u64 = 1 << 63;

type AsIs = BuildHasherDefault<AsIsHasher>;

/// The hasher for what is a hash already.
#[derive(Default)]
pub(crate) struct AsIsHasher(u64);

impl Hasher for AsIsHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, number: u128) {
        // the lower half is uniform on its own
        self.0 = number as u64;
    }
}
