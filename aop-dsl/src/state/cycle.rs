//! What the latest events were, for `cycle`.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::record::Moment;
use crate::typed::Window;
use crate::value::Key;

/// The latest events, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Steps {
    steps: VecDeque<CycleStep>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CycleStep {
    pub(crate) seq: u64,
    pub(crate) at: Moment,
    /// What it was; nothing when that is absent or unknown: then it is like no other.
    pub(crate) key: Option<Key>,
}

/// A sequence that repeats itself up to the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repetition {
    pub(crate) length: usize,
    pub(crate) count: usize,
}

impl Steps {
    pub(crate) fn push(&mut self, step: CycleStep, window: Window, capacity: u32) {
        while self.steps.front().is_some_and(|oldest| !oldest.at.is_within(window, step.at)) {
            self.steps.pop_front();
        }
        if self.steps.len() >= capacity as usize {
            self.steps.pop_front();
        }
        self.steps.push_back(step);
    }

    /// The shortest sequence of which `is_enough` says that it came often enough, the trigger being the last event of it.
    /// Adds how many events were compared.
    pub(crate) fn repetition(
        &self,
        trigger: Option<Key>,
        window: Window,
        now: Moment,
        compared: &mut u64,
        is_enough: impl Fn(usize) -> bool,
    ) -> Option<Repetition> {
        let before = self.within(window, now);
        // The trigger is number 0, the event before it number 1, and so on.
        let key = |back: usize| match back.checked_sub(1) {
            None => trigger,
            Some(back) => self.steps[self.steps.len() - 1 - back].key,
        };
        (1..=before).find_map(|length| {
            let same = (0..)
                .take_while(|back| back + length <= before)
                .take_while(|back| {
                    *compared += 1;
                    key(*back).is_some_and(|of_one| key(back + length) == Some(of_one))
                })
                .count();
            let count = same / length + 1;
            is_enough(count).then_some(Repetition { length, count })
        })
    }

    /// How many events are in the window.
    pub(crate) fn within(&self, window: Window, now: Moment) -> usize {
        self.steps.len() - self.steps.partition_point(|step| !step.at.is_within(window, now))
    }

    /// The `seq` of the events of a repetition, nearest first.
    pub(crate) fn latest(&self, count: usize) -> impl Iterator<Item = u64> {
        self.steps.iter().rev().take(count).map(|step| step.seq)
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::value::{Value, key};

    /// The last letter is the trigger.
    fn found(letters: &str, wanted: usize) -> Option<(usize, usize)> {
        let key_of = |letter: char| key(&Value::Number(Decimal::from(letter as u32)));
        let mut steps = Steps::default();
        let (trigger, before) = letters.chars().next_back().map(|last| (last, &letters[..letters.len() - 1])).unwrap();
        for (at, letter) in (1..).zip(before.chars()) {
            let at = Moment { clock: at as i64, ordinal: at };
            let key = (letter != '?').then(|| key_of(letter));
            steps.push(CycleStep { seq: at.ordinal, at, key }, Window::Run, 256);
        }
        let now = Moment { clock: 1000, ordinal: 1000 };
        let repetition = steps.repetition(Some(key_of(trigger)), Window::Run, now, &mut 0, |count| count >= wanted);
        repetition.map(|found| (found.length, found.count))
    }

    #[test]
    fn the_shortest_sequence_wins() {
        assert_eq!(found("aaa", 3), Some((1, 3)));
        assert_eq!(found("ababab", 3), Some((2, 3)));
        assert_eq!(found("xababab", 3), Some((2, 3)));
        assert_eq!(found("abcabc", 2), Some((3, 2)));
        assert_eq!(found("abaab", 3), None);
        assert_eq!(found("aa?aa", 3), None);
        assert_eq!(found("aaaaaa", 2), Some((1, 6)));
        assert_eq!(found("ab", 1), Some((1, 1)));
        assert_eq!(found("a", 1), None);
    }
}
