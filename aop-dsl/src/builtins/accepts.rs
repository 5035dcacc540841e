//! What parameters take.

use crate::types::Type;

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// Anything that is a text: string, email, domain, url, path, semver, enum.
    Text,
    Email,
    Domain,
    Url,
    Ip,
    Path,
    Semver,
    Time,
    Duration,
    Size,
    Int,
    /// int or decimal
    Number,
    Float,
    /// A list or set of whatever.
    List,
    /// A list or set of texts.
    Texts,
    /// A list or set of int or decimal.
    Numbers,
    Record,
    Any,
    /// A value of any type but a pattern or a detection.
    Anything,
    /// What has the type of the first argument; int and decimal go together.
    Same,
}

impl Accepts {
    /// Whether a value of this type may be given; its `?` does not matter.
    pub(crate) fn takes(self, ty: &Type) -> bool {
        let ty = ty.required();
        let is_number = |ty: &Type| matches!(ty, Type::Int | Type::Decimal);
        if *ty == Type::Error {
            return true;
        }
        match self {
            Self::Text => is_text(ty),
            Self::Email => *ty == Type::Email,
            Self::Domain => *ty == Type::Domain,
            Self::Url => *ty == Type::Url,
            Self::Ip => *ty == Type::Ip,
            Self::Path => *ty == Type::Path,
            Self::Semver => *ty == Type::Semver,
            Self::Time => *ty == Type::Time,
            Self::Duration => *ty == Type::Duration,
            Self::Size => *ty == Type::Size,
            Self::Int => *ty == Type::Int,
            Self::Number => is_number(ty),
            Self::Float => *ty == Type::Float,
            Self::List => item(ty).is_some(),
            Self::Texts => item(ty).is_some_and(|item| is_text(item.required()) || *item == Type::Error),
            Self::Numbers => item(ty).is_some_and(|item| is_number(item.required()) || *item == Type::Error),
            Self::Record => matches!(ty, Type::Record(_)),
            Self::Any => *ty == Type::Any,
            Self::Anything => !matches!(ty, Type::Pattern(_) | Type::Detection),
            // Asked with the first argument's type: see `resolve`.
            Self::Same => false,
        }
    }

    /// The type that a literal text given here is read as, when it is no string.
    pub(crate) fn literal_type(self) -> Option<Type> {
        match self {
            Self::Email => Some(Type::Email),
            Self::Domain => Some(Type::Domain),
            Self::Url => Some(Type::Url),
            Self::Ip => Some(Type::Ip),
            Self::Path => Some(Type::Path),
            Self::Semver => Some(Type::Semver),
            Self::Time => Some(Type::Time),
            Self::Duration => Some(Type::Duration),
            Self::Size => Some(Type::Size),
            _ => None,
        }
    }

    /// As the manual writes it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Domain => "domain",
            Self::Url => "url",
            Self::Ip => "ip",
            Self::Path => "path",
            Self::Semver => "semver",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Size => "size",
            Self::Int => "int",
            Self::Number => "number",
            Self::Float => "float",
            Self::List => "list<T>",
            Self::Texts => "list<text>",
            Self::Numbers => "list<number>",
            Self::Record => "record",
            Self::Any => "any",
            Self::Anything => "anything",
            Self::Same => "T",
        }
    }
}

/// An `ip` is none: its value is a number.
fn is_text(ty: &Type) -> bool {
    ty.is_textual() && *ty != Type::Ip
}

/// The type of a list's or set's items.
pub(crate) fn item(ty: &Type) -> Option<&Type> {
    match ty.required() {
        Type::List(item) | Type::Set(item) => Some(item),
        _ => None,
    }
}

/// `record | any`
pub(crate) fn listed(accepts: &[Accepts]) -> String {
    accepts.iter().map(|accepts| accepts.as_str()).collect::<Vec<_>>().join(" | ")
}
