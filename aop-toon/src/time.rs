//! Points in time, as events carry them.

use std::fmt;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// 0000-01-01T00:00:00Z, in microseconds.
const YEAR_0: i64 = -62_167_219_200_000_000;

/// 10000-01-01T00:00:00Z, in microseconds.
const YEAR_10000: i64 = 253_402_300_800_000_000;

/// A point in time, in microseconds since 1970-01-01T00:00:00Z; finer parts of a second are cut off.
///
/// ```
/// use aop_toon::Timestamp;
///
/// let t: Timestamp = "2025-12-05T11:00:00.25+01:00".parse().unwrap();
/// assert_eq!(t.micros(), 1_764_928_800_250_000);
/// assert_eq!(t.to_string(), "2025-12-05T10:00:00.250Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point so many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Microseconds from `earlier` to this point; negative when it is later.
    pub const fn micros_since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The text is no RFC 3339 date-time with an offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no RFC 3339 time with an offset, such as 2025-12-05T10:00:00Z")]
pub struct TimestampError {
    text: String,
}

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(micros) = utc_micros(text.as_bytes()) {
            return Ok(Self(micros));
        }
        // chrono also takes a space for the T, which RFC 3339 section 5.6 allows to applications only.
        DateTime::parse_from_rfc3339(text)
            .ok()
            .filter(|_| text.as_bytes().get(10).is_some_and(|byte| matches!(byte, b'T' | b't')))
            .map(|t| Self(t.timestamp_micros()))
            // An offset can move the first and last day out of the years that RFC 3339 can write, so it could not be read back.
            .filter(|t| (YEAR_0..YEAR_10000).contains(&t.0))
            .ok_or_else(|| TimestampError { text: crate::error::shown(text) })
    }
}

/// Reads the one form that nearly all events use, `2025-12-05T10:00:00.123Z`, several times faster than chrono; nothing for
/// all other forms, the wrong ones too. A property test holds it to chrono.
fn utc_micros(text: &[u8]) -> Option<i64> {
    let (seconds, fraction) = text.strip_suffix(b"Z")?.split_at_checked(19)?;
    let separators = [seconds[4], seconds[7], seconds[10], seconds[13], seconds[16]];
    if separators != *b"--T::" {
        return None;
    }
    let [year, month, day] = [digits(&seconds[..4])?, digits(&seconds[5..7])?, digits(&seconds[8..10])?];
    let [hour, minute, second] = [digits(&seconds[11..13])?, digits(&seconds[14..16])?, digits(&seconds[17..])?];
    let is_leap_year = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let month_days = match month {
        2 if is_leap_year => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=month_days).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micros = match fraction {
        [] => 0,
        [b'.', places @ ..] if (1..=6).contains(&places.len()) => digits(places)? * 10i64.pow(6 - places.len() as u32),
        _ => return None,
    };
    // Days since 1970-01-01 with years that begin in March, so that the leap day is a year's last.
    let (march_year, march_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = march_year.div_euclid(4) - march_year.div_euclid(100) + march_year.div_euclid(400);
    let days = march_year * 365 + leap_days + (march_month * 153 + 2) / 5 + day - 719_469;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micros)
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(t) => f.write_str(&t.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => write!(f, "{} µs after 1970", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quick_way_reads_what_chrono_reads(
            (year, month, day) in (0u32..=9999, 0u32..=13, 0u32..=32),
            (hour, minute, second) in (0u32..=24, 0u32..=60, 0u32..=61),
            fraction in "(\\.[0-9]{0,7})?",
            tail in "Z?Z|z|\\+00:00| ",
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{tail}");
            let by_chrono = DateTime::parse_from_rfc3339(&text).ok().map(|t| t.timestamp_micros()).filter(|t| *t < YEAR_10000);
            if let Some(micros) = utc_micros(text.as_bytes()) {
                prop_assert_eq!(Some(micros), by_chrono, "{}", text);
            }
            prop_assert_eq!(text.parse::<Timestamp>().ok().map(Timestamp::micros), by_chrono, "{}", text);
        }

        #[test]
        fn the_quick_way_takes_every_day(days in -719_528i64..2_932_897, second in 0i64..86_400) {
            let micros = (days * 86_400 + second) * 1_000_000;
            let text = Timestamp(micros).to_string();
            prop_assert_eq!(utc_micros(text.as_bytes()), Some(micros), "{}", text);
        }

        #[test]
        fn the_quick_way_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..32)) {
            utc_micros(&bytes);
        }
    }
}
