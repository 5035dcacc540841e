//! Finland: the personal identity code.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, weighted};

/// Finland's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/fi-personal-identity-code",
        summary: "Finnish personal identity code",
        why: "It holds the birth date and stands for the person for life.",
        source: "Digital and Population Data Services Agency (DVV): birth date, sign of the century, serial, check character by the \
                 remainder by 31; more signs since 2023",
        ..Rule::PII
    },
    entity: "FI_PERSONAL_IDENTITY_CODE",
    region: Some("FI"),
    look: Look::Identifier(Identifier {
        layouts: &[("999999A999X", 0.9), ("999999-999X", 0.85), ("999999+999X", 0.85)],
        check: identity_code,
        names: &["hetu", "henkilötunnus", "henkilotunnus", "sotu", "personbeteckning", "personal identity code", "id code"],
        ..Identifier::NONE
    }),
    hits: &["120385-447H", "hetu 241201A2383", r#"{"henkilotunnus":"120385y447h"}"#, "280279+112N"],
    misses: &["120385-447J", "321285-447H", "120385G447H", "120385-447HX", "241201A2384"],
}];

fn identity_code(code: &[u8]) -> bool {
    const CHECKS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    // The signs `-` and `+` have been left out; letters have not.
    let century = match code {
        [_, _, _, _, _, _, sign, ..] if code.len() == 11 => match sign {
            b'A'..=b'F' => 2000,
            b'U'..=b'Y' => 1900,
            _ => return false,
        },
        _ => 1900,
    };
    let serial = &code[code.len() - 4..code.len() - 1];
    let [day, month, year] = [0, 2, 4].map(|at| weighted::number(&code[at..at + 2]));
    let remainder = (weighted::number(&code[..6]) * 1000 + weighted::number(serial)) % 31;
    date::is_day(century + year, month, day)
        && weighted::number(serial) >= 2
        && CHECKS[remainder as usize] == code[code.len() - 1]
}
