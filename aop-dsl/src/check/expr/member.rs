//! `x.f` of a value: a record's field, a member of `any`, a property.

use super::{mistake, named, path};
use crate::builtins::{self, BUILTINS};
use crate::check::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{Name, Span};
use crate::typed::{EventField, Expr, ExprKind};
use crate::types::Type;

impl Checker<'_, '_, '_> {
    pub(super) fn field(&mut self, base: Expr, name: &Name, optional: bool, span: Span) -> Expr {
        let required = base.ty.required().clone();
        let ty = match &required {
            Type::Error => return mistake(span),
            Type::Record(_) => match required.field(&name.text) {
                Some(field) => field.ty.clone(),
                None => return self.unknown_record_field(&base, name),
            },
            Type::Any if optional => Type::Any.optional(),
            Type::Any => Type::Any,
            Type::Detection if name.text == "score" => Type::Decimal,
            Type::Detection if name.text == "count" => Type::Int,
            _ => return self.property(base, name, optional, span),
        };
        if base.ty.is_optional() && !optional && !is_lenient(&base) {
            return self.access_through_absent(&base, name, span);
        }
        let ty = if base.ty.is_optional() { ty.optional() } else { ty };
        Expr { kind: ExprKind::Field { base: Box::new(base), name: name.text.clone(), optional }, ty, span }
    }

    /// `address.domain`: a built-in function that is written as a field.
    fn property(&mut self, base: Expr, name: &Name, optional: bool, span: Span) -> Expr {
        let required = base.ty.required().clone();
        let Some(builtin) = builtins::property(&name.text, &required) else {
            return self.unknown_property(&base, &required, name);
        };
        if base.ty.is_optional() && !optional && !is_lenient(&base) {
            return self.access_through_absent(&base, name, span);
        }
        let result = (BUILTINS[builtin].result)(&[Some(&required)]);
        let ty = if base.ty.is_optional() { result.optional() } else { result };
        Expr { kind: ExprKind::Builtin { builtin, arguments: vec![Some(base)] }, ty, span }
    }

    fn access_through_absent(&mut self, base: &Expr, name: &Name, span: Span) -> Expr {
        let quoted = self.quote(base.span);
        let message = format!("`{quoted}` may be absent, and then it has no `{}`", name.text);
        let dot = Span { start: base.span.end, end: name.span.start };
        let has_dot = self.sink.source().get(dot.range()).is_some_and(|text| text.trim() == ".");
        let diagnostic = self.sink.error(DiagnosticCode::Optional, span, message);
        diagnostic
            .help(format!("write `{quoted}?.{}`, which is absent then too, or ask first: `has {quoted} and …`", name.text));
        if has_dot {
            diagnostic.fix(dot, "?.");
        }
        mistake(span)
    }

    pub(super) fn unknown_record_field(&mut self, base: &Expr, name: &Name) -> Expr {
        let record = base.ty.required().clone();
        let Type::Record(fields) = &record else { return mistake(name.span) };
        let names = || fields.iter().map(|field| field.name.as_str());
        let nearest = self.nearest(&name.text, names());
        let quoted = self.quote(base.span);
        let diagnostic =
            self.sink.error(DiagnosticCode::UnknownField, name.span, format!("`{quoted}` has no field `{}`", name.text));
        let list = suggest::list(names(), "and");
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`? It has {list}")).fix(name.span, nearest),
            None if fields.is_empty() => diagnostic.help("its schema gives it no fields"),
            None => diagnostic.help(format!("it has {list}")),
        };
        mistake(name.span)
    }

    fn unknown_property(&mut self, base: &Expr, ty: &Type, name: &Name) -> Expr {
        let quoted = self.quote(base.span);
        let takes = |at: &usize| BUILTINS[*at].parameters.first().is_some_and(|parameter| parameter.takes(ty));
        let is_method = named(&name.text).any(|at| takes(&at)) || self.definitions.functions.contains_key(&name.text);
        let properties: Vec<&str> = match ty {
            Type::Detection => vec!["score", "count"],
            _ => (0..BUILTINS.len()).filter(|at| BUILTINS[*at].property && takes(at)).map(|at| BUILTINS[at].name).collect(),
        };
        let nearest = self.nearest(&name.text, properties.iter().copied());
        let message = format!("`{quoted}` is {}, which has no `{}`", suggest::a(ty), name.text);
        let end = Span { start: name.span.end, end: name.span.end };
        let diagnostic = self.sink.error(DiagnosticCode::UnknownField, name.span, message);
        match (ty, nearest) {
            _ if is_method => {
                diagnostic.help(format!("`{}` is a function; call it: `{quoted}.{}()`", name.text, name.text)).fix(end, "()")
            }
            (_, Some(nearest)) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            (Type::List(item) | Type::Set(item), None) if may_have(item, &name.text) => {
                diagnostic.help(format!("each item has it: `any x in {quoted}: x.{} …`", name.text))
            }
            (_, None) if properties.is_empty() => diagnostic,
            (_, None) => diagnostic.help(format!("it has {}", suggest::list(properties, "and"))),
        };
        mistake(name.span)
    }
}

/// Whether a value of the type has such a field or property.
fn may_have(ty: &Type, name: &str) -> bool {
    ty.required().field(name).is_some() || builtins::property(name, ty.required()).is_some()
}

/// Whether a value may be absent only because the result of a response is: an error has none. Rules ask for results all the time,
/// and mean "if there is one" by it, so that `.` is as good as `?.` there.
pub(super) fn is_lenient(expr: &Expr) -> bool {
    let mut expr = expr;
    loop {
        match &expr.kind {
            ExprKind::Event { field: EventField::Result | EventField::PromisedResult, .. } => return true,
            ExprKind::Field { base, name, optional: false } => {
                if base.ty.required().field(name).is_some_and(|field| field.ty.is_optional()) {
                    return false;
                }
                expr = base;
            }
            _ => return false,
        }
    }
}

impl Checker<'_, '_, '_> {
    /// What is needed here is a path of an event, such as `c.params.body`; `what` needs it.
    pub(super) fn needs_path(&mut self, expr: &Expr, what: &str) -> bool {
        if expr.ty == Type::Error {
            return false;
        }
        if path::root_slot(expr).is_some() {
            return true;
        }
        let message = format!("{what}, and `{}` is none", self.quote(expr.span));
        self.sink
            .error(DiagnosticCode::TypeMismatch, expr.span, message)
            .help("a path names a value of an event: `c.params.body`");
        false
    }
}
