//! JSON as the library takes it, whose numbers are 64-bit whole numbers and doubles.
//!
//! A number that is neither (more digits than a double has, a whole number of more than 64 bits) is rounded, and rounding could carry it
//! past a limit. So what holds such a number is tried three times, with the nearest double and with its two neighbours, and has to
//! fit each time.

use aop_toon::{Kind, Number, Value};

/// How numbers are read that a double does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As the nearest double.
    Nearest,
    /// As the double before.
    Down,
    /// As the double behind.
    Up,
}

impl Reading {
    pub(super) const ALL: [Self; 3] = [Self::Nearest, Self::Down, Self::Up];
}

/// The same JSON, and whether all numbers are what they were.
pub(super) fn json(value: Value<'_>, reading: Reading) -> (serde_json::Value, bool) {
    let mut is_exact = true;
    (read(value, reading, &mut is_exact), is_exact)
}

fn read(value: Value<'_>, reading: Reading, is_exact: &mut bool) -> serde_json::Value {
    use serde_json::Value as Json;
    match value.kind() {
        Kind::Null => Json::Null,
        Kind::Bool => Json::Bool(value.as_bool().unwrap_or_default()),
        Kind::Number => value.as_number().map_or(Json::Null, |number| read_number(number, reading, is_exact)),
        Kind::String => Json::String(value.as_str().unwrap_or_default().into_owned()),
        Kind::Array => value.items().map(|item| read(item, reading, is_exact)).collect(),
        Kind::Object => {
            let member =
                |(key, value): (aop_toon::Key<'_>, Value<'_>)| (key.as_str().into_owned(), read(value, reading, is_exact));
            Json::Object(value.entries().map(member).collect())
        }
    }
}

fn read_number(number: Number<'_>, reading: Reading, is_exact: &mut bool) -> serde_json::Value {
    if let Some(whole) = number.as_i64() {
        return whole.into();
    }
    if let Some(whole) = number.as_u64() {
        return whole.into();
    }
    let double = number.as_f64();
    if digits(number.lexeme()) == digits(&format!("{double:e}")) {
        return double.into();
    }
    *is_exact = false;
    match reading {
        Reading::Nearest => double.into(),
        Reading::Down => double.next_down().into(),
        Reading::Up => double.next_up().into(),
    }
}

/// The digits of a number without zeros at either end, and how many places the point stands behind the first.
fn digits(lexeme: &str) -> (String, i64) {
    let (mantissa, exponent) =
        lexeme.trim_start_matches('-').split_once(['e', 'E']).unwrap_or((lexeme.trim_start_matches('-'), "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let zeros = all.len() - all.trim_start_matches('0').len();
    let digits = all.trim_matches('0').to_owned();
    if digits.is_empty() {
        return (digits, 0);
    }
    let exponent: i64 = exponent.trim_start_matches('+').parse().unwrap_or(i64::MAX / 2);
    (digits, exponent + whole.len() as i64 - zeros as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_is_known_by_its_shortest_name() {
        let is_own_name = |lexeme: &str| {
            let double: f64 = lexeme.parse().unwrap();
            digits(lexeme) == digits(&format!("{double:e}"))
        };
        for lexeme in ["0.1", "1e-1", "0.30000000000000004", "-2.50", "1e300", "100.0", "0.0", "-0.0", "12345.678e-3"] {
            assert!(is_own_name(lexeme), "{lexeme}");
        }
        for lexeme in ["0.1000000000000000001", "18446744073709551617", "-9223372036854775809", "1e-400"] {
            assert!(!is_own_name(lexeme), "{lexeme}");
        }
    }
}
