//! The engine with everything on: each event of whole runs, and the end of a run.

use std::hint::black_box;

use aop_engine::{Engine, Event, Scratch, Settings};
use serde_json::json;

use crate::events::{Events, steps_of_run};
use crate::measure::{nanos_per, take_turns};
use crate::parse::untyped;
use crate::{BenchError, Goal, Row};

const ROUNDS: usize = 15;

/// Measures the rows of the area `engine`.
///
/// # Errors
/// When the engine cannot be built or an event is not valid.
pub fn rows(events: &Events) -> Result<Vec<Row>, BenchError> {
    let engine = everything_on()?;
    let parsed = parse_all(events)?;
    let count = events.count();
    let mut floor = || nanos_per(count, || events.lines().for_each(untyped));
    let mut with_parse = || nanos_per(count, || parse_and_check(&engine, events));
    let mut alone = || nanos_per(count, || check(&engine, &parsed));
    let [floor, with_parse, alone] = take_turns(ROUNDS, [&mut floor, &mut with_parse, &mut alone]);

    let long_run = run_of_100(&engine)?;
    let mut end = || nanos_per(1, || drop(black_box(engine.finish(&long_run, None)))) / 1e3;
    let [end] = take_turns(200, [&mut end]);

    let title = events.title();
    let name = "serde_json::Value";
    Ok(vec![
        Row::new("engine", format!("check, all on, {title}"), &alone, "ns/event")
            .beside(name, &floor)
            .goal(Goal::RatioAtMost(5.0)),
        Row::new("engine", "the same with Event::parse", &with_parse, "ns/event")
            .beside(name, &floor)
            .goal(Goal::RatioAtMost(5.0)),
        Row::new("engine", "the end of a run of 101 events, all on", &end, "µs").goal(Goal::AtMost(1000.0)),
    ])
}

/// An engine with every family on, and settings that give each of them something to do.
///
/// # Errors
/// When a setting is wrong.
pub fn everything_on() -> Result<Engine, BenchError> {
    let settings: Settings = serde_json::from_value(json!({
        "actions": {"actions": {
            "read_*": {"params": {"path": {"type": "string", "path_root": "/srv/data"}}},
            "send_*": {"params": {
                "amount": {"type": "number", "max": 100_000},
                "recipient": {"type": "string", "max_length": 200},
                "body": {"type": "string", "max_length": 20_000}
            }},
            "fetch_*": {"params": {"url": {"hosts": ["*.example.org"]}}},
            "query_*": {"params": {"limit": {"type": "integer", "min": 1, "max": 1000}}}
        }},
        "timelag": {"max_gap": "10m", "max_response": "2m", "max_run": "2h", "max_think": "robust(8)"},
        "missing_step": {"workflows": [{
            "name": "look before you act",
            "steps": [{"name": "look", "any_of": ["read_*", "get_*", "query_*"]}],
            "before": [{"action": "send_*", "needs": ["get_*", "read_*"]}],
            "follow_ups": [{"after": "book_*", "expect": ["send_*"], "within": "30m"}]
        }]},
        "frequency": {"limits": [{"of": {"type": "action_request"}, "by": "action", "max": 1000, "within": "1m", "effect": "flag"}]}
    }))?;
    Ok(Engine::builder().settings(settings).build()?)
}

/// The events, parsed, run by run.
///
/// # Errors
/// When one is not valid.
pub fn parse_all(events: &Events) -> Result<Vec<Vec<Event<'_>>>, BenchError> {
    events.runs.iter().map(|run| run.iter().map(|line| Ok(Event::parse(line.as_bytes())?)).collect()).collect()
}

/// Checks every event of every run.
pub fn check(engine: &Engine, runs: &[Vec<Event<'_>>]) {
    let mut scratch = Scratch::default();
    for run in runs {
        let mut state = engine.new_state();
        for event in run {
            black_box(engine.check_with(event, &mut state, &mut scratch));
        }
    }
}

/// Parses and checks every event of every run.
pub fn parse_and_check(engine: &Engine, events: &Events) {
    let mut scratch = Scratch::default();
    for run in &events.runs {
        let mut state = engine.new_state();
        for line in run {
            if let Ok(event) = Event::parse(black_box(line.as_bytes())) {
                black_box(engine.check_with(&event, &mut state, &mut scratch));
            }
        }
    }
}

fn run_of_100(engine: &Engine) -> Result<aop_engine::RunState, BenchError> {
    let mut state = engine.new_state();
    for (seq, step) in (1..).zip(steps_of_run(1, 33)) {
        engine.check(&Event::parse(step.line("long", seq).as_bytes())?, &mut state);
    }
    Ok(state)
}
