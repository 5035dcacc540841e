//! The Netherlands: the citizen service number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// The Netherlands' recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/nl-bsn",
        summary: "Dutch citizen service number (BSN)",
        why: "State, care and insurers know a person by it, and the law restricts who may use it. One in eleven numbers of nine digits \
              passes its check, so it needs its name beside it.",
        source: "Wet algemene bepalingen burgerservicenummer; the sum by weights 9 to 2 and -1 is divisible by 11",
        ..Rule::PII
    },
    entity: "NL_BSN",
    region: Some("NL"),
    look: Look::Identifier(Identifier {
        layouts: &[("999999999", 0.1), ("9999.99.999", 0.4), ("9999 99 999", 0.2), ("999 999 999", 0.1), ("99999999", 0.02)],
        check: bsn,
        names: &[
            "bsn",
            "burgerservicenummer",
            "burger service nummer",
            "sofinummer",
            "sofi nummer",
            "bsn nummer",
            "citizen service number",
        ],
        words: &["digid", "gemeente", "belastingdienst", "zorgverzekeraar"],
        ..Identifier::NONE
    }),
    hits: &["BSN: 531224739", "burgerservicenummer 1814.55.651", r#"{"bsn":716145200}"#],
    misses: &["531224739", "BSN 531224738", "BSN 000000000", "BSN 5312247390", r#"{"order_id":438633921}"#],
}];

/// Eight digits are nine with a zero in front left out.
fn bsn(number: &[u8]) -> bool {
    const WEIGHTS: &[u32] = &[9, 8, 7, 6, 5, 4, 3, 2];
    let (check, digits) = number.split_last().unwrap_or((&b'0', &[]));
    let sum = weighted::sum(digits, &WEIGHTS[8 - digits.len()..]);
    sum > 0 && sum % 11 == weighted::value(*check) && !weighted::is_one_character(number)
}
