//! Calls that repeat in a cycle.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::bounded::First;

/// The longest cycle that is recognised.
const PERIOD_MAX: usize = 10;

/// The calls of a run, watched for cycles of up to [`PERIOD_MAX`] calls.
///
/// For each period it counts how many calls in a row equalled the one a period earlier; a cycle has come r times when that
/// count reaches period · (r − 1). The shortest period counts. Calls are compared by a 64-bit hash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Repeats {
    /// The latest calls, oldest first.
    recent: VecDeque<Call>,
    /// For each period from 1: how many calls in a row equalled the one a period earlier, and the first call of that stretch.
    stretches: Vec<(u64, u64)>,
    current: Option<Cycle>,
    ended: First<Cycle>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Call {
    hash: u64,
    seq: u64,
    action: String,
}

/// A cycle of calls that came often enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cycle {
    /// The first call of the first time.
    pub(super) from: u64,
    /// The call at which it had come often enough.
    pub(super) established: u64,
    /// The latest call of it.
    pub(super) to: u64,
    /// How many whole times it came.
    pub(super) times: u64,
    /// Its actions, in order.
    pub(super) actions: Vec<String>,
}

impl Repeats {
    /// Takes a call in; `times` is how often a cycle has to come.
    pub(super) fn call(&mut self, hash: u64, seq: u64, action: &str, times: u64) {
        self.stretches.resize(PERIOD_MAX, (0, 0));
        for (index, (length, from)) in self.stretches.iter_mut().enumerate() {
            let earlier = self.recent.len().checked_sub(index + 1).map(|place| &self.recent[place]);
            match earlier {
                Some(earlier) if earlier.hash == hash => {
                    if *length == 0 {
                        *from = earlier.seq;
                    }
                    *length += 1;
                }
                _ => *length = 0,
            }
        }
        if self.recent.len() == PERIOD_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(Call { hash, seq, action: action.to_owned() });

        if let Some(cycle) = &mut self.current {
            let period = cycle.actions.len();
            let length = self.stretches.get(period.wrapping_sub(1)).map_or(0, |(length, _)| *length);
            if length > 0 {
                cycle.to = seq;
                cycle.times = length / period as u64 + 1;
                return;
            }
            self.end_current();
        }
        let found = (1..=PERIOD_MAX)
            .zip(&self.stretches)
            .find(|(period, (length, _))| *length >= *period as u64 * times.saturating_sub(1).max(1));
        if let Some((period, (length, from))) = found {
            let actions =
                self.recent.iter().skip(self.recent.len().saturating_sub(period)).map(|call| call.action.clone()).collect();
            let times = length / period as u64 + 1;
            self.current = Some(Cycle { from: *from, established: seq, to: seq, times, actions });
        }
    }

    /// Begins anew: what comes is not a repetition of what was.
    pub(super) fn interrupt(&mut self) {
        self.end_current();
        self.recent.clear();
        self.stretches.clear();
    }

    fn end_current(&mut self) {
        if let Some(cycle) = self.current.take() {
            self.ended.push(cycle);
        }
    }

    /// The cycles so far, and how many more there were.
    pub(super) fn cycles(&self) -> (impl Iterator<Item = &Cycle>, u64) {
        (self.ended.items.iter().chain(&self.current), self.ended.left_out)
    }
}

/// A 64-bit hash that is the same in every process and version: a state is written out with it.
///
/// It tells calls apart, and is no defence: who builds two calls of equal hash gets them taken for a repetition.
pub(super) fn stable_hash(parts: &[&str]) -> u64 {
    // Two odd constants from the digits of the golden ratio and of the square root of 3.
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    const START: u64 = 0xbb67_ae85_84ca_a73b;
    let fold = |state: u64, word: u64| {
        let product = u128::from(state ^ word) * u128::from(MULTIPLIER);
        (product as u64) ^ ((product >> 64) as u64).rotate_left(29)
    };
    parts.iter().fold(START, |mut state, part| {
        let (words, rest) = part.as_bytes().as_chunks::<8>();
        for word in words {
            state = fold(state, u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        state = fold(state, u64::from_le_bytes(last));
        fold(state, part.len() as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cycles_of(calls: &str, times: u64) -> Vec<(String, u64, u64, u64)> {
        let mut repeats = Repeats::default();
        for (seq, call) in calls.chars().enumerate() {
            match call {
                ' ' => repeats.interrupt(),
                _ => repeats.call(u64::from(call), seq as u64, &call.to_string(), times),
            }
        }
        let (cycles, left_out) = repeats.cycles();
        assert_eq!(left_out, 0);
        cycles.map(|cycle| (cycle.actions.concat(), cycle.from, cycle.to, cycle.times)).collect()
    }

    #[test]
    fn cycles_are_found_once_with_their_shortest_period() {
        assert_eq!(cycles_of("aab", 3), []);
        assert_eq!(cycles_of("aaab", 3), [("a".to_owned(), 0, 2, 3)]);
        assert_eq!(cycles_of("xababababx", 3), [("ab".to_owned(), 1, 8, 4)]);
        assert_eq!(cycles_of("abcabc", 3), []);
        assert_eq!(cycles_of("abcdefghijabcdefghijabcdefghij", 3), [("abcdefghij".to_owned(), 0, 29, 3)]);
        assert_eq!(cycles_of("abcdefghijkabcdefghijkabcdefghijk", 3), []);
        assert_eq!(cycles_of("aaabbb", 3), [("a".to_owned(), 0, 2, 3), ("b".to_owned(), 3, 5, 3)]);
        assert_eq!(cycles_of("aa aa", 3), []);
    }

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(stable_hash(&["search", "{\"query\":\"x\"}"]), 0xd526_5371_ac22_c020);
        assert_ne!(stable_hash(&["ab", "c"]), stable_hash(&["a", "bc"]));
        assert_ne!(stable_hash(&["a\0"]), stable_hash(&["a"]));
    }

    proptest! {
        /// A cycle is reported at its call exactly when some stretch that ends there is a word repeated often enough.
        #[test]
        fn established_where_a_word_is_repeated(calls in "[abc]{0,40}") {
            let bytes = calls.as_bytes();
            let repeated = |end: usize| (1..=PERIOD_MAX).any(|period| {
                end + 1 >= period * 3
                    && (end + 1 - period * 2..=end).all(|place| bytes[place] == bytes[place - period])
            });
            let mut repeats = Repeats::default();
            for (seq, call) in calls.chars().enumerate() {
                let was_in_cycle = repeats.current.is_some();
                repeats.call(u64::from(call), seq as u64, "", 3);
                if repeated(seq) {
                    prop_assert!(repeats.current.is_some());
                } else if !was_in_cycle {
                    prop_assert!(repeats.current.is_none());
                }
            }
        }
    }
}
