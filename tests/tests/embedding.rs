//! What an embedder takes on: how many crates the engine brings, and that each family can be left out.

use std::collections::BTreeSet;
use std::process::{Command, Output};

use aop_tests::workspace_root;

/// The families that can be compiled in one by one (`aop-engine/Cargo.toml`).
const FEATURES: &[&str] = &["policies", "pii", "secrets", "threats", "runs", "batch", "tokens", "rayon"];

#[test]
fn the_engine_brings_few_crates() {
    let everything = crates_with(&[]);
    let nothing = crates_with(&["--no-default-features"]);
    assert!(everything.len() < 90, "the engine has {} crates by default: {everything:?}", everything.len());
    assert!(nothing.len() < 45, "the engine has {} crates without its features: {nothing:?}", nothing.len());
    assert!(everything.contains("aop-dsl") && everything.contains("rayon") && everything.is_superset(&nothing));
    let page = std::fs::read_to_string(workspace_root().join("docs/embedding.md")).expect("the page is there");
    for row in [format!("| default | {} |", everything.len()), format!("| `default-features = false` | {} |", nothing.len())]
    {
        assert!(page.contains(&row), "docs/embedding.md does not say {row}");
    }
    assert!(["aop-dsl", "rayon", "aes-gcm-siv"].iter().all(|name| !nothing.contains(*name)), "{nothing:?}");
}

#[test]
fn every_family_compiles_alone() {
    compiles(&["--no-default-features"]);
    for feature in FEATURES {
        compiles(&["--no-default-features", "--features", feature]);
    }
}

#[test]
fn what_was_left_out_is_named_when_it_is_asked_for() {
    let said = run(&["--no-default-features", "--example", "left_out"]);
    let text = stdout(&said);
    for feature in ["pii", "secrets", "threats", "runs", "batch", "tokens"] {
        assert!(text.contains(&format!("without the cargo feature `{feature}`")), "{feature} in:\n{text}");
    }
    assert!(text.contains("nothing compiled in: allow"), "{text}");
}

#[test]
fn the_examples_do_what_they_say() {
    let said = stdout(&run(&["--example", "agent_loop"]));
    for line in [
        r#"pay: {"paid":2500}"#,
        r#"read_mail: {"withheld":"text that overrides earlier instructions in an action's result"}"#,
        r#"write_note: {"kept":"paid with card <CREDIT_CARD>"}"#,
        "the end: 15 events, 2 of them refused, 0 findings after the run",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} in:\n{said}");
    }
    let said = stdout(&run(&["--example", "tower_middleware"]));
    for line in [
        r#"  200 OK {"did":{"text":"call Ann"}}"#,
        r#"  200 OK {"did":{"text":"card <CREDIT_CARD>"}}"#,
        "the run: 7 events, 2 of them refused",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} in:\n{said}");
    }
    assert_eq!(said.lines().filter(|line| line.starts_with("  422 Unprocessable Entity")).count(), 2, "{said}");
}

/// The crates that a build of the engine with these arguments links or compiles, itself included.
fn crates_with(arguments: &[&str]) -> BTreeSet<String> {
    let mut all = vec!["tree", "-p", "aop-engine", "-e", "normal", "--prefix", "none", "--format", "{p}", "--locked"];
    all.extend(arguments);
    let tree = cargo(&all);
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).expect("cargo writes UTF-8");
    text.lines().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect()
}

fn compiles(arguments: &[&str]) {
    let mut all = vec!["check", "-q", "-p", "aop-engine", "--locked"];
    all.extend(arguments);
    let built = cargo(&all);
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success() && !said.contains("warning"), "{arguments:?}: {said}");
}

fn run(arguments: &[&str]) -> Output {
    let mut all = vec!["run", "-q", "-p", "aop-engine", "--locked"];
    all.extend(arguments);
    let ran = cargo(&all);
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    ran
}

fn stdout(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

fn cargo(arguments: &[&str]) -> Output {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo)
        .args(arguments)
        .current_dir(workspace_root())
        .output()
        .expect("cargo is there, since it runs this test")
}
