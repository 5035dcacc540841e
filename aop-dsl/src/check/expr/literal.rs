//! Literals, read as the type that their place expects.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{constant, mistake, types};
use crate::check::scope::Scope;
use crate::check::walk::bare;
use crate::check::{Checker, suggest};
use crate::diagnostic::{DiagnosticCode, shown};
use crate::syntax::ast::{self, ExprKind, Name, Span};
use crate::typed::{self, Const, Expr};
use crate::types::{PatternKind, Type};
use crate::value;

/// The tags of literals such as `re"…"`.
const TAGS: &[(&str, Type)] = &[
    ("cidr", Type::Cidr),
    ("domain", Type::Domain),
    ("email", Type::Email),
    ("glob", Type::Pattern(PatternKind::Glob)),
    ("ip", Type::Ip),
    ("lit", Type::Pattern(PatternKind::Literal)),
    ("path", Type::Path),
    ("re", Type::Pattern(PatternKind::Regex)),
    ("semver", Type::Semver),
    ("time", Type::Time),
    ("url", Type::Url),
];

/// How deep lists may stand in lists, and how many items those have together. A `let` stands for its list wherever it is named, so
/// that a short text could make a huge one.
pub(crate) const NESTED_DEPTH_MAX: usize = 64;
pub(crate) const NESTED_ITEMS_MAX: usize = 10_000;

/// Whether a list holds lists that are too deep or too long. Those in it were asked before.
fn nests_too_much(items: &[Const]) -> bool {
    let mut rest: Vec<(&[Const], usize)> = vec![(items, 1)];
    let mut all = 0usize;
    let is_nested = items.iter().any(|item| matches!(item, Const::List(_)));
    while let Some((items, depth)) = rest.pop().filter(|_| is_nested) {
        all = all.saturating_add(items.len());
        if depth > NESTED_DEPTH_MAX || all > NESTED_ITEMS_MAX {
            return true;
        }
        rest.extend(items.iter().filter_map(|item| match item {
            Const::List(inner) => Some((&**inner, depth + 1)),
            _ => None,
        }));
    }
    false
}

/// Whether it is written out, so that its type follows from its place.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    match &bare(expr).kind {
        ExprKind::Text(_) | ExprKind::Int(_) | ExprKind::Decimal(_) | ExprKind::List(_) => true,
        ExprKind::Negate(inner) => is_literal(inner),
        _ => false,
    }
}

impl Checker<'_, '_, '_> {
    pub(super) fn literal(&mut self, scope: &mut Scope, expr: &ast::Expr, expected: Option<&Type>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Bool(truth) => constant(Const::Bool(*truth), Type::Bool, span),
            ExprKind::Duration { micros, .. } => constant(Const::Duration(*micros), Type::Duration, span),
            ExprKind::Size { bytes, .. } => constant(Const::Size(*bytes), Type::Size, span),
            ExprKind::Int(digits) | ExprKind::Decimal(digits) => {
                let ty = if matches!(expr.kind, ExprKind::Int(_)) { Type::Int } else { Type::Decimal };
                self.number(digits, ty, expected, span)
            }
            ExprKind::Text(text) => self.text(text, expected, span),
            ExprKind::Tagged { tag, text } => self.tagged(tag, text, span),
            ExprKind::List(items) => self.list(scope, items, expected, span),
            _ => mistake(span),
        }
    }

    fn number(&mut self, digits: &str, ty: Type, expected: Option<&Type>, span: Span) -> Expr {
        // A double is written as any number is; only numbers of events must be converted.
        if expected == Some(&Type::Float)
            && let Ok(float) = digits.parse::<f64>()
            && float.is_finite()
        {
            return constant(Const::Float(float), Type::Float, span);
        }
        let significant = digits.bytes().filter(u8::is_ascii_digit).count();
        match Decimal::from_str_exact(digits) {
            Ok(number) if significant <= 28 || number.mantissa().unsigned_abs() < 10u128.pow(28) => {
                constant(Const::Number(number), ty, span)
            }
            _ => {
                let message = format!("`{}` has more than 28 digits", shown(digits));
                self.sink
                    .error(DiagnosticCode::Arithmetic, span, message)
                    .help("numbers are exact, and have up to 28 digits");
                mistake(span)
            }
        }
    }

    fn text(&mut self, text: &str, expected: Option<&Type>, span: Span) -> Expr {
        match expected {
            Some(Type::Enum(words)) => {
                if words.iter().any(|word| word == text) {
                    return constant(Const::Text(text.into()), Type::Enum(words.clone()), span);
                }
                let nearest = self.nearest(text, words.iter().map(String::as_str));
                let list = suggest::list(words.iter().map(String::as_str), "or");
                let message = format!("{:?} is none of the words that are possible here", shown(text));
                let diagnostic = self.sink.error(DiagnosticCode::EnumWord, span, message);
                match nearest {
                    Some(nearest) => {
                        diagnostic.help(format!("did you mean `{nearest}`? It is {list}")).fix(span, format!("{nearest:?}"))
                    }
                    None => diagnostic.help(format!("it is {list}")),
                };
                mistake(span)
            }
            Some(
                ty @ (Type::Email
                | Type::Domain
                | Type::Url
                | Type::Ip
                | Type::Cidr
                | Type::Path
                | Type::Semver
                | Type::Time
                | Type::Pattern(_)),
            ) => self.read(text, ty, span),
            Some(ty @ Type::Code(_)) => constant(Const::Text(text.into()), ty.clone(), span),
            _ => constant(Const::Text(text.into()), Type::String, span),
        }
    }

    /// A text as a type that has rules of its own.
    fn read(&mut self, text: &str, ty: &Type, span: Span) -> Expr {
        match ty {
            Type::Pattern(kind) => match self.pattern_const(*kind, text, span) {
                Some(pattern) => constant(pattern, ty.clone(), span),
                None => mistake(span),
            },
            _ => self.read_with(value::const_read(text, ty), ty, span),
        }
    }

    fn read_with(&mut self, read: Result<Const, String>, ty: &Type, span: Span) -> Expr {
        match read {
            Ok(value) => constant(value, ty.clone(), span),
            Err(message) => {
                let code = if *ty == Type::Cidr { DiagnosticCode::BadPattern } else { DiagnosticCode::BadLiteral };
                self.sink.error(code, span, message);
                mistake(span)
            }
        }
    }

    fn tagged(&mut self, tag: &Name, text: &str, span: Span) -> Expr {
        match TAGS.iter().find(|(name, _)| *name == tag.text) {
            Some((_, ty)) => self.read(text, ty, span),
            None => {
                let nearest = self.nearest(&tag.text, TAGS.iter().map(|(name, _)| *name));
                let message = format!("there are no literals with the tag `{}`", tag.text);
                let diagnostic = self.sink.error(DiagnosticCode::BadLiteral, tag.span, message);
                match nearest {
                    Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(tag.span, nearest),
                    None => {
                        diagnostic.help(format!("tags are {}", suggest::list(TAGS.iter().map(|(name, _)| *name), "and")))
                    }
                };
                mistake(span)
            }
        }
    }

    /// A literal behind `matches`, where `semver"^1.2"` is a requirement.
    pub(super) fn pattern_literal(&mut self, scope: &mut Scope, expr: &ast::Expr) -> Expr {
        match &bare(expr).kind {
            ExprKind::Tagged { tag, text } if tag.text == "semver" => {
                self.read(text, &Type::Pattern(PatternKind::Versions), expr.span)
            }
            _ => self.expr(scope, expr, None),
        }
    }

    fn list(&mut self, scope: &mut Scope, items: &[ast::Expr], expected: Option<&Type>, span: Span) -> Expr {
        let item_type = match expected {
            Some(Type::List(item) | Type::Set(item)) => Some(&**item),
            _ => None,
        };
        let mut checked: Vec<Expr> = Vec::with_capacity(items.len());
        let mut joined: Option<Type> = item_type.cloned();
        for item in items {
            let item = match (&bare(item).kind, item_type) {
                // In a set a domain may be `*.acme.example`.
                (ExprKind::Text(text), Some(Type::Path))
                    if text.contains('*') && self.pattern_const(PatternKind::Glob, text, item.span).is_none() =>
                {
                    mistake(item.span)
                }
                (ExprKind::Text(text), Some(ty @ (Type::Domain | Type::Path))) => {
                    self.read_with(value::const_member(text, ty), ty, item.span)
                }
                // Without a known type the first item tells the others'.
                _ => self.expr(scope, item, item_type.or(joined.as_ref())),
            };
            if let Some(item_type) = item_type {
                checked.push(self.list_item(item, item_type));
                continue;
            }
            match &joined {
                None => joined = Some(item.ty.clone()),
                Some(known) => match types::joined(known, &item.ty) {
                    Some(both) => joined = Some(both),
                    None => {
                        let message =
                            format!("this item is {}, and those before it are {}", suggest::a(&item.ty), suggest::a(known));
                        self.sink
                            .error(DiagnosticCode::TypeMismatch, item.span, message)
                            .help("the items of a list are of one type");
                        continue;
                    }
                },
            }
            checked.push(item);
        }
        let item_type = joined.unwrap_or(Type::Error);
        let ty = match expected {
            Some(Type::Set(_)) => Type::set(item_type),
            _ => Type::list(item_type),
        };
        if checked.iter().any(|item| item.ty == Type::Error) {
            return mistake(span);
        }
        let constants: Option<Vec<Const>> = checked
            .iter()
            .map(|item| match &item.kind {
                typed::ExprKind::Const(value) => Some(value.clone()),
                _ => None,
            })
            .collect();
        match constants {
            Some(constants) if nests_too_much(&constants) => {
                let message = format!(
                    "lists in lists are at most {NESTED_DEPTH_MAX} deep and have at most {NESTED_ITEMS_MAX} items in all"
                );
                self.sink.error(DiagnosticCode::Nesting, span, message);
                mistake(span)
            }
            Some(constants) => constant(Const::List(Arc::from(constants)), ty, span),
            None => Expr { kind: typed::ExprKind::List(checked), ty, span },
        }
    }

    /// An item of a list whose items are of this type.
    fn list_item(&mut self, item: Expr, ty: &Type) -> Expr {
        if types::fits(&item.ty, ty) {
            return item;
        }
        if *item.ty.required() == Type::Any {
            self.untyped(&item, &format!("this list has items of type `{ty}`"), ty);
            return mistake(item.span);
        }
        let quoted = self.quote(item.span);
        let message = format!("`{quoted}` is {}, and the items here are of type `{ty}`", suggest::a(&item.ty));
        self.sink.error(DiagnosticCode::TypeMismatch, item.span, message);
        mistake(item.span)
    }
}
