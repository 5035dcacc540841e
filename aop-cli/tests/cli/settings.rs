//! `docs/settings.md` and `docs/validators.md` say of the settings what is so.

use std::fs;
use std::path::Path;

use aop_engine::Settings;
use aop_host::Config;
use serde_json::{Value, json};

use crate::support::{CALM, Folder, KEY};

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)).unwrap()
}

#[test]
fn every_example_is_a_file_that_works() {
    for (name, least) in [
        ("settings.md", 13),
        ("validators.md", 3),
        ("cli.md", 1),
        ("conformance.md", 1),
        ("recognizers.md", 1),
        ("redaction.md", 1),
        ("threats.md", 2),
    ] {
        let page = page(name);
        let blocks: Vec<&str> = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert!(blocks.len() >= least, "{name} has {} examples", blocks.len());
        for block in blocks {
            let folder = Folder::with(&[("aop.toml", block), ("calm.jsonl", CALM)]);
            let key = [("AOP_REDACTION_KEY", KEY)];
            let ran = folder.aop_with(&["eval", "--config", "aop.toml", "calm.jsonl"], &key, "");
            assert!(matches!(ran.code, Some(0 | 1)), "{name}: {block}\n{ran}");
            // `aop eval` reads the host's settings; whether a host can be started with them is the host's to say
            let table: toml::Table = block.parse().unwrap();
            let host = table.get("host").cloned().unwrap_or_else(|| toml::Table::new().into());
            host.try_into::<Config>().unwrap().validate().unwrap_or_else(|error| panic!("{name}: {block}\n{error}"));
        }
    }
}

#[test]
fn every_setting_is_listed_with_its_default() {
    let mut host = serde_json::to_value(Config::default()).unwrap();
    host.as_object_mut().unwrap().remove("engine");
    let all = json!({ "engine": Settings::default(), "host": host });
    let page = page("settings.md");
    let mut tables = 0;
    for (name, table) in tables_of(&all) {
        let heading = format!("# [{name}]\n");
        let section = page.split(&*heading).nth(1).unwrap_or_else(|| panic!("docs/settings.md has no section [{name}]"));
        let section = section.split("\n#").next().unwrap();
        for (setting, default) in table {
            let row = match default {
                // what an operator names: entities, rules, actions
                Value::Object(_) if !page.contains(&*format!("# [{name}.{setting}]\n")) => format!("| `{setting}."),
                Value::Object(_) => continue,
                Value::Array(items) if !items.is_empty() => format!("| `{setting}` | one |"),
                _ => format!("| `{setting}` | `{default}` |"),
            };
            assert!(section.contains(&row), "docs/settings.md, section [{name}], has no row {row}");
        }
        tables += 1;
    }
    assert_eq!(tables, 16);
}

/// The entities and the hundreds of kinds of secrets are listed on the page of the rules only.
#[test]
fn every_entity_and_rule_is_listed() {
    for (name, table, file) in
        [("pii", "entities", "rules.md"), ("secrets", "rules", "rules.md"), ("threats", "rules", "rules.md")]
    {
        let page = page(file);
        let wrong = format!("[engine.{name}.{table}]\nnothing = {{}}\n");
        let folder = Folder::with(&[("aop.toml", &wrong), ("calm.jsonl", CALM)]);
        let said = folder.aop(&["eval", "--config", "aop.toml", "calm.jsonl"]).err;
        let known = said.split_once("there are ").unwrap_or_else(|| panic!("{said}")).1;
        for known in known.trim().split(", ") {
            assert!(page.contains(&format!("`{known}`")), "docs/{file} does not name {known}");
        }
    }
}

/// The tables of a file with all settings in it, by the names of their headings; not those that an operator fills.
fn tables_of(all: &Value) -> Vec<(String, &serde_json::Map<String, Value>)> {
    let mut tables = Vec::new();
    for (name, table) in all.as_object().unwrap() {
        let table = table.as_object().unwrap();
        tables.push((name.clone(), table));
        let inner = table.iter().filter_map(|(inner, value)| Some((format!("{name}.{inner}"), value.as_object()?)));
        tables.extend(inner);
    }
    tables
}
