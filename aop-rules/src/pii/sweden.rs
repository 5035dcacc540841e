//! Sweden: the numbers of persons and of organisations.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{date, luhn, weighted};

/// Sweden's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/se-personnummer",
            summary: "Swedish personal number",
            why: "It holds the birth date and stands for the person everywhere, for life. Digits without a separator are reported where a \
                  key or a word says so.",
            source: "Folkbokföringslagen (1991:481), § 18; Skatteverket: birth date, serial, check digit by Luhn; coordination numbers \
                     (samordningsnummer) add 60 to the day",
            ..Rule::PII
        },
        entity: "SE_PERSONNUMMER",
        region: Some("SE"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99999999-9999", 0.85),
                ("99999999+9999", 0.85),
                ("999999-9999", 0.5),
                ("999999+9999", 0.7),
                ("99999999 9999", 0.4),
                ("999999 9999", 0.2),
                ("999999999999", 0.4),
                ("9999999999", 0.15),
            ],
            check: personal,
            names: &[
                "personnummer",
                "personnr",
                "person nummer",
                "pnr",
                "samordningsnummer",
                "personal number",
                "personal identity number",
                "personal identity code",
            ],
            words: &["folkbokförd", "skatteverket", "bankid", "född"],
            ..Identifier::NONE
        }),
        hits: &["19850312-4474", "Personnummer 0112242383", r#"{"personnummer":"198503724471"}"#, "850312-4474 är mitt pnr"],
        misses: &[
            "19850312-4475",
            "19851312-4474",
            "8503124474",
            "Personnummer 8503324471",
            "19850312-44740",
            r#"{"seq":8503124474}"#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/se-organisation-number",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Swedish organisation number",
            why: "It names a company or an association. The register is public.",
            source: "Lag (1974:174) om identitetsbeteckning för juridiska personer; third digit 2 or more, check digit by Luhn",
            ..Rule::PII
        },
        entity: "SE_ORGANISATIONSNUMMER",
        region: Some("SE"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999-9999", 0.4), ("9999999999", 0.1), (r"16999999-9999", 0.5)],
            check: organisation,
            names: &[
                "organisationsnummer",
                "organisationsnr",
                "orgnr",
                "org nr",
                "org nummer",
                "organisation number",
                "organization number",
                "company identity code",
            ],
            words: &["aktiebolag", "bolag", "förening", "bolagsverket"],
            ..Identifier::NONE
        }),
        hits: &["Organisationsnummer 556812-4472", r#"{"orgnr":"8024119383"}"#, "Org.nr: 969722-1134"],
        misses: &["556812-4472", "Organisationsnummer 556812-4473", "orgnr 551212-4479", "orgnr 456812-4474"],
    },
];

fn personal(number: &[u8]) -> bool {
    let short = &number[number.len() - 10..];
    let [mut year, month, day] = [0, 2, 4].map(|at| weighted::number(&short[at..at + 2]));
    if number.len() == 12 {
        let century = weighted::number(&number[..2]);
        if !(18..=20).contains(&century) {
            return false;
        }
        year += century * 100;
    }
    let day = if day > 60 { day - 60 } else { day };
    date::is_day(year, month, day) && luhn::is_valid_ascii(short)
}

/// The first digit is the form (1 for estates, 2 for the state, 5 for companies, 7 for cooperatives, 8 for associations, 9 for
/// partnerships); the third keeps it apart from a month.
fn organisation(number: &[u8]) -> bool {
    let short = &number[number.len() - 10..];
    matches!(short[0], b'1'..=b'3' | b'5'..=b'9') && short[2] >= b'2' && luhn::is_valid_ascii(short)
}
