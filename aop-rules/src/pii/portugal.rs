//! Portugal: the tax number.

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// Portugal's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/pt-nif",
        summary: "Portuguese tax number (NIF)",
        why: "Everybody is asked for it at every till, and it stays for life. One in eleven numbers of nine digits passes its check, so it \
              needs its name beside it.",
        source: "Decreto-Lei n.º 14/2013; check digit by weights 9 to 2 and the remainder by 11",
        ..Rule::PII
    },
    entity: "PT_NIF",
    region: Some("PT"),
    look: Look::Identifier(Identifier {
        layouts: &[("999999999", 0.1), ("999 999 999", 0.2), ("999.999.999", 0.2)],
        check: nif,
        names: &[
            "nif",
            "contribuinte",
            "número de contribuinte",
            "numero de contribuinte",
            "nipc",
            "número de identificação fiscal",
        ],
        words: &["finanças", "contribuintes"],
        ..Identifier::NONE
    }),
    hits: &["NIF 244809160", "contribuinte n.º 267 443 919", r#"{"nif":"618929460"}"#],
    misses: &["244809160", "NIF 244809161", "NIF 444809163", r#"{"order_id":244809160}"#],
}];

fn nif(number: &[u8]) -> bool {
    let check = 11 - weighted::sum(number, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let is_given_out = matches!(number[0], b'1' | b'2' | b'3' | b'5' | b'6' | b'8' | b'9') || number.starts_with(b"45");
    is_given_out && !weighted::is_one_character(number) && (if check > 9 { 0 } else { check }) == weighted::value(number[8])
}
