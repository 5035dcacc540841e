//! The Luhn check digit of payment cards (ISO/IEC 7812-1, annex B).

/// Whether decimal digits, given as numbers from 0 to 9, end in their Luhn check digit.
///
/// ```
/// use aop_rules::verify::luhn;
///
/// assert!(luhn::is_valid(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]));
/// assert!(!luhn::is_valid(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 0]));
/// assert!(!luhn::is_valid(&[]));
/// ```
pub fn is_valid(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => 2 * digit - 9,
            (_, digit) => 2 * digit,
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// Whether decimal digits, given as ASCII, end in their Luhn check digit.
///
/// ```
/// use aop_rules::verify::luhn;
///
/// assert!(luhn::is_valid_ascii(b"79927398713"));
/// assert!(!luhn::is_valid_ascii(b"79927398710"));
/// assert!(!luhn::is_valid_ascii(b"7992739871X"));
/// ```
pub fn is_valid_ascii(digits: &[u8]) -> bool {
    let sum = digits.iter().rev().enumerate().try_fold(0, |sum, (place, byte)| {
        let digit = char::from(*byte).to_digit(10)?;
        Some(sum + if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 })
    });
    !digits.is_empty() && sum.is_some_and(|sum| sum.is_multiple_of(10))
}
