//! Taking arguments apart, and putting results together.

use std::borrow::Cow;
use std::net::IpAddr;

use aop_toon::Timestamp;
use rust_decimal::Decimal;

use super::accepts::{self, Accepts};
use super::{Example, Parameter};
use crate::types::Type;
use crate::value::{Gap, ITEMS_MAX, Items, Outcome, Reason, TEXT_MAX, Value, items, whole};

pub(crate) const WRONG_TYPE: Gap = Gap::Unknown(Reason::WrongType);
pub(crate) const MALFORMED: Gap = Gap::Unknown(Reason::Malformed);
pub(crate) const TOO_LONG: Gap = Gap::Unknown(Reason::TooLong);
pub(crate) const ARITHMETIC: Gap = Gap::Unknown(Reason::Arithmetic);

/// A parameter that must be given.
pub(crate) const fn required(name: &'static str, accepts: &'static [Accepts]) -> Parameter {
    Parameter { name, accepts, optional: false }
}

/// A parameter that may be left out.
pub(crate) const fn optional(name: &'static str, accepts: &'static [Accepts]) -> Parameter {
    Parameter { name, accepts, optional: true }
}

/// `expression` gives `value`.
pub(crate) const fn example(expression: &'static str, value: &'static str) -> Example {
    Example { expression, value }
}

/// An argument of whatever type.
pub(crate) fn value<'a, 'e>(arguments: &'a [Option<Value<'e>>], at: usize) -> Result<&'a Value<'e>, Gap> {
    match arguments.get(at) {
        Some(Some(Value::Digest(_))) => Err(Gap::Unknown(Reason::Forgotten)),
        Some(Some(value)) => Ok(value),
        _ => Err(WRONG_TYPE),
    }
}

/// Whether an optional argument was given.
pub(crate) fn is_given(arguments: &[Option<Value<'_>>], at: usize) -> bool {
    matches!(arguments.get(at), Some(Some(_)))
}

/// A text, as it is owned or borrowed.
pub(crate) fn cow<'a, 'e>(arguments: &'a [Option<Value<'e>>], at: usize) -> Result<&'a Cow<'e, str>, Gap> {
    match value(arguments, at)? {
        Value::Text(text) => Ok(text),
        _ => Err(WRONG_TYPE),
    }
}

pub(crate) fn text<'a>(arguments: &'a [Option<Value<'_>>], at: usize) -> Result<&'a str, Gap> {
    cow(arguments, at).map(|text| &**text)
}

pub(crate) fn number(arguments: &[Option<Value<'_>>], at: usize) -> Result<Decimal, Gap> {
    match value(arguments, at)? {
        Value::Number(number) => Ok(*number),
        _ => Err(WRONG_TYPE),
    }
}

/// A whole number, the nearest that fits when it is huge.
pub(crate) fn int(arguments: &[Option<Value<'_>>], at: usize) -> Result<i64, Gap> {
    let number = number(arguments, at)?;
    Ok(whole(number).unwrap_or(if number.is_sign_negative() { i64::MIN } else { i64::MAX }))
}

pub(crate) fn time(arguments: &[Option<Value<'_>>], at: usize) -> Result<Timestamp, Gap> {
    match value(arguments, at)? {
        Value::Time(time) => Ok(*time),
        _ => Err(WRONG_TYPE),
    }
}

/// In microseconds.
pub(crate) fn duration(arguments: &[Option<Value<'_>>], at: usize) -> Result<i64, Gap> {
    match value(arguments, at)? {
        Value::Duration(micros) => Ok(*micros),
        _ => Err(WRONG_TYPE),
    }
}

pub(crate) fn ip(arguments: &[Option<Value<'_>>], at: usize) -> Result<IpAddr, Gap> {
    match value(arguments, at)? {
        Value::Ip(ip) => Ok(*ip),
        _ => Err(WRONG_TYPE),
    }
}

/// The items of a list, which [`super::call`] has settled.
pub(crate) fn list<'a, 'e: 'a>(arguments: &'a [Option<Value<'e>>], at: usize) -> Result<Items<'a, 'e>, Gap> {
    items(value(arguments, at)?, &Type::Any)
}

/// A text that was worked out.
pub(crate) fn owned<'e>(text: String) -> Outcome<'e> {
    if text.len() > TEXT_MAX { Err(TOO_LONG) } else { Ok(Value::Text(Cow::Owned(text))) }
}

/// A part of a text: borrowed from the event or the policy when the whole is.
pub(crate) fn part<'e>(whole: &Cow<'e, str>, part: &str) -> Value<'e> {
    let borrowed = match whole {
        Cow::Borrowed(whole) => {
            let start = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
            whole.get(start..start.wrapping_add(part.len())).filter(|found| *found == part)
        }
        Cow::Owned(_) => None,
    };
    Value::Text(borrowed.map_or_else(|| Cow::Owned(part.to_owned()), Cow::Borrowed))
}

/// A part that may not be there.
pub(crate) fn part_or_absent<'e>(whole: &Cow<'e, str>, found: Option<&str>) -> Outcome<'e> {
    found.map(|found| part(whole, found)).ok_or(Gap::Absent)
}

/// A list that was worked out.
pub(crate) fn list_of<'e>(values: impl IntoIterator<Item = Value<'e>>) -> Outcome<'e> {
    let values: Vec<Value<'e>> = values.into_iter().take(ITEMS_MAX + 1).collect();
    if values.len() > ITEMS_MAX { Err(TOO_LONG) } else { Ok(Value::List(values.into())) }
}

/// A list of parts of one text.
pub(crate) fn parts<'e, 'p>(whole: &Cow<'e, str>, found: impl Iterator<Item = &'p str>) -> Outcome<'e> {
    list_of(found.map(|found| part(whole, found)))
}

/// A list of texts that were worked out.
pub(crate) fn texts<'e>(found: impl IntoIterator<Item = String>) -> Outcome<'e> {
    list_of(found.into_iter().map(|text| Value::Text(Cow::Owned(text))))
}

pub(crate) fn count<'e>(count: usize) -> Outcome<'e> {
    Ok(Value::Number(Decimal::from(count)))
}

/// The type of a list's or set's items; what is no list was reported already.
pub(crate) fn item_type(types: &[Option<&Type>]) -> Type {
    types.first().copied().flatten().and_then(accepts::item).cloned().unwrap_or(Type::Error)
}

/// int when all numbers are, else decimal.
pub(crate) fn number_type(types: &[Option<&Type>]) -> Type {
    let all = types.iter().flatten().all(|ty| *ty.required() == Type::Int);
    if all { Type::Int } else { Type::Decimal }
}

/// What is said of a text, or of the first text of an array of which something is said; absent when nothing is.
pub(crate) fn first_of<'e>(value: &Value<'_>, say: impl Fn(&str) -> Option<Value<'e>>) -> Outcome<'e> {
    let said = match value {
        Value::Text(text) => say(text),
        other => {
            let json = other.as_json().ok_or(WRONG_TYPE)?;
            match json.as_str() {
                Some(text) => say(&text),
                None => json.items().find_map(|item| say(&item.as_str()?)),
            }
        }
    };
    said.ok_or(Gap::Absent)
}
