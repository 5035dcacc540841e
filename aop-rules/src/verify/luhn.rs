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
