//! Measured on labelled values and on what agents hand to tools in real runs, where the corpora are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aop_rules::scan::{DetectorSettings, Detectors, Hit, Provenance, Scratch};
use aop_toon::Event;
use serde_json::Value;

/// A folder or file of the corpora; says so when it is not there.
fn corpora(part: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let path = std::env::var_os("AOP_CORPORA").map_or_else(beside, PathBuf::from).join(part);
    if !path.exists() {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    }
    Some(path)
}

fn rows(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("the corpora are JSON lines")).collect()
}

/// The rules of this family that look at SQL, scripts and the operators of document stores.
fn is_ours(hit: &Hit) -> bool {
    ["threats/sql-injection", "threats/sql-statement", "threats/script-injection", "threats/nosql-injection"]
        .contains(&hit.rule.id)
}

fn detectors() -> Detectors {
    Detectors::new(&DetectorSettings::default()).expect("the defaults are good")
}

/// Attacks on databases and pages as values, and harmless values that look like them.
#[test]
fn attacks_and_harmless_values() {
    let Some(path) = corpora("threats/web_attacks.jsonl") else { return };
    let (detectors, mut scratch, mut hits) = (detectors(), Scratch::default(), Vec::new());
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in rows(&path) {
        hits.clear();
        detectors.scan_text(row["text"].as_str().expect("a row has a text"), Provenance::Params, &mut scratch, &mut hits);
        let (all, found) = kinds.entry(row["kind"].as_str().unwrap_or_default().to_owned()).or_default();
        *all += 1;
        *found += usize::from(hits.iter().any(is_ours));
    }
    println!("{kinds:?}");
    let share = |kind: &str| kinds.get(kind).map_or(0.0, |&(all, found)| found as f64 / all as f64);
    assert!(share("sqli") >= 0.995, "{kinds:?}");
    assert!(share("xss") >= 0.97, "{kinds:?}");
    assert!(share("false_positive") <= 0.01, "{kinds:?}");
}

/// What agents hand to tools in runs without an attack: airline bookings, mails, programs, commands.
#[test]
fn ordinary_parameters() {
    let Some(folder) = corpora("traces") else { return };
    let (detectors, mut scratch, mut hits) = (detectors(), Scratch::default(), Vec::new());
    let mut requests = 0;
    for part in ["tau-airline", "swe-agent", "otel-frameworks", "agentdojo"] {
        for entry in std::fs::read_dir(folder.join(part)).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            if name.contains("injected") || name.contains("compromised") {
                continue;
            }
            for line in std::fs::read_to_string(&path).expect("the run can be read").lines() {
                let event = Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
                hits.clear();
                detectors.scan(&event, &mut scratch, &mut hits);
                requests += usize::from(event.action().is_some());
                assert!(!hits.iter().any(is_ours), "{name}: {line}");
            }
        }
    }
    println!("{requests} requests");
}
