//! Every rule has a fixture, and finds what the fixture says it must find and nothing else. A rule whose recognizers are rows
//! (a written form and nothing more) may do without: its examples stand in its rows, and `recognizers.rs` runs them.
//!
//! `fixtures/<rule id with a hyphen for the slash>.jsonl` holds one case a line. `expect` lists the rule's findings in
//! order, each by whichever of its fields matter; an empty list is a text that has to be left alone.
//!
//! - detectors: `{"text": …}` or `{"json": …}` or `{"event": …}`, with `"provenance"` (user by default), `"threshold"` and `expect` fields
//!   `text` (what the span covers), `path`, `at`, `inner_path`, `severity`, `effect`, `score`
//! - action control: `{"settings": …, "event": …}` with `expect` fields `path`, `message`, `effect`
//! - obeyed instructions: `{"settings": …, "events": […]}` with events in short, and `expect` fields of findings
//! - run validators: `{"settings": …, "events": […]}`; these have their own runner beside them
//! - rules over many runs: `{"settings": …, "runs": […]}`; so have these

#![allow(clippy::disallowed_methods, reason = "tests read fixtures, corpora and the manual from disk")]

use std::path::PathBuf;

use aop_rules::catalogue::CATALOGUE;
use aop_rules::post_run::ObeyedState;
use aop_rules::rule::{Rule, Status};
use aop_rules::scan::{DetectorSettings, Detectors, Hit, PiiSettings, Provenance, Scratch, ThreatSettings, recognizers};
use aop_rules::threats::obeyed::{self, ObeyedSettings};
use aop_toon::{Document, Event, Limits};
use serde_json::{Value, json};

#[test]
fn every_rule_has_a_fixture_of_both_kinds() {
    let mut missing = Vec::new();
    for rule in CATALOGUE.iter().filter(|rule| rule.status == Status::Active && !is_of_rows(rule)) {
        let cases = cases(rule);
        // A run's case may expect findings of other rules too; those name theirs.
        let is_own = |finding: &Value| finding.get("rule").is_none_or(|id| id == rule.id);
        let finds = |case: &Value| case["expect"].as_array().is_some_and(|expect| expect.iter().any(is_own));
        if !cases.iter().any(finds) || cases.iter().all(finds) {
            missing.push(path(rule).file_name().expect("it has a name").to_string_lossy().into_owned());
        }
    }
    assert!(
        missing.is_empty(),
        "these fixtures lack a case that is found or one that is left alone: {}",
        missing.join(", ")
    );
}

/// Whether a rule's recognizers of data have examples of both kinds in their rows. What an attack is worth depends on where it
/// comes from, which only a fixture says.
fn is_of_rows(rule: &Rule) -> bool {
    let mut own = recognizers().filter(|recognizer| recognizer.rule == rule).peekable();
    own.peek().is_some()
        && rule.family() != "threats"
        && own.all(|recognizer| !recognizer.hits.is_empty() && !recognizer.misses.is_empty())
}

#[test]
fn detectors_find_what_their_fixtures_say() {
    let detectors = Detectors::new(&DetectorSettings::default()).expect("the defaults are good");
    let mut scratch = Scratch::default();
    for rule in CATALOGUE.iter().filter(|rule| is_of_detectors(rule)) {
        for case in cases(rule) {
            let lowered = case["threshold"].as_f64().map(|threshold| {
                let pii = Some(PiiSettings { threshold, ..PiiSettings::default() });
                Detectors::new(&DetectorSettings { pii, ..DetectorSettings::default() }).expect("the settings are good")
            });
            let found = scan(lowered.as_ref().unwrap_or(&detectors), &case, &mut scratch, rule);
            compare(rule, &case, found);
        }
    }
}

/// Whether one event alone tells; what takes a run has its own runner below.
fn is_of_detectors(rule: &Rule) -> bool {
    matches!(rule.family(), "pii" | "secrets" | "threats") && rule.id != obeyed::RULE.id
}

#[test]
fn obeyed_instructions_are_found_as_their_fixtures_say() {
    let detectors = Detectors::new(&DetectorSettings::default()).expect("the defaults are good");
    for case in cases(&obeyed::RULE) {
        let threats: ThreatSettings =
            serde_json::from_value(case["settings"].clone()).unwrap_or_else(|error| panic!("{case}: {error}"));
        let settings = ObeyedSettings::of(&threats).expect("it is on");
        let mut state = ObeyedState::default();
        let mut findings = Vec::new();
        for (seq, short) in (1..).zip(case["events"].as_array().expect("a case has events")) {
            let bytes = full(seq, short).to_string();
            let event = Event::parse(bytes.as_bytes()).unwrap_or_else(|error| panic!("{bytes}: {error}"));
            let mut hits = Vec::new();
            detectors.scan(&event, &mut Scratch::default(), &mut hits);
            let before = findings.len();
            state.at_ingestion(&settings, &event, &mut findings);
            let accepted = findings[before..].iter().all(|finding| finding.effect.accepts());
            state.observe(&event, accepted, &hits, None);
            let written = serde_json::to_string(&state).expect("a state is JSON");
            state = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        }
        let found = findings.iter().map(|finding| serde_json::to_value(finding).expect("a finding is JSON"));
        compare(&obeyed::RULE, &case, found.collect());
    }
}

/// An event of a run in short: `{"user": …}`, `{"system": …}`, `{"result": …}` or `{"call": …, "params": …}`.
fn full(seq: u64, short: &Value) -> Value {
    let said = |actor: &str, text: &Value| (json!(actor), "reasoning", json!({"thought": text}));
    let fields = short.as_object().expect("an event in short is an object");
    let (actor, kind, payload) = match fields.iter().next().expect("it says something") {
        (who, text) if matches!(who.as_str(), "user" | "system") => said(who, text),
        (name, result) if name == "result" => {
            ("tool".into(), "action_response", json!({"status": "success", "result": result}))
        }
        (name, action) if name == "call" => (
            "agent".into(),
            "action_request",
            json!({"action": action, "params": fields.get("params").unwrap_or(&json!({}))}),
        ),
        _ => panic!("{short}: no such event"),
    };
    json!({"seq": seq, "t": "2025-12-05T10:00:00Z", "actor": actor, "type": kind, "payload": payload, "meta": {}})
}

/// The hits of one rule in one case, each as JSON with the text that its span covers.
fn scan(detectors: &Detectors, case: &Value, scratch: &mut Scratch, rule: &Rule) -> Vec<Value> {
    let provenance =
        case["provenance"].as_str().map_or(Provenance::User, |word| Provenance::from_word(word).expect("a provenance"));
    let mut hits = Vec::new();
    let found = |document: &Document<'_>, hits: Vec<Hit>, text: Option<&str>| {
        let of_rule = hits.into_iter().filter(|hit| hit.rule == rule);
        of_rule
            .map(|hit| {
                let mut finding = serde_json::to_value(hit.finding(document, None)).expect("a finding is JSON");
                let covered = text.map_or_else(|| innermost(document, &hit), str::to_owned);
                finding["text"] = json!(&covered[hit.span.start as usize..hit.span.end as usize]);
                finding
            })
            .collect()
    };
    if let Some(text) = case["text"].as_str() {
        detectors.scan_text(text, provenance, scratch, &mut hits);
        let document = Document::parse(b"null", &Limits::default()).expect("it is JSON");
        return found(&document, hits, Some(text));
    }
    if case["event"].is_object() {
        let bytes = case["event"].to_string();
        let event = Event::parse(bytes.as_bytes()).unwrap_or_else(|error| panic!("{case}: {error}"));
        detectors.scan(&event, scratch, &mut hits);
        return found(event.document(), hits, None);
    }
    let bytes = case["json"].to_string();
    let document = Document::parse(bytes.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{case}: {error}"));
    detectors.scan_json(&document, provenance, scratch, &mut hits);
    found(&document, hits, None)
}

/// The decoded key, string or number that a hit's span is in.
fn innermost(document: &Document<'_>, hit: &Hit) -> String {
    let value = document.value(hit.node.expect("a hit in a document has a node"));
    let Some(inner) = &hit.inner else { return text_of(value, hit.at_key) };
    let mut held = text_of(value, false);
    for (place, pointer) in inner.pointers.iter().enumerate() {
        let document =
            Document::parse(held.trim().as_bytes(), &Limits::default()).expect("the scan has parsed it").into_owned();
        let is_last = place + 1 == inner.pointers.len();
        held = text_of(document.pointer(pointer).expect("the pointer is the scan's"), is_last && hit.at_key);
    }
    held
}

fn text_of(value: aop_toon::Value<'_>, at_key: bool) -> String {
    match value.key().filter(|_| at_key) {
        Some(key) => key.as_str().into_owned(),
        None => value.as_str().map_or_else(|| value.raw().to_owned(), |text| text.into_owned()),
    }
}

#[track_caller]
fn compare(rule: &Rule, case: &Value, found: Vec<Value>) {
    let expected = case["expect"].as_array().unwrap_or_else(|| panic!("{}: {case} has no `expect`", rule.id));
    let fits = expected.len() == found.len()
        && expected.iter().zip(&found).all(|(expected, found)| {
            expected.as_object().is_some_and(|fields| fields.iter().all(|(name, value)| found.get(name) == Some(value)))
        });
    assert!(fits, "{}: {case}\nfound {found:#?}", rule.id);
}

fn cases(rule: &Rule) -> Vec<Value> {
    let Ok(text) = std::fs::read_to_string(path(rule)) else { return Vec::new() };
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {line}: {error}", rule.id));
    text.lines().filter(|line| !line.trim().is_empty()).map(parse).collect()
}

fn path(rule: &Rule) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(format!("{}.jsonl", rule.id.replace('/', "-")))
}
