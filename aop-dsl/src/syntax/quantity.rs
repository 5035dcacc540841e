//! Numbers, durations and sizes as they are written.

use super::ast::Span;
use super::lowering::Lowering;
use super::words;
use crate::diagnostic::{DiagnosticCode, shown};

/// What a lexeme of digits and perhaps a unit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Quantity {
    /// Digits, without `_`.
    Int(String),
    /// Digits with a point, without `_`.
    Decimal(String),
    /// Microseconds.
    Duration(i64),
    /// Bytes.
    Size(u64),
}

/// Microseconds in each unit of time.
const TIMES: [(&str, i64); 6] = [
    ("ms", 1_000),
    ("s", 1_000_000),
    ("m", 60_000_000),
    ("h", 3_600_000_000),
    ("d", 86_400_000_000),
    ("w", 604_800_000_000),
];

/// Bytes in each unit of size.
const SIZES: [(&str, u64); 7] = [
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
];

/// Units as other languages and people write them.
const ALIASES: [(&str, &str); 28] = [
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "w"),
    ("weeks", "w"),
    ("msec", "ms"),
    ("millis", "ms"),
    ("millisecond", "ms"),
    ("milliseconds", "ms"),
    ("byte", "b"),
    ("bytes", "b"),
    ("kilobyte", "kb"),
    ("kilobytes", "kb"),
    ("megabyte", "mb"),
    ("megabytes", "mb"),
    ("gigabyte", "gb"),
    ("gigabytes", "gb"),
];

/// A number's digits and what is written right behind them.
pub(super) fn split(text: &str) -> (&str, &str) {
    let digits = text.find(|character: char| !character.is_ascii_digit() && character != '_' && character != '.');
    text.split_at(digits.unwrap_or(text.len()))
}

/// The unit that a word probably means, when it is none itself.
pub(super) fn unit_meant(word: &str) -> Option<&'static str> {
    let small = word.to_ascii_lowercase();
    let units = || TIMES.iter().map(|(unit, _)| *unit).chain(SIZES.iter().map(|(unit, _)| *unit));
    if units().any(|unit| unit == word) {
        return None;
    }
    // `M` may be minutes or megabytes.
    let in_capitals = units().find(|unit| *unit == small && small.len() > 1);
    in_capitals.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == small).map(|(_, unit)| *unit))
}

/// Whether a word is a unit of time or size.
pub(super) fn is_unit(word: &str) -> bool {
    TIMES.iter().any(|(unit, _)| *unit == word) || SIZES.iter().any(|(unit, _)| *unit == word)
}

/// A duration of several units, `1h30m`, in one of them.
pub(super) fn of_several_units(text: &str) -> Option<String> {
    let (mut rest, mut micros, mut count) = (text, 0_i64, 0);
    while !rest.is_empty() {
        let (digits, _) = split(rest);
        let behind = &rest[digits.len()..];
        let (unit, _) = behind.split_at(behind.find(|character: char| character.is_ascii_digit()).unwrap_or(behind.len()));
        let (_, size) = TIMES.iter().find(|(name, _)| *name == unit)?;
        micros = micros.checked_add(digits.parse::<i64>().ok()?.checked_mul(*size)?)?;
        rest = &behind[unit.len()..];
        count += 1;
    }
    let (unit, size) = TIMES.iter().rev().find(|(_, size)| micros % size == 0)?;
    (count > 1 && micros > 0).then(|| format!("{}{unit}", micros / size))
}

/// The value of a lexeme, or what is wrong with it.
pub(super) fn read(text: &str) -> Result<Quantity, String> {
    let (written, unit) = split(text);
    let digits = written.replace('_', "");
    let is_decimal = digits.contains('.');
    let too_large = || format!("`{}` is larger than can be counted", shown(text));
    if unit.is_empty() {
        return Ok(if is_decimal { Quantity::Decimal(digits) } else { Quantity::Int(digits) });
    }
    if let Some((_, micros)) = TIMES.iter().find(|(name, _)| *name == unit) {
        if is_decimal {
            return Err(format!("a duration is a whole number of its unit; write `{text}` in a smaller unit, such as 90m"));
        }
        let micros = digits.parse().ok().and_then(|count: i64| count.checked_mul(*micros));
        return micros.map(Quantity::Duration).ok_or_else(too_large);
    }
    if let Some((_, bytes)) = SIZES.iter().find(|(name, _)| *name == unit) {
        if is_decimal {
            return Err(format!("a size is a whole number of its unit; write `{text}` in a smaller unit, such as 1500kb"));
        }
        let bytes = digits.parse().ok().and_then(|count: u64| count.checked_mul(*bytes));
        return bytes.map(Quantity::Size).ok_or_else(too_large);
    }
    Err(unit_fault(text, &digits, unit))
}

fn unit_fault(text: &str, digits: &str, unit: &str) -> String {
    let is_exponent = unit.strip_prefix(['e', 'E']).is_some_and(|rest| rest.bytes().all(|byte| !byte.is_ascii_alphabetic()));
    if digits == "0" && unit.starts_with(['x', 'X', 'b', 'o']) && unit.len() > 1 {
        return format!("`{}` is no number here; write it in decimal digits", shown(text));
    }
    if is_exponent {
        return format!("`{}` is no number here; write all of its digits, such as 1_000_000", shown(text));
    }
    let units: Vec<&str> = TIMES.iter().map(|(unit, _)| *unit).chain(SIZES.iter().map(|(unit, _)| *unit)).collect();
    let near = unit_meant(unit).or_else(|| words::nearest(unit, &units));
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{digits}{near}`?"));
    let kinds = "durations end in ms, s, m, h, d or w, sizes in b, kb, mb, gb, kib, mib or gib";
    format!("`{}` is no unit{hint}{}{kinds}", shown(unit), if hint.is_empty() { "; " } else { " " })
}

impl Lowering<'_, '_> {
    /// The value of a lexeme; nothing when it has a mistake, which is said.
    pub(super) fn quantity(&mut self, text: &str, span: Span) -> Option<Quantity> {
        match read(text) {
            Ok(quantity) => Some(quantity),
            Err(message) => {
                self.error(DiagnosticCode::Number, span, message);
                None
            }
        }
    }

    /// A whole number; anything else is said to be none.
    pub(super) fn whole_number(&mut self, text: &str, span: Span, what: &str) -> Option<u64> {
        let number = match read(text) {
            Ok(Quantity::Int(digits)) => digits.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.error(DiagnosticCode::Number, span, format!("`{}` is no {what}; write a whole number", shown(text)));
        }
        number
    }

    /// A duration in microseconds; anything else is said to be none.
    pub(super) fn duration(&mut self, text: &str, span: Span, what: &str) -> Option<i64> {
        match self.quantity(text, span)? {
            Quantity::Duration(micros) => Some(micros),
            _ => {
                let message = format!("`{}` is no {what}; write a duration, such as 30s or 10m", shown(text));
                self.error(DiagnosticCode::Number, span, message);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexemes_are_read() {
        assert_eq!(read("1_000"), Ok(Quantity::Int("1000".to_owned())));
        assert_eq!(read("5000.00"), Ok(Quantity::Decimal("5000.00".to_owned())));
        assert_eq!(read("10m"), Ok(Quantity::Duration(600_000_000)));
        assert_eq!(read("2kib"), Ok(Quantity::Size(2048)));
        for wrong in ["10min", "1.5h", "1e9", "0x1F", "99999999999999999w", "7parsecs"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(unit_meant("MB"), Some("mb"));
        assert_eq!(unit_meant("min"), Some("m"));
        assert_eq!(unit_meant("m"), None);
        assert_eq!(of_several_units("1h30m").as_deref(), Some("90m"));
        assert_eq!(of_several_units("1h"), None);
        assert_eq!(of_several_units("1x30m"), None);
    }
}
