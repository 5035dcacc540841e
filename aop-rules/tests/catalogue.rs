//! The catalogue is well formed, and the manual says what it says.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures, corpora and the manual from disk")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aop_rules::catalogue::CATALOGUE;
use aop_rules::scan::{Look, Recognizer, recognizers};
use aop_rules::{manual, post_run, validators};

#[test]
fn ids_are_unique_and_every_rule_is_in_the_manual() {
    let ids: BTreeSet<_> = CATALOGUE.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), CATALOGUE.len(), "an id is given twice");
    let page = manual::page();
    for rule in CATALOGUE.iter() {
        assert!(rule.id.split('/').count() == 2 && !rule.summary.ends_with('.'), "{} is not well formed", rule.id);
        let is_there = ["### `", "| `"].iter().any(|before| page.contains(&format!("\n{before}{}`", rule.id)))
            || page.contains(&format!("\n#### `{}`", rule.id));
        assert!(is_there, "{}: the manual does not know `{}`", rule.id, rule.validator);
    }
}

#[test]
fn whatever_runs_is_in_the_catalogue() {
    let rules = recognizers().map(|recognizer| recognizer.rule).chain(post_run::RULES.iter().copied());
    for rule in rules {
        assert!(CATALOGUE.contains(&rule), "{} runs and is not in the catalogue", rule.id);
    }
}

/// The recognizers of personal data and secrets.
fn of_data() -> impl Iterator<Item = &'static Recognizer> {
    recognizers().filter(|recognizer| matches!(recognizer.rule.family(), "pii" | "secrets"))
}

#[test]
fn every_recognizer_of_data_is_described() {
    let mut gaps = Vec::new();
    for Recognizer { rule, entity, region, hits, misses, .. } in of_data() {
        let is_upper =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
        let faults = [
            (hits.len() < 2 || misses.len() < 2, "fewer than two examples of a kind"),
            (hits.iter().any(|hit| misses.contains(hit)), "an example of both kinds"),
            (rule.summary.is_empty() || rule.why.is_empty(), "no summary or no reason"),
            (rule.source.len() < 3, "no source"),
            (entity.is_empty() || !is_upper(entity), "no name of an entity"),
            ((rule.family() == "secrets") != (*entity == "SECRET"), "the entity of another family"),
            (region.is_some_and(|region| region.len() != 2 || !is_upper(region)), "no code of a country"),
        ];
        gaps.extend(faults.iter().filter(|(is_so, _)| *is_so).map(|(_, gap)| format!("{}: {gap}", rule.id)));
    }
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}

/// What the README promises: these many kinds, at least.
#[test]
fn the_kinds_are_many() {
    let entities: BTreeSet<_> = of_data().map(|recognizer| recognizer.entity).collect();
    let ids = of_data().map(|recognizer| recognizer.rule.id).filter(|id| id.starts_with("secrets/"));
    let secrets: BTreeSet<_> = ids.collect();
    assert!(entities.len() >= 60, "{} entities", entities.len());
    assert!(secrets.len() >= 200, "{} kinds of secrets", secrets.len());
}

/// Two rules for one form would leave it to chance which of them is reported.
#[test]
fn no_two_kinds_of_secret_have_one_form() {
    let mut owners: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut twice = Vec::new();
    for recognizer in of_data() {
        let Look::Secret(form) = &recognizer.look else { continue };
        let named = form.names.iter().flat_map(|name| form.values.iter().map(move |value| (*name, *value)));
        for key in form.tokens.iter().map(|token| ("", *token)).chain(named) {
            let owner = owners.entry(key).or_insert(recognizer.rule.id);
            if *owner != recognizer.rule.id {
                twice.push(format!("{key:?}: {owner} and {}", recognizer.rule.id));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

/// `docs/rules.md` is generated: run this with `AOP_UPDATE=1` to write it.
#[test]
fn the_manual_on_disk_is_the_catalogues() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    if std::env::var_os("AOP_UPDATE").is_some() {
        std::fs::write(&path, manual::page()).expect("the manual can be written");
    }
    let on_disk = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        on_disk == manual::page(),
        "docs/rules.md is not what the catalogue says; run `AOP_UPDATE=1 cargo test -p aop-rules --test catalogue`"
    );
}

/// So is each page of `docs/validators/`.
#[test]
fn every_validator_has_its_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/validators");
    for validator in validators::VALIDATORS {
        let path = folder.join(format!("{}.md", validator.name));
        let page = validators::page(validator);
        if std::env::var_os("AOP_UPDATE").is_some() {
            std::fs::create_dir_all(&folder).expect("a folder can be made");
            std::fs::write(&path, &page).expect("the page can be written");
        }
        let on_disk = std::fs::read_to_string(&path).unwrap_or_default();
        let name = validator.name;
        assert!(
            on_disk == page,
            "docs/validators/{name}.md is not what its row says; run `AOP_UPDATE=1 cargo test -p aop-rules --test catalogue`"
        );
        let whole = std::fs::read_to_string(folder.join("../validators.md")).expect("the manual is there");
        assert!(whole.contains(&format!("(validators/{name}.md)")), "docs/validators.md has no link to {name}");
    }
}

#[test]
fn every_rule_belongs_to_a_validator_of_the_table() {
    for rule in CATALOGUE.iter() {
        let count = validators::VALIDATORS.iter().filter(|validator| validator.family == rule.family()).count();
        assert_eq!(count, 1, "{} belongs to so many validators", rule.id);
        assert!(validators::validator(rule.validator).is_some(), "{}: there is no {}", rule.id, rule.validator);
    }
}
