//! Measured on labelled values and on what agents hand to tools in real runs, where the corpora are.

use std::collections::BTreeMap;

use aop_rules::scan::{DetectorSettings, Detectors, Hit, Provenance, Scratch};
use aop_toon::Event;

use crate::common::{corpora, files, name, rows, text};

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
    let share = |kind: &str| {
        let &(all, found) = kinds.get(kind).unwrap_or_else(|| panic!("there are values of the kind {kind}: {kinds:?}"));
        assert!(all >= 100, "{kind}: {all} values are too few to measure by");
        found as f64 / all as f64
    };
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
        for path in files(&folder.join(part)) {
            let name = name(&path);
            if name.contains("injected") || name.contains("compromised") {
                continue;
            }
            for line in text(&path).lines() {
                let event = Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
                hits.clear();
                detectors.scan(&event, &mut scratch, &mut hits);
                requests += usize::from(event.action().is_some());
                assert!(!hits.iter().any(is_ours), "{name}: {line}");
            }
        }
    }
    println!("{requests} requests");
    assert!(requests >= 100, "{requests} requests are too few to measure by");
}
