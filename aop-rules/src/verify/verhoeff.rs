//! Verhoeff's check digit (J. Verhoeff, "Error Detecting Decimal Codes", 1969), by the dihedral group of order ten.

/// Whether decimal digits, given as ASCII, end in their check digit.
///
/// ```
/// use aop_rules::verify::verhoeff;
///
/// assert!(verhoeff::is_valid(b"2363"));
/// assert!(!verhoeff::is_valid(b"2364"));
/// assert!(!verhoeff::is_valid(b"3263"));
/// assert!(!verhoeff::is_valid(b""));
/// ```
pub fn is_valid(digits: &[u8]) -> bool {
    let sum = digits.iter().rev().zip((0..8).cycle()).try_fold(0, |sum, (byte, place)| {
        let digit = char::from(*byte).to_digit(10)?;
        Some(product(sum, permuted(digit as u8, place)))
    });
    !digits.is_empty() && sum == Some(0)
}

/// The group's product: 0 to 4 are rotations, 5 to 9 are reflections.
fn product(left: u8, right: u8) -> u8 {
    match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right) % 5,
        (false, true) => 5 + (left - right) % 5,
        (false, false) => (5 + left - right) % 5,
    }
}

/// A digit at a place counted from the right: Verhoeff's permutation, as many times as the place says.
fn permuted(digit: u8, place: usize) -> u8 {
    const ONCE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    (0..place).fold(digit, |digit, _| ONCE[usize::from(digit)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by the published tables, which this file derives instead of holding.
    #[test]
    fn check_digits_are_those_of_the_tables() {
        for number in ["758722", "123451", "1428570", "1234567890120", "84736430954837284567892"] {
            assert!(is_valid(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn every_wrong_digit_and_every_swap_of_neighbours_is_found() {
        let number = *b"84736430954837284567892";
        for place in 0..number.len() {
            for digit in b'0'..=b'9' {
                let mut other = number;
                other[place] = digit;
                assert_eq!(is_valid(&other), digit == number[place]);
            }
            let mut other = number;
            if place + 1 < number.len() && number[place] != number[place + 1] {
                other.swap(place, place + 1);
                assert!(!is_valid(&other));
            }
        }
    }

    #[test]
    fn what_is_not_a_digit_is_refused() {
        assert!(!is_valid(b"23a3"));
    }
}
