//! One aggregate over a window, in memory that does not grow.

use std::collections::VecDeque;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::record::window_start;
use super::tally::Tally;
use crate::program::{POSSIBLE_MAX, WITNESSES_MAX};
use crate::typed::{AggregateFunction, Window};
use crate::value::Key;

/// What an event adds to an aggregate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Amount {
    /// Nothing but itself: of `count`, and where the value is absent.
    Nothing,
    Number(Decimal),
    Key(Key),
    Unknown,
}

/// An aggregate. Positions are microseconds of the clock or ordinals, as the window has it; they never fall.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Cell {
    /// The latest events that count for sure: position and `seq`.
    latest: VecDeque<(i64, u64)>,
    /// Of `sum` the amounts; of `max` those that are greater than all after them.
    #[serde(skip_serializing_if = "VecDeque::is_empty")]
    numbers: VecDeque<Entry>,
    /// Of `distinct` the different values, the one that came last behind.
    #[serde(skip_serializing_if = "VecDeque::is_empty")]
    keys: VecDeque<(i64, Key)>,
    /// Of `sum` what all amounts since the window was last empty add up to.
    #[serde(skip_serializing_if = "Decimal::is_zero")]
    total: Decimal,
    /// The total has more digits than can be kept.
    #[serde(skip_serializing_if = "is_false")]
    inexact: bool,
    /// The position of an entry that was merged with an older one, so that the sum or maximum may be high.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged: Option<i64>,
    /// The latest events whose value is unknown.
    #[serde(skip_serializing_if = "VecDeque::is_empty")]
    unknown: VecDeque<i64>,
    /// The latest events of which it is unknown whether they count.
    #[serde(skip_serializing_if = "VecDeque::is_empty")]
    possible: VecDeque<(i64, Amount)>,
    /// The last possible event that had no room.
    #[serde(skip_serializing_if = "Option::is_none")]
    possible_forgotten: Option<i64>,
}

fn is_false(truth: &bool) -> bool {
    !*truth
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    position: i64,
    amount: Decimal,
    /// Of `sum` what those before it add up to.
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    before: Decimal,
}

/// How an aggregate is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keeping {
    pub(crate) function: AggregateFunction,
    pub(crate) window: Window,
    /// How many timestamps, amounts or values are kept.
    pub(crate) capacity: u32,
}

impl Keeping {
    fn latest_max(self) -> usize {
        match self.function {
            AggregateFunction::Count => (self.capacity as usize).max(WITNESSES_MAX),
            _ => WITNESSES_MAX,
        }
    }
}

impl Cell {
    /// Takes in an event that counts for sure.
    pub(crate) fn push(&mut self, keeping: Keeping, position: i64, seq: u64, amount: Amount) {
        let start = window_start(keeping.window, position);
        expire(&mut self.latest, start, |entry| entry.0);
        if self.latest.len() >= keeping.latest_max() {
            self.latest.pop_front();
        }
        self.latest.push_back((position, seq));
        match amount {
            Amount::Nothing => {}
            Amount::Unknown => self.push_unknown(keeping, position, start),
            Amount::Number(number) if keeping.function == AggregateFunction::Max => {
                self.push_maximum(keeping, Entry { position, amount: number, before: Decimal::ZERO }, start);
            }
            Amount::Number(number) => self.push_amount(keeping, position, number, start),
            Amount::Key(key) => self.push_key(keeping, position, key, start),
        }
    }

    /// Takes in an event of which it is unknown whether it counts.
    pub(crate) fn push_possible(&mut self, keeping: Keeping, position: i64, amount: Amount) {
        expire(&mut self.possible, window_start(keeping.window, position), |entry| entry.0);
        if self.possible.len() >= POSSIBLE_MAX as usize {
            self.possible_forgotten = self.possible.pop_front().map(|(position, _)| position);
        }
        self.possible.push_back((position, amount));
    }

    fn push_unknown(&mut self, keeping: Keeping, position: i64, start: i64) {
        expire(&mut self.unknown, start, |position| *position);
        // Whether there is one is what sums and maxima ask; `distinct` asks how many, up to its bound.
        if self.unknown.len() > keeping.capacity as usize {
            self.unknown.pop_front();
        }
        self.unknown.push_back(position);
    }

    fn push_amount(&mut self, keeping: Keeping, position: i64, amount: Decimal, start: i64) {
        expire(&mut self.numbers, start, |entry| entry.position);
        if self.numbers.is_empty() && keeping.window != Window::Run {
            (self.total, self.inexact) = (Decimal::ZERO, false);
        }
        let before = self.total;
        match added(before, amount) {
            Some(total) => self.total = total,
            None => self.inexact = true,
        }
        // Of the whole run, only the total is ever asked for.
        if keeping.window == Window::Run {
            return;
        }
        if self.numbers.len() >= keeping.capacity as usize {
            self.merge_oldest();
        }
        self.numbers.push_back(Entry { position, amount, before });
    }

    /// Makes one of the two oldest amounts, which lasts as long as the later one; what would lower the sum is left out.
    fn merge_oldest(&mut self) {
        let Some(oldest) = self.numbers.pop_front() else { return };
        let Some(next) = self.numbers.front_mut() else {
            self.merged = Some(oldest.position);
            self.numbers.push_front(oldest);
            return;
        };
        let after = added(next.before, next.amount);
        let merged = oldest.amount.max(Decimal::ZERO).checked_add(next.amount.max(Decimal::ZERO)).unwrap_or(Decimal::MAX);
        next.amount = merged;
        match after.and_then(|after| added(after, -merged)) {
            Some(before) => next.before = before,
            None => self.inexact = true,
        }
        self.merged = Some(next.position);
    }

    fn push_maximum(&mut self, keeping: Keeping, entry: Entry, start: i64) {
        expire(&mut self.numbers, start, |entry| entry.position);
        while self.numbers.back().is_some_and(|last| last.amount <= entry.amount) {
            self.numbers.pop_back();
        }
        if self.numbers.len() >= keeping.capacity as usize
            && let Some(oldest) = self.numbers.pop_front()
            && let Some(next) = self.numbers.front_mut()
        {
            // The greatest lasts as long as the next one.
            next.amount = oldest.amount;
            self.merged = Some(next.position);
        }
        self.numbers.push_back(entry);
    }

    fn push_key(&mut self, keeping: Keeping, position: i64, key: Key, start: i64) {
        expire(&mut self.keys, start, |entry| entry.0);
        if let Some(at) = self.keys.iter().position(|(_, known)| *known == key) {
            self.keys.remove(at);
        }
        if self.keys.len() >= keeping.capacity as usize {
            self.keys.pop_front();
        }
        self.keys.push_back((position, key));
    }

    /// Adds what is in the window that ends at `now`.
    pub(crate) fn add_to(&self, tally: &mut Tally, keeping: Keeping, now: i64) {
        let start = window_start(keeping.window, now);
        match keeping.function {
            AggregateFunction::Count => {
                let first = first_since(&self.latest, start);
                tally.count += (self.latest.len() - first) as u64;
                tally.is_saturated |= self.latest.len() - first >= keeping.latest_max();
            }
            AggregateFunction::Sum => tally.add_sum(self.sum_since(keeping.window, start)),
            AggregateFunction::Distinct => {
                let first = self.keys.partition_point(|(position, _)| *position < start);
                tally.keys.extend(self.keys.iter().skip(first).map(|(_, key)| *key));
                tally.is_saturated |= self.keys.len() - first >= keeping.capacity as usize;
            }
            AggregateFunction::Max => {
                let first = self.numbers.partition_point(|entry| entry.position < start);
                tally.add_maximum(self.numbers.get(first).map(|entry| entry.amount));
            }
        }
        let first = self.unknown.partition_point(|position| *position < start);
        tally.unknown += (self.unknown.len() - first) as u64;
        self.add_possible_to(tally, start);
    }

    /// The `seq` of the latest events in the window that ends at `now`, the nearest first.
    pub(crate) fn witnesses(&self, window: Window, now: i64) -> impl Iterator<Item = u64> {
        let start = window_start(window, now);
        let is_within = move |(position, _): &&(i64, u64)| *position >= start;
        self.latest.iter().rev().take(WITNESSES_MAX).take_while(is_within).map(|(_, seq)| *seq)
    }

    /// Whether amounts in the window that ends at `now` were merged.
    pub(crate) fn is_merged(&self, window: Window, now: i64) -> bool {
        self.merged.is_some_and(|position| position >= window_start(window, now))
    }

    fn add_possible_to(&self, tally: &mut Tally, start: i64) {
        let first = self.possible.partition_point(|(position, _)| *position < start);
        self.possible.iter().skip(first).for_each(|(_, amount)| tally.add_possible(*amount));
        tally.is_forgotten |= self.possible_forgotten.is_some_and(|position| position >= start);
    }

    /// Nothing when it has more digits than can be kept.
    fn sum_since(&self, window: Window, start: i64) -> Option<Decimal> {
        if window == Window::Run {
            return (!self.inexact).then_some(self.total);
        }
        let first = self.numbers.partition_point(|entry| entry.position < start);
        match self.numbers.get(first) {
            None => Some(Decimal::ZERO),
            Some(entry) if !self.inexact => added(self.total, -entry.before),
            Some(_) => self.numbers.iter().skip(first).try_fold(Decimal::ZERO, |sum, entry| added(sum, entry.amount)),
        }
    }
}

/// Where the first event of a window is. Mostly nothing is left of what was before it.
fn first_since(latest: &VecDeque<(i64, u64)>, start: i64) -> usize {
    if latest.front().is_none_or(|(position, _)| *position >= start) {
        return 0;
    }
    latest.partition_point(|(position, _)| *position < start)
}

fn expire<T>(ring: &mut VecDeque<T>, start: i64, position: impl Fn(&T) -> i64) {
    while ring.front().is_some_and(|oldest| position(oldest) < start) {
        ring.pop_front();
    }
}

/// The exact sum; nothing when it has more digits than can be kept.
pub(super) fn added(left: Decimal, right: Decimal) -> Option<Decimal> {
    crate::value::add_exactly(left, right)
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => ("nothing", "").serialize(serializer),
            Self::Number(number) => ("number", number.to_string()).serialize(serializer),
            Self::Key(key) => ("key", key).serialize(serializer),
            Self::Unknown => ("unknown", "").serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (kind, text) = <(String, String)>::deserialize(deserializer)?;
        match kind.as_str() {
            "nothing" => Ok(Self::Nothing),
            "number" => text.parse().map(Self::Number).map_err(de::Error::custom),
            "key" => Key::deserialize(de::value::StringDeserializer::<D::Error>::new(text)).map(Self::Key),
            "unknown" => Ok(Self::Unknown),
            other => Err(de::Error::custom(format_args!("an amount is no {other}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::program::Comparison;
    use crate::value::Truth;

    fn amounts(keeping: Keeping, amounts: &[(i64, &str)], now: i64) -> Option<Decimal> {
        let mut cell = Cell::default();
        for (at, (position, amount)) in amounts.iter().enumerate() {
            cell.push(keeping, *position, at as u64, Amount::Number(amount.parse().unwrap()));
        }
        let mut tally = Tally::default();
        cell.add_to(&mut tally, keeping, now);
        match keeping.function {
            AggregateFunction::Max => tally.maximum(),
            _ => tally.sum(),
        }
    }

    #[test]
    fn a_sum_past_its_bound_is_high_never_low() {
        let keeping = Keeping { function: AggregateFunction::Sum, window: Window::Micros(10), capacity: 2 };
        let number = |text: &str| Some(text.parse::<Decimal>().unwrap());
        assert_eq!(amounts(keeping, &[(1, "1.5"), (2, "2")], 2), number("3.5"));
        assert_eq!(amounts(keeping, &[(1, "1.5"), (2, "2"), (3, "4")], 3), number("7.5"));
        // Event 1 has left the window; it counts as long as event 2 does.
        assert_eq!(amounts(keeping, &[(1, "1.5"), (2, "2"), (3, "4")], 11), number("7.5"));
        assert_eq!(amounts(keeping, &[(1, "1.5"), (2, "2"), (3, "4")], 12), number("4"));
        assert_eq!(amounts(keeping, &[(1, "-5"), (2, "2"), (3, "4"), (4, "1")], 5), number("7"));
    }

    #[test]
    fn a_sum_with_too_many_digits_is_not_rounded() {
        let keeping = Keeping { function: AggregateFunction::Sum, window: Window::Micros(10), capacity: 9 };
        let far = [(1, "79228162514264337593543950335"), (2, "0.1")];
        assert_eq!(amounts(keeping, &far, 3), None);
        assert_eq!(amounts(keeping, &far, 11), Some("0.1".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn windows_are_exact_within_the_bound(
            events in prop::collection::vec((0i64..4, -3i64..9), 0..60),
            window in 1i64..12,
        ) {
            let window = Window::Micros(window);
            let mut position = 0;
            let functions = [AggregateFunction::Sum, AggregateFunction::Max, AggregateFunction::Distinct, AggregateFunction::Count];
            let mut cells: Vec<Cell> = functions.iter().map(|_| Cell::default()).collect();
            let mut all: Vec<(i64, i64)> = Vec::new();
            for (seq, (later, amount)) in events.into_iter().enumerate() {
                position += later;
                all.push((position, amount));
                let within: Vec<i64> =
                    all.iter().filter(|(at, _)| *at >= window_start(window, position)).map(|(_, amount)| *amount).collect();
                for (function, cell) in functions.into_iter().zip(&mut cells) {
                    let keeping = Keeping { function, window, capacity: 64 };
                    let added = match function {
                        AggregateFunction::Count => Amount::Nothing,
                        AggregateFunction::Distinct => Amount::Key(Key::from_bits((amount + 10) as u128)),
                        _ => Amount::Number(Decimal::from(amount)),
                    };
                    cell.push(keeping, position, seq as u64, added);
                    let mut tally = Tally::default();
                    cell.add_to(&mut tally, keeping, position);
                    let expected = match function {
                        AggregateFunction::Sum => within.iter().sum(),
                        AggregateFunction::Max => *within.iter().max().unwrap(),
                        AggregateFunction::Count => within.len() as i64,
                        AggregateFunction::Distinct => within.iter().collect::<std::collections::BTreeSet<_>>().len() as i64,
                    };
                    let truth = tally.compare(function, Comparison::Equal, Decimal::from(expected));
                    prop_assert_eq!(truth, Truth::True, "{:?}", function);
                }
            }
        }
    }
}
