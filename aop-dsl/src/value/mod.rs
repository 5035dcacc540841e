//! Values while a rule is evaluated: they borrow from the event or from the program.
//!
//! A value that is not there is a [`Gap`]: an optional that is absent makes its comparison false, anything else that is
//! missing or of another type is unknown.
//!
//! How they come to be: [`read`] takes JSON as a declared type, [`const_read`] a literal of a policy, [`from_const`] a
//! constant. Records and lists stay JSON until somebody asks for a member ([`field`], [`index`], [`items`]), which is then
//! read by its own type; [`settle`] reads all items of a list at once. What is done with them: [`equal`], [`order`],
//! [`contains`], [`in_list`], [`arithmetic`], [`Matcher`] for patterns, [`Members`] for sets that are known beforehand. What
//! is kept of them: [`Stored`], or a [`Key`] that stands for them.

mod access;
mod arithmetic;
mod canonical;
mod compare;
pub(crate) mod decimal;
pub(crate) mod domain;
pub(crate) mod email;
pub(crate) mod glob;
mod identity;
pub(crate) mod ip;
mod members;
pub(crate) mod path;
mod pattern;
pub(crate) mod quantity;
mod read;
pub(crate) mod regular;
pub(crate) mod semver;
mod show;
mod stored;
#[cfg(test)]
mod tests;
pub(crate) mod time;
pub(crate) mod url;
pub(crate) mod view;

use std::borrow::Cow;
use std::net::IpAddr;
use std::rc::Rc;

use aop_toon::{Document, NodeId, Timestamp};
use ipnet::IpNet;
use rust_decimal::Decimal;

use crate::typed::Const;

pub(crate) use access::{ITEMS_MAX, Items, cast, field, from_const, has, index, is_a, items, settle};
pub(crate) use arithmetic::{TEXT_MAX, arithmetic, negate};
pub(crate) use canonical::{canonical_text, plain_text};
pub(crate) use compare::{contains, ends_with, equal_as, in_list, order, starts_with};
pub(crate) use decimal::{add as add_exactly, whole};
pub(crate) use identity::{Key, KeyWriter, hash, key, key_of_all};
pub(crate) use members::Members;
pub(crate) use pattern::Matcher;
pub(crate) use read::{const_member, const_read, read, read_member, read_text};
pub(crate) use show::{show, show_with_length};
pub(crate) use stored::{STORED_BYTES_MAX, Stored};

/// Kleene's three truth values, in the order of truth: `and` is the least, `or` the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Truth {
    False,
    Unknown,
    True,
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

impl Truth {
    pub(crate) fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.max(other)
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Gap {
    /// An optional is not there or null.
    Absent,
    Unknown(Reason),
}

/// Why something is unknown. What it is about is told by the expression's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// A required value is not there.
    Missing,
    /// It has another type than declared.
    WrongType,
    /// It cannot be read as what it should be: no e-mail address, more than 28 digits, no time.
    Malformed,
    /// A number is out of range, or something was divided by nothing.
    Arithmetic,
    /// A list is longer than a quantifier looks at.
    TooLong,
    /// What would have been remembered was forgotten, because the memory is bounded.
    Forgotten,
    /// A response whose request is not known.
    NoRequest,
    /// Memory of an agent or organisation was not passed in.
    NoSharedState,
    /// The event names no agent, and memory of its agent was asked for.
    NoAgent,
    /// Texts of other runs are not kept, so that nothing can be told to derive from them.
    OtherRun,
    /// No detector looked at the event.
    NotScanned,
}

pub(crate) type Outcome<'e> = Result<Value<'e>, Gap>;

/// What an expression gives. Types were checked: who asks for a text of an expression of type `string` gets one or a
/// [`Gap`].
#[derive(Debug, Clone)]
pub(crate) enum Value<'e> {
    Bool(bool),
    /// int and decimal
    Number(Decimal),
    Float(f64),
    /// All textual types; e-mail addresses and domains folded, paths normalised.
    Text(Cow<'e, str>),
    Time(Timestamp),
    /// Microseconds.
    Duration(i64),
    /// Bytes.
    Size(u64),
    Ip(IpAddr),
    Cidr(IpNet),
    /// A record, a list or `any` of an event, as it was sent; a list's items are read by the list's item type.
    Json(aop_toon::Value<'e>),
    /// A constant that is none of the above: a pattern, a list or set.
    Const(&'e Const),
    /// Words: effects, labels.
    Words(&'e [String]),
    /// A list that was worked out.
    List(Rc<[Value<'e>]>),
    Detection(Detection),
    /// JSON that came out of a text, or out of the memory of a run: like `Json`, with a document of its own.
    OwnedJson(Rc<Document<'static>>, NodeId),
    /// A text or JSON that was too long to be remembered: it can be compared for equality, and everything else is unknown.
    Digest(Key),
}

/// What a detector says of a part of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Detection {
    /// The highest, 0 when there is none.
    pub(crate) score: Decimal,
    pub(crate) count: u32,
}

impl<'e> Value<'e> {
    /// Its text, when it is one.
    #[cfg(test)]
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its text for what looks into texts: an IP address is one too, as it is written.
    pub(crate) fn to_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Ip(ip) => Some(Cow::Owned(ip.to_string())),
            _ => None,
        }
    }

    /// The JSON it stands for, when it is JSON that was not read yet.
    pub(crate) fn as_json(&self) -> Option<aop_toon::Value<'_>> {
        match self {
            Self::Json(json) => Some(*json),
            Self::OwnedJson(document, node) => Some(document.value(*node)),
            _ => None,
        }
    }
}
