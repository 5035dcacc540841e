//! Greece: tax and social security numbers.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, luhn, weighted};

/// Greece's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/gr-amka",
            summary: "Greek social security number (AMKA)",
            why: "It holds the birth date and opens health and pension data. Eleven digits are reported where a key or a word says so.",
            source: "Law 3655/2008, article 153; birth date, serial, check digit by Luhn",
            ..Rule::PII
        },
        entity: "GR_AMKA",
        region: Some("GR"),
        look: Look::Identifier(Identifier {
            layouts: &[("99999999999", 0.35), ("999999 99999", 0.4)],
            check: amka,
            names: &["αμκα", "ΑΜΚΑ", "amka", "αριθμός μητρώου κοινωνικής ασφάλισης"],
            words: &["ασφάλιση", "εφκα", "ασφαλισμένος"],
            ..Identifier::NONE
        }),
        hits: &["ΑΜΚΑ: 12038544172", "AMKA 12038544172", r#"{"amka":"01079230825"}"#],
        misses: &["12038544172", "AMKA 12038544173", "AMKA 12138544170", r#"{"seq":12038544172}"#],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/gr-afm",
            summary: "Greek tax number (AFM)",
            why: "Every taxpayer has one, for life. One in ten numbers of nine digits passes its check, so it needs its name beside it.",
            source: "Independent Authority for Public Revenue (AADE): powers of two from the right, remainder by 11, then by 10",
            ..Rule::PII
        },
        entity: "GR_AFM",
        region: Some("GR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999999", 0.1)],
            check: afm,
            names: &["αφμ", "ΑΦΜ", "afm", "αριθμός φορολογικού μητρώου", "tax number"],
            words: &["εφορία", "δου", "φορολογούμενος", "aade"],
            ..Identifier::NONE
        }),
        hits: &["ΑΦΜ 738744080", "AFM: 407524524", r#"{"afm":"242548477"}"#],
        misses: &["738744080", "AFM 738744081", "AFM 000000000", r#"{"order_id":407524524}"#],
    },
];

fn amka(number: &[u8]) -> bool {
    let [day, month, year] = [0, 2, 4].map(|at| weighted::number(&number[at..at + 2]));
    date::is_day(year, month, day) && luhn::is_valid_ascii(number)
}

fn afm(number: &[u8]) -> bool {
    let sum = weighted::sum(number, &[256, 128, 64, 32, 16, 8, 4, 2]);
    sum > 0 && sum % 11 % 10 == weighted::value(number[8])
}
