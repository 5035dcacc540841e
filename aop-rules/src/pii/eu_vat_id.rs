//! VAT identification numbers of the member states of the European Union, but Germany's and Italy's, which stand with their country.

use aop_toon::Severity;

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};
use crate::verify::{iso7064, luhn, weighted};

/// The recognizer of VAT ids.
pub static RECOGNIZERS: &[Recognizer] = &[Recognizer {
    rule: &Rule {
        id: "pii/eu-vat-id",
        severity: Severity::Warning,
        summary: "VAT id of an EU member state",
        why: "Sole traders have one too, and then it names a person; in some states it holds their personal number.",
        source: "Directive 2006/112/EC, article 215; European Commission, VIES: the states' forms; check digits by the states' tax offices",
        ..Rule::PII
    },
    entity: "EU_VAT_ID",
    region: None,
    look: Look::Identifier(Identifier {
        layouts: &[
            (r"\A\T\U99999999", 0.85),
            (r"\A\T \U99999999", 0.85),
            (r"\B\E0999999999", 0.85),
            (r"\B\E1999999999", 0.85),
            (r"\B\E 0999.999.999", 0.95),
            (r"\B\E0999.999.999", 0.95),
            (r"\B\E 0999 999 999", 0.95),
            (r"\B\E 1999.999.999", 0.95),
            (r"\B\G999999999", 0.6),
            (r"\B\G9999999999", 0.6),
            (r"\C\Y99999999A", 0.8),
            (r"\C\Z99999999", 0.5),
            (r"\C\Z999999999", 0.3),
            (r"\C\Z9999999999", 0.6),
            (r"\D\K99999999", 0.6),
            (r"\D\K 99999999", 0.6),
            (r"\D\K 99 99 99 99", 0.8),
            (r"\E\E999999999", 0.6),
            (r"\E\L999999999", 0.6),
            (r"\E\L 999999999", 0.6),
            (r"\E\SX9999999X", 0.7),
            (r"\F\I99999999", 0.6),
            (r"\F\I 99999999", 0.6),
            (r"\F\RXX999999999", 0.8),
            (r"\F\R XX 999 999 999", 0.95),
            (r"\F\R XX 999999999", 0.9),
            (r"\F\RXX 999 999 999", 0.95),
            (r"\H\R99999999999", 0.8),
            (r"\H\U99999999", 0.6),
            (r"\I\E9999999A", 0.7),
            (r"\I\E9999999AA", 0.8),
            (r"\I\E9X99999A", 0.6),
            (r"\L\T999999999", 0.6),
            (r"\L\T999999999999", 0.7),
            (r"\L\U99999999", 0.7),
            (r"\L\V99999999999", 0.7),
            (r"\M\T99999999", 0.6),
            (r"\N\L999999999\B99", 0.95),
            (r"\N\L 999999999 \B99", 0.95),
            (r"\N\L 999999999\B99", 0.95),
            (r"\N\L9999.99.999.\B99", 0.95),
            (r"\P\L9999999999", 0.7),
            (r"\P\L 9999999999", 0.7),
            (r"\P\L 999-999-99-99", 0.9),
            (r"\P\T999999999", 0.6),
            (r"\P\T 999999999", 0.6),
            (r"\P\T 999 999 999", 0.8),
            (r"\R\O999999", 0.2),
            (r"\R\O9999999", 0.3),
            (r"\R\O99999999", 0.4),
            (r"\R\O999999999", 0.4),
            (r"\R\O9999999999", 0.4),
            (r"\S\E99999999990\1", 0.8),
            (r"\S\I99999999", 0.6),
            (r"\S\K9999999999", 0.7),
        ],
        check: vat_id,
        names: &[
            "vat",
            "vat id",
            "vat number",
            "vat no",
            "vat reg no",
            "vatin",
            "uid",
            "uid nummer",
            "btw",
            "btw nummer",
            "btw id",
            "tva",
            "numéro de tva",
            "tva intracommunautaire",
            "iva",
            "nif iva",
            "moms",
            "momsnr",
            "alv",
            "alv numero",
            "dič",
            "dic",
            "ddv",
            "pvn",
            "pvm",
            "kmkr",
            "pdv",
            "oib",
            "adószám",
            "cif",
            "cui",
            "nip",
            "cvr",
            "ддс",
            "ДДС",
            "αφμ",
            "ΑΦΜ",
        ],
        ..Identifier::NONE
    }),
    hits: &[
        "ATU34832072",
        "UID-Nummer ATU44277858",
        "BE0258330893",
        "BE 0767.949.889",
        "VAT BG689886601",
        "CY95125239H",
        "CZ61210315",
        "DK88669517",
        "EE763367459",
        "EL468010059",
        "ESB24862583",
        "FI57592051",
        "TVA FR56215947946",
        "HR54701863090",
        "HU44071206",
        "IE0150901F",
        "LT675097617",
        "LU62014077",
        "LV42030788869",
        "MT51386226",
        "BTW NL898179427B91",
        "PL3338721399",
        "PT546068715",
        "CUI RO73707075",
        "SE004189580601",
        "SI31943390",
        "SK6582381454",
        r#"{"vatId":"be0920275226"}"#,
    ],
    misses: &[
        "ATU34832073",
        "BE0258330894",
        "CY95125239J",
        "DK88669518",
        "EE763367458",
        "EL468010058",
        "ESB24862584",
        "FI57592052",
        "FR57215947946",
        "HR54701863091",
        "HU44071207",
        "IE0150901G",
        "LT675097618",
        "LU62014078",
        "LV42030788868",
        "MT51386227",
        "NL898179428B91",
        "PL3338721398",
        "PT546068716",
        "RO73707075",
        "SE004189580602",
        "SI31943391",
        "SK6582381455",
        "XATU34832072",
        "US34832072",
    ],
}];

fn vat_id(number: &[u8]) -> bool {
    let Some((country, body)) = number.split_at_checked(2) else { return false };
    let ends_in = |check: u32| body.last().is_some_and(|&last| weighted::value(last) == check);
    let sum = |weights: &[u32]| weighted::sum(body, weights);
    let is_given_out = body.iter().any(|byte| byte.is_ascii_digit() && *byte != b'0');
    is_given_out
        && match country {
            b"AT" => austria(body),
            b"BE" => belgium(body),
            b"BG" => bulgaria(body),
            b"CY" => cyprus(body),
            b"CZ" => czechia(body),
            b"DK" => body[0] != b'0' && sum(&[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
            b"EE" => sum(&[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10),
            b"EL" => ends_in(sum(&[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10),
            b"ES" => spain(body),
            b"FI" => sum(&[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11),
            b"FR" => france(body),
            b"HR" => iso7064::is_mod_11_10(body),
            b"HU" => sum(&[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10),
            b"IE" => ireland(body),
            b"LT" => lithuania(body),
            b"LU" => weighted::number(&body[..6]) % 89 == weighted::number(&body[6..]),
            b"LV" => latvia(body),
            b"MT" => body[0] != b'0' && sum(&[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37),
            b"NL" => netherlands(number),
            b"PL" => ends_in(sum(&[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11),
            b"PT" => body[0] != b'0' && ends_in(portugal(body)),
            b"RO" => body[0] != b'0' && romania(body),
            b"SE" => luhn::is_valid_ascii(&body[..10]),
            b"SI" => slovenia(body),
            b"SK" => slovakia(body),
            _ => false,
        }
}

fn austria(body: &[u8]) -> bool {
    let Some(digits) = body.strip_prefix(b"U") else { return false };
    let luhn: u32 = digits[..7]
        .iter()
        .enumerate()
        .map(|(place, &byte)| match weighted::value(byte) {
            digit if place % 2 == 1 => digit * 2 / 10 + digit * 2 % 10,
            digit => digit,
        })
        .sum();
    (96 - luhn) % 10 == weighted::value(digits[7])
}

fn belgium(digits: &[u8]) -> bool {
    digits[0] <= b'1' && 97 - weighted::number(&digits[..8]) % 97 == weighted::number(&digits[8..])
}

/// Companies have nine digits, persons ten.
fn bulgaria(digits: &[u8]) -> bool {
    let last = weighted::value(digits[digits.len() - 1]);
    if digits.len() == 9 {
        let check = match weighted::sum(digits, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
            10 => weighted::sum(digits, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
            check => check,
        };
        return check == last;
    }
    let is_citizen = weighted::sum(digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == last;
    let is_foreigner = weighted::sum(digits, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == last;
    let is_other = (11 - weighted::sum(digits, &[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == last;
    is_citizen || is_foreigner || is_other
}

/// Digits at odd places count by a table.
fn cyprus(body: &[u8]) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: u32 = body[..8]
        .iter()
        .enumerate()
        .map(|(place, &byte)| match weighted::value(byte) {
            digit if place % 2 == 0 => ODD[digit as usize],
            digit => digit,
        })
        .sum();
    !body.starts_with(b"12") && sum % 26 + 10 == weighted::value(body[8])
}

/// Companies have eight digits; persons their birth number, or nine digits with a six in front.
fn czechia(digits: &[u8]) -> bool {
    match digits.len() {
        8 => {
            let check = match (11 - weighted::sum(digits, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 11 {
                0 => 1,
                check => check % 10,
            };
            digits[0] != b'9' && check == weighted::value(digits[7])
        }
        9 if digits[0] == b'6' => {
            let remainder = weighted::sum(&digits[1..], &[8, 7, 6, 5, 4, 3, 2]) % 11;
            (8 + remainder) % 10 == weighted::value(digits[8])
        }
        10 => remainder(digits, 11) == 0,
        _ => false,
    }
}

fn spain(body: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let (first, middle, last) = (body[0], &body[1..8], body[8]);
    if !middle.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = weighted::number(middle);
    match first {
        b'0'..=b'9' => LETTERS[((u32::from(first - b'0') * 10_000_000 + number) % 23) as usize] == last,
        b'X'..=b'Z' => LETTERS[((u32::from(first - b'X') * 10_000_000 + number) % 23) as usize] == last,
        b'K' | b'L' | b'M' => LETTERS[(number % 23) as usize] == last,
        b'A'..=b'H' | b'J' | b'N' | b'P'..=b'S' | b'U'..=b'W' => {
            let digit = match last {
                b'J' => b'0',
                b'A'..=b'I' => last - b'A' + b'1',
                digit => digit,
            };
            luhn::is_valid_ascii(&[middle, &[digit]].concat())
        }
        _ => false,
    }
}

/// Two characters in front of the company number; with letters, they are written in base 34 without I and O.
fn france(body: &[u8]) -> bool {
    const ALPHABET: &[u8; 34] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let company = &body[2..];
    let place = |byte: u8| ALPHABET.iter().position(|&other| other == byte).map(|place| place as u32);
    let (Some(first), Some(second)) = (place(body[0]), place(body[1])) else { return false };
    let number = weighted::number(company);
    // Monaco's have three zeros and no check of their own.
    let is_company = company.starts_with(b"000") || luhn::is_valid_ascii(company);
    let is_checked = match (first < 10, second < 10) {
        (true, true) => u64::from(first * 10 + second) == (u64::from(number) * 100 + 12) % 97,
        (is_digit, _) => {
            let check = if is_digit { first * 24 + second - 10 } else { first * 34 + second - 100 };
            (number + 1 + check / 11) % 11 == check % 11
        }
    };
    is_company && is_checked
}

/// Seven digits, or before 2013 a letter in the second place; the check letter and what follows count as in the PPS number.
fn ireland(body: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let weights = &[8, 7, 6, 5, 4, 3, 2];
    let sum = if body[1].is_ascii_digit() {
        let extra = body.get(8).map_or(Some(0), |letter| LETTERS.iter().position(|other| other == letter));
        let Some(extra) = extra else { return false };
        weighted::sum(&body[..7], weights) + 9 * extra as u32
    } else {
        weighted::sum(&[b"0", &body[2..7], &body[..1]].concat(), weights)
    };
    LETTERS[(sum % 23) as usize] == body[7]
}

fn lithuania(digits: &[u8]) -> bool {
    let (check, number) = digits.split_last().unwrap_or((&b'0', &[]));
    let sum = |offset: u32| -> u32 {
        number.iter().zip(0..).map(|(&byte, place)| weighted::value(byte) * (1 + (place + offset) % 9)).sum()
    };
    let expected = match sum(0) % 11 {
        10 => sum(2) % 11 % 10,
        remainder => remainder,
    };
    number.last() == Some(&b'1') && expected == weighted::value(*check)
}

/// Companies begin with four and more, persons with their birth date or 32.
fn latvia(digits: &[u8]) -> bool {
    if digits[0] > b'3' {
        return weighted::sum(digits, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3;
    }
    (1 + weighted::sum(digits, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10 == weighted::value(digits[10])
}

/// By the citizen service number it holds, or since 2020 by ISO 7064 with the country's letters.
fn netherlands(number: &[u8]) -> bool {
    let digits = &number[2..11];
    let sum = weighted::sum(digits, &[9, 8, 7, 6, 5, 4, 3, 2]);
    let is_old = sum % 11 == weighted::value(digits[8]);
    weighted::number(digits) > 0 && weighted::number(&number[12..]) > 0 && (is_old || iso7064::is_mod_97_10(number))
}

fn portugal(digits: &[u8]) -> u32 {
    match 11 - weighted::sum(digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 | 11 => 0,
        check => check,
    }
}

/// The weights belong to nine digits; shorter numbers have zeros in front.
fn romania(digits: &[u8]) -> bool {
    const WEIGHTS: &[u32] = &[7, 5, 3, 2, 1, 7, 5, 3, 2];
    let (check, number) = digits.split_last().unwrap_or((&b'0', &[]));
    let sum = weighted::sum(number, &WEIGHTS[9 - number.len()..]);
    sum * 10 % 11 % 10 == weighted::value(*check)
}

fn slovenia(digits: &[u8]) -> bool {
    let check = match 11 - weighted::sum(digits, &[8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 => 0,
        check => check,
    };
    digits[0] != b'0' && check == weighted::value(digits[7])
}

fn slovakia(digits: &[u8]) -> bool {
    digits[0] != b'0' && matches!(digits[2], b'2'..=b'4' | b'7'..=b'9') && remainder(digits, 11) == 0
}

/// Of a number that may be larger than 32 bits hold.
fn remainder(digits: &[u8], modulus: u32) -> u32 {
    digits.iter().fold(0, |remainder, &byte| (remainder * 10 + weighted::value(byte)) % modulus)
}
