//! South Korea: registration numbers of residents, foreigners and businesses, documents.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted::number;
use crate::verify::{date, weighted};

/// What is found of South Korea.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &RRN,
        entity: "KR_RRN",
        region: Some("KR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999-9999999", 0.95), ("9999999999999", 0.4)],
            check: |digits| rrn(digits) && number(&digits[7..9]) <= 96 && registration_check(digits, 11),
            names: RRN_NAMES,
            words: KOREA,
            ..Identifier::NONE
        }),
        hits: &["주민 850705-1453551", "주민등록번호: 7610071893737", r#"{"rrn": "6101042458446"}"#],
        misses: &["851305-1453551", "850732-1453551", "seq 8507051453551", "850705-1453551-2"],
    },
    // Since October 2020 the digits behind the birth date and the sex are drawn at random, without a check digit.
    Recognizer {
        rule: &RRN,
        entity: "KR_RRN",
        region: Some("KR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999-9999999", 0.4), ("9999999999999", 0.05)],
            check: rrn,
            names: RRN_NAMES,
            words: KOREA,
            ..Identifier::NONE
        }),
        hits: &["번호 210318-3948217", r#"{"residentRegistrationNumber": "2103183948217"}"#],
        misses: &["211318-3948217", "210318-0948217", "record 2103183948217"],
    },
    Recognizer {
        rule: &FRN,
        entity: "KR_FRN",
        region: Some("KR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999-9999999", 0.95), ("9999999999999", 0.4)],
            check: |digits| frn(digits) && registration_check(digits, 13),
            names: FRN_NAMES,
            words: KOREA,
            ..Identifier::NONE
        }),
        hits: &["외국인 880412-5820179", r#"{"frn": "8804125820179"}"#],
        misses: &["881412-5820179", "seq 8804125820179"],
    },
    Recognizer {
        rule: &FRN,
        entity: "KR_FRN",
        region: Some("KR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999999-9999999", 0.4), ("9999999999999", 0.05)],
            check: frn,
            names: FRN_NAMES,
            words: KOREA,
            ..Identifier::NONE
        }),
        hits: &["no. 021130-7394821", "외국인등록번호 0211307394821"],
        misses: &["021131-7394821", "021130-9394821"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/kr-brn",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "South Korean business registration number",
            why: "It names a business, and a sole trader personally; it is printed on every receipt.",
            source: "National Tax Service: office, kind, serial, check digit with weights 1, 3, 7",
            ..Rule::PII
        },
        entity: "KR_BRN",
        region: Some("KR"),
        look: Look::Identifier(Identifier {
            layouts: &[("999-99-99999", 0.6), ("9999999999", 0.05)],
            check: brn,
            names: &["brn", "business registration number", "business registration no", "사업자등록번호", "사업자번호"],
            words: &["korea", "korean", "사업자", "주식회사"],
            ..Identifier::NONE
        }),
        hits: &["sold by 177-68-14347", "사업자등록번호: 1178765414", r#"{"businessRegistrationNumber": "389-08-21530"}"#],
        misses: &["177-68-14346", "099-68-14348", "record 1776814347", "177-00-14347"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/kr-passport",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "South Korean passport number",
            why: "It is asked for where identity is proved. It has no check digit: only a name makes it one.",
            source: "Ministry of Foreign Affairs: the kind's letter and eight digits, since December 2021 three digits, a letter, four digits",
            ..Rule::PII
        },
        entity: "KR_PASSPORT",
        region: Some("KR"),
        look: Look::Identifier(Identifier {
            layouts: &[("A999A9999", 0.2), ("A99999999", 0.05)],
            check: |passport| b"MSRODG".contains(&passport[0]),
            names: &["passport", "passport number", "passport no", "korean passport", "여권", "여권번호"],
            words: &["korea", "korean", "travel document", "여권"],
            near: 0.4,
            ..Identifier::NONE
        }),
        hits: &["여권번호 M482K1937", r#"{"passportNumber": "S739K1826"}"#],
        misses: &["M482K1937", "여권번호 T482K1937", "여권번호 M4821K937", "여권번호 M482K19375"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/kr-driver-license",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "South Korean driver's licence number",
            why: "It proves identity. The computation of its check digits is not public; the region is checked.",
            source: "Korea Road Traffic Authority: region (11 to 26, 28), year, serial, check digits",
            ..Rule::PII
        },
        entity: "KR_DRIVER_LICENSE",
        region: Some("KR"),
        look: Look::Identifier(Identifier {
            layouts: &[("99-99-999999-99", 0.6), ("99 99 999999 99", 0.4), ("999999999999", 0.05)],
            check: |digits| matches!(number(&digits[..2]), 11..=26 | 28),
            names: &[
                "driver license",
                "drivers license",
                "driver s license",
                "driver license number",
                "운전면허",
                "운전면허번호",
                "면허번호",
            ],
            words: &["korea", "korean", "운전면허증"],
            near: 0.4,
            ..Identifier::NONE
        }),
        hits: &["면허 13-08-482019-37", "운전면허번호 130848201937", r#"{"driverLicense": "21 17 394821 60"}"#],
        misses: &["27-08-482019-37", "10-08-482019-37", "record 130848201937", "13-08-48201-37"],
    },
];

const KOREA: &[&str] = &["korea", "korean", "주민", "등록번호"];

static RRN: Rule = Rule {
    id: "pii/kr-rrn",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    summary: "South Korean resident registration number",
    why: "The law forbids to process it without a legal basis; it holds birth date and sex. Thirteen digits in a row need a name \
          or a word nearby.",
    source: "Resident Registration Act; Ministry of the Interior and Safety: birth date, sex and century, check digit until October 2020",
    ..Rule::PII
};
const RRN_NAMES: &[&str] =
    &["rrn", "resident registration number", "resident registration no", "korean rrn", "주민등록번호", "주민번호"];

static FRN: Rule = Rule {
    id: "pii/kr-frn",
    severity: Severity::Error,
    effect: Some(Effect::Redact),
    summary: "South Korean foreigner registration number",
    why: "It is to a foreign resident what the resident registration number is to a citizen, and holds birth date and sex.",
    source: "Immigration Act, article 31; Ministry of Justice: birth date, sex and century (5 to 8), check digit until October 2020",
    ..Rule::PII
};
const FRN_NAMES: &[&str] = &[
    "frn",
    "foreigner registration number",
    "foreign registration number",
    "alien registration number",
    "arc number",
    "외국인등록번호",
];

/// A birth date, and 1 to 4 for a citizen's sex and century.
fn rrn(digits: &[u8]) -> bool {
    matches!(digits[6], b'1'..=b'4') && date::is_yymmdd(&digits[..6])
}

/// A birth date, and 5 to 8 for a foreigner's sex and century.
fn frn(digits: &[u8]) -> bool {
    matches!(digits[6], b'5'..=b'8') && date::is_yymmdd(&digits[..6])
}

/// The last digit is what the weighted sum lacks to a multiple of 11, of 11 and 2 for foreigners.
fn registration_check(digits: &[u8], complement: u32) -> bool {
    let sum = weighted::sum(digits, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    (complement - sum % 11) % 10 == weighted::value(digits[12])
}

fn brn(digits: &[u8]) -> bool {
    let carried = weighted::value(digits[8]) * 5 / 10;
    let sum = weighted::sum(digits, &[1, 3, 7, 1, 3, 7, 1, 3, 5, 1]) + carried;
    number(&digits[..3]) > 100 && &digits[3..5] != b"00" && &digits[5..9] != b"0000" && sum.is_multiple_of(10)
}
