//! States that were read back, and are none that the engine can have made.

#![allow(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use aop_engine::{Engine, Event, Settings};
use serde_json::{Value, json};

/// An engine that finds every run which is not `user`, `request(search)`, `final`.
fn engine() -> Engine {
    let settings = json!({"conformance": {"fitness_min": 1.0, "model": {
        "moves": {"start": ["user"], "user": ["request(search)"], "request(search)": ["final"], "final": ["end"]},
        "contexts": [{"after": ["user", "request(search)"], "next": ["final"]}]}}});
    let settings: Settings = serde_json::from_value(settings).unwrap();
    Engine::builder().settings(settings).build().unwrap()
}

/// The state of a run that has begun with a request.
fn written(engine: &Engine) -> Value {
    let mut state = engine.new_state();
    engine.check(&request(4), &mut state);
    serde_json::from_str(&state.to_json()).unwrap()
}

fn request(seq: u64) -> Event<'static> {
    let line = format!(
        r#"{{"seq":{seq},"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"search","params":{{}}}},"meta":{{}}}}"#
    );
    Event::parse(line.leak().as_bytes()).unwrap()
}

#[test]
fn a_state_that_does_not_fit_the_model_begins_anew() {
    let engine = engine();
    for (place, value) in [
        ("/conformance/state/last/0/id", json!(60000)),
        ("/conformance/state/first/step/id", json!(60000)),
        ("/conformance/state/costs", json!([0, 1])),
        ("/conformance/state/counts", json!([])),
    ] {
        let mut json = written(&engine);
        *json.pointer_mut(place).unwrap() = value;
        let mut state = engine.restore(&json.to_string()).unwrap();
        assert_eq!(engine.finish(&state, None).conformance.unwrap().steps, 0, "{place}");
        engine.check(&request(5), &mut state);
        let findings = engine.finish(&state, None).findings;
        assert!(findings.iter().any(|finding| finding.message.contains("(watched since #4, ")), "{place}: {findings:?}");
    }
}

#[test]
fn a_state_that_fits_goes_on() {
    let engine = engine();
    let state = engine.restore(&written(&engine).to_string()).unwrap();
    let report = engine.finish(&state, None);
    assert_eq!(report.conformance.unwrap().steps, 1);
    assert!(report.findings.iter().all(|finding| !finding.message.contains("watched since")), "{:?}", report.findings);
}

/// A state is a plain value: nothing keeps one from being handed to an engine with a smaller model.
#[test]
fn a_state_of_another_model_is_no_panic() {
    let mut state = engine().new_state();
    engine().check(&request(4), &mut state);
    let settings = json!({"conformance": {"model": {"moves": {"start": ["user"], "user": ["end"]}}}});
    let smaller = Engine::builder().settings(serde_json::from_value(settings).unwrap()).build().unwrap();
    smaller.finish(&state, None);
    smaller.check(&request(5), &mut state);
    smaller.finish(&state, None);
}
