//! Italy: tax code, VAT code, documents.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{luhn, weighted};

/// Italy's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/it-fiscal-code",
            summary: "Italian tax code",
            why: "It tells name, sex, date and place of birth to whoever can read it.",
            source: "D.M. 23 dicembre 1976 (codice fiscale): composition, check letter, letters that replace digits in doubles",
            ..Rule::PII
        },
        entity: "IT_FISCAL_CODE",
        region: Some("IT"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAAAAAXXAXXAXXXA", 0.95), ("AAA AAA 99A99 A999A", 0.95), ("AAA AAA 99A99 A999 A", 0.95)],
            check: fiscal_code,
            names: &["codice fiscale", "cod fiscale", "cod fisc", "codfisc", "cf", "c f", "fiscal code", "tax code"],
            ..Identifier::NONE
        }),
        hits: &[
            "BNCLCU85C12F205I",
            "C.F. rss gli 79t52 h501 w",
            r#"{"codiceFiscale":"rssgli79t52h501w"}"#,
            "RSSGLI79T52H5L1H",
        ],
        misses: &["BNCLCU85C12F205J", "BNCLCU85C32F205I", "BNCLCU85F12F205I", "XBNCLCU85C12F205I", "BNCLCU85C12F205"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/it-fiscal-code-mistyped",
            severity: Severity::Warning,
            summary: "Italian tax code with a wrong check letter",
            why: "A slip of the pen in it still tells name, sex, date and place of birth. By its form alone it is not sure enough to \
                  report.",
            source: "D.M. 23 dicembre 1976 (codice fiscale): composition",
            ..Rule::PII
        },
        entity: "IT_FISCAL_CODE",
        region: Some("IT"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAAAAA99A99A999A", 0.3)],
            check: |number| is_fiscal_form(number) && !has_fiscal_check(number),
            names: &["codice fiscale", "cod fiscale", "cod fisc", "codfisc", "fiscal code"],
            named: 0.8,
            ..Identifier::NONE
        }),
        hits: &["codice fiscale BNCLCU85C12F205J", r#"{"codiceFiscale":"RSSGLI79T52H501X"}"#],
        misses: &["BNCLCU85C12F205J", "codice fiscale BNCLCU85C12F205I", "codice fiscale BNCLCU85C32F205J"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/it-vat-code",
            severity: Severity::Warning,
            summary: "Italian VAT code",
            why: "Sole traders have one too, and then it names a person. Eleven digits are reported where a key or a word says so.",
            source: "DPR 633/1972, article 35; Agenzia delle Entrate: number, office, check digit by Luhn",
            ..Rule::PII
        },
        entity: "IT_VAT_CODE",
        region: Some("IT"),
        look: Look::Identifier(Identifier {
            layouts: &[
                (r"\I\T99999999999", 0.85),
                (r"\I\T 99999999999", 0.85),
                ("99999999999", 0.2),
                ("99999999 999", 0.1),
                ("99999999_999", 0.1),
                ("9999999 999 9", 0.2),
                ("9999999_999_9", 0.2),
                ("999 999 999 99", 0.1),
                ("999_999_999_99", 0.1),
                ("9999 9999 999", 0.1),
                ("9999_9999_999", 0.1),
            ],
            check: vat_code,
            names: &["partita iva", "p iva", "p. iva", "piva", "iva", "vat", "vat number", "vat code"],
            words: &["fattura", "azienda", "società"],
            ..Identifier::NONE
        }),
        hits: &["P.IVA 22200510885", "IT25206780550", r#"{"partitaIva":"56101180612"}"#],
        misses: &["22200510885", "P.IVA 22200510886", "IT25206780551", "P.IVA 00000000000", "P.IVA 22201300887"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/it-driver-license",
            summary: "Italian driving licence number",
            why: "It identifies the holder with the motor vehicle office. It has no known check, so it needs its name beside it.",
            source: "Ministero delle Infrastrutture e dei Trasporti: office's letters, seven digits and a letter, or U1 and eight places",
            ..Rule::PII
        },
        entity: "IT_DRIVER_LICENSE",
        region: Some("IT"),
        look: Look::Identifier(Identifier {
            layouts: &[("AA9999999A", 0.2), (r"\U1XXXXXXXA", 0.2)],
            check: |number| number[..2] != *b"U1" || number[2..9].iter().all(|byte| !b"AEIOQV".contains(byte)),
            names: &["patente", "patente di guida", "numero patente", "driver license", "driving licence", "driver licence"],
            words: &["guida", "licenza", "motorizzazione"],
            ..Identifier::NONE
        }),
        hits: &["patente MI4071825K", "patente di guida n. U1B4071K5R", r#"{"numeroPatente":"mi4071825k"}"#],
        misses: &["MI4071825K", "patente MI407182K", "patente U1A4071K5R", "patente MI40718255"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/it-identity-card",
            summary: "Italian identity card number",
            why: "With it others identify themselves in somebody's name. It has no check digit that is printed with it, so it needs its \
                  name beside it.",
            source: "Ministero dell'Interno, carta d'identità: on paper, and electronic in two generations",
            ..Rule::PII
        },
        entity: "IT_IDENTITY_CARD",
        region: Some("IT"),
        look: Look::Identifier(Identifier {
            layouts: &[("AA9999999", 0.05), ("AA 9999999", 0.03), ("AA99999AA", 0.1), ("9999999AA", 0.05)],
            names: &[
                "carta d identità",
                "carta d identita",
                "carta di identità",
                "carta di identita",
                "carta identità",
                "carta identita",
                "numero carta identità",
                "documento d identità",
                "identity card",
            ],
            words: &["cie", "comune", "documento"],
            near: 0.4,
            ..Identifier::NONE
        }),
        hits: &["carta d'identità CA40718FR", "Carta di identità n. AX4071825", r#"{"cartaIdentita":"4071825AA"}"#],
        misses: &["CA40718FR", "AX4071825", "carta d'identità CA4071FR", "carta d'identità AXB4071825"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/it-passport",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Italian passport number",
            why: "With it others identify themselves in somebody's name. It has no check digit, so it needs its name beside it.",
            source: "Ministero degli Affari Esteri: two letters and seven digits",
            ..Rule::PII
        },
        entity: "IT_PASSPORT",
        region: Some("IT"),
        look: Look::Identifier(Identifier {
            layouts: &[("AA9999999", 0.05)],
            names: &["passaporto", "numero passaporto", "passport", "passport number"],
            words: &["viaggio", "frontiera", "visto", "questura"],
            near: 0.4,
            ..Identifier::NONE
        }),
        hits: &["passaporto YA4071825", r#"{"passaporto":"yb4071825"}"#, "YA4071825 (passaporto)"],
        misses: &["YA4071825", "passaporto YA407182", "passaporto YAB4071825", r#"{"build_id":"YA4071825"}"#],
    },
];

/// A letter that stands for a digit where two people would have the same code: L for 0 to V for 9.
fn omocodia(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        _ => b"LMNPQRSTUV".iter().position(|&letter| letter == byte).map(|digit| digit as u32),
    }
}

fn fiscal_code(code: &[u8]) -> bool {
    is_fiscal_form(code) && has_fiscal_check(code)
}

/// Six letters of the name, year, month, day (women's with 40 added), a place's letter and number.
fn is_fiscal_form(code: &[u8]) -> bool {
    let pair = |at: usize| Some(omocodia(code[at])? * 10 + omocodia(code[at + 1])?);
    let is_day = pair(9).is_some_and(|day| matches!(day, 1..=31 | 41..=71));
    let letters = [0, 1, 2, 3, 4, 5, 8, 11, 15];
    letters.iter().all(|&at| code[at].is_ascii_uppercase())
        && pair(6).is_some()
        && b"ABCDEHLMPRST".contains(&code[8])
        && is_day
        && code[12..15].iter().all(|&byte| omocodia(byte).is_some())
}

/// Characters count by a table at odd places (the first is odd) and by their order at even ones.
fn has_fiscal_check(code: &[u8]) -> bool {
    const ODD: [u32; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let order = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        _ => byte - b'A',
    };
    let sum: u32 = code[..15]
        .iter()
        .enumerate()
        .map(|(place, &byte)| if place % 2 == 0 { ODD[usize::from(order(byte))] } else { u32::from(order(byte)) })
        .sum();
    sum % 26 == u32::from(order(code[15]))
}

/// The office that gave it out stands in places 8 to 10: a province, or a special one.
fn vat_code(number: &[u8]) -> bool {
    let digits = number.strip_prefix(b"IT").unwrap_or(number);
    let office = weighted::number(&digits[7..10]);
    weighted::number(&digits[..7]) > 0 && matches!(office, 1..=100 | 120 | 121 | 888 | 999) && luhn::is_valid_ascii(digits)
}
