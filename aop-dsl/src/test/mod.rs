//! Runs the tests that stand in policies, and says which outcomes of which clauses they have seen.

mod coverage;
mod script;
mod trace;

use serde::Serialize;

use aop_toon::{Event, Finding};

use crate::eval::NoProbe;
use crate::replay::{Replay, Scan};
use crate::set::PolicySet;
use crate::syntax::ast::{Expectation, Test};
use crate::typed::Package;

use coverage::Coverage;
pub use coverage::RuleCoverage;

pub(crate) use script::{START, Script, json};

pub use trace::{test_trace, traced_rules};

/// What became of the tests.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TestReport {
    /// One for each test, in the order of the policies and of their text.
    pub results: Vec<TestResult>,
    /// One for each rule of the policies, tested or not.
    pub coverage: Vec<RuleCoverage>,
}

impl TestReport {
    /// How many tests failed.
    pub fn failed(&self) -> usize {
        self.results.iter().filter(|result| !result.failures.is_empty()).count()
    }
}

/// What became of one test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestResult {
    /// The file and the line, such as `mail.aop:12`.
    pub place: String,
    /// The test's title.
    pub title: String,
    /// The rule, as `package.rule`.
    pub rule: String,
    /// What was expected and is not so; empty when the test passes.
    pub failures: Vec<String>,
}

/// Runs the tests of a set whose title or rule `is_meant`. A rule is tested alone: what others would refuse is accepted.
///
/// ```
/// use aop_dsl::{NoDetectors, compile, test};
///
/// let policies = compile("mail.aop", r#"
///     policy acme.mail version "1.0.0" dsl 1;
///     schema { action send(to: email); }
///     rule outside { on c: request(send) where c.params.to.domain != "acme.example" then deny; }
///     test "a stranger" for outside { request(send) { to: "eve@evil.example" }; expect deny at seq 1; }
///     test "a colleague" for outside { request(send) { to: "bob@acme.example" }; expect deny at seq 1; }
/// "#).unwrap();
/// let report = test(&policies, &NoDetectors, &|_| true);
/// assert_eq!((report.results.len(), report.failed()), (2, 1));
/// assert_eq!(report.results[1].failures, ["deny at #1 was expected, and nothing was found"]);
/// ```
pub fn test(set: &PolicySet, scan: &dyn Scan, is_meant: &dyn Fn(&str) -> bool) -> TestReport {
    let mut report = TestReport::default();
    for package in set.packages() {
        let mut coverage = Coverage::of(package);
        for test in &package.tests {
            let code = format!("{}.{}", package.name, test.rule.text);
            if is_meant(&test.title.text) || is_meant(&code) {
                let failures = if package.batch_rules.iter().any(|rule| rule.name == test.rule.text) {
                    crate::batch::test_failures(set, &code, test)
                } else {
                    run(set, &code, test, scan, &mut coverage)
                };
                let place = place(package, test);
                report.results.push(TestResult { place, title: test.title.text.clone(), rule: code, failures });
            }
        }
        report.coverage.extend(coverage.rules());
    }
    report
}

fn place(package: &Package, test: &Test) -> String {
    let before = package.source.get(..test.title.span.start as usize).unwrap_or_default();
    format!("{}:{}", package.source_name, before.matches('\n').count() + 1)
}

fn run(set: &PolicySet, code: &str, test: &Test, scan: &dyn Scan, coverage: &mut Coverage) -> Vec<String> {
    let Some(set) = set.only(code) else { return vec![format!("there is no rule {code}")] };
    let script = Script::of(test);
    let mut replay = Replay::new(&set, scan);
    let mut found = Vec::new();
    for step in &script.events {
        let event = match Event::parse(step.json.as_bytes()) {
            Ok(event) => event,
            Err(error) => return vec![format!("event #{} is no event: {error}", step.seq)],
        };
        coverage.at(step.seq);
        let mut probe = &mut *coverage;
        found.extend(replay.take(&event, step.role.as_deref(), &mut probe).findings);
    }
    let mut probe = &mut *coverage;
    found.extend(replay.finish(script.end_after_micros, &mut probe).findings);
    // What is still open when the test ends is neither kept nor broken.
    let open = replay.finish(None, &mut NoProbe).findings;
    coverage.end_duties(code, &found, &open);
    failures(&script.expectations.iter().map(|(expectation, _)| expectation.clone()).collect::<Vec<_>>(), &found)
}

/// What of the expectations is not so, and what was found that none of them names.
pub(crate) fn failures(expectations: &[Expectation], found: &[Finding]) -> Vec<String> {
    let mut failures = Vec::new();
    let mut is_named = vec![false; found.len()];
    for expectation in expectations {
        let is_at = |finding: &Finding| expectation.seq.is_none_or(|seq| finding.seq == Some(seq));
        let Some(effect) = &expectation.effect else { continue };
        let mut is_met = false;
        for (finding, named) in found.iter().zip(&mut is_named) {
            if is_at(finding) && finding.effect.as_str() == effect.text {
                *named = true;
                is_met = true;
            }
        }
        if !is_met {
            let at = expectation.seq.map_or_else(String::new, |seq| format!(" at #{seq}"));
            let instead: Vec<String> = found.iter().filter(|finding| is_at(finding)).map(shown).collect();
            let instead = if instead.is_empty() { "nothing was found".to_owned() } else { instead.join(", ") };
            failures.push(format!("{}{at} was expected, and {instead}", effect.text));
        }
    }
    // Which effects of one finding were found is told by its strongest; weaker ones of the same event need no mention.
    for (finding, _) in found.iter().zip(&is_named).filter(|(_, named)| !**named) {
        let stronger = found
            .iter()
            .zip(&is_named)
            .any(|(other, named)| *named && other.seq == finding.seq && other.effect >= finding.effect);
        if !stronger {
            failures.push(format!("{}, which nothing expects", shown(finding)));
        }
    }
    failures
}

fn shown(finding: &Finding) -> String {
    let at = finding.seq.map_or_else(String::new, |seq| format!(" at #{seq}"));
    format!("{}{at} was found: {}", finding.effect, finding.message)
}
