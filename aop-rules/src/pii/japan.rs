//! Japan: the individual number.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;

/// What is found of Japan.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/jp-my-number",
        severity: Severity::Error,
        effect: Some(Effect::Redact),
        summary: "Japanese individual number",
        why: "The law forbids to use or pass it on outside of social security, tax and disasters. Twelve digits need a name or a \
              word nearby.",
        source: "Act on the Use of Numbers to Identify a Specific Individual (2013); Order 85 of the Ministry of Internal Affairs and \
                 Communications (2014), article 5: check digit by modulus 11",
        ..Rule::PII
    },
    entity: "JP_MY_NUMBER",
    region: Some("JP"),
    look: Look::Identifier(Identifier {
        layouts: &[("9999 9999 9999", 0.3), ("9999-9999-9999", 0.3), ("999999999999", 0.1)],
        check: my_number,
        names: &["my number", "mynumber", "individual number", "マイナンバー", "個人番号", "my number card"],
        words: &["kojin bango"],
        ..Identifier::NONE
    }),
    hits: &["My Number: 1490 4647 6518", "マイナンバー: 449575953031", r#"{"myNumber": "259747216600"}"#],
    misses: &["My Number: 1490 4647 6519", "record 149046476518", "My Number: 14904647651"],
}];

fn my_number(digits: &[u8]) -> bool {
    let check = match weighted::sum(digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
        0 | 1 => 0,
        remainder => 11 - remainder,
    };
    check == weighted::value(digits[11]) && !weighted::is_one_character(digits)
}
