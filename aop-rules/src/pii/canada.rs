//! Canada: the social insurance number and the provinces' health cards.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted::number;
use crate::verify::{date, luhn, weighted};

/// What is found of Canada.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/ca-sin",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Canadian social insurance number",
            why: "It opens credit and benefits in a person's name. Three groups of three digits are common and one in ten has \
                  the check digit, so a name or a word nearby has to say so.",
            source: "Employment and Social Development Canada, Social Insurance Number Code of Practice: Luhn, not beginning with 0 or 8",
            ..Rule::PII
        },
        entity: "CA_SIN",
        region: Some("CA"),
        look: Look::Identifier(Identifier {
            layouts: &[("999-999-999", 0.4), ("999 999 999", 0.4), ("999999999", 0.05)],
            check: |digits| !matches!(digits[0], b'0' | b'8') && luhn::is_valid_ascii(digits),
            names: &[
                "sin",
                "sin number",
                "social insurance",
                "social insurance number",
                "nas",
                "numéro d assurance sociale",
                "assurance sociale",
            ],
            words: &["canada", "canadian", "cra"],
            ..Identifier::NONE
        }),
        hits: &["SIN 139-490-007", r#"{"sin": 621202340}"#, "numéro d'assurance sociale : 611 004 888"],
        misses: &["SIN 139-490-008", "139490007", "SIN 046 454 286", "a 139 490 007 b", "SIN 139-490 007"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/ca-health-card",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Canadian health card number",
            why: "It is the key to a patient's record in Ontario, British Columbia or Québec. Without a name only Québec's, \
                  which holds a birth date, is found.",
            source: "Ontario Ministry of Health, Health card validation (check digit by Luhn); British Columbia Ministry of Health, \
                     Personal Health Number (modulus 11); Régie de l'assurance maladie du Québec",
            ..Rule::PII
        },
        entity: "CA_HEALTH_CARD",
        region: Some("CA"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("AAAA 9999 9999", 0.6),
                ("AAAA99999999", 0.4),
                ("9999-999-999-AA", 0.6),
                ("9999 999 999 AA", 0.5),
                ("9999-999-999", 0.1),
                ("9999 999 999", 0.1),
                ("9999999999AA", 0.1),
                ("9999999999", 0.02),
            ],
            check: health_card,
            names: &[
                "health card",
                "health card number",
                "health number",
                "health insurance number",
                "personal health number",
                "phn",
                "ohip",
                "ohip number",
                "ramq",
                "nam",
                "carte soleil",
                "assurance maladie",
            ],
            words: &["ontario", "québec", "british columbia"],
            ..Identifier::NONE
        }),
        hits: &[
            "health card 5839-201-745",
            r#"{"phn": "9242545387"}"#,
            "RAMQ : TREM 8453 1207",
            r#"{"ohip": "7305162849KD"}"#,
        ],
        misses: &["health card 5839-201-746", "PHN 9242545388", "RAMQ TREM 8463 1207", "record 9242545387"],
    },
];

fn health_card(card: &[u8]) -> bool {
    match card {
        // Year, month with 50 added for a woman, day, and two characters more behind four letters of the name.
        [b'A'..=b'Z', ..] => {
            let month = number(&card[6..8]);
            date::is_day(number(&card[4..6]), if month > 50 { month - 50 } else { month }, number(&card[8..10]))
        }
        [b'9', rest @ ..] if card.len() == 10 => {
            let check = weighted::sum(rest, &[2, 4, 8, 5, 10, 9, 7, 3]) % 11;
            check > 1 && 11 - check == weighted::value(card[9])
        }
        [first, ..] => *first != b'0' && luhn::is_valid_ascii(&card[..10]),
        [] => false,
    }
}
