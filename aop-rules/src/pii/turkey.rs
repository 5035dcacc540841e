//! Turkey: the identity number and plates.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;
use crate::verify::weighted::number;

/// What is found of Turkey.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/tr-national-id",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "Turkish identity number",
            why: "It identifies a citizen for life, for tax and health too. Of eleven digits in a row one in a hundred has \
                  both check digits, so a name or a word nearby has to say so.",
            source: "General Directorate of Population and Citizenship Affairs: eleven digits, two of them check digits",
            ..Rule::PII
        },
        entity: "TR_NATIONAL_ID",
        region: Some("TR"),
        look: Look::Identifier(Identifier {
            layouts: &[("99999999999", 0.4), ("999 999 999 99", 0.6)],
            check: national_id,
            names: &[
                "tc kimlik",
                "tc kimlik no",
                "tckn",
                "tckimlik",
                "kimlik no",
                "kimlik numarası",
                "t c kimlik no",
                "turkish id",
                "turkish national id",
            ],
            words: &["türk", "turkish", "turkey", "türkiye", "kimlik", "tc", "kişi"],
            near: 0.8,
            ..Identifier::NONE
        }),
        hits: &["TC kimlik no: 92551343934", r#"{"tckn": 40007154450}"#, "Türk kimlik 24468410010"],
        misses: &["92551343935", "02551343934", "TC 92551343944", "record 92551343934", "trace_id=92551343934"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/tr-license-plate",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "Turkish number plate",
            why: "A plate leads to the vehicle's keeper. Numbers and letters so mixed are common, so a word nearby has to say plate.",
            source: "Highway Traffic Regulation: province 01 to 81, one to three letters without Q, W and X, two to five digits",
            ..Rule::PII
        },
        entity: "TR_LICENSE_PLATE",
        region: Some("TR"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99 A 9999", 0.4),
                ("99 A 99999", 0.4),
                ("99 A 999", 0.3),
                ("99 A 99", 0.2),
                ("99 AA 99", 0.2),
                ("99 AA 999", 0.4),
                ("99 AA 9999", 0.4),
                ("99 AAA 99", 0.4),
                ("99 AAA 999", 0.4),
                ("99 AAA 9999", 0.4),
                ("99A9999", 0.1),
                ("99A99999", 0.1),
                ("99A999", 0.1),
                ("99A99", 0.05),
                ("99AA99", 0.05),
                ("99AA999", 0.2),
                ("99AA9999", 0.2),
                ("99AAA99", 0.2),
                ("99AAA999", 0.2),
                ("99AAA9999", 0.2),
                ("99-AA-999", 0.2),
                ("99-AAA-99", 0.2),
                ("99-AAA-999", 0.2),
            ],
            check: |plate| matches!(number(&plate[..2]), 1..=81) && !plate.iter().any(|byte| b"QWX".contains(byte)),
            names: &[
                "plaka",
                "plaka no",
                "plaka numarası",
                "license plate",
                "licence plate",
                "number plate",
                "plate number",
            ],
            words: &["plakalı", "araç", "plate"],
            near: 0.7,
            ..Identifier::NONE
        }),
        hits: &["Plaka 34 KTR 482", r#"{"plaka": "06KD482"}"#, "16 B 4820 plakalı araç"],
        misses: &["34 KTR 482", "Plaka 82 KTR 482", "Plaka 34 KXR 482", "Plaka 00 KTR 482"],
    },
];

fn national_id(digits: &[u8]) -> bool {
    let odd = weighted::sum(digits, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted::sum(digits, &[0, 1, 0, 1, 0, 1, 0, 1]);
    let tenth = weighted::value(digits[9]);
    // Ninety is more than the even digits' sum can be, and a multiple of ten.
    digits[0] != b'0' && (odd * 7 + 90 - even) % 10 == tenth && (odd + even + tenth) % 10 == weighted::value(digits[10])
}
