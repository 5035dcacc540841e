//! Which types go together.

use crate::check::suggest;
use crate::types::{PatternKind, Type};

/// Whether a value of one type may stand where another is asked for.
pub(in crate::check) fn fits(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Error, _) | (_, Type::Error) => true,
        _ if from == to => true,
        // `any` may be absent, as it may be null.
        (Type::Optional(from), Type::Any) => **from == Type::Any,
        (Type::Optional(from), Type::Optional(to)) => fits(from, to),
        (from, Type::Optional(to)) => fits(from, to),
        (Type::Int, Type::Decimal) => true,
        (Type::Enum(from), Type::Enum(to)) => from.iter().all(|word| to.contains(word)),
        (Type::Enum(_) | Type::Code(_), Type::String) => true,
        (Type::List(from), Type::List(to)) | (Type::Set(from), Type::Set(to)) => fits(from, to),
        // What an event carries as a record or a list is JSON already.
        (Type::Record(_) | Type::List(_), Type::Any) => true,
        _ => false,
    }
}

/// Whether two values, which are there, can be equal.
pub(in crate::check) fn comparable(one: &Type, other: &Type) -> bool {
    match (one.required().base(), other.required().base()) {
        (Type::Error, _) | (_, Type::Error) => true,
        (Type::Int | Type::Decimal, Type::Int | Type::Decimal) => true,
        (Type::Enum(one), Type::Enum(other)) => one.iter().any(|word| other.contains(word)),
        (Type::Enum(_), Type::String) | (Type::String, Type::Enum(_)) => true,
        (Type::List(one), Type::List(other)) | (Type::Set(one), Type::Set(other)) => comparable(one, other),
        (Type::Pattern(_) | Type::Detection, _) => false,
        (one, other) => one == other,
    }
}

/// Whether values of a type have an order.
pub(super) fn ordered(ty: &Type) -> bool {
    matches!(
        ty.base(),
        Type::Int
            | Type::Decimal
            | Type::Float
            | Type::Duration
            | Type::Size
            | Type::Time
            | Type::Semver
            | Type::String
            | Type::Error
    )
}

pub(super) fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Decimal)
}

/// The type that both fit; nothing when there is none.
pub(super) fn joined(one: &Type, other: &Type) -> Option<Type> {
    let optional = one.is_optional() || other.is_optional();
    let (a, b) = (one.required(), other.required());
    let ty = match (a, b) {
        (Type::Error, ty) | (ty, Type::Error) => ty.clone(),
        _ if fits(a, b) => b.clone(),
        _ if fits(b, a) => a.clone(),
        (Type::Enum(_) | Type::Code(_), Type::Enum(_) | Type::Code(_)) => Type::String,
        _ => return None,
    };
    Some(if optional { ty.optional() } else { ty })
}

/// Whether `x as T` has a meaning; some values may still be none.
pub(super) fn castable(from: &Type, to: &Type) -> bool {
    let scalar = |ty: &Type| {
        ty.is_textual()
            || matches!(
                ty,
                Type::Bool | Type::Int | Type::Decimal | Type::Float | Type::Time | Type::Duration | Type::Size | Type::Cidr
            )
    };
    match (from.required(), to.required()) {
        (Type::Error, _) | (_, Type::Error) => true,
        (_, Type::Pattern(_) | Type::Detection) | (Type::Pattern(_) | Type::Detection, _) => false,
        (from, to) if from == to => true,
        (Type::Any, _) => true,
        (Type::Record(_) | Type::List(_), Type::Any) => true,
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to)) => castable(from, to),
        (Type::Int | Type::Decimal | Type::Float, Type::Int | Type::Decimal | Type::Float) => true,
        (Type::String | Type::Code(_) | Type::Enum(_), to) => scalar(to),
        (from, Type::String) => scalar(from),
        // A host may be an address of the net.
        (Type::Domain, Type::Ip) | (Type::Ip, Type::Domain) => true,
        _ => false,
    }
}

/// How a value of one type, written so, becomes one of another: as help.
pub(super) fn conversion(quoted: &str, from: &Type, to: &Type) -> Option<String> {
    let (from, to) = (from.required(), to.required());
    let value = if quoted.contains(' ') { format!("({quoted})") } else { quoted.to_owned() };
    match (from, to) {
        (Type::Bool, _) | (_, Type::Bool) => None,
        (Type::Email, Type::Domain) => Some(format!("ask for the address's domain: `{value}.domain`")),
        (Type::Url, Type::Domain) => Some(format!("ask for its host: `{value}.host`")),
        (_, Type::Float) if is_number(from) => {
            Some(format!("a `float` is not exact, so the conversion is written out: `{value} as float`"))
        }
        _ if from != to && castable(from, to) => Some(format!("read it as {}: `{value} as {to}`", suggest::a(to))),
        _ => None,
    }
}

/// A literal of a type, for help.
pub(super) fn example(ty: &Type) -> Option<String> {
    Some(match ty {
        Type::Bool => "false".to_owned(),
        Type::Int => "0".to_owned(),
        Type::Decimal | Type::Float => "0.0".to_owned(),
        Type::String | Type::Code(_) => "\"\"".to_owned(),
        Type::Duration => "0s".to_owned(),
        Type::Size => "0b".to_owned(),
        Type::List(_) | Type::Set(_) => "[]".to_owned(),
        Type::Path => "\"/\"".to_owned(),
        Type::Enum(words) => format!("{:?}", words.first()?),
        _ => return None,
    })
}

/// What `matches` takes on its right for a value of this type, as an example.
pub(super) fn pattern_example(ty: &Type) -> &'static str {
    match ty.required() {
        Type::Path => "glob\"/etc/**\"",
        Type::Ip => "cidr\"10.0.0.0/8\"",
        Type::Semver => "semver\"^1.2\"",
        _ => "re\"…\"",
    }
}

/// Whether a value of a type can be matched by such a pattern.
pub(super) fn matchable(value: &Type, pattern: &Type) -> bool {
    match (value.required(), pattern.required()) {
        (Type::Error, _) | (_, Type::Error) => true,
        (Type::Ip, Type::Cidr) => true,
        (Type::Semver, Type::Pattern(PatternKind::Versions)) => true,
        (value, Type::Pattern(PatternKind::Regex | PatternKind::Glob | PatternKind::Literal)) => {
            value.is_textual() && *value != Type::Ip
        }
        _ => false,
    }
}
