//! Batch rules in `aop eval`: what is found over the given runs together, in every format.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fs;
use std::process::Command;

use aop_tests::{aop_binary, sarif_faults};
use serde_json::Value;

const FLEET: &str = r#"policy acme.fleet version "1.0.0" dsl 1;

batch rule errors @severity(error) {
  over runs where run.status == "completed" window 7d by meta.model
  if rate(run.errors > 0) > 0.4 and runs.count >= 2
  then flag "{runs.count} runs of {meta.model} fail";
}

rule outside {
  on c: request(send) where c.params.to as string == "eve@evil.example"
  then flag "mail to a stranger";
}
"#;

/// A run of two events; the second says whether it went well.
fn run(id: &str, day: u32, model: &str, failed: bool) -> String {
    let (actor, kind, payload) = match failed {
        true => ("system", "error", r#"{"error_type":"Timeout","message":"too slow"}"#),
        false => ("agent", "final_output", r#"{"output":"done"}"#),
    };
    format!(
        r#"{{"seq":1,"t":"2025-12-{day:02}T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"send","params":{{"to":"eve@evil.example"}}}},"meta":{{"run_id":"{id}","model":"{model}","call_id":"c"}}}}
{{"seq":2,"t":"2025-12-{day:02}T10:00:05Z","actor":"{actor}","type":"{kind}","payload":{payload},"meta":{{"run_id":"{id}","model":"other"}}}}
"#
    )
}

fn eval(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fleet.aop"), FLEET).unwrap();
    let large = run("a", 1, "large", true) + &run("b", 2, "large", true) + &run("c", 3, "large", false);
    fs::write(folder.path().join("large.jsonl"), large).unwrap();
    fs::write(folder.path().join("small.jsonl"), run("d", 3, "small", false) + &run("e", 3, "small", false)).unwrap();
    let done = Command::new(aop_binary())
        .args(["eval", "--policy", "fleet.aop"])
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn people_read_what_was_found_over_the_runs_last() {
    let (code, said, complaint) = eval(&["--phase", "batch", "large.jsonl", "small.jsonl"]);
    assert_eq!((code, complaint.as_str()), (1, ""), "an error is at the threshold: {said}");
    assert_eq!(
        said,
        "over 5 runs\n  error     acme.fleet.errors: 3 runs of large fail  [flag]\n\n5 runs, 10 events: 1 finding (1 error)\n"
    );
    let (_, said, _) = eval(&["large.jsonl", "small.jsonl"]);
    assert!(said.contains("acme.fleet.outside") && said.contains("over 5 runs"), "every phase when none is named: {said}");
    let (_, said, _) = eval(&["--phase", "ingestion", "large.jsonl", "small.jsonl"]);
    assert!(!said.contains("over 5 runs"), "{said}");
}

#[test]
fn the_window_ends_with_the_latest_event_or_when_it_is_said() {
    let (code, said, _) = eval(&["--phase", "batch", "--now", "2026-01-20T00:00:00Z", "large.jsonl"]);
    assert_eq!((code, said.as_str()), (0, "3 runs, 6 events: nothing found\n"));
    let (code, _, said) = eval(&["--now", "tomorrow", "large.jsonl"]);
    assert_eq!(code, 2);
    assert!(said.contains("write a time such as 2025-12-05T10:00:00Z"), "{said}");
}

#[test]
fn programs_read_that_no_single_run_is_meant() {
    let (code, said, _) = eval(&["--phase", "batch", "--format", "jsonl", "large.jsonl"]);
    assert_eq!(code, 1);
    let found: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(found["run_id"], Value::Null);
    assert_eq!((&found["runs"], &found["phase"]), (&Value::from(3), &Value::from("batch")));
    let (_, said, _) = eval(&["--phase", "batch", "--format", "sarif", "large.jsonl"]);
    let log: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(sarif_faults(&log), Vec::<String>::new());
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "acme.fleet.errors");
}

#[test]
fn without_batch_rules_the_phase_is_said_to_be_empty() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("run.jsonl"), run("a", 1, "large", false)).unwrap();
    let done = Command::new(aop_binary())
        .args(["eval", "--phase", "batch", "run.jsonl"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(0));
    assert!(String::from_utf8(done.stderr).unwrap().contains("no policy has a batch rule"));
}
