//! How far a sequence of events has come.

use serde::{Deserialize, Serialize};

use super::record::Record;

/// For each length of the sequence's beginning, the one that began latest. A later beginning is never worse: whatever window is
/// asked for, it lies in it if an earlier one does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chain {
    /// The events of the first step, the first two steps, ….
    certain: Vec<Option<Box<[Record]>>>,
    /// The same when what is unknown counts as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    possible: Vec<Option<Box<[Record]>>>,
}

impl Chain {
    /// An event that matches steps: certainly those of `certain`, perhaps those of `possible`, bit by bit. `record` gives what
    /// is kept of it for a step.
    pub(crate) fn advance(&mut self, steps: usize, certain: u64, possible: u64, mut record: impl FnMut(usize) -> Record) {
        // What is possible begins as what is certain, when the first unknown event comes.
        let has_possible = !self.possible.is_empty() || possible & !certain != 0;
        if has_possible && self.possible.is_empty() {
            self.possible = self.certain.clone();
        }
        if certain != 0 {
            advance(&mut self.certain, steps, certain, &mut record);
        }
        if has_possible {
            advance(&mut self.possible, steps, certain | possible, &mut record);
        }
    }

    /// The whole sequence, as it began latest.
    pub(crate) fn whole(&self, steps: usize, with_possible: bool) -> Option<&[Record]> {
        let chains = if with_possible && !self.possible.is_empty() { &self.possible } else { &self.certain };
        chains.get(steps.checked_sub(1)?)?.as_deref()
    }
}

fn advance(chains: &mut Vec<Option<Box<[Record]>>>, steps: usize, matched: u64, record: &mut impl FnMut(usize) -> Record) {
    if chains.len() < steps {
        chains.resize(steps, None);
    }
    // From the last step to the first: one event is one step.
    for step in (0..steps).rev().filter(|step| matched & (1 << step) != 0) {
        let before = match step.checked_sub(1) {
            None => &[][..],
            Some(before) => match &chains[before] {
                Some(before) => before,
                None => continue,
            },
        };
        // An event that comes later makes the sequence no worse; its beginning is what counts.
        let is_later = |known: &[Record]| match (before.first(), known.first()) {
            (Some(new), Some(old)) => new.at.ordinal >= old.at.ordinal,
            _ => true,
        };
        if chains[step].as_deref().is_none_or(is_later) {
            chains[step] = Some(before.iter().cloned().chain([record(step)]).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Moment;
    use super::*;

    fn seqs(chain: &Chain, steps: usize, with_possible: bool) -> Vec<u64> {
        chain.whole(steps, with_possible).unwrap_or_default().iter().map(|record| record.seq).collect()
    }

    #[test]
    fn the_latest_beginning_is_kept_and_one_event_is_one_step() {
        let mut chain = Chain::default();
        let mut take = |seq: u64, certain: u64, possible: u64| {
            let at = Moment { clock: seq as i64, ordinal: seq };
            chain.advance(2, certain, possible, |_| Record { seq, at, join: None, values: Box::default() });
            (seqs(&chain, 2, false), seqs(&chain, 2, true))
        };
        assert_eq!(take(1, 0b11, 0), (vec![], vec![]));
        assert_eq!(take(2, 0b10, 0), (vec![1, 2], vec![1, 2]));
        assert_eq!(take(3, 0b01, 0), (vec![1, 2], vec![1, 2]));
        assert_eq!(take(4, 0b00, 0b10), (vec![1, 2], vec![3, 4]));
        assert_eq!(take(5, 0b10, 0), (vec![3, 5], vec![3, 5]));
    }
}
