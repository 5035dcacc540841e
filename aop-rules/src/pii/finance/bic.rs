//! Business identifier codes, by which banks are addressed (SWIFT codes).

use aop_toon::{Effect, Severity};

use super::country::is_country;
use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};

/// Finds `BIC_CODE`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/bic",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "bank identifier code (BIC)",
        why: "It names a bank, and beside an account number it says where somebody's money is. Eight letters in capitals are \
              often a word, so only a key or a label makes them a finding.",
        source: "ISO 9362 (four characters of the party, two of the country by ISO 3166-1, two of the place, three of the branch)",
        ..Rule::PII
    },
    entity: "BIC_CODE",
    region: None,
    look: Look::Identifier(Identifier {
        layouts: &[("AAAAAAXX", 0.05), ("AAAAAAXXXXX", 0.1)],
        check: is_code,
        names: &["bic", "bic code", "swift", "swift code", "swift bic", "bic swift", "swiftcode", "biccode"],
        words: &["iban", "bank", "wire transfer", "beneficiary"],
        near: 0.4,
        named: 0.9,
    }),
    hits: &["BIC: BYLADEM1001", "swift code NEDSZAJJ", r#"{"bic": "BNPAFRPPXXX"}"#, r#"{"swiftCode": "CHASUS33"}"#],
    misses: &["NEDSZAJJ", "BIC: NEDSQQJJ", "SWIFT PROGRAMS", "BIC: BYLADEM10", "DOCUMENT"],
}];

fn is_code(code: &[u8]) -> bool {
    matches!(code.len(), 8 | 11) && is_country([code[4], code[5]]) && code[6] != b'0'
}
