//! Belgium: the national register number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Belgium's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/be-national-number",
        summary: "Belgian national register number",
        why: "It holds the birth date and stands for the person for life, with the state and with insurers.",
        source: "Arrêté royal of 3 April 1984 on the identification number: birth date, serial, 97 less the remainder by 97 (a 2 in front \
                 from 2000 on); numbers of the Crossroads Bank (BIS) add 20 or 40 to the month",
        ..Rule::PII
    },
    entity: "BE_NATIONAL_NUMBER",
    region: Some("BE"),
    look: Look::Identifier(Identifier {
        layouts: &[
            ("99.99.99-999.99", 0.95),
            ("99.99.99-999-99", 0.95),
            ("99.99.99.999.99", 0.9),
            ("99 99 99 999 99", 0.7),
            ("999999-999-99", 0.8),
            ("999999-99999", 0.6),
            ("999999 999 99", 0.7),
            ("99999999999", 0.45),
        ],
        check: national_number,
        names: &[
            "rijksregisternummer",
            "rijksregister",
            "numéro national",
            "numero national",
            "numéro de registre national",
            "registre national",
            "nationaal nummer",
            "niss",
            "insz",
            "national register number",
            "national number",
        ],
        words: &["mutualité", "mutualiteit", "eid"],
        ..Identifier::NONE
    }),
    hits: &["85.03.12-447.29", "rijksregisternummer 01122423849", r#"{"niss":"85031244729"}"#, "01.12.24-238.49"],
    misses: &[
        "85.03.12-447.30",
        "85.13.12-447.29",
        "rijksregisternummer 01122423821",
        "85.03.12-447.291",
        r#"{"seq":85031244729}"#,
    ],
}];

/// A month or a day of zero stands for a birth date nobody knows.
fn national_number(number: &[u8]) -> bool {
    let [year, month, day] = [0, 2, 4].map(|at| weighted::number(&number[at..at + 2]));
    let month = month % 20;
    let is_birth = date::is_day(year, month, day) || (month <= 12 && day == 0) || (month == 0 && day <= 31);
    let head = u64::from(weighted::number(&number[..9]));
    let check = u64::from(weighted::number(&number[9..]));
    let serial = weighted::number(&number[6..9]);
    is_birth
        && weighted::number(&number[2..4]) < 60
        && (1..=998).contains(&serial)
        && [head, head + 2_000_000_000].iter().any(|body| 97 - body % 97 == check)
}
