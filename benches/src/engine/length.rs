//! Long runs: whether an event costs the same behind a hundred thousand others, and what a run's memory comes to.

use std::hint::black_box;

use aop_engine::{Engine, Event, Scratch, SharedState};

use super::{AREA, check_one};
use crate::events::steps_of_run;
use crate::measure::{Series, nanos_per};
use crate::{BenchError, Goal, Row};

/// So many events before the end of a run are timed.
const TIMED: usize = 1_000;

const ROUNDS: usize = 9;

/// A run as long as the longest and the events that are timed, made of the same steps again and again.
const LENGTHS: [usize; 4] = [1_000, 10_000, 50_000, 100_000];

/// Measures the last events of runs of several lengths, and their memory.
///
/// # Errors
/// When an event is not valid.
pub fn rows(engine: &Engine) -> Result<Vec<Row>, BenchError> {
    let steps = steps_of_run(3, 100);
    // From the question to the answer and over again would be a run that goes on after its end: the middle only.
    let steps = &steps[1..steps.len() - 1];
    let line = |seq: usize| {
        let line = steps[seq % steps.len()].line("long", seq as u64);
        // A day has 86,400 seconds, and the clock must not go back.
        if seq >= 86_400 { line.replacen("2026-01-15", "2026-01-16", 1) } else { line }
    };
    let (mut state, mut shared, mut scratch) = (engine.new_state(), SharedState::default(), Scratch::default());
    let (mut seq, mut first) = (1, None);
    let mut rows = Vec::new();
    for length in LENGTHS {
        while seq <= length - TIMED {
            let line = line(seq);
            check_one(engine, &Event::parse(line.as_bytes())?, &mut state, &mut shared, &mut scratch);
            seq += 1;
        }
        let lines: Vec<String> = (seq..=length).map(line).collect();
        let events = lines.iter().map(|line| Event::parse(line.as_bytes())).collect::<Result<Vec<_>, _>>()?;
        let mut timed = Series::new();
        for _ in 0..ROUNDS {
            let (mut state, mut shared) = (state.clone(), shared.clone());
            timed.push(nanos_per(TIMED, || {
                for event in &events {
                    black_box(check_one(engine, event, &mut state, &mut shared, &mut scratch));
                }
            }));
        }
        let row = Row::new(AREA, format!("the last {TIMED} events of a run of {length}"), &timed, "ns/event");
        rows.push(match &first {
            None => row,
            Some(first) => row.beside(format!("of a run of {}", LENGTHS[0]), first).goal(Goal::RatioAtMost(1.25)),
        });
        first.get_or_insert(timed);
    }
    let written = state.to_json().len() as f64;
    let promised = engine.policies().cost();
    let promised = (promised.bytes_per_run + promised.flow_bytes_per_run) as f64;
    let row = Row::new(AREA, "a run's state, written, behind 99,000 events", &Series::from([written / 1024.0]), "KiB");
    rows.push(row.beside("`cost`, of the rules alone", &Series::from([promised / 1024.0])).goal(Goal::RatioAtMost(1.0)));
    Ok(rows)
}
