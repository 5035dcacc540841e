//! The world's numbering plan: how many digits a number has behind its country's code.

/// How long the country code is that the digits of an international number begin with, if what follows it is as long as that
/// country's numbers are.
///
/// A zero between the two, which callers from within the country dial, is not counted.
pub(super) fn fits(digits: &[u8]) -> Option<usize> {
    let code = (1..=3).find_map(|length| {
        let value = digits.get(..length)?.iter().fold(0u16, |value, digit| value * 10 + u16::from(digit - b'0'));
        COUNTRIES.binary_search_by_key(&value, |country| country.0).ok().map(|found| (length, COUNTRIES[found]))
    });
    let (length, (code, shortest, longest)) = code?;
    let national = &digits[length..];
    let significant = match national {
        // Italian numbers keep their zero, and some others begin with one.
        [b'0', rest @ ..] if !ZERO_IS_SIGNIFICANT.contains(&code) => rest,
        _ => national,
    };
    let first = *significant.first()?;
    let fits = (usize::from(shortest)..=usize::from(longest)).contains(&significant.len())
        && (first != b'0' || ZERO_IS_SIGNIFICANT.contains(&code))
        && (code != 1 || first >= b'2');
    fits.then_some(length)
}

const ZERO_IS_SIGNIFICANT: &[u16] = &[39, 225, 229, 241, 242, 378, 379];

/// Country code, fewest and most digits of a national (significant) number; sorted. No code is the beginning of another one.
static COUNTRIES: &[(u16, u8, u8)] = &[
    (1, 10, 10),
    (7, 10, 10),
    (20, 8, 10),
    (27, 9, 9),
    (30, 10, 10),
    (31, 9, 9),
    (32, 8, 9),
    (33, 9, 9),
    (34, 9, 9),
    (36, 8, 9),
    (39, 6, 11),
    (40, 9, 9),
    (41, 9, 9),
    (43, 7, 13),
    (44, 9, 10),
    (45, 8, 8),
    (46, 7, 10),
    (47, 8, 8),
    (48, 9, 9),
    (49, 7, 12),
    (51, 8, 9),
    (52, 10, 11),
    (53, 8, 8),
    (54, 10, 11),
    (55, 10, 11),
    (56, 9, 9),
    (57, 8, 10),
    (58, 10, 10),
    (60, 8, 10),
    (61, 9, 9),
    (62, 8, 12),
    (63, 8, 10),
    (64, 8, 10),
    (65, 8, 8),
    (66, 8, 9),
    (81, 9, 10),
    (82, 8, 10),
    (84, 9, 10),
    (86, 10, 11),
    (90, 10, 10),
    (91, 10, 10),
    (92, 9, 10),
    (93, 9, 9),
    (94, 9, 9),
    (95, 7, 10),
    (98, 10, 10),
    (211, 9, 9),
    (212, 9, 9),
    (213, 8, 9),
    (216, 8, 8),
    (218, 9, 9),
    (220, 7, 7),
    (221, 9, 9),
    (222, 8, 8),
    (223, 8, 8),
    (224, 9, 9),
    (225, 10, 10),
    (226, 8, 8),
    (227, 8, 8),
    (228, 8, 8),
    (229, 8, 10),
    (230, 7, 8),
    (231, 7, 9),
    (232, 8, 8),
    (233, 9, 9),
    (234, 8, 10),
    (235, 8, 8),
    (236, 8, 8),
    (237, 8, 9),
    (238, 7, 7),
    (239, 7, 7),
    (240, 9, 9),
    (241, 7, 8),
    (242, 9, 9),
    (243, 7, 9),
    (244, 9, 9),
    (245, 7, 9),
    (246, 7, 7),
    (247, 5, 6),
    (248, 7, 7),
    (249, 9, 9),
    (250, 9, 9),
    (251, 9, 9),
    (252, 7, 9),
    (253, 8, 8),
    (254, 9, 9),
    (255, 9, 9),
    (256, 9, 9),
    (257, 8, 8),
    (258, 8, 9),
    (260, 9, 9),
    (261, 9, 9),
    (262, 9, 9),
    (263, 8, 10),
    (264, 8, 9),
    (265, 7, 9),
    (266, 8, 8),
    (267, 7, 8),
    (268, 8, 8),
    (269, 7, 7),
    (290, 5, 5),
    (291, 7, 7),
    (297, 7, 7),
    (298, 6, 6),
    (299, 6, 6),
    (350, 8, 8),
    (351, 9, 9),
    (352, 6, 9),
    (353, 8, 9),
    (354, 7, 9),
    (355, 8, 9),
    (356, 8, 8),
    (357, 8, 8),
    (358, 7, 11),
    (359, 8, 9),
    (370, 8, 8),
    (371, 8, 8),
    (372, 7, 8),
    (373, 8, 8),
    (374, 8, 8),
    (375, 9, 9),
    (376, 6, 6),
    (377, 8, 9),
    (378, 8, 10),
    (379, 8, 10),
    (380, 9, 9),
    (381, 8, 9),
    (382, 8, 8),
    (383, 8, 9),
    (385, 8, 9),
    (386, 8, 8),
    (387, 8, 9),
    (389, 8, 8),
    (420, 9, 9),
    (421, 9, 9),
    (423, 7, 7),
    (500, 5, 5),
    (501, 7, 7),
    (502, 8, 8),
    (503, 8, 8),
    (504, 8, 8),
    (505, 8, 8),
    (506, 8, 8),
    (507, 7, 8),
    (508, 6, 6),
    (509, 8, 8),
    (590, 9, 9),
    (591, 8, 8),
    (592, 7, 7),
    (593, 8, 9),
    (594, 9, 9),
    (595, 9, 9),
    (596, 9, 9),
    (597, 6, 7),
    (598, 8, 8),
    (599, 7, 8),
    (670, 7, 8),
    (672, 6, 6),
    (673, 7, 7),
    (674, 7, 7),
    (675, 7, 8),
    (676, 5, 7),
    (677, 5, 7),
    (678, 5, 7),
    (679, 7, 7),
    (680, 7, 7),
    (681, 6, 6),
    (682, 5, 5),
    (683, 4, 7),
    (685, 5, 10),
    (686, 5, 8),
    (687, 6, 6),
    (688, 5, 6),
    (689, 6, 8),
    (690, 4, 5),
    (691, 7, 7),
    (692, 7, 7),
    (800, 8, 8),
    (808, 8, 8),
    (850, 8, 10),
    (852, 8, 8),
    (853, 8, 8),
    (855, 8, 9),
    (856, 8, 10),
    (870, 9, 9),
    (880, 8, 10),
    (886, 8, 9),
    (960, 7, 7),
    (961, 7, 8),
    (962, 8, 9),
    (963, 8, 9),
    (964, 8, 10),
    (965, 8, 8),
    (966, 9, 9),
    (967, 7, 9),
    (968, 8, 8),
    (970, 8, 9),
    (971, 8, 9),
    (972, 8, 9),
    (973, 8, 8),
    (974, 8, 8),
    (975, 8, 8),
    (976, 8, 8),
    (977, 8, 10),
    (992, 9, 9),
    (993, 8, 8),
    (994, 9, 9),
    (995, 9, 9),
    (996, 9, 9),
    (998, 9, 9),
];

/// How a country groups its numbers, and how sure that alone makes: the first digits, and the digits in each group. `(` before
/// a group's length: the group stands in brackets.
pub(super) struct National {
    /// What the number begins with: one of these characters each, `.` for any digit.
    pub(super) lead: &'static [&'static [u8]],
    pub(super) groups: &'static [u8],
    pub(super) separators: &'static [u8],
    pub(super) score: f64,
}

const ANY: &[u8] = b"0123456789";
const AREA: &[u8] = b"23456789";
const ZERO: &[u8] = b"0";
const NOT_ZERO: &[u8] = b"123456789";

/// Groupings that tell a phone number from other numbers, with no word near. `-` and ` ` and `.` part the groups, the same
/// one throughout; first the area code in brackets, then without.
pub(super) static BRACKETED: &[National] = &[
    // North America: (415) 555-0174
    National { lead: &[AREA], groups: &[3, 3, 4], separators: b" -.", score: 0.85 },
    // Australia: (02) 5550 1234; Brazil: (11) 91234-5678, (11) 3123-4567
    National { lead: &[ZERO, b"23478"], groups: &[2, 4, 4], separators: b" -", score: 0.8 },
    National { lead: &[NOT_ZERO, NOT_ZERO], groups: &[2, 5, 4], separators: b"-", score: 0.75 },
    National { lead: &[NOT_ZERO, NOT_ZERO], groups: &[2, 4, 4], separators: b"-", score: 0.75 },
    // Germany and others: (030) 1234567, (0711) 123456; Britain: (020) 7946 0018
    National { lead: &[ZERO, NOT_ZERO], groups: &[3, 7], separators: b" -", score: 0.65 },
    National { lead: &[ZERO, NOT_ZERO], groups: &[3, 8], separators: b" -", score: 0.65 },
    National { lead: &[ZERO, NOT_ZERO], groups: &[4, 6], separators: b" -", score: 0.65 },
    National { lead: &[ZERO, NOT_ZERO], groups: &[4, 7], separators: b" -", score: 0.65 },
    National { lead: &[ZERO, NOT_ZERO], groups: &[5, 5], separators: b" -", score: 0.65 },
    National { lead: &[ZERO, NOT_ZERO], groups: &[5, 6], separators: b" -", score: 0.65 },
    National { lead: &[ZERO, NOT_ZERO], groups: &[3, 4, 4], separators: b" -", score: 0.75 },
    National { lead: &[ZERO, NOT_ZERO], groups: &[4, 3, 4], separators: b" -", score: 0.75 },
];

/// How sure a grouping without brackets makes: identifiers of other kinds that a word names go before.
const LIKELY: f64 = 0.5;

/// The same without brackets.
pub(super) static GROUPED: &[National] = &[
    // North America: 415-555-0174, 1-415-555-0174
    National { lead: &[AREA, ANY, ANY, AREA], groups: &[3, 3, 4], separators: b"-", score: LIKELY },
    National { lead: &[AREA, ANY, ANY, AREA], groups: &[3, 3, 4], separators: b".", score: LIKELY },
    National { lead: &[AREA, ANY, ANY, AREA], groups: &[3, 3, 4], separators: b" ", score: 0.3 },
    National { lead: &[b"1", AREA, ANY, ANY, AREA], groups: &[1, 3, 3, 4], separators: b"- .", score: LIKELY },
    // France: 01 23 45 67 89
    National { lead: &[ZERO, NOT_ZERO], groups: &[2, 2, 2, 2, 2], separators: b" .-", score: LIKELY },
    // Britain: 020 7946 0018, 0161 496 0018, 07700 900 123, 07700 900123
    National { lead: &[ZERO, b"12378"], groups: &[3, 4, 4], separators: b" -", score: LIKELY },
    National { lead: &[ZERO, b"12378"], groups: &[4, 3, 4], separators: b" -", score: LIKELY },
    National { lead: &[ZERO, b"12378"], groups: &[5, 3, 3], separators: b" -", score: LIKELY },
    National { lead: &[ZERO, b"127"], groups: &[5, 6], separators: b" ", score: LIKELY },
    // Australia: 0412 345 678, 02 5550 1234; Japan: 03-1234-5678
    National { lead: &[ZERO, b"4"], groups: &[4, 3, 3], separators: b" ", score: LIKELY },
    National { lead: &[ZERO, b"2346789"], groups: &[2, 4, 4], separators: b" -", score: LIKELY },
    // Switzerland and others: 079 123 45 67; Austria, Türkiye: 0688 123 45 67; Belgium: 0470 12 34 56, 02 123 45 67
    National { lead: &[ZERO, NOT_ZERO], groups: &[3, 3, 2, 2], separators: b" ", score: LIKELY },
    National { lead: &[ZERO, NOT_ZERO], groups: &[4, 3, 2, 2], separators: b" ", score: LIKELY },
    National { lead: &[ZERO, b"4"], groups: &[4, 2, 2, 2], separators: b" ", score: LIKELY },
    National { lead: &[ZERO, NOT_ZERO], groups: &[2, 3, 2, 2], separators: b" ", score: LIKELY },
    // South Africa, Israel: 082 123 4567, 052-123-4567
    National { lead: &[ZERO, NOT_ZERO], groups: &[3, 3, 4], separators: b" -", score: LIKELY },
    National { lead: &[ZERO, b"57"], groups: &[3, 7], separators: b"-", score: LIKELY },
    // India: 98765 43210
    National { lead: &[b"6789"], groups: &[5, 5], separators: b" ", score: LIKELY },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_sorted_and_none_begins_another() {
        assert!(COUNTRIES.is_sorted_by(|left, right| left.0 < right.0));
        let begins = |(long, ..): &(u16, u8, u8), (short, ..): &(u16, u8, u8)| {
            *long != *short && (long / 10 == *short || long / 100 == *short)
        };
        assert!(!COUNTRIES.iter().any(|long| COUNTRIES.iter().any(|short| begins(long, short))));
    }

    #[test]
    fn lengths_are_the_countries() {
        assert_eq!(fits(b"442079460018"), Some(2));
        assert_eq!(fits(b"4402079460018"), Some(2));
        assert_eq!(fits(b"44207946001"), Some(2));
        assert_eq!(fits(b"4420794600"), None);
        assert_eq!(fits(b"390667843"), Some(2));
        assert_eq!(fits(b"14155550174"), Some(1));
        assert_eq!(fits(b"10155550174"), None);
        assert_eq!(fits(b"2994155550"), None);
    }
}
