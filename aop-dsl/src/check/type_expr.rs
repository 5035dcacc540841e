//! Types as they are written → types.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{Name, Span, TypeExpr, TypeExprKind};
use crate::types::{CodeLanguage, PatternKind, Type};

/// The largest type, in types and fields it is made of. Types share their parts, so that a short text could make a huge one.
pub(crate) const PARTS_MAX: usize = 4_000;

/// How deep types may stand in each other, by their names too: as deep as brackets.
pub(crate) const DEPTH_MAX: usize = 64;

/// How large a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TypeSize {
    /// The types and fields that it is made of.
    parts: usize,
    /// How many types stand in each other.
    depth: usize,
}

impl TypeSize {
    pub(super) const ONE: Self = Self { parts: 1, depth: 1 };

    fn of_enum(words: usize) -> Self {
        Self { parts: words.saturating_add(1), depth: 1 }
    }

    /// Of a list or a set of these.
    fn of_list(item: Self) -> Self {
        Self::ONE.with_part(item)
    }

    /// With a member of this size.
    pub(super) fn with_part(self, part: Self) -> Self {
        Self { parts: self.parts.saturating_add(part.parts), depth: self.depth.max(part.depth.saturating_add(1)) }
    }
}

/// Where a type is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypePlace {
    /// What events carry: no patterns.
    Schema,
    /// A `let`, or a function's parameter or result.
    Definition,
    /// `x as T`, `x is T`: what a value can be read as.
    Cast,
}

/// The types that have a name.
const BUILT_IN: &[(&str, Type)] = &[
    ("any", Type::Any),
    ("bool", Type::Bool),
    ("cidr", Type::Cidr),
    ("decimal", Type::Decimal),
    ("domain", Type::Domain),
    ("duration", Type::Duration),
    ("email", Type::Email),
    ("float", Type::Float),
    ("glob", Type::Pattern(PatternKind::Glob)),
    ("int", Type::Int),
    ("ip", Type::Ip),
    ("lit", Type::Pattern(PatternKind::Literal)),
    ("path", Type::Path),
    ("re", Type::Pattern(PatternKind::Regex)),
    // A record of which nothing is known is as good as `any`: its fields must be narrowed.
    ("record", Type::Any),
    ("semver", Type::Semver),
    ("shell", Type::Code(CodeLanguage::Shell)),
    ("size", Type::Size),
    ("sql", Type::Code(CodeLanguage::Sql)),
    ("string", Type::String),
    ("time", Type::Time),
    ("url", Type::Url),
];

/// What other languages call our types.
const FOREIGN: &[(&str, &str)] = &[
    ("address", "email"),
    ("array", "list<string>"),
    ("bash", "shell"),
    ("bigint", "int"),
    ("boolean", "bool"),
    ("bytes", "size"),
    ("char", "string"),
    ("cmd", "shell"),
    ("date", "time"),
    ("datetime", "time"),
    ("dict", "{ name: type }"),
    ("double", "float"),
    ("host", "domain"),
    ("hostname", "domain"),
    ("i64", "int"),
    ("integer", "int"),
    ("json", "any"),
    ("list", "list<string>"),
    ("map", "{ name: type }"),
    ("money", "decimal"),
    ("network", "cidr"),
    ("number", "decimal"),
    ("numeric", "decimal"),
    ("object", "{ name: type }"),
    ("regex", "re"),
    ("set", "set<string>"),
    ("str", "string"),
    ("struct", "{ name: type }"),
    ("text", "string"),
    ("timestamp", "time"),
    ("uint", "int"),
    ("uri", "url"),
    ("varchar", "string"),
    ("version", "semver"),
];

pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.iter().any(|(built_in, _)| *built_in == name)
}

impl Checker<'_, '_, '_> {
    pub(super) fn type_of(&mut self, written: &TypeExpr, place: TypePlace) -> Type {
        self.sized_type(written, place).0
    }

    /// The type and its size.
    pub(super) fn sized_type(&mut self, written: &TypeExpr, place: TypePlace) -> (Type, TypeSize) {
        let (ty, size) = match &written.kind {
            TypeExprKind::Named(name) => self.named_type(name, place),
            TypeExprKind::List(item) => {
                let (item, size) = self.sized_type(item, place);
                (Type::list(item), TypeSize::of_list(size))
            }
            TypeExprKind::Set(item) => {
                let (ty, size) = self.sized_type(item, place);
                if let Type::Record(_) | Type::List(_) | Type::Set(_) | Type::Any | Type::Optional(_) = ty {
                    let message = format!("a set holds single values that are there, and {} is none", suggest::a(&ty));
                    let help = format!("write `list<{}>`", self.quote(item.span));
                    self.sink.error(DiagnosticCode::TypeUse, item.span, message).help(help);
                    return (Type::Error, TypeSize::ONE);
                }
                (if ty == Type::Error { Type::Error } else { Type::set(ty) }, TypeSize::of_list(size))
            }
            TypeExprKind::Enum(words) => (self.enumeration(words, written.span), TypeSize::of_enum(words.len())),
            TypeExprKind::Record(fields) => self.record(fields, place, written.span),
        };
        let ty = if written.optional { ty.optional() } else { ty };
        self.bounded((ty, size), written.span)
    }

    /// A type that is not too large.
    pub(super) fn bounded(&mut self, (ty, size): (Type, TypeSize), span: Span) -> (Type, TypeSize) {
        let message = if size.parts > PARTS_MAX {
            format!("this type is made of more than {PARTS_MAX} types and fields")
        } else if size.depth > DEPTH_MAX {
            format!("this type is made of more than {DEPTH_MAX} types that stand in each other")
        } else {
            return (ty, size);
        };
        self.sink
            .error(DiagnosticCode::TypeUse, span, message)
            .help("declare what rules look at, and leave the rest to `any`");
        (Type::Error, TypeSize::ONE)
    }

    fn named_type(&mut self, name: &Name, place: TypePlace) -> (Type, TypeSize) {
        if let Some((_, ty)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name.text) {
            if place != TypePlace::Definition && matches!(ty, Type::Pattern(_)) {
                let message = format!("`{}` is a pattern, and no event carries patterns", name.text);
                self.sink
                    .error(DiagnosticCode::TypeUse, name.span, message)
                    .help("patterns stand in a `let`, in a function, or behind `matches`");
                return (Type::Error, TypeSize::ONE);
            }
            return (ty.clone(), TypeSize::ONE);
        }
        if let Some(sized) = self.vocabulary.types.get(&name.text) {
            return sized.clone();
        }
        if self.definitions.broken.contains(&name.text) {
            return (Type::Error, TypeSize::ONE);
        }
        if let Some((alias, member)) = name.text.split_once('.') {
            if self.definitions.broken_imports.contains(alias) {
                return (Type::Error, TypeSize::ONE);
            }
            if let Some(import) = self.definitions.imports.get(alias) {
                import.used.set(true);
                let types = &import.exports.vocabulary.types;
                if let Some(sized) = types.get(member) {
                    return sized.clone();
                }
                let message = format!("the package `{}` has no type `{member}`", import.package);
                let names = types.keys().take(self.names_max()).map(|member| format!("{alias}.{member}")).collect();
                self.unknown_type(name, message, names);
                return (Type::Error, TypeSize::ONE);
            }
        }
        let message = format!("there is no type `{}`", name.text);
        let foreign = name.text.to_lowercase();
        if let Some((_, own)) = FOREIGN.iter().find(|(word, _)| *word == foreign) {
            let diagnostic = self.sink.error(DiagnosticCode::UnknownType, name.span, message);
            diagnostic.help(format!("write `{own}`"));
            if own.bytes().all(|byte| byte.is_ascii_lowercase()) {
                diagnostic.fix(name.span, *own);
            }
            return (Type::Error, TypeSize::ONE);
        }
        let built_in = BUILT_IN.iter().map(|(name, _)| (*name).to_owned());
        let own = self.vocabulary.types.keys().take(self.names_max());
        let names = built_in.chain(own.cloned()).collect();
        self.unknown_type(name, message, names);
        (Type::Error, TypeSize::ONE)
    }

    fn unknown_type(&mut self, name: &Name, message: String, mut names: Vec<String>) {
        names.sort_unstable();
        let nearest = self.nearest(&name.text, names.iter().map(String::as_str));
        let diagnostic = self.sink.error(DiagnosticCode::UnknownType, name.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            None if name.text.contains('.') => diagnostic,
            None => diagnostic.help(format!("declare it in the schema: `type {} = {{ … }};`", name.text)),
        };
    }

    fn enumeration(&mut self, words: &[Name], span: Span) -> Type {
        let mut seen = HashSet::new();
        for word in words {
            if !seen.insert(&word.text) {
                self.sink.error(DiagnosticCode::NameTaken, word.span, format!("the word {:?} stands twice", word.text));
            }
        }
        if words.is_empty() {
            self.sink.error(DiagnosticCode::TypeUse, span, "an enum has at least one word, as in `enum[\"EUR\", \"USD\"]`");
            return Type::Error;
        }
        Type::Enum(Arc::from(words.iter().map(|word| word.text.clone()).collect::<Vec<_>>()))
    }
}
