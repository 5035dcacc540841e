//! India: Aadhaar, tax numbers, documents and plates.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted::number;
use crate::verify::{verhoeff, weighted};

/// What is found of India.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/in-aadhaar",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Aadhaar number",
            why: "It identifies a resident for life. Twelve digits need a name or a word nearby, in groups of four too: parcels are numbered so, and one in ten has the check digit.",
            source: "UIDAI, A UID Numbering Scheme: twelve digits that do not begin with 0 or 1, Verhoeff's check digit",
            ..Rule::PII
        },
        entity: "IN_AADHAAR",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[("9999 9999 9999", 0.45), ("9999-9999-9999", 0.4), ("9999:9999:9999", 0.2), ("999999999999", 0.2)],
            check: |digits| matches!(digits[0], b'2'..=b'9') && !is_palindrome(digits) && verhoeff::is_valid(digits),
            names: &["aadhaar", "aadhar", "aadhaar number", "aadhaar no", "uidai", "uid number", "आधार"],
            words: &["uid", "india", "indian", "kyc"],
            ..Identifier::NONE
        }),
        hits: &["her UID 5669 4672 3440", "Aadhaar: 574256958351", r#"{"aadhaarNumber": "831000292908"}"#],
        misses: &[
            "FedEx 5669 4672 3440",
            "UID 5669 4672 3441",
            "record 574256958351",
            "Aadhaar: 174256958351",
            "Aadhaar: 574256958352",
        ],
    },
    Recognizer {
        rule: &PAN,
        entity: "IN_PAN",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAAAA9999A", 0.45)],
            check: |pan| b"ABCFGHJLPT".contains(&pan[3]) && &pan[5..9] != b"0000",
            names: PAN_NAMES,
            words: &["income tax", "india", "indian", "itr", "kyc"],
            near: 0.85,
            ..Identifier::NONE
        }),
        hits: &["PAN of the filer: KTRPS4820M", "income tax return of KTRPS4820M", r#"{"pan": "KTRHS4820M"}"#],
        misses: &["article KTRPS4820M", "PAN KTRPS482M", "KTRPS48201", "XKTRPS4820M"],
    },
    // Who writes another letter for the holder's type under the name means one all the same.
    Recognizer {
        rule: &PAN,
        entity: "IN_PAN",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAAAA9999A", 0.1)],
            names: PAN_NAMES,
            near: 0.3,
            named: 0.8,
            ..Identifier::NONE
        }),
        hits: &["PAN number KTRMS4820M", r#"{"panNumber": "KTRNS4820M"}"#],
        misses: &["KTRMS4820M", "PAN number KTRMS48201"],
    },
    Recognizer {
        rule: &GSTIN,
        entity: "IN_GSTIN",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[(GSTIN_LAYOUT, 0.95)],
            check: |gstin| gstin_form(gstin) && gstin_check(gstin),
            names: GSTIN_NAMES,
            ..Identifier::NONE
        }),
        hits: &["invoice of 09KLMPT4821Q2ZU", r#"{"gstin": "09KLMPT4821Q2ZU"}"#],
        misses: &["invoice of 00KLMPT4821Q2ZU", "invoice of 09KLMPT4821Q2YU", "invoice of 09KLMPT4821Q2ZUA"],
    },
    Recognizer {
        rule: &GSTIN,
        entity: "IN_GSTIN",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[(GSTIN_LAYOUT, 0.4)],
            check: gstin_form,
            names: GSTIN_NAMES,
            words: &["gst", "tax", "invoice", "india"],
            ..Identifier::NONE
        }),
        hits: &["GSTIN 29KLMPT4821Q2Z7", "GST registration 29KLMPT4821Q2Z7"],
        misses: &["item 29KLMPT4821Q2Z7", "GSTIN 39KLMPT4821Q2Z7", "GSTIN 29KLMPT48Q212Z7"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/in-passport",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Indian passport number",
            why: "It is asked for where identity is proved. A letter and seven digits are common: only a name makes it one.",
            source: "Passport Seva, Ministry of External Affairs: a letter and seven digits of which neither the first nor the last is 0",
            ..Rule::PII
        },
        entity: "IN_PASSPORT",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[("A9999999", 0.1), ("A99 99999", 0.1), ("A 9999999", 0.05)],
            check: |passport| !b"QXZ".contains(&passport[0]) && passport[1] != b'0' && passport[7] != b'0',
            names: &["passport", "passport number", "passport no", "indian passport"],
            words: &["india", "indian", "travel document", "visa"],
            near: 0.4,
            ..Identifier::NONE
        }),
        hits: &["passport number K4820193", r#"{"passportNo": "M9182736"}"#],
        misses: &["K4820193", "passport number K4820190", "passport number Q4820193", "passport number K48201934"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/in-voter",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Indian voter identity card number",
            why: "It proves identity and leads to an address. Three letters and seven digits need a name or a word nearby.",
            source: "Election Commission of India, Electors Photo Identity Card (EPIC)",
            ..Rule::PII
        },
        entity: "IN_VOTER",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAA9999999", 0.3)],
            names: &["voter", "voter id", "voter card", "epic", "epic number", "epic no", "elector", "electoral"],
            words: &["election", "polling booth"],
            ..Identifier::NONE
        }),
        hits: &["voter id KTR4820193", r#"{"epicNumber": "KTR4820193"}"#],
        misses: &["KTR4820193", "voter id KTR482019", "voter id KT48201935"],
    },
    Recognizer {
        rule: &VEHICLE,
        entity: "IN_VEHICLE_REGISTRATION",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("AA99A9999", 0.5),
                ("AA99AA9999", 0.6),
                ("AA99AAA9999", 0.3),
                ("AA9A9999", 0.3),
                ("AA9AA9999", 0.5),
                ("AA9AAA9999", 0.5),
                ("AA 99 A 9999", 0.6),
                ("AA 99 AA 9999", 0.8),
                ("AA-99-A-9999", 0.6),
                ("AA-99-AA-9999", 0.8),
                ("AA99 A 9999", 0.4),
                ("AA99 AA 9999", 0.6),
                ("AA 9 AA 9999", 0.5),
                ("AA 9 AAA 9999", 0.6),
                (r"99\B\H9999A", 0.6),
                (r"99\B\H9999AA", 0.7),
                (r"99 \B\H 9999 A", 0.7),
                (r"99 \B\H 9999 AA", 0.7),
                ("99A999999A", 0.3),
                (r"99\C\D9", 0.1),
                (r"99\C\D99", 0.3),
                (r"99\C\C99", 0.3),
                (r"999\C\D9", 0.3),
                (r"999\C\D99", 0.4),
                (r"999\C\C99", 0.4),
                (r"99\U\N99", 0.3),
            ],
            check: vehicle,
            names: VEHICLE_NAMES,
            words: VEHICLE_WORDS,
            near: 0.7,
            ..Identifier::NONE
        }),
        hits: &["seen: KA05MK4821", "MH 12 AB 4821", r#"{"vehicleNumber": "22BH4821AC"}"#, "the car DL3CAB4821"],
        misses: &["KX05MK4821", "KA05MK0000", "KA00MK4821", "22BH0000AC", "KA05MK482"],
    },
    Recognizer {
        rule: &VEHICLE,
        entity: "IN_VEHICLE_REGISTRATION",
        region: Some("IN"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAA9999", 0.1), ("AA9999", 0.02), (r"\I99999", 0.02), ("A9999", 0.01)],
            check: |plate| number(&plate[plate.iter().take_while(|byte| byte.is_ascii_alphabetic()).count()..]) != 0,
            names: VEHICLE_NAMES,
            words: VEHICLE_WORDS,
            near: 0.4,
            named: 0.8,
        }),
        hits: &["registration number MHX4821", r#"{"numberPlate": "MHX4821"}"#],
        misses: &["MHX4821", "registration number MHX0000"],
    },
];

static PAN: Rule = Rule {
    id: "pii/in-pan",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    summary: "Indian permanent account number",
    why: "It ties a person's tax, bank accounts and purchases together. Its fourth letter is the holder's type; where that is \
          none there is, only a name makes it one.",
    source: "Income Tax Department, Rule 114 of the Income-tax Rules, 1962: structure of the PAN",
    ..Rule::PII
};
const PAN_NAMES: &[&str] = &["pan", "pan number", "pan no", "pan card", "permanent account number"];

static GSTIN: Rule = Rule {
    id: "pii/in-gstin",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    summary: "Indian goods and services tax number",
    why: "It names a business and holds its owner's permanent account number. With a wrong check character only a name or a \
          word nearby makes it one.",
    source: "Goods and Services Tax Network: state, PAN, number of the registration, Z, check character by modulus 36",
    ..Rule::PII
};
const GSTIN_LAYOUT: &str = r"99AAAAA9999AX\ZX";
const GSTIN_NAMES: &[&str] = &["gstin", "gst number", "gst no", "gst registration", "goods and services tax"];

static VEHICLE: Rule = Rule {
    id: "pii/in-vehicle-registration",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    summary: "Indian vehicle registration number",
    why: "A plate leads to the vehicle's keeper. The forms before 1989 look like much else: only a name makes them one.",
    source: "Central Motor Vehicles Rules, 1989, rules 47 and 50; the states' codes by the Ministry of Road Transport and Highways",
    ..Rule::PII
};
const VEHICLE_NAMES: &[&str] = &[
    "vehicle registration",
    "vehicle number",
    "vehicle no",
    "registration number",
    "registration no",
    "number plate",
    "license plate",
    "plate number",
];
const VEHICLE_WORDS: &[&str] = &["rto", "vehicle", "car", "bike", "scooter", "truck", "plate", "registration"];

fn is_palindrome(digits: &[u8]) -> bool {
    digits.iter().eq(digits.iter().rev())
}

/// A state from 01 to 38, 97 for other territory or 99 for the centre.
fn gstin_form(gstin: &[u8]) -> bool {
    matches!(number(&gstin[..2]), 1..=38 | 97 | 99)
}

fn gstin_check(gstin: &[u8]) -> bool {
    let sum: u32 = gstin[..14]
        .iter()
        .zip([1, 2].iter().cycle())
        .map(|(byte, weight)| weighted::value(*byte) * weight)
        .map(|product| product / 36 + product % 36)
        .sum();
    (36 - sum % 36) % 36 == weighted::value(gstin[14])
}

fn vehicle(plate: &[u8]) -> bool {
    let is_state = |state: &[u8]| std::str::from_utf8(state).is_ok_and(|state| STATES.binary_search(&state).is_ok());
    let ends_in_number = || {
        let letters = plate.iter().rev().skip_while(|byte| byte.is_ascii_alphabetic());
        letters.take_while(|byte| byte.is_ascii_digit()).any(|byte| *byte != b'0')
    };
    match plate {
        // A state, its office, a series, a number.
        [b'A'..=b'Z', _, office @ ..] => {
            let digits = office.iter().take_while(|byte| byte.is_ascii_digit()).count();
            is_state(&plate[..2]) && number(&office[..digits]) != 0 && ends_in_number()
        }
        // The Bharat series: a year, BH, a number, letters.
        [_, _, b'B', b'H', ..] => (21..=60).contains(&number(&plate[..2])) && ends_in_number(),
        // The armed forces: a year, the class of vehicle, a number, a check letter.
        [_, _, class @ b'A'..=b'Z', b'0'..=b'9', ..] => b"ABCDEFHKPRX".contains(class) && ends_in_number(),
        // Missions: the country's code, CD, CC or UN, a number.
        _ => ends_in_number(),
    }
}

/// States and union territories, old codes too, sorted.
#[rustfmt::skip]
const STATES: &[&str] = &[
    "AN", "AP", "AR", "AS", "BR", "CG", "CH", "CT", "DD", "DL", "DN", "GA", "GJ", "HP", "HR", "JH", "JK", "KA", "KL", "LA", "LD",
    "MH", "ML", "MN", "MP", "MZ", "NL", "OD", "OR", "PB", "PY", "RJ", "SK", "TG", "TN", "TR", "TS", "UA", "UK", "UP", "UT", "WB",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_are_sorted() {
        assert!(STATES.is_sorted_by(|left, right| left < right));
    }
}
