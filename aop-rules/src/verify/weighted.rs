//! Weighted sums: what most national numbers compute their check digit from.

/// The sum of a number's characters, each by its weight, from the left. Digits and letters count as in base 36 (`A` is 10);
/// characters beyond the last weight, such as the check digit, do not count.
///
/// ```
/// use aop_rules::verify::weighted;
///
/// assert_eq!(weighted::sum(b"1025", &[4, 3, 2]), 4 + 0 + 4);
/// assert_eq!(weighted::sum(b"A1", &[1, 2]), 12);
/// ```
pub fn sum(number: &[u8], weights: &[u32]) -> u32 {
    number.iter().zip(weights).map(|(byte, weight)| value(*byte) * weight).sum()
}

/// A digit's value, or a letter's as in base 36; nothing else has one.
///
/// ```
/// assert_eq!(aop_rules::verify::weighted::value(b'7'), 7);
/// assert_eq!(aop_rules::verify::weighted::value(b'Z'), 35);
/// ```
pub fn value(byte: u8) -> u32 {
    char::from(byte).to_digit(36).unwrap_or(0)
}

/// The number that some digits write, for ranges and parts such as a month.
///
/// ```
/// assert_eq!(aop_rules::verify::weighted::number(b"0712"), 712);
/// ```
pub fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + value(*digit))
}

/// Whether one character stands throughout, as in the numbers people make up.
///
/// ```
/// assert!(aop_rules::verify::weighted::is_one_character(b"1111"));
/// assert!(!aop_rules::verify::weighted::is_one_character(b"1112"));
/// ```
pub fn is_one_character(number: &[u8]) -> bool {
    number.iter().all(|byte| Some(byte) == number.first())
}
