//! Hungary: the tax identification number of persons.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// Hungary's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/hu-tax-id",
        summary: "Hungarian tax id",
        why: "It holds the birth date as a count of days and stands for the person for life. Ten digits need their name beside them.",
        source: "1996. évi XX. törvény, annex: an 8, days since 1867, serial, check digit by weights 1 to 9 and the remainder by 11",
        ..Rule::PII
    },
    entity: "HU_TAX_ID",
    region: Some("HU"),
    look: Look::Identifier(Identifier {
        layouts: &[("9999999999", 0.15), ("8 99999 9999", 0.3)],
        check: tax_id,
        names: &["adóazonosító jel", "adóazonosító", "adoazonosito jel", "adoazonosito", "adószám", "adószáma", "tax id"],
        words: &["adó", "adóalany"],
        ..Identifier::NONE
    }),
    hits: &["adóazonosító jel: 8272951819", r#"{"adoazonosito":"8146881971"}"#, "Adóazonosító 8272951819"],
    misses: &["8272951819", "adóazonosító jel 8272951818", "adóazonosító jel 7272951818", r#"{"seq":8146881971}"#],
}];

fn tax_id(number: &[u8]) -> bool {
    let sum = weighted::sum(number, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    number[0] == b'8' && sum % 11 == weighted::value(number[9])
}
