//! What stands on a card beside its number: the security code and the expiry date.

use aop_toon::Severity;

use crate::pii::label::value_start;
use crate::rule::Rule;
use crate::scan::{Anchor, Candidate, Look, Match, Recognizer};

/// Finds `CARD_CVV` and `CARD_EXPIRY`.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/card-cvv",
            severity: Severity::Error,
            summary: "card security code",
            why: "It is what a buyer proves the card with, and PCI DSS forbids to store it after the payment, encrypted or not. \
                  Only a key or a label tells it from any other three digits.",
            source: "PCI DSS 4.0, requirement 3.3.1.2",
            ..Rule::PII
        },
        entity: "CARD_CVV",
        region: None,
        look: Look::Code {
            anchors: &[
                Anchor::Literal("cvv"),
                Anchor::Literal("cvc"),
                Anchor::Literal("cvv2"),
                Anchor::Literal("cvc2"),
                Anchor::Literal("security code"),
                Anchor::Named(CODE_NAMES),
            ],
            verify: security_code,
        },
        hits: &[
            "cvv 402",
            "CVC: 4021",
            "cvv2=402",
            r#"{"card": {"cvv": "402"}}"#,
            r#"{"cvc": 402}"#,
            r#"{"cardSecurityCode": "402"}"#,
        ],
        misses: &[
            "402",
            "cvv 40",
            "cvv 40213",
            "cvv is on the back",
            r#"{"cvv": "***"}"#,
            r#"{"cvv_check": "402 units"}"#,
            r#"{"code": "402"}"#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/card-expiry",
            severity: Severity::Warning,
            summary: "card expiry date",
            why: "With the card's number it is enough to pay in many shops. Only a key that speaks of a card tells it from any \
                  other month.",
            source: "PCI DSS 4.0, account data (cardholder data elements)",
            ..Rule::PII
        },
        entity: "CARD_EXPIRY",
        region: None,
        look: Look::Code { anchors: &[Anchor::Named(EXPIRY_NAMES)], verify: expiry },
        hits: &[r#"{"card_expiry": "11/28"}"#, r#"{"cardValidThru": "03/2031"}"#, r#"{"card": {"expiry": "2031-04"}}"#],
        misses: &[
            "12/29",
            "card exp 12/29",
            r#"{"card_expiry": "13/28"}"#,
            r#"{"card_expiry": "soon"}"#,
            r#"{"expiry": "11/28"}"#,
        ],
    },
];

/// Names of keys that hold a security code.
const CODE_NAMES: &[&str] = &[
    "cvv",
    "cvc",
    "cvv2",
    "cvc2",
    "cvn",
    "card verification",
    "card verification value",
    "card verification code",
    "card security code",
    "card cvv",
    "card cvc",
    "csc",
];

fn security_code(candidate: &Candidate<'_>) -> Option<Match> {
    let is_keyed = candidate.is_keyed;
    let start = if is_keyed { candidate.start } else { value_start(candidate)? };
    let digits = digits_at(candidate, start);
    let end = start + digits;
    let goes_on = matches!(candidate.byte(end), Some(b'-' | b'.' | b'/'))
        && candidate.byte(end + 1).is_some_and(|byte| byte.is_ascii_digit());
    let is_all = !is_keyed || end == candidate.end;
    ((3..=4).contains(&digits) && !goes_on && is_all && candidate.stands_alone(start..end)).then_some(Match {
        start,
        end,
        score: 0.9,
    })
}

/// Names of keys that hold an expiry date.
const EXPIRY_NAMES: &[&str] = &[
    "card expiry",
    "card exp",
    "card expiration",
    "card expiry date",
    "card expiration date",
    "cc exp",
    "ccexp",
    "card valid thru",
    "exp date card",
];

fn expiry(candidate: &Candidate<'_>) -> Option<Match> {
    let start = candidate.is_keyed.then_some(candidate.start)?;
    let bytes = candidate.bytes();
    let first = digits_at(candidate, start);
    let separator = *bytes.get(start + first)?;
    let second = digits_at(candidate, start + first + 1);
    let number = |from: usize, length: usize| candidate.text.get(from..from + length)?.parse::<u32>().ok();
    let (left, right) = (number(start, first)?, number(start + first + 1, second)?);
    let is_year = |length: usize, year: u32| length == 2 || (length == 4 && (2000..2100).contains(&year));
    let is_date = (first <= 2 && (1..=12).contains(&left) && is_year(second, right))
        || (first == 4 && is_year(4, left) && second == 2 && (1..=12).contains(&right));
    let end = start + first + 1 + second;
    (matches!(separator, b'/' | b'-') && is_date && end == candidate.end).then_some(Match { start, end, score: 0.85 })
}

fn digits_at(candidate: &Candidate<'_>, at: usize) -> usize {
    candidate.bytes().get(at..).unwrap_or_default().iter().take(6).take_while(|byte| byte.is_ascii_digit()).count()
}
