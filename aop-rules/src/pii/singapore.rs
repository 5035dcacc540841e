//! Singapore: identity card and entity numbers.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// What is found of Singapore.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &NRIC,
        entity: "SG_NRIC_FIN",
        region: Some("SG"),
        look: Look::Identifier(Identifier {
            layouts: &[("A9999999A", 0.8)],
            check: nric,
            names: NRIC_NAMES,
            words: NRIC_WORDS,
            near: 0.9,
            ..Identifier::NONE
        }),
        hits: &["signed by T0538291I", r#"{"nric": "F7741203N"}"#, "FIN M5510392L", "nric s8391746f"],
        misses: &["T0538291J", "A0538291I", "T0538291II", "T05382911"],
    },
    // Under its name also with a wrong check letter, as examples and typing errors have it.
    Recognizer {
        rule: &NRIC,
        entity: "SG_NRIC_FIN",
        region: Some("SG"),
        look: Look::Identifier(Identifier {
            layouts: &[("A9999999A", 0.1)],
            names: NRIC_NAMES,
            words: NRIC_WORDS,
            near: 0.3,
            named: 0.6,
            ..Identifier::NONE
        }),
        hits: &["NRIC: S8391746G", r#"{"nricNumber": "G3029184A"}"#],
        misses: &["S8391746G", "NRIC: S839174G"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/sg-uen",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Singapore unique entity number",
            why: "It names a business or a society, and a sole proprietor personally; the register is public.",
            source: "Accounting and Corporate Regulatory Authority, UEN: what it is and its forms",
            ..Rule::PII
        },
        entity: "SG_UEN",
        region: Some("SG"),
        look: Look::Identifier(Identifier {
            layouts: &[("99999999A", 0.4), ("999999999A", 0.5), ("A99AA9999A", 0.8)],
            check: uen,
            names: &["uen", "unique entity number", "acra"],
            words: &["singapore", "pte", "registration", "business"],
            ..Identifier::NONE
        }),
        hits: &["the firm 200817345H", "UEN 41839207B", r#"{"uen": "T12LL4930F"}"#],
        misses: &["200817346H", "UEN 41839207C", "T12LL4930G", "T12ZZ4930F", "41839207B in stock"],
    },
];

static NRIC: Rule = Rule {
    id: "pii/sg-nric-fin",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    summary: "Singapore identity card number",
    why: "Its collection and disclosure is restricted by law. The check letter is asked for; without it only a name makes it one.",
    source: "Personal Data Protection Commission, Advisory Guidelines for NRIC and other National Identification Numbers; series M of \
             2022 by the Immigration and Checkpoints Authority",
    ..Rule::PII
};
const NRIC_NAMES: &[&str] = &["nric", "fin", "nric no", "nric number", "nric fin", "fin number", "identity card"];
const NRIC_WORDS: &[&str] = &["singapore", "nric", "fin", "work pass", "ic"];

/// The series moves the sum and chooses the letters: citizens, foreigners, foreigners since 2022.
fn nric(number: &[u8]) -> bool {
    let sum = weighted::sum(&number[1..], &[2, 7, 6, 5, 4, 3, 2]) as usize;
    let expected = match number[0] {
        b'S' => b"JZIHGFEDCBA"[sum % 11],
        b'T' => b"JZIHGFEDCBA"[(sum + 4) % 11],
        b'F' => b"XWUTRQPNMLK"[sum % 11],
        b'G' => b"XWUTRQPNMLK"[(sum + 4) % 11],
        b'M' => b"XWUTRQPNJLK"[(sum + 3) % 11],
        _ => return false,
    };
    number[8] == expected
}

fn uen(uen: &[u8]) -> bool {
    let expected = match uen {
        // A company of the register since 1967, with its year.
        [b'0'..=b'9', ..] if uen.len() == 10 => {
            let sum = weighted::sum(uen, &[10, 8, 6, 4, 9, 7, 5, 3, 1]);
            (1800..=2099).contains(&weighted::number(&uen[..4])).then(|| b"ZKCMDNERGWH"[sum as usize % 11])
        }
        [b'0'..=b'9', ..] => Some(b"XMKECAWLJDB"[weighted::sum(uen, &[10, 4, 9, 3, 8, 2, 7, 1]) as usize % 11]),
        [b'R' | b'S' | b'T', ..] => other_check(uen),
        _ => None,
    };
    expected == uen.last().copied()
}

/// The check character of an entity that is neither a business nor a company.
fn other_check(uen: &[u8]) -> Option<u8> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWX0123456789";
    let kind = std::str::from_utf8(&uen[3..5]).ok()?;
    ENTITY_KINDS.binary_search(&kind).ok()?;
    let sum = uen.iter().zip([4, 3, 5, 3, 10, 2, 2, 5, 7]).try_fold(0, |sum, (byte, weight)| {
        ALPHABET.iter().position(|character| character == byte).map(|place| sum + place * weight)
    })?;
    Some(ALPHABET[(sum + 6) % 11])
}

/// Sorted.
#[rustfmt::skip]
const ENTITY_KINDS: &[&str] = &[
    "CC", "CD", "CH", "CL", "CM", "CP", "CS", "CX", "DP", "FB", "FC", "FM", "FN", "GA", "GB", "GS", "HS", "LL", "LP", "MB", "MC",
    "MD", "MH", "MM", "MQ", "NB", "NR", "PA", "PB", "PF", "RF", "RP", "SM", "SS", "TC", "TU", "VH", "XL",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_of_entity_are_sorted() {
        assert!(ENTITY_KINDS.is_sorted_by(|left, right| left < right));
    }
}
