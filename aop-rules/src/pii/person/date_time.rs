//! Dates that nothing says to be somebody's: for who asks for them.

use aop_toon::{Effect, Severity};

use crate::rule::Rule;
use crate::scan::{Identifier, Look, Recognizer};

/// Finds `DATE_TIME`.
pub static RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        rule: &RULE,
        entity: "DATE_TIME",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[
                (r"9999-99-99\T99:99:99.999\Z", 0.4),
                (r"9999-99-99\T99:99:99.999+99:99", 0.4),
                (r"9999-99-99\T99:99:99.999-99:99", 0.4),
                (r"9999-99-99\T99:99:99\Z", 0.4),
                (r"9999-99-99\T99:99:99+99:99", 0.4),
                (r"9999-99-99\T99:99:99-99:99", 0.4),
                (r"9999-99-99\T99:99\Z", 0.4),
                (r"9999-99-99\T99:99:99", 0.4),
                (r"9999-99-99\T99:99", 0.4),
                ("9999-99-99 99:99:99", 0.4),
                ("9999-99-99 99:99", 0.4),
                ("9999-99-99", 0.3),
                ("9999/99/99", 0.3),
            ],
            check: begins_with_year,
            ..Identifier::NONE
        }),
        hits: &["on 2031-04-12", "2031-04-12T10:20:30Z", "on 2031/04/12"],
        misses: &["2031-04-12", "2031-14-12", "12031-04-12"],
    },
    Recognizer {
        rule: &RULE,
        entity: "DATE_TIME",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99/99/9999", 0.3),
                ("9/99/9999", 0.3),
                ("99/9/9999", 0.3),
                ("9/9/9999", 0.3),
                ("99-99-9999", 0.3),
                ("9-99-9999", 0.3),
                ("99-9-9999", 0.3),
                ("9-9-9999", 0.3),
                ("99.99.9999", 0.3),
                ("9.99.9999", 0.3),
                ("99.9.9999", 0.3),
                ("9.9.9999", 0.3),
            ],
            check: ends_in_year,
            ..Identifier::NONE
        }),
        hits: &["on 4/12/2031", "12.4.2031", "04-12-2031"],
        misses: &["4/12/2031", "44/12/2031"],
    },
    Recognizer {
        rule: &RULE,
        entity: "DATE_TIME",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99/99/99", 0.2),
                ("99.9.99", 0.15),
                ("99.99.99", 0.15),
                ("9/99/99", 0.15),
                ("9/9/99", 0.15),
                ("99/9/99", 0.15),
            ],
            check: has_day_and_month,
            ..Identifier::NONE
        }),
        hits: &["on 12/04/31", "12.4.31"],
        misses: &["on 12/04/3", "on 44/44/31"],
    },
    Recognizer {
        rule: &RULE,
        entity: "DATE_TIME",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[
                ("99-AAA-9999", 0.4),
                ("9-AAA-9999", 0.4),
                ("99-AAA-99", 0.3),
                ("99 AAA 9999", 0.4),
                ("9 AAA 9999", 0.4),
                ("AAA 99, 9999", 0.4),
                ("AAA 9, 9999", 0.4),
                ("99-AAA", 0.2),
                ("9-AAA", 0.2),
                ("AAA-99", 0.2),
            ],
            check: has_month_name,
            // The name of a month in small letters is found by itself, not by the digits beside it.
            words: &[
                "jan",
                "january",
                "feb",
                "february",
                "mar",
                "march",
                "apr",
                "april",
                "may",
                "jun",
                "june",
                "jul",
                "july",
                "aug",
                "august",
                "sep",
                "sept",
                "september",
                "oct",
                "october",
                "nov",
                "november",
                "dec",
                "december",
            ],
            near: 0.3,
            ..Identifier::NONE
        }),
        hits: &["due 04-APR-2031", "4 Apr 2031", "APR-31"],
        misses: &["04-APR-2031", "due 04-APX-2031"],
    },
    Recognizer {
        rule: &RULE,
        entity: "DATE_TIME",
        region: None,
        look: Look::Identifier(Identifier {
            layouts: &[("99/9999", 0.1), ("9/99", 0.05), ("99/99", 0.05)],
            check: begins_with_month,
            ..Identifier::NONE
        }),
        hits: &["by 04/2031", "on,4/12,then"],
        misses: &["by 13/2031", "44/2031"],
    },
];

static RULE: Rule = Rule {
    id: "pii/date-time",
    severity: Severity::Info,
    effect: Some(Effect::Flag),
    summary: "date or time",
    why: "A date of an event can tell whom it happened to. Nearly all dates are nobody's, so that they are told of only where the \
          threshold is lowered.",
    source: "ISO 8601-1 and RFC 3339 (forms); 45 CFR 164.514(b)(2)(i)(C)",
    ..Rule::PII
};

fn pair(digits: &[u8], at: usize) -> u32 {
    digits
        .get(at..at + 2)
        .map_or(0, |pair| pair.iter().fold(0, |value, byte| value * 10 + u32::from(byte.wrapping_sub(b'0') % 10)))
}

/// Year, month, day in front.
fn begins_with_year(digits: &[u8]) -> bool {
    (1..=12).contains(&pair(digits, 4)) && (1..=31).contains(&pair(digits, 6)) && (16..=29).contains(&pair(digits, 0))
}

/// Day and month in either order, then a year of four digits.
fn ends_in_year(digits: &[u8]) -> bool {
    let Some((day_and_month, year)) = digits.split_last_chunk::<4>() else { return false };
    (16..=29).contains(&pair(year, 0)) && are_day_and_month(day_and_month)
}

/// Day and month in either order, then a year of two digits.
fn has_day_and_month(digits: &[u8]) -> bool {
    digits.split_last_chunk::<2>().is_some_and(|(day_and_month, _)| are_day_and_month(day_and_month))
}

/// Two to four digits, of which one number is a month and the other a day.
fn are_day_and_month(digits: &[u8]) -> bool {
    let number =
        |digits: &[u8]| digits.iter().fold(0u32, |value, byte| value * 10 + u32::from(byte.wrapping_sub(b'0') % 10));
    (1..digits.len()).filter(|split| *split <= 2 && digits.len() - split <= 2).any(|split| {
        let (one, other) = (number(&digits[..split]), number(&digits[split..]));
        (1..=31).contains(&one) && (1..=31).contains(&other) && one.min(other) <= 12
    })
}

fn has_month_name(characters: &[u8]) -> bool {
    const MONTHS: [&[u8]; 12] =
        [b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC"];
    characters.windows(3).any(|window| MONTHS.contains(&window))
}

fn begins_with_month(digits: &[u8]) -> bool {
    let length = if digits.len().is_multiple_of(2) { 2 } else { 1 };
    let month = if length == 2 { pair(digits, 0) } else { u32::from(digits[0] - b'0') };
    let has_year = digits.len() < 5 || (16..=29).contains(&pair(digits, length));
    (1..=12).contains(&month) && has_year
}
