//! Denmark: the central person register's number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Denmark's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/dk-cpr",
        summary: "Danish CPR number",
        why: "It holds birth date and sex, and stands for the person for life. Its check digit no longer holds since 2007, so it needs its \
              name beside it.",
        source: "CPR-kontoret, Personnummeret i CPR: birth date, the century in the seventh digit",
        ..Rule::PII
    },
    entity: "DK_CPR",
    region: Some("DK"),
    look: Look::Identifier(Identifier {
        layouts: &[("999999-9999", 0.4), ("999999 9999", 0.2), ("9999999999", 0.05)],
        check: cpr,
        names: &["cpr", "cpr nummer", "cprnummer", "cpr nr", "cprnr", "personnummer", "cpr number"],
        words: &["sygesikring", "sundhedskort", "mitid", "nemid", "borger", "født"],
        near: 0.7,
        ..Identifier::NONE
    }),
    hits: &["CPR 150745-2282", r#"{"cprNummer":"2110612435"}"#, "Borger født 060995-1026"],
    misses: &["1507452282", "CPR 320745-2282", "CPR 151345-2282", "CPR 15074522820", "150745-22829"],
}];

fn cpr(number: &[u8]) -> bool {
    let [day, month, year] = [0, 2, 4].map(|at| weighted::number(&number[at..at + 2]));
    let century = match (number[6], year) {
        (b'0'..=b'3', _) | (b'4' | b'9', 37..) => 1900,
        (b'4' | b'9', _) | (b'5'..=b'8', ..=57) => 2000,
        _ => 1800,
    };
    date::is_day(century + year, month, day)
}
