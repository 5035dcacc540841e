//! The types of the policy language.

use std::fmt;
use std::sync::Arc;

/// The type of a value in a policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    Bool,
    /// A whole number of up to 28 digits.
    Int,
    /// An exact decimal of up to 28 digits.
    Decimal,
    /// A double; comes from other numbers only by conversion that is written out.
    Float,
    String,
    /// A string whose text is code. It is a string to every rule; that it is code is said to whoever else looks at the event.
    Code(CodeLanguage),
    Email,
    Domain,
    Url,
    Ip,
    Cidr,
    Path,
    Semver,
    Time,
    Duration,
    Size,
    /// One of these words.
    Enum(Arc<[String]>),
    List(Arc<Type>),
    Set(Arc<Type>),
    Record(Arc<[Field]>),
    /// What a detector says: `.score` (decimal, 0 to 1), `.count` (int), `.kinds` (list of string).
    Detection,
    /// `re"…"`, `lit"…"`, `glob"…"`: what `matches` takes. A version requirement is one too, a network is `Cidr`.
    Pattern(PatternKind),
    /// JSON of any shape, which must be narrowed.
    Any,
    /// May be absent or null.
    Optional(Arc<Type>),
    /// Already reported as a mistake; fits everything, so that one mistake makes one diagnostic.
    Error,
}

/// The language of a text that is declared to be code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodeLanguage {
    /// Statements for a database: the type `sql`.
    Sql,
    /// Commands for a shell: the type `shell`.
    Shell,
}

impl CodeLanguage {
    /// Its type's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Shell => "shell",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PatternKind {
    /// Searches.
    Regex,
    /// Matches the whole text.
    Glob,
    /// Matches the whole text.
    Literal,
    /// A version requirement, such as `^1.2`.
    Versions,
}

/// A member of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// [`Type::Optional`] when it may be absent.
    pub(crate) ty: Type,
}

impl Type {
    pub(crate) fn list(item: Type) -> Self {
        Self::List(Arc::new(item))
    }

    pub(crate) fn set(item: Type) -> Self {
        Self::Set(Arc::new(item))
    }

    /// The type that may be absent; the same when it may be already.
    pub(crate) fn optional(self) -> Self {
        if matches!(self, Self::Optional(_) | Self::Error) { self } else { Self::Optional(Arc::new(self)) }
    }

    /// The type without its `?`.
    pub(crate) fn required(&self) -> &Type {
        match self {
            Self::Optional(inner) => inner.required(),
            other => other,
        }
    }

    /// The type that decides what can be done with its values: code is a string.
    pub(crate) fn base(&self) -> &Type {
        match self {
            Self::Code(_) => &Self::String,
            other => other,
        }
    }

    pub(crate) fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// A record's member.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        match self {
            Self::Record(fields) => fields.iter().find(|field| field.name == name),
            _ => None,
        }
    }

    /// Whether its values are texts, so that `contains`, `matches` and the like are about characters.
    pub(crate) fn is_textual(&self) -> bool {
        matches!(
            self,
            Self::String
                | Self::Code(_)
                | Self::Email
                | Self::Domain
                | Self::Url
                | Self::Ip
                | Self::Path
                | Self::Semver
                | Self::Enum(_)
        )
    }
}

/// As it is written in a policy.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Decimal => f.write_str("decimal"),
            Self::Float => f.write_str("float"),
            Self::String => f.write_str("string"),
            Self::Code(language) => f.write_str(language.as_str()),
            Self::Email => f.write_str("email"),
            Self::Domain => f.write_str("domain"),
            Self::Url => f.write_str("url"),
            Self::Ip => f.write_str("ip"),
            Self::Cidr => f.write_str("cidr"),
            Self::Path => f.write_str("path"),
            Self::Semver => f.write_str("semver"),
            Self::Time => f.write_str("time"),
            Self::Duration => f.write_str("duration"),
            Self::Size => f.write_str("size"),
            Self::Enum(words) => {
                f.write_str("enum[")?;
                for (index, word) in words.iter().enumerate() {
                    write!(f, "{}{word:?}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Set(item) => write!(f, "set<{item}>"),
            Self::Record(fields) => {
                f.write_str("{ ")?;
                for (index, field) in fields.iter().enumerate() {
                    write!(f, "{}{}: {}", if index > 0 { ", " } else { "" }, field.name, field.ty)?;
                }
                f.write_str(" }")
            }
            Self::Detection => f.write_str("detection"),
            Self::Pattern(PatternKind::Regex) => f.write_str("re"),
            Self::Pattern(PatternKind::Glob) => f.write_str("glob"),
            Self::Pattern(PatternKind::Literal) => f.write_str("lit"),
            Self::Pattern(PatternKind::Versions) => f.write_str("version requirement"),
            Self::Any => f.write_str("any"),
            Self::Optional(inner) => write!(f, "{inner}?"),
            Self::Error => f.write_str("(unknown)"),
        }
    }
}
