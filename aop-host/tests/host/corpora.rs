//! Every run of the trace corpora through the host: what goes in comes out, and is judged as in process.

use std::path::{Path, PathBuf};

use aop_engine::{Engine, Event, Trace};
use serde_json::Value;

use crate::support::{Server, batch};

#[test]
fn every_run_is_kept_and_judged_as_in_process() {
    let Some(files) = trace_files() else {
        println!("skipped: no trace corpora (AOP_CORPORA, or ../shared/corpora beside the checkout)");
        return;
    };
    let server = Server::start();
    // the runs have clocks of their own
    server.clock.advance_micros(1000 * 24 * 3_600_000_000);
    let engine = Engine::builder().build().unwrap();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let events: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let first = server.post("/api/trace-events/batch/", &batch(&events)).json();
        assert_eq!(first["failed"], 0, "{}: {first}", file.display());
        let again = server.post("/api/trace-events/batch/", &batch(&events)).json();
        assert_eq!(again["duplicates"], events.len(), "{}", file.display());

        let parsed: Vec<Event<'_>> = lines.iter().map(|line| Event::parse(line.as_bytes()).unwrap()).collect();
        let run_id = parsed[0].meta().run_id().unwrap().into_owned();
        let trace = Trace::new(Some(run_id.clone()), parsed);
        assert_eq!(server.post(&format!("/api/runs/{run_id}/finalize/"), "").status, 200);
        check_findings(&server, &run_id, &engine.evaluate(&trace).findings, &file);
        check_trace(&server, &run_id, &lines);
    }
}

fn check_findings(server: &Server, run_id: &str, expected: &[aop_engine::Finding], file: &Path) {
    let found = server.get(&format!("/api/runs/{run_id}/findings/")).json();
    let mut found: Vec<String> = found["findings"].as_array().unwrap().iter().map(Value::to_string).collect();
    let mut expected: Vec<String> =
        expected.iter().map(|finding| serde_json::to_value(finding).unwrap().to_string()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{}", file.display());
}

fn check_trace(server: &Server, run_id: &str, lines: &[&str]) {
    let trace = server.get(&format!("/api/runs/{run_id}/trace/?format=ndjson"));
    assert_eq!(trace.text.lines().count(), lines.len());
    for (kept, sent) in trace.text.lines().zip(lines) {
        let mark: Value = serde_json::from_str(kept).unwrap();
        let is_as_sent = kept.ends_with(&format!("\"event\":{sent}}}"));
        assert_eq!(is_as_sent, !mark["redacted"].as_bool().unwrap(), "{kept}");
    }
}

fn trace_files() -> Option<Vec<PathBuf>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let corpora = std::env::var_os("AOP_CORPORA").map_or(beside, PathBuf::from);
    let folders = std::fs::read_dir(corpora.join("traces")).ok()?;
    let mut files: Vec<PathBuf> = folders
        .filter_map(|folder| std::fs::read_dir(folder.ok()?.path()).ok())
        .flat_map(|files| files.filter_map(|file| Some(file.ok()?.path())))
        .filter(|file| file.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    Some(files)
}
