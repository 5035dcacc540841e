//! Parsing: an event as Toon, with all its checks, beside `serde_json::Value`, which checks only that it is JSON.

use std::hint::black_box;

use aop_toon::Event;

use crate::events::Events;
use crate::measure::{nanos_per, take_turns};
use crate::{Goal, Row};

const ROUNDS: usize = 15;

/// Measures the rows of the area `parse`.
///
/// # Errors
/// When an event of the corpus is not valid.
pub fn rows(events: &Events) -> Result<Vec<Row>, crate::BenchError> {
    for line in events.lines() {
        Event::parse(line.as_bytes())?;
    }
    let mut ours = || nanos_per(events.count(), || events.lines().for_each(typed));
    let mut floor = || nanos_per(events.count(), || events.lines().for_each(untyped));
    let [ours, floor] = take_turns(ROUNDS, [&mut ours, &mut floor]);
    let what = format!("Event::parse, {}", events.title());
    Ok(vec![Row::new("parse", what, &ours, "ns/event").beside("serde_json::Value", &floor).goal(Goal::RatioAtMost(1.0))])
}

/// Parses a line as an event, and drops it.
pub fn typed(line: &str) {
    // the lines were all parsed before the first round
    black_box(Event::parse(black_box(line.as_bytes())).is_ok());
}

/// The floor: parses a line as any JSON, and drops it.
pub fn untyped(line: &str) {
    black_box(serde_json::from_slice::<serde_json::Value>(black_box(line.as_bytes())).is_ok());
}
