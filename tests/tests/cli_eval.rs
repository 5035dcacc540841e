//! `aop eval` over the real traces: every event is read, and the findings are the engine's.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;

use aop_engine::{Engine, Limits, Scope, traces_from_jsonl};
use aop_tests::{aop_binary, corpora, skipped};
use serde_json::Value;

#[test]
fn every_event_of_the_real_traces_is_read() {
    let Some(corpora) = corpora() else {
        return skipped("every_event_of_the_real_traces_is_read", "the folder of real traces is not there");
    };
    let traces = corpora.join("traces");
    let run = Command::new(aop_binary()).args(["eval", "--format", "jsonl"]).arg(&traces).output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("note: 834 runs, 10528 events: "), "{said}");
    assert!(said.contains("INDEX.jsonl: passed over"), "{said}");
    assert!(!said.contains("could not be read"), "{said}");
    assert_eq!(run.status.code(), Some(1));

    let found: Vec<Value> =
        String::from_utf8(run.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let engine = Engine::builder().build().unwrap();
    let mut expected = Vec::new();
    for file in files(&traces) {
        let bytes = fs::read(file).unwrap();
        let (traces, _) = traces_from_jsonl(&bytes, &Limits::default());
        for report in engine.evaluate_all(&traces).reports {
            let scope = Scope { run: report.run_id.as_deref(), ..Scope::default() };
            let ids = engine.finding_ids(scope, &report.findings);
            for (id, finding) in ids.into_iter().zip(report.findings) {
                let mut finding = serde_json::to_value(finding).unwrap();
                finding["id"] = id.into();
                finding["run_id"] = report.run_id.as_deref().into();
                expected.push(finding);
            }
        }
    }
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
}

/// The files below a folder, in the order of their names.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
