//! Functions over times, durations and sizes.

pub(super) mod bytes;
pub(super) mod date;
pub(super) mod days;
pub(super) mod hour;
pub(super) mod hours;
pub(super) mod milliseconds;
pub(super) mod minute;
pub(super) mod minutes;
pub(super) mod parse_time;
pub(super) mod seconds;
pub(super) mod to_duration;
pub(super) mod to_size;
pub(super) mod weekday;
