//! Thailand: the national identity number.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;
use crate::verify::weighted::number;

/// What is found of Thailand.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/th-tnin",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        summary: "Thai national identity number",
        why: "It identifies a person for life, for tax and health too. Thirteen digits in a row need a name or a word nearby.",
        source: "Department of Provincial Administration: category, office (a province of ISO 3166-2:TH), modulus 11",
        ..Rule::PII
    },
    entity: "TH_TNIN",
    region: Some("TH"),
    look: Look::Identifier(Identifier {
        layouts: &[("9-9999-99999-99-9", 0.95), ("9 9999 99999 99 9", 0.9), ("9999999999999", 0.3)],
        check: tnin,
        names: &[
            "tnin",
            "thai id",
            "thai national id",
            "thai id number",
            "thai id card",
            "thai citizen id",
            "เลขประจำตัวประชาชน",
            "เลขบัตรประชาชน",
            "บัตรประชาชน",
        ],
        words: &["thai", "thailand", "ประชาชน", "ปชช"],
        ..Identifier::NONE
    }),
    hits: &[
        "card 3-2797-07921-62-8",
        "TNIN 7511155002051",
        r#"{"thaiId": "3955407732021"}"#,
        "เลขประจำตัวประชาชน: 3279707921628",
    ],
    misses: &["card 3-2797-07921-62-9", "record 3279707921628", "TNIN 0511155002051", "TNIN 1284567890124"],
}];

/// Office codes begin with a province, and not every number is one.
fn tnin(digits: &[u8]) -> bool {
    let province = number(&digits[1..3]);
    let is_province = matches!(province, 10..=27 | 30..=58 | 60..=67 | 70..=77 | 80..=86 | 90..=96);
    let sum = weighted::sum(digits, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    digits[0] != b'0' && is_province && (11 - sum % 11) % 10 == weighted::value(digits[12])
}
