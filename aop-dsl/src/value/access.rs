//! Members of records and lists, and values as other types.

use std::borrow::Cow;
use std::rc::Rc;

use aop_toon::{Document, Kind, NodeId};
use rust_decimal::prelude::ToPrimitive;

use super::{Gap, Outcome, Reason, Value, decimal, read, read_member, read_text};
use crate::typed::Const;
use crate::types::Type;

const WRONG_TYPE: Gap = Gap::Unknown(Reason::WrongType);

/// How many items a list may have where all of them are read at once or worked out.
pub(crate) const ITEMS_MAX: usize = 10_000;

/// A constant as a value.
pub(crate) fn from_const(constant: &Const) -> Value<'_> {
    match constant {
        Const::Bool(truth) => Value::Bool(*truth),
        Const::Number(number) => Value::Number(*number),
        Const::Float(float) => Value::Float(*float),
        Const::Text(text) => Value::Text(Cow::Borrowed(text)),
        Const::Duration(micros) => Value::Duration(*micros),
        Const::Size(bytes) => Value::Size(*bytes),
        Const::Time(time) => Value::Time(*time),
        Const::Ip(ip) => Value::Ip(*ip),
        Const::Cidr(network) => Value::Cidr(*network),
        Const::Pattern(..) | Const::List(_) => Value::Const(constant),
    }
}

/// A member of a record or of `any`, read as `ty`, the type it is declared with. When it is not there, it is absent if `ty`
/// is optional (as it is for `?.`), else missing. Of a detection: `score` and `count`.
pub(crate) fn field<'e>(base: &Value<'e>, name: &str, ty: &Type) -> Outcome<'e> {
    match base {
        Value::Json(json) => read_member(member(*json, name, ty)?, ty),
        Value::OwnedJson(document, node) => {
            read_owned(document, member(document.value(*node), name, ty)?.map(aop_toon::Value::id), ty)
        }
        Value::Detection(detection) => match name {
            "score" => Ok(Value::Number(detection.score)),
            "count" => Ok(Value::Number(detection.count.into())),
            _ => Err(WRONG_TYPE),
        },
        Value::Digest(_) => Err(Gap::Unknown(Reason::Forgotten)),
        _ => Err(WRONG_TYPE),
    }
}

fn member<'d>(json: aop_toon::Value<'d>, name: &str, ty: &Type) -> Result<Option<aop_toon::Value<'d>>, Gap> {
    match json.kind() {
        Kind::Object => Ok(json.get(name)),
        Kind::Null if ty.is_optional() => Err(Gap::Absent),
        Kind::Null => Err(Gap::Unknown(Reason::Missing)),
        _ => Err(WRONG_TYPE),
    }
}

/// A value of a document that is shared; nothing when it is not there.
fn read_owned(document: &Rc<Document<'static>>, node: Option<NodeId>, ty: &Type) -> Outcome<'static> {
    let Some(node) = node else { return read_member(None, ty).map(|_| Value::Bool(false)) };
    Ok(match read(document.value(node), ty)? {
        Value::Json(_) => Value::OwnedJson(Rc::clone(document), node),
        Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
        Value::Bool(truth) => Value::Bool(truth),
        Value::Number(number) => Value::Number(number),
        Value::Float(float) => Value::Float(float),
        Value::Time(time) => Value::Time(time),
        Value::Duration(micros) => Value::Duration(micros),
        Value::Size(bytes) => Value::Size(bytes),
        Value::Ip(ip) => Value::Ip(ip),
        Value::Cidr(network) => Value::Cidr(network),
        // JSON is read as nothing else.
        _ => return Err(WRONG_TYPE),
    })
}

/// An item of a list by its number or a member by its name, read as `ty` without its `?`. What is not there is absent.
pub(crate) fn index<'e>(base: &Value<'e>, index: &Value<'_>, ty: &Type) -> Outcome<'e> {
    if matches!(base, Value::Digest(_)) {
        return Err(Gap::Unknown(Reason::Forgotten));
    }
    let at = match index {
        Value::Number(number) => match decimal::whole(*number).map(usize::try_from) {
            Some(Ok(at)) => at,
            _ => return Err(Gap::Absent),
        },
        Value::Text(name) => return named(base, name, ty.required()),
        _ => return Err(WRONG_TYPE),
    };
    match base {
        Value::Json(json) => read_present(nth(*json, at)?, ty.required()),
        Value::OwnedJson(document, node) => {
            let item = nth(document.value(*node), at)?.filter(|item| !item.is_null()).ok_or(Gap::Absent)?;
            read_owned(document, Some(item.id()), ty.required())
        }
        Value::Const(Const::List(items)) => items.get(at).map(from_const).ok_or(Gap::Absent),
        Value::Words(words) => words.get(at).map(|word| Value::Text(Cow::Borrowed(word.as_str()))).ok_or(Gap::Absent),
        Value::List(items) => items.get(at).cloned().ok_or(Gap::Absent),
        _ => Err(WRONG_TYPE),
    }
}

fn nth(json: aop_toon::Value<'_>, at: usize) -> Result<Option<aop_toon::Value<'_>>, Gap> {
    if json.is_array() { Ok(json.items().nth(at)) } else { Err(WRONG_TYPE) }
}

fn named<'e>(base: &Value<'e>, name: &str, ty: &Type) -> Outcome<'e> {
    match base {
        Value::Json(json) if json.is_object() => read_present(json.get(name), ty),
        Value::OwnedJson(document, node) if document.value(*node).is_object() => {
            let member = document.value(*node).get(name).filter(|member| !member.is_null()).ok_or(Gap::Absent)?;
            read_owned(document, Some(member.id()), ty)
        }
        _ => Err(WRONG_TYPE),
    }
}

fn read_present<'e>(json: Option<aop_toon::Value<'e>>, ty: &Type) -> Outcome<'e> {
    read(json.filter(|json| !json.is_null()).ok_or(Gap::Absent)?, ty)
}

/// The items of a list, a set or `any`, each read as `item`; unknown when it is no list.
pub(crate) fn items<'v, 'e: 'v>(list: &'v Value<'e>, item: &'v Type) -> Result<Items<'v, 'e>, Gap> {
    let (length, source) = match list {
        Value::Json(json) if json.is_array() => (json.items().count(), Source::Json(Box::new(json.items()))),
        Value::OwnedJson(document, node) if document.value(*node).is_array() => {
            let nodes: Vec<NodeId> = document.value(*node).items().map(aop_toon::Value::id).collect();
            (nodes.len(), Source::Owned(document, nodes.into_iter()))
        }
        Value::Const(Const::List(items)) => (items.len(), Source::Constants(items.iter())),
        Value::Words(words) => (words.len(), Source::Words(words.iter())),
        Value::List(items) => (items.len(), Source::Values(items.iter())),
        Value::Digest(_) => return Err(Gap::Unknown(Reason::Forgotten)),
        _ => return Err(WRONG_TYPE),
    };
    Ok(Items { length, source, item })
}

/// The items of a list; says how many there are.
pub(crate) struct Items<'v, 'e> {
    length: usize,
    source: Source<'v, 'e>,
    item: &'v Type,
}

enum Source<'v, 'e> {
    Json(Box<dyn Iterator<Item = aop_toon::Value<'e>> + 'e>),
    Owned(&'v Rc<Document<'static>>, std::vec::IntoIter<NodeId>),
    Constants(std::slice::Iter<'e, Const>),
    Words(std::slice::Iter<'e, String>),
    Values(std::slice::Iter<'v, Value<'e>>),
}

impl<'e> Iterator for Items<'_, 'e> {
    type Item = Outcome<'e>;

    fn next(&mut self) -> Option<Outcome<'e>> {
        let item = match &mut self.source {
            Source::Json(items) => items.next().map(|json| read(json, self.item)),
            Source::Owned(document, nodes) => nodes.next().map(|node| read_owned(document, Some(node), self.item)),
            Source::Constants(items) => items.next().map(|constant| Ok(from_const(constant))),
            Source::Words(words) => words.next().map(|word| Ok(Value::Text(Cow::Borrowed(word.as_str())))),
            Source::Values(values) => values.next().map(|value| Ok(value.clone())),
        };
        self.length = self.length.saturating_sub(usize::from(item.is_some()));
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.length, Some(self.length))
    }
}

impl ExactSizeIterator for Items<'_, '_> {}

/// A list or set with all its items read by their type; every other value as it is. An item that is null and may be stays
/// null. The arguments of a built-in function are settled ([`crate::builtins::call`] does it).
pub(crate) fn settle<'e>(value: Value<'e>, ty: &Type) -> Outcome<'e> {
    let (Type::List(item) | Type::Set(item)) = ty.required() else { return Ok(value) };
    if value.as_json().is_none() || **item == Type::Any {
        return Ok(value);
    }
    let items = items(&value, item)?;
    if items.len() > ITEMS_MAX {
        return Err(Gap::Unknown(Reason::TooLong));
    }
    let settled: Result<Vec<Value<'e>>, Gap> = items
        .enumerate()
        .map(|(at, outcome)| match outcome {
            Err(Gap::Absent) => index_raw(&value, at),
            Ok(inner) => settle(inner, item),
            gap => gap,
        })
        .collect();
    Ok(Value::List(settled?.into()))
}

/// An item as it was sent.
fn index_raw<'e>(list: &Value<'e>, at: usize) -> Outcome<'e> {
    match list {
        Value::Json(json) => json.items().nth(at).map(Value::Json).ok_or(WRONG_TYPE),
        Value::OwnedJson(document, node) => {
            let item = document.value(*node).items().nth(at).ok_or(WRONG_TYPE)?;
            Ok(Value::OwnedJson(Rc::clone(document), item.id()))
        }
        _ => Err(WRONG_TYPE),
    }
}

/// `value as to`: what is of another type than that is unknown. An int or decimal may be taken as a float, and a decimal without a
/// fraction as an int.
pub(crate) fn cast<'e>(value: &Value<'e>, from: &Type, to: &Type) -> Outcome<'e> {
    let target = to.required();
    match (value, target) {
        (Value::Json(json), _) => read(*json, to),
        (Value::OwnedJson(document, node), _) => read_owned(document, Some(*node), to),
        _ if from.required() == target => Ok(value.clone()),
        (Value::Digest(_), _) => Err(Gap::Unknown(Reason::Forgotten)),
        (_, Type::Any) => Ok(value.clone()),
        (Value::Text(text), _) => read_text(text.clone(), target),
        (Value::Number(number), Type::Float) => number.to_f64().map(Value::Float).ok_or(Gap::Unknown(Reason::Arithmetic)),
        (Value::Number(_), Type::Decimal) => Ok(value.clone()),
        (Value::Number(number), Type::Int) => {
            let number = number.normalize();
            if number.scale() == 0 { Ok(Value::Number(number)) } else { Err(WRONG_TYPE) }
        }
        (Value::Bool(_), Type::Bool)
        | (Value::Float(_), Type::Float)
        | (Value::Time(_), Type::Time)
        | (Value::Duration(_), Type::Duration)
        | (Value::Size(_), Type::Size)
        | (Value::Ip(_), Type::Ip)
        | (Value::Cidr(_), Type::Cidr)
        | (Value::Const(_) | Value::Words(_) | Value::List(_), Type::List(_) | Type::Set(_)) => Ok(value.clone()),
        _ => Err(WRONG_TYPE),
    }
}

/// `value is to`: whether it can be read as that, all items and required members too.
pub(crate) fn is_a(value: &Value<'_>, from: &Type, to: &Type) -> bool {
    match value.as_json() {
        Some(json) => fits(json, to),
        None => cast(value, from, to).is_ok(),
    }
}

/// `has`: what is absent, null or missing is not there. What is there and cannot be read is unknown.
pub(crate) fn has(outcome: &Outcome<'_>) -> Result<bool, Gap> {
    match outcome {
        Ok(value) => Ok(value.as_json().is_none_or(|json| !json.is_null())),
        Err(Gap::Absent | Gap::Unknown(Reason::Missing)) => Ok(false),
        Err(unknown) => Err(*unknown),
    }
}

/// Whether JSON is of a type through and through. As deep as the type.
fn fits(json: aop_toon::Value<'_>, ty: &Type) -> bool {
    match ty.required() {
        _ if json.is_null() => ty.is_optional() || *ty == Type::Any,
        Type::List(item) | Type::Set(item) => json.is_array() && json.items().all(|value| fits(value, item)),
        Type::Record(fields) => {
            json.is_object()
                && fields
                    .iter()
                    .all(|field| json.get(&field.name).map_or(field.ty.is_optional(), |value| fits(value, &field.ty)))
        }
        scalar => read(json, scalar).is_ok(),
    }
}
