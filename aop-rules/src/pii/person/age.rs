//! Ages, where a key says so.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `AGE`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/age",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "age",
        why: "With a place and an occupation it narrows down who is meant, and over 89 it counts as an identifier. Most numbers \
              called age are a cache's, so that it is told of only where the threshold is lowered, or where a text says `years old`.",
        source: "45 CFR 164.514(b)(2)(i)(C)",
        ..Rule::PII
    },
    entity: "AGE",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("years old"),
            Anchor::Literal("year old"),
            Anchor::Literal("year-old"),
            Anchor::Literal("y/o"),
            Anchor::Literal("aged "),
            Anchor::Literal("just turned "),
            Anchor::Named(NAMES),
        ],
        verify,
    },
    hits: &[
        "a 47 year old man",
        "the 47-year-old driver",
        "she is 47 years old",
        "a woman, aged 47,",
        r#"{"patient_age": 47}"#,
        r#"{"age": "47"}"#,
    ],
    misses: &["47", "200 years old", "a managed 47", "5 year olds", r#"{"max_age": "3600"}"#, "page 47"],
}];

/// Names of keys that hold one.
const NAMES: &[&str] = &["age", "age years", "patient age", "customer age"];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let is_before = bytes[candidate.end - 1] == b' ';
    let (start, score) = if candidate.is_keyed {
        (candidate.start, 0.3)
    } else if is_before {
        (candidate.end, if candidate.begins_word(candidate.start) { 0.5 } else { return None })
    } else {
        let gap = usize::from(matches!(candidate.byte_before(candidate.start), Some(b' ' | b'-')));
        let digits = bytes[..candidate.start - gap].iter().rev().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        (
            candidate.start - gap - digits,
            if bytes.get(candidate.end).is_some_and(u8::is_ascii_alphanumeric) { return None } else { 0.5 },
        )
    };
    let digits = bytes.get(start..)?.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let end = start + digits;
    let age: u32 = candidate.text.get(start..end)?.parse().ok()?;
    let is_part = matches!(candidate.byte_before(start), Some(b'.' | b',' | b'-' | b'/'))
        && start > 1
        && bytes[start - 2].is_ascii_digit();
    ((1..=120).contains(&age) && !is_part && candidate.stands_alone(start..end)).then_some(Match { start, end, score })
}
