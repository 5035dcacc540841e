//! What each operator writes, where settings say it, and what cannot be set.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use aop_engine::{
    Context, Document, Effect, Engine, Event, Limits, Operator, Provenance, RedactionKey, RedactionSettings, Settings,
};
use serde_json::{Value, json};

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn key() -> RedactionKey {
    KEY.parse().unwrap()
}

fn settings(redaction: Value) -> Settings {
    serde_json::from_value(json!({ "redaction": redaction })).unwrap()
}

fn engine(redaction: Value) -> Engine {
    Engine::builder().settings(settings(redaction)).redaction_key(key()).build().unwrap()
}

fn document(json: &str) -> Document<'_> {
    Document::parse(json.as_bytes(), &Limits::default()).unwrap()
}

#[track_caller]
fn check(redaction: Value, json: &str, expected: &str) {
    let engine = engine(redaction);
    let redacted = engine.redact(&document(json), Provenance::Agent).unwrap_or_else(|| json.to_owned());
    assert_eq!(redacted, expected);
    assert_eq!(engine.redact(&document(&redacted), Provenance::Agent), None, "redacting again changes nothing: {redacted}");
}

const MIXED: &str = r#"{"to": "Bob: bob@example.org", "ssn": 536904399, "bob@example.org": ["4111 1111 1111 1111"], "in": "{\"ssn\": 536904399}"}"#;

#[test]
fn replace_puts_the_name_or_a_text() {
    check(
        json!({}),
        MIXED,
        r#"{"to": "Bob: <EMAIL_ADDRESS>", "ssn": "<US_SSN>", "<EMAIL_ADDRESS>": ["<CREDIT_CARD>"], "in": "{\"ssn\": \"<US_SSN>\"}"}"#,
    );
    check(
        json!({"default": {"operator": "replace", "text": "\"gone\"\n"}}),
        MIXED,
        r#"{"to": "Bob: \"gone\"\n", "ssn": "\"gone\"\n", "\"gone\"\n": ["\"gone\"\n"], "in": "{\"ssn\": \"\\\"gone\\\"\\n\"}"}"#,
    );
}

#[test]
fn mask_keeps_separators_and_the_end_of_cards() {
    check(
        json!({"default": "mask"}),
        MIXED,
        r#"{"to": "Bob: ***@*******.***", "ssn": "*********", "***@*******.***": ["**** **** **** 1111"], "in": "{\"ssn\": \"*********\"}"}"#,
    );
    check(json!({"default": {"operator": "mask", "keep": 3, "character": "•"}}), r#"["536-90-4399"]"#, r#"["•••-••-•399"]"#);
}

#[test]
fn remove_leaves_a_gap_and_null_for_numbers() {
    check(json!({"default": "remove"}), MIXED, r#"{"to": "Bob: ", "ssn": null, "": [""], "in": "{\"ssn\": null}"}"#);
    check(json!({"default": "remove"}), r#"{"bob@example.org": 1, "eve@example.org": 2}"#, r#"{"": 1, "_2": 2}"#);
}

#[test]
fn equal_values_have_equal_hashes_however_they_are_written() {
    let ssn = "<US_SSN:h:oilhoonlinmllkngkckm>";
    check(
        json!({"default": "hash"}),
        r#"["536-90-4399", "my ssn is 536 90 4399.", {"ssn": 536904399}]"#,
        &format!(r#"["{ssn}", "my ssn is {ssn}.", {{"ssn": "{ssn}"}}]"#),
    );
    let engine = engine(json!({"default": "hash"}));
    let hashed =
        engine.redact(&document(r#"["Bob@Example.org", "bob@example.org", "eve@example.org"]"#), Provenance::User).unwrap();
    let hashes: Vec<String> = serde_json::from_str(&hashed).unwrap();
    assert!(hashes[0] == hashes[1] && hashes[1] != hashes[2], "{hashed}");
}

#[test]
fn a_name_that_labels_what_follows_is_no_second_surprise() {
    for operator in ["replace", "mask", "remove", "hash", "token"] {
        let engine = engine(json!({ "default": operator }));
        for sent in [r#"["536-90-4399 536904398"]"#, r#"["536-90-4399: 536904398"]"#] {
            let once = engine.redact(&document(sent), Provenance::Agent).unwrap();
            assert_eq!(engine.redact(&document(&once), Provenance::Agent), None, "{operator}: {once}");
        }
    }
}

#[test]
fn keep_reports_and_leaves() {
    check(
        json!({"default": "keep", "entities": {"US_SSN": "replace"}}),
        r#"["bob@example.org 536-90-4399"]"#,
        r#"["bob@example.org <US_SSN>"]"#,
    );
    let engine = engine(json!({"entities": {"US_SSN": "keep"}}));
    let event = event(r#"{"ssn": "536-90-4399"}"#);
    let verdict = engine.start_run().check(&Event::parse(event.as_bytes()).unwrap());
    assert_eq!((verdict.findings.len(), verdict.effect, verdict.redacted), (1, Effect::Redact, None));
}

#[test]
fn a_place_wins_over_an_entity_and_an_entity_over_the_default() {
    check(
        json!({
            "default": "remove",
            "entities": {"US_SSN": "mask", "EMAIL_ADDRESS": "replace"},
            "paths": {"/b": {"operator": "mask", "keep": 4}, "/b/kept": "keep", "/in/ssn": {"operator": "replace", "text": "inner"}},
        }),
        r#"{"a": ["536-90-4399", "bob@example.org", "4111 1111 1111 1111"], "b": {"x": "536-90-4399", "kept": "536-90-4399"}, "in": "{\"ssn\": \"536-90-4399\"}"}"#,
        r#"{"a": ["***-**-****", "<EMAIL_ADDRESS>", ""], "b": {"x": "***-**-4399", "kept": "536-90-4399"}, "in": "{\"ssn\": \"inner\"}"}"#,
    );
}

#[test]
fn a_place_can_be_taken_whole() {
    check(
        json!({"paths": {"/**/account": {"operator": "mask", "whole": true}, "/notes": {"operator": "replace", "whole": true}}}),
        r#"{"account": {"id": 12345, "owner": "Ada L."}, "notes": ["all", null, true, 7, "x bob@example.org"], "n": 12345}"#,
        r#"{"account": {"id": "*****", "owner": "******"}, "notes": ["<REDACTED>", null, "<REDACTED>", "<REDACTED>", "<REDACTED>"], "n": 12345}"#,
    );
}

fn event(params: &str) -> String {
    format!(
        r#"{{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"pay","params":{params}}},"meta":{{"run_id":"r-1"}}}}"#
    )
}

#[test]
fn an_event_stays_an_event_wherever_a_path_points() {
    for operator in ["remove", "token", "mask", "hash", "replace"] {
        let engine = engine(
            json!({"paths": {"/**": {"operator": operator, "whole": true}}, "entities": {"EMAIL_ADDRESS": operator}}),
        );
        let sent = event(r#"{"to": "somebody", "n": 5, "ok": true}"#).replace("\"pay\"", "\"bob@example.org\"");
        let redacted = engine.redact_event(&Event::parse(sent.as_bytes()).unwrap()).unwrap();
        let event = Event::parse(redacted.as_bytes()).unwrap();
        assert_eq!((event.seq(), event.meta().run_id().as_deref()), (1, Some("r-1")), "{redacted}");
        assert!(!redacted.contains("somebody") && !redacted.contains("bob@example.org"), "{redacted}");
    }
}

#[test]
fn the_verdict_redacts_as_the_settings_say() {
    let engine = engine(
        json!({"entities": {"US_SSN": "token"}, "paths": {"/payload/params/note": {"operator": "remove", "whole": true}}}),
    );
    let sent = event(r#"{"ssn": "536-90-4399", "note": "secret plans"}"#);
    let verdict = engine.start_run().check(&Event::parse(sent.as_bytes()).unwrap());
    let redacted = verdict.redacted.unwrap();
    assert!(redacted.contains(r#""ssn": "<US_SSN:t:"#) && redacted.contains(r#""note": """#), "{redacted}");
    let restored = engine.restore_tokens(&document(&redacted)).unwrap().unwrap();
    assert!(restored.contains("536-90-4399") && !restored.contains("secret plans"));
}

#[test]
fn tenants_hashes_tokens_and_fingerprints_are_their_own() {
    let engine = engine(json!({"entities": {"US_SSN": "hash", "CREDIT_CARD": "token"}}));
    let sent = event(r#"{"ssn": "536-90-4399", "card": "4111 1111 1111 1111"}"#);
    let sent = Event::parse(sent.as_bytes()).unwrap();
    let judge = |tenant| {
        let verdict =
            engine.judge_in(&sent, &engine.new_state(), &Context { tenant, ..Context::default() }, &mut Default::default());
        let prints: Vec<String> = verdict.findings.iter().filter_map(|finding| finding.fingerprint.clone()).collect();
        assert_eq!(prints.len(), 2);
        (verdict.redacted.unwrap(), prints)
    };
    let (none, a, b) = (judge(None), judge(Some("a")), judge(Some("b")));
    assert_eq!(a, judge(Some("a")));
    for (one, other) in [(&none, &a), (&a, &b), (&none, &b)] {
        assert!(one.0 != other.0 && one.1 != other.1);
    }
    // the tenant's key alone opens the tenant's tokens
    let of_tenant = Engine::builder().redaction_key(key().for_tenant("a")).build().unwrap();
    assert!(of_tenant.restore_tokens(&document(&a.0)).unwrap().unwrap().contains("4111 1111 1111 1111"));
    assert!(of_tenant.restore_tokens(&document(&b.0)).is_err());
    assert!(engine.restore_tokens(&document(&a.0)).is_err());
}

#[test]
fn findings_have_fingerprints_with_a_key_alone() {
    let sent = event(r#"{"a": "536-90-4399", "b": "{\"ssn\": 536904399}", "bob@example.org": 1, "c": "BOB@example.org"}"#);
    let sent = Event::parse(sent.as_bytes()).unwrap();
    let verdict = Engine::builder().build().unwrap().start_run().check(&sent);
    assert!(verdict.findings.len() == 4 && verdict.findings.iter().all(|finding| finding.fingerprint.is_none()));
    let verdict = engine(json!({})).start_run().check(&sent);
    let prints: Vec<_> = verdict.findings.iter().map(|finding| finding.fingerprint.as_deref().unwrap()).collect();
    assert_eq!((prints[0], prints[2]), (prints[1], prints[3]));
    assert_ne!(prints[0], prints[2]);
    assert!(
        prints.iter().all(|print| print.len() == 16 && print.bytes().all(|byte| byte.is_ascii_hexdigit())),
        "{prints:?}"
    );
}

#[test]
fn a_value_has_one_fingerprint_however_it_is_encoded() {
    let prints = |params: Value| {
        let sent = event(&params.to_string());
        let verdict = engine(json!({})).start_run().check(&Event::parse(sent.as_bytes()).unwrap());
        let of = |finding: &aop_engine::Finding| Some((finding.entity.clone()?.into_owned(), finding.fingerprint.clone()?));
        verdict.findings.iter().filter_map(of).collect::<Vec<_>>()
    };
    let plain = prints(json!({"a": "ann.lee@example.org"}));
    assert_eq!(plain.len(), 1);
    for encoded in [
        "ann.lee%40example.org",
        "ann.lee&#64;example.org",
        r"ann.lee\u0040example.org",
        // "mail ann.lee@example.org now", in base64 and hexadecimal, and the base64 once more
        "bWFpbCBhbm4ubGVlQGV4YW1wbGUub3JnIG5vdw==",
        "6d61696c20616e6e2e6c6565406578616d706c652e6f7267206e6f77",
        "YldGcGJDQmhibTR1YkdWbFFHVjRZVzF3YkdVdWIzSm5JRzV2ZHc9PQ==",
        // {"to":"ann.lee@example.org"}
        "eyJ0byI6ImFubi5sZWVAZXhhbXBsZS5vcmcifQ==",
    ] {
        assert_eq!(prints(json!({ "a": encoded })), plain, "{encoded}");
    }
    assert_ne!(prints(json!({"a": "bob.lee%40example.org"})), plain);
}

/// The tokens of a document, and what restoring gives.
fn tokens(json: &str) -> String {
    engine(json!({"default": "token"})).redact(&document(json), Provenance::Agent).unwrap()
}

#[test]
fn tokens_go_back_to_the_bytes_that_were_sent() {
    for sent in [
        MIXED,
        r#" {"a":"caf\u00e9 bob\u0040example.org \/ ", "b\u006fb@example.org" : 536904399e0, "ssn": 536904399 } "#,
        r#"{"in": "{\"deep\": \"{\\\"card\\\": 4111111111111111, \\\"bob@ex\\u0061mple.org\\\": 1}\"}"}"#,
    ] {
        let redacted = tokens(sent);
        let restored = engine(json!({})).restore_tokens(&document(&redacted)).unwrap();
        assert_eq!(restored.as_deref(), Some(sent), "{redacted}");
        assert_eq!(tokens(sent), redacted, "tokens are stable");
    }
}

#[test]
fn an_encoded_value_is_replaced_whole_and_comes_back() {
    let base64 = "bWFpbCBib2JAZXhhbXBsZS5vcmcgdGhlIGNhcmQgNDExMSAxMTExIDExMTEgMTExMQ==";
    let hex = "6d792073736e206973203533362d39302d34333939";
    for encoded in [base64, hex, "https://x.example/?mail=bob%40example.org"] {
        for json in
            [json!({"a": format!("data {encoded} end")}), json!([encoded]), json!({"in": json!({"a": encoded}).to_string()})]
        {
            let sent = json.to_string();
            for operator in ["replace", "mask", "remove", "hash"] {
                let redacted = engine(json!({"default": operator})).redact(&document(&sent), Provenance::Agent).unwrap();
                for part in [&base64[8..24], &hex[20..40], "bob%40", "bob@"] {
                    assert!(!redacted.contains(part), "{operator}: {redacted}");
                }
            }
            let redacted = tokens(&sent);
            assert_eq!(
                engine(json!({})).restore_tokens(&document(&redacted)).unwrap().as_deref(),
                Some(sent.as_str()),
                "{redacted}"
            );
        }
    }
}

#[test]
fn tokens_are_restored_however_the_document_was_written_again() {
    let redacted = tokens(r#"{"ssn": 536904399, "to": "x bob@example.org"}"#);
    for (open, close) in [(r"\u003c", r"\u003e"), (r"\u003C", r"\u003E")] {
        let rewritten = redacted.replace('<', open).replace('>', close);
        let restored = engine(json!({})).restore_tokens(&document(&rewritten)).unwrap();
        assert_eq!(restored.as_deref(), Some(r#"{"ssn": 536904399, "to": "x bob@example.org"}"#));
    }
    let number = redacted.split('"').nth(3).unwrap();
    let quoted = format!(r#"{{"text": "the number is {number}, ok"}}"#);
    let restored = engine(json!({})).restore_tokens(&document(&quoted)).unwrap();
    assert_eq!(restored.as_deref(), Some(r#"{"text": "the number is 536904399, ok"}"#));
}

#[test]
fn what_is_no_token_stays() {
    let json = r#"{"a": "<US_SSN> <US_SSN:h:abcdefghijklmnopabcd> <b:t:c> a:t:b <X:t:y> :t: <US_SSN:t:", "n": 1.50}"#;
    let json = json.replace(" <US_SSN:t:", "");
    assert_eq!(engine(json!({})).restore_tokens(&document(&json)), Ok(None));
}

#[test]
fn a_token_that_does_not_open_is_told_with_its_place() {
    let redacted = tokens(r#"{"list": [1, {"to": "x bob@example.org"}]}"#);
    let other = Engine::builder().redaction_key(key().for_tenant("other")).build().unwrap();
    let changed = redacted.replace("EMAIL_ADDRESS", "US_SSN");
    let cut = redacted.replace("x <", "<").replacen(&redacted[48..60], "", 1);
    let none = Engine::builder().build().unwrap();
    for (engine, json, offset, said) in [
        (
            &other,
            &redacted,
            23,
            "at /list/1/to (byte 23): the token <EMAIL_ADDRESS:t:…> was made with another key, or it has been changed",
        ),
        (
            &engine(json!({})),
            &changed,
            23,
            "at /list/1/to (byte 23): the token <US_SSN:t:…> was made with another key, or it has been changed",
        ),
        (
            &engine(json!({})),
            &cut,
            21,
            "at /list/1/to (byte 21): the token <EMAIL_ADDRESS:t:…> was made with another key, or it has been changed",
        ),
        (
            &none,
            &redacted,
            23,
            "at /list/1/to (byte 23): a redaction key is needed to restore the token <EMAIL_ADDRESS:t:…>",
        ),
    ] {
        let error = engine.restore_tokens(&document(json)).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.offset(), error.pointer()), (said, offset, "/list/1/to"));
    }
}

#[test]
fn a_value_written_like_a_token_is_found_all_the_same() {
    let engine = engine(json!({"default": "token"}));
    for fake in ["<US_SSN:t:AKIAQ3EGRZTX7WMNP2LD>", "<GB33BUKB20201555555555>", "<CREDIT_CARD:h:4111111111111111>"] {
        let sent = json!({"text": fake, "iban": fake}).to_string();
        let redacted = engine.redact(&document(&sent), Provenance::Agent);
        assert!(redacted.is_some(), "{fake}");
    }
}

#[track_caller]
fn refused(redaction: Value, key: Option<RedactionKey>, said: &str) {
    let mut builder = Engine::builder().settings(settings(redaction));
    if let Some(key) = key {
        builder = builder.redaction_key(key);
    }
    let error = builder.build().unwrap_err().to_string();
    assert!(error.starts_with(said), "{error}");
}

#[test]
fn what_cannot_be_set_is_said_by_name() {
    let needs = |operator: &str| format!("the operator {operator} needs a redaction key, and there is none");
    refused(json!({"default": "hash"}), None, &format!("redaction.default: {}", needs("hash")));
    refused(json!({"entities": {"US_SSN": "token"}}), None, &format!("redaction.entities.US_SSN: {}", needs("token")));
    refused(json!({"paths": {"/a": "hash"}}), None, &format!("redaction.paths.\"/a\": {}", needs("hash")));
    refused(json!({"entities": {"US_SNN": "mask"}}), Some(key()), "redaction.entities: there is no `US_SNN`; there are ");
    refused(json!({"paths": {"a/b": "mask"}}), None, "redaction.paths: `a/b` is no JSON Pointer; one begins with `/`");
    refused(
        json!({"default": {"operator": "hash", "keep": 4}}),
        Some(key()),
        "redaction.default: `keep` is an option of the operator mask, and the operator here is hash",
    );
    refused(
        json!({"default": {"operator": "mask", "text": "x"}}),
        None,
        "redaction.default: `text` is an option of the operator replace",
    );
    refused(json!({"default": {"operator": "mask", "character": "x"}}), None, "redaction.default: `character` is 'x'");
    refused(
        json!({"default": {"operator": "mask", "character": "-"}}),
        None,
        "redaction.default: `character` is '-'; it is one of `*`, ",
    );
    refused(
        json!({"entities": {"EMAIL": "mask"}}),
        None,
        "redaction.entities: there is no `EMAIL`; there are EMAIL_ADDRESS",
    );
    let error = serde_json::from_value::<RedactionSettings>(json!({"default": {"operator": "mask", "keep": -1}}));
    assert!(error.is_err_and(|error| error.to_string().contains("a count of characters")));
    refused(
        json!({"default": {"operator": "mask", "whole": true}}),
        None,
        "redaction.default: `whole` is an option of a path",
    );
    refused(
        json!({"paths": {"/a": {"operator": "keep", "whole": true}}}),
        None,
        "redaction.paths.\"/a\": `whole` with the operator keep",
    );
    refused(
        json!({"default": {"operator": "replace", "text": "ask bob@example.org"}}),
        None,
        "redaction.default: `text` would itself be found, as EMAIL_ADDRESS",
    );
    let error = serde_json::from_value::<RedactionSettings>(json!({"default": "shred"})).unwrap_err().to_string();
    assert!(error.starts_with("unknown variant `shred`, expected one of `replace`, `mask`"), "{error}");
    assert!(serde_json::from_value::<RedactionSettings>(json!({"default": {"operator": "mask", "keeps": 4}})).is_err());
}

#[test]
fn settings_are_written_as_they_are_read() {
    let written = json!({"default": "hash", "entities": {"US_SSN": {"operator": "mask", "keep": 4}}, "paths": {}});
    let read: RedactionSettings = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(read.default.operator, Operator::Hash);
    assert_eq!(serde_json::to_value(&read).unwrap(), written);
}
