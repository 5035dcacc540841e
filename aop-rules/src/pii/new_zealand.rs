//! New Zealand: tax and health numbers.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// What is found of New Zealand.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/nz-ird",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "New Zealand tax number",
            why: "Inland Revenue knows a person by it. Eight or nine digits need a name or a word nearby.",
            source: "Inland Revenue, Resident Withholding Tax and Non-Resident Withholding Tax specification: IRD number validation",
            ..Rule::PII
        },
        entity: "NZ_IRD",
        region: Some("NZ"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99-999-999", 0.4),
                ("999-999-999", 0.4),
                ("99 999 999", 0.2),
                ("999 999 999", 0.2),
                ("999999999", 0.03),
                ("99999999", 0.02),
            ],
            check: ird,
            names: &["ird", "ird number", "ird no", "inland revenue number"],
            words: &["inland revenue", "new zealand", "nz", "kiwisaver"],
            ..Identifier::NONE
        }),
        hits: &["IRD 132-244-871", r#"{"irdNumber": "58609536"}"#, "KiwiSaver, 78-172-258"],
        misses: &["IRD 132-244-872", "132-244-871", "record 58609536", "IRD 09-740-299"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/nz-nhi",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "New Zealand health number",
            why: "It is the key to a patient's record. Three letters and four characters need a name or a word nearby.",
            source: "HISO 10046 Consumer Health Identity Standard: modulus 11, modulus 24 in the form given out since 2026",
            ..Rule::PII
        },
        entity: "NZ_NHI",
        region: Some("NZ"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAA9999", 0.2), ("AAA99AA", 0.2)],
            check: nhi,
            names: &["nhi", "nhi number", "nhi no", "national health index"],
            words: &["patient", "hospital", "dhb"],
            ..Identifier::NONE
        }),
        hits: &["NHI: QFT4804", "patient BHK52RX", r#"{"nhi": "DGL7249"}"#],
        misses: &["NHI: QFT4805", "NHI: BHK52RY", "NHI: QIT4804", "part QFT4804"],
    },
];

fn ird(digits: &[u8]) -> bool {
    let (body, check) = digits.split_at(digits.len() - 1);
    let check_digit = |weights: &[u32]| (11 - weighted::sum(body, &weights[8 - body.len()..]) % 11) % 11;
    let expected = match check_digit(&[3, 2, 7, 6, 5, 4, 3, 2]) {
        10 => check_digit(&[7, 4, 3, 2, 5, 2, 7, 6]),
        digit => digit,
    };
    (10_000_000..150_000_000).contains(&weighted::number(digits)) && expected == weighted::value(check[0])
}

/// Letters count by their place in an alphabet without I and O.
fn nhi(number: &[u8]) -> bool {
    const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let place = |byte: u8| match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        _ => LETTERS.iter().position(|letter| *letter == byte).map(|place| place + 1),
    };
    let sum =
        number[..6].iter().zip([7, 6, 5, 4, 3, 2]).try_fold(0, |sum, (byte, weight)| Some(sum + place(*byte)? * weight));
    let Some(sum) = sum else { return false };
    match number[6] {
        check @ b'0'..=b'9' => sum % 11 != 0 && (11 - sum % 11) % 10 == usize::from(check - b'0'),
        check => LETTERS[23 - sum % 24] == check,
    }
}
