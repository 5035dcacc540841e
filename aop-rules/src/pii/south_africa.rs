//! South Africa: the identity number.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, luhn};

/// What is found of South Africa.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/za-id-number",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        summary: "South African identity number",
        why: "It identifies a person for life and holds birth date, sex and citizenship.",
        source: "Identification Act 68 of 1997; Department of Home Affairs: birth date, sex, citizenship 0 to 2, an 8 or 9, Luhn",
        ..Rule::PII
    },
    entity: "ZA_ID_NUMBER",
    region: Some("ZA"),
    look: Look::Identifier(Identifier {
        layouts: &[("9999999999999", 0.4), ("999999 9999 999", 0.9), ("999999 9999 99 9", 0.9), ("999999-9999-99-9", 0.9)],
        check: |digits| {
            date::is_yymmdd(&digits[..6])
                && matches!(digits[10], b'0'..=b'2')
                && matches!(digits[11], b'8' | b'9')
                && luhn::is_valid_ascii(digits)
        },
        names: &["south african id", "sa id", "sa id number", "rsa id", "id number", "identity number", "national id"],
        words: &["south africa", "south african", "sars", "identity", "permanent resident"],
        near: 0.9,
        ..Identifier::NONE
    }),
    hits: &["8108063004082", "SA ID 990624 4546 189", r#"{"idNumber": 8008074232187}"#],
    misses: &["8108063004083", "8113063004082", "8108063004352", "seq 8108063004082", "810806300408"],
}];
