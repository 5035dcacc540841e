//! Measured on real runs and labelled texts, where they are: `AOP_CORPORA`, or `../shared/corpora` beside the workspace.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures, corpora and the manual from disk")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use aop_rules::scan::{DetectorSettings, Detectors, Hit, Provenance, Scratch};
use aop_toon::{Event, Severity};
use common::{corpora, files, name, rows, text};
use serde_json::Value;

fn detectors() -> Detectors {
    Detectors::new(&DetectorSettings::default()).expect("the defaults are good")
}

fn scan_row(detectors: &Detectors, row: &Value, scratch: &mut Scratch) -> Vec<Hit> {
    let provenance = row["provenance"].as_str().and_then(Provenance::from_word).unwrap_or(Provenance::User);
    let mut hits = Vec::new();
    detectors.scan_text(row["text"].as_str().expect("a row has a text"), provenance, scratch, &mut hits);
    hits
}

/// What is found in labelled sentences is exactly what is labelled.
#[test]
fn labelled_sentences() {
    let Some(path) = corpora("pii/synth_dataset.jsonl") else { return };
    let entities = ["EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "IBAN_CODE", "IP_ADDRESS"];
    let (detectors, mut scratch) = (detectors(), Scratch::default());
    let mut wrong = 0;
    for row in rows(&path) {
        let span = |span: &Value| {
            (span["entity"].as_str().unwrap_or_default().to_owned(), span["start_byte"].as_u64(), span["end_byte"].as_u64())
        };
        let gold: BTreeSet<_> = row["spans"].as_array().expect("a row has spans").iter().map(span).collect();
        let gold: BTreeSet<_> = gold.into_iter().filter(|span| entities.contains(&&*span.0)).collect();
        let found: BTreeSet<_> = scan_row(&detectors, &row, &mut scratch)
            .iter()
            .map(|hit| (hit.entity.to_owned(), Some(u64::from(hit.span.start)), Some(u64::from(hit.span.end))))
            .filter(|span| entities.contains(&&*span.0))
            .collect();
        wrong += gold.symmetric_difference(&found).count();
    }
    assert_eq!(wrong, 0, "spans that are missed or made up");
}

/// Ids, hashes, times, versions and placeholders are left alone.
#[test]
fn hard_negatives() {
    let Some(path) = corpora("pii/hard_negatives.jsonl") else { return };
    let (detectors, mut scratch) = (detectors(), Scratch::default());
    let found: Vec<_> = rows(&path).into_iter().filter(|row| !scan_row(&detectors, row, &mut scratch).is_empty()).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Harmless texts that are flagged: at most 1 % of any kind of at least 20 texts.
#[test]
fn harmless_texts() {
    let Some(folder) = corpora("threats") else { return };
    let (detectors, mut scratch) = (detectors(), Scratch::default());
    for path in files(&folder) {
        let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for row in rows(&path).iter().filter(|row| row["label"] == "benign") {
            let (all, flagged) = kinds.entry(row["kind"].to_string()).or_default();
            *all += 1;
            let is_flagged = |hit: &Hit| hit.rule.family() == "threats" && hit.severity >= Severity::Warning;
            *flagged += usize::from(scan_row(&detectors, row, &mut scratch).iter().any(is_flagged));
        }
        for (kind, (all, flagged)) in kinds {
            assert!(all < 20 || flagged * 100 <= all, "{} {kind}: {flagged} of {all}", path.display());
        }
    }
}

/// Runs without an attack have no error from the attack detectors; runs with one of the loud kinds have one. Runs about
/// flights and source code, full of reservation numbers, prices and times, have no card's or social security numbers.
#[test]
fn runs_with_and_without_an_attack() {
    let Some(folder) = corpora("traces") else { return };
    let (detectors, mut scratch) = (detectors(), Scratch::default());
    let mut events = 0;
    let mut runs: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for path in
        ["tau-airline", "swe-agent", "otel-frameworks", "agentdojo"].iter().flat_map(|part| files(&folder.join(part)))
    {
        let name = name(&path);
        let mut is_attacked = false;
        for line in text(&path).lines() {
            events += 1;
            let event = Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut hits = Vec::new();
            detectors.scan(&event, &mut scratch, &mut hits);
            let is_person = |hit: &Hit| matches!(hit.rule.id, "pii/card" | "pii/us-ssn");
            assert!(name.starts_with("agentdojo") || !hits.iter().any(is_person), "{name}: {line}");
            is_attacked |= hits.iter().any(|hit| hit.rule.family() == "threats" && hit.severity >= Severity::Error);
        }
        let kind = if !name.starts_with("agentdojo") || name.contains("_benign_") { "without" } else { "with" };
        let (all, attacked) = runs.entry(kind).or_default();
        *all += 1;
        *attacked += usize::from(is_attacked);
    }
    let share = |kind: &str| runs.get(kind).map_or(0.0, |&(all, attacked)| attacked as f64 / all as f64);
    println!("{events} events; {runs:?}");
    assert_eq!(share("without"), 0.0);
    assert!(share("with") >= 0.95, "{runs:?}");
}
