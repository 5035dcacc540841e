//! France: social security, tax and company numbers.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{luhn, weighted};

/// France's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/fr-nir",
            summary: "French social security number (NIR)",
            why: "It tells sex, month and place of birth, and stands for the person for life. Without its key of two digits it needs its \
                  name beside it.",
            source: "Décret n° 82-103; INSEE: sex, year, month, department, commune, order, and 97 less the remainder by 97",
            ..Rule::PII
        },
        entity: "FR_NIR",
        region: Some("FR"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("9 99 99 99 999 999 99", 0.95),
                ("9 99 99 9A 999 999 99", 0.95),
                ("9.99.99.99.999.999.99", 0.95),
                ("9-99-99-99-999-999-99", 0.95),
                ("9 99 99 99 999 999-99", 0.95),
                ("9999999999999 99", 0.7),
                ("999999999999999", 0.4),
                ("999999A99999999", 0.9),
                ("9999999999999", 0.02),
                ("9 99 99 99 999 999", 0.4),
            ],
            check: nir,
            names: &[
                "nir",
                "numéro de sécurité sociale",
                "numero de securite sociale",
                "sécurité sociale",
                "securite sociale",
                "numéro de sécu",
                "num secu",
                "n sécu",
                "nss",
                "numero secu",
            ],
            words: &["assuré", "assurée", "ameli", "cpam", "vitale"],
            ..Identifier::NONE
        }),
        hits: &[
            "1 85 03 78 006 084 59",
            "NIR 279120608811297",
            "285032A00411777",
            r#"{"numeroSecuriteSociale":"1850378006084"}"#,
            "sécurité sociale : 1850378006084 59",
        ],
        misses: &[
            "1 85 03 78 006 084 58",
            "NIR 279120608811296",
            "NIR 185137800608459",
            "9 85 03 78 006 084 59",
            "1850378006084",
            "285032C00411777",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/fr-tax-id",
            summary: "French tax id (numéro fiscal)",
            why: "It opens a person's account with the tax office, and stays for life.",
            source: "DGFiP, numéro fiscal de référence (SPI): ten digits and their remainder by 511",
            ..Rule::PII
        },
        entity: "FR_TAX_ID",
        region: Some("FR"),
        look: Look::Identifier(Identifier {
            layouts: &[("99 99 999 999 999", 0.9), ("9999999999999", 0.4)],
            check: tax_id,
            names: &[
                "numéro fiscal",
                "numero fiscal",
                "numéro fiscal de référence",
                "n fiscal",
                "spi",
                "tif",
                "tin",
                "tax id",
            ],
            words: &["impôts", "impots", "impôt", "dgfip", "déclarant"],
            ..Identifier::NONE
        }),
        hits: &["numéro fiscal 1999433954308", "14 49 435 346 198", r#"{"numeroFiscal":"2559233251127"}"#],
        misses: &[
            "numéro fiscal 1999433954309",
            "14 49 435 346 199",
            "numéro fiscal 4999433954308",
            r#"{"ts":1999433954308}"#,
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/fr-siren",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "French company number (SIREN)",
            why: "Sole traders have one too, and then it names a person. The register is public, and nine digits need their name.",
            source: "Code de commerce, article R123-220; INSEE: check digit by Luhn",
            ..Rule::PII
        },
        entity: "FR_SIREN",
        region: Some("FR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999999", 0.1), ("999 999 999", 0.2), ("999.999.999", 0.2)],
            check: |number| luhn::is_valid_ascii(number) && !weighted::is_one_character(number),
            names: &["siren", "numéro siren", "rcs"],
            words: &["kbis", "insee"],
            ..Identifier::NONE
        }),
        hits: &["SIREN 401 163 522", r#"{"siren":"198598468"}"#, "RCS Paris: 377 983 812, numéro SIREN"],
        misses: &["401163522", "SIREN 401163523", "SIREN 000000000", r#"{"order_id":198598468}"#],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/fr-siret",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "French establishment number (SIRET)",
            why: "It says at which address a company, or a sole trader, works. The register is public.",
            source: "Code de commerce, article R123-221; INSEE: SIREN and five digits, check digit by Luhn, La Poste's by the digit sum",
            ..Rule::PII
        },
        entity: "FR_SIRET",
        region: Some("FR"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99999999999999", 0.3),
                ("999 999 999 99999", 0.7),
                ("999 999 999 999 99", 0.6),
                ("999999999 99999", 0.5),
            ],
            check: siret,
            names: &["siret", "numéro siret"],
            words: &["entreprise", "établissement", "société", "insee"],
            ..Identifier::NONE
        }),
        hits: &["SIRET 46849845669775", "789 499 753 07740", r#"{"siret":"25368267845297"}"#],
        misses: &["46849845669775", "SIRET 46849845669776", "789 499 754 07740", "SIRET 468498456697750"],
    },
];

/// With its key, the key is checked; without, the parts are. Months of 20 and from 30 on stand for one that nobody knows; those from
/// 50 on, which are hardly ever given out, would let most numbers of 15 digits pass.
fn nir(number: &[u8]) -> bool {
    let month = weighted::number(&number[3..5]);
    // The island's departments have a letter; for the key they count as 19 and 18.
    let department = match &number[5..7] {
        b"2A" => 19,
        b"2B" => 18,
        digits if digits.iter().all(u8::is_ascii_digit) => weighted::number(digits),
        _ => return false,
    };
    let has_parts = matches!(number[0], b'1' | b'2' | b'7' | b'8')
        && matches!(month, 1..=12 | 20 | 30..=42)
        && department > 0
        && weighted::number(&number[7..10]) > 0
        && weighted::number(&number[10..13]) > 0;
    let head = u64::from(weighted::number(&number[..5])) * 100 + u64::from(department);
    let body = head * 1_000_000 + u64::from(weighted::number(&number[7..13]));
    has_parts && (number.len() == 13 || 97 - body % 97 == u64::from(weighted::number(&number[13..])))
}

fn tax_id(number: &[u8]) -> bool {
    let remainder = number[..10].iter().fold(0, |remainder, &byte| (remainder * 10 + weighted::value(byte)) % 511);
    number[0] <= b'3' && weighted::number(&number[..9]) > 0 && remainder == weighted::number(&number[10..])
}

/// La Poste has so many establishments that its numbers only have a digit sum that five divides.
fn siret(number: &[u8]) -> bool {
    let sum: u32 = number.iter().map(|&byte| weighted::value(byte)).sum();
    let is_post_office = number.starts_with(b"356000000") && sum.is_multiple_of(5);
    luhn::is_valid_ascii(&number[..9]) && !number.starts_with(b"00000") && (luhn::is_valid_ascii(number) || is_post_office)
}
