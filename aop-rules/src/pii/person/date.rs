//! Dates as people and programs write them.

use crate::verify::date::is_day;

/// How long the date is that a text begins with, and its year, with four digits or two. A time of day behind it belongs to it.
///
/// ```text
/// 1979-01-12   12/01/1979   1/12/79   12.1.1979   12 Jan 1979   12th of January 1979   Jan 12, 1979   1979年1月12日   19790112
/// ```
pub(super) fn leading(text: &str) -> Option<(usize, u32)> {
    let (length, year) = numeric(text).or_else(|| day_month_year(text)).or_else(|| month_day_year(text))?;
    let end = length + time(&text[length..]);
    let goes_on = text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
    (!goes_on).then_some((end, year))
}

/// Digits and separators only.
fn numeric(text: &str) -> Option<(usize, u32)> {
    let (first, first_length) = number(text)?;
    if first_length == 8 {
        let (year, month, day) = (first / 10_000, first / 100 % 100, first % 100);
        return ((1900..2100).contains(&year) && is_day(year, month, day)).then_some((8, year));
    }
    let (gap, is_ideographic) = separator(&text[first_length..])?;
    let (second, second_length) = number(&text[first_length + gap..])?;
    let second_end = first_length + gap + second_length;
    let (next_gap, _) = separator(&text[second_end..])?;
    let same = text[first_length..first_length + gap] == text[second_end..second_end + next_gap];
    let (third, third_length) = number(&text[second_end + next_gap..])?;
    let end = second_end + next_gap + third_length;
    let is_short = |length: usize| (1..=2).contains(&length);
    if !(same || is_ideographic) || !is_short(second_length) {
        return None;
    }
    match (first_length, third_length) {
        (4, 1..=2) if is_day(first, second, third) => Some((end + day_sign(&text[end..]), first)),
        (1..=2, 2 | 4) if is_day(third, second, first) || is_day(third, first, second) => Some((end, third)),
        _ => None,
    }
}

/// `12 Jan 1979`, `12. Januar 1979`, `12-JAN-1979`, `12th of January, 1979`.
fn day_month_year(text: &str) -> Option<(usize, u32)> {
    let (day, length) = number(text).filter(|(_, length)| *length <= 2)?;
    let mut at = length + ordinal(&text[length..]);
    at += gap(&text[at..]);
    at += ["of ", "de ", "di "].iter().find(|word| text[at..].starts_with(**word)).map_or(0, |word| word.len());
    let (month, length) = month(&text[at..])?;
    at += length;
    at += gap(&text[at..]);
    at += ["of ", "de ", "del "].iter().find(|word| text[at..].starts_with(**word)).map_or(0, |word| word.len());
    let (year, length) = number(&text[at..]).filter(|(_, length)| matches!(length, 2 | 4))?;
    is_day(year, month, day).then_some((at + length, year))
}

/// `Jan 12, 1979`.
fn month_day_year(text: &str) -> Option<(usize, u32)> {
    let (month, mut at) = month(text)?;
    at += gap(&text[at..]);
    let (day, length) = number(&text[at..]).filter(|(_, length)| *length <= 2)?;
    at += length;
    at += ordinal(&text[at..]);
    at += gap(&text[at..]);
    let (year, length) = number(&text[at..]).filter(|(_, length)| *length == 4)?;
    is_day(year, month, day).then_some((at + length, year))
}

fn number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take(9).take_while(u8::is_ascii_digit).count();
    (1..=8).contains(&length).then(|| (text[..length].parse().unwrap_or(0), length))
}

/// How long the separator of a date in digits is, and whether it is one of those of East Asia.
fn separator(text: &str) -> Option<(usize, bool)> {
    if let Some(sign) = ["年", "月", "년", "월"].into_iter().find(|&sign| text.starts_with(sign)) {
        return Some((sign.len() + usize::from(text[sign.len()..].starts_with(' ')), true));
    }
    match text.bytes().next()? {
        b'.' if text.starts_with(". ") => Some((2, false)),
        b'-' | b'/' | b'.' | b' ' => Some((1, false)),
        _ => None,
    }
}

/// How long the sign is that a day is written with in East Asia.
fn day_sign(text: &str) -> usize {
    ["日", "일"].into_iter().find(|sign| text.starts_with(sign)).map_or(0, str::len)
}

fn ordinal(text: &str) -> usize {
    let is_ordinal = |ending: &&&str| text.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(ending));
    ["st", "nd", "rd", "th"].iter().find(is_ordinal).map_or(0, |ending| ending.len())
}

fn gap(text: &str) -> usize {
    text.bytes().take(2).take_while(|byte| matches!(byte, b' ' | b'.' | b',' | b'-' | b'/')).count()
}

/// The month that a text begins with, from 1 to 12, and the length of its name.
fn month(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take(16).take_while(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80).count();
    let word = text.get(..length)?.to_lowercase();
    let is_name = |names: &&str| names.split(' ').any(|name| name == word);
    MONTHS.iter().position(is_name).map(|place| (place as u32 + 1, length))
}

/// English, German, French, Spanish, Italian, Portuguese, Dutch, Russian.
const MONTHS: [&str; 12] = [
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari января",
    "february feb februar février févr febrero febbraio fevereiro fev februari февраля",
    "march mar märz mrz mars marzo março maart mrt марта",
    "april apr avril avr abril abr aprile апреля",
    "may mai mayo maggio mag maio mei мая",
    "june jun juni juin junio giugno giu junho июня",
    "july jul juli juillet juil julio luglio lug julho июля",
    "august aug août agosto ago augustus августа",
    "september sep sept septembre septiembre settembre set setembro сентября",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября",
    "november nov novembre noviembre novembro ноября",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro декабря",
];

/// How long the time of day is that a date ends in: `T10:20:30.5Z`, ` 10:20`.
fn time(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let begins = matches!(bytes.first(), Some(b'T' | b' '))
        && is_digit(1)
        && is_digit(2)
        && bytes.get(3) == Some(&b':')
        && is_digit(4)
        && is_digit(5);
    if !begins {
        return 0;
    }
    let mut at = 6;
    if bytes.get(at) == Some(&b':') && is_digit(at + 1) && is_digit(at + 2) {
        at += 3;
    }
    if bytes.get(at) == Some(&b'.') {
        at += 1 + bytes[at + 1..].iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    }
    match bytes.get(at) {
        Some(b'Z') => at + 1,
        Some(b'+' | b'-')
            if is_digit(at + 1) && is_digit(at + 2) && bytes.get(at + 3) == Some(&b':') && is_digit(at + 5) =>
        {
            at + 6
        }
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_their_forms() {
        for text in [
            "1979-01-12",
            "12/01/1979",
            "1/12/1979",
            "12.1.1979",
            "1/12/79",
            "12 Jan 1979",
            "12th of January 1979",
            "Jan 12, 1979",
            "12-JAN-1979",
            "1979年1月12日",
            "1979年1月12",
            "1979년 1월 12일",
            "1979년1월12일",
            "12 января 1979",
            "19790112",
            "12. Januar 1979",
            "12 de enero de 1979",
            "1979-01-12T10:20:30.5Z",
            "1979-01-12T10:20:30+02:00",
        ] {
            assert_eq!(leading(text).map(|(length, year)| (length, year % 100)), Some((text.len(), 79)), "{text}");
        }
    }

    #[test]
    fn what_no_calendar_has_is_no_date() {
        for text in ["1979-13-12", "31/31/1979", "12/01-1979", "1979-01", "12 Jam 1979", "1979-02-30", "1979-01-123"] {
            assert_eq!(leading(text), None, "{text}");
        }
    }
}
