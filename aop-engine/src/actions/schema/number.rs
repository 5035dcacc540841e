//! JSON as the library takes it, whose numbers are 64-bit whole numbers and doubles.
//!
//! A number that is neither (more digits than a double has, a whole number of more than 64 bits) is rounded, and rounding could carry it
//! past a limit. So what holds such a number is tried three times, with the nearest double and with its two neighbours, and has to
//! fit each time.
//!
//! That tells nothing of keywords that ask for a number itself instead of a limit: the neighbours of a fraction may be whole, and those
//! of an odd number even. What holds such a keyword ([`Exactness`]) takes no number that it would see rounded.

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

/// What a schema asks of numbers that rounding could carry past it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Exactness {
    /// It asks for `integer`, for multiples or for a value.
    is_asked: bool,
    /// It asks for multiples, which the library works out with doubles alone.
    of_multiples: bool,
}

/// Up to here a double holds every whole number.
const WHOLE_MAX: u64 = 1 << 53;

impl Exactness {
    /// Looks at all keywords of a schema, wherever they stand.
    pub(super) fn of(schema: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        let mut found = Self::default();
        let parts: Box<dyn Iterator<Item = &Json>> = match schema {
            Json::Array(items) => Box::new(items.iter()),
            Json::Object(keywords) => {
                for (keyword, value) in keywords {
                    let asks = match keyword.as_str() {
                        "type" => {
                            value == "integer"
                                || value.as_array().is_some_and(|types| types.iter().any(|ty| ty == "integer"))
                        }
                        "enum" | "const" => has_number(value),
                        "multipleOf" => value.is_number(),
                        // What stands in another document is not seen here.
                        "$ref" | "$dynamicRef" => value.as_str().is_some_and(|place| !place.starts_with('#')),
                        _ => false,
                    };
                    found.is_asked |= asks;
                    found.of_multiples |= asks && matches!(keyword.as_str(), "multipleOf" | "$ref" | "$dynamicRef");
                }
                Box::new(keywords.values())
            }
            _ => return found,
        };
        parts.map(Self::of).fold(found, |all, part| Self {
            is_asked: all.is_asked || part.is_asked,
            of_multiples: all.of_multiples || part.of_multiples,
        })
    }

    /// The first number that the schema would see rounded, and asks for exactly.
    pub(super) fn rounded(self, value: Value<'_>) -> Option<Value<'_>> {
        if !self.is_asked {
            return None;
        }
        match value.kind() {
            Kind::Array => value.items().find_map(|item| self.rounded(item)),
            Kind::Object => value.entries().find_map(|(_, member)| self.rounded(member)),
            Kind::Number => value.as_number().filter(|number| !self.holds(*number)).map(|_| value),
            Kind::Null | Kind::Bool | Kind::String => None,
        }
    }

    fn holds(self, number: Number<'_>) -> bool {
        match (number.as_i64().map(i64::unsigned_abs).or(number.as_u64()), number.as_f64()) {
            (Some(whole), _) => !self.of_multiples || whole <= WHOLE_MAX,
            (None, double) => double.abs() <= WHOLE_MAX as f64 && is_own_name(number.lexeme(), double),
        }
    }
}

fn has_number(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(_) => true,
        serde_json::Value::Array(items) => items.iter().any(has_number),
        serde_json::Value::Object(members) => members.values().any(has_number),
        _ => false,
    }
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
    if is_own_name(number.lexeme(), double) {
        return double.into();
    }
    *is_exact = false;
    match reading {
        Reading::Nearest => double.into(),
        Reading::Down => double.next_down().into(),
        Reading::Up => double.next_up().into(),
    }
}

/// Whether these are the digits by which a double is told from all others.
fn is_own_name(lexeme: &str, double: f64) -> bool {
    digits(lexeme) == digits(&format!("{double:e}"))
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
        let is_own_name = |lexeme: &str| is_own_name(lexeme, lexeme.parse().unwrap());
        for lexeme in ["0.1", "1e-1", "0.30000000000000004", "-2.50", "1e300", "100.0", "0.0", "-0.0", "12345.678e-3"] {
            assert!(is_own_name(lexeme), "{lexeme}");
        }
        for lexeme in ["0.1000000000000000001", "18446744073709551617", "-9223372036854775809", "1e-400"] {
            assert!(!is_own_name(lexeme), "{lexeme}");
        }
    }
}
