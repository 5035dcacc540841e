//! Bulgaria: the uniform civil number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Bulgaria's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/bg-egn",
        summary: "Bulgarian uniform civil number (EGN)",
        why: "It holds birth date, sex and region, and stands for the person for life. Ten digits need their name beside them.",
        source: "Civil Registration Act, article 11; GRAO: birth date (20 added to the month before 1900, 40 from 2000 on), serial, check \
                 digit by weights and the remainder by 11",
        ..Rule::PII
    },
    entity: "BG_EGN",
    region: Some("BG"),
    look: Look::Identifier(Identifier {
        layouts: &[("9999999999", 0.2)],
        check: egn,
        names: &["егн", "ЕГН", "egn", "единен граждански номер", "uniform civil number", "personal number"],
        words: &["роден", "родена", "гражданин", "bulgaria", "българия"],
        ..Identifier::NONE
    }),
    hits: &["ЕГН 8503124477", r#"{"egn":"0142242388"}"#, "EGN: 5101103011"],
    misses: &["8503124477", "ЕГН 8503124478", "ЕГН 8513124473", r#"{"seq":8503124477}"#],
}];

fn egn(number: &[u8]) -> bool {
    let [year, month, day] = [0, 2, 4].map(|at| weighted::number(&number[at..at + 2]));
    let century = match month {
        ..=20 => 1900,
        21..=40 => 1800,
        _ => 2000,
    };
    let remainder = weighted::sum(number, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11;
    month < 60 && date::is_day(century + year, month % 20, day) && remainder % 10 == weighted::value(number[9])
}
