//! The written cases: for each code a file of sets of runs that have it and of near misses.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use aop_rules::batch::{BatchSettings, BatchState, RULES};
use aop_toon::{Effect, Finding, Phase};
use serde::Deserialize;

use crate::runs::{Short, expand, now};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    settings: BatchSettings,
    runs: Vec<Short>,
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    #[serde(default)]
    run_ids: Option<Vec<String>>,
}

impl Expected {
    fn fits(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.run_ids.as_ref().is_none_or(|runs| *runs == finding.run_ids)
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
                assert_eq!((finding.phase, finding.effect, finding.seq), (Phase::Batch, Effect::Flag, None));
                writeln!(messages, "  {}: {} {:?}", case.name, finding.message, finding.run_ids)
                    .expect("a string takes everything");
            }
        }
        assert!(firing > 0 && quiet > 0, "{file} needs a case with {} and a near miss", rule.id);
    }
    insta::assert_snapshot!("messages", messages);
}

fn judge(case: &Case) -> Vec<Finding> {
    case.settings.validate().unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let mut state = BatchState::new(&case.settings);
    for run in expand(&case.runs) {
        state.observe(&case.settings, &run);
    }
    state.finish(&case.settings, now())
}

#[test]
fn every_code_is_there_once() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let named = "drift-duration drift-errors drift-mix change-point rare-action new-destination shared-fingerprint \
                 slow-exfiltration failure-burst capacity";
    assert_eq!(ids, named.split_whitespace().map(|name| format!("batch/{name}")).collect::<Vec<_>>());
    assert_eq!(RULES.iter().map(|rule| rule.validator).collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn settings_that_mean_nothing_are_refused_by_name() {
    let message = |text: &str| match serde_json::from_str::<BatchSettings>(text) {
        Ok(settings) => settings.validate().expect_err("refused").to_string(),
        Err(error) => error.to_string(),
    };
    let messages = [
        r#"{"window":"7h"}"#,
        r#"{"baseline":"0s"}"#,
        r#"{"bucket":"10s"}"#,
        r#"{"bucket":"1m"}"#,
        r#"{"duration_ratio":0.5}"#,
        r#"{"error_rise":1.5}"#,
        r#"{"change_p_max":0}"#,
        r#"{"secret_runs":1}"#,
        r#"{"personal_agents":1}"#,
        r#"{"keys_max":0}"#,
        r#"{"windows":"1d"}"#,
    ]
    .map(|text| format!("{text}\n  {}", message(text)));
    insta::assert_snapshot!("settings", messages.join("\n"));
}
