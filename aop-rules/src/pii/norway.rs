//! Norway: the national identity number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Norway's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/no-fnr",
        summary: "Norwegian national identity number",
        why: "It holds birth date and sex, and stands for the person for life. D-numbers of temporary residents count too.",
        source: "Skatteetaten, fødselsnummer: birth date (40 added to the day of a D-number), serial, two check digits by the remainder by 11",
        ..Rule::PII
    },
    entity: "NO_FNR",
    region: Some("NO"),
    look: Look::Identifier(Identifier {
        layouts: &[("999999 99999", 0.8), ("999999-99999", 0.8), ("99999999999", 0.45)],
        check: identity_number,
        names: &["fødselsnummer", "fodselsnummer", "fnr", "personnummer", "d nummer", "dnummer", "national identity number"],
        words: &["folkeregisteret", "bankid", "født"],
        near: 0.7,
        ..Identifier::NONE
    }),
    hits: &["120385 41127", r#"{"fnr":"24120173487"}"#, "D-nummer 52038541463"],
    misses: &["120385 41128", "fnr 12038541137", "fnr 12138541127", r#"{"seq":12038541127}"#, "12038541127"],
}];

/// Months of 41 and more are those of the health service's own numbers, of 81 and more those of test persons.
fn identity_number(number: &[u8]) -> bool {
    let [day, month, year] = [0, 2, 4].map(|at| weighted::number(&number[at..at + 2]));
    let day = if day > 40 { day - 40 } else { day };
    date::is_day(year, month % 40, day)
        && weighted::sum(number, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted::sum(number, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}
