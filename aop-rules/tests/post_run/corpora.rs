//! The default settings on real runs, where those are at hand.

use std::collections::BTreeMap;

use aop_toon::{Event, Severity};

use crate::common::{corpora, files, name};
use crate::driver::{Run, Settings};

#[test]
fn ordinary_runs_are_quiet() {
    let Some(traces) = corpora("traces") else { return };
    let settings = Settings::default();
    let mut counts: BTreeMap<(String, String, Severity), usize> = BTreeMap::new();
    let mut runs = 0;
    for folder in ["agentdojo", "asb", "otel-frameworks", "swe-agent", "tau-airline"] {
        for path in files(&traces.join(folder)) {
            runs += 1;
            let name = name(&path);
            let group = match folder {
                "agentdojo" if name.contains("_benign__") => "agentdojo, benign",
                "agentdojo" => "agentdojo, attacked",
                other => other,
            };
            let bytes = std::fs::read(&path).expect("a listed file can be read");
            let mut run = Run::default();
            let mut findings = Vec::new();
            for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let event = Event::parse(line).unwrap_or_else(|error| panic!("{name}: {error}"));
                findings.extend(run.step(&settings, &event, false).0);
            }
            findings.extend(run.finish(&settings, None));
            for finding in findings {
                *counts.entry((group.to_owned(), finding.rule.into_owned(), finding.severity)).or_default() += 1;
            }
        }
    }
    println!("{runs} runs");
    for ((group, rule, severity), count) in &counts {
        println!("{group:20} {rule:22} {severity:8} {count}");
    }
    let is_ordinary = |group: &str| !matches!(group, "agentdojo, attacked" | "asb");
    let loud: Vec<_> =
        counts.keys().filter(|(group, _, severity)| is_ordinary(group) && *severity >= Severity::Error).collect();
    assert!(loud.is_empty(), "ordinary runs have findings of severity error: {loud:?}");
}
