//! What an aggregate comes to, between the least and the most that is possible.

use rust_decimal::Decimal;

use super::cell::{Amount, added};
use crate::program::Comparison;
use crate::typed::AggregateFunction;
use crate::value::{Key, Truth};

/// What is known of an aggregate when it is asked for. Events of which it is unknown whether they count make it a range, and a
/// comparison that does not come out the same over the whole of it is unknown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    possible_count: u64,
    sum: Decimal,
    /// The sum has more digits than can be kept.
    is_out_of_range: bool,
    possible_up: Decimal,
    possible_down: Decimal,
    maximum: Option<Decimal>,
    possible_maxima: Vec<Decimal>,
    pub(crate) keys: Vec<Key>,
    possible_keys: Vec<Key>,
    /// How many values are unknown.
    pub(crate) unknown: u64,
    /// There are at least as many as are kept.
    pub(crate) is_saturated: bool,
    /// Something that might count had no room.
    pub(crate) is_forgotten: bool,
    /// The `seq` of events that count for sure, the nearest first.
    pub(crate) witnesses: Vec<u64>,
}

impl Tally {
    /// An event that counts for sure.
    pub(crate) fn add(&mut self, function: AggregateFunction, amount: Amount) {
        self.count += 1;
        match amount {
            Amount::Nothing => {}
            Amount::Unknown => self.unknown += 1,
            Amount::Number(number) if function == AggregateFunction::Max => self.add_maximum(Some(number)),
            Amount::Number(number) => self.add_sum(Some(number)),
            Amount::Key(key) => {
                if !self.keys.contains(&key) {
                    self.keys.push(key);
                }
            }
        }
    }

    /// An event of which it is unknown whether it counts.
    pub(crate) fn add_possible(&mut self, amount: Amount) {
        self.possible_count += 1;
        match amount {
            Amount::Nothing => {}
            Amount::Unknown => self.unknown += 1,
            Amount::Number(number) => {
                self.possible_maxima.push(number);
                let total = if number.is_sign_negative() { &mut self.possible_down } else { &mut self.possible_up };
                match added(*total, number) {
                    Some(sum) => *total = sum,
                    None => self.is_out_of_range = true,
                }
            }
            Amount::Key(key) => self.possible_keys.push(key),
        }
    }

    pub(crate) fn add_sum(&mut self, sum: Option<Decimal>) {
        match sum.and_then(|sum| added(self.sum, sum)) {
            Some(sum) => self.sum = sum,
            None => self.is_out_of_range = true,
        }
    }

    pub(crate) fn add_maximum(&mut self, maximum: Option<Decimal>) {
        self.maximum = self.maximum.max(maximum);
    }

    #[cfg(test)]
    pub(crate) fn sum(&self) -> Option<Decimal> {
        (!self.is_out_of_range).then_some(self.sum)
    }

    #[cfg(test)]
    pub(crate) fn maximum(&self) -> Option<Decimal> {
        self.maximum
    }

    /// Whether what it comes to stands so to a bound.
    pub(crate) fn compare(&self, function: AggregateFunction, op: Comparison, bound: Decimal) -> Truth {
        match function {
            AggregateFunction::Count => {
                let most = (!self.is_saturated && !self.is_forgotten).then(|| self.count + self.possible_count);
                compare_range(op, Decimal::from(self.count), most.map(Decimal::from), bound)
            }
            AggregateFunction::Distinct => {
                let mut all = self.keys.clone();
                for key in &self.possible_keys {
                    if !all.contains(key) {
                        all.push(*key);
                    }
                }
                let most = (!self.is_saturated && !self.is_forgotten).then(|| all.len() as u64 + self.unknown);
                compare_range(op, Decimal::from(self.keys.len()), most.map(Decimal::from), bound)
            }
            AggregateFunction::Sum => {
                let least = added(self.sum, self.possible_down);
                match (least, added(self.sum, self.possible_up)) {
                    (Some(least), Some(most)) if self.unknown == 0 && !self.is_out_of_range && !self.is_forgotten => {
                        compare_range(op, least, Some(most), bound)
                    }
                    _ => Truth::Unknown,
                }
            }
            AggregateFunction::Max => self.compare_maximum(op, bound),
        }
    }

    /// Nothing at all is neither greater nor less than anything.
    fn compare_maximum(&self, op: Comparison, bound: Decimal) -> Truth {
        if self.is_forgotten {
            return Truth::Unknown;
        }
        let holds = |value: Decimal| Truth::from(op.holds(value.cmp(&bound)));
        let known = self.maximum.map_or(Truth::False, holds);
        let greater = self.possible_maxima.iter().filter(|value| self.maximum.is_none_or(|maximum| **value > maximum));
        let mut truths = greater.map(|value| holds(*value)).chain((self.unknown > 0).then(|| {
            // An unknown value may be anything that is not less than the greatest known one.
            let is_beyond = self.maximum.is_some_and(|maximum| maximum > bound);
            match op {
                Comparison::Greater | Comparison::GreaterEqual => Truth::True,
                Comparison::Less | Comparison::LessEqual => Truth::False,
                Comparison::Equal if is_beyond => Truth::False,
                Comparison::NotEqual if is_beyond => Truth::True,
                Comparison::Equal | Comparison::NotEqual => Truth::Unknown,
            }
        }));
        if truths.all(|truth| truth == known) { known } else { Truth::Unknown }
    }

    /// As people read it: `≥ 101`.
    pub(crate) fn shown(&self, function: AggregateFunction) -> String {
        let range = |least: u64, most: u64| match (self.is_saturated, least == most) {
            (true, _) => format!("≥ {least}"),
            (false, true) => least.to_string(),
            (false, false) => format!("{least} to {most}"),
        };
        match function {
            AggregateFunction::Count => range(self.count, self.count + self.possible_count),
            AggregateFunction::Distinct => {
                let least = self.keys.len() as u64;
                range(least, least + self.possible_keys.len() as u64 + self.unknown)
            }
            AggregateFunction::Sum if self.unknown > 0 || self.is_out_of_range => "unknown".to_owned(),
            AggregateFunction::Sum => match (self.sum + self.possible_down, self.sum + self.possible_up) {
                (least, most) if least == most => least.normalize().to_string(),
                (least, most) => format!("{} to {}", least.normalize(), most.normalize()),
            },
            AggregateFunction::Max => match self.maximum {
                Some(maximum) => maximum.normalize().to_string(),
                None => "nothing".to_owned(),
            },
        }
    }
}

/// A comparison of something between `least` and `most` (without one: or more).
fn compare_range(op: Comparison, least: Decimal, most: Option<Decimal>, bound: Decimal) -> Truth {
    let decided = |is_true: bool, is_false: bool| match (is_true, is_false) {
        (true, _) => Truth::True,
        (_, true) => Truth::False,
        _ => Truth::Unknown,
    };
    match op {
        Comparison::Greater => decided(least > bound, most.is_some_and(|most| most <= bound)),
        Comparison::GreaterEqual => decided(least >= bound, most.is_some_and(|most| most < bound)),
        Comparison::Less => decided(most.is_some_and(|most| most < bound), least >= bound),
        Comparison::LessEqual => decided(most.is_some_and(|most| most <= bound), least > bound),
        Comparison::Equal => {
            decided(least == bound && most == Some(bound), bound < least || most.is_some_and(|most| bound > most))
        }
        Comparison::NotEqual => compare_range(Comparison::Equal, least, most, bound).not(),
    }
}
