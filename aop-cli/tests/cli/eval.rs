use std::process::Stdio;

use insta::assert_snapshot;

use crate::support::{CALM, Folder, MAIL};

#[test]
fn people_read_runs_with_findings_and_a_summary() {
    let folder = Folder::with(&[("runs/calm.jsonl", CALM), ("runs/mail.jsonl", MAIL)]);
    assert_snapshot!(folder.aop(&["eval", "runs"]));
}

#[test]
fn programs_read_one_finding_a_line() {
    let folder = Folder::with(&[("mail.jsonl", MAIL)]);
    assert_snapshot!(folder.aop(&["eval", "--format", "jsonl", "mail.jsonl"]));
}

#[test]
fn code_hosts_read_sarif() {
    let folder = Folder::with(&[("mail.jsonl", MAIL)]);
    let ran = folder.aop(&["eval", "--format", "sarif", "mail.jsonl"]);
    let log: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
    }
    assert_snapshot!(serde_json::to_string_pretty(results).unwrap());
    // nothing in a log says when or how often it was written
    assert_eq!(folder.aop(&["eval", "--format", "sarif", "mail.jsonl"]).out, ran.out);
    let calm = Folder::with(&[("calm.jsonl", CALM)]).aop(&["eval", "--format", "sarif", "calm.jsonl"]);
    let log: serde_json::Value = serde_json::from_str(&calm.out).unwrap();
    assert_eq!((log["runs"][0]["results"].as_array().unwrap().len(), calm.code), (0, Some(0)));
}

#[test]
fn nothing_found_is_good() {
    let folder = Folder::with(&[("calm.jsonl", CALM)]);
    assert_snapshot!(folder.aop(&["eval", "calm.jsonl"]));
}

#[test]
fn every_bad_line_is_said_and_the_rest_is_judged() {
    let bad = format!("{{\"seq\":-1,\"t\":\"today\"}}\nnonsense\n\n{MAIL}{{\"seq\":7,\"seq\":8}}\n");
    let folder = Folder::with(&[("bad.jsonl", &bad)]);
    assert_snapshot!(folder.aop(&["eval", "bad.jsonl", "gone.jsonl"]));
}

#[test]
fn a_line_longer_than_an_event_is_said_with_its_size() {
    let long = format!("{}\n{CALM}", "x".repeat((1 << 20) + 1));
    let ran = Folder::with(&[("long.jsonl", &long)]).aop(&["eval", "long.jsonl"]);
    assert!(
        ran.err.contains("long.jsonl:1: at the document (byte 0): the line has 1048578 bytes; at most 1048576 are taken"),
        "{ran}"
    );
    assert!(ran.out.contains("1 run, 2 events") && ran.code == Some(2), "{ran}");
}

const INDEX: &str = "{\"file\":\"a.jsonl\",\"events\":2}\n[1]\n";

#[test]
fn an_index_in_a_folder_is_no_trace() {
    let folder = Folder::with(&[("runs/INDEX.jsonl", INDEX), ("runs/a/calm.jsonl", CALM), ("runs/notes.txt", "x")]);
    assert_snapshot!(folder.aop(&["eval", "runs"]));
    let named = folder.aop(&["eval", "runs/INDEX.jsonl"]);
    assert_eq!(named.code, Some(2), "{named}");
    assert!(named.err.contains("runs/INDEX.jsonl:2: ") && named.err.contains("an event is an object"), "{named}");
}

#[test]
fn a_broken_trace_in_a_folder_is_bad_input() {
    for broken in [format!("{INDEX}{CALM}"), INDEX.to_owned() + "{\"seq\":1,\"actor\":\"agent\"", INDEX.repeat(60) + CALM] {
        let ran = Folder::with(&[("runs/a.jsonl", &broken)]).aop(&["eval", "runs"]);
        assert_eq!(ran.code, Some(2), "{ran}");
        assert!(ran.err.contains("runs/a.jsonl:1: "), "{ran}");
    }
}

#[test]
fn a_folder_without_traces_is_bad_input() {
    let ran = Folder::with(&[("runs/notes.txt", "x")]).aop(&["eval", "runs"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.starts_with("error: runs: there is no *.jsonl file in this folder\n"), "{ran}");
}

#[test]
fn one_file_may_hold_many_runs() {
    let other = MAIL.replace("mail-7", "mail-8");
    let mixed: String = MAIL.lines().zip(other.lines()).map(|(one, two)| format!("{one}\n{two}\n")).collect();
    let folder = Folder::with(&[("mail.jsonl", MAIL), ("other.jsonl", &other)]);
    let apart = folder.aop(&["eval", "--format", "jsonl", "mail.jsonl", "other.jsonl"]);
    let together = folder.aop_with(&["eval", "--format", "jsonl", "-"], &[], &mixed);
    assert_eq!(together.out, apart.out);
    assert!(together.err.starts_with("note: 2 runs, 12 events: "), "{together}");
}

#[test]
fn a_run_without_an_id_is_its_file() {
    let nameless = MAIL.replace("\"run_id\":\"mail-7\",", "").replace("\"run_id\":\"mail-7\"", "");
    let folder = Folder::with(&[("mail.jsonl", &nameless)]);
    let ran = folder.aop(&["eval", "--format", "jsonl", "mail.jsonl"]);
    let first = ran.out.lines().next().unwrap();
    assert!(first.starts_with("{\"run_id\":null,\"file\":\"mail.jsonl\",\"id\":"), "{first}");
    let text = folder.aop(&["eval", "mail.jsonl"]).out;
    assert!(text.starts_with("run without an id in mail.jsonl: 6 events, 1 refused\n"), "{text}");
}

#[test]
fn the_threshold_decides_about_the_exit_code() {
    let folder = Folder::with(&[("mail.jsonl", MAIL)]);
    let code = |variables: &[(&str, &str)]| folder.aop_with(&["eval", "mail.jsonl"], variables, "").code;
    assert_eq!(code(&[]), Some(1));
    assert_eq!(code(&[("AOP_VALIDATION_THRESHOLD", "CRITICAL"), ("AOP_VALIDATORS_ENABLED", "true")]), Some(1));
    assert_eq!(code(&[("AOP_VALIDATORS_ENABLED", "false")]), Some(0));
    assert_eq!(code(&[("AOP_VALIDATORS_ENABLED", "maybe")]), Some(2));
    let ran = folder.aop_with(&["eval", "mail.jsonl"], &[("AOP_VALIDATION_THRESHOLD", "loud")], "");
    assert_snapshot!(ran);
}

#[test]
fn an_event_that_is_refused_below_the_threshold_counts() {
    let throttle = "[engine.frequency]\nlimits = [{ of = { type = \"action_request\" }, max = 1, within = \"1m\", effect = \"throttle\" }]\n";
    let approval = "[engine.actions.actions.send_mail]\napproval = true\n";
    let calm = MAIL.replace("Ignore all previous instructions", "Hello").replace("AKIAQ3EGRZTX7WMNP2LD", "hi");
    let folder = Folder::with(&[
        ("throttle.toml", throttle),
        ("approval.toml", approval),
        ("flag.toml", &throttle.replace("\"throttle\"", "\"flag\"")),
        ("mail.jsonl", &calm),
    ]);
    let eval = |arguments: &[&str]| folder.aop(&[&["eval", "mail.jsonl", "--config"], arguments].concat());
    for (config, effect) in [("throttle.toml", "throttle"), ("approval.toml", "require_approval")] {
        let ran = eval(&[config]);
        assert_eq!(ran.code, Some(1), "{ran}");
        assert!(ran.out.contains(&format!(", {effect}]")) && ran.out.ends_with("; 1 event refused\n"), "{ran}");
        assert!(!ran.out.contains("  error  ") && !ran.out.contains("  critical  "), "{ran}");
        assert_eq!(eval(&[config, "--phase", "post_run"]).code, Some(1));
        assert_eq!(eval(&[config, "--format", "sarif"]).code, Some(1));
    }
    assert_eq!(eval(&["flag.toml"]).code, Some(0));
}

#[test]
fn a_phase_can_be_left_out() {
    let open = MAIL.lines().take(4).collect::<Vec<_>>().join("\n");
    let folder = Folder::with(&[("mail.jsonl", &open)]);
    let phases = |arguments: &[&str]| {
        let ran = folder.aop(&[&["eval", "--format", "jsonl", "mail.jsonl"], arguments].concat());
        let mut phases: Vec<_> = ran.out.lines().map(|line| line.contains("\"phase\":\"post_run\"")).collect();
        phases.dedup();
        phases
    };
    assert_eq!(phases(&[]), [false, true]);
    assert_eq!(phases(&["--phase", "ingestion", "--phase", "post_run"]), [false, true]);
    assert_eq!(phases(&["--phase", "ingestion"]), [false]);
    assert_eq!(phases(&["--phase", "post-run"]), [true]);
    assert_snapshot!(folder.aop(&["eval", "mail.jsonl", "--phase", "batch"]));
}

#[test]
fn settings_that_cannot_be_are_said_with_file_and_line() {
    let config = "[engine]\nthreshold = \"critical\"\n\n[engine.timelag]\nmaxgap = \"30s\"\n";
    let folder = Folder::with(&[
        ("key.toml", config),
        ("value.toml", "[engine.pii.entities]\nEMAIL = { enabled = false }\n"),
        ("host.toml", "[host.engine]\nthreshold = \"info\"\n"),
        ("good.toml", "[engine]\nthreshold = \"critical\"\nsecrets = false\n\n[host]\nlisten = \"127.0.0.1:0\"\n"),
        ("mail.jsonl", MAIL),
    ]);
    let said: String = ["key.toml", "value.toml", "host.toml", "gone.toml"]
        .iter()
        .map(|config| folder.aop(&["eval", "--config", config, "mail.jsonl"]))
        .map(|ran| format!("exit {}\n{}\n", ran.code.unwrap(), ran.err))
        .collect();
    assert_snapshot!(said);
    let good = folder.aop(&["eval", "--config", "good.toml", "mail.jsonl"]);
    assert_eq!(good.code, Some(0), "{good}");
}

#[test]
fn a_policy_that_cannot_be_is_said_with_its_file() {
    let folder = Folder::with(&[("bad.aop", "nonsense"), ("mail.jsonl", MAIL)]);
    let ran = folder.aop(&["eval", "--policy", "bad.aop", "mail.jsonl"]);
    assert_eq!((ran.code, &*ran.out), (Some(2), ""));
    assert!(ran.err.starts_with("error: the policies cannot be used\nerror[header]: "), "{ran}");
    assert!(ran.err.contains("--> bad.aop:1:1"), "{ran}");
}

#[test]
fn a_trace_cannot_write_to_the_terminal() {
    let coloured = MAIL.replace("\"body\"", "\"\\u001b[2Jbody\"");
    let ran = Folder::with(&[("mail.jsonl", &coloured)]).aop(&["eval", "mail.jsonl"]);
    assert!(ran.out.contains("/payload/params/\\u{1b}[2Jbody 0..20"), "{ran}");
}

#[test]
fn a_reader_that_has_heard_enough_is_no_error() {
    let folder = Folder::with(&[("mail.jsonl", &MAIL.repeat(2000))]);
    let mut child = folder
        .command(&["eval", "--format", "jsonl", "mail.jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()), (Some(0), String::new()));
}

/// A code host closes what is gone and keeps what is there by these.
#[test]
fn a_finding_has_one_id_in_every_format() {
    let folder = Folder::with(&[("mail.jsonl", MAIL)]);
    let lines = folder.aop(&["eval", "--format", "jsonl", "mail.jsonl"]).out;
    let ids: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    let sarif = folder.aop(&["eval", "--format", "sarif", "mail.jsonl"]).out;
    let log: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let prints: Vec<&str> = log["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["partialFingerprints"]["aopFinding/v1"].as_str().unwrap())
        .collect();
    assert_eq!(ids, prints);
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
}
