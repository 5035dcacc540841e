//! The sample of the language's specification: it compiles as it is printed, and each of its rules finds what it is there to find.
//!
//! `sample/sample.aop` has the same rules in words of our own, and tests of each. Where the specification lies beside the
//! checkout, its own text has to pass those tests too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use aop_engine::policy::{self, Source, TestReport};
use aop_tests::{skipped, workspace_root};

const OURS: &str = include_str!("sample/sample.aop");

/// The rules of the sample, in its order.
const RULES: [&str; 13] = [
    "acl_shell",
    "crm_query_shape",
    "spend_limit",
    "web_to_mail",
    "web_text_in_mail",
    "pii_egress",
    "approve_before_delete",
    "must_answer",
    "rate_limit",
    "retry_loop",
    "exfil_chain",
    "slow_tool",
    "drift",
];

#[test]
fn our_wording_of_the_sample_compiles_without_a_warning_and_is_formatted() {
    let checked = policy::check(&[source("sample.aop", OURS.to_owned())], &[]);
    let said: String = checked.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(said, "");
    let formatted = policy::format("sample.aop", OURS).expect("it can be read");
    assert!(formatted == OURS, "run `aop policy fmt tests/tests/sample/sample.aop`");
}

#[test]
fn every_rule_of_the_sample_finds_what_it_should_and_nothing_else() {
    let report = tested("sample.aop", OURS.to_owned());
    assert_eq!(failures(&report), Vec::<String>::new());
    assert_eq!(report.results.len(), tests_of(OURS).len());
}

#[test]
fn every_rule_of_the_sample_has_a_test_in_which_it_fires_and_a_near_miss() {
    let (mut fires, mut spares) = (BTreeSet::new(), BTreeSet::new());
    for (rule, test) in tests_of(OURS) {
        let steps = test.lines().filter_map(|line| line.trim().strip_prefix("expect "));
        let expected: Vec<&str> = steps.map(|step| step.trim_end_matches(';')).collect();
        // A near miss is a run in which nothing at all is found.
        if expected == ["nothing"] {
            spares.insert(rule);
        } else {
            // The exact effect, and where: a batch rule is about runs, which have no number.
            assert!(expected.iter().all(|step| step.contains(" at seq ") || (rule == "drift" && *step == "flag")), "{test}");
            fires.insert(rule);
        }
    }
    let rules = BTreeSet::from(RULES);
    assert_eq!((&fires, &spares), (&rules, &rules));
    let report = tested("sample.aop", OURS.to_owned());
    let tested: BTreeSet<&str> = report.results.iter().map(|result| name(&result.rule)).collect();
    assert_eq!(tested, rules);
}

#[test]
fn the_sample_as_it_is_printed_compiles_and_passes_the_same_tests() {
    let Some(sample) = printed() else { return };
    let checked = policy::check(&[source("LANGUAGE.md", sample.clone())], &[]);
    let said: String = checked.diagnostics.iter().map(ToString::to_string).collect();
    let set = checked.set.unwrap_or_else(|| panic!("{said}"));
    assert!(!said.contains("error["), "{said}");
    let batch_rules: Vec<&str> = sample
        .lines()
        .filter_map(|line| line.strip_prefix("batch rule "))
        .map(|rest| rest.split(' ').next().unwrap_or_default())
        .collect();
    let mut rules: BTreeSet<&str> = set.rules().iter().map(|rule| name(&rule.code)).collect();
    rules.extend(batch_rules);
    assert_eq!(rules, BTreeSet::from(RULES), "a rule of the sample that ours has no tests for, or none any more");

    // Its own tests, and then ours as well.
    assert_eq!(failures(&tested("LANGUAGE.md", sample.clone())), Vec::<String>::new());
    let tests: String = tests_of(OURS).iter().map(|(_, test)| format!("{test}\n")).collect();
    let report = tested("LANGUAGE.md and our tests", format!("{sample}\n{tests}"));
    assert_eq!(failures(&report), Vec::<String>::new());
    let mut tests_by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    report.results.iter().for_each(|result| *tests_by_rule.entry(name(&result.rule)).or_default() += 1);
    assert!(RULES.iter().all(|rule| tests_by_rule.get(rule).is_some_and(|tests| *tests >= 2)), "{tests_by_rule:?}");
}

/// The sample of the specification, where that lies beside the checkout.
fn printed() -> Option<String> {
    let path = workspace_root().join("../shared/design/LANGUAGE.md");
    let Ok(page) = fs::read_to_string(path) else {
        skipped("the specification's sample as it is printed", "../shared/design/LANGUAGE.md is not there");
        return None;
    };
    Some(page.split("```\n").nth(1).expect("the page begins with a sample").to_owned())
}

fn source(name: &str, text: String) -> Source {
    Source { name: name.to_owned(), text }
}

fn tested(name: &str, text: String) -> TestReport {
    let checked = policy::check(&[source(name, text)], &[]);
    let said: String = checked.diagnostics.iter().map(ToString::to_string).collect();
    policy::test(&checked.set.unwrap_or_else(|| panic!("{said}")), &|_| true)
}

fn failures(report: &TestReport) -> Vec<String> {
    let failed = report.results.iter().filter(|result| !result.failures.is_empty());
    failed.map(|result| format!("{} {:?}: {:?}", result.rule, result.title, result.failures)).collect()
}

/// A policy's tests: the rule that each is of, and its text.
fn tests_of(policy: &str) -> Vec<(&str, &str)> {
    let starts = policy.match_indices("\ntest \"").map(|(at, _)| at + 1);
    let test = |start: usize| {
        let rest = &policy[start..];
        let text = &rest[..rest.find("\n}\n").expect("a test ends with a brace on a line of its own") + 2];
        let head = text.lines().next().unwrap_or_default();
        let rule = head.rsplit("\" for ").next().unwrap_or_default().trim_end_matches(" {");
        (rule, text)
    };
    starts.map(test).collect()
}

/// A rule's name without its package's.
fn name(code: &str) -> &str {
    code.rsplit('.').next().unwrap_or(code)
}
