//! Austria: the social insurance number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Austria's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/at-svnr",
        summary: "Austrian social insurance number",
        why: "It holds the birth date and stands for the person with insurers, doctors and employers.",
        source: "§ 31 ASVG; Dachverband der Sozialversicherungsträger: serial, check digit in the fourth place, birth date",
        ..Rule::PII
    },
    entity: "AT_SVNR",
    region: Some("AT"),
    look: Look::Identifier(Identifier {
        layouts: &[
            ("9999 999999", 0.6),
            ("9999-999999", 0.5),
            ("9999/999999", 0.5),
            ("9999 99 99 99", 0.5),
            ("9999999999", 0.15),
        ],
        check: svnr,
        names: &[
            "svnr",
            "sv nr",
            "sv nummer",
            "sozialversicherungsnummer",
            "versicherungsnummer",
            "vsnr",
            "social insurance number",
        ],
        words: &["ögk", "oegk", "pva", "svs", "österreich", "ecard"],
        ..Identifier::NONE
    }),
    hits: &["4123 120385", "SVNr. 7387010992", r#"{"sozialversicherungsnummer":"6058241277"}"#],
    misses: &["4124 120385", "4123120385", "SVNr 4123123385", "SVNr 0123120385", r#"{"seq":4123120385}"#],
}];

/// Where more people were born on a day than serials reach, the month is 13 to 15.
fn svnr(number: &[u8]) -> bool {
    let [day, month, year] = [4, 6, 8].map(|at| weighted::number(&number[at..at + 2]));
    let is_birth = date::is_day(year, month, day) || (matches!(month, 13..=15) && (1..=31).contains(&day));
    let sum = weighted::sum(number, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
    number[0] != b'0' && is_birth && sum % 11 == weighted::value(number[3])
}
