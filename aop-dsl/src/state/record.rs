//! Past events, as far as they are remembered.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::typed::Window;
use crate::value::Stored;

/// Where an event stands in its memory's time: on the clock, and among all events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moment {
    /// Microseconds, of the clock that never goes back.
    pub(crate) clock: i64,
    /// The event's number, counted from 1 as events arrive.
    pub(crate) ordinal: u64,
}

impl Moment {
    /// Whether it lies in the window that ends with `now`: (now − W, now].
    pub(crate) fn is_within(self, window: Window, now: Moment) -> bool {
        match window {
            Window::Run => true,
            Window::Micros(micros) => self.clock > now.clock.saturating_sub(micros),
            Window::Events(events) => self.ordinal.saturating_add(events) > now.ordinal,
        }
    }

    /// The one number that a window of this kind asks for.
    pub(crate) fn position(self, window: Window) -> i64 {
        match window {
            Window::Run => 0,
            Window::Micros(_) => self.clock,
            Window::Events(_) => i64::try_from(self.ordinal).unwrap_or(i64::MAX),
        }
    }
}

/// The first position that is in the window that ends at `now`.
pub(crate) fn window_start(window: Window, now: i64) -> i64 {
    match window {
        Window::Run => i64::MIN,
        Window::Micros(micros) => now.saturating_sub(micros).saturating_add(1),
        Window::Events(events) => now.saturating_sub(i64::try_from(events).unwrap_or(i64::MAX)).saturating_add(1),
    }
}

/// A past event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub(crate) seq: u64,
    pub(crate) at: Moment,
    /// What a later event must be equal to, as a quick hash; nothing when that is unknown or nothing must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) join: Option<u64>,
    /// What is kept of it.
    #[serde(default, skip_serializing_if = "<[Stored]>::is_empty")]
    pub(crate) values: Box<[Stored]>,
}

/// The latest events of a kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Records {
    /// Events that match, oldest first.
    pub(crate) certain: VecDeque<Record>,
    /// Events of which that is unknown.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub(crate) possible: VecDeque<Record>,
    /// The last event that had to go because there was no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) forgotten: Option<Moment>,
}

impl Records {
    pub(crate) fn push(&mut self, record: Record, is_certain: bool, window: Window, capacity: u32) {
        let ring = if is_certain { &mut self.certain } else { &mut self.possible };
        while ring.front().is_some_and(|oldest| !oldest.at.is_within(window, record.at)) {
            ring.pop_front();
        }
        if ring.len() >= capacity as usize
            && let Some(oldest) = ring.pop_front()
        {
            self.forgotten = Some(oldest.at);
        }
        ring.push_back(record);
    }

    /// Whether something that would be in the window is not there any more.
    pub(crate) fn has_forgotten(&self, window: Window, now: Moment) -> bool {
        self.forgotten.is_some_and(|last| last.is_within(window, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: i64, ordinal: u64) -> Moment {
        Moment { clock, ordinal }
    }

    #[test]
    fn windows_are_open_at_the_far_end() {
        let now = at(100, 10);
        assert!(at(91, 1).is_within(Window::Micros(10), now));
        assert!(!at(90, 1).is_within(Window::Micros(10), now));
        assert!(at(0, 8).is_within(Window::Events(3), now));
        assert!(!at(0, 7).is_within(Window::Events(3), now));
        assert!(at(i64::MIN, 0).is_within(Window::Run, now));
        for window in [Window::Micros(10), Window::Events(3), Window::Micros(i64::MAX), Window::Events(u64::MAX)] {
            for (clock, ordinal) in [(90, 7), (91, 8), (100, 10), (0, 0)] {
                let moment = at(clock, ordinal);
                let by_position = moment.position(window) >= window_start(window, now.position(window));
                assert_eq!(moment.is_within(window, now), by_position, "{window:?} {moment:?}");
            }
        }
    }

    #[test]
    fn the_oldest_goes_first_and_is_missed_while_it_would_be_in_the_window() {
        let mut records = Records::default();
        for seq in 1..=4 {
            let record = Record { seq, at: at(seq as i64, seq), join: None, values: Box::default() };
            records.push(record, true, Window::Micros(10), 3);
        }
        assert_eq!(records.certain.iter().map(|record| record.seq).collect::<Vec<_>>(), [2, 3, 4]);
        assert!(records.has_forgotten(Window::Micros(10), at(10, 5)));
        assert!(!records.has_forgotten(Window::Micros(10), at(11, 5)));
    }
}
