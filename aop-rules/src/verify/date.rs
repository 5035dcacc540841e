//! Birth dates as numbers hold them.

use crate::verify::weighted::number;

/// Whether a calendar has this day. Without a century (a year below 100), 29 February is a day in every fourth year, 00 too:
/// it was one in 2000.
///
/// ```
/// use aop_rules::verify::date;
///
/// assert!(date::is_day(1996, 2, 29));
/// assert!(!date::is_day(1900, 2, 29));
/// assert!(date::is_day(0, 2, 29));
/// assert!(!date::is_day(97, 4, 31));
/// assert!(!date::is_day(97, 13, 1));
/// assert!(!date::is_day(97, 12, 0));
/// ```
pub fn is_day(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (year < 100 || !year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// Whether six digits are year, month and day.
///
/// ```
/// assert!(aop_rules::verify::date::is_yymmdd(b"800229"));
/// assert!(!aop_rules::verify::date::is_yymmdd(b"810229"));
/// ```
pub fn is_yymmdd(digits: &[u8]) -> bool {
    digits.len() == 6 && is_day(number(&digits[..2]), number(&digits[2..4]), number(&digits[4..]))
}
