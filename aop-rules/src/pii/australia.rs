//! Australia: business, company, tax and Medicare numbers.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// What is found of Australia.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/au-abn",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Australian business number",
            why: "It names a business, and a sole trader personally; the register is public.",
            source: "Australian Business Register, Format of the ABN: modulus 89 after 1 is taken from the first digit",
            ..Rule::PII
        },
        entity: "AU_ABN",
        region: Some("AU"),
        look: Look::Identifier(Identifier {
            layouts: &[("99 999 999 999", 0.8), ("99-999-999-999", 0.6), ("99999999999", 0.3)],
            check: abn,
            names: &["abn", "australian business number", "business number"],
            words: &["australia", "australian", "pty", "gst", "tax invoice"],
            ..Identifier::NONE
        }),
        hits: &["from 32 921 609 313.", r#"{"abn": "20159084250"}"#, "Tax invoice 16596756824"],
        misses: &["32 921 609 314", "32921609313", "ABN 32 921 609 3134", "ABN 00 000 000 000"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/au-acn",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Australian company number",
            why: "It names a company; the register is public. Three groups of three digits need a name or a word nearby.",
            source: "Australian Securities and Investments Commission, Australian Company Number (ACN) check digit",
            ..Rule::PII
        },
        entity: "AU_ACN",
        region: Some("AU"),
        look: Look::Identifier(Identifier {
            layouts: &[("999 999 999", 0.4), ("999999999", 0.05)],
            check: |digits| {
                (weighted::sum(digits, &[8, 7, 6, 5, 4, 3, 2, 1]) + weighted::value(digits[8])).is_multiple_of(10)
            },
            names: &["acn", "australian company number", "company number"],
            words: &["asic", "pty", "australia", "australian"],
            ..Identifier::NONE
        }),
        hits: &["ACN 346 796 058", r#"{"acn": "602764152"}"#],
        misses: &["ACN 346 796 059", "346 796 058", "record 602764152"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/au-tfn",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Australian tax file number",
            why: "The law forbids to use or pass it on outside of tax and superannuation. Three groups of three digits need a \
                  name or a word nearby.",
            source: "Privacy (Tax File Number) Rule 2015; Australian Taxation Office: modulus 11 with weights 1, 4, 3, 7, 5, 8, 6, 9, 10",
            ..Rule::PII
        },
        entity: "AU_TFN",
        region: Some("AU"),
        look: Look::Identifier(Identifier {
            layouts: &[("999 999 999", 0.4), ("999-999-999", 0.3), ("999999999", 0.05)],
            check: |digits| {
                weighted::sum(digits, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
                    && !weighted::is_one_character(digits)
            },
            names: &["tfn", "tax file number", "tax file no"],
            words: &["ato", "superannuation", "australia", "australian"],
            ..Identifier::NONE
        }),
        hits: &["TFN: 325 774 862", r#"{"taxFileNumber": 376433641}"#],
        misses: &["TFN: 325 774 863", "325 774 862", "record 394773127"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/au-medicare",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Australian Medicare card number",
            why: "It is the key to a person's medical benefits. Ten digits without spaces need a name or a word nearby.",
            source: "Services Australia: eight digits beginning with 2 to 6, their check digit, the issue; the person's line may follow",
            ..Rule::PII
        },
        entity: "AU_MEDICARE",
        region: Some("AU"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("9999 99999 9", 0.6),
                ("9999-99999-9", 0.6),
                ("9999 99999 9 9", 0.6),
                ("9999 99999 9/9", 0.7),
                ("9999 99999 9-9", 0.6),
                ("9999999999", 0.1),
                ("99999999999", 0.05),
            ],
            check: |digits| {
                matches!(digits[0], b'2'..=b'6')
                    && weighted::sum(digits, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == weighted::value(digits[8])
            },
            names: &["medicare", "medicare number", "medicare card", "medicare no", "medicare card number"],
            words: &["australia", "australian"],
            ..Identifier::NONE
        }),
        hits: &["card 2471 83054 1", "Medicare 5392061732", r#"{"medicareNumber": "24718305411"}"#],
        misses: &["card 2471 83055 1", "Medicare 9392061732", "record 2471830541", "2471 83054"],
    },
];

/// The first digit counts one less, so a number never begins with 0.
fn abn(digits: &[u8]) -> bool {
    const WEIGHTS: &[u32] = &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
    digits[0] != b'0' && (weighted::sum(digits, WEIGHTS) - WEIGHTS[0]).is_multiple_of(89)
}
