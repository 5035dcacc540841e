//! Routing numbers of banks in the United States.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};

/// Finds `ABA_ROUTING_NUMBER`.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/aba-routing",
        severity: Severity::Warning,
        effect: Some(Effect::Flag),
        summary: "US bank routing number",
        why: "With the account number beside it, money can be drawn. Nine digits fit the check digit one time in ten, so only \
              a key or a label makes them a finding, or the hyphens that cheques have.",
        source: "American Bankers Association, Routing Number Administrative Policy (ranges of the first two digits, check \
                 digit with the weights 3, 7 and 1)",
        ..Rule::PII
    },
    entity: "ABA_ROUTING_NUMBER",
    region: Some("US"),
    look: Look::Identifier(Identifier {
        layouts: &[("9999-9999-9", 0.6), ("999999999", 0.1)],
        check: is_routing_number,
        names: &[
            "routing number",
            "routing no",
            "routing num",
            "routing",
            "routingnumber",
            "aba",
            "aba number",
            "aba routing",
            "aba rtn",
            "rtn",
            "routing transit number",
            "bank routing",
        ],
        words: &["bank", "wire transfer", "direct deposit", "ach", "checking", "savings"],
        near: 0.6,
        named: 0.95,
    }),
    hits: &[
        "routing number 011401533",
        "ABA: 091000019",
        "0910-0001-9",
        r#"{"routing_number": "011401533"}"#,
        r#"{"aba": 325081403}"#,
    ],
    misses: &[
        "011401533",
        "routing number 011401534",
        "routing number 991401537",
        "order 091000019",
        r#"{"order_id": "011401533"}"#,
    ],
}];

fn is_routing_number(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 9] = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    let Ok(digits) = <&[u8; 9]>::try_from(digits) else { return false };
    let value = |digit: &u8| u32::from(digit.wrapping_sub(b'0'));
    let first = value(&digits[0]) * 10 + value(&digits[1]);
    let in_range = matches!(first, 1..=12 | 21..=32 | 61..=72 | 80);
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| value(digit) * weight).sum();
    in_range && digits.iter().all(u8::is_ascii_digit) && sum.is_multiple_of(10)
}
