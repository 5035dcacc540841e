//! Nigeria: the national identification number and plates.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::verhoeff;
use crate::verify::weighted::{is_one_character, number};

/// What is found of Nigeria.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/ng-nin",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Nigerian national identification number",
            why: "It identifies a resident for life, for banks and telephones too. Eleven digits in a row need a name or a word \
                  nearby.",
            source: "National Identity Management Commission: eleven digits, Verhoeff's check digit",
            ..Rule::PII
        },
        entity: "NG_NIN",
        region: Some("NG"),
        look: Look::Identifier(Identifier {
            layouts: &[("99999999999", 0.1), ("9999 999 9999", 0.3), ("9999-999-9999", 0.3)],
            check: |digits| !is_one_character(digits) && verhoeff::is_valid(digits),
            names: &["nin", "nin number", "national identification number", "national identity number"],
            words: &["nimc"],
            near: 0.7,
            ..Identifier::NONE
        }),
        hits: &["NIN: 48201756397", r#"{"nin": "02918374657"}"#, "enrolled with NIMC as 48201756397"],
        misses: &["NIN: 48201756398", "record 48201756397", "NIN: 4820175639"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/ng-vehicle-registration",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Nigerian vehicle registration number",
            why: "A plate leads to the vehicle's keeper. Product codes look like plates, so a word nearby has to say vehicle.",
            source: "Federal Road Safety Corps: three letters of the local government area, three digits, two letters",
            ..Rule::PII
        },
        entity: "NG_VEHICLE_REGISTRATION",
        region: Some("NG"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAA-999AA", 0.45), ("AAA 999AA", 0.4), ("AAA999AA", 0.3), ("AAA 999 AA", 0.4), ("AAA-999-AA", 0.3)],
            check: |plate| number(&plate[3..6]) != 0,
            names: &[
                "plate number",
                "number plate",
                "license plate",
                "licence plate",
                "vehicle registration",
                "registration number",
            ],
            words: &["plate", "vehicle", "car", "lagos", "abuja", "nigeria", "frsc"],
            near: 0.7,
            ..Identifier::NONE
        }),
        hits: &["plate number KTR-482BD", r#"{"vehicleRegistration": "KTR482BD"}"#, "a car in Lagos, KTR 482BD"],
        misses: &["KTR-482BD", "plate number KTR-000BD", "plate number KT-482BD", "plate number KTR-482B"],
    },
];
