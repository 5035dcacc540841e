//! Romania: the personal numeric code.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Romania's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/ro-cnp",
        summary: "Romanian personal numeric code (CNP)",
        why: "It holds sex, birth date and county, and stands for the person for life. Thirteen digits are also a time in milliseconds, so \
              a key or a word has to say so.",
        source: "OUG 97/2005; sex and century, birth date, county, serial, check digit by weights and the remainder by 11",
        ..Rule::PII
    },
    entity: "RO_CNP",
    region: Some("RO"),
    look: Look::Identifier(Identifier {
        layouts: &[
            ("9999999999999", 0.4),
            ("9 999999 999999", 0.8),
            ("9 99 99 99 99 9999", 0.8),
            ("9 99 99 99 99 999 9", 0.8),
        ],
        check: cnp,
        names: &["cnp", "cod numeric personal", "codul numeric personal"],
        words: &["buletin", "născut", "născută", "cetățean"],
        ..Identifier::NONE
    }),
    hits: &["CNP 1850312124475", r#"{"cnp":"6011224402386"}"#, "cod numeric personal: 2810718524131"],
    misses: &["1850312124475", "CNP 1850312124476", "CNP 1851312124475", "CNP 0850312124475", r#"{"ts":1850312124475}"#],
}];

fn cnp(number: &[u8]) -> bool {
    let [year, month, day, county] = [1, 3, 5, 7].map(|at| weighted::number(&number[at..at + 2]));
    // Residents (7, 8) and foreigners (9) may be of either century.
    let year = match number[0] {
        b'1' | b'2' => 1900 + year,
        b'3' | b'4' => 1800 + year,
        b'5' | b'6' => 2000 + year,
        b'0' => return false,
        _ => year,
    };
    let remainder = weighted::sum(number, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    date::is_day(year, month, day)
        && matches!(county, 1..=48 | 51 | 52 | 70 | 80..=83)
        && (if remainder == 10 { 1 } else { remainder }) == weighted::value(number[12])
}
