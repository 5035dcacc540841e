//! The check characters of ISO/IEC 7064, which many identifiers end in.

/// MOD 11,10: whether decimal digits, given as ASCII, end in their check digit.
///
/// ```
/// use aop_rules::verify::iso7064;
///
/// assert!(iso7064::is_mod_11_10(b"07945"));
/// assert!(!iso7064::is_mod_11_10(b"07946"));
/// ```
pub fn is_mod_11_10(digits: &[u8]) -> bool {
    is_hybrid(digits, 10)
}

/// MOD 37,36: the same for letters and digits.
///
/// ```
/// use aop_rules::verify::iso7064;
///
/// assert!(iso7064::is_mod_37_36(b"A12425GABC1234002M"));
/// assert!(!iso7064::is_mod_37_36(b"A12425GABC1234002N"));
/// ```
pub fn is_mod_37_36(characters: &[u8]) -> bool {
    is_hybrid(characters, 36)
}

/// MOD 11-2: digits, and an `X` as the check character where it is ten.
///
/// ```
/// use aop_rules::verify::iso7064;
///
/// assert!(iso7064::is_mod_11_2(b"079X"));
/// assert!(!iso7064::is_mod_11_2(b"0794"));
/// ```
pub fn is_mod_11_2(characters: &[u8]) -> bool {
    let Some((check, digits)) = characters.split_last() else { return false };
    let sum = digits.iter().try_fold(0, |sum, &byte| Some((sum + digit(byte, 10)?) * 2 % 11));
    let check = if *check == b'X' { Some(10) } else { digit(*check, 10) };
    !digits.is_empty() && sum.zip(check).is_some_and(|(sum, check)| (sum + check) % 11 == 1)
}

/// MOD 97-10: letters and digits, letters taken as the numbers 10 to 35, whose remainder by 97 is 1.
///
/// ```
/// use aop_rules::verify::iso7064;
///
/// assert!(iso7064::is_mod_97_10(b"79444"));
/// assert!(!iso7064::is_mod_97_10(b"79445"));
/// ```
pub fn is_mod_97_10(characters: &[u8]) -> bool {
    let remainder = characters.iter().try_fold(0, |remainder, &byte| {
        let value = digit(byte, 36)?;
        Some((remainder * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    remainder == Some(1)
}

/// The systems with two moduli, `base + 1` and `base`.
fn is_hybrid(characters: &[u8], base: u32) -> bool {
    let Some((check, rest)) = characters.split_last() else { return false };
    let product = rest.iter().try_fold(base, |product, &byte| {
        let sum = (product + digit(byte, base)?) % base;
        Some(if sum == 0 { base } else { sum } * 2 % (base + 1))
    });
    !rest.is_empty() && product.zip(digit(*check, base)).is_some_and(|(product, check)| (product + check) % base == 1)
}

/// What a character counts: digits, then letters in either case.
fn digit(byte: u8, base: u32) -> Option<u32> {
    char::from(byte).to_digit(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each check character is the only one that fits; the expected ones were computed by another program.
    #[track_caller]
    fn check(is_valid: fn(&[u8]) -> bool, number: &str, expected: char, alphabet: &str) {
        for character in alphabet.chars() {
            let written = format!("{number}{character}");
            assert_eq!(is_valid(written.as_bytes()), character == expected, "{written}");
        }
    }

    const LETTERS_AND_DIGITS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    #[test]
    fn mod_11_10() {
        check(is_mod_11_10, "3089052706", '7', "0123456789");
        check(is_mod_11_10, "54393550", '2', "0123456789");
        check(is_mod_11_10, "7", '8', "0123456789");
        check(is_mod_11_10, "99999999999999", '3', "0123456789");
    }

    #[test]
    fn mod_11_2() {
        check(is_mod_11_2, "000000021694", '5', "0123456789X");
        check(is_mod_11_2, "440301200101017", '5', "0123456789X");
        check(is_mod_11_2, "12", '4', "0123456789X");
        check(is_mod_11_2, "98", '4', "0123456789X");
    }

    #[test]
    fn mod_37_36() {
        check(is_mod_37_36, "B5X", '9', LETTERS_AND_DIGITS);
        check(is_mod_37_36, "A1B2C3D4E5F6", 'G', LETTERS_AND_DIGITS);
        check(is_mod_37_36, "000", '8', LETTERS_AND_DIGITS);
    }

    #[test]
    fn mod_97_10() {
        check_pair("210501700012345678", "80");
        check_pair("ZX40", "94");
        check_pair("1", "95");
    }

    #[track_caller]
    fn check_pair(number: &str, expected: &str) {
        let fitting: Vec<_> = (2..99)
            .map(|pair| format!("{pair:02}"))
            .filter(|pair| is_mod_97_10(format!("{number}{pair}").as_bytes()))
            .collect();
        assert_eq!(fitting, [expected]);
    }

    #[test]
    fn nothing_and_other_characters_are_refused() {
        for is_valid in [is_mod_11_10, is_mod_37_36, is_mod_11_2, is_mod_97_10] {
            assert!(!is_valid(b""));
            assert!(!is_valid(b"7"));
            assert!(!is_valid(b"07 45"));
        }
    }
}
