//! A length of time as people write it in a configuration file and read it in a finding.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time in whole microseconds, never negative, written `30s`, `5m` or `1h30m`.
///
/// Units, largest first and each at most once: `d`, `h`, `m`, `s`, `ms`, `us`. A number without a unit is refused, for
/// nobody can tell whether `30` is seconds or minutes.
///
/// ```
/// use aop_rules::post_run::TimeSpan;
///
/// let span: TimeSpan = "1h30m".parse()?;
/// assert_eq!(span, TimeSpan::from_secs(5_400));
/// assert_eq!(span.to_string(), "1 h 30 min");
/// assert_eq!(span.to_setting(), "1h30m");
/// assert!("30".parse::<TimeSpan>().unwrap_err().to_string().contains("no unit"));
/// # Ok::<(), aop_rules::post_run::TimeSpanError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimeSpan(i64);

/// Units, largest first: as written, microseconds, as shown to people.
const UNITS: [(&str, i64, &str); 6] = [
    ("d", 86_400_000_000, "d"),
    ("h", 3_600_000_000, "h"),
    ("m", 60_000_000, "min"),
    ("s", 1_000_000, "s"),
    ("ms", 1_000, "ms"),
    ("us", 1, "µs"),
];

impl TimeSpan {
    /// So many microseconds; a negative number counts as none.
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros < 0 { 0 } else { micros })
    }

    /// So many seconds.
    pub const fn from_secs(seconds: u32) -> Self {
        Self(seconds as i64 * 1_000_000)
    }

    /// The length in microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The length as a configuration file says it: `1h30m`.
    pub fn to_setting(self) -> String {
        self.join("", |(written, _, _)| written.to_owned())
    }

    fn join(self, between: &str, unit_name: impl Fn((&str, i64, &str)) -> String) -> String {
        let mut rest = self.0;
        let mut parts = Vec::new();
        for unit in UNITS {
            let number = rest / unit.1;
            rest %= unit.1;
            if number > 0 {
                parts.push(format!("{number}{}", unit_name(unit)));
            }
        }
        if parts.is_empty() {
            parts.push(format!("0{}", unit_name(UNITS[3])));
        }
        parts.join(between)
    }
}

/// For people: `1 h 30 min`, `12.5 s`, `350 ms`. Below an hour, seconds carry up to three decimals; above, milliseconds
/// are left out, for nobody needs them beside hours.
impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0;
        if (1_000_000..60_000_000).contains(&micros) && micros % 1_000_000 != 0 {
            let decimals = format!("{:03}", micros % 1_000_000 / 1_000);
            let decimals = decimals.trim_end_matches('0');
            let seconds = micros / 1_000_000;
            return match decimals {
                "" => write!(f, "{seconds} s"),
                _ => write!(f, "{seconds}.{decimals} s"),
            };
        }
        let shown = match micros {
            60_000_000.. => micros / 1_000_000 * 1_000_000,
            1_000.. => micros / 1_000 * 1_000,
            _ => micros,
        };
        f.write_str(&Self(shown).join(" ", |(_, _, shown)| format!(" {shown}")))
    }
}

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a length of time: {reason}; write it like \"30s\", \"5m\" or \"1h30m\"")]
pub struct TimeSpanError {
    value: String,
    reason: String,
}

impl FromStr for TimeSpan {
    type Err = TimeSpanError;

    fn from_str(text: &str) -> Result<Self, TimeSpanError> {
        let fail = |reason: String| TimeSpanError { value: text.chars().take(80).collect(), reason };
        let mut rest = text;
        let mut total: i64 = 0;
        let mut units_left = &UNITS[..];
        if rest.is_empty() {
            return Err(fail("it is empty".to_owned()));
        }
        while !rest.is_empty() {
            let (digits, tail) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
            let (unit, tail) = tail.split_at(tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len()));
            if digits.is_empty() {
                return Err(fail(format!("{:?} should be a whole number and a unit", cut(rest))));
            }
            if unit.is_empty() {
                return Err(fail(format!("{digits} has no unit")));
            }
            let Some(position) = units_left.iter().position(|(written, _, _)| *written == unit) else {
                return Err(fail(match UNITS.iter().any(|(written, _, _)| *written == unit) {
                    true => format!("{unit:?} must come once, larger units first"),
                    false => format!("{:?} is not a unit (d, h, m, s, ms, us)", cut(unit)),
                }));
            };
            total = digits
                .parse::<i64>()
                .ok()
                .and_then(|number| number.checked_mul(units_left[position].1))
                .and_then(|micros| total.checked_add(micros))
                .ok_or_else(|| fail("it is longer than 292,000 years".to_owned()))?;
            units_left = &units_left[position + 1..];
            rest = tail;
        }
        Ok(Self(total))
    }
}

fn cut(text: &str) -> String {
    text.chars().take(20).collect()
}

impl Serialize for TimeSpan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_setting())
    }
}

impl<'de> Deserialize<'de> for TimeSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor {
            expected: "a length of time such as \"30s\", \"5m\" or \"1h30m\" (in quotes, with its unit)",
            parse: str::parse,
        })
    }
}

/// Reads a value that is written as text, and says what was meant when it is not text.
pub(super) struct TextVisitor<T, E> {
    pub(super) expected: &'static str,
    pub(super) parse: fn(&str) -> Result<T, E>,
}

impl<T, E: fmt::Display> serde::de::Visitor<'_> for TextVisitor<T, E> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<F: serde::de::Error>(self, text: &str) -> Result<T, F> {
        (self.parse)(text).map_err(F::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["0s", "30s", "5m", "1h30m", "2d", "1d2h3m4s5ms6us", "250ms", "7us"] {
            let span: TimeSpan = text.parse().expect("a written length reads back");
            assert_eq!(span.to_setting(), text);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let message = |text: &str| text.parse::<TimeSpan>().expect_err("refused").to_string();
        assert_eq!(
            message("5 min"),
            "\"5 min\" is not a length of time: \" min\" is not a unit (d, h, m, s, ms, us); write it like \"30s\", \"5m\" or \"1h30m\""
        );
        assert!(message("").contains("empty"));
        assert!(message("30").contains("30 has no unit"));
        assert!(message("5m1h").contains("larger units first"));
        assert!(message("5m5m").contains("once"));
        assert!(message("-5m").contains("whole number and a unit"));
        assert!(message("1.5h").contains("\".\" is not a unit"));
        assert!(message("999999999999d").contains("292,000 years"));
        assert!(message("99999999999999999999s").contains("292,000 years"));
    }

    #[test]
    fn a_bare_number_is_refused_by_value() {
        let error = serde_json::from_str::<TimeSpan>("30").expect_err("refused").to_string();
        assert!(error.contains("`30`") && error.contains("1h30m"), "{error}");
    }

    #[test]
    fn shows_people_what_they_need() {
        let shown = |micros| TimeSpan::from_micros(micros).to_string();
        assert_eq!(shown(0), "0 s");
        assert_eq!(shown(12), "12 µs");
        assert_eq!(shown(350_400), "350 ms");
        assert_eq!(shown(30_000_000), "30 s");
        assert_eq!(shown(12_500_000), "12.5 s");
        assert_eq!(shown(1_000_100), "1 s");
        assert_eq!(shown(62_900_000), "1 min 2 s");
        assert_eq!(shown(90_061_000_000), "1 d 1 h 1 min 1 s");
    }
}
