//! `==`, `<`, `in`, `contains`, `matches` and their kin.

use super::{Operands, literal, mistake, types};
use crate::check::scope::Scope;
use crate::check::walk::bare;
use crate::check::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, BinaryOp, ExprKind, Span};
use crate::typed::{self, Expr};
use crate::types::{PatternKind, Type};

impl Checker<'_, '_, '_> {
    /// Both sides, a literal read as the type of the other one.
    pub(super) fn sides(&mut self, scope: &mut Scope, left: &ast::Expr, right: &ast::Expr) -> (Expr, Expr) {
        if literal::is_literal(left) && !literal::is_literal(right) {
            let right = self.expr(scope, right, None);
            let left = self.expr(scope, left, Some(right.ty.required()));
            (left, right)
        } else {
            let left = self.expr(scope, left, None);
            let right = self.expr(scope, right, Some(left.ty.required()));
            (left, right)
        }
    }

    pub(super) fn comparison(&mut self, scope: &mut Scope, parts: &Operands<'_>) -> Expr {
        let Operands { op, left, right, span, .. } = *parts;
        let (left, right) = self.sides(scope, left, right);
        if left.ty == Type::Error || right.ty == Type::Error {
            return mistake(span);
        }
        let (a, b) = (left.ty.required().clone(), right.ty.required().clone());
        for (any, other) in [(&left, &b), (&right, &a)] {
            if *any.ty.required() == Type::Any && *other != Type::Any {
                self.untyped(any, &format!("it cannot be compared with {}", suggest::a(other)), other);
                return mistake(span);
            }
        }
        let is_order = !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        if !types::comparable(&a, &b) {
            return self.incomparable(&left, &right, parts);
        }
        if is_order && !(types::ordered(&a) && types::ordered(&b)) {
            let unordered = if types::ordered(&a) { &right } else { &left };
            let ty = unordered.ty.required();
            let quoted = self.quote(unordered.span);
            let message = format!("`{quoted}` is {}, of which none is less or greater than another", suggest::a(ty));
            let diagnostic = self.sink.error(DiagnosticCode::Incomparable, parts.op_span, message);
            match ty {
                Type::Any => diagnostic.help(format!("read it as what it should be: `{quoted} as int`")),
                Type::List(_) | Type::Set(_) => diagnostic.help(format!("did you mean `{quoted}.length`?")),
                Type::Detection => diagnostic.help(format!("did you mean `{quoted}.score`?")),
                _ => diagnostic,
            };
            return mistake(span);
        }
        self.folded(op, left, right, Type::Bool, span)
    }

    fn incomparable(&mut self, left: &Expr, right: &Expr, parts: &Operands<'_>) -> Expr {
        let (a, b) = (left.ty.required(), right.ty.required());
        let (quoted_left, quoted_right) = (self.quote(left.span), self.quote(right.span));
        let message = match (a, b) {
            (Type::Enum(_), Type::Enum(_)) => format!("`{quoted_left}` and `{quoted_right}` have no word in common"),
            _ => format!("`{quoted_left}` is {}, and `{quoted_right}` is {}", suggest::a(a), suggest::a(b)),
        };
        let help = match (a, b) {
            (Type::List(item) | Type::Set(item), other)
                if types::comparable(item, other) || is_text_for(item, other, parts.right) =>
            {
                Some(format!("ask whether it is among the items: `{quoted_right} in {quoted_left}`"))
            }
            (other, Type::List(item) | Type::Set(item)) if types::comparable(item, other) => {
                Some(format!("ask whether it is among the items: `{quoted_left} in {quoted_right}`"))
            }
            (_, Type::Pattern(_) | Type::Cidr) => {
                Some(format!("patterns are for `matches`: `{quoted_left} matches {quoted_right}`"))
            }
            (Type::Detection, _) => Some(format!("compare its `.score` or its `.count`: `{quoted_left}.score >= 0.8`")),
            (Type::Duration, number) | (number, Type::Duration) if types::is_number(number) => {
                Some("a duration has a unit: `10s`, `5m`, `100ms`".to_owned())
            }
            (Type::Size, number) | (number, Type::Size) if types::is_number(number) => {
                Some("a size has a unit: `512b`, `10kb`, `5mb`".to_owned())
            }
            (number, text)
                if types::is_number(number) && *text.base() == Type::String && literal::is_literal(parts.right) =>
            {
                Some("numbers stand without quotes".to_owned())
            }
            (text, number)
                if types::is_number(number) && *text.base() == Type::String && literal::is_literal(parts.right) =>
            {
                Some("texts stand in quotes".to_owned())
            }
            // Texts are read as what has rules of its own, not the other way round.
            (Type::String | Type::Code(_) | Type::Enum(_), _) => types::conversion(&quoted_left, a, b),
            (_, Type::String | Type::Code(_) | Type::Enum(_)) | (Type::Float, _) => types::conversion(&quoted_right, b, a),
            _ => types::conversion(&quoted_left, a, b).or_else(|| types::conversion(&quoted_right, b, a)),
        };
        let diagnostic = self.sink.error(DiagnosticCode::Incomparable, parts.span, message);
        diagnostic.label("they cannot be compared");
        if let Some(help) = help {
            diagnostic.help(help);
        }
        mistake(parts.span)
    }

    /// `x in list`, `ip in cidr`
    pub(super) fn membership(&mut self, scope: &mut Scope, parts: &Operands<'_>) -> Expr {
        let Operands { op, left, right, span, .. } = *parts;
        let (left, right) = if literal::is_literal(left) && !matches!(bare(right).kind, ExprKind::List(_)) {
            let right = self.expr(scope, right, None);
            let item = match right.ty.required() {
                Type::List(item) | Type::Set(item) => Some((**item).clone()),
                _ => None,
            };
            (self.expr(scope, left, item.as_ref()), right)
        } else {
            let left = self.expr(scope, left, None);
            let expected = Type::list(member_type(left.ty.required(), right));
            let right = self.expr(scope, right, Some(&expected));
            (left, right)
        };
        if left.ty == Type::Error || right.ty == Type::Error {
            return mistake(span);
        }
        let value = left.ty.required().clone();
        let what = self.quote(right.span);
        let is_member = match right.ty.required() {
            Type::List(item) | Type::Set(item) => {
                if value == Type::Any && **item != Type::Any {
                    self.untyped(&left, &format!("the items of `{what}` are of type `{item}`"), item);
                    return mistake(span);
                }
                may_be_among(&value, item)
            }
            Type::Cidr if value == Type::Any => {
                self.untyped(&left, &format!("`{what}` is a network"), &Type::Ip);
                return mistake(span);
            }
            Type::Cidr => value == Type::Ip,
            Type::Any => {
                self.untyped(&right, "`in` looks into a list, a set or a network", &Type::list(value));
                return mistake(span);
            }
            ty => {
                let message = format!("`in` looks into a list, a set or a network, and `{what}` is {}", suggest::a(ty));
                let help = match ty {
                    _ if ty.is_textual() && value == Type::Ip => {
                        Some(format!("a network is written with its tag: `cidr{what}`"))
                    }
                    _ if ty.is_textual() && value.is_textual() => Some(format!(
                        "ask for a part of a text with `contains`: `{what} contains {}`",
                        self.quote(left.span)
                    )),
                    Type::Record(_) => Some(format!("ask for a field with `has {what}.field`")),
                    Type::Pattern(_) => {
                        Some(format!("patterns are for `matches`: `{} matches {what}`", self.quote(left.span)))
                    }
                    _ => None,
                };
                let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, right.span, message);
                if let Some(help) = help {
                    diagnostic.help(help);
                }
                return mistake(span);
            }
        };
        if is_member {
            return self.folded(op, left, right, Type::Bool, span);
        }
        let item = match right.ty.required() {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            _ => Type::Ip,
        };
        let quoted = self.quote(left.span);
        let message = format!("`{quoted}` is {}, and what is in `{what}` is {}", suggest::a(&value), suggest::a(&item));
        let help = match (&value, &item) {
            (Type::Email, Type::Domain) => Some(format!("ask for the address's domain: `{quoted}.domain in {what}`")),
            (Type::Url, Type::Domain) => Some(format!("ask for its host: `{quoted}.host in {what}`")),
            (Type::List(inner) | Type::Set(inner), item) if may_be_among(inner, item) => {
                Some(format!("ask for each: `any x in {quoted}: x in {what}`"))
            }
            _ => types::conversion(&quoted, &value, &item),
        };
        let diagnostic = self.sink.error(DiagnosticCode::Incomparable, span, message);
        diagnostic.label("it is never in there");
        if let Some(help) = help {
            diagnostic.help(help);
        }
        mistake(span)
    }

    /// `x contains y`, `x starts_with y`, `x ends_with y`
    pub(super) fn contains(&mut self, scope: &mut Scope, parts: &Operands<'_>) -> Expr {
        let Operands { op, left, right, span, .. } = *parts;
        let left = self.expr(scope, left, None);
        let expected = match (op, left.ty.required()) {
            (BinaryOp::Contains, Type::List(item) | Type::Set(item)) => Some((**item).clone()),
            (BinaryOp::Contains, Type::Cidr) => Some(Type::Ip),
            _ => Some(Type::String),
        };
        let right = self.expr(scope, right, expected.as_ref());
        if left.ty == Type::Error || right.ty == Type::Error {
            return mistake(span);
        }
        let word = op.as_str();
        let quoted = self.quote(left.span);
        match (left.ty.required(), right.ty.required()) {
            (Type::Any, _) => {
                self.untyped(&left, &format!("`{word}` is about texts"), &Type::String);
                return mistake(span);
            }
            (Type::List(item) | Type::Set(item), part) if op == BinaryOp::Contains => {
                if *part == Type::Any && **item != Type::Any {
                    self.untyped(&right, &format!("the items of `{quoted}` are of type `{item}`"), item);
                    return mistake(span);
                }
                if may_be_among(part, item) {
                    return self.folded(op, left, right, Type::Bool, span);
                }
                let message = format!(
                    "`{}` is {}, and the items of `{quoted}` are of type `{item}`",
                    self.quote(right.span),
                    suggest::a(part)
                );
                self.sink.error(DiagnosticCode::Incomparable, span, message).label("it is never in there");
                return mistake(span);
            }
            (Type::Cidr, Type::Ip) if op == BinaryOp::Contains => return self.folded(op, left, right, Type::Bool, span),
            (text, _) if !text.is_textual() => {
                let message = format!(
                    "`{word}` is about texts{}, and `{quoted}` is {}",
                    if op == BinaryOp::Contains { " and lists" } else { "" },
                    suggest::a(text)
                );
                let help = match text {
                    Type::List(_) | Type::Set(_) => Some(format!("ask for each item: `any x in {quoted}: x {word} …`")),
                    Type::Record(_) => Some(format!("name the field that is meant: `{quoted}.field {word} …`")),
                    _ => None,
                };
                let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, left.span, message);
                if let Some(help) = help {
                    diagnostic.help(help);
                }
                return mistake(span);
            }
            (_, Type::Any) => {
                self.untyped(&right, &format!("`{word}` is about texts"), &Type::String);
                return mistake(span);
            }
            (_, part) if part.is_textual() => {}
            (_, part) => {
                let part_quoted = self.quote(right.span);
                let message = format!("`{word}` looks for a text, and `{part_quoted}` is {}", suggest::a(part));
                let help = match part {
                    Type::Pattern(_) => Some(format!("patterns are for `matches`: `{quoted} matches {part_quoted}`")),
                    Type::List(_) | Type::Set(_) => {
                        Some(format!("ask for each: `any word in {part_quoted}: {quoted} {word} word`"))
                    }
                    _ => None,
                };
                let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, right.span, message);
                if let Some(help) = help {
                    diagnostic.help(help);
                }
                return mistake(span);
            }
        }
        self.folded(op, left, right, Type::Bool, span)
    }

    /// `x matches pattern`
    pub(super) fn matches(&mut self, scope: &mut Scope, parts: &Operands<'_>) -> Expr {
        let Operands { op, left, right, span, .. } = *parts;
        let left = self.expr(scope, left, None);
        let pattern = self.pattern_literal(scope, right);
        if left.ty == Type::Error || pattern.ty == Type::Error {
            return mistake(span);
        }
        let quoted = self.quote(left.span);
        let pattern_quoted = self.quote(pattern.span);
        if *left.ty.required() == Type::Any {
            let target = match pattern.ty.required() {
                Type::Cidr => Type::Ip,
                Type::Pattern(PatternKind::Versions) => Type::Semver,
                Type::Pattern(PatternKind::Glob) => Type::Path,
                _ => Type::String,
            };
            self.untyped(&left, &format!("`matches` takes {}", suggest::a(&target)), &target);
            return mistake(span);
        }
        if !matches!(pattern.ty.required(), Type::Pattern(_) | Type::Cidr) {
            let example = types::pattern_example(&left.ty);
            let message = format!(
                "`matches` takes a pattern such as `{example}`, and `{pattern_quoted}` is {}",
                suggest::a(&pattern.ty)
            );
            let is_text = matches!(bare(right).kind, ExprKind::Text(_));
            let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, pattern.span, message);
            if is_text {
                let start = Span { start: pattern.span.start, end: pattern.span.start };
                let tag = example.split('"').next().unwrap_or("re").to_owned();
                diagnostic
                    .help(format!("put `{tag}` before the text; `re` searches, `glob` and `lit` match the whole"))
                    .fix(start, tag);
            } else if matches!(pattern.ty.required(), Type::List(_) | Type::Set(_)) {
                diagnostic.help(format!("ask for each: `any p in {pattern_quoted}: {quoted} matches p`"));
            }
            return mistake(span);
        }
        if types::matchable(&left.ty, &pattern.ty) {
            return self.matched(op, left, pattern, span);
        }
        let (value, kind) = (left.ty.required(), pattern.ty.required());
        let message = format!("`{quoted}` is {}, which no {} matches", suggest::a(value), pattern_noun(kind));
        let help = match value {
            Type::List(_) | Type::Set(_) => {
                Some(format!("ask for each item: `any x in {quoted}: x matches {pattern_quoted}`"))
            }
            Type::Ip | Type::Semver | Type::Path => {
                Some(format!("for {} write `{}`", suggest::a(value), types::pattern_example(value)))
            }
            Type::String | Type::Code(_) | Type::Enum(_) => {
                types::conversion(&quoted, value, if *kind == Type::Cidr { &Type::Ip } else { &Type::Semver })
            }
            _ => None,
        };
        let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, span, message);
        if let Some(help) = help {
            diagnostic.help(help);
        }
        mistake(span)
    }

    /// Patterns are compiled when the policy is, so they must be known then, or come from a list that is.
    fn matched(&mut self, op: BinaryOp, left: Expr, pattern: Expr, span: Span) -> Expr {
        let known = matches!(pattern.kind, typed::ExprKind::Const(_) | typed::ExprKind::Local(_));
        if !known {
            let message = format!("the pattern `{}` is not known before an event arrives", self.quote(pattern.span));
            self.sink
                .error(DiagnosticCode::NotConstant, pattern.span, message)
                .help("write the pattern itself, or a `let` that holds it");
            return mistake(span);
        }
        Expr { kind: typed::ExprKind::Binary { op, left: Box::new(left), right: Box::new(pattern) }, ty: Type::Bool, span }
    }
}

/// Whether a literal text could be an item of such a list.
fn is_text_for(item: &Type, text: &Type, written: &ast::Expr) -> bool {
    item.is_textual() && *text == Type::String && literal::is_literal(written)
}

/// As which type the items of a list literal are read that a value of this type is looked for in.
fn member_type(value: &Type, list: &ast::Expr) -> Type {
    if let (Type::Ip, ExprKind::List(items)) = (value, &bare(list).kind) {
        let is_network = |item: &ast::Expr| match &bare(item).kind {
            ExprKind::Text(text) => text.contains('/'),
            ExprKind::Tagged { tag, .. } => tag.text == "cidr",
            _ => false,
        };
        if items.iter().any(is_network) {
            return Type::Cidr;
        }
    }
    value.clone()
}

/// Whether a value may be in a list or set with items of this type.
fn may_be_among(value: &Type, item: &Type) -> bool {
    let item = item.required();
    types::comparable(value, item)
        || (*value == Type::Ip && *item == Type::Cidr)
        || (*item == Type::Pattern(PatternKind::Glob) && value.is_textual())
}

fn pattern_noun(pattern: &Type) -> &'static str {
    match pattern {
        Type::Cidr => "network",
        Type::Pattern(PatternKind::Versions) => "version requirement",
        Type::Pattern(PatternKind::Glob) => "glob",
        Type::Pattern(PatternKind::Literal) => "literal",
        _ => "regular expression",
    }
}
