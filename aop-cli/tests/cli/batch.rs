//! `aop batch`: many runs together, at once and day by day.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::{Folder, KEY};

/// A run of one call at an hour since the beginning of January.
fn run(out: &mut String, id: &str, hour: u32, action: &str, params: &str) {
    let t = |second: u32| format!("2026-01-{:02}T{:02}:00:{second:02}Z", 1 + hour / 24, hour % 24);
    let mut event = |seq: u32, actor: &str, kind: &str, payload: &str| {
        let meta = format!(r#"{{"run_id":"{id}","agent_id":7}}"#);
        let t = t(seq);
        writeln!(out, r#"{{"seq":{seq},"t":"{t}","actor":"{actor}","type":"{kind}","payload":{payload},"meta":{meta}}}"#)
            .unwrap();
    };
    event(1, "agent", "action_request", &format!(r#"{{"action":"{action}","params":{params}}}"#));
    event(2, "tool", "action_response", r#"{"status":"success","result":"fine"}"#);
    event(3, "agent", "final_output", r#"{"output":"done"}"#);
}

/// Thirty runs of each of six days, and on the last day one that does something else.
fn days() -> Vec<(String, String)> {
    let mut days: Vec<(String, String)> = Vec::new();
    for day in 0..6 {
        let mut text = String::new();
        for number in 0..30 {
            let id = format!("d{day}-{number}");
            run(&mut text, &id, day * 24 + number * 4 / 5, "search", r#"{"q":"weather"}"#);
        }
        if day == 5 {
            run(&mut text, "odd", day * 24 + 20, "export_all", r#"{"url":"https://drop.example.net/"}"#);
        }
        days.push((format!("day-{day}.jsonl"), text));
    }
    days
}

fn folder() -> Folder {
    let days = days();
    let files: Vec<(&str, &str)> = days.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Folder::with(&files)
}

const NOW: &str = "2026-01-07T00:00:00Z";

#[test]
fn what_is_unusual_among_the_runs_is_said_with_their_names() {
    let folder = folder();
    let ran = folder.aop_with(&["batch", "--now", NOW, "."], &[("AOP_REDACTION_KEY", KEY)], "");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "warnings are below the threshold: {ran}");
    insta::assert_snapshot!("batch", ran.out);
    let ran = folder.aop_with(&["batch", "--now", NOW, "."], &[("AOP_VALIDATION_THRESHOLD", "warning")], "");
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.err.contains("without AOP_REDACTION_KEY there are no fingerprints"), "{ran}");

    let ran = folder.aop(&["batch", "--format", "jsonl", "--now", NOW, "."]);
    let found: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found[0]["rule"], "batch/rare-action", "{ran}");
    assert_eq!(
        (&found[0]["run_ids"][0], &found[0]["run_id"], &found[0]["runs"]),
        (&"odd".into(), &Value::Null, &181.into())
    );
    let ran = folder.aop(&["batch", "--format", "sarif", "--now", NOW, "."]);
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["properties"]["run_ids"][0], "odd", "{ran}");
}

#[test]
fn day_by_day_finds_what_all_days_at_once_find() {
    let folder = folder();
    let whole = folder.aop(&["batch", "--now", NOW, "."]);
    let mut last = None;
    for day in 0..6 {
        let (file, now) = (format!("day-{day}.jsonl"), format!("2026-01-{:02}T00:00:00Z", day + 2));
        let ran = folder.aop(&["batch", "--state", "fleet.state", "--now", &now, &file]);
        assert_eq!(ran.code, Some(0), "{ran}");
        assert_eq!(ran.err.contains("this is the first day"), day == 0, "{ran}");
        last = Some(ran.out);
    }
    let found = |out: &str| out.lines().filter(|line| line.contains("batch/")).map(str::to_owned).collect::<Vec<_>>();
    let last = last.unwrap();
    assert_eq!(found(&last), found(&whole.out));
    assert!(last.starts_with("over 181 runs\n") && last.contains("31 runs, 93 events"), "{last}");

    let kept = fs::read_to_string(folder.path().join("fleet.state")).unwrap();
    fs::write(folder.path().join("settings.toml"), "[engine.batch]\nbucket = \"3h\"\n").unwrap();
    let ran = folder.aop(&["batch", "--config", "settings.toml", "--state", "fleet.state", "day-5.jsonl"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("fleet.state: this state of many runs counts time in buckets of 6 h"), "{ran}");
    assert_eq!(fs::read_to_string(folder.path().join("fleet.state")).unwrap(), kept, "it is left as it was");
}

#[test]
fn what_cannot_be_is_said() {
    let folder = Folder::with(&[("off.toml", "[engine]\nbatch = false\n"), ("calm.jsonl", crate::support::CALM)]);
    let ran = folder.aop(&["batch", "--window", "7h", "calm.jsonl"]);
    assert!(ran.code == Some(2) && ran.err.contains("batch.window: write a whole number of buckets"), "{ran}");
    let ran = folder.aop(&["batch", "--config", "off.toml", "--window", "6h", "calm.jsonl"]);
    assert!(ran.code == Some(2) && ran.err.contains("`batch` is switched off"), "{ran}");
    let ran = folder.aop(&["batch", "--config", "off.toml", "calm.jsonl"]);
    assert!(ran.code == Some(0) && ran.err.contains("only the policies' batch rules are judged"), "{ran}");
    let ran = folder.aop(&["batch", "--state", "no/such/folder/state", "calm.jsonl"]);
    assert!(ran.code == Some(2) && ran.err.contains("cannot be written"), "{ran}");
}
