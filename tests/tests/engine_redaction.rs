//! Redaction never shows what it hides, keeps the JSON valid and its structure as it was, and changes nothing twice.

use std::sync::LazyLock;

use aop_engine::{Document, Effect, Engine, Event, Kind, Limits, Provenance, Value};
use aop_tests::{corpora, generated, skipped, trace_files};
use proptest::prelude::*;

/// What must not be seen any more.
const SECRETS: &[&str] = &[
    "4111111111111111",
    "4111 1111 1111 1111",
    "536-90-4399",
    "536904399",
    "GB33BUKB20201555555555",
    "AKIAQ3EGRZTX7WMNP2LD",
    "bob@example.org",
    "alice.smith+tag@mail.example.co.uk",
];

fn engine() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builder().build().expect("the defaults make sense"));
    &ENGINE
}

fn redact(json: &str) -> String {
    let document = Document::parse(json.as_bytes(), &Limits::default()).expect(json);
    let redacted = engine().redact(&document, Provenance::Agent).unwrap_or_else(|| json.to_owned());
    check_same_shape(json, &redacted);
    let again = Document::parse(redacted.as_bytes(), &Limits::default()).expect(&redacted);
    assert_eq!(engine().redact(&again, Provenance::Agent), None, "redacting again changes nothing: {redacted}");
    redacted
}

/// The same containers in the same places, with the same keys but for those that were redacted; what was a number may have become
/// a string.
#[track_caller]
fn check_same_shape(before: &str, after: &str) {
    let (sent, redacted) = (shape(before), shape(after));
    assert_eq!(sent.len(), redacted.len(), "{after}");
    for ((kind, key, entries, items), (kind_after, key_after, entries_after, items_after)) in sent.into_iter().zip(redacted)
    {
        assert!(kind == kind_after || (kind, kind_after) == (Kind::Number, Kind::String), "{kind:?} {kind_after:?} {after}");
        assert_eq!((entries, items), (entries_after, items_after), "{after}");
        let is_redacted = key_after.as_ref().is_some_and(|key| key.contains('<'));
        assert!(key == key_after || key.is_some() && is_redacted, "{key:?} {key_after:?} {after}");
    }
}

/// Of each value, in document order, its kind, its key, and how many entries and items it has.
fn shape(json: &str) -> Vec<(Kind, Option<String>, usize, usize)> {
    let document = Document::parse(json.as_bytes(), &Limits::default()).expect(json);
    let shape = |value: Value<'_>| {
        let key = value.key().map(|key| key.as_str().into_owned());
        (value.kind(), key, value.entries().count(), value.items().count())
    };
    document.root().descendants().map(shape).collect()
}

#[test]
fn shapes_tell_how_values_are_nested() {
    for (one, other) in [("[[],[]]", "[[[]]]"), (r#"{"a":1}"#, r#"{"b":1}"#), ("[1]", "[[]]")] {
        assert!(std::panic::catch_unwind(|| check_same_shape(one, other)).is_err(), "{one} {other}");
    }
    check_same_shape(r#"{"a":[1]}"#, r#"{"<X>":["<X>"]}"#);
}

#[test]
fn only_the_spans_change() {
    assert_eq!(
        redact(r#"{ "a" : "caf\u00e9 \"x\" bob@example.org \u2192 end" , "n":9007199254740993 }"#),
        r#"{ "a" : "caf\u00e9 \"x\" <EMAIL_ADDRESS> \u2192 end" , "n":9007199254740993 }"#,
    );
}

#[test]
fn a_number_becomes_a_string() {
    assert_eq!(redact(r#"{"ssn": 536904399, "ok": 1}"#), r#"{"ssn": "<US_SSN>", "ok": 1}"#);
}

#[test]
fn a_match_in_a_key_is_replaced_and_keys_stay_distinct() {
    assert_eq!(
        redact(r#"{"bob@example.org": 1, "eve@example.org": 2, "<EMAIL_ADDRESS>_2": 3}"#),
        r#"{"<EMAIL_ADDRESS>": 1, "<EMAIL_ADDRESS>_3": 2, "<EMAIL_ADDRESS>_2": 3}"#,
    );
}

#[test]
fn json_in_strings_is_redacted_in_place() {
    let innermost = r#"{"card": "4111 1111 1111 1111"}"#;
    let inner = format!(r#" {{"ssn": 536904399, "deep": {}}} "#, serde_json::to_string(innermost).unwrap());
    let outer = format!(r#"{{"body": {}}}"#, serde_json::to_string(&inner).unwrap());
    let redacted: serde_json::Value = serde_json::from_str(&redact(&outer)).unwrap();
    let inner: serde_json::Value = serde_json::from_str(redacted["body"].as_str().unwrap()).unwrap();
    assert_eq!(inner["ssn"], "<US_SSN>");
    assert_eq!(inner["deep"], r#"{"card": "<CREDIT_CARD>"}"#);
}

#[test]
fn a_long_list_is_redacted_whole_and_reported_in_short() {
    let rows: Vec<String> = (0..5_000).map(|_| r#""4111 1111 1111 1111""#.to_owned()).collect();
    let rows = rows.join(",");
    let inner = serde_json::to_string(&format!("[{rows}]")).unwrap();
    let event = format!(
        r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response",
           "payload":{{"status":"success","result":[[{rows}],{inner}]}},"meta":{{}}}}"#
    );
    let event = Event::parse(event.as_bytes()).unwrap();
    let verdict = engine().start_run().check(&event);
    assert_eq!(verdict.effect, Effect::Redact);
    assert!(!verdict.redacted.unwrap().contains("1111"));
    assert_eq!(verdict.findings.len(), 101);
    assert_eq!(verdict.findings[100].message, "9900 more of these in the same event, not listed one by one");
}

#[test]
fn a_finding_does_not_show_the_key_it_is_about() {
    let event = r#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{"action":"a",
        "params":{"bob@example.org":{"card":"4111 1111 1111 1111","j":"{\"eve@example.org\": 1}"}}},"meta":{}}"#;
    let verdict = engine().start_run().check(&Event::parse(event.as_bytes()).unwrap());
    let paths: Vec<_> = verdict.findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
    assert_eq!(
        paths,
        ["/payload/params/<EMAIL_ADDRESS>", "/payload/params/<EMAIL_ADDRESS>/card", "/payload/params/<EMAIL_ADDRESS>/j"],
    );
    assert_eq!(verdict.findings[2].inner_path.as_deref(), Some("/<EMAIL_ADDRESS>"));
}

#[test]
fn an_action_named_like_a_card_is_nowhere_in_findings_or_state() {
    let engine =
        Engine::builder().settings(serde_json::from_str(r#"{"actions": {"default": "deny"}}"#).unwrap()).build().unwrap();
    let mut run = engine.start_run();
    let mut said = String::new();
    for seq in 1..=5 {
        let event = format!(
            r#"{{"seq":{seq},"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
               "payload":{{"action":"pay 4012 8888 8888 1881 AKIAQ3EGRZTX7WMNP2LD","params":{{}}}},"meta":{{"call_id":"c{seq}"}}}}"#
        );
        said.push_str(&serde_json::to_string(&run.check(&Event::parse(event.as_bytes()).unwrap())).unwrap());
    }
    said.push_str(&serde_json::to_string(&run.finish()).unwrap());
    said.push_str(&run.state().to_json());
    assert!(said.contains("pay <CREDIT_CARD>"), "{said}");
    for secret in ["1881", "AKIAQ3EGRZTX7WMNP2LD"] {
        assert!(!said.contains(secret), "{secret} is in {said}");
    }
}

#[test]
fn a_long_key_does_not_stand_in_every_finding() {
    let key = "k".repeat(200_000);
    let rows = vec![r#""4111 1111 1111 1111""#; 300].join(",");
    let inner = serde_json::to_string(&format!(r#"{{"{key}":[{rows}]}}"#)).unwrap();
    let event = format!(
        r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response",
           "payload":{{"status":"success","result":{{"{key}":[{rows}],"in":{inner}}}}},"meta":{{}}}}"#
    );
    let verdict = engine().start_run().check(&Event::parse(event.as_bytes()).unwrap());
    assert!(!verdict.redacted.unwrap().contains("1111"));
    assert!(serde_json::to_string(&verdict.findings).unwrap().len() < 100_000);
}

#[test]
fn an_event_keeps_what_names_it() {
    let event = r#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"bob@example.org"},"meta":{"run_id":"r","idempotency_key":"bob@example.org","session_id":"bob@example.org","note":"bob@example.org"}}"#;
    let redacted = engine().redact_event(&Event::parse(event.as_bytes()).unwrap()).unwrap();
    let event = Event::parse(redacted.as_bytes()).unwrap();
    assert_eq!(event.meta().idempotency_key().unwrap(), "bob@example.org");
    assert_eq!(event.meta().get("note").unwrap().as_str().unwrap(), "<EMAIL_ADDRESS>");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_secret_is_seen_again(steps in proptest::collection::vec(generated::step(), 1..12), levels in 0usize..3) {
        for line in generated::events(&steps) {
            let event = Event::parse(line.as_bytes()).unwrap();
            let mut text = engine().redact_event(&event).unwrap_or_else(|| line.clone());
            check_same_shape(&line, &text);
            for secret in SECRETS {
                prop_assert!(!text.contains(secret), "{secret} is still in {text}");
            }
            // The same event, held by strings.
            let mut held = line;
            for _ in 0..levels {
                held = serde_json::to_string(&held).unwrap();
                held = format!("{{\"held\": {held}}}");
            }
            text = redact(&held);
            for secret in SECRETS {
                prop_assert!(!text.contains(secret), "{secret} is still in {text}");
            }
        }
    }
}

#[test]
fn real_events_stay_events() {
    let Some(corpora) = corpora() else {
        skipped("real runs", "no corpora; set AOP_CORPORA to a folder that has traces/");
        return;
    };
    let engine = engine();
    let mut redacted = 0;
    for file in trace_files(&corpora) {
        let bytes = std::fs::read(file).unwrap();
        for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let event = Event::parse(line).unwrap();
            let Some(text) = engine.redact_event(&event) else { continue };
            redacted += 1;
            check_same_shape(event.raw(), &text);
            let again = Event::parse(text.as_bytes()).unwrap();
            assert_eq!(engine.redact_event(&again), None, "redacting again changes nothing: {text}");
        }
    }
    eprintln!("{redacted} events hold something to redact");
    assert!(redacted > 0);
}
