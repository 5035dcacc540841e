//! What the manual page says of the settings is so.

use std::path::Path;

use aop_rules::post_run::RULES;
use serde::Deserialize;

use crate::driver::Settings;

/// An `aop.toml`, as far as it is about these validators.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    engine: Settings,
}

fn manual() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/validators.md");
    std::fs::read_to_string(path).expect("the manual is there")
}

#[test]
fn the_examples_are_settings_and_the_first_is_the_defaults() {
    let manual = manual();
    let blocks = manual.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let settings: Vec<Settings> = blocks
        .map(|block| toml::from_str::<Configuration>(block).unwrap_or_else(|error| panic!("{error}\n{block}")).engine)
        .inspect(|settings: &Settings| settings.validate().expect("an example can be used"))
        .collect();
    assert_eq!(settings.len(), 3);
    assert_eq!(settings[0], Settings::default());
}

#[test]
fn every_code_and_its_severity_is_listed() {
    let manual = manual();
    for rule in RULES {
        let row = format!("| `{}` | {}", rule.id, rule.severity);
        assert!(manual.contains(&row), "docs/validators.md has no row {row}");
    }
}
