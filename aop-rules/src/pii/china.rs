//! China: the resident identity number.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted::number;
use crate::verify::{date, iso7064};

/// What is found of China.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/cn-resident-id",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        summary: "Chinese resident identity number",
        why: "It identifies a person for life and holds place of registration, birth date and sex.",
        source: "GB 11643-1999: division (GB/T 2260), birth date, sequence, check character by ISO 7064, MOD 11-2",
        ..Rule::PII
    },
    entity: "CN_RESIDENT_ID",
    region: Some("CN"),
    look: Look::Identifier(Identifier {
        layouts: &[("999999999999999999", 0.9), (r"99999999999999999\X", 0.95)],
        check: resident_id,
        names: &[
            "resident identity card",
            "chinese id",
            "resident id number",
            "id card number",
            "身份证",
            "身份证号",
            "身份证号码",
            "公民身份号码",
        ],
        words: &["china", "chinese", "身份", "居民"],
        near: 0.95,
        ..Identifier::NONE
    }),
    hits: &["身份证号: 110108196402250504", "for 44030619831209103X", r#"{"residentIdNumber": "440306198312091048"}"#],
    misses: &["110108196402250503", "110108196413250508", "990108196402250508", "span_id=110108196402250504"],
}];

fn resident_id(id: &[u8]) -> bool {
    let is_province = matches!(number(&id[..2]), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83);
    let year = number(&id[6..10]);
    is_province
        && (1880..=2099).contains(&year)
        && date::is_day(year, number(&id[10..12]), number(&id[12..14]))
        && iso7064::is_mod_11_2(id)
}
