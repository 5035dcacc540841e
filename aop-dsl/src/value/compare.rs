//! Comparisons: equality, order, and what holds what.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::identity::key_of;
use super::view::{View, sorted_members};
use super::{Gap, Key, Matcher, Reason, Value, domain, items, semver, settle};
use crate::typed::Const;
use crate::types::Type;

const WRONG_TYPE: Gap = Gap::Unknown(Reason::WrongType);
const FORGOTTEN: Gap = Gap::Unknown(Reason::Forgotten);

/// Whether two values are the same, as JSON is the same: the order of members does not matter, numbers are compared exactly.
pub(crate) fn equal(left: &Value<'_>, right: &Value<'_>) -> Result<bool, Gap> {
    Ok(match (left, right) {
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        // The raw texts of JSON tell equality only: `1.0` is `1`.
        (Value::Json(a), Value::Json(b)) if a.raw() == b.raw() => true,
        _ => same(&View::of(left), &View::of(right)),
    })
}

/// As deep as the values, which JSON bounds.
fn same(left: &View<'_>, right: &View<'_>) -> bool {
    match (left, right) {
        (View::Digest(key), other) | (other, View::Digest(key)) => key_of(other) == *key,
        (View::Null, View::Null) => true,
        (View::Bool(a), View::Bool(b)) => a == b,
        (View::Number(a), View::Number(b)) => a == b,
        (View::Text(a), View::Text(b)) => a == b,
        (View::Time(a), View::Time(b)) => a == b,
        (View::Duration(a), View::Duration(b)) => a == b,
        (View::Size(a), View::Size(b)) => a == b,
        (View::Ip(a), View::Ip(b)) => a == b,
        (View::Network(a), View::Network(b)) => a == b,
        (View::Pattern(kind, a), View::Pattern(other, b)) => kind == other && a == b,
        (View::Detection(a), View::Detection(b)) => a == b,
        (View::List(a), View::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(&a, &b)),
        (View::Object(a), View::Object(b)) => {
            let (a, b) = (sorted_members(*a), sorted_members(*b));
            let pairs = a.iter().zip(&b);
            a.len() == b.len()
                && pairs.clone().all(|((a, _), (b, _))| a == b)
                && pairs.clone().all(|((_, a), (_, b))| a.raw() == b.raw() || same(&View::of_json(*a), &View::of_json(*b)))
        }
        _ => false,
    }
}

/// The same for two values of type `ty`: items of lists are read by their type first, and sets are compared as sets.
pub(crate) fn equal_as(ty: &Type, left: &Value<'_>, right: &Value<'_>) -> Result<bool, Gap> {
    let ty = ty.required();
    if !matches!(ty, Type::List(_) | Type::Set(_)) || matches!(left, Value::Digest(_)) || matches!(right, Value::Digest(_)) {
        return equal(left, right);
    }
    let (left, right) = (settle(left.clone(), ty)?, settle(right.clone(), ty)?);
    if matches!(ty, Type::List(_)) { equal(&left, &right) } else { Ok(keys(&left)? == keys(&right)?) }
}

/// What is in a set.
fn keys(set: &Value<'_>) -> Result<Vec<Key>, Gap> {
    let View::List(list) = View::of(set) else { return Err(WRONG_TYPE) };
    let mut keys: Vec<Key> = list.iter().map(|item| key_of(&item)).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Which of two values of type `ty` is less: numbers by value, texts by code point, versions by precedence.
pub(crate) fn order(ty: &Type, left: &Value<'_>, right: &Value<'_>) -> Result<Ordering, Gap> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => Ok(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b).ok_or(Gap::Unknown(Reason::Arithmetic)),
        (Value::Text(a), Value::Text(b)) if *ty.required() == Type::Semver => {
            let malformed = Gap::Unknown(Reason::Malformed);
            Ok(semver::parse(a).ok_or(malformed)?.cmp(&semver::parse(b).ok_or(malformed)?))
        }
        // UTF-8 keeps the order of code points.
        (Value::Text(a), Value::Text(b)) => Ok(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Ok(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Ok(a.cmp(b)),
        (Value::Size(a), Value::Size(b)) => Ok(a.cmp(b)),
        (Value::Ip(a), Value::Ip(b)) => Ok(a.cmp(b)),
        (Value::Digest(_), _) | (_, Value::Digest(_)) => Err(FORGOTTEN),
        _ => Err(WRONG_TYPE),
    }
}

/// `haystack contains needle`: a text in a text, an item in a list or set, an address or network in a
/// network.
pub(crate) fn contains(haystack: &Value<'_>, needle: &Value<'_>, haystack_ty: &Type) -> Result<bool, Gap> {
    match (haystack, needle) {
        (Value::Const(Const::Cidr(network)), _) => contains(&Value::Cidr(*network), needle, haystack_ty),
        (Value::Cidr(network), Value::Ip(ip)) => Ok(network.contains(ip)),
        (Value::Cidr(network), Value::Cidr(part)) => Ok(network.contains(part)),
        (Value::Text(_) | Value::Ip(_), _) => {
            let (text, part) = texts(haystack, needle)?;
            Ok(text.contains(&*part))
        }
        _ => match haystack_ty.required() {
            Type::List(item) | Type::Set(item) => in_list(needle, haystack, item),
            _ => in_list(needle, haystack, &Type::Any),
        },
    }
}

/// `text starts_with prefix`
pub(crate) fn starts_with(text: &Value<'_>, prefix: &Value<'_>) -> Result<bool, Gap> {
    let (text, prefix) = texts(text, prefix)?;
    Ok(text.starts_with(&*prefix))
}

/// `text ends_with suffix`
pub(crate) fn ends_with(text: &Value<'_>, suffix: &Value<'_>) -> Result<bool, Gap> {
    let (text, suffix) = texts(text, suffix)?;
    Ok(text.ends_with(&*suffix))
}

fn texts<'v>(left: &'v Value<'_>, right: &'v Value<'_>) -> Result<(Cow<'v, str>, Cow<'v, str>), Gap> {
    match (left.to_text(), right.to_text()) {
        (Some(left), Some(right)) => Ok((left, right)),
        _ if matches!(left, Value::Digest(_)) || matches!(right, Value::Digest(_)) => Err(FORGOTTEN),
        _ => Err(WRONG_TYPE),
    }
}

/// `item in list`, where the list's items are of type `item_ty`; true when one of them is it, unknown when one might be. A list
/// that is known beforehand is better a [`super::Members`].
pub(crate) fn in_list(item: &Value<'_>, list: &Value<'_>, item_ty: &Type) -> Result<bool, Gap> {
    if let Value::Const(Const::List(entries)) = list {
        return any(entries.iter().map(|entry| is_entry(item, entry, item_ty)));
    }
    any(items(list, item_ty)?.map(|other| match other {
        Ok(other) => equal(item, &other),
        // A null among optional items is nothing.
        Err(Gap::Absent) => Ok(false),
        Err(gap) => Err(gap),
    }))
}

/// Kleene's `or`.
pub(super) fn any(truths: impl Iterator<Item = Result<bool, Gap>>) -> Result<bool, Gap> {
    let mut unknown = None;
    for truth in truths {
        match truth {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(gap) => unknown = unknown.or(Some(gap)),
        }
    }
    unknown.map_or(Ok(false), Err)
}

/// Whether a value is what an entry of a constant list says.
pub(super) fn is_entry(item: &Value<'_>, entry: &Const, item_ty: &Type) -> Result<bool, Gap> {
    match (item, entry) {
        (Value::Text(name), Const::Text(entry)) if *item_ty.required() == Type::Domain => Ok(domain::is_in(name, entry)),
        (Value::Text(_), Const::Text(entry)) if *item_ty.required() == Type::Path && entry.contains('*') => {
            let pattern = Const::Pattern(crate::types::PatternKind::Glob, entry.clone());
            Matcher::new(&pattern).map_err(|_| WRONG_TYPE)?.matches(item)
        }
        (Value::Ip(_) | Value::Cidr(_), Const::Cidr(network)) => contains(&Value::Cidr(*network), item, &Type::Cidr),
        (_, Const::Pattern(..)) => Matcher::new(entry).map_err(|_| WRONG_TYPE)?.matches(item),
        _ => equal(item, &super::from_const(entry)),
    }
}
