//! Poland: the register number of persons, tax and company numbers.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Poland's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/pl-pesel",
            summary: "Polish register number (PESEL)",
            why: "It holds birth date and sex, and opens credit in the person's name. Eleven digits are reported where a key or a word says so.",
            source: "Ustawa o ewidencji ludności of 24 September 2010: date with the century in the month, serial, check digit by weights \
                     1, 3, 7, 9",
            ..Rule::PII
        },
        entity: "PL_PESEL",
        region: Some("PL"),
        look: Look::Identifier(Identifier {
            layouts: &[("99999999999", 0.35)],
            check: pesel,
            names: &["pesel", "numer pesel", "nr pesel"],
            words: &["dowód", "obywatel", "urodzony", "urodzona", "zamieszkały", "zamieszkała"],
            near: 0.7,
            ..Identifier::NONE
        }),
        hits: &["PESEL 85031244719", r#"{"pesel":"01322423867"}"#, "nr PESEL: 09222146837"],
        misses: &["85031244719", "PESEL 85031244718", "PESEL 85133244712", "PESEL 850312447190", r#"{"seq":85031244719}"#],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/pl-nip",
            severity: Severity::Warning,
            summary: "Polish tax number (NIP)",
            why: "Sole traders have one too, and then it names a person. Ten digits without hyphens need their name beside them.",
            source: "Ustawa o zasadach ewidencji i identyfikacji podatników of 13 October 1995; check digit by weights 6, 5, 7, 2, 3, 4, 5, \
                     6, 7 and the remainder by 11",
            ..Rule::PII
        },
        entity: "PL_NIP",
        region: Some("PL"),
        look: Look::Identifier(Identifier {
            layouts: &[("999-999-99-99", 0.7), ("999-99-99-999", 0.7), ("999 999 99 99", 0.3), ("9999999999", 0.1)],
            check: nip,
            names: &["nip", "numer nip", "nr nip", "numer identyfikacji podatkowej", "vat"],
            words: &["podatnik"],
            ..Identifier::NONE
        }),
        hits: &["NIP 5018584973", "801-057-66-22", r#"{"nip":"3435558768"}"#],
        misses: &["5018584973", "NIP 5018584974", "801-057-66-23", "NIP 0000000000"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/pl-regon",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Polish company number (REGON)",
            why: "Sole traders have one too, and then it names a person. The register is public, and nine digits need their name.",
            source: "Główny Urząd Statystyczny, REGON: check digits by weights and the remainder by 11, of nine and of 14 digits",
            ..Rule::PII
        },
        entity: "PL_REGON",
        region: Some("PL"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999999", 0.1), ("99999999999999", 0.2)],
            check: regon,
            names: &["regon", "numer regon", "nr regon"],
            ..Identifier::NONE
        }),
        hits: &["REGON 214588826", r#"{"regon":"71830868204969"}"#, "nr REGON: 316276134"],
        misses: &["214588826", "REGON 214588827", "REGON 71830868204968", "REGON 000000000"],
    },
];

/// The month has 80 added for 1800, 20 for 2000, 40 for 2100, 60 for 2200.
fn pesel(number: &[u8]) -> bool {
    let [year, month, day] = [0, 2, 4].map(|at| weighted::number(&number[at..at + 2]));
    let century = [1900, 2000, 2100, 2200, 1800][(month / 20) as usize % 5];
    let sum = weighted::sum(number, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    date::is_day(century + year, month % 20, day) && sum.is_multiple_of(10)
}

fn nip(number: &[u8]) -> bool {
    let sum = weighted::sum(number, &[6, 5, 7, 2, 3, 4, 5, 6, 7]);
    sum > 0 && sum % 11 == weighted::value(number[9])
}

fn regon(number: &[u8]) -> bool {
    let ends_well = |digits: &[u8], weights: &[u32]| {
        weighted::sum(digits, weights) % 11 % 10 == weighted::value(digits[digits.len() - 1])
    };
    weighted::number(&number[..9]) > 0
        && ends_well(&number[..9], &[8, 9, 2, 3, 4, 5, 6, 7])
        && (number.len() == 9 || ends_well(number, &[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]))
}
