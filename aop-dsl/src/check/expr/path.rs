//! Paths: `c.params.to`, `a.request.seq`, `list[0]`, and what they may mean on the way.

use super::{constant, mistake};
use crate::check::fields::{EventKind, REQUEST_OF_RESPONSE, kinds_with};
use crate::check::scope::{Narrowing, Scope, ScopeKind};
use crate::check::walk::bare;
use crate::check::{Checker, suggest};
use crate::diagnostic::DiagnosticCode;
use crate::syntax::ast::{self, ExprKind, Name, Span};
use crate::typed::{self, Const, EventField, Expr, Global, Slot};
use crate::types::Type;

/// What a name or a path stands for.
#[derive(Debug)]
pub(super) enum Place {
    Value(Expr),
    /// An event, by its place in the scope.
    Event(usize),
    /// The request that it answers.
    Request(usize),
    /// `agent`, `c.agent`
    Agent(Slot),
    /// `principal`, `c.principal`
    Principal(Slot),
    Run,
    Runs,
    Flow,
    Cycle,
    /// A used package.
    Package(String),
    Mistake,
}

/// The event that a path begins with.
pub(in crate::check) fn root_slot(expr: &Expr) -> Option<Slot> {
    let mut expr = expr;
    loop {
        match &expr.kind {
            typed::ExprKind::Event { slot, .. } => return Some(*slot),
            typed::ExprKind::Field { base, .. } | typed::ExprKind::Index { base, .. } | typed::ExprKind::Cast(base) => {
                expr = base
            }
            _ => return None,
        }
    }
}

/// Whether it is written as a path, so that ` as T` may stand right behind it.
pub(super) fn is_path(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        typed::ExprKind::Event { .. }
            | typed::ExprKind::Field { .. }
            | typed::ExprKind::Index { .. }
            | typed::ExprKind::Local(_)
            | typed::ExprKind::Global(_)
            | typed::ExprKind::Cast(_)
            | typed::ExprKind::Call { .. }
            | typed::ExprKind::Builtin { .. }
    )
}

/// A path as facts know it, with `?.` and `.` alike; nothing for what is no path.
pub(super) fn path_text(expr: &ast::Expr) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut expr = bare(expr);
    loop {
        match &expr.kind {
            ExprKind::Name(name) => {
                parts.push(name.clone());
                parts.reverse();
                return Some(parts.join("."));
            }
            ExprKind::Field { base, name, .. } => {
                parts.push(name.text.clone());
                expr = bare(base);
            }
            ExprKind::Index { base, index } => {
                parts.push(match &bare(index).kind {
                    ExprKind::Int(digits) => format!("[{digits}]"),
                    ExprKind::Text(text) => format!("[{text:?}]"),
                    _ => return None,
                });
                expr = bare(base);
            }
            _ => return None,
        }
    }
}

impl Checker<'_, '_, '_> {
    pub(super) fn place(&mut self, scope: &mut Scope, expr: &ast::Expr) -> Place {
        let place = match &expr.kind {
            ExprKind::Name(name) => self.name(scope, name, expr.span),
            ExprKind::Group(inner) => return self.place(scope, inner),
            ExprKind::Field { base, name, optional } => {
                let place = self.place(scope, base);
                self.member(scope, place, base.span, name, *optional, expr.span)
            }
            _ => return Place::Value(self.expr(scope, expr, None)),
        };
        match place {
            Place::Value(value) if scope.has_facts() => Place::Value(narrowed(scope, expr, value)),
            other => other,
        }
    }

    /// A member of what stands before the dot.
    fn member(
        &mut self,
        scope: &mut Scope,
        place: Place,
        base_span: Span,
        name: &Name,
        optional: bool,
        span: Span,
    ) -> Place {
        let event = |slot, of_request, (field, ty): (EventField, Type)| {
            Place::Value(Expr { kind: typed::ExprKind::Event { slot, of_request, field }, ty, span })
        };
        match place {
            Place::Mistake => Place::Mistake,
            Place::Value(base) => Place::Value(self.field(base, name, optional, span)),
            Place::Event(at) => {
                let binding = &scope.bindings[at];
                let (slot, shape) = (binding.slot, binding.shape.clone());
                match (name.text.as_str(), shape.kind) {
                    (_, EventKind::Mistake) => Place::Mistake,
                    ("agent", kind) if kind != EventKind::RunEnd => Place::Agent(slot),
                    ("principal", kind) if kind != EventKind::RunEnd => Place::Principal(slot),
                    ("request", EventKind::Response) => Place::Request(at),
                    (field, _) => match shape.field(field) {
                        Some(found) => event(slot, false, found),
                        None => {
                            self.unknown_event_field(scope, at, base_span, name);
                            Place::Mistake
                        }
                    },
                }
            }
            Place::Request(at) => {
                let binding = &scope.bindings[at];
                match binding.shape.request_field(&name.text) {
                    Some(found) => event(binding.slot, true, found),
                    None => self.unknown_member("a request", base_span, name, REQUEST_OF_RESPONSE),
                }
            }
            Place::Agent(slot) if name.text == "id" => event(slot, false, (EventField::AgentId, Type::Int)),
            Place::Agent(_) => self.unknown_member("the agent", base_span, name, &["id"]),
            Place::Principal(slot) if name.text == "role" => {
                event(slot, false, (EventField::PrincipalRole, Type::String.optional()))
            }
            Place::Principal(slot) if name.text == "organisation" => {
                event(slot, false, (EventField::PrincipalOrganisation, Type::String.optional()))
            }
            Place::Principal(_) => self.unknown_member("the principal", base_span, name, &["role", "organisation"]),
            Place::Run => self.run_member(scope, base_span, name, span),
            Place::Runs if name.text == "count" => global(Global::RunsCount, Type::Int, span),
            Place::Runs => self.unknown_member("the runs together", base_span, name, &["count"]),
            Place::Flow => match name.text.as_str() {
                "bytes" => global(Global::FlowBytes, Type::Int, span),
                "path" => global(Global::FlowPath, Type::String, span),
                "source" => global(Global::FlowSource, Type::String, span),
                _ => self.unknown_member("the flow", base_span, name, &["bytes", "path", "source"]),
            },
            Place::Cycle => match name.text.as_str() {
                "length" => global(Global::CycleLength, Type::Int, span),
                "count" => global(Global::CycleCount, Type::Int, span),
                _ => self.unknown_member("the cycle", base_span, name, &["length", "count"]),
            },
            Place::Package(alias) => self.package_member(&alias, name, span),
        }
    }

    fn run_member(&mut self, scope: &Scope, base_span: Span, name: &Name, span: Span) -> Place {
        let found = match name.text.as_str() {
            "duration" => (Global::RunDuration, Type::Duration),
            "events" => (Global::RunEvents, Type::Int),
            "requests" => (Global::RunRequests, Type::Int),
            "responses" => (Global::RunResponses, Type::Int),
            "errors" => (Global::RunErrors, Type::Int),
            "refused" => (Global::RunRefused, Type::Int),
            "status" if scope.kind == ScopeKind::Batch => (Global::RunStatus, run_status()),
            "id" if scope.kind == ScopeKind::Batch => (Global::RunId, Type::String),
            "meta" if scope.kind == ScopeKind::Batch => (Global::RunMeta, Type::Any),
            _ => {
                let names: &[&str] = if scope.kind == ScopeKind::Batch {
                    &["duration", "events", "requests", "responses", "errors", "refused", "status", "id", "meta"]
                } else {
                    &["duration", "events", "requests", "responses", "errors", "refused"]
                };
                return self.unknown_member("a run", base_span, name, names);
            }
        };
        global(found.0, found.1, span)
    }

    fn package_member(&mut self, alias: &str, name: &Name, span: Span) -> Place {
        let Some(import) = self.definitions.imports.get(alias) else { return Place::Mistake };
        let other = &import.exports.definitions;
        if let Some(found) = other.lets.get(&name.text) {
            return Place::Value(constant(found.value.clone(), found.ty.clone(), span));
        }
        let (package, is_function) = (import.package.clone(), other.functions.contains_key(&name.text));
        let names: Vec<String> = other.lets.keys().take(self.names_max()).cloned().collect();
        if is_function {
            let message = format!("`{alias}.{0}` is a function; call it: `{alias}.{0}(…)`", name.text);
            self.sink.error(DiagnosticCode::TypeMismatch, span, message);
            return Place::Mistake;
        }
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.sort_unstable();
        let nearest = self.nearest(&name.text, names.iter().copied());
        let message = format!("the package `{package}` has no `{}`", name.text);
        let diagnostic = self.sink.error(DiagnosticCode::UnknownName, name.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            None if names.is_empty() => diagnostic,
            None => diagnostic.help(format!("it has {}", suggest::list(names, "and"))),
        };
        Place::Mistake
    }

    fn unknown_member(&mut self, whose: &str, base_span: Span, name: &Name, names: &[&str]) -> Place {
        let nearest = self.nearest(&name.text, names.iter().copied());
        let base = self.quote(base_span);
        let message = format!("`{base}` has no field `{}`", name.text);
        let diagnostic = self.sink.error(DiagnosticCode::UnknownField, name.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            None => diagnostic.help(format!("{whose} has {}", suggest::list(names.iter().copied(), "and"))),
        };
        Place::Mistake
    }

    fn unknown_event_field(&mut self, scope: &Scope, at: usize, base_span: Span, name: &Name) {
        let shape = scope.bindings[at].shape.clone();
        let names = shape.field_names();
        let base = self.quote(base_span);
        let message = format!("`{base}` is {}, which has no field `{}`", shape.kind.described(), name.text);
        let is_param = shape.params.field(&name.text).is_some();
        let nearest = self.nearest(&name.text, names.iter().copied());
        let diagnostic = self.sink.error(DiagnosticCode::UnknownField, name.span, message);
        if is_param && shape.kind == EventKind::Request {
            let replacement = format!("params.{}", name.text);
            diagnostic.help(format!("did you mean `{base}.{replacement}`?")).fix(name.span, replacement);
        } else if shape.result.field(&name.text).is_some() && shape.kind == EventKind::Response {
            let replacement = format!("result.{}", name.text);
            diagnostic.help(format!("did you mean `{base}.{replacement}`?")).fix(name.span, replacement);
        } else if shape.kind == EventKind::Response && matches!(name.text.as_str(), "params" | "rationale") {
            let replacement = format!("request.{}", name.text);
            diagnostic.help(format!("its request has it: `{base}.{replacement}`")).fix(name.span, replacement);
        } else if let Some(nearest) = nearest {
            diagnostic.help(format!("did you mean `{base}.{nearest}`?")).fix(name.span, nearest);
        } else if shape.kind == EventKind::RunEnd {
            diagnostic.help("there is no event at the end of a run; `run.events`, `run.duration` and the like are known");
        } else {
            let mut help = format!("it has {}", suggest::list(names, "and"));
            let kinds = kinds_with(&name.text);
            if !kinds.is_empty() {
                help.push_str(&format!("; {} has `{}`", suggest::list(kinds, "or"), name.text));
            }
            diagnostic.help(help);
        }
    }

    /// A place as a value; what is none is a mistake.
    pub(super) fn value_of(&mut self, scope: &Scope, place: Place, span: Span) -> Expr {
        let quoted = self.quote(span);
        let (message, help) = match place {
            Place::Value(value) => return value,
            Place::Mistake => return mistake(span),
            Place::Event(at) => {
                let shape = &scope.bindings[at].shape;
                let example = shape.field_names().first().copied().unwrap_or("seq");
                (
                    format!("`{quoted}` is {}, not a value", shape.kind.described()),
                    format!("name one of its fields, such as `{quoted}.{example}`"),
                )
            }
            Place::Request(_) => {
                (format!("`{quoted}` is a request, not a value"), format!("name one of its fields, such as `{quoted}.seq`"))
            }
            Place::Agent(_) => (format!("`{quoted}` is no value"), format!("write `{quoted}.id`")),
            Place::Principal(_) => (format!("`{quoted}` is no value"), format!("write `{quoted}.role`")),
            Place::Run => ("`run` is no value".to_owned(), "name what of it: `run.duration`, `run.events`".to_owned()),
            Place::Runs => ("`runs` is no value".to_owned(), "write `runs.count`".to_owned()),
            Place::Flow => ("`flow` is no value".to_owned(), "write `flow.bytes`, `flow.path` or `flow.source`".to_owned()),
            Place::Cycle => ("`cycle` is no value".to_owned(), "write `cycle.length` or `cycle.count`".to_owned()),
            Place::Package(_) => (format!("`{quoted}` is a package"), format!("name something in it: `{quoted}.name`")),
        };
        self.sink.error(DiagnosticCode::EventAsValue, span, message).help(help);
        mistake(span)
    }

    /// `list[0]`, `any["key"]`
    pub(super) fn index(&mut self, scope: &mut Scope, expr: &ast::Expr, base: &ast::Expr, index: &ast::Expr) -> Expr {
        let span = expr.span;
        let base = self.expr(scope, base, None);
        let index = self.expr(scope, index, None);
        if base.ty == Type::Error || index.ty == Type::Error {
            return mistake(span);
        }
        let ty = match (base.ty.required(), index.ty.required().base()) {
            (Type::List(item), Type::Int) => (**item).clone(),
            (Type::Any, Type::Int | Type::String) => Type::Any,
            (Type::Record(_), Type::String) => match &index.kind {
                typed::ExprKind::Const(Const::Text(name)) => match base.ty.required().field(name) {
                    Some(field) => field.ty.clone(),
                    None => {
                        let name = Name { text: name.to_string(), span: index.span };
                        return self.unknown_record_field(&base, &name);
                    }
                },
                _ => Type::Any,
            },
            (base_ty @ (Type::List(_) | Type::Record(_) | Type::Any), index_ty) => {
                let wanted = match base_ty {
                    Type::List(_) => "an item of a list is named by a number",
                    Type::Record(_) => "a field of a record is named by a text",
                    _ => "a part of it is named by a number or a text",
                };
                let message = format!("{wanted}, and `{}` is {}", self.quote(index.span), suggest::a(index_ty));
                self.sink.error(DiagnosticCode::TypeMismatch, index.span, message);
                return mistake(span);
            }
            (ty, _) => {
                let message =
                    format!("`{}` is {}, which has no parts to be named in brackets", self.quote(base.span), suggest::a(ty));
                self.sink.error(DiagnosticCode::TypeMismatch, base.span, message);
                return mistake(span);
            }
        };
        if matches!(&index.kind, typed::ExprKind::Const(Const::Number(number)) if number.is_sign_negative() && !number.is_zero())
        {
            let message = format!("items are counted from 0, so there is none with the number {}", self.quote(index.span));
            self.sink.error(DiagnosticCode::Arithmetic, index.span, message);
            return mistake(span);
        }
        // What is outside of a list is absent.
        let kind = typed::ExprKind::Index { base: Box::new(base), index: Box::new(index) };
        let value = Expr { kind, ty: ty.optional(), span };
        narrowed(scope, expr, value)
    }
}

/// The statuses of runs.
fn run_status() -> Type {
    let words = ["created", "running", "completed", "failed", "timed_out"];
    Type::Enum(words.iter().map(|word| (*word).to_owned()).collect())
}

fn global(global: Global, ty: Type, span: Span) -> Place {
    Place::Value(Expr { kind: typed::ExprKind::Global(global), ty, span })
}

/// The value with what the conditions before it say.
fn narrowed(scope: &Scope, expr: &ast::Expr, value: Expr) -> Expr {
    if !scope.has_facts() || !(value.ty.is_optional() || value.ty == Type::Any) {
        return value;
    }
    let Some(fact) = path_text(expr).and_then(|path| scope.fact(&path)) else { return value };
    match fact {
        Narrowing::There => {
            let ty = value.ty.required().clone();
            Expr { ty, ..value }
        }
        Narrowing::Is(ty) if *ty == value.ty => value,
        Narrowing::Is(ty) => {
            let span = value.span;
            Expr { kind: typed::ExprKind::Cast(Box::new(value)), ty: ty.clone(), span }
        }
    }
}
