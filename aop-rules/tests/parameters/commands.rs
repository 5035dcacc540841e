//! Commands of a shell: ordinary ones and attacks of our own, and what agents hand to their actions in real runs.

use std::collections::BTreeMap;
use std::path::Path;

use aop_rules::scan::{DeclaredField, DetectorSettings, Detectors, Hit, Language, Scratch, ThreatSettings};
use aop_toon::{Event, Severity};
use serde_json::{Value, json};

use crate::common::{corpora, files, name, rows, text};

/// Detectors to which `line` of the action `run` is declared to hold a command.
fn detectors() -> Detectors {
    let field: DeclaredField =
        serde_json::from_value(json!({ "action": "run", "param": "/line", "language": "shell" })).expect("it is a field");
    assert_eq!(field.language, Language::Shell);
    let threats = ThreatSettings { fields: vec![field], ..ThreatSettings::default() };
    Detectors::new(&DetectorSettings { pii: None, secrets: None, threats: Some(threats) }).expect("the settings are good")
}

fn hits_in_event(detectors: &Detectors, event: &str) -> Vec<Hit> {
    let event = Event::parse(event.as_bytes()).unwrap_or_else(|error| panic!("{error}: {event}"));
    let mut hits = Vec::new();
    detectors.scan(&event, &mut Scratch::default(), &mut hits);
    hits
}

/// The rules of code that are found in a parameter.
fn found(detectors: &Detectors, params: Value) -> Vec<&'static str> {
    let event = json!({
        "seq": 1, "t": "2025-01-01T00:00:00Z", "actor": "agent", "type": "action_request",
        "payload": { "action": "run", "params": params },
        "meta": { "run_id": "run-1", "action_call_id": "call-1" },
    });
    let hits = hits_in_event(detectors, &event.to_string());
    hits.iter()
        .filter(|hit| hit.entity == "CODE_INJECTION" && hit.severity >= Severity::Warning)
        .map(|hit| hit.rule.id)
        .collect()
}

fn commands(name: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/threats").join(name);
    let text_of = |row: &Value, key: &str| row[key].as_str().expect("a row has it").to_owned();
    rows(&path).iter().map(|row| (text_of(row, "kind"), text_of(row, "command"))).collect()
}

/// None of the ordinary commands is flagged where a field is declared to hold one, or its key says so.
#[test]
fn ordinary_commands_are_left_alone() {
    let (detectors, rows) = (detectors(), commands("shell-ordinary.jsonl"));
    assert!(rows.len() >= 200, "{}", rows.len());
    let mut wrong = Vec::new();
    for (kind, command) in &rows {
        for key in ["line", "command"] {
            let rules = found(&detectors, json!({ key: command }));
            wrong.extend((!rules.is_empty()).then(|| format!("{kind}, {key}: {command}: {rules:?}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// At least 95 of 100 attacks are found there.
#[test]
fn attacks_by_command_are_found() {
    let (detectors, rows) = (detectors(), commands("shell-attacks.jsonl"));
    assert!(rows.len() >= 200, "{}", rows.len());
    for key in ["line", "command"] {
        let missed: Vec<_> =
            rows.iter().filter(|(_, command)| found(&detectors, json!({ key: command })).is_empty()).collect();
        println!("{key}: {} of {} attacks found; missed: {missed:#?}", rows.len() - missed.len(), rows.len());
        assert!(missed.len() * 20 <= rows.len(), "{key}: {} of {} missed", missed.len(), rows.len());
    }
}

/// What agents hand to their actions in runs that nobody attacked: nothing of it is code that attacks.
#[test]
fn everyday_parameters_are_left_alone() {
    let detectors = detectors();
    let mut seen: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    for part in ["tau-airline", "swe-agent", "agentdojo", "asb"] {
        let Some(folder) = corpora(&format!("traces/{part}")) else { return };
        let (events, flagged) = seen.entry(part).or_default();
        for path in files(&folder) {
            let name = name(&path);
            // What an attack made the agent do is no everyday.
            if name.starts_with("agentdojo") && !name.contains("_benign_") {
                continue;
            }
            for line in text(&path).lines() {
                if !line.contains("action_request") {
                    continue;
                }
                *events += 1;
                let hits = hits_in_event(&detectors, line);
                let is_code = |hit: &&Hit| hit.entity == "CODE_INJECTION" && hit.severity >= Severity::Warning;
                flagged.extend(hits.iter().find(is_code).map(|hit| format!("{name}: {}: {line}", hit.rule.id)));
            }
        }
    }
    for (part, (events, flagged)) in &seen {
        println!("{part}: {} of {events} flagged", flagged.len());
        assert!(*events > 0, "{part} has no actions");
        assert!(flagged.is_empty(), "{part}: {flagged:#?}");
    }
}
