//! The reference interpreter passes the tests that stand in policies: those that show what each sentence of the manual means, and
//! the rule book's.

use std::path::Path;

use aop_toon::{Event, Finding, Phase, Severity, Timestamp};

use crate::environment::Environment;
use crate::reference::{Found, Reference};
use crate::set::{self, Source};
use crate::syntax::ast::{Expectation, Test};
use crate::test::{Script, failures};
use crate::typed::Rule;

const MEANING: [&str; 5] = [
    include_str!("../../tests/meaning/events.rs"),
    include_str!("../../tests/meaning/state.rs"),
    include_str!("../../tests/meaning/unknown.rs"),
    include_str!("../../tests/meaning/values.rs"),
    include_str!("../../tests/meaning/windows.rs"),
];

#[test]
fn the_reference_means_what_the_manual_says() {
    let main = include_str!("../../tests/meaning/main.rs");
    let schema = main.split("r#\"").nth(1).and_then(|rest| rest.split("\"#").next()).expect("the shared schema");
    // The policies of `shows`; those of `forbids` do not compile.
    let policies = MEANING.iter().flat_map(|file| file.split("shows(").skip(1)).filter_map(|call| {
        let policy = call.split("r#\"").nth(1)?.split("\"#").next()?;
        Some(Source { name: "meaning.aop".to_owned(), text: format!("{schema}{policy}") })
    });
    let mut passed = 0;
    for policy in policies {
        passed += passes(&[policy]);
    }
    println!("{passed} tests of the manual's sentences pass");
    assert!(passed > 100, "{passed}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the rule book is a folder")]
fn the_reference_passes_the_tests_of_the_rule_book() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    let mut sources = Vec::new();
    // The packages in its folder `flow` are about flows, which are not the reference's.
    for entry in std::fs::read_dir(folder).expect("the rule book") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "aop") {
            let text = std::fs::read_to_string(&path).expect("a policy");
            sources.push(Source { name: path.display().to_string(), text });
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    let passed = passes(&sources);
    println!("{passed} tests of the rule book pass");
    assert!(passed > 40, "{passed}");
}

/// Runs the tests of policies; says how many there are of rules that the reference knows.
fn passes(sources: &[Source]) -> usize {
    let checked = set::check(sources, &Environment::default());
    let said: String = checked.diagnostics.iter().map(ToString::to_string).collect();
    let set = checked.set.unwrap_or_else(|| panic!("{said}"));
    let mut passed = 0;
    for package in set.packages() {
        for test in &package.tests {
            let Some(rule) = package.rules.iter().find(|rule| rule.name == test.rule.text) else { continue };
            if is_left_out(rule) {
                continue;
            }
            let alone = set.only(&rule.code).expect("the set has the rule");
            let script = Script::of(test);
            let expectations: Vec<Expectation> =
                script.expectations.iter().map(|(expectation, _)| expectation.clone()).collect();
            let found = run(&script, Reference::new(alone.packages()));
            let failures = failures(&expectations, &found);
            assert!(failures.is_empty(), "{} {}: {failures:?}", rule.code, title(test));
            passed += 1;
        }
    }
    passed
}

fn title(test: &Test) -> &str {
    &test.title.text
}

fn run(script: &Script, mut reference: Reference) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut clock: Option<Timestamp> = None;
    for step in &script.events {
        let event = Event::parse(step.json.as_bytes()).expect("a test's event").into_owned();
        clock = Some(clock.map_or(event.t(), |clock| clock.max(event.t())));
        found.extend(reference.take(0, event, step.role.as_deref()));
    }
    let end = clock.zip(script.end_after_micros).map(|(clock, after)| Timestamp::from_micros(clock.micros() + after));
    found.extend(reference.finish(0, end));
    found.iter().map(finding).collect()
}

fn finding(found: &Found) -> Finding {
    let words = (Severity::Warning, Phase::Ingestion, found.effect);
    Finding { seq: found.seq, ..Finding::new(found.rule.clone(), "policy_checker", words.0, words.1, words.2, "") }
}

/// Flows and detectors are not the reference's.
fn is_left_out(rule: &Rule) -> bool {
    let written = format!("{rule:?}");
    written.contains("DerivesFrom") || written.contains("Detect(") || written.contains("FlowBytes")
}
