//! The written cases: for each code a file of runs that have it and of near misses.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use aop_rules::post_run::RULES;
use aop_toon::Finding;
use serde::Deserialize;

use crate::driver::{Run, Settings, Short, at, expand};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    settings: Settings,
    events: Vec<Short>,
    /// Seconds after the run's beginning at which it is finished.
    #[serde(default)]
    now: Option<f64>,
    /// All findings of the run, those of ingestion first.
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    #[serde(default)]
    seq: Option<u64>,
    #[serde(default)]
    witnesses: Option<Vec<u64>>,
}

impl Expected {
    fn fits(&self, finding: &Finding) -> bool {
        self.rule == finding.rule
            && (self.seq.is_none() || self.seq == finding.seq)
            && self.witnesses.as_ref().is_none_or(|witnesses| *witnesses == finding.witnesses)
    }
}

#[test]
fn every_case_finds_what_it_says() {
    let mut messages = String::new();
    for rule in RULES {
        let file = format!("{}.jsonl", rule.id.replace('/', "-"));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(&file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        let (mut firing, mut quiet) = (0, 0);
        writeln!(messages, "{}", rule.id).expect("a string takes everything");
        for (line, text) in text.lines().enumerate() {
            let case: Case = serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}:{}: {error}", line + 1));
            let findings = judge(&case);
            let fits = findings.len() == case.expect.len()
                && case.expect.iter().zip(&findings).all(|(expected, finding)| expected.fits(finding));
            assert!(fits, "{file}:{}: {} gave {findings:#?}", line + 1, case.name);
            let count = findings.iter().filter(|finding| finding.rule == rule.id).count();
            *(if count > 0 { &mut firing } else { &mut quiet }) += 1;
            for finding in findings.iter().filter(|finding| finding.rule == rule.id) {
                let seq = finding.seq.map_or(String::new(), |seq| format!(" #{seq}"));
                writeln!(messages, "  {}:{seq} {}", case.name, finding.message).expect("a string takes everything");
            }
        }
        assert!(firing > 0 && quiet > 0, "{file} needs a run with {} and a near miss", rule.id);
    }
    insta::assert_snapshot!("messages", messages);
}

fn judge(case: &Case) -> Vec<Finding> {
    case.settings.validate().unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let mut run = Run::default();
    let mut findings = Vec::new();
    for (event, refused) in expand(&case.events) {
        findings.extend(run.step(&case.settings, &event, refused).0);
    }
    findings.extend(run.finish(&case.settings, case.now.map(at)));
    findings
}

#[test]
fn every_code_is_there_once() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let named = "lag/gap lag/response lag/run lag/think lag/clock step/missing step/order step/follow-up step/no-final step/conformance \
                 seq/gap seq/duplicate seq/regression seq/orphan-response seq/unanswered seq/double-response seq/after-final \
                 seq/contradiction seq/false-success seq/overconfident seq/loop seq/retry seq/stall freq/limit freq/burst freq/silence freq/error-share freq/mix";
    assert_eq!(ids, named.split_whitespace().collect::<Vec<_>>());
    let validators: BTreeSet<&str> = RULES.iter().map(|rule| rule.validator).collect();
    assert_eq!(validators.len(), 4);
}

#[test]
fn settings_that_mean_nothing_are_refused_by_name() {
    let message = |text: &str| match serde_json::from_str::<Settings>(text) {
        Ok(settings) => settings.validate().expect_err("refused").to_string(),
        Err(error) => error.to_string(),
    };
    let messages = [
        r#"{"timelag":{"max_gap":"5 minutes"}}"#,
        r#"{"timelag":{"max_gap":300}}"#,
        r#"{"timelag":{"max_gap":"robust(-1)"}}"#,
        r#"{"timelag":{"max_run":"robust(3)"}}"#,
        r#"{"timelag":{"max_gaps":"5m"}}"#,
        r#"{"timelag":{"robust_min_count":0}}"#,
        r#"{"missing_step":{"workflows":[{"steps":[]}]}}"#,
        r#"{"missing_step":{"workflows":[{"name":"a"},{"name":"a"}]}}"#,
        r#"{"missing_step":{"workflows":[{"name":"a","steps":[{"name":"s"}]}]}}"#,
        r#"{"missing_step":{"workflows":[{"name":"a","steps":[{"name":"s","any_of":["x"],"count":0}]}]}}"#,
        r#"{"missing_step":{"workflows":[{"name":"a","steps":[{"name":"s","any_of":[""]}]}]}}"#,
        r#"{"missing_step":{"workflows":[{"name":"a","follow_ups":[{"after":"x","expect":[]}]}]}}"#,
        r#"{"missing_step":{"workflows":[{"name":"a","approvals":[{"action":"x","by":["y"],"approved":"ok"}]}]}}"#,
        r#"{"missing_step":{"final_output":"yes"}}"#,
        r#"{"conformance":{"fitness_min":1.5}}"#,
        r#"{"conformance":{"model":{"format":2}}}"#,
        r#"{"conformance":{"model":{"moves":{"start":["request"]}}}}"#,
        r#"{"conformance":{"model":{"moves":{"start":["user"],"user":["final"]}}}}"#,
        r#"{"conformance":{"model":{"moves":{"start":["thought"],"thought":["end"]}}}}"#,
        r#"{"conformance":{"model":{"moves":{"start":["user"],"user":["start","end"]}}}}"#,
        r#"{"conformance":{"model":{"moves":{"start":["user"],"user":["end"]},"most":{"request(a)":1}}}}"#,
        r#"{"conformance":{"model":{"watch":["end"]}}}"#,
        r#"{"sequence":{"loop_times":1}}"#,
        r#"{"sequence":{"stall_events":0}}"#,
        r#"{"sequence":{"overconfidence":{"confidence":90}}}"#,
        r#"{"sequence":{"overconfidence":{"min_count":0}}}"#,
        r#"{"frequency":{"limits":[{"max":5000,"within":"1m"}]}}"#,
        r#"{"frequency":{"limits":[{"max":5,"within":"0s"}]}}"#,
        r#"{"frequency":{"limits":[{"max":5,"within":"1m","effect":"redact"}]}}"#,
        r#"{"frequency":{"bursts":[{"z":0}]}}"#,
        r#"{"frequency":{"error_shares":[{"max":1.5}]}}"#,
        r#"{"frequency":{"mixes":[{"of":{"type":"thought"}}]}}"#,
        r#"{"frequency":{"mixes":[{"of":{},"min":0.5,"max":0.4}]}}"#,
    ]
    .map(|text| format!("{text}\n  {}", message(text)));
    insta::assert_snapshot!("settings", messages.join("\n"));
}
