//! Ireland: the personal public service number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// Ireland's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/ie-pps",
        summary: "Irish personal public service number",
        why: "Tax, welfare and health services know a person by it. Seven digits and a letter are also what part numbers look like, so the \
              short form needs its name beside it.",
        source: "Social Welfare Consolidation Act 2005, section 262; check letter by weights 8 to 2 and the remainder by 23",
        ..Rule::PII
    },
    entity: "IE_PPS",
    region: Some("IE"),
    look: Look::Identifier(Identifier {
        layouts: &[("9999999A", 0.3), ("9999999AA", 0.5), ("9999999 A", 0.1), ("9999999 AA", 0.2)],
        check: pps,
        names: &["pps", "ppsn", "pps number", "pps no", "personal public service number", "personal public service"],
        words: &["ireland", "irish"],
        ..Identifier::NONE
    }),
    hits: &["PPS 9659213V", "PPSN: 1030932OA", r#"{"pps_number":"1414803h"}"#, "our Irish colleague, 6224731R"],
    misses: &["9659213V", "PPS 9659213W", "PPS 1030932AA", "PPS 9659213VZ", "PPS 965921V"],
}];

/// A second letter counts nine times its place, `W` and the spouse's letters (T, X) nothing.
fn pps(number: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let second = match number.get(8) {
        None | Some(b'W' | b'T' | b'X') => 0,
        Some(letter @ (b'A' | b'B' | b'H')) => u32::from(letter - b'A' + 1),
        Some(_) => return false,
    };
    let sum = weighted::sum(number, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second;
    weighted::number(&number[..7]) > 0 && LETTERS[(sum % 23) as usize] == number[7]
}
