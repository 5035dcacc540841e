//! The United States: numbers of taxpayers, patients, prescribers and travellers. The social security number has
//! [a file of its own](crate::pii::us_ssn).

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted::number;
use crate::verify::{luhn, weighted};

/// What is found of the United States.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/us-itin",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "US individual taxpayer number",
            why: "It stands in for the social security number of those who have none. Only the groups the IRS gives out \
                  count; without hyphens a name has to say what it is.",
            source: "IRS, Individual taxpayer identification number (ITIN): begins with 9, fourth and fifth digit 50 to 65, 70 to \
                     88, 90 to 92 or 94 to 99",
            ..Rule::PII
        },
        entity: "US_ITIN",
        region: Some("US"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("999-99-9999", 0.6),
                ("999 99 9999", 0.3),
                ("999-999999", 0.15),
                ("99999-9999", 0.05),
                ("999999999", 0.05),
            ],
            check: itin,
            names: &["itin", "individual taxpayer identification number", "individual taxpayer id", "taxpayer id", "tax id"],
            words: &["taxpayer", "irs", "w 7"],
            ..Identifier::NONE
        }),
        hits: &["filed under 937-91-2314.", r#"{"itin": 940832130}"#, "ITIN: 949 94 7513"],
        misses: &["937-89-2314", "937-49-2314", "837-91-2314", "part 937912314", "ticket 90210-8813"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/us-ein",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "US employer identification number",
            why: "It names a company, and a sole proprietor personally. Many numbers are written so: only a name makes it one.",
            source: "IRS, How EINs are assigned and valid EIN prefixes",
            ..Rule::PII
        },
        entity: "US_EIN",
        region: Some("US"),
        look: Look::Identifier(Identifier {
            layouts: &[("99-9999999", 0.2), ("999999999", 0.02)],
            check: |digits| !EIN_PREFIXES_UNUSED.contains(&number(&digits[..2])),
            names: &["ein", "fein", "employer identification number", "employer id number", "federal tax id"],
            words: &["employer", "irs", "w 9"],
            ..Identifier::NONE
        }),
        hits: &["EIN: 51-0958751", r#"{"employerIdentificationNumber": "207889303"}"#],
        misses: &["batch 51-0958751", "EIN: 07-0958751", "EIN 510-958751"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/us-npi",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "US national provider identifier",
            why: "It names a physician or a clinic, and with a record, who treated whom. It is public, and ten digits: only \
                  its name or the grouping makes it one.",
            source: "CMS, Requirements for National Provider Identifier (NPI) and NPI check digit: Luhn over 80840 and the number",
            ..Rule::PII
        },
        entity: "US_NPI",
        region: Some("US"),
        look: Look::Identifier(Identifier {
            layouts: &[("9999999999", 0.1), ("9999-999-999", 0.4), ("9999 999 999", 0.3)],
            check: npi,
            names: &["npi", "npi number", "national provider identifier", "national provider id"],
            words: &["physician", "prescriber"],
            ..Identifier::NONE
        }),
        hits: &["NPI 1902847569", r#"{"npi": "2581039478"}"#, "the physician 1902-847-569"],
        misses: &["NPI 1902847568", "NPI 3902847564", "record 1902847569 updated", r#"{"ts": 1902847569}"#],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/us-mbi",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "US Medicare beneficiary identifier",
            why: "It is the number on a Medicare card: health data, and what is billed in the holder's name. Letters that look \
                  like digits are never in one.",
            source: "CMS, Understanding the Medicare Beneficiary Identifier (MBI) Format",
            ..Rule::PII
        },
        entity: "US_MBI",
        region: Some("US"),
        look: Look::Identifier(Identifier {
            layouts: &[("9AX9-AX9-AA99", 0.7), ("9AX9 AX9 AA99", 0.6), ("9AX9AX9AA99", 0.4)],
            check: |number| number[0] != b'0' && !number.iter().any(|byte| b"SLOIBZ".contains(byte)),
            names: &["mbi", "medicare beneficiary identifier", "medicare number", "medicare id"],
            words: &["medicare", "beneficiary", "patient", "cms"],
            near: 0.8,
            ..Identifier::NONE
        }),
        hits: &["card 3AC7-QE4-RT82 was read", "medicare 3AC7QE4RT82", r#"{"mbi": "3AC7QE4RT82"}"#],
        misses: &["3AS7-QE4-RT82", "0AC7-QE4-RT82", "3AC7-Q4E-RT82", "build 3AC7QE4RT82", "3AC7-QE4-RT82-1"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/medical-license",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "US prescriber's registration number",
            why: "With it controlled substances are prescribed in a physician's name. The check digit is weak (one in ten), so \
                  alone it stays below the default threshold.",
            source: "21 CFR 1301; DEA registration number: type of registrant, initial, six digits and their check digit",
            ..Rule::PII
        },
        entity: "MEDICAL_LICENSE",
        region: Some("US"),
        look: Look::Identifier(Identifier {
            layouts: &[("AA9999999", 0.4), ("A99999999", 0.1)],
            check: dea,
            names: &["dea", "dea number", "dea registration", "medical license", "medical licence", "prescriber license"],
            words: &["certificate", "prescriber", "prescribed", "physician", "practitioner", "pharmacy"],
            near: 0.7,
            ..Identifier::NONE
        }),
        hits: &["DEA no. FK4839203", r#"{"deaNumber": "MR7503180"}"#, "prescriber A92817469"],
        misses: &["DEA no. FK4839204", "DEA no. IK4839203", "part FK4839203", "DEA no. F94839201"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/us-passport",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "passport number of the US form",
            why: "It is asked for where identity is proved. It has no check digit outside of the machine-readable zone, so only \
                  a name makes it one; other countries' nine-character numbers under that name are found with it.",
            source: "US Department of State: nine digits, or a letter and eight digits on the passports since 2021",
            ..Rule::PII
        },
        entity: "US_PASSPORT",
        region: Some("US"),
        look: Look::Identifier(Identifier {
            layouts: &[("A99999999", 0.1), ("999999999", 0.05)],
            check: |number| !weighted::is_one_character(number),
            names: &["passport", "passport number", "passport no", "passport num", "us passport", "passport id"],
            words: &["travel", "travel document", "border", "visa"],
            near: 0.4,
            ..Identifier::NONE
        }),
        hits: &["passport no. C03918264", r#"{"passportNumber": "548201937"}"#, "Passport: 548201937"],
        misses: &[
            "C03918264",
            "order 548201937",
            "passport 54820193",
            "passport 000000000",
            "id: 548201937, passport_number: none",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/us-driver-license",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "US driver's license number",
            why: "It proves identity in daily life. Every state has its own form and none a public check digit: only a name \
                  makes it one.",
            source: "the states' motor vehicle departments; AAMVA lists their formats",
            ..Rule::PII
        },
        entity: "US_DRIVER_LICENSE",
        region: Some("US"),
        look: Look::Identifier(Identifier {
            layouts: DRIVER_LICENSE_LAYOUTS,
            check: |number| !weighted::is_one_character(number),
            names: &[
                "driver license",
                "drivers license",
                "driver s license",
                "driver license number",
                "drivers license number",
                "driver licence",
                "drivers licence",
                "driver s licence",
                "driving license",
                "dl number",
                "dl no",
            ],
            words: &["driver", "drivers", "dmv", "permit", "driving"],
            near: 0.45,
            named: 0.9,
        }),
        hits: &[
            "driver's license D4820193",
            r#"{"driversLicense": "H48201937"}"#,
            "Driver License Number: 482019375",
            r#"{"driver_license_number": "WDLAB12CD34E"}"#,
            "driver's license DOE**JQ482KD",
        ],
        misses: &["H48201937", "482019375", "driver version 482019375 loaded", "license AGPL3"],
    },
];

fn itin(digits: &[u8]) -> bool {
    digits[0] == b'9' && matches!(number(&digits[3..5]), 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

/// Prefixes of no campus and not of the internet.
const EIN_PREFIXES_UNUSED: &[u32] = &[0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97];

/// A health identifier's prefix for the United States goes before the number.
fn npi(digits: &[u8]) -> bool {
    let mut whole = *b"808400000000000";
    whole[5..].copy_from_slice(&digits[..10]);
    matches!(digits[0], b'1' | b'2') && !weighted::is_one_character(digits) && luhn::is_valid_ascii(&whole)
}

/// The first letter is the registrant's type, the second the name's initial or 9 for a business.
fn dea(number: &[u8]) -> bool {
    let digits = &number[2..];
    b"ABCDEFGHJKLMPRSTUX".contains(&number[0])
        && (number[1] == b'9' || number[1].is_ascii_alphabetic())
        && weighted::sum(digits, &[1, 2, 1, 2, 1, 2]) % 10 == weighted::value(digits[6])
}

const DRIVER_LICENSE_LAYOUTS: &[(&str, f64)] = &[
    ("A999", 0.02),
    ("A9999", 0.02),
    ("A99999", 0.05),
    ("A999999", 0.1),
    ("A9999999", 0.2),
    ("A99999999", 0.2),
    ("A999999999", 0.2),
    ("A9999999999", 0.2),
    ("A99999999999", 0.2),
    ("A999999999999", 0.2),
    ("A9999999999999", 0.2),
    ("A99999999999999", 0.2),
    ("A999-9999-9999", 0.2),
    ("A999-999-99-999-9", 0.2),
    ("AA999", 0.02),
    ("AA9999", 0.02),
    ("AA99999", 0.05),
    ("AA999999", 0.1),
    ("AA9999999", 0.1),
    ("AA999999A", 0.1),
    ("A999999A", 0.1),
    ("A9A9A", 0.05),
    ("99AAA99999", 0.2),
    ("99AAA999999", 0.2),
    ("999AA9999", 0.2),
    ("9999999A", 0.1),
    ("99999999A", 0.1),
    ("999999999A", 0.1),
    ("99999999AA", 0.1),
    (r"\W\D\LXXXXXXXXX", 0.4),
    ("AAAAAAA999XX", 0.1),
    ("AAAAAA*999XX", 0.3),
    ("AAAA*AA999XX", 0.3),
    ("AAAA*A*999XX", 0.3),
    ("AAA**AA999XX", 0.3),
    ("AAA**A*999XX", 0.3),
    ("999999", 0.01),
    ("9999999", 0.01),
    ("99999999", 0.01),
    ("999999999", 0.01),
    ("999-999-999", 0.02),
    ("999 999 999", 0.02),
    ("9999999999", 0.01),
    ("99999999999", 0.01),
    ("999999999999", 0.01),
    ("9999999999999", 0.01),
    ("99999999999999", 0.01),
    ("9999999999999999", 0.01),
];
