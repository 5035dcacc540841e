//! The page on OpenTelemetry lists the attributes that findings have.
#![expect(clippy::disallowed_methods, reason = "a test that compares files reads them")]

use std::path::Path;

use aop_toon::{Approval, At, AttributeValue, Effect, Finding, Phase, Severity};

/// A finding of which everything is said.
fn full() -> Finding {
    Finding {
        seq: Some(u64::MAX),
        path: Some("/payload/result".into()),
        at: Some(At::Key),
        span: Some((1, 2)),
        raw: Some((3, 4)),
        inner_path: Some("/a".into()),
        views: vec!["json".into(), "base64".into()],
        entity: Some("EMAIL_ADDRESS".into()),
        score: Some(0.5),
        provenance: Some("tool".into()),
        witnesses: vec![2, 1],
        run_ids: vec!["r-1".into()],
        decided_at: Some(9),
        wait_ms: Some(5),
        approval: Some(Approval { role: "finance".into(), ttl_ms: 6 }),
        fingerprint: Some("00".into()),
        ..Finding::new("a.b", "policy_checker", Severity::Error, Phase::Ingestion, Effect::Deny, "no")
    }
}

#[test]
fn the_page_lists_every_attribute_with_its_type_in_order() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/opentelemetry.md");
    let page = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `aop.finding.")?.split('|').map(str::trim);
        Some((format!("aop.finding.{}", cells.next()?.trim_end_matches('`')), cells.next()?.to_owned()))
    };
    let listed: Vec<(String, String)> = page.lines().filter_map(row).collect();
    let finding = full();
    let given: Vec<(String, String)> =
        finding.attributes().map(|(name, value)| (name.to_owned(), value.type_name().to_owned())).collect();
    assert_eq!(listed, given);
}

#[test]
fn no_fact_of_a_finding_is_left_out_and_none_is_changed() {
    let finding = full();
    let value = serde_json::to_value(&finding).unwrap();
    let members = value.as_object().unwrap();
    for name in members.keys() {
        let prefix = format!("aop.finding.{name}");
        assert!(finding.attributes().any(|(attribute, _)| attribute.starts_with(&prefix)), "{name} has no attribute");
    }
    let of = |name: &str| finding.attributes().find(|(attribute, _)| *attribute == name).map(|(_, value)| value);
    assert_eq!(of("aop.finding.seq"), Some(AttributeValue::Int(i64::MAX)));
    assert_eq!(of("aop.finding.views"), Some(AttributeValue::Texts(vec!["json", "base64"])));
    assert_eq!(of("aop.finding.witnesses"), Some(AttributeValue::Ints(vec![2, 1])));
    assert_eq!(of("aop.finding.score"), Some(AttributeValue::Double(0.5)));
    assert_eq!(of("aop.finding.raw.end"), Some(AttributeValue::Int(4)));
}
