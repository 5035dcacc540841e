//! Hong Kong: the identity card number.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// What is found of Hong Kong.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/hk-id",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        summary: "Hong Kong identity card number",
        why: "It identifies a resident for life. Without the brackets around the check digit a name or a word nearby has to say so.",
        source: "Immigration Department; Privacy Commissioner, Code of Practice on the Identity Card Number: check digit by modulus 11",
        ..Rule::PII
    },
    entity: "HK_ID",
    region: Some("HK"),
    look: Look::Identifier(Identifier {
        layouts: &[("A999999(X)", 0.9), ("AA999999(X)", 0.9), ("A999999X", 0.1), ("AA999999X", 0.2)],
        check: identity_card,
        names: &["hkid", "hkid number", "hkid no", "hong kong id", "hong kong identity card", "香港身份證", "身份證號碼"],
        words: &["hong kong", "hk", "香港", "identity card"],
        near: 0.7,
        ..Identifier::NONE
    }),
    hits: &["G482917(3)", "HKID WX5839201", r#"{"hkid": "Z683365(A)"}"#, "of Hong Kong, D1048261"],
    misses: &["G482917(4)", "part D1048261", "HKID WX5839202", "G48291(7)"],
}];

/// A single letter has a blank before it, which counts 36; the check digit A is 10.
fn identity_card(card: &[u8]) -> bool {
    let weights: &[u32] = &[9, 8, 7, 6, 5, 4, 3, 2, 1];
    let check = card[card.len() - 1];
    let sum =
        if card.len() == 8 { 36 * weights[0] + weighted::sum(card, &weights[1..]) } else { weighted::sum(card, weights) };
    (check.is_ascii_digit() || check == b'A') && sum.is_multiple_of(11)
}
