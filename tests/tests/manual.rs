//! The policies in the manual compile, and their tests pass.

use std::fs;

use aop_engine::policy::{Source, check, format, test};
use aop_tests::workspace_root;

#[test]
fn every_policy_of_the_manual_compiles_and_its_tests_pass() {
    let manual = fs::read_to_string(workspace_root().join("docs/language.md")).unwrap();
    let blocks: Vec<&str> = manual.split("```aop\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 6, "the manual has {} policies", blocks.len());
    for (at, block) in blocks.into_iter().enumerate() {
        let source = Source { name: format!("docs/language.md, policy {at}"), text: block.to_owned() };
        let formatted = format(&source.name, block).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        assert_eq!(block, formatted, "{} is not as `aop policy fmt` writes it", source.name);
        let checked = check(&[source], &[]);
        let said: String = checked.diagnostics.iter().map(ToString::to_string).collect();
        let report = test(&checked.set.unwrap_or_else(|| panic!("{said}")), &|_| true);
        let failures: Vec<_> = report.results.iter().filter(|result| !result.failures.is_empty()).collect();
        assert!(failures.is_empty(), "{failures:#?}");
    }
}

/// The policy in README is no less.
#[test]
fn the_policy_of_the_readme_compiles() {
    let readme = fs::read_to_string(workspace_root().join("README.md")).unwrap();
    let policy = readme.split("```text\npolicy ").nth(1).unwrap().split("```").next().unwrap();
    let source = Source { name: "README.md".to_owned(), text: format!("policy {policy}") };
    let checked = check(&[source], &[]);
    assert!(checked.set.is_some(), "{}", checked.diagnostics[0]);
}
