//! Values that outlive their event.

use std::borrow::Cow;
use std::net::IpAddr;
use std::rc::Rc;

use aop_toon::{Document, Limits, NodeId, Timestamp};
use ipnet::IpNet;
use rust_decimal::Decimal;

use super::{Detection, Gap, Key, Outcome, Reason, Value, canonical, key};

/// How many bytes of a text or of JSON are kept.
pub(crate) const STORED_BYTES_MAX: usize = 1024;

/// A value, or the lack of one, that owns what it needs and is of bounded size. Texts and JSON over 1 KiB keep their [`Key`]
/// alone, so that they can be compared for equality and nothing else.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stored {
    Absent,
    Unknown(Reason),
    Bool(bool),
    Number(Decimal),
    Float(f64),
    Text(Box<str>),
    Time(i64),
    Duration(i64),
    Size(u64),
    Ip(IpAddr),
    Cidr(IpNet),
    Detection {
        score: Decimal,
        count: u32,
    },
    /// JSON, in its canonical form.
    Json(Box<str>),
    /// A list that was worked out or is part of the policy.
    List(Box<[Stored]>),
    Digest(Key),
}

impl Stored {
    /// The most that one takes.
    #[cfg(test)]
    pub(crate) const BYTES_MAX: usize = size_of::<Self>() + STORED_BYTES_MAX / 8 * size_of::<Self>() + STORED_BYTES_MAX;

    /// About how many bytes it takes, itself included.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        let beyond = match self {
            Self::Text(text) | Self::Json(text) => text.len(),
            Self::List(items) => items.iter().map(Stored::bytes).sum(),
            _ => 0,
        };
        size_of::<Self>() + beyond
    }

    /// What is kept of it.
    pub(crate) fn new(outcome: &Outcome<'_>) -> Self {
        match outcome {
            Ok(value) => Self::of_value(value),
            Err(Gap::Absent) => Self::Absent,
            Err(Gap::Unknown(reason)) => Self::Unknown(*reason),
        }
    }

    fn of_value(value: &Value<'_>) -> Self {
        match value {
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => Self::Number(*number),
            Value::Float(float) => Self::Float(*float),
            Value::Text(text) if text.len() <= STORED_BYTES_MAX => Self::Text(text.as_ref().into()),
            Value::Time(time) => Self::Time(time.micros()),
            Value::Duration(micros) => Self::Duration(*micros),
            Value::Size(bytes) => Self::Size(*bytes),
            Value::Ip(ip) => Self::Ip(*ip),
            Value::Cidr(network) => Self::Cidr(*network),
            Value::Detection(detection) => Self::Detection { score: detection.score, count: detection.count },
            Value::Digest(key) => Self::Digest(*key),
            Value::Json(_) | Value::OwnedJson(..) => Self::of_json(value),
            Value::Const(_) | Value::Words(_) | Value::List(_) => Self::of_list(value),
            Value::Text(_) => Self::Digest(key(value)),
        }
    }

    fn of_json(value: &Value<'_>) -> Self {
        // The canonical form is hardly ever longer than what was sent: only numbers may grow.
        let raw_len = value.as_json().map_or(0, |json| json.raw().len());
        if raw_len <= 4 * STORED_BYTES_MAX {
            let text = canonical::canonical_text(value);
            if text.len() <= STORED_BYTES_MAX {
                return Self::Json(text.into());
            }
        }
        Self::Digest(key(value))
    }

    /// Items are kept one by one when they fit together.
    fn of_list(value: &Value<'_>) -> Self {
        let items: Option<Vec<Stored>> = match super::items(value, &crate::types::Type::Any) {
            Ok(items) if items.len() <= STORED_BYTES_MAX / 8 => items.map(|item| Some(Self::new(&item))).collect(),
            _ => None,
        };
        match items.map(|items| Self::List(items.into())) {
            Some(list) if list.content_bytes().is_some_and(|bytes| bytes <= STORED_BYTES_MAX) => list,
            _ => Self::Digest(key(value)),
        }
    }

    /// The bytes that an item takes of the whole's bound; nothing when it holds a digest, which would not be equal to what
    /// it stands for inside of something else.
    fn content_bytes(&self) -> Option<usize> {
        match self {
            Self::Text(text) | Self::Json(text) => Some(text.len() + 8),
            Self::List(items) => items.iter().try_fold(8, |sum, item| Some(sum + item.content_bytes()?)),
            Self::Digest(_) => None,
            _ => Some(8),
        }
    }

    /// The value again. It is equal to whatever the value it was made from is equal to.
    pub(crate) fn outcome(&self) -> Outcome<'_> {
        Ok(match self {
            Self::Absent => return Err(Gap::Absent),
            Self::Unknown(reason) => return Err(Gap::Unknown(*reason)),
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Number(number) => Value::Number(*number),
            Self::Float(float) => Value::Float(*float),
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Time(micros) => Value::Time(Timestamp::from_micros(*micros)),
            Self::Duration(micros) => Value::Duration(*micros),
            Self::Size(bytes) => Value::Size(*bytes),
            Self::Ip(ip) => Value::Ip(*ip),
            Self::Cidr(network) => Value::Cidr(*network),
            Self::Detection { score, count } => Value::Detection(Detection { score: *score, count: *count }),
            Self::Json(text) => return parse(text),
            Self::List(items) => {
                let values: Result<Vec<Value<'_>>, Gap> = items.iter().map(Stored::outcome).collect();
                Value::List(values?.into())
            }
            Self::Digest(key) => Value::Digest(*key),
        })
    }
}

fn parse(text: &str) -> Outcome<'static> {
    // Deeper than any document that is read, so that what came from one goes back into one.
    let limits = Limits { bytes: 4 * STORED_BYTES_MAX, depth: 128 };
    let document = Document::parse(text.as_bytes(), &limits).map_err(|_| Gap::Unknown(Reason::Forgotten))?;
    let root: NodeId = document.root().id();
    Ok(Value::OwnedJson(Rc::new(document.into_owned()), root))
}
