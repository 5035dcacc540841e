//! Telephone numbers by Presidio's names for one country. The number itself is found as `PHONE_NUMBER`; these say which
//! country's it is, to who lowers the threshold.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};

/// Finds `TR_PHONE_NUMBER` and `PH_MOBILE_NUMBER`.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/tr-phone",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Turkish telephone number",
            why: "A number reaches a person. It is reported as a telephone number already; this says the country.",
            source: "BTK, national numbering plan (area codes 2xx to 4xx, mobile 5xx, ten digits)",
            ..Rule::PII
        },
        entity: "TR_PHONE_NUMBER",
        region: Some("TR"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("+90 999 999 99 99", 0.45),
                ("+90 (999) 999 99 99", 0.45),
                ("+909999999999", 0.45),
                ("0 999 999 99 99", 0.3),
                ("0999 999 99 99", 0.3),
                ("09999999999", 0.3),
                ("(0999) 999 99 99", 0.3),
                ("999 999 99 99", 0.1),
                ("999.999.99.99", 0.05),
                ("9999999999", 0.05),
            ],
            check: is_turkish,
            words: &["telefon", "cep", "phone", "tel", "mobil", "gsm"],
            near: 0.45,
            named: 0.45,
            ..Identifier::NONE
        }),
        hits: &["0 542 806 31 97", "(0542) 806 31 97"],
        misses: &["0612 806 31 97", "5428063", "order 542806319755"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/ph-mobile",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Philippine mobile number",
            why: "A number reaches a person. It is reported as a telephone number already; this says the country.",
            source: "NTC, national numbering plan (mobile 09 and nine digits)",
            ..Rule::PII
        },
        entity: "PH_MOBILE_NUMBER",
        region: Some("PH"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("+63 999 999 9999", 0.45),
                ("+63-999-999-9999", 0.45),
                ("+639999999999", 0.45),
                ("0999 999 9999", 0.3),
                ("0999-999-9999", 0.3),
                ("09999999999", 0.3),
            ],
            check: is_philippine_mobile,
            words: &["telepono", "mobile", "phone", "cell", "globe", "smart"],
            near: 0.45,
            named: 0.45,
            ..Identifier::NONE
        }),
        hits: &["0927-480-6153", "09274806153"],
        misses: &["0827 480 6153", "927 480 6153", "15092748061538"],
    },
];

/// Ten digits, with the country code or the trunk zero before them or not; the first is an area's or a mobile network's.
fn is_turkish(digits: &[u8]) -> bool {
    let national = match digits {
        [b'9', b'0', national @ ..] if national.len() == 10 => national,
        [b'0', national @ ..] => national,
        national => national,
    };
    national.len() == 10 && matches!(national[0], b'2'..=b'5') && !national[1..].iter().all(|digit| *digit == national[0])
}

/// `9` and nine digits behind the country code or the trunk zero.
fn is_philippine_mobile(digits: &[u8]) -> bool {
    matches!(digits, [b'6', b'3', b'9', rest @ ..] | [b'0', b'9', rest @ ..] if rest.len() == 9)
}
