//! Spain: the tax numbers of persons and companies, passports.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{luhn, weighted};

/// Spain's recognizers.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/es-nif",
            summary: "Spanish identity number (DNI, NIF)",
            why: "The number of the identity card is the tax number too, for life. With seven digits, a zero in front left out, it needs \
                  its name beside it.",
            source: "Ministerio del Interior: the check letter is the remainder by 23 in TRWAGMYFPDXBNJZSQVHLCKE; Real Decreto 1065/2007, \
                     articles 19 and 20 (K, L and M)",
            ..Rule::PII
        },
        entity: "ES_NIF",
        region: Some("ES"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99999999-A", 0.7),
                ("99999999 A", 0.4),
                ("99999999A", 0.4),
                ("99.999.999-A", 0.9),
                ("99.999.999A", 0.8),
                ("9999999-A", 0.3),
                ("9999999A", 0.2),
                ("9.999.999-A", 0.6),
                (r"\K9999999A", 0.3),
                (r"\L9999999A", 0.3),
                (r"\M9999999A", 0.3),
            ],
            check: person,
            names: &[
                "dni",
                "nif",
                "documento nacional de identidad",
                "número de identificación fiscal",
                "numero de identificacion fiscal",
            ],
            words: &["identidad", "identificación", "documento", "españa", "hacienda", "contribuyente"],
            ..Identifier::NONE
        }),
        hits: &["DNI: 30109910N", "42796309-W", r#"{"nif":"90839136S"}"#, "su DNI es 09.665.029-S", "NIF K4718293G"],
        misses: &["30109910P", "42796309-A", "430109910N", r#"{"commit":"90839136S"}"#, "DNI 00000000T", "NIF 9665029T"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/es-nie",
            summary: "Spanish foreigner's number (NIE)",
            why: "Everybody without Spanish nationality has one, for life, for tax, work and bank.",
            source: "Ministerio del Interior: X, Y or Z counts as 0, 1 or 2, and the check letter is that of the DNI",
            ..Rule::PII
        },
        entity: "ES_NIE",
        region: Some("ES"),
        look: Look::Identifier(Identifier {
            layouts: &[
                (r"\X9999999A", 0.75),
                (r"\Y9999999A", 0.75),
                (r"\Z9999999A", 0.75),
                (r"\X9999999-A", 0.9),
                (r"\Y9999999-A", 0.9),
                (r"\Z9999999-A", 0.9),
                (r"\X-9999999-A", 0.95),
                (r"\Y-9999999-A", 0.95),
                (r"\Z-9999999-A", 0.95),
            ],
            check: foreigner,
            names: &[
                "nie",
                "número de identidad de extranjero",
                "número de identificación de extranjero",
                "numero de identidad de extranjero",
            ],
            words: &["extranjero", "extranjería", "residencia"],
            ..Identifier::NONE
        }),
        hits: &["NIE X5392279K", "Z1425514-W", "X-8073050-G", r#"{"nie":"z6269112f"}"#],
        misses: &["X5392279L", "W5392279K", "Z1425514-X", "AX5392279K", "X53922790K"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/es-cif",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Spanish company tax number (CIF)",
            why: "It names a company or an association. The register is public.",
            source: "Orden EHA/451/2008: letter of the legal form, seven digits, a check digit or letter by Luhn's sum",
            ..Rule::PII
        },
        entity: "ES_CIF",
        region: Some("ES"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("A99999999", 0.3),
                ("A9999999A", 0.3),
                ("A-99999999", 0.5),
                ("A-9999999-A", 0.6),
                ("A-9999999A", 0.4),
            ],
            check: company,
            names: &["cif", "nif", "código de identificación fiscal", "codigo de identificacion fiscal"],
            words: &["sociedad", "empresa", "proveedor"],
            ..Identifier::NONE
        }),
        hits: &["CIF B01909498", "B-18553743", r#"{"cif":"Q5188228J"}"#],
        misses: &["CIF B01909499", "B01909498", "CIF I01909498", "CIF Q5188228K", "CIF B018553743"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/es-passport",
            summary: "Spanish passport number",
            why: "With it others identify themselves in somebody's name. It has no check digit, so it needs its name beside it, in \
                  Spanish: other countries number theirs so too.",
            source: "Real Decreto 896/2003; written as three letters and six digits",
            ..Rule::PII
        },
        entity: "ES_PASSPORT",
        region: Some("ES"),
        look: Look::Identifier(Identifier {
            layouts: &[("AAA999999", 0.05)],
            names: &["pasaporte", "número de pasaporte", "spanish passport"],
            words: &["frontera", "visado", "passport"],
            near: 0.4,
            ..Identifier::NONE
        }),
        hits: &["Mi pasaporte es PAF407182", "PAF407182 es mi número de pasaporte", r#"{"pasaporte":"paf407182"}"#],
        misses: &["PAF407182", "passport PAF407182", "pasaporte PAF40718", "pasaporte PAF4071829", "pasaporte PA407182"],
    },
];

/// The letter for each remainder by 23.
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn has_letter(digits: &[u8], letter: u8) -> bool {
    let number = weighted::number(digits);
    LETTERS[(number % 23) as usize] == letter
}

/// Seven or eight digits and their letter; K, L or M in front for those without an identity card.
fn person(number: &[u8]) -> bool {
    let (letter, digits) = number.split_last().unwrap_or((&0, &[]));
    let digits = digits.strip_prefix(b"K").or(digits.strip_prefix(b"L")).or(digits.strip_prefix(b"M")).unwrap_or(digits);
    weighted::number(digits) > 0 && has_letter(digits, *letter)
}

fn foreigner(number: &[u8]) -> bool {
    let first = match number[0] {
        b'X' => b'0',
        b'Y' => b'1',
        b'Z' => b'2',
        _ => return false,
    };
    has_letter(&[&[first], &number[1..8]].concat(), number[8])
}

/// The check digit is Luhn's; some legal forms write it as a letter (`J` for zero, then `A` to `I`), others either way.
fn company(number: &[u8]) -> bool {
    let (form, check) = (number[0], number[8]);
    let digit = match check {
        b'J' => b'0',
        b'A'..=b'I' => check - b'A' + b'1',
        digit => digit,
    };
    let (takes_letter, takes_digit) = match form {
        b'P' | b'Q' | b'R' | b'S' | b'N' | b'W' => (true, false),
        b'A' | b'B' | b'E' | b'H' => (false, true),
        b'C' | b'D' | b'F' | b'G' | b'J' | b'U' | b'V' => (true, true),
        _ => return false,
    };
    let is_written_so = if check.is_ascii_digit() { takes_digit } else { takes_letter };
    is_written_so && weighted::number(&number[1..8]) > 0 && luhn::is_valid_ascii(&[&number[1..8], &[digit]].concat())
}
