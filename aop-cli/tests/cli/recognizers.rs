//! A company's own recognizers, from a file of settings to an answer.

use insta::assert_snapshot;

use crate::support::Folder;

const SETTINGS: &str = r#"
[[engine.pii.recognizers]]
name = "ACME_STAFF_NUMBER"
pattern = '\b[0-9]{6}\b'
checksum = "luhn"
keywords = ["staff"]
names = ["staff number"]
must_find = ["staff 100008", '{"staffNumber": 100016}']
must_leave = ["order 100008", "staff 100009"]
"#;

const LINES: &str = r#"{"id":1,"text":"staff 100008, order 100016"}
{"id":2,"json":{"staff_number":100008,"order":100008,"held":"{\"staffNumber\":\"100016\"}"}}
"#;

#[test]
fn it_is_found_and_redacted() {
    let folder = Folder::with(&[("aop.toml", SETTINGS)]);
    assert_snapshot!(folder.aop_with(&["scan", "--config", "aop.toml"], &[], LINES));
    assert_snapshot!(folder.aop_with(&["redact", "--config", "aop.toml"], &[], LINES));
}

#[test]
fn redaction_knows_its_name() {
    let settings =
        format!("{SETTINGS}\n[engine.redaction.entities]\nACME_STAFF_NUMBER = {{ operator = \"mask\", keep = 2 }}\n");
    let folder = Folder::with(&[("aop.toml", &settings)]);
    let out = folder.aop_with(&["redact", "--config", "aop.toml"], &[], "{\"note\":\"staff 100008\"}\n").out;
    assert_eq!(out, "{\"note\":\"staff ****08\"}\n");
}

#[test]
fn every_mistake_is_told_before_anything_starts() {
    let wrong = SETTINGS.replace("\"staff 100008\"", "\"staff 100009\"").replace("\"order 100008\"", "\"staff 100008\"");
    let wrong = format!("[engine.pii]\nregions = [\"de\"]\nallow_paths = [\"payload\"]\n{wrong}");
    let folder = Folder::with(&[("aop.toml", &wrong)]);
    assert_snapshot!(folder.aop_with(&["scan", "--config", "aop.toml"], &[], LINES));
}

#[test]
fn a_model_that_is_not_there_is_not_passed_over() {
    let folder = Folder::with(&[]);
    let ran = |word| folder.aop_with(&["scan"], &[("AOP_PII_ML_ENABLED", word)], LINES);
    assert_eq!((ran("true").code, ran("false").code), (Some(2), Some(0)));
    assert!(ran("true").err.contains("none is built into this aop"), "{}", ran("true"));
}
