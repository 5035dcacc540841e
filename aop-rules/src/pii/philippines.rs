//! The Philippines: the taxpayer's number.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// What is found of the Philippines.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/ph-tin",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        summary: "Philippine taxpayer identification number",
        why: "It identifies a taxpayer for life. Groups of three digits need a name or a word nearby.",
        source: "Bureau of Internal Revenue: nine digits, the ninth by modulus 11 with weights 9 to 2; the branch may follow",
        ..Rule::PII
    },
    entity: "PH_TIN",
    region: Some("PH"),
    look: Look::Identifier(Identifier {
        layouts: &[
            ("999-999-999-999", 0.4),
            ("999-999-999-99999", 0.4),
            ("999-999-999", 0.2),
            ("999 999 999 999", 0.2),
            ("999 999 999", 0.05),
            ("999999999999", 0.02),
            ("99999999999999", 0.02),
            ("999999999", 0.02),
        ],
        check: |digits| {
            weighted::sum(digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == weighted::value(digits[8])
                && !weighted::is_one_character(&digits[..9])
        },
        names: &["tin", "bir tin", "tin number", "tin no", "taxpayer identification number", "tax identification number"],
        words: &["bir", "rdo"],
        near: 0.6,
        ..Identifier::NONE
    }),
    hits: &["TIN 219-483-759-000", r#"{"tin": "407182639"}"#, "BIR 102-837-466"],
    misses: &["TIN 219-483-758-000", "219-483-759-000", "record 407182639", "TIN 000-000-000-000"],
}];
