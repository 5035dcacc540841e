//! `*.aoptest`: a whole trace with what is expected of it.
//!
//! JSON Lines. The first line says what is expected: `{"aoptest": 1, "title": "…", "rules": ["acme.mail.outside"],
//! "expect": [{"rule": "acme.mail.outside", "effect": "deny", "seq": 3}]}`; the lines after it are the run's events. Of the rules
//! that are named, exactly these findings must be made.

use aop_toon::{Effect, Event, Finding};
use serde::Deserialize;

use crate::replay::{Replay, Scan};
use crate::set::PolicySet;
use crate::test::{TestReport, TestResult};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// The version of the form.
    aoptest: u32,
    #[serde(default)]
    title: String,
    rules: Vec<String>,
    #[serde(default)]
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    rule: String,
    effect: Effect,
    #[serde(default)]
    seq: Option<u64>,
}

/// Which rules a trace is about, by its first line; nothing where that cannot be read.
///
/// ```
/// let rules = aop_dsl::traced_rules(r#"{"aoptest": 1, "rules": ["acme.mail.outside"]}"#);
/// assert_eq!(rules.unwrap(), ["acme.mail.outside"]);
/// ```
pub fn traced_rules(text: &str) -> Option<Vec<String>> {
    serde_json::from_str::<Head>(text.lines().next()?).ok().map(|head| head.rules)
}

/// Runs a trace with its expectations against a set, and adds the results, one for each rule that it names.
pub fn test_trace(set: &PolicySet, scan: &dyn Scan, name: &str, text: &str, report: &mut TestReport) {
    let mut lines = text.lines();
    let head = match serde_json::from_str::<Head>(lines.next().unwrap_or_default()) {
        Ok(head) if head.aoptest == 1 && !head.rules.is_empty() => head,
        Ok(head) => {
            return report.results.push(bad(
                name,
                1,
                format!(
                    "the first line names {} rules in form {}; write \"aoptest\": 1 and at least one rule",
                    head.rules.len(),
                    head.aoptest
                ),
            ));
        }
        Err(error) => {
            let message = format!(
                "the first line says what is expected, such as {{\"aoptest\": 1, \"rules\": [\"acme.mail.outside\"], \"expect\": []}}: {error}"
            );
            return report.results.push(bad(name, 1, message));
        }
    };
    let lines: Vec<(usize, &str)> = (2..).zip(lines).filter(|(_, line)| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return report.results.push(bad(name, 1, "there is no event in it".to_owned()));
    }
    if let Some(other) = head.expect.iter().find(|expected| !head.rules.contains(&expected.rule)) {
        let message = format!("a finding of {} is expected, and that rule is not among `rules`", other.rule);
        return report.results.push(bad(name, 1, message));
    }
    for code in &head.rules {
        let failures = match set.only(code) {
            None => vec![format!("there is no rule {code} in these policies")],
            Some(set) => findings(&set, scan, &lines)
                .map_or_else(|failure| vec![failure], |found| differences(&head.expect, code, &found)),
        };
        let title = if head.title.is_empty() { name.to_owned() } else { head.title.clone() };
        report.results.push(TestResult { place: name.to_owned(), title, rule: code.clone(), failures });
    }
}

fn bad(name: &str, line: usize, failure: String) -> TestResult {
    TestResult { place: format!("{name}:{line}"), title: name.to_owned(), rule: String::new(), failures: vec![failure] }
}

fn findings(set: &PolicySet, scan: &dyn Scan, lines: &[(usize, &str)]) -> Result<Vec<Finding>, String> {
    let mut replay = Replay::new(set, scan);
    let mut found = Vec::new();
    for (number, line) in lines {
        let event = Event::parse(line.as_bytes()).map_err(|error| format!("line {number} is no event: {error}"))?;
        found.extend(replay.take(&event, None, &mut crate::eval::NoProbe).findings);
    }
    found.extend(replay.finish(None, &mut crate::eval::NoProbe).findings);
    Ok(found)
}

fn differences(expected: &[Expected], code: &str, found: &[Finding]) -> Vec<String> {
    let expected: Vec<&Expected> = expected.iter().filter(|expected| expected.rule == code).collect();
    let is_same = |expected: &Expected, finding: &Finding| expected.effect == finding.effect && expected.seq == finding.seq;
    let missing = expected.iter().filter(|expected| !found.iter().any(|finding| is_same(expected, finding)));
    let missing = missing.map(|expected| {
        let at = expected.seq.map_or_else(String::new, |seq| format!(" at #{seq}"));
        format!("{}{at} was expected and not found", expected.effect)
    });
    let extra = found.iter().filter(|finding| !expected.iter().any(|expected| is_same(expected, finding)));
    missing.chain(extra.map(|finding| format!("{}, which nothing expects", super::shown(finding)))).collect()
}
