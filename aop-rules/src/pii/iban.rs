//! International bank account numbers: the country's length and the check digits.

use aop_toon::{Effect, Phase, Severity};

use crate::rule::{Rule, Status};
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};
use crate::verify::iban;

/// `pii/iban`
pub static RULE: Rule = Rule {
    id: "pii/iban",
    validator: "pii_detector",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    phase: Phase::Ingestion,
    status: Status::Active,
    summary: "bank account number (IBAN)",
    why: "An account number is where money goes to and is taken from. Check digits and the country's length leave one \
          chance in 97 times the countries, so other strings are seldom taken for one.",
    source: "ISO 13616-1:2020 and the SWIFT IBAN registry, release 99 (lengths); ISO 7064 MOD 97-10 (check digits)",
};

/// Finds `IBAN_CODE`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &RULE,
    entity: "IBAN_CODE",
    region: None,
    look: Look::Code { anchors: &[Anchor::CountryCode], verify },
    hits: &[
        "to GB33BUKB20201555555555 please",
        "GB33 BUKB 2020 1555 5555 55",
        "gb33bukb20201555555555",
        "DE75-5121-0800-1245-1261-99",
        "iban:NO8330001234567",
        r"to:\nGB33BUKB20201555555555\n",
    ],
    misses: &[
        "GB34BUKB20201555555555",
        "GB33BUKB2020155555555",
        "GB33BUKB202015555555555",
        "ZZ33BUKB20201555555555",
        "GB33 BU KB 2020 1555 5555 55",
        "XGB33BUKB20201555555555",
        "Gb33bUkB20201555555555",
    ],
}];

/// The longest that a country's may become (ISO 13616-1).
const CHARACTERS_MAX: usize = 34;

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let bytes = candidate.bytes();
    let start = candidate.start - 2;
    let letters = &bytes[start..start + 2];
    let is_upper = letters.iter().all(u8::is_ascii_uppercase);
    if !is_upper && !letters.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    let wanted = iban::length([letters[0].to_ascii_uppercase(), letters[1].to_ascii_uppercase()])?;
    let mut account = [0; CHARACTERS_MAX];
    let mut at = start;
    let separator = candidate.byte(start + 4).filter(|byte| matches!(byte, b' ' | b'-'));
    for (place, slot) in account[..wanted].iter_mut().enumerate() {
        if place > 0 && place % 4 == 0 && separator.is_some() {
            if candidate.byte(at) != separator {
                return None;
            }
            at += 1;
        }
        let byte = candidate.byte(at)?;
        let is_letter = byte.is_ascii_alphabetic() && byte.is_ascii_uppercase() == is_upper;
        if !(byte.is_ascii_digit() || is_letter) {
            return None;
        }
        *slot = byte;
        at += 1;
    }
    (candidate.stands_alone(start..at) && iban::has_check_digits(&account[..wanted])).then_some(Match {
        start,
        end: at,
        score: 1.0,
    })
}
