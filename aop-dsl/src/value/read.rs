//! Values from JSON, and constants from the literals of a policy.

use std::borrow::Cow;
use std::sync::Arc;

use aop_toon::Kind;
use rust_decimal::prelude::ToPrimitive;

use super::show::quoted;
use super::{Gap, Outcome, Reason, Value, decimal, domain, email, glob, ip, path, pattern, quantity, semver, url};
use crate::typed::Const;
use crate::types::Type;

const WRONG_TYPE: Gap = Gap::Unknown(Reason::WrongType);
const MALFORMED: Gap = Gap::Unknown(Reason::Malformed);

/// A JSON value as the type that a schema declares. Null is absent for an optional and missing otherwise; `any` takes null
/// as it is. Records, lists and `any` stay JSON.
pub(crate) fn read<'e>(json: aop_toon::Value<'e>, ty: &Type) -> Outcome<'e> {
    let is = |kind: Kind| if json.kind() == kind { Ok(()) } else { Err(WRONG_TYPE) };
    match ty {
        Type::Optional(_) if json.is_null() => Err(Gap::Absent),
        Type::Optional(inner) => read(json, inner),
        Type::Any => Ok(Value::Json(json)),
        _ if json.is_null() => Err(Gap::Unknown(Reason::Missing)),
        Type::Bool => json.as_bool().map(Value::Bool).ok_or(WRONG_TYPE),
        Type::Int => {
            let number = json.as_number().filter(|number| number.is_integer()).ok_or(WRONG_TYPE)?;
            decimal::read(number.lexeme()).map(Value::Number).ok_or(MALFORMED)
        }
        Type::Decimal => {
            let number = json.as_number().ok_or(WRONG_TYPE)?;
            decimal::read(number.lexeme()).map(Value::Number).ok_or(MALFORMED)
        }
        Type::Float => json.as_number().map(|number| Value::Float(number.as_f64())).ok_or(WRONG_TYPE),
        Type::String | Type::Code(_) => json.as_str().map(Value::Text).ok_or(WRONG_TYPE),
        Type::List(_) | Type::Set(_) => is(Kind::Array).map(|()| Value::Json(json)),
        Type::Record(_) => is(Kind::Object).map(|()| Value::Json(json)),
        Type::Detection | Type::Pattern(_) | Type::Error => Err(WRONG_TYPE),
        _ => read_text(json.as_str().ok_or(WRONG_TYPE)?, ty),
    }
}

/// A member that may not be there.
pub(crate) fn read_member<'e>(json: Option<aop_toon::Value<'e>>, ty: &Type) -> Outcome<'e> {
    match json {
        Some(json) => read(json, ty),
        None if ty.is_optional() => Err(Gap::Absent),
        None => Err(Gap::Unknown(Reason::Missing)),
    }
}

/// A text as a textual type, or as a time, an address, a duration and so on: in its normal form. A duration or size is
/// written as in a policy, `10m` or `64kb`.
pub(crate) fn read_text<'e>(text: Cow<'e, str>, ty: &Type) -> Outcome<'e> {
    let owned = |text: String| Value::Text(Cow::Owned(text));
    let value = match ty.required() {
        Type::String | Type::Code(_) => Some(Value::Text(text)),
        Type::Email => email::read(text).map(Value::Text),
        Type::Domain => domain::read(text).map(Value::Text),
        Type::Path => path::read(text).map(Value::Text),
        Type::Url => match text {
            Cow::Borrowed(text) => url::read(text).map(Value::Text),
            Cow::Owned(text) => url::read(&text).map(|url| owned(url.into_owned())),
        },
        Type::Semver => semver::read(&text).map(owned),
        Type::Enum(words) => words.iter().any(|word| *word == *text).then_some(Value::Text(text)),
        Type::Time => text.parse().ok().map(Value::Time),
        Type::Ip => ip::read(&text).map(Value::Ip),
        Type::Duration => quantity::read_duration(&text).map(Value::Duration),
        Type::Size => quantity::read_size(&text).map(Value::Size),
        Type::Cidr => ip::read_network(&text).map(Value::Cidr),
        _ => return Err(WRONG_TYPE),
    };
    value.ok_or(MALFORMED)
}

/// A literal of a policy as this type, which is no list, set or record; or a sentence about what would be right.
pub(crate) fn const_read(text: &str, ty: &Type) -> Result<Const, String> {
    let ty = ty.required();
    let wrong = |what: &str, example: &str| Err(format!("{} is no {what}; write one such as {example}", quoted(text)));
    let textual = |normal: Option<String>, what: &str, example: &str| match normal {
        Some(normal) => Ok(Const::Text(Arc::from(normal))),
        None => wrong(what, example),
    };
    let cow = Cow::Borrowed(text);
    match ty {
        Type::String | Type::Code(_) => Ok(Const::Text(Arc::from(text))),
        Type::Email => textual(email::read(cow).map(Cow::into_owned), "e-mail address", "\"bob@example.org\""),
        Type::Domain => match text.strip_prefix("*.") {
            Some(parent) if domain::read(Cow::Borrowed(parent)).is_some() => {
                Err(format!("{} stands for many domains, so it can only be in a set of domains", quoted(text)))
            }
            _ => textual(domain::read(cow).map(Cow::into_owned), "domain", "\"example.org\""),
        },
        Type::Path => textual(path::read(cow).map(Cow::into_owned), "path", "\"/etc/passwd\""),
        Type::Url => textual(url::read(text).map(Cow::into_owned), "URL", "\"https://example.org/page\""),
        Type::Semver => textual(semver::read(text), "version", "\"1.4.0\""),
        Type::Enum(words) if words.iter().any(|word| word == text) => Ok(Const::Text(Arc::from(text))),
        Type::Enum(words) => Err(format!("{} is none of {}", quoted(text), listed(words))),
        Type::Time => match text.parse() {
            Ok(time) => Ok(Const::Time(time)),
            Err(_) => wrong("time", "\"2025-12-05T10:00:00Z\""),
        },
        Type::Ip => match ip::read(text) {
            Some(ip) => Ok(Const::Ip(ip)),
            None if ip::read_network(text).is_some() => {
                Err(format!("{} is a network; write a single address such as \"192.0.2.1\"", quoted(text)))
            }
            None => wrong("IP address", "\"192.0.2.1\""),
        },
        Type::Cidr => match ip::read_network(text) {
            Some(network) => Ok(Const::Cidr(network)),
            None => wrong("network", "\"10.0.0.0/8\""),
        },
        Type::Duration => match quantity::read_duration(text) {
            Some(micros) => Ok(Const::Duration(micros)),
            None => wrong("duration", "\"10m\" (units are ms, s, m, h, d and w)"),
        },
        Type::Size => match quantity::read_size(text) {
            Some(bytes) => Ok(Const::Size(bytes)),
            None => wrong("size", "\"64kb\" (units are b, kb, mb, gb, kib, mib and gib)"),
        },
        Type::Bool => match text {
            "true" => Ok(Const::Bool(true)),
            "false" => Ok(Const::Bool(false)),
            _ => Err(format!("{} is neither true nor false", quoted(text))),
        },
        Type::Int => match decimal::read_int(text) {
            Some(number) => Ok(Const::Number(number)),
            None => wrong("whole number of up to 28 digits", "5000"),
        },
        Type::Decimal => match decimal::read(text) {
            Some(number) => Ok(Const::Number(number)),
            None => wrong("number of up to 28 digits", "5000.00"),
        },
        Type::Float => match decimal::read(text).and_then(|number| number.to_f64()) {
            Some(number) => Ok(Const::Float(number)),
            None => wrong("number", "0.5"),
        },
        Type::Pattern(kind) => {
            pattern::check(*kind, text)?;
            Ok(Const::Pattern(*kind, Arc::from(text)))
        }
        other => Err(format!("{} is a text, and a value of type {other} cannot be written as one", quoted(text))),
    }
}

/// An entry of a constant set or list of this item type: a domain may be `*.example.com` there, a path may hold `*`.
pub(crate) fn const_member(text: &str, item: &Type) -> Result<Const, String> {
    match item.required() {
        Type::Domain if text.starts_with('*') => match domain::read_entry(text) {
            Some(entry) => Ok(Const::Text(Arc::from(&*entry))),
            None => Err(format!(
                "{} is no entry of a set of domains; write \"*.example.com\" for all names below example.com",
                quoted(text)
            )),
        },
        Type::Path if text.contains('*') => {
            glob::compile(text)?;
            Ok(Const::Text(Arc::from(text)))
        }
        _ => const_read(text, item),
    }
}

/// `"EUR", "USD" or "GBP"`; the first few when there are many.
fn listed(words: &[String]) -> String {
    const WORDS_MAX: usize = 8;
    let shown: Vec<String> = words.iter().take(WORDS_MAX).map(|word| quoted(word)).collect();
    match (shown.split_last(), words.len() > WORDS_MAX) {
        (_, true) => format!("{} and {} more", shown.join(", "), words.len() - WORDS_MAX),
        (Some((last, [])), _) => last.clone(),
        (Some((last, rest)), _) => format!("{} or {last}", rest.join(", ")),
        (None, _) => "no words at all".to_owned(),
    }
}
