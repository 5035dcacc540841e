//! Number plates of any country, where a key or a label says so.

use aop_toon::{Effect, Severity};

use super::documents::{Form, value};
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `LICENSE_PLATE`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/license-plate",
        severity: Severity::Warning,
        effect: Some(Effect::Flag),
        summary: "number plate of a vehicle",
        why: "A register leads from the plate to the keeper. Each country has its own form, so only a key or a label makes \
              letters and digits a finding.",
        source: "45 CFR 164.514(b)(2)(i)(L) (vehicle identifiers, including license plate numbers)",
        ..Rule::PII
    },
    entity: "LICENSE_PLATE",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("license plate"),
            Anchor::Literal("licence plate"),
            Anchor::Literal("number plate"),
            Anchor::Literal("registration plate"),
            Anchor::Literal("plate number"),
            Anchor::Literal("plate no"),
            Anchor::Literal("vehicle registration"),
            Anchor::Literal("kfz-kennzeichen"),
            Anchor::Named(NAMES),
        ],
        verify,
    },
    hits: &[
        "license plate 8KLD482",
        "Her number plate is 48-KLD-2.",
        "license plate number: KLD-4820",
        r#"{"licensePlate": "KLD-4820"}"#,
        r#"{"vehicle": {"plate_number": "8KLD482"}}"#,
    ],
    misses: &[
        "8KLD482",
        "license plate required",
        "license plate 2",
        "plate 8KLD482",
        r#"{"license_plate": "unknown"}"#,
        r#"{"license_plate_count": "48201"}"#,
        r#"{"template": "KLD-4820"}"#,
    ],
}];

/// Names of keys that hold one.
const NAMES: &[&str] = &[
    "license plate",
    "licence plate",
    "licenseplate",
    "number plate",
    "numberplate",
    "registration plate",
    "plate number",
    "plate no",
    "vehicle plate",
    "vehicle registration number",
    "kfz kennzeichen",
];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    value(candidate, &Form { characters: 4..=9, digits_min: 1, separators: b"- " })
}
