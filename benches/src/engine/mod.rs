//! The engine with everything on and a hundred policy rules: each event of whole runs, long runs, and the end of a run.
//!
//! [`rules`] says which rules, [`speed`] measures the traces, [`families`] what each part costs by itself, [`length`] whether an
//! event costs the same behind a hundred thousand others.

pub mod families;
pub mod length;
pub mod rules;
pub mod speed;

use std::hint::black_box;

use aop_engine::{Context, Engine, Event, RunState, Scratch, Settings, SharedState};
use serde_json::json;

use crate::events::{Events, steps_of_run};
use crate::measure::take_turns;
use crate::{BenchError, Goal, Row};

const AREA: &str = "engine";

/// Measures the rows of the area `engine`.
///
/// # Errors
/// When the engine cannot be built or an event is not valid.
pub fn rows(events: &Events) -> Result<Vec<Row>, BenchError> {
    let engine = with_rules()?;
    let mut rows = speed::rows(&engine, events)?;
    rows.extend(length::rows(&engine)?);
    rows.push(end_of_run(&engine)?);
    rows.extend(families::rows(events)?);
    Ok(rows)
}

/// Checks all events so often and says nothing: for a profiler, such as `perf record`.
///
/// # Errors
/// As [`rows`].
pub fn profile(events: &Events, times: usize) -> Result<(), BenchError> {
    let engine = with_rules()?;
    (0..times).for_each(|_| speed::parse_and_check(&engine, events));
    Ok(())
}

/// An engine with every family on, and settings that give each of them something to do.
///
/// # Errors
/// When a setting is wrong.
pub fn everything_on() -> Result<Engine, BenchError> {
    Ok(Engine::builder().settings(settings()?).build()?)
}

/// The same engine with a hundred rules of the rule book.
///
/// # Errors
/// When a setting or a rule is wrong.
pub fn with_rules() -> Result<Engine, BenchError> {
    Ok(everything_on()?.with_policies(&rules::hundred()?)?)
}

fn settings() -> Result<Settings, BenchError> {
    Ok(serde_json::from_value(json!({
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
    }))?)
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
    let mut shared = SharedState::default();
    for run in runs {
        let mut state = engine.new_state();
        for event in run {
            black_box(check_one(engine, event, &mut state, &mut shared, &mut scratch));
        }
    }
}

/// Checks one event, with the memory that rules about agents and organisations need.
fn check_one(
    engine: &Engine,
    event: &Event<'_>,
    state: &mut RunState,
    shared: &mut SharedState,
    scratch: &mut Scratch,
) -> aop_engine::Verdict {
    let context = Context { shared: Some(shared), ..Context::default() };
    engine.check_in(event, state, context, scratch)
}

fn end_of_run(engine: &Engine) -> Result<Row, BenchError> {
    let mut state = engine.new_state();
    for (seq, step) in (1..).zip(steps_of_run(1, 33)) {
        engine.check(&Event::parse(step.line("long", seq).as_bytes())?, &mut state);
    }
    let mut end = || crate::measure::nanos_per(1, || drop(black_box(engine.finish(&state, None)))) / 1e3;
    let [end] = take_turns(200, [&mut end]);
    let what = format!("the end of a run of 101 events, all on, {} rules", rules::RULES);
    Ok(Row::new(AREA, what, &end, "µs").goal(Goal::AtMost(1000.0)))
}
