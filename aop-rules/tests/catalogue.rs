//! The catalogue is well formed, and the manual says what it says.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures, corpora and the manual from disk")]

use std::collections::BTreeSet;
use std::path::Path;

use aop_rules::catalogue::{CATALOGUE, manual};
use aop_rules::post_run;
use aop_rules::scan::recognizers;

#[test]
fn ids_are_unique_and_every_rule_is_in_the_manual() {
    let ids: BTreeSet<_> = CATALOGUE.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), CATALOGUE.len(), "an id is given twice");
    let page = manual();
    for rule in CATALOGUE.iter() {
        assert!(rule.id.split('/').count() == 2 && !rule.summary.ends_with('.'), "{} is not well formed", rule.id);
        assert!(page.contains(&format!("### `{}`", rule.id)), "{}: the manual does not know `{}`", rule.id, rule.validator);
    }
}

#[test]
fn whatever_runs_is_in_the_catalogue() {
    let rules = recognizers().map(|recognizer| recognizer.rule).chain(post_run::RULES.iter().copied());
    for rule in rules {
        assert!(CATALOGUE.contains(&rule), "{} runs and is not in the catalogue", rule.id);
    }
}

/// `docs/rules.md` is generated: run this with `AOP_UPDATE=1` to write it.
#[test]
fn the_manual_on_disk_is_the_catalogues() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    if std::env::var_os("AOP_UPDATE").is_some() {
        std::fs::write(&path, manual()).expect("the manual can be written");
    }
    let on_disk = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        on_disk == manual(),
        "docs/rules.md is not what the catalogue says; run `AOP_UPDATE=1 cargo test -p aop-rules --test catalogue`"
    );
}
