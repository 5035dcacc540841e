//! How long something may take, as a setting says it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time_span::TextVisitor;
use super::{TimeSpan, TimeSpanError};

/// A limit on a length of time: `"30s"`, `"robust(6)"` or `"off"`.
///
/// `robust(k)`, with k at least 1, is the median of the run's own values plus k times their median absolute deviation, which
/// counts as at least 2 % of the median. It is decided after the run, and within 1 % (see `docs/validators.md`).
///
/// ```
/// use aop_rules::post_run::{LagLimit, TimeSpan};
///
/// assert_eq!("5m".parse(), Ok(LagLimit::Fixed(TimeSpan::from_secs(300))));
/// assert_eq!("robust(6)".parse(), Ok(LagLimit::Robust(6.0)));
/// assert_eq!("off".parse(), Ok(LagLimit::Off));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LagLimit {
    /// No limit.
    Off,
    /// So long at most.
    Fixed(TimeSpan),
    /// Median + k · MAD of the run's values at most.
    Robust(f64),
}

impl fmt::Display for LagLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LagLimit::Off => f.write_str("off"),
            LagLimit::Fixed(span) => f.write_str(&span.to_setting()),
            LagLimit::Robust(k) => write!(f, "robust({k})"),
        }
    }
}

/// Why a text is not a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LagLimitError {
    /// Neither `off` nor `robust(k)`, and not a length of time either.
    #[error("{0}; a limit may also be \"robust(6)\" or \"off\"")]
    Span(#[from] TimeSpanError),
    /// The factor of `robust(…)` is not a number of at least 1.
    #[error("{0:?} needs a number of at least 1, such as \"robust(6)\"")]
    Factor(String),
}

impl FromStr for LagLimit {
    type Err = LagLimitError;

    fn from_str(text: &str) -> Result<Self, LagLimitError> {
        if text == "off" {
            return Ok(LagLimit::Off);
        }
        let Some(factor) = text.strip_prefix("robust(").and_then(|rest| rest.strip_suffix(')')) else {
            return Ok(LagLimit::Fixed(text.parse()?));
        };
        match factor.trim().parse::<f64>() {
            Ok(k) if k.is_finite() && k >= 1.0 => Ok(LagLimit::Robust(k)),
            _ => Err(LagLimitError::Factor(text.chars().take(80).collect())),
        }
    }
}

impl Serialize for LagLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LagLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor {
            expected: "a limit such as \"30s\", \"robust(6)\" or \"off\" (in quotes)",
            parse: str::parse,
        })
    }
}
