//! Czechia: the birth number, which Slovakia has too.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Czechia's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/cz-birth-number",
        summary: "Czech or Slovak birth number",
        why: "It holds birth date and sex, and stands for the person for life. Ten digits without the slash need their name beside them.",
        source: "Zákon č. 133/2000 Sb., § 13: birth date (50 added to a woman's month, 20 where serials ran out), divisible by 11; nine \
                 digits without a check for those born before 1954",
        ..Rule::PII
    },
    entity: "CZ_BIRTH_NUMBER",
    region: Some("CZ"),
    look: Look::Identifier(Identifier {
        layouts: &[
            ("999999/9999", 0.8),
            ("999999 / 9999", 0.7),
            ("999999/999", 0.3),
            ("9999999999", 0.15),
            ("999999999", 0.02),
        ],
        check: birth_number,
        names: &["rodné číslo", "rodne cislo", "rodneho čísla", "rč", "rodné č", "birth number", "rodnecislo"],
        words: &["narozen", "narozena", "pojištěnec", "pojišťovna", "občan"],
        ..Identifier::NONE
    }),
    hits: &["850312/2408", "rodné číslo 8553122402", r#"{"rodneCislo":"015224/2409"}"#, "rodné číslo 485403/123"],
    misses: &["850312/2409", "851512/2407", "8503122408", "rodné číslo 555403/123", "850312/24080"],
}];

/// Until 1985 a few with the remainder ten were given out with a zero at the end.
fn birth_number(number: &[u8]) -> bool {
    let [year, month, day] = [0, 2, 4].map(|at| weighted::number(&number[at..at + 2]));
    let month = month % 50;
    let is_short = number.len() == 9;
    let century = if is_short || year >= 54 { 1900 } else { 2000 };
    // Months of 21 to 32 are given out since 2004.
    let month = if month > 20 && century + year >= 2004 { month - 20 } else { month };
    let head = weighted::number(&number[..9]) % 11;
    let is_checked = || head == weighted::value(number[9]) || (head == 10 && number[9] == b'0' && century + year < 1986);
    date::is_day(century + year, month, day) && if is_short { year < 54 } else { is_checked() }
}
