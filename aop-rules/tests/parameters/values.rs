//! Whole parameters of our own, attacks and what agents hand to tools every day, each with the keys that stand around it.

use aop_rules::scan::{DetectorSettings, Detectors, Hit, Scratch};
use aop_toon::{Event, Severity};
use serde_json::{Value, json};

/// The hits of the family in an action's parameters.
fn hits(detectors: &Detectors, params: &str) -> Vec<Hit> {
    let params: Value = serde_json::from_str(params).expect("a fixture is JSON lines");
    let event = json!({
        "seq": 1, "t": "2025-01-01T00:00:00Z", "actor": "agent", "type": "action_request",
        "payload": { "action": "run", "params": params },
        "meta": { "run_id": "run-1", "action_call_id": "call-1" },
    });
    let event = event.to_string();
    let event = Event::parse(event.as_bytes()).unwrap_or_else(|error| panic!("{error}: {event}"));
    let mut hits = Vec::new();
    detectors.scan(&event, &mut Scratch::default(), &mut hits);
    hits
}

/// Threats, and a password in an address, which is a secret.
fn detectors() -> Detectors {
    Detectors::new(&DetectorSettings { pii: None, ..DetectorSettings::default() }).expect("the settings are good")
}

fn lines(file: &'static str) -> Vec<&'static str> {
    file.lines().collect()
}

#[test]
fn attacks_are_found() {
    let (detectors, all) = (detectors(), lines(include_str!("values/attacks.jsonl")));
    let found = |line: &&&str| hits(&detectors, line).iter().any(|hit| hit.severity >= Severity::Warning);
    let missed: Vec<_> = all.iter().filter(|line| !found(line)).collect();
    println!("{} of {} attacks found", all.len() - missed.len(), all.len());
    assert!(all.len() >= 100 && missed.len() * 10 <= all.len(), "missed: {missed:#?}");
}

/// None is warned of; what is written to a file may be told.
#[test]
fn ordinary_parameters_are_left_alone() {
    let (detectors, all) = (detectors(), lines(include_str!("values/ordinary.jsonl")));
    let is_warned = |line: &&&str| {
        let hits = hits(&detectors, line);
        hits.iter().any(|hit| hit.rule.family() == "threats" && hit.severity >= Severity::Warning)
    };
    let wrong: Vec<_> = all.iter().filter(is_warned).collect();
    assert!(all.len() >= 100 && wrong.len() * 50 <= all.len(), "warned of: {wrong:#?}");
}

/// Code that a file is given is told, and no more; the same under a key that is no file's is an attack.
#[test]
fn code_for_a_file_is_told() {
    let detectors = detectors();
    let severity = |params: &str| hits(&detectors, params).iter().map(|hit| hit.severity).max();
    let image = r#""<img src=x onerror=steal()>""#;
    assert_eq!(severity(&format!(r#"{{"path": "notes/xss.txt", "content": {image}}}"#)), Some(Severity::Info));
    assert_eq!(severity(&format!(r#"{{"path": "notes/xss.txt", "nickname": {image}}}"#)), Some(Severity::Error));
    assert_eq!(severity(&format!(r#"{{"content": {image}}}"#)), Some(Severity::Error));
    assert_eq!(severity(r#"{"path": "a.txt; rm -rf ~/x", "content": "hello"}"#), Some(Severity::Error));
}
