use insta::assert_snapshot;

use crate::support::{CALM, Folder, MAIL};

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

#[test]
fn operators_of_later_versions_are_refused() {
    for operator in ["mask", "remove", "hash", "token"] {
        let ran = Folder::with(&[]).aop(&["redact", "--operator", operator]);
        let said = format!("error: the operator `{operator}` is not in this version of aop; use `replace`\n");
        assert_eq!((ran.code, ran.out, ran.err), (Some(2), String::new(), said));
    }
}
