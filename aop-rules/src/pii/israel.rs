//! Israel: the identity number.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{luhn, weighted};

/// What is found of Israel.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/il-id",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        summary: "Israeli identity number",
        why: "It identifies a resident for life. Nine digits need a name or a word nearby.",
        source: "Population and Immigration Authority: eight digits and a check digit by Luhn",
        ..Rule::PII
    },
    entity: "IL_ID",
    region: Some("IL"),
    look: Look::Identifier(Identifier {
        layouts: &[("99999999-9", 0.3), ("999999999", 0.05)],
        check: |digits| luhn::is_valid_ascii(digits) && !weighted::is_one_character(digits),
        names: &["teudat zehut", "israeli id", "israeli id number", "תעודת זהות", "מספר זהות", "ת ז"],
        words: &["israel", "israeli", "ישראל", "זהות"],
        ..Identifier::NONE
    }),
    hits: &["teudat zehut 886657071", r#"{"israeliId": 283500056}"#, "תעודת זהות: 34269590-5"],
    misses: &["teudat zehut 886657072", "record 283500056", "34269590-5", "teudat zehut 000000000"],
}];
