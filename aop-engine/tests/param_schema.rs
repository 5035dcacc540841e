//! Parameters against JSON Schemas of the settings.

#![cfg(feature = "json-schema")]
#![allow(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use aop_engine::settings::ActionSettings;
use aop_engine::{Effect, Engine, Event, Settings};
use serde_json::{Value, json};

fn engine(schema: Value) -> Result<Engine, String> {
    let settings = json!({"actions": {"pay": {"schema": schema}, "p*": {"schema": false}, "plain": {}}});
    let settings: ActionSettings = serde_json::from_value(settings).unwrap();
    Engine::builder().settings(Settings::none()).actions(settings).build().map_err(|error| error.to_string())
}

/// What is found in a call of `pay`: pointers and messages.
fn found(engine: &Engine, action: &str, params: &str) -> Vec<(String, String)> {
    let event = format!(
        r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"{action}","params":{params}}},"meta":{{}}}}"#
    );
    let verdict = engine.judge(&Event::parse(event.as_bytes()).unwrap(), &engine.new_state());
    assert!(verdict.findings.iter().all(|finding| finding.rule == "acl/param-schema" && finding.effect == Effect::Deny));
    verdict.findings.into_iter().map(|finding| (finding.path.unwrap(), finding.message)).collect()
}

#[test]
fn faults_have_their_place_and_say_what_would_be_right() {
    let engine = engine(json!({
        "type": "object",
        "properties": {
            "amount": {"type": "number", "maximum": 500},
            "to": {"type": "array", "items": {"$ref": "#/$defs/account"}, "uniqueItems": true},
            "a/b": {"enum": ["EUR", "USD"]}
        },
        "required": ["amount"],
        "additionalProperties": false,
        "$defs": {"account": {"type": "string", "pattern": "^[A-Z]{2}[0-9]+$"}}
    }))
    .unwrap();
    assert_eq!(found(&engine, "pay", r#"{"amount":500,"to":["DE1","DE2"],"a/b":"EUR"}"#), []);
    let all: Vec<String> = [
        r#"{"to":["DE1","secret"]}"#,
        r#"{"amount":501,"a/b":"hidden"}"#,
        r#"{"amount":"secret","to":["DE1","DE1"],"other":1}"#,
    ]
    .iter()
    .flat_map(|params| found(&engine, "pay", params))
    .map(|(path, message)| format!("{path}: {message}"))
    .collect();
    assert!(!all.iter().any(|line| line.contains("secret") || line.contains("hidden") || line.contains("501")), "{all:?}");
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn one_entry_holds() {
    let engine = engine(json!({"maxProperties": 0})).unwrap();
    assert_eq!(found(&engine, "plain", r#"{"a":1}"#), [], "its own entry has no schema");
    assert_eq!(found(&engine, "pay", "{}"), []);
    assert_eq!(found(&engine, "pay", r#"{"a":1}"#).len(), 1);
    assert_eq!(found(&engine, "poll", "{}").len(), 1);
    assert_eq!(found(&engine, "other", "{}"), []);
}

#[test]
fn no_limit_is_passed_by_rounding() {
    let engine = engine(json!({"properties": {
        "whole": {"minimum": i64::MIN, "maximum": i64::MAX},
        "unsigned": {"maximum": u64::MAX},
        "tenth": {"minimum": -0.1, "maximum": 0.1},
        "integer": {"type": "integer"}
    }}))
    .unwrap();
    let check = |params: &str, passes: bool| assert_eq!(found(&engine, "pay", params).is_empty(), passes, "{params}");
    check(r#"{"whole":9223372036854775807}"#, true);
    check(r#"{"whole":-9223372036854775808}"#, true);
    check(r#"{"whole":9223372036854775808}"#, false);
    check(r#"{"whole":-9223372036854775809}"#, false);
    check(r#"{"unsigned":18446744073709551615}"#, true);
    check(r#"{"unsigned":18446744073709551616}"#, false);
    check(r#"{"tenth":0.1}"#, true);
    check(r#"{"tenth":1.0e-1}"#, true);
    check(r#"{"tenth":0.1000000000000000001}"#, false);
    check(r#"{"tenth":-0.1000000000000000001}"#, false);
    check(r#"{"tenth":0.09999999999999999}"#, true);
    check(r#"{"integer":5.0}"#, true);
    check(r#"{"integer":5.5}"#, false);
}

#[test]
fn no_number_that_is_asked_for_is_feigned_by_rounding() {
    let engine = engine(json!({"properties": {
        "whole": {"type": "integer"},
        "even": {"multipleOf": 2},
        "list": {"items": {"enum": [0.5, 9_007_199_254_740_992_u64]}}
    }}))
    .unwrap();
    let faults = |params: &str| found(&engine, "pay", params);
    for params in [
        r#"{"whole":9007199254740993.5}"#,
        r#"{"whole":1000000000000000000000000000000.5}"#,
        r#"{"even":18446744073709551617}"#,
        r#"{"even":9007199254740993}"#,
        r#"{"even":-9007199254740993}"#,
        r#"{"even":1e30}"#,
        r#"{"list":[0.50000000000000000001]}"#,
        r#"{"list":[9007199254740992.1]}"#,
    ] {
        assert_eq!(faults(params).len(), 1, "{params}");
    }
    assert_eq!(faults(r#"{"list":[0.5,9007199254740992.1]}"#)[0].0, "/payload/params/list/1");
    for params in [
        r#"{"whole":5.0,"even":9007199254740992,"list":[0.5,5e-1,9007199254740992]}"#,
        r#"{"whole":-9007199254740992,"even":-4.0}"#,
    ] {
        assert_eq!(faults(params), [], "{params}");
    }
}

/// Texts to choose from say nothing of numbers.
#[test]
fn long_numbers_pass_where_no_number_is_asked_for() {
    let engine =
        engine(json!({"properties": {"currency": {"enum": ["EUR"]}, "amount": {"type": "number", "maximum": 5}}})).unwrap();
    assert_eq!(found(&engine, "pay", r#"{"amount":0.1000000000000000001,"currency":"EUR"}"#), []);
}

#[test]
fn work_is_bounded() {
    let engine = engine(json!({"properties": {"text": {"pattern": "^(a+)+$"}}})).unwrap();
    let long = format!(r#"{{"text":"{}b"}}"#, "a".repeat(50_000));
    assert_eq!(found(&engine, "pay", &long).len(), 1);
    let longer = format!(r#"{{"text":"{}"}}"#, "a".repeat(70_000));
    assert_eq!(found(&engine, "pay", &longer)[0].0, "/payload/params");
    let many = format!("{{{}}}", (0..200).map(|at| format!(r#""text{at}":1"#)).collect::<Vec<_>>().join(","));
    let strict = super_strict();
    assert!(found(&strict, "pay", &many).len() <= 20);
}

fn super_strict() -> Engine {
    engine(json!({"patternProperties": {"^text": {"type": "string"}}})).unwrap()
}

#[test]
fn nothing_is_fetched_and_mistakes_are_told() {
    let error = |schema: Value| engine(schema).unwrap_err();
    assert!(error(json!({"type": "text"})).starts_with("actions.pay.schema: "), "{}", error(json!({"type": "text"})));
    let remote = error(json!({"$ref": "https://example.org/schema.json"}));
    assert!(remote.starts_with("actions.pay.schema: "), "{remote}");
    let file = error(json!({"$ref": "file:///etc/passwd"}));
    assert!(file.starts_with("actions.pay.schema: "), "{file}");
    let back = error(json!({"pattern": r"(a)\1"}));
    assert!(back.starts_with("actions.pay.schema: "), "{back}");
}
