use insta::assert_snapshot;

use crate::support::{CALM, Folder, KEY, MAIL, Ran};

fn redact(input: &str) -> String {
    let ran = Folder::with(&[]).aop_with(&["redact"], &[], input);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{ran}");
    ran.out
}

const MIXED: &str = "{\"to\": \"bob@example.org\",\t\"n\":4111111111111111}\r\n\n\
    \"write to bob@example.org\"\n[1, 2.50]\n{\"bob@example.org\":\"{\\\"card\\\":\\\"4111 1111 1111 1111\\\"}\"}";

#[test]
fn what_is_found_is_replaced_and_nothing_else() {
    assert_snapshot!(redact(&format!("{MAIL}{MIXED}")));
}

#[test]
fn what_holds_nothing_comes_out_as_it_was() {
    for input in [CALM, "", "\n\n", "  {\"a\" : 1e2}  \r\n", "7", "{\"a\":\"\\u00e9\"}"] {
        assert_eq!(redact(input), input);
    }
}

#[test]
fn redacting_twice_changes_nothing() {
    let once = redact(&format!("{MAIL}{MIXED}"));
    assert_eq!(redact(&once), once);
}

#[test]
fn what_cannot_be_read_is_left_out() {
    let folder = Folder::with(&[("in.jsonl", "{\"a\":1}\nmail bob@example.org\n{\"b\":2}\n")]);
    assert_snapshot!(folder.aop(&["redact", "in.jsonl"]));
}

/// What an operator makes of lines, with a key.
fn with_key(arguments: &[&str], input: &str) -> Ran {
    Folder::with(&[]).aop_with(&[&["redact"], arguments].concat(), &[("AOP_REDACTION_KEY", KEY)], input)
}

#[test]
fn every_operator_writes_its_own() {
    for operator in ["mask", "remove", "hash", "token", "keep"] {
        let ran = with_key(&["--operator", operator], MIXED);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{ran}");
        assert_snapshot!(format!("operator_{operator}"), ran.out);
        assert_eq!(with_key(&["--operator", operator], &ran.out).out, ran.out, "{operator} twice");
    }
}

#[test]
fn what_was_put_away_comes_back_byte_for_byte() {
    let input = format!("{MAIL}{MIXED}");
    let tokens = with_key(&["--operator", "token"], &input).out;
    assert!(!tokens.contains("bob@example.org") && !tokens.contains("AKIAQ3EGRZTX7WMNP2LD"));
    assert_eq!(with_key(&["--restore"], &tokens).out, input);
    // what has no tokens stays
    assert_eq!(with_key(&["--restore"], &input).out, input);
}

#[test]
fn a_line_that_cannot_be_restored_is_told_and_left_out() {
    let tokens = with_key(&["--operator", "token"], "{\"a\":1}\n{\"to\":\"x bob@example.org\"}\n").out;
    let changed = tokens.replace("EMAIL_ADDRESS", "US_SSN");
    for (arguments, tokens) in [(&["--restore"][..], &changed), (&["--restore", "--tenant", "other"], &tokens)] {
        let ran = with_key(arguments, tokens);
        assert_eq!((ran.code, &*ran.out), (Some(2), "{\"a\":1}\n"), "{ran}");
        assert!(ran.err.starts_with("error: standard input:2: left out: at /to (byte 9): the token <"), "{ran}");
        assert!(ran.err.ends_with(":t:…> was made with another key, or it has been changed\n"), "{ran}");
    }
}

#[test]
fn tenants_have_hashes_and_tokens_of_their_own() {
    let line = "{\"to\":\"bob@example.org\"}\n";
    for operator in ["hash", "token"] {
        let of = |tenant| with_key(&["--operator", operator, "--tenant", tenant], line).out;
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
    }
    let tokens = with_key(&["--operator", "token", "--tenant", "a"], line).out;
    assert_eq!(with_key(&["--restore", "--tenant", "a"], &tokens).out, line);
}

#[test]
fn the_key_is_of_the_environment_or_a_file_and_never_shown() {
    let folder = Folder::with(&[("key", &format!("{KEY}\n")), ("bad", "hunter2hunter2"), ("in", "\"bob@example.org\"")]);
    let of_file = folder.aop(&["redact", "--operator", "hash", "--key-file", "key", "in"]);
    assert_eq!(of_file.out, with_key(&["--operator", "hash"], "\"bob@example.org\"").out);
    for arguments in [&["--operator", "hash"][..], &["--operator", "token"], &["--restore"]] {
        let ran = folder.aop(&[&["redact"], arguments, &["in"]].concat());
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{ran}");
        assert!(ran.err.contains("set AOP_REDACTION_KEY or name a file with --key-file"), "{ran}");
    }
    let bad = folder.aop(&["redact", "--key-file", "bad", "in"]);
    assert!(bad.err.starts_with("error: bad: a redaction key has 32 bytes") && !bad.err.contains("hunter2"), "{bad}");
    let bad = folder.aop_with(&["eval", "in"], &[("AOP_REDACTION_KEY", "hunter2hunter2")], "");
    assert!(
        bad.err.starts_with("error: AOP_REDACTION_KEY: a redaction key has 32 bytes") && !bad.err.contains("hunter2"),
        "{bad}"
    );
    let none = folder.aop(&["redact", "--key-file", "nothing", "in"]);
    assert!(none.code == Some(2) && none.err.starts_with("error: nothing: "), "{none}");
}

#[test]
fn settings_say_it_by_entity_and_by_place() {
    let settings = "[engine.redaction]\ndefault = \"remove\"\nentities.EMAIL_ADDRESS = \"mask\"\npaths.\"/b\" = { operator = \"replace\", text = \"…\", whole = true }\n";
    let wrong = "[engine.redaction]\nentities.US_SSN = \"hash\"\n";
    let folder = Folder::with(&[
        ("aop.toml", settings),
        ("wrong.toml", wrong),
        ("in", r#"{"a": "bob@example.org 536-90-4399", "b": 5}"#),
    ]);
    assert_eq!(folder.aop(&["redact", "--config", "aop.toml", "in"]).out, r#"{"a": "***@*******.*** ", "b": "…"}"#);
    let ran = folder.aop(&["redact", "--config", "wrong.toml", "in"]);
    let said =
        "error: wrong.toml: [engine] redaction.entities.US_SSN: the operator hash needs a redaction key, and there is none";
    assert!(ran.err.starts_with(said), "{ran}");
}

#[test]
fn a_fresh_key_is_one() {
    let folder = Folder::with(&[]);
    let [first, second] = [(), ()].map(|()| folder.aop(&["keys", "redaction"]).out);
    assert_ne!(first, second);
    let ran = folder.aop_with(&["redact", "--operator", "hash"], &[("AOP_REDACTION_KEY", &first)], "\"bob@example.org\"");
    assert!(ran.code == Some(0) && ran.out.starts_with("\"<EMAIL_ADDRESS:h:"), "{ran}");
}
