//! Numbers of documents that a key or a label names and no form tells: passports, driving licences, patients' files.

use aop_toon::Severity;

use crate::pii::label::value_start;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `PASSPORT_NUMBER`, `DRIVER_LICENSE` and `MEDICAL_RECORD_NUMBER`.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/passport",
            summary: "passport number",
            why: "It proves an identity at borders, hotels and banks. Each country has its own form, so only a key or a label makes \
                  letters and digits a finding.",
            source: "ICAO Doc 9303, part 4 (document number, up to nine characters)",
            ..Rule::PII
        },
        entity: "PASSPORT_NUMBER",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("passport"),
                Anchor::Literal("reisepass"),
                Anchor::Literal("reisepassnummer"),
                Anchor::Literal("passeport"),
                Anchor::Literal("pasaporte"),
                Anchor::Literal("passaporto"),
                Anchor::Literal("passaporte"),
                Anchor::Literal("паспорт"),
                Anchor::Literal("Паспорт"),
                Anchor::Literal("护照"),
                Anchor::Literal("護照"),
                Anchor::Literal("여권"),
                Anchor::Literal("パスポート"),
                Anchor::Literal("旅券"),
                Anchor::Named(PASSPORT_NAMES),
            ],
            verify: passport,
        },
        hits: &[
            "passport number: X4820197",
            "Her passport is PX482019",
            "Reisepass-Nr. C4J9K2L8M",
            "паспорт 4519 482019",
            "Паспорт: серия 4519 482019",
            "护照号码：E48201973",
            "护照E48201973",
            r#"{"passport_number": "X4820197"}"#,
            r#"{"passport": {"number": "PX482019"}}"#,
        ],
        misses: &[
            "X4820197",
            "passport expired",
            "passport 12",
            "passport-js 0.7.0",
            r#"{"passport": "expired"}"#,
            r#"{"passport_id": "a-b"}"#,
            "паспорт безопасности 12",
            r#"{"passport_count": 533380006}"#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/driver-license",
            summary: "driving licence number",
            why: "It is shown as a proof of identity. Each state and country has its own form, so only a key or a label makes letters \
                  and digits a finding.",
            source: "AAMVA DL/ID Card Design Standard (customer number, up to 25 characters)",
            ..Rule::PII
        },
        entity: "DRIVER_LICENSE",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("driver license"),
                Anchor::Literal("driver licence"),
                Anchor::Literal("driver's license"),
                Anchor::Literal("driver's licence"),
                Anchor::Literal("drivers license"),
                Anchor::Literal("drivers licence"),
                Anchor::Literal("driver\u{2019}s license"),
                Anchor::Literal("driver\u{2019}s licence"),
                Anchor::Literal("driving license"),
                Anchor::Literal("driving licence"),
                Anchor::Literal("permis de conduire"),
                Anchor::Literal("patente di guida"),
                Anchor::Literal("führerschein"),
                Anchor::Literal("führerscheinnummer"),
                Anchor::Named(LICENSE_NAMES),
            ],
            verify: license,
        },
        hits: &[
            "my driver's license number is DL-482-0197",
            "driving licence: 4820-19-7351",
            r#"{"driver_license": "DL-482-0197"}"#,
            r#"{"driversLicenseNumber": "4820-19-7351"}"#,
        ],
        misses: &[
            "D4820197",
            "driver license required",
            "drive license D4820197",
            r#"{"license": "MIT"}"#,
            r#"{"driver_license": "yes"}"#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/medical-record",
            severity: Severity::Error,
            summary: "medical record number",
            why: "It opens a patient's file. Each hospital numbers its own way, so only a key or a label makes it a finding.",
            source: "45 CFR 164.514(b)(2)(i)(H)",
            ..Rule::PII
        },
        entity: "MEDICAL_RECORD_NUMBER",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("mrn"),
                Anchor::Literal("medical record"),
                Anchor::Literal("patient number"),
                Anchor::Literal("patient no"),
                Anchor::Named(RECORD_NAMES),
            ],
            verify: record,
        },
        hits: &[
            "MRN: 48201973",
            "medical record number A-482019",
            r#"{"mrn": "48201973"}"#,
            r#"{"patient": {"medicalRecordNumber": 48201973}}"#,
        ],
        misses: &["48201973", "medical record of 2019", "mrn missing", r#"{"mrn": "none"}"#],
    },
];

const PASSPORT_NAMES: &[&str] = &[
    "passport",
    "passport number",
    "passportnumber",
    "passport no",
    "passport num",
    "reisepass",
    "reisepassnummer",
    "passeport",
    "numero de passeport",
    "pasaporte",
    "passaporto",
    "passaporte",
    "паспорт",
    "护照",
    "护照号码",
    "여권번호",
    "旅券番号",
];

fn passport(candidate: &Candidate<'_>) -> Option<Match> {
    value(candidate, &Form { characters: 6..=12, digits_min: 4, separators: b" " })
}

const LICENSE_NAMES: &[&str] = &[
    "driver license",
    "driver licence",
    "drivers license",
    "drivers licence",
    "driver s license",
    "driver license number",
    "driverlicense",
    "driverslicense",
    "driving license",
    "driving licence",
    "driving license number",
    "dl number",
    "dl no",
    "license number driver",
    "führerschein",
    "fuehrerschein",
    "führerscheinnummer",
    "permis de conduire",
    "patente di guida",
];

fn license(candidate: &Candidate<'_>) -> Option<Match> {
    value(candidate, &Form { characters: 5..=20, digits_min: 4, separators: b"- " })
}

const RECORD_NAMES: &[&str] = &[
    "mrn",
    "medical record",
    "medical record number",
    "medicalrecordnumber",
    "medical record no",
    "patient number",
    "patient no",
    "patient mrn",
];

fn record(candidate: &Candidate<'_>) -> Option<Match> {
    value(candidate, &Form { characters: 5..=14, digits_min: 4, separators: b"-" })
}

/// What a document's number can look like.
pub(super) struct Form {
    /// How many letters and digits it has.
    pub(super) characters: std::ops::RangeInclusive<usize>,
    pub(super) digits_min: usize,
    /// What may stand between its groups.
    pub(super) separators: &'static [u8],
}

/// The number that a key holds or that stands behind a label.
pub(super) fn value(candidate: &Candidate<'_>, form: &Form) -> Option<Match> {
    let is_keyed = candidate.is_keyed;
    let start = if is_keyed { candidate.start } else { value_start(candidate)? };
    let bytes = candidate.bytes();
    let mut end = start;
    let mut at = start;
    let (mut characters, mut digits) = (0, 0);
    // Groups: a further one belongs to it only when it holds a digit.
    loop {
        let length =
            bytes[at..].iter().take(form.characters.end() + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let group = &bytes[at..at + length];
        let group_digits = group.iter().filter(|byte| byte.is_ascii_digit()).count();
        // Words are written in small letters, numbers of documents in capitals.
        let is_word = group.iter().any(u8::is_ascii_lowercase) && !is_keyed;
        let is_number = length > 0 && !is_word && (group_digits > 0 || length <= 3);
        if !is_number || characters + length > *form.characters.end() {
            break;
        }
        (characters, digits, end) = (characters + length, digits + group_digits, at + length);
        if !bytes.get(end).is_some_and(|byte| form.separators.contains(byte)) {
            break;
        }
        at = end + 1;
    }
    let text = candidate.text.get(start..end)?;
    let is_repeated = text.bytes().all(|byte| byte == text.as_bytes()[0]);
    let goes_on = matches!(candidate.byte(end), Some(b'.' | b'-' | b'/' | b'_'))
        && candidate.byte(end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let fits = form.characters.contains(&characters)
        && digits >= form.digits_min
        && !is_repeated
        && !goes_on
        && (!is_keyed || end == candidate.end)
        && candidate.stands_alone(start..end);
    fits.then_some(Match { start, end, score: if is_keyed { 0.7 } else { 0.65 } })
}
