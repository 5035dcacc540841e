//! The international bank account number (ISO 13616): its length by country and its check digits (ISO 7064, MOD 97-10).

/// How many characters an account number of this country has, by the SWIFT IBAN registry; nothing for a country without.
///
/// ```
/// assert_eq!(aop_rules::verify::iban::length(*b"NO"), Some(15));
/// assert_eq!(aop_rules::verify::iban::length(*b"US"), None);
/// ```
pub fn length(country: [u8; 2]) -> Option<usize> {
    LENGTHS.binary_search_by(|(code, _)| code.as_bytes().cmp(&country)).ok().map(|found| usize::from(LENGTHS[found].1))
}

/// Sorted by country code.
static LENGTHS: &[(&str, u8)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

/// Whether letters and digits without separators, in one case or the other, have the remainder 1.
///
/// ```
/// use aop_rules::verify::iban;
///
/// assert!(iban::has_check_digits(b"XK051212012345678906"));
/// assert!(!iban::has_check_digits(b"XK051212012345678960"));
/// assert!(!iban::has_check_digits(b"XK05-1212"));
/// ```
pub fn has_check_digits(account: &[u8]) -> bool {
    let Some((head, body)) = account.split_at_checked(4) else { return false };
    let remainder = body.iter().chain(head).try_fold(0u32, |remainder, &byte| {
        let value = char::from(byte).to_digit(36)?;
        Some(if value < 10 { remainder * 10 + value } else { remainder * 100 + value } % 97)
    });
    remainder == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(LENGTHS.is_sorted_by(|left, right| left.0 < right.0));
    }
}
