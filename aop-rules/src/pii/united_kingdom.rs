//! The United Kingdom: health, insurance and tax numbers, documents, plates and postcodes.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::weighted;
use crate::verify::weighted::number;

/// What is found of the United Kingdom.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &Rule {
            id: "pii/uk-nhs",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "NHS number",
            why: "It is the key to a patient's record. Phone numbers are written the same and one in eleven has the check digit, so a \
                  name or a word nearby has to say so.",
            source: "NHS Data Model and Dictionary, NHS NUMBER: modulus 11 with weights 10 to 2",
            ..Rule::PII
        },
        entity: "UK_NHS",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[("999 999 9999", 0.4), ("999-999-9999", 0.2), ("9999999999", 0.1)],
            check: nhs,
            names: &["nhs", "nhs number", "nhs no", "national health service number", "chi number"],
            words: &["patient", "gp", "hospital", "health service", "surgery"],
            near: 0.55,
            ..Identifier::NONE
        }),
        hits: &[
            "seen at the hospital: 693 501 8463",
            "NHS number: 6122979112",
            r#"{"nhsNumber": 7895669028}"#,
            "patient 693-501-8463",
        ],
        misses: &[
            "call 693 501 8463",
            "NHS 693 501 8464",
            "NHS number: 6122979113",
            "order 6122979112",
            "call 612-297-9112",
        ],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/uk-nino",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "UK national insurance number",
            why: "It identifies a person for tax and benefits for life. Prefixes that are never given out, temporary and \
                  administrative numbers are left alone.",
            source: "HMRC, National Insurance Manual NIM39110",
            ..Rule::PII
        },
        entity: "UK_NINO",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("AA 99 99 99 A", 0.9),
                ("AA-99-99-99-A", 0.9),
                ("AA99 99 99 A", 0.8),
                ("AA 999999 A", 0.7),
                ("AA 999999A", 0.6),
                ("AA999999 A", 0.5),
                ("AA 99 99 99A", 0.8),
                ("AA99 99 99A", 0.8),
                ("AA999999A", 0.4),
            ],
            check: nino,
            names: &["nino", "national insurance", "national insurance number", "ni number", "ni no"],
            words: &["hmrc", "paye", "payslip", "insurance"],
            near: 0.8,
            ..Identifier::NONE
        }),
        hits: &["paid to JK 48 20 19 C", "JK482019C", "ni number jk482019c", r#"{"nino": "JK 482019 C"}"#],
        misses: &["JK 48 20 19 E", "BG482019C", "DK482019C", "JO482019C", "TN 48 20 19 A", "JK482019CX"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/uk-utr",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "UK unique taxpayer reference",
            why: "HMRC knows a taxpayer by it. It is ten digits: only a name makes it one.",
            source: "HMRC: the first digit checks the other nine, modulus 11 with weights 6 to 10 and 5 to 2",
            ..Rule::PII
        },
        entity: "UK_UTR",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[("99999 99999", 0.1), ("9999999999", 0.02)],
            check: |digits| UTR_CHECKS[weighted::sum(&digits[1..], UTR_WEIGHTS) as usize % 11] == digits[0],
            names: &["utr", "utr number", "unique taxpayer reference", "unique tax reference", "taxpayer reference"],
            words: &["self assessment", "hmrc"],
            near: 0.55,
            ..Identifier::NONE
        }),
        hits: &["UTR 24839 20175", r#"{"utr": "1730561842"}"#, "self assessment, 7219847360"],
        misses: &["UTR 24839 20177", "24839 20175", "record 1730561842"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/uk-passport",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "UK passport number",
            why: "It is asked for where identity is proved. Two letters and seven digits are common elsewhere: only a name makes \
                  it one. Nine digits under that name are found as the US form is.",
            source: "HM Passport Office",
            ..Rule::PII
        },
        entity: "UK_PASSPORT",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[("AA9999999", 0.1)],
            names: &["passport", "passport number", "passport no", "uk passport", "british passport"],
            words: &["hmpo", "travel document"],
            near: 0.55,
            ..Identifier::NONE
        }),
        hits: &["passport number KT4820193", r#"{"passport": "KT4820193"}"#],
        misses: &["KT4820193", "passport KT 4820193", "passport KT48201935"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/uk-driving-licence",
            severity: Severity::Error,
            effect: Some(Effect::Redact),
            summary: "UK driving licence number",
            why: "It proves identity, and holds surname, initials, sex and date of birth.",
            source: "DVLA, INF45: five characters of the surname, birth date with 5 added to the month's first digit for a woman, \
                     initials, two check characters",
            ..Rule::PII
        },
        entity: "UK_DRIVING_LICENCE",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[("AXXXX999999XXXXX", 0.7), ("AXXXX 999999 XXXXX", 0.8), ("AXXXX-999999-XXXXX", 0.8)],
            check: uk_licence,
            names: &[
                "driving licence",
                "driving license",
                "driver licence",
                "driver s licence",
                "driver license",
                "driver s license",
                "drivers license",
                "licence number",
                "driving licence number",
            ],
            words: &["dvla", "licence", "license", "driver"],
            near: 0.85,
            ..Identifier::NONE
        }),
        hits: &["HARLO751124RK9QT", "Licence HARLO 751124 RK9QT", r#"{"drivingLicence": "FOX99804302P99KD"}"#],
        misses: &["HARLO753324RK9QT", "HARLO751424RK9QT", "99999751124RK9QT", "HA9LO751124RK9QT", "HARLO751004RK9QT"],
    },
    Recognizer {
        rule: &Rule {
            id: "pii/uk-vehicle-registration",
            severity: Severity::Warning,
            effect: Some(Effect::Flag),
            summary: "UK vehicle registration mark",
            why: "A plate leads to the vehicle's keeper. Product codes look like plates, so a word nearby has to say vehicle.",
            source: "DVLA, INF104: Vehicle registration numbers and number plates",
            ..Rule::PII
        },
        entity: "UK_VEHICLE_REGISTRATION",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("AA99 AAA", 0.4),
                ("AA99AAA", 0.3),
                ("AA99-AAA", 0.2),
                ("A9 AAA", 0.1),
                ("A99 AAA", 0.15),
                ("A999 AAA", 0.2),
                ("A9AAA", 0.05),
                ("A99AAA", 0.1),
                ("A999AAA", 0.15),
                ("A9-AAA", 0.05),
                ("A99-AAA", 0.1),
                ("A999-AAA", 0.1),
                ("AAA 9A", 0.1),
                ("AAA 99A", 0.15),
                ("AAA 999A", 0.15),
                ("AAA9A", 0.05),
                ("AAA99A", 0.1),
                ("AAA999A", 0.15),
                ("AAA-999A", 0.1),
            ],
            check: uk_plate,
            names: &[
                "vehicle registration",
                "registration number",
                "registration mark",
                "vrn",
                "vrm",
                "number plate",
                "licence plate",
                "license plate",
                "registration plate",
                "reg number",
                "plate number",
            ],
            words: &["vehicle", "plate", "dvla", "v5c", "car", "parked"],
            ..Identifier::NONE
        }),
        hits: &["number plate LK67 WRT", r#"{"vrn": "LK67WRT"}"#, "the car LK67 WRT", "registration number P482 KDW"],
        misses: &["LK67 WRT", "number plate LK35 WRT", "number plate LI67 WRT", "the car KLM 407I", "number plate LK67 WIT"],
    },
    Recognizer {
        rule: &POSTCODE,
        entity: "UK_POSTCODE",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("AA9A 9AA", 0.4),
                ("AA99 9AA", 0.4),
                ("AA9 9AA", 0.4),
                ("A9A 9AA", 0.4),
                ("A99 9AA", 0.3),
                ("A9 9AA", 0.3),
                (r"\G\I\R 0\A\A", 0.4),
            ],
            check: uk_postcode,
            names: POSTCODE_NAMES,
            words: &[
                "address", "street", "road", "lane", "avenue", "london", "england", "uk", "live", "lives", "deliver",
                "delivery",
            ],
            near: 0.7,
            named: 0.9,
        }),
        hits: &["postcode: LS6 2AB", r#"{"postcode": "WC2N 5DU"}"#, "4 Mill Road, Bath BA1 5NF"],
        misses: &["LS6 2AB", "delivery of the M1 8GB", "postcode: QS6 2AB", "postcode: LS6 2CB", "postcode: XA1 1AA"],
    },
    // Without its blank it looks like a model or a part.
    Recognizer {
        rule: &POSTCODE,
        entity: "UK_POSTCODE",
        region: Some("GB"),
        look: Look::Identifier(Identifier {
            layouts: &[
                ("AA9A9AA", 0.1),
                ("AA999AA", 0.1),
                ("AA99AA", 0.1),
                ("A9A9AA", 0.1),
                ("A999AA", 0.1),
                ("A99AA", 0.05),
                (r"\G\I\R0\A\A", 0.1),
            ],
            check: uk_postcode,
            names: POSTCODE_NAMES,
            named: 0.9,
            ..Identifier::NONE
        }),
        hits: &["postcode LS62AB", r#"{"postcode": "WC2N5DU"}"#],
        misses: &["model G72LX in 3 Mill Road", "postcode LS62CB"],
    },
];

static POSTCODE: Rule = Rule {
    id: "pii/uk-postcode",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    summary: "UK postcode",
    why: "It narrows an address to some fifteen households. A name or, where it is written with its blank, a word of addresses has \
          to stand near.",
    source: "Royal Mail, Programmers' Guide to the Postcode Address File; the 124 postcode areas",
    ..Rule::PII
};
const POSTCODE_NAMES: &[&str] = &["postcode", "post code", "postal code", "zip", "zip code"];

fn nhs(digits: &[u8]) -> bool {
    let sum = weighted::sum(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    sum.is_multiple_of(11) && !weighted::is_one_character(digits)
}

const UTR_WEIGHTS: &[u32] = &[6, 7, 8, 9, 10, 5, 4, 3, 2];
/// The check digit by the sum's remainder; two remainders share 1 and 2 with others.
const UTR_CHECKS: &[u8; 11] = b"21987654321";

fn nino(number: &[u8]) -> bool {
    let (first, second, last) = (number[0], number[1], number[number.len() - 1]);
    !b"DFIQUV".contains(&first)
        && !b"DFIOQUV".contains(&second)
        && ![b"BG", b"GB", b"NK", b"KN", b"TN", b"NT", b"ZZ"].contains(&&[first, second])
        && (b'A'..=b'D').contains(&last)
}

/// Surname filled up with nines, decade, month (plus 50 for a woman), day, year, initials, and check characters.
fn uk_licence(licence: &[u8]) -> bool {
    let letters = licence[..5].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let initials = &licence[11..13];
    letters > 0
        && licence[letters..5].iter().all(|byte| *byte == b'9')
        && matches!(number(&licence[6..8]), 1..=12 | 51..=62)
        && matches!(number(&licence[8..10]), 1..=31)
        && initials.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'9')
        && licence[14..].iter().all(u8::is_ascii_alphabetic)
}

fn uk_plate(plate: &[u8]) -> bool {
    let digits = plate.iter().position(u8::is_ascii_digit).unwrap_or(0);
    let tail = digits + plate[digits..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (head, age, tail) = (&plate[..digits], number(&plate[digits..tail]), &plate[tail..]);
    let is_year_letter = |letter: &u8| !b"IOQUZ".contains(letter);
    let is_serial = |letters: &[u8]| !letters.iter().any(|letter| b"IQ".contains(letter));
    match (head, tail) {
        ([_, _], [_, _, _]) => {
            matches!(age, 2..=29 | 51..=79) && is_serial(tail) && !head.iter().any(|letter| b"IQZ".contains(letter))
        }
        ([year], [_, _, _]) => age > 0 && is_year_letter(year) && is_serial(tail) && tail[0] != b'Z',
        ([_, _, _], [year]) => age > 0 && is_year_letter(year) && is_serial(head),
        _ => false,
    }
}

/// Area, district and the inward code, whose letters leave out those that are misread.
fn uk_postcode(code: &[u8]) -> bool {
    let (outward, inward) = code.split_at(code.len() - 3);
    let letters = outward.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (area, district) = outward.split_at(letters);
    let is_area = std::str::from_utf8(area).is_ok_and(|area| POSTCODE_AREAS.binary_search(&area).is_ok());
    let is_district = match district.last() {
        Some(last) if last.is_ascii_alphabetic() && letters == 1 => b"ABCDEFGHJKPSTUW".contains(last),
        Some(last) if last.is_ascii_alphabetic() => b"ABEHMNPRVWXY".contains(last),
        _ => true,
    };
    let is_inward = !inward[1..].iter().any(|letter| b"CIKMOV".contains(letter));
    // A processor and its memory: `M1 8GB`.
    let is_memory = outward.len() == 2 && inward.ends_with(b"GB");
    code == b"GIR0AA" || (is_area && is_district && is_inward && !is_memory)
}

/// Sorted.
#[rustfmt::skip]
const POSTCODE_AREAS: &[&str] = &[
    "AB", "AL", "B", "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB", "CF", "CH", "CM", "CO", "CR",
    "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH", "EN", "EX", "FK", "FY", "G", "GL",
    "GU", "GX", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L",
    "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA",
    "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST",
    "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO",
    "ZE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_postcode_areas_are_sorted() {
        assert!(POSTCODE_AREAS.is_sorted_by(|left, right| left < right));
    }
}
