//! Which sequence numbers a run has had, in little memory.

use serde::{Deserialize, Serialize};

/// How many separate stretches of sequence numbers are told apart.
const RANGES_MAX: usize = 256;

/// A set of sequence numbers, kept as stretches without a hole.
///
/// A run without gaps is one stretch. With more than 256 stretches the two with the smallest hole between them become one
/// (of equal holes the first), so a late event from such a hole is taken for a duplicate; both are flagged alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// First and last of each stretch, in order; between two of them lies at least one number.
    ranges: Vec<(u64, u64)>,
}

/// What a sequence number is to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It begins the run as it should, or follows the greatest so far.
    Next,
    /// It begins the run, but not with 0 or 1.
    LateStart,
    /// Numbers are missing between the greatest so far and this one.
    Gap {
        /// The greatest so far.
        greatest: u64,
    },
    /// It came before.
    Duplicate,
    /// It is new, but smaller than the greatest so far.
    Regression {
        /// The greatest so far.
        greatest: u64,
    },
}

impl Seen {
    pub(super) fn place(&self, seq: u64) -> Place {
        let Some(&(_, greatest)) = self.ranges.last() else {
            return if seq <= 1 { Place::Next } else { Place::LateStart };
        };
        if seq > greatest {
            return if seq == greatest + 1 { Place::Next } else { Place::Gap { greatest } };
        }
        let index = self.ranges.partition_point(|(_, last)| *last < seq);
        match self.ranges.get(index) {
            Some((first, _)) if *first <= seq => Place::Duplicate,
            _ => Place::Regression { greatest },
        }
    }

    pub(super) fn insert(&mut self, seq: u64) {
        // The first stretch that holds the number, touches it or lies above it.
        let index = self.ranges.partition_point(|(_, last)| last.saturating_add(1) < seq);
        match self.ranges.get_mut(index) {
            Some((first, last)) if *first <= seq.saturating_add(1) => {
                *first = seq.min(*first);
                *last = seq.max(*last);
                if let Some((next_first, next_last)) = self.ranges.get(index + 1).copied()
                    && next_first <= self.ranges[index].1.saturating_add(1)
                {
                    self.ranges[index].1 = next_last;
                    self.ranges.remove(index + 1);
                }
            }
            _ => self.ranges.insert(index, (seq, seq)),
        }
        if self.ranges.len() > RANGES_MAX {
            self.close_smallest_hole();
        }
    }

    fn close_smallest_hole(&mut self) {
        let holes = self.ranges.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].1));
        if let Some((index, _)) = holes.enumerate().min_by_key(|(index, hole)| (*hole, *index)) {
            self.ranges[index].1 = self.ranges[index + 1].1;
            self.ranges.remove(index + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn many_holes_stay_bounded() {
        let mut seen = Seen::default();
        for seq in 0..10_000 {
            seen.insert(seq * 2);
        }
        assert_eq!(seen.ranges.len(), RANGES_MAX);
        assert_eq!(seen.place(19_998), Place::Duplicate);
        assert_eq!(seen.place(20_000), Place::Gap { greatest: 19_998 });
    }

    #[test]
    fn a_filled_hole_makes_one_stretch() {
        let mut seen = Seen::default();
        for seq in [1, 2, 7, 4, 3, 5] {
            seen.insert(seq);
        }
        assert_eq!(seen.ranges, [(1, 5), (7, 7)]);
        seen.insert(6);
        assert_eq!(seen.ranges, [(1, 7)]);
    }

    #[test]
    fn the_greatest_number_there_is() {
        let mut seen = Seen::default();
        seen.insert(u64::MAX);
        seen.insert(u64::MAX);
        assert_eq!(seen.place(u64::MAX), Place::Duplicate);
        seen.insert(u64::MAX - 1);
        assert_eq!(seen.ranges, [(u64::MAX - 1, u64::MAX)]);
    }

    proptest! {
        #[test]
        fn is_a_set(seqs in proptest::collection::vec(0_u64..60, 0..80)) {
            let (mut seen, mut oracle) = (Seen::default(), BTreeSet::new());
            for seq in seqs {
                let expected = match oracle.last().copied() {
                    None if seq <= 1 => Place::Next,
                    None => Place::LateStart,
                    Some(_) if oracle.contains(&seq) => Place::Duplicate,
                    Some(greatest) if seq < greatest => Place::Regression { greatest },
                    Some(greatest) if seq == greatest + 1 => Place::Next,
                    Some(greatest) => Place::Gap { greatest },
                };
                prop_assert_eq!(seen.place(seq), expected);
                seen.insert(seq);
                oracle.insert(seq);
            }
        }
    }
}
