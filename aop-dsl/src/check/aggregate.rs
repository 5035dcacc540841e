//! `count`, `sum`, `distinct` and `max` over the events of a window.

use super::expr::{comparable, mistake};
use super::scope::Scope;
use super::{Checker, suggest};
use crate::diagnostic::{DiagnosticCode, Sink};
use crate::syntax::ast::{self, BinaryOp, ExprKind as Written, Span};
use crate::typed::{Aggregate, AggregateFunction, Const, Expr, ExprKind, Key, Pattern, Slot, Window};
use crate::types::Type;

/// How many keys an aggregate with `by` keeps apart when nothing is said.
pub(crate) const KEYS_DEFAULT: u64 = 1_024;

/// How many events (amounts, values) are kept when nothing is said.
pub(crate) const EVENTS_DEFAULT: u64 = 256;

/// The most keys or events that may be asked for; the budget may be less.
pub(crate) const KEPT_MAX: u64 = 1_000_000;

const NAMES: &[(&str, AggregateFunction)] = &[
    ("count", AggregateFunction::Count),
    ("distinct", AggregateFunction::Distinct),
    ("max", AggregateFunction::Max),
    ("sum", AggregateFunction::Sum),
];

impl Checker<'_, '_, '_> {
    pub(super) fn aggregate(
        &mut self,
        scope: &mut Scope,
        aggregate: &ast::Aggregate,
        span: Span,
        trigger: &Pattern,
    ) -> Option<Aggregate> {
        let errors = self.sink.errors();
        let name = aggregate.function.text.as_str();
        let Some((word, function)) = NAMES.iter().find(|(known, _)| *known == name) else {
            self.unknown_aggregate(aggregate);
            return None;
        };
        let function = *function;
        let at = scope.bindings.len();
        let event = self.past_event(scope, &aggregate.event, word, false);
        let value = self.amount(scope, aggregate, function, at);
        let ty = match function {
            AggregateFunction::Count | AggregateFunction::Distinct => Type::Int,
            AggregateFunction::Sum | AggregateFunction::Max => value.as_ref().map_or(Type::Error, |value| value.ty.clone()),
        };
        let bound = self.bound(scope, aggregate, &ty);
        let window = self.window(aggregate.window.as_ref(), span, word);
        let by = aggregate.by.iter().filter_map(|path| self.key(scope, path, at, trigger)).collect::<Vec<_>>();
        let keys_max = self.kept(aggregate.keys_max, "keys").unwrap_or(if by.is_empty() { 1 } else { KEYS_DEFAULT });
        if let Some((_, at)) = aggregate.keys_max
            && aggregate.by.is_empty()
        {
            let message = "there is only one key: nothing is split with `by`";
            self.sink.error(DiagnosticCode::Key, at, message).help("write `by params.account`, or leave the bound out");
        }
        let events_default = match window {
            Window::Events(events) => events.max(1),
            _ => EVENTS_DEFAULT,
        };
        let events_max = self.kept(aggregate.events_max, "events").unwrap_or(events_default);
        let memory = self.memory(aggregate.scope.as_ref());
        if self.sink.errors() > errors {
            return None;
        }
        Some(Aggregate {
            function,
            event,
            value,
            comparison: aggregate.comparison,
            bound,
            window,
            by,
            keys_max,
            events_max,
            scope: memory,
            ty,
        })
    }

    fn unknown_aggregate(&mut self, aggregate: &ast::Aggregate) {
        let name = &aggregate.function;
        let nearest = match name.text.as_str() {
            "total" | "add" => Some("sum".to_owned()),
            "unique" | "count_distinct" | "cardinality" => Some("distinct".to_owned()),
            "maximum" => Some("max".to_owned()),
            other => self.nearest(other, NAMES.iter().map(|(name, _)| *name)),
        };
        let message = format!("events cannot be put together with `{}`", name.text);
        let diagnostic = self.sink.error(DiagnosticCode::Aggregate, name.span, message);
        match nearest {
            Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")).fix(name.span, nearest),
            None => diagnostic.help(format!("there are {}", suggest::list(NAMES.iter().map(|(name, _)| *name), "and"))),
        };
    }

    /// What is added up or told apart: it is kept when the event arrives, so it is about that event alone.
    fn amount(
        &mut self,
        scope: &mut Scope,
        aggregate: &ast::Aggregate,
        function: AggregateFunction,
        at: usize,
    ) -> Option<Expr> {
        let name = &aggregate.function.text;
        let value = match (&aggregate.value, function) {
            (None, AggregateFunction::Count) => return None,
            (Some(value), AggregateFunction::Count) => {
                let message = "`count` counts events and takes no value";
                self.sink
                    .error(DiagnosticCode::Aggregate, value.span, message)
                    .help("`distinct(value for v: …)` counts different values");
                return None;
            }
            (None, _) => {
                let message = format!("`{name}` of what?");
                self.sink
                    .error(DiagnosticCode::Aggregate, aggregate.function.span, message)
                    .help(format!("name a value of the events: `{name}(t.params.amount for t: request(…))`"));
                return Some(mistake(aggregate.function.span));
            }
            (Some(value), _) => value,
        };
        let visible: Vec<bool> = scope.bindings.iter().map(|binding| binding.visible).collect();
        for (place, binding) in scope.bindings.iter_mut().enumerate() {
            binding.visible = place == at;
        }
        let mark = scope.facts_mark();
        if let Some(condition) = &aggregate.event.condition {
            self.learn(scope, condition, true);
        }
        let value = self.expr(scope, value, None);
        scope.forget(mark);
        for (binding, visible) in scope.bindings.iter_mut().zip(visible) {
            binding.visible = visible;
        }
        if value.ty == Type::Error {
            return Some(value);
        }
        if mentions_trigger(&value) {
            let message = "the value is kept when its event arrives, and the trigger is not known then";
            self.sink.error(DiagnosticCode::Aggregate, value.span, message);
            return Some(mistake(value.span));
        }
        if matches!(value.kind, ExprKind::Const(_)) {
            let message = format!("`{}` is the same for all events", self.quote(value.span));
            let help = format!("name a value of the events: `{name}(t.params.amount for t: request(…))`");
            self.sink.error(DiagnosticCode::Aggregate, value.span, message).help(help);
            return Some(mistake(value.span));
        }
        Some(self.amount_of_type(value, function, name))
    }

    fn amount_of_type(&mut self, value: Expr, function: AggregateFunction, name: &str) -> Expr {
        let fits = match (function, value.ty.required()) {
            (AggregateFunction::Distinct, ty) => !matches!(ty, Type::Detection | Type::Pattern(_)),
            (_, Type::Int | Type::Decimal | Type::Float | Type::Duration | Type::Size) => true,
            (AggregateFunction::Max, Type::Time | Type::Semver) => true,
            _ => false,
        };
        let verb = if function == AggregateFunction::Sum { "adds up" } else { "compares" };
        if *value.ty.required() == Type::Any && function != AggregateFunction::Distinct {
            self.untyped(&value, &format!("`{name}` {verb} numbers, durations or sizes"), &Type::Decimal);
            return mistake(value.span);
        }
        if !fits {
            let quoted = self.quote(value.span);
            let message = format!(
                "`{name}` {verb} numbers, durations or sizes, and `{quoted}` is {}",
                suggest::a(value.ty.required())
            );
            let is_list = matches!(value.ty.required(), Type::List(_) | Type::Set(_));
            let diagnostic = self.sink.error(DiagnosticCode::TypeMismatch, value.span, message);
            if is_list {
                diagnostic.help(format!("did you mean `{quoted}.length`?"));
            }
            return mistake(value.span);
        }
        if value.ty.is_optional() && function != AggregateFunction::Distinct {
            let ty = value.ty.required().clone();
            self.absent(&value, &format!("`{name}` needs a value of each event"), &ty);
            return mistake(value.span);
        }
        value
    }

    fn bound(&mut self, scope: &mut Scope, aggregate: &ast::Aggregate, ty: &Type) -> Expr {
        use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        let name = &aggregate.function.text;
        if !matches!(aggregate.comparison, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual) {
            let message =
                format!("the result of `{name}` is compared with a bound, not with `{}`", aggregate.comparison.as_str());
            self.sink
                .error(DiagnosticCode::Aggregate, aggregate.comparison_span, message)
                .help("write `>`, `>=`, `<`, `<=`, `==` or `!=`");
        }
        let bound = self.expr(scope, &aggregate.bound, Some(ty));
        if bound.ty == Type::Error || *ty == Type::Error {
            return bound;
        }
        if *bound.ty.required() == Type::Any {
            self.untyped(&bound, &format!("the result of `{name}` is {}", suggest::a(ty)), ty);
            return mistake(bound.span);
        }
        if !comparable(&bound.ty, ty) {
            let quoted = self.quote(bound.span);
            let message =
                format!("the result of `{name}` is {}, and `{quoted}` is {}", suggest::a(ty), suggest::a(&bound.ty));
            let diagnostic = self.sink.error(DiagnosticCode::Incomparable, bound.span, message);
            if *ty == Type::Duration {
                diagnostic.help("a duration has a unit: `10s`, `5m`");
            } else if matches!(name.as_str(), "count" | "distinct") {
                diagnostic.help(format!("it is compared with a number: `{name}(…) > 5 within 10m`"));
            }
            return mistake(bound.span);
        }
        let is_count = matches!(name.as_str(), "count" | "distinct");
        if is_count && let ExprKind::Const(Const::Number(number)) = &bound.kind {
            if number.is_sign_negative() && !number.is_zero() {
                let message = format!("a number of events is never less than 0, and the bound is {number}");
                self.sink.error(DiagnosticCode::WindowRange, bound.span, message);
            } else if !number.fract().is_zero() {
                let message = format!("a number of events is whole, and the bound is {number}");
                self.sink.error(DiagnosticCode::WindowRange, bound.span, message);
            }
        }
        bound
    }

    /// `max 4096 keys`, `max 256 events`
    fn kept(&mut self, bound: Option<(u64, Span)>, what: &str) -> Option<u64> {
        let (bound, span) = bound?;
        if !(1..=KEPT_MAX).contains(&bound) {
            let message = format!("at least 1 and at most {KEPT_MAX} {what} can be kept, not {bound}");
            self.sink.error(DiagnosticCode::WindowRange, span, message);
        }
        Some(bound)
    }

    /// A path of `by`, read twice: of the event that is counted, and of the trigger that asks.
    fn key(&mut self, scope: &mut Scope, path: &ast::Expr, at: usize, trigger: &Pattern) -> Option<Key> {
        if !self.is_bare_path(scope, path) {
            return None;
        }
        let of_event = self.implied_path(scope, path, at)?;
        if *trigger == Pattern::RunEnd {
            let message = "a rule `on run_end` has no event whose key could be asked for";
            self.sink.error(DiagnosticCode::Key, path.span, message).help("leave `by` out");
            return None;
        }
        let of_trigger = self.implied_path(scope, path, 0)?;
        if of_event.ty.required() != of_trigger.ty.required() && !comparable(&of_event.ty, &of_trigger.ty) {
            let message = format!(
                "`{}` is {} in the counted events and {} in the trigger",
                self.quote(path.span),
                suggest::a(of_event.ty.required()),
                suggest::a(of_trigger.ty.required())
            );
            self.sink.error(DiagnosticCode::Key, path.span, message).help("a key is of the same type in both");
            return None;
        }
        if let Type::Detection | Type::Pattern(_) = of_event.ty.required() {
            let message = format!("`{}` is {}, and no key", self.quote(path.span), suggest::a(of_event.ty.required()));
            self.sink.error(DiagnosticCode::Key, path.span, message);
            return None;
        }
        Some(Key { of_event, of_trigger })
    }

    fn implied_path(&mut self, scope: &mut Scope, path: &ast::Expr, at: usize) -> Option<Expr> {
        // What the trigger lacks is said in one sentence of ours.
        let mut aside = Sink::new(self.sink.name(), self.sink.source());
        if at == 0 {
            std::mem::swap(self.sink, &mut aside);
        }
        scope.implied = Some(at);
        let value = self.expr(scope, path, None);
        scope.implied = None;
        if at == 0 {
            std::mem::swap(self.sink, &mut aside);
            if aside.has_errors() {
                let kind = scope.bindings[0].shape.kind.described();
                let message =
                    format!("the counted events have `{}`, and the trigger, {kind}, has not", self.quote(path.span));
                self.sink
                    .error(DiagnosticCode::Key, path.span, message)
                    .help("`by` asks for the cell of the trigger's own key, so both have it");
                return None;
            }
        }
        if value.ty == Type::Error {
            return None;
        }
        if !super::canonical::mentions(&value, scope.bindings[at].slot) {
            let message = format!("`{}` is the same for all events, and no key", self.quote(path.span));
            self.sink
                .error(DiagnosticCode::Key, path.span, message)
                .help("a key is a path of the events: `by params.account`");
            return None;
        }
        Some(value)
    }

    /// A key is written without an event's name: it is of two events.
    fn is_bare_path(&mut self, scope: &Scope, path: &ast::Expr) -> bool {
        let mut root = super::walk::bare(path);
        let mut second: Option<&ast::Name> = None;
        loop {
            match &root.kind {
                Written::Field { base, name, .. } => {
                    second = Some(name);
                    root = super::walk::bare(base);
                }
                Written::Index { base, .. } => root = super::walk::bare(base),
                Written::Cast { value, .. } => root = super::walk::bare(value),
                _ => break,
            }
        }
        let Written::Name(name) = &root.kind else {
            if matches!(root.kind, Written::Error) {
                return false;
            }
            let message = format!("a key is a path of the events, and `{}` is none", self.quote(path.span));
            self.sink.error(DiagnosticCode::Key, path.span, message).help("write `by params.account` or `by agent.id`");
            return false;
        };
        if scope.binding(name).is_none() {
            return true;
        }
        let message = format!("a key is of the counted event and of the trigger alike, so it is written without `{name}`");
        let diagnostic = self.sink.error(DiagnosticCode::Key, root.span, message);
        if let Some(second) = second {
            diagnostic.fix(Span { start: root.span.start, end: second.span.start }, "");
        }
        false
    }
}

/// Whether an expression asks about the trigger.
fn mentions_trigger(expr: &Expr) -> bool {
    super::canonical::mentions(expr, Slot::TRIGGER)
}
