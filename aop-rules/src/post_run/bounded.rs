//! Lists that cannot grow without end: the first few and how many more there were, or the largest few.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// How many findings of one code a run can have; one more says how many were left out.
pub const FINDINGS_MAX: usize = 64;

/// The first [`FINDINGS_MAX`] of something, and how many more came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct First<T> {
    pub(super) items: Vec<T>,
    pub(super) left_out: u64,
}

impl<T> Default for First<T> {
    fn default() -> Self {
        Self { items: Vec::new(), left_out: 0 }
    }
}

impl<T> First<T> {
    pub(super) fn push(&mut self, item: T) {
        match self.items.len() < FINDINGS_MAX {
            true => self.items.push(item),
            false => self.left_out += 1,
        }
    }
}

/// Time between two events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lag {
    pub(super) micros: i64,
    /// The event that ended it.
    pub(super) seq: u64,
    /// The event it began with.
    pub(super) from: u64,
    /// The action concerned, for responses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<String>,
}

/// The [`FINDINGS_MAX`] longest lags, longest first; of equal ones the earlier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Longest {
    lags: Vec<Lag>,
}

impl Longest {
    pub(super) fn insert(&mut self, micros: i64, seq: u64, from: u64, action: Option<&str>) {
        let position = self.lags.partition_point(|lag| lag.micros >= micros);
        if position == FINDINGS_MAX {
            return;
        }
        self.lags.insert(position, Lag { micros, seq, from, action: action.map(str::to_owned) });
        self.lags.truncate(FINDINGS_MAX);
    }

    /// Those longer than `limit`, in the order of the run.
    pub(super) fn above(&self, limit: i64) -> Vec<&Lag> {
        let mut found: Vec<&Lag> = self.lags.iter().take_while(|lag| lag.micros > limit).collect();
        found.sort_by_key(|lag| (lag.seq, lag.from));
        found
    }
}

/// A request without a response so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) seq: u64,
    /// The run's clock at the request, in microseconds.
    pub(super) clock: i64,
    pub(super) action: String,
    /// How many responses it still awaits: a request may name several call ids.
    pub(super) awaited: u32,
}

/// How many unanswered requests are followed one by one; later ones are only counted.
pub const OPEN_REQUESTS_MAX: usize = 1024;

/// The requests without a response, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OpenRequests {
    open: VecDeque<Open>,
    /// How many requests beyond the bound have no response, and the first request that was beyond it.
    beyond: Option<(u64, u64)>,
}

impl OpenRequests {
    pub(super) fn request(&mut self, seq: u64, clock: i64, action: &str, awaited: u32) {
        match self.open.len() < OPEN_REQUESTS_MAX {
            true => self.open.push_back(Open { seq, clock, action: action.to_owned(), awaited }),
            false => self.beyond.get_or_insert((0, seq)).0 += 1,
        }
    }

    pub(super) fn answer(&mut self, request_seq: u64) {
        let Some(position) = self.open.iter().position(|open| open.seq == request_seq) else {
            if let Some((count, first)) = &mut self.beyond
                && request_seq >= *first
            {
                *count = count.saturating_sub(1);
            }
            return;
        };
        let open = &mut self.open[position];
        open.awaited = open.awaited.saturating_sub(1);
        if open.awaited == 0 {
            self.open.remove(position);
        }
    }

    pub(super) fn count_beyond(&self) -> u64 {
        self.beyond.map_or(0, |(count, _)| count)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Open> {
        self.open.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_stay_and_come_in_order() {
        let mut longest = Longest::default();
        for seq in 0..200 {
            longest.insert(i64::try_from(seq % 100).expect("small"), seq, 0, None);
        }
        let kept: Vec<u64> = longest.above(97).into_iter().map(|lag| lag.seq).collect();
        assert_eq!(kept, [98, 99, 198, 199]);
        assert_eq!(longest.above(-1).len(), FINDINGS_MAX);
    }

    #[test]
    fn requests_beyond_the_bound_are_counted() {
        let mut open = OpenRequests::default();
        for seq in 0..1030 {
            open.request(seq, 0, "a", 1);
        }
        assert_eq!((open.iter().count(), open.count_beyond()), (1024, 6));
        open.answer(1027);
        open.answer(3);
        open.answer(3);
        assert_eq!((open.iter().count(), open.count_beyond()), (1023, 5));
    }
}
