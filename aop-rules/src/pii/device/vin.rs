//! Vehicle identification numbers.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};

/// Finds `VIN`.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &RULE,
        entity: "VIN",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[("XXXXXXXXXXXXXXXXX", 0.3)],
            check: has_check_digit,
            words: &["vehicle", "car", "truck", "chassis", "title", "registration"],
            near: 0.8,
            ..Identifier::NONE
        }),
        hits: &["her car is a 1M8GDM9AXKP042788", "the vehicle: 1M8GDM9AXKP042788."],
        misses: &["1M8GDM9AXKP042788", "car 1M8GDM9A1KP042788", "car 1M8GDM9AXKP04278O"],
    },
    Recognizer {
        rule: &RULE,
        entity: "VIN",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[("XXXXXXXXXXXXXXXXX", 0.01)],
            check: is_number,
            names: &[
                "vin",
                "vin number",
                "vin no",
                "vehicle identification number",
                "vehicle id number",
                "chassis number",
                "chassis no",
                "fahrgestellnummer",
                "fin",
            ],
            named: 0.9,
            ..Identifier::NONE
        }),
        hits: &["VIN: WVWZZZ1JZ3W386752", r#"{"vin": "WVWZZZ1JZ3W386752"}"#],
        misses: &["WVWZZZ1JZ3W386752", "VIN: WVWZZZ1JZ3W38675", "VIN: WVWZZZ1JZ3W38675O", "VIN: ABCDEFGHJKLMNPRST"],
    },
];

static RULE: Rule = Rule {
    id: "pii/vin",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    summary: "vehicle identification number",
    why: "Registers lead from it to the vehicle's owner. Elsewhere than in North America it has no check digit, so a key or a \
          label has to name it.",
    source: "ISO 3779 (characters); 49 CFR 565.15 (check digit)",
    ..Rule::PII
};

/// Seventeen characters without I, O and Q, the last four digits, and both letters and digits before them.
fn is_number(characters: &[u8]) -> bool {
    characters.len() == 17
        && !characters.iter().any(|byte| matches!(byte, b'I' | b'O' | b'Q'))
        && characters.iter().any(u8::is_ascii_alphabetic)
        && characters[13..].iter().all(u8::is_ascii_digit)
}

fn has_check_digit(characters: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = characters.iter().zip(WEIGHTS).map(|(byte, weight)| value(*byte) * weight).sum();
    is_number(characters) && characters[8] == b"0123456789X"[(sum % 11) as usize]
}

/// What a character counts: the letters in three rows of nine, without I, O and Q.
fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'H' => u32::from(byte - b'A') + 1,
        b'J'..=b'R' => u32::from(byte - b'J') + 1,
        _ => u32::from(byte.wrapping_sub(b'S')) + 2,
    }
}
