//! The rule book in `policies/`: it compiles without a warning, is formatted, and its tests pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use aop_engine::policy::{self, Checked, PolicySet, Source, TestReport};
use aop_tests::workspace_root;

/// Every `*.aop` file below the folder, by path. What a file uses is in it.
fn rule_book() -> Vec<Source> {
    let root = workspace_root();
    let mut paths = Vec::new();
    walk(&root.join("policies"), &mut paths);
    paths.sort();
    let source = |path: &PathBuf| Source {
        name: path.strip_prefix(&root).expect("it is below the root").display().to_string(),
        text: fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    };
    paths.iter().map(source).collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder's entry can be read").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "aop") {
            found.push(path);
        }
    }
}

// Compiled and tested once for all the tests below.
static CHECKED: LazyLock<Checked> = LazyLock::new(|| policy::check(&rule_book(), &[]));
static REPORT: LazyLock<TestReport> = LazyLock::new(|| policy::test(rules(), &|_| true));

fn rules() -> &'static PolicySet {
    CHECKED.set.as_ref().expect("the rule book compiles")
}

#[test]
fn the_rule_book_compiles_without_a_warning() {
    let said: Vec<String> = CHECKED.diagnostics.iter().filter(|file| !file.is_empty()).map(ToString::to_string).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn the_rule_book_is_formatted() {
    for source in rule_book() {
        let formatted = policy::format(&source.name, &source.text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(formatted, source.text, "run `aop policy fmt {}`", source.name);
    }
}

#[test]
fn the_tests_of_the_rule_book_pass() {
    let failed: Vec<String> = REPORT
        .results
        .iter()
        .filter(|result| !result.failures.is_empty())
        .map(|result| format!("{} {} ({}): {:?}", result.place, result.title, result.rule, result.failures))
        .collect();
    assert!(failed.is_empty(), "{} of {} tests failed:\n{}", failed.len(), REPORT.results.len(), failed.join("\n"));
}

#[test]
fn there_are_forty_rules_and_each_has_tests_of_both_kinds() {
    let mut tests: BTreeMap<&str, usize> = rules().rules().iter().map(|rule| (rule.code.as_str(), 0)).collect();
    for result in &REPORT.results {
        *tests.get_mut(result.rule.as_str()).expect("a test is of a rule") += 1;
    }
    assert!(tests.len() >= 40, "{} rules", tests.len());
    // That one fires and one does not is said by lints, which nothing may silence.
    assert!(rule_book().iter().all(|source| !source.text.contains("@allow(no-")));
    let too_few: Vec<_> = tests.iter().filter(|(_, tests)| **tests < 2).collect();
    assert!(too_few.is_empty(), "{too_few:?}");
}

#[test]
fn every_clause_is_seen_to_hold_and_to_fail() {
    let gaps: Vec<String> =
        REPORT.coverage.iter().flat_map(|rule| rule.gaps.iter().map(|gap| format!("{}: {gap}", rule.rule))).collect();
    assert!(gaps.is_empty(), "{} of what `aop policy test --coverage` asks for:\n{}", gaps.len(), gaps.join("\n"));
}

#[test]
fn every_rule_says_what_it_is_about() {
    for rule in rules().rules() {
        let description = rule.description.as_deref().unwrap_or_default();
        assert!(description.ends_with('.'), "{} needs a @description that is a sentence", rule.code);
    }
}

#[test]
fn the_examples_of_the_readme_compile() {
    let readme = fs::read_to_string(workspace_root().join("policies/README.md")).expect("there is a README");
    let examples: Vec<&str> =
        readme.split("```aop\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let source = Source { name: "README.md".to_owned(), text: example.to_owned() };
        let checked = policy::check(&[source], &rule_book());
        assert!(checked.set.is_some(), "{}", checked.diagnostics[0]);
    }
}
