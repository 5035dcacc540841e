use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Folder, MAIL};

const POLICY: &str = r#"policy acme.mail version "1.0.0" dsl 1;
schema { action send_mail(to: email, body: string); }
rule outside { on c: request(send_mail) where c.params.to.domain != "acme.example" then deny "mail leaves"; }
"#;

#[test]
fn people_read_rule_place_reasons_decision_and_remedies() {
    let folder = Folder::with(&[("mail.jsonl", MAIL)]);
    assert_snapshot!(folder.aop(&["explain", "threats/override", "mail.jsonl"]));
    let secret = folder.aop(&["explain", "secrets/aws-access-token@4", "mail.jsonl"]);
    assert!(secret.out.contains("<SECRET>\n    ^^^^^^^^\n") && !secret.out.contains("AKIAQ3"), "{secret}");
}

#[test]
fn a_rule_of_a_policy_is_explained_by_its_clauses() {
    let folder = Folder::with(&[("mail.jsonl", MAIL), ("mail.aop", POLICY)]);
    assert_snapshot!(folder.aop(&["explain", "acme.mail.outside", "mail.jsonl", "--policy", "mail.aop"]));
}

#[test]
fn every_line_of_a_report_names_its_finding() {
    let open = MAIL.lines().take(4).collect::<Vec<_>>().join("\n");
    let folder = Folder::with(&[("mail.jsonl", &open)]);
    let lines = folder.aop(&["eval", "--format", "jsonl", "mail.jsonl"]).out;
    assert!(lines.lines().count() >= 4, "{lines}");
    for line in lines.lines() {
        let expected: Value = serde_json::from_str(line).unwrap();
        let id = expected["id"].as_str().unwrap();
        let by_line = folder.aop_with(&["explain", "-", "mail.jsonl", "--format", "json"], &[], line);
        let by_id = folder.aop(&["explain", &id[..12], "mail.jsonl", "--format", "json"]);
        assert_eq!(by_line.out, by_id.out);
        let told: Value = serde_json::from_str(&by_id.out).unwrap_or_else(|error| panic!("{error}: {by_id}"));
        assert_eq!((told.as_array().unwrap().len(), &told[0]["id"]), (1, &expected["id"]));
        assert_eq!(told[0]["finding"]["rule"], expected["rule"]);
        assert!(!by_id.out.contains("AKIAQ3"), "{by_id}");
    }
}

#[test]
fn what_was_not_found_is_said() {
    let folder = Folder::with(&[("mail.jsonl", MAIL)]);
    let ran = folder.aop(&["explain", "pii/card", "mail.jsonl"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("mail.jsonl has no finding `pii/card` with these settings; `aop eval --format jsonl"), "{ran}");
    assert_eq!(folder.aop(&["explain", "pii/card@x", "mail.jsonl"]).code, Some(2));
    assert_eq!(folder.aop(&["explain", "-", "-"]).code, Some(2));
}
