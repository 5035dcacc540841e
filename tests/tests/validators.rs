//! The table of validators says what is so: its defaults are the types', and its examples find what they say.

use std::collections::BTreeSet;

use aop_engine::rules::batch::BatchSettings;
use aop_engine::rules::validators::{VALIDATORS, Validator};
use aop_engine::{Engine, Event, Settings, Trace};
use serde::Deserialize;
use serde_json::Value;

/// A configuration file, as far as the engine is meant.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    #[serde(default)]
    engine: Settings,
}

#[test]
fn each_row_lists_the_settings_of_its_type_with_their_defaults() {
    let mut defaults = serde_json::to_value(Settings::default()).unwrap();
    defaults["batch"] = serde_json::to_value(BatchSettings::default()).unwrap();
    for validator in VALIDATORS.iter().filter(|validator| !validator.table.is_empty()) {
        let table =
            defaults[validator.table].as_object().unwrap_or_else(|| panic!("there is no [engine.{}]", validator.table));
        let listed: BTreeSet<&str> = validator.settings.iter().map(|setting| setting.name).collect();
        for setting in validator.settings {
            let default: Value = match setting.default {
                "" => Value::Null,
                toml => {
                    let table: toml::Table = toml::from_str(&format!("default = {toml}"))
                        .unwrap_or_else(|error| panic!("{}: {error}", setting.name));
                    serde_json::to_value(&table["default"]).unwrap()
                }
            };
            let real = table.get(setting.name).cloned().unwrap_or_default();
            assert_eq!(default, real, "{}.{}", validator.table, setting.name);
        }
        let missing: Vec<&String> = table.keys().filter(|name| !listed.contains(name.as_str())).collect();
        assert!(
            missing.is_empty(),
            "aop-rules/src/validators/table.rs does not list {missing:?} of [engine.{}]",
            validator.table
        );
    }
}

#[test]
fn every_table_of_the_engine_that_looks_for_something_has_a_row() {
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    let others = BTreeSet::from(["conformance", "threshold", "redaction", "call_timeout", "findings_per_rule_max"]);
    for table in defaults.as_object().unwrap().keys().filter(|name| !others.contains(name.as_str())) {
        assert!(VALIDATORS.iter().any(|validator| validator.table == table), "no validator has the table {table}");
    }
}

#[test]
fn each_example_finds_what_it_says() {
    for validator in VALIDATORS.iter().filter(|validator| !validator.example.trace.is_empty()) {
        let found = found(validator);
        let expected: Vec<(String, u64)> =
            validator.example.finds.iter().map(|(rule, seq)| ((*rule).to_owned(), *seq)).collect();
        assert_eq!(found, expected, "{}", validator.name);
    }
}

/// What the validator finds in its example.
fn found(validator: &Validator) -> Vec<(String, u64)> {
    let example = &validator.example;
    let configuration: Configuration =
        toml::from_str(example.toml).unwrap_or_else(|error| panic!("{}: {error}", validator.name));
    let mut builder = Engine::builder().settings(configuration.engine);
    if !example.policy.is_empty() {
        builder = builder.policy(example.policy).unwrap_or_else(|error| panic!("{error}"));
    }
    let engine = builder.build().unwrap_or_else(|error| panic!("{}: {error}", validator.name));
    let events = example.trace.lines().map(|line| Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{error}")));
    let report = engine.evaluate(&Trace::new(None, events.collect()));
    let is_own = |rule: &str| match validator.family {
        "" => !rule.contains('/'),
        family => rule.split_once('/').is_some_and(|(of, _)| of == family),
    };
    let findings = report.findings.iter().filter(|finding| is_own(&finding.rule));
    findings.map(|finding| (finding.rule.to_string(), finding.seq.unwrap_or_default())).collect()
}
