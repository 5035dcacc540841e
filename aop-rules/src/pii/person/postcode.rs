//! Postcodes of any country, where a key or a label says so.

use aop_toon::{Effect, Severity};

use crate::pii::label::value_start;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `ZIP_CODE`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/postcode",
        severity: Severity::Info,
        effect: Some(Effect::Flag),
        summary: "postcode",
        why: "With a date of birth and a sex it is enough to name most people. Digits alone are anything, so only a key or a \
              label makes them a finding.",
        source: "45 CFR 164.514(b)(2)(i)(B)",
        ..Rule::PII
    },
    entity: "ZIP_CODE",
    region: None,
    look: Look::Code {
        anchors: &[
            Anchor::Literal("zip"),
            Anchor::Literal("zipcode"),
            Anchor::Literal("postcode"),
            Anchor::Literal("post code"),
            Anchor::Literal("postal code"),
            Anchor::Literal("postleitzahl"),
            Anchor::Literal("plz"),
            Anchor::Literal("code postal"),
            Anchor::Named(NAMES),
        ],
        verify,
    },
    hits: &[
        "ZIP: 60614",
        "zip code 60614-3321",
        "Postcode 04109",
        "postcode: 1012 AB",
        r#"{"zip": "60614"}"#,
        r#"{"postal_code": "1012 AB"}"#,
        r#"{"address": {"zipCode": 60614}}"#,
    ],
    misses: &[
        "60614",
        "zip 3 files",
        "unzip 60614",
        "archive.zip 60614",
        r#"{"zip": "backup.zip"}"#,
        r#"{"code": "60614"}"#,
        r#"{"zip_size": 60614}"#,
        r#"{"zip_file": "60614"}"#,
        "zip 60614.5",
    ],
}];

/// Names of keys that hold one.
const NAMES: &[&str] = &[
    "zip",
    "zip code",
    "zipcode",
    "postcode",
    "post code",
    "postal code",
    "postalcode",
    "postleitzahl",
    "plz",
    "code postal",
    "codigo postal",
    "código postal",
    "cap code",
    "pincode",
    "pin code postal",
    "eircode",
];

fn verify(candidate: &Candidate<'_>) -> Option<Match> {
    let is_keyed = candidate.is_keyed;
    // `zip_size` is a file's, and so is `archive.zip`.
    if is_keyed && candidate.is_technical {
        return None;
    }
    if !is_keyed && matches!(candidate.byte_before(candidate.start), Some(b'.' | b'/' | b'-')) {
        return None;
    }
    let start = if is_keyed { candidate.start } else { value_start(candidate)? };
    let bytes = candidate.bytes();
    let group = |from: usize| {
        bytes.get(from..).unwrap_or_default().iter().take(11).take_while(|byte| byte.is_ascii_alphanumeric()).count()
    };
    let first = start + group(start);
    let is_code = |from: usize, to: usize| {
        let part = &bytes[from..to];
        (2..=8).contains(&part.len())
            && part.iter().any(u8::is_ascii_digit)
            && (is_keyed || !part.iter().any(u8::is_ascii_lowercase))
    };
    // A second group: `3321` of `60614-3321`, `AB` of `1012 AB`, `2AB` of `SW1A 2AB`.
    let next = first + 1 + group(first + 1);
    let second = bytes.get(first + 1..next).unwrap_or_default();
    let separator = candidate.byte(first);
    let is_second = match separator {
        Some(b'-') => (2..=4).contains(&second.len()) && second.iter().all(u8::is_ascii_digit),
        Some(b' ') => {
            let is_inward =
                second.len() == 3 && second[0].is_ascii_digit() && second[1..].iter().all(u8::is_ascii_uppercase);
            let is_letters = second.len() == 2 && first - start == 4 && second.iter().all(u8::is_ascii_uppercase);
            let is_pair = first - start == 3 && matches!(second.len(), 2 | 3) && second.iter().all(u8::is_ascii_digit);
            is_inward || is_letters || is_pair
        }
        _ => false,
    };
    let end = if is_second { next } else { first };
    let digits = bytes[start..end].iter().filter(|byte| byte.is_ascii_digit()).count();
    let goes_on = matches!(candidate.byte(end), Some(b'-' | b'.' | b'/' | b':'))
        && candidate.byte(end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let has_enough = digits >= 4 || (digits >= 2 && bytes[start].is_ascii_uppercase() && end - start >= 5);
    let fits = is_code(start, first)
        && has_enough
        && !goes_on
        && candidate.stands_alone(start..end)
        && (!is_keyed || end == candidate.end);
    fits.then_some(Match { start, end, score: if is_keyed { 0.85 } else { 0.75 } })
}
