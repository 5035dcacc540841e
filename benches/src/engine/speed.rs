//! How quickly: raw JSON to verdicts, beside what reading the same bytes takes.

use std::hint::black_box;
use std::time::Instant;

use aop_engine::{Engine, Event, Scratch, SharedState};

use super::{AREA, check, check_one, parse_all, rules};
use crate::events::{Events, steps_of_1_kb};
use crate::measure::{Series, nanos_per, percentile, take_turns};
use crate::parse::{typed, untyped};
use crate::{BenchError, Goal, Row};

const ROUNDS: usize = 15;

/// Measures whole traces and single events.
///
/// # Errors
/// When an event is not valid.
pub fn rows(engine: &Engine, events: &Events) -> Result<Vec<Row>, BenchError> {
    let mut rows = whole_traces(engine, events)?;
    let name = events.name.as_str();
    rows.extend(single_events(engine, events, name));
    rows.extend(single_events(engine, &kilobytes(), "made events of 1 KB"));
    Ok(rows)
}

fn whole_traces(engine: &Engine, events: &Events) -> Result<Vec<Row>, BenchError> {
    let parsed = parse_all(events)?;
    let (count, bytes) = (events.count(), events.lines().map(str::len).sum::<usize>());
    let mut floor = || nanos_per(count, || events.lines().for_each(untyped));
    let mut seek = || nanos_per(count, || events.lines().for_each(sought));
    let mut parse = || nanos_per(count, || events.lines().for_each(typed));
    let mut with_parse = || nanos_per(count, || parse_and_check(engine, events));
    let mut alone = || nanos_per(count, || check(engine, &parsed));
    let contenders: [crate::measure::Contender<'_>; 5] = [&mut floor, &mut seek, &mut parse, &mut with_parse, &mut alone];
    let [floor, seek, parse, with_parse, alone] = take_turns(ROUNDS, contenders);

    let title = events.title();
    let on = format!("all on, {} rules", rules::RULES);
    let name = "serde_json::Value";
    let speed = |series: &Series| series.map(|nanos| bytes as f64 / count as f64 / nanos * 1e3);
    let row = |what: String, series: &Series| Row::new(AREA, what, series, "ns/event");
    Ok(vec![
        row(format!("check, {on}, {title}"), &alone).beside(name, &floor).goal(Goal::RatioAtMost(6.0)),
        row("the same with Event::parse".to_owned(), &with_parse).beside(name, &floor).goal(Goal::RatioAtMost(6.0)),
        Row::new(AREA, "the same, raw JSON to verdicts", &speed(&with_parse), "MB/s")
            .beside(name, &speed(&floor))
            .goal(Goal::AtLeast(85.0)),
        row("the floor, Event::parse and memchr of `@`".to_owned(), &added(&parse, &seek)).beside(name, &floor),
    ])
}

fn added(one: &Series, other: &Series) -> Series {
    let mut sum = Series::new();
    one.figures().iter().zip(other.figures()).for_each(|(one, other)| sum.push(one + other));
    sum
}

fn sought(line: &str) {
    black_box(memchr::memchr_iter(b'@', black_box(line.as_bytes())).count());
}

/// Parses and checks every event of every run.
pub fn parse_and_check(engine: &Engine, events: &Events) {
    let mut scratch = Scratch::default();
    let mut shared = SharedState::default();
    for run in &events.runs {
        let mut state = engine.new_state();
        for line in run {
            if let Ok(event) = Event::parse(black_box(line.as_bytes())) {
                black_box(check_one(engine, &event, &mut state, &mut shared, &mut scratch));
            }
        }
    }
}

/// Lengths that count as a kilobyte.
const KILOBYTE: std::ops::RangeInclusive<usize> = 900..=1150;

/// What one event takes, parsed and checked in its run. A round is one pass over everything; of each event the least of all rounds
/// counts, so that the percentiles tell of events and not of what else the machine did.
fn single_events(engine: &Engine, events: &Events, name: &str) -> Vec<Row> {
    const ROUNDS: usize = 9;
    let mut least = vec![f64::INFINITY; events.count()];
    for _ in 0..ROUNDS {
        let mut scratch = Scratch::default();
        let mut shared = SharedState::default();
        let mut places = least.iter_mut();
        for run in &events.runs {
            let mut state = engine.new_state();
            for (line, least) in run.iter().zip(&mut places) {
                let start = Instant::now();
                if let Ok(event) = Event::parse(black_box(line.as_bytes())) {
                    black_box(check_one(engine, &event, &mut state, &mut shared, &mut scratch));
                }
                *least = least.min(start.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    let timed = || events.lines().zip(&least);
    let all: Vec<f64> = timed().map(|(_, micros)| *micros).collect();
    let of_a_kilobyte = timed().filter(|(line, _)| KILOBYTE.contains(&line.len()));
    let of_a_kilobyte: Vec<f64> = of_a_kilobyte.map(|(_, micros)| *micros).collect();
    let row = |what: String, figure: f64| Row::new(AREA, what, &Series::from([figure]), "µs");
    let mut rows = vec![row(format!("{name}, any event, p50"), percentile(&all, 50.0))];
    rows.push(row(format!("{name}, any event, p99"), percentile(&all, 99.0)));
    let title = format!("{name}, {} events of a kilobyte", of_a_kilobyte.len());
    if !of_a_kilobyte.is_empty() {
        rows.push(row(format!("{title}, p50"), percentile(&of_a_kilobyte, 50.0)));
        rows.push(row(format!("{title}, p99"), percentile(&of_a_kilobyte, 99.0)).goal(Goal::AtMost(25.0)));
    }
    rows
}

/// Runs of made events of about a kilobyte.
fn kilobytes() -> Events {
    let run = |number: usize| {
        let run_id = format!("kilobyte-{number}");
        (1..).zip(&steps_of_1_kb(99)).map(|(seq, step)| step.line(&run_id, seq)).collect()
    };
    Events { name: "made events of 1 KB".to_owned(), runs: (0..20).map(run).collect() }
}
