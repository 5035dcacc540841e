//! One look at a value, whatever it is made of: JSON, constants and lists that were worked out are all lists and scalars
//! here, so that equality, keys, the canonical text and messages agree.

use std::borrow::Cow;
use std::net::IpAddr;

use aop_toon::{Kind, Timestamp};
use ipnet::IpNet;

use super::decimal::Exact;
use super::{Detection, Key, Value};
use crate::typed::Const;
use crate::types::PatternKind;

/// A value, and below it its items and members. JSON nests 128 deep at most, and constants as deep as the parser lets them,
/// so functions over it may call themselves.
#[derive(Debug, Clone)]
pub(crate) enum View<'a> {
    Null,
    Bool(bool),
    Number(Exact<'a>),
    Text(Cow<'a, str>),
    Time(Timestamp),
    Duration(i64),
    Size(u64),
    Ip(IpAddr),
    Network(IpNet),
    Pattern(PatternKind, &'a str),
    Detection(Detection),
    List(List<'a>),
    Object(aop_toon::Value<'a>),
    Digest(Key),
}

/// Items, from wherever they come.
#[derive(Debug, Clone, Copy)]
pub(crate) enum List<'a> {
    Json(aop_toon::Value<'a>),
    Constants(&'a [Const]),
    Words(&'a [String]),
    Values(&'a [Value<'a>]),
}

impl<'a> View<'a> {
    pub(crate) fn of(value: &'a Value<'_>) -> Self {
        match value {
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => Self::Number((*number).into()),
            Value::Float(float) => Self::Number(Exact::of_float(*float)),
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::Time(time) => Self::Time(*time),
            Value::Duration(micros) => Self::Duration(*micros),
            Value::Size(bytes) => Self::Size(*bytes),
            Value::Ip(ip) => Self::Ip(*ip),
            Value::Cidr(network) => Self::Network(*network),
            Value::Json(json) => Self::of_json(*json),
            Value::OwnedJson(document, node) => Self::of_json(document.value(*node)),
            Value::Const(constant) => Self::of_const(constant),
            Value::Words(words) => Self::List(List::Words(words)),
            Value::List(items) => Self::List(List::Values(items)),
            Value::Detection(detection) => Self::Detection(*detection),
            Value::Digest(key) => Self::Digest(*key),
        }
    }

    pub(crate) fn of_json(json: aop_toon::Value<'a>) -> Self {
        match json.kind() {
            Kind::Null => Self::Null,
            Kind::Bool => Self::Bool(json.as_bool().unwrap_or_default()),
            // The parser lets no lexeme pass that this does not read.
            Kind::Number => Exact::read(json.raw()).map_or(Self::Null, Self::Number),
            Kind::String => Self::Text(json.as_str().unwrap_or_default()),
            Kind::Array => Self::List(List::Json(json)),
            Kind::Object => Self::Object(json),
        }
    }

    pub(crate) fn of_const(constant: &'a Const) -> Self {
        match constant {
            Const::Bool(truth) => Self::Bool(*truth),
            Const::Number(number) => Self::Number((*number).into()),
            Const::Float(float) => Self::Number(Exact::of_float(*float)),
            Const::Text(text) => Self::Text(Cow::Borrowed(text)),
            Const::Duration(micros) => Self::Duration(*micros),
            Const::Size(bytes) => Self::Size(*bytes),
            Const::Time(time) => Self::Time(*time),
            Const::Ip(ip) => Self::Ip(*ip),
            Const::Cidr(network) => Self::Network(*network),
            Const::Pattern(kind, text) => Self::Pattern(*kind, text),
            Const::List(items) => Self::List(List::Constants(items)),
        }
    }
}

impl<'a> List<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Json(json) => json.items().count(),
            Self::Constants(items) => items.len(),
            Self::Words(words) => words.len(),
            Self::Values(items) => items.len(),
        }
    }

    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = View<'a>> + 'a> {
        match *self {
            Self::Json(json) => Box::new(json.items().map(View::of_json)),
            Self::Constants(items) => Box::new(items.iter().map(View::of_const)),
            Self::Words(words) => Box::new(words.iter().map(|word| View::Text(Cow::Borrowed(word)))),
            Self::Values(items) => Box::new(items.iter().map(View::of)),
        }
    }
}

/// Calls `then` with the members of an object, sorted by the code points of their names.
pub(crate) fn for_each_sorted<'a>(object: aop_toon::Value<'a>, then: &mut dyn FnMut(&str, aop_toon::Value<'a>)) {
    const FEW: usize = 16;
    let is_sorted = object.entries().map(|(key, _)| key.as_str()).is_sorted();
    if is_sorted {
        object.entries().for_each(|(key, value)| then(&key.as_str(), value));
    } else if object.entries().nth(FEW).is_none() {
        // The parameters of an action, mostly: nothing is asked for where they have room here.
        let mut few = [None; FEW];
        few.iter_mut().zip(object.entries()).for_each(|(place, member)| *place = Some(member));
        let few = &mut few[..object.entries().count()];
        few.sort_unstable_by(|one, other| {
            let name = |member: &Option<(aop_toon::Key<'a>, _)>| member.map(|(key, _)| key.as_str());
            name(one).cmp(&name(other))
        });
        few.iter().flatten().for_each(|(key, value)| then(&key.as_str(), *value));
    } else {
        sorted_members(object).into_iter().for_each(|(key, value)| then(&key, value));
    }
}

/// The members of an object, sorted by the code points of their names.
pub(crate) fn sorted_members(object: aop_toon::Value<'_>) -> Vec<(Cow<'_, str>, aop_toon::Value<'_>)> {
    let mut members: Vec<_> = object.entries().map(|(key, value)| (key.as_str(), value)).collect();
    if !members.is_sorted_by(|a, b| a.0 <= b.0) {
        members.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    }
    members
}
