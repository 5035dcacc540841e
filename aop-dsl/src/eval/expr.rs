//! Expressions: Kleene's three values for conditions, values or gaps for the rest.

use std::rc::Rc;

use rust_decimal::Decimal;

use super::context::{Context, Flows, Frame, Known, Scope};
use super::event;
use super::probe::Probe;
use crate::builtins;
use crate::program::{Comparison, ExprId, Node, SchemaId, WordKind};
use crate::syntax::ast::Quantifier;
use crate::types::Type;
use crate::value::{self, Gap, Outcome, Reason, Truth, Value};

/// Quantifiers look at so many items; what they do not decide by then is unknown.
pub(crate) const QUANTIFIED_MAX: usize = 1024;

/// Calls of functions that are too large to be written out stand at most so deep in each other.
const CALLS_MAX: u8 = 16;

const FEW_ARGUMENTS: usize = 4;

impl<'e, P: Probe> Context<'e, '_, P> {
    /// Whether a condition holds.
    pub(crate) fn truth(&mut self, id: ExprId, scope: Scope<'_, 'e>) -> Truth {
        let expr = self.program.exprs.get(id);
        if let Some(at) = expr.memo
            && let Some(known) = self.memo.get(at)
        {
            self.step();
            return match known {
                Known::Truth(truth) => truth,
                Known::Gap(gap) => self.truth_of(Err(gap)),
                Known::Node(_) | Known::Number(_) => Truth::Unknown,
            };
        }
        self.step();
        let truth = self.truth_of_node(&expr.node, id, scope);
        if let Some(at) = expr.memo {
            let known = match (truth, self.reason) {
                (Truth::Unknown, Some(reason)) => Known::Gap(Gap::Unknown(reason)),
                _ => Known::Truth(truth),
            };
            self.memo.set(at, known);
        }
        truth
    }

    fn truth_of_node(&mut self, node: &'e Node, id: ExprId, scope: Scope<'_, 'e>) -> Truth {
        match node {
            Node::And(parts) => self.every(parts, scope),
            Node::Or(parts) => self.some(parts, scope),
            Node::Not(inner) => self.truth(*inner, scope).not(),
            Node::Compare { op, left, right, ty } => {
                let (left, right) = (self.value(*left, scope), self.value(*right, scope));
                self.compared(left, right, |left, right| compare(*op, ty, left, right))
            }
            Node::Among { value, members, negated } => {
                let members = self.program.exprs.members(*members);
                let value = self.value(*value, scope);
                self.compared_one(value, |value| members.has(value).map(|found| found != *negated))
            }
            Node::In { value, list, ty, negated } => {
                let (value, list) = (self.value(*value, scope), self.value(*list, scope));
                self.compared(value, list, |value, list| is_in(value, list, ty).map(|found| found != *negated))
            }
            Node::Matches { value, pattern } => self.matches(*value, *pattern, scope),
            Node::Contains { haystack, needle, ty } => {
                let (haystack, needle) = (self.value(*haystack, scope), self.value(*needle, scope));
                self.compared(haystack, needle, |haystack, needle| value::contains(haystack, needle, ty))
            }
            Node::StartsWith(text, prefix) => {
                let (text, prefix) = (self.value(*text, scope), self.value(*prefix, scope));
                self.compared(text, prefix, value::starts_with)
            }
            Node::EndsWith(text, suffix) => {
                let (text, suffix) = (self.value(*text, scope), self.value(*suffix, scope));
                self.compared(text, suffix, value::ends_with)
            }
            Node::Is { value, from, to } => {
                let value = self.value(*value, scope);
                self.compared_one(value, |value| Ok(value::is_a(value, from, to)))
            }
            Node::Has(value) => {
                let outcome = value::has(&self.value(*value, scope)).map(Value::Bool);
                self.truth_of(outcome)
            }
            Node::Quantified { quantifier: Quantifier::Any, domain, body, item } => {
                self.quantified(*domain, *body, item, scope, Truth::True)
            }
            Node::Quantified { quantifier: Quantifier::All, domain, body, item } => {
                self.quantified(*domain, *body, item, scope, Truth::False)
            }
            Node::Flow { value, source, slot } => {
                let source = self.program.flows[source.0 as usize].source;
                self.flows_from(*value, source, *slot, scope)
            }
            _ => {
                let outcome = self.value_of_node(node, id, scope);
                self.truth_of(outcome)
            }
        }
    }

    /// The truth of a value: what is absent is not true.
    fn truth_of(&mut self, outcome: Outcome<'e>) -> Truth {
        match outcome {
            Ok(Value::Bool(truth)) => truth.into(),
            Ok(_) => {
                self.reason = Some(Reason::WrongType);
                Truth::Unknown
            }
            Err(Gap::Absent) => Truth::False,
            Err(Gap::Unknown(reason)) => {
                self.reason = Some(reason);
                Truth::Unknown
            }
        }
    }

    /// What was unknown and does not matter is no reason: it would be told where something else is unknown, and only when it was not
    /// worked out before.
    fn every(&mut self, parts: &[ExprId], scope: Scope<'_, 'e>) -> Truth {
        let (before, mut truth) = (self.reason, Truth::True);
        for part in parts {
            truth = truth.and(self.truth(*part, scope));
            if truth == Truth::False {
                self.reason = before;
                break;
            }
        }
        truth
    }

    fn some(&mut self, parts: &[ExprId], scope: Scope<'_, 'e>) -> Truth {
        let (before, mut truth) = (self.reason, Truth::False);
        for part in parts {
            truth = truth.or(self.truth(*part, scope));
            if truth == Truth::True {
                self.reason = before;
                break;
            }
        }
        truth
    }

    fn compared_one(&mut self, value: Outcome<'e>, compare: impl FnOnce(&Value<'e>) -> Result<bool, Gap>) -> Truth {
        let outcome = value.and_then(|value| compare(&value)).map(Value::Bool);
        self.truth_of(outcome)
    }

    /// A comparison of two values: with an absent one it is false, whatever the other is.
    fn compared(
        &mut self,
        left: Outcome<'e>,
        right: Outcome<'e>,
        compare: impl FnOnce(&Value<'e>, &Value<'e>) -> Result<bool, Gap>,
    ) -> Truth {
        let outcome = both(left, right).and_then(|(left, right)| compare(&left, &right)).map(Value::Bool);
        self.truth_of(outcome)
    }

    fn matches(&mut self, value: ExprId, pattern: ExprId, scope: Scope<'_, 'e>) -> Truth {
        let value = self.value(value, scope);
        let exprs = &self.program.exprs;
        if let Node::Const(constant) = exprs.node(pattern) {
            let matcher = exprs.matcher(*constant);
            return self.compared_one(value, |value| {
                matcher.ok_or(Gap::Unknown(Reason::WrongType)).and_then(|matcher| matcher.matches(value))
            });
        }
        let pattern = self.value(pattern, scope);
        self.compared(value, pattern, |value, pattern| match pattern {
            Value::Const(constant) => {
                let matcher = exprs.matcher_of(constant).ok_or(Gap::Unknown(Reason::WrongType))?;
                matcher.matches(value)
            }
            Value::Cidr(network) => match value {
                Value::Ip(ip) => Ok(network.contains(ip)),
                _ => Err(Gap::Unknown(Reason::WrongType)),
            },
            _ => Err(Gap::Unknown(Reason::WrongType)),
        })
    }

    /// `any` and `all`: `decides` is the truth of one item that decides for all of them. Of a list that is absent, nothing is
    /// true; of an empty one, `all` is.
    fn quantified(&mut self, domain: ExprId, body: ExprId, item: &Type, scope: Scope<'_, 'e>, decides: Truth) -> Truth {
        let list = match self.value(domain, scope) {
            Ok(list) => list,
            Err(gap) => return self.truth_of(Err(gap)),
        };
        let items = match value::items(&list, item) {
            Ok(items) => items,
            Err(gap) => return self.truth_of(Err(gap)),
        };
        let is_too_long = items.len() > QUANTIFIED_MAX;
        let (before, mut truth) = (self.reason, decides.not());
        for outcome in items.take(QUANTIFIED_MAX) {
            let frame = Frame { value: &outcome, up: scope.locals };
            let of_item = self.truth(body, Scope { locals: Some(&frame), ..scope });
            if of_item == decides {
                self.reason = before;
                return decides;
            }
            if of_item == Truth::Unknown {
                truth = Truth::Unknown;
            }
        }
        if is_too_long {
            self.reason = Some(Reason::TooLong);
            truth = Truth::Unknown;
        }
        truth
    }

    /// The first item, as it stands in the event, that made a condition true which asks `any`.
    pub(super) fn first_item(&mut self, condition: ExprId) -> Option<aop_toon::Value<'e>> {
        match self.program.exprs.node(condition) {
            Node::And(parts) => parts.iter().find_map(|part| self.first_item(*part)),
            Node::Quantified { quantifier: Quantifier::Any, domain, body, item } => {
                let list = self.value(*domain, Scope::default()).ok()?;
                for outcome in value::items(&list, item).ok()?.take(QUANTIFIED_MAX) {
                    let frame = Frame { value: &outcome, up: None };
                    if self.truth(*body, Scope { locals: Some(&frame), ..Scope::default() }) == Truth::True {
                        let Ok(Value::Json(json)) = outcome else { return None };
                        return self.is_of_event(json).then_some(json);
                    }
                }
                None
            }
            _ => None,
        }
    }

    fn counted(&mut self, domain: ExprId, body: ExprId, item: &Type, scope: Scope<'_, 'e>) -> Outcome<'e> {
        let list = self.value(domain, scope)?;
        let items = value::items(&list, item)?;
        if items.len() > QUANTIFIED_MAX {
            return Err(Gap::Unknown(Reason::TooLong));
        }
        let mut count = 0u64;
        for outcome in items {
            let frame = Frame { value: &outcome, up: scope.locals };
            match self.truth(body, Scope { locals: Some(&frame), ..scope }) {
                Truth::True => count += 1,
                Truth::False => {}
                Truth::Unknown => return Err(Gap::Unknown(self.reason.unwrap_or(Reason::Missing))),
            }
        }
        Ok(Value::Number(Decimal::from(count)))
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, id: ExprId, scope: Scope<'_, 'e>) -> Outcome<'e> {
        let expr = self.program.exprs.get(id);
        self.step();
        let Some(at) = expr.memo else { return self.value_of_node(&expr.node, id, scope) };
        match self.memo.get(at) {
            Some(Known::Number(number)) => return Ok(Value::Number(number)),
            Some(Known::Gap(gap)) => return Err(gap),
            Some(Known::Truth(Truth::Unknown)) => return Err(Gap::Unknown(Reason::Missing)),
            Some(Known::Truth(truth)) => return Ok(Value::Bool(truth == Truth::True)),
            Some(Known::Node(node)) => {
                if let Some(event) = self.current.event {
                    return Ok(Value::Json(event.document().value(node)));
                }
            }
            None => {}
        }
        let outcome = self.value_of_node(&expr.node, id, scope);
        match &outcome {
            Ok(Value::Number(number)) => self.memo.set(at, Known::Number(*number)),
            Ok(Value::Bool(truth)) => self.memo.set(at, Known::Truth(Truth::from(*truth))),
            Ok(Value::Json(json)) if self.is_of_event(*json) => self.memo.set(at, Known::Node(json.id())),
            Err(gap) => self.memo.set(at, Known::Gap(*gap)),
            Ok(_) => {}
        }
        outcome
    }

    /// Whether JSON is a part of the event's document, so that its place there stands for it.
    fn is_of_event(&self, json: aop_toon::Value<'e>) -> bool {
        self.current.event.is_some_and(|event| std::ptr::eq(json.document().text(), event.document().text()))
    }

    fn value_of_node(&mut self, node: &'e Node, id: ExprId, scope: Scope<'_, 'e>) -> Outcome<'e> {
        match node {
            Node::Const(constant) => Ok(value::from_const(self.program.exprs.constant(*constant))),
            Node::Local(distance) => scope.local(*distance).cloned().unwrap_or(Err(Gap::Unknown(Reason::Missing))),
            Node::Event { field, ty } => event::field(self.current, *field, ty),
            Node::Words { schema, kind } => self.words(*schema, *kind),
            Node::Declared(schema) => self.declared(*schema),
            Node::Request(fact) => event::request_fact(self.current, self.requests, *fact),
            Node::OfRequest(value) => {
                let hash = self.program.exprs.hash(self.program.exprs.request_values()[value.0 as usize]);
                event::of_request(self.current, self.requests, hash)
            }
            Node::Kept { slot, value } => match scope.slot(*slot) {
                Some(bound) => bound
                    .record
                    .values
                    .get(usize::from(*value))
                    .map_or(Err(Gap::Unknown(Reason::Forgotten)), value::Stored::outcome),
                None => Err(Gap::Absent),
            },
            Node::KeptSeq(slot) => match scope.slot(*slot) {
                Some(bound) => Ok(Value::Number(Decimal::from(bound.record.seq))),
                None => Err(Gap::Absent),
            },
            Node::Global(global) => event::global(self.current, self.flows, *global),
            Node::Member { base, name, ty } => {
                let base = self.value(*base, scope)?;
                value::field(&base, name, ty)
            }
            Node::Item { base, index, ty } => {
                let base = self.value(*base, scope)?;
                let index = self.value(*index, scope)?;
                value::index(&base, &index, ty.required())
            }
            Node::Call { body, arguments } => self.call(*body, arguments, scope),
            Node::Builtin { builtin, arguments, types } => self.builtin(*builtin, arguments, types, scope),
            Node::Detect { family, kinds, target } => {
                let place = self.place(*target, scope)?;
                event::detected(self.current, *family, kinds, place)
            }
            Node::Cast { value, from, to } => {
                let value = self.value(*value, scope)?;
                value::cast(&value, from, to)
            }
            Node::Negate(value) => {
                let value = self.value(*value, scope)?;
                value::negate(&value)
            }
            Node::Else(value, otherwise) => match self.value(*value, scope) {
                Err(Gap::Absent) => self.value(*otherwise, scope),
                there => there,
            },
            Node::Arithmetic { op, left, right, ty } => {
                let (left, right) = both(self.value(*left, scope), self.value(*right, scope))?;
                value::arithmetic(*op, &left, &right, ty)
            }
            Node::Quantified { quantifier: Quantifier::Count, domain, body, item } => {
                self.counted(*domain, *body, item, scope)
            }
            Node::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    match self.value(*item, scope) {
                        Ok(value) => values.push(value),
                        Err(Gap::Absent) => {}
                        Err(unknown) => return Err(unknown),
                    }
                }
                Ok(Value::List(Rc::from(values)))
            }
            Node::Is { .. }
            | Node::Has(_)
            | Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Compare { .. }
            | Node::Among { .. }
            | Node::In { .. }
            | Node::Matches { .. }
            | Node::Contains { .. }
            | Node::StartsWith(..)
            | Node::EndsWith(..)
            | Node::Flow { .. }
            | Node::Quantified { .. } => match self.truth_of_node(node, id, scope) {
                Truth::True => Ok(Value::Bool(true)),
                Truth::False => Ok(Value::Bool(false)),
                Truth::Unknown => Err(Gap::Unknown(self.reason.unwrap_or(Reason::Missing))),
            },
        }
    }

    fn call(&mut self, body: ExprId, arguments: &[ExprId], scope: Scope<'_, 'e>) -> Outcome<'e> {
        if scope.calls >= CALLS_MAX {
            return Err(Gap::Unknown(Reason::TooLong));
        }
        let values: Vec<Outcome<'e>> = arguments.iter().map(|argument| self.value(*argument, scope)).collect();
        let calls = scope.calls + 1;
        self.with_locals(&values, None, &mut |context, locals| context.value(body, Scope { locals, bound: None, calls }))
    }

    /// Calls a function of the language; hardly any has more arguments than are kept without asking for memory.
    fn builtin(
        &mut self,
        builtin: usize,
        arguments: &[Option<ExprId>],
        types: &[Option<Type>],
        scope: Scope<'_, 'e>,
    ) -> Outcome<'e> {
        let (mut few, mut many) = ([const { None }; FEW_ARGUMENTS], Vec::new());
        let values = match few.get_mut(..arguments.len()) {
            Some(few) => few,
            None => {
                many.resize_with(arguments.len(), || None);
                &mut many[..]
            }
        };
        for (value, argument) in values.iter_mut().zip(arguments) {
            *value = argument.map(|argument| self.value(argument, scope)).transpose()?;
        }
        builtins::call(builtin, values, types)
    }

    /// Puts values into frames, the last innermost; parameters are few.
    fn with_locals(
        &mut self,
        values: &[Outcome<'e>],
        locals: Option<&Frame<'_, 'e>>,
        then: &mut dyn FnMut(&mut Self, Option<&Frame<'_, 'e>>) -> Outcome<'e>,
    ) -> Outcome<'e> {
        match values.split_first() {
            None => then(self, locals),
            Some((value, rest)) => self.with_locals(rest, Some(&Frame { value, up: locals }), then),
        }
    }

    fn words(&self, schema: SchemaId, kind: WordKind) -> Outcome<'e> {
        let Some(action) = self.current.action.as_deref() else { return Err(self.no_action()) };
        let words = &self.program.schemas[schema.0 as usize];
        let at = match self.current.name {
            Some(name) => words.actions[name.0 as usize],
            None => return Ok(Value::Words(&[])),
        };
        debug_assert!(at.is_none_or(|at| words.schema.actions[at as usize].name == action));
        let declared = at.map(|at| &words.schema.actions[at as usize]);
        Ok(Value::Words(match (declared, kind) {
            (None, _) => &[],
            (Some(action), WordKind::Effects) => &action.effects,
            (Some(action), WordKind::Labels) => &action.labels,
        }))
    }

    fn declared(&self, schema: SchemaId) -> Outcome<'e> {
        if self.current.action.is_none() {
            return Err(self.no_action());
        }
        let words = &self.program.schemas[schema.0 as usize];
        Ok(Value::Bool(self.current.name.is_some_and(|name| words.actions[name.0 as usize].is_some())))
    }

    /// Why an event has no action: the request of a response is not known; other events have none.
    fn no_action(&self) -> Gap {
        Gap::Unknown(event::no_action(self.current))
    }

    /// Where a path of the event is in its document, read or not.
    pub(crate) fn place(&mut self, id: ExprId, scope: Scope<'_, 'e>) -> Result<aop_toon::Value<'e>, Gap> {
        let missing = |ty: &Type| if ty.is_optional() { Gap::Absent } else { Gap::Unknown(Reason::Missing) };
        match self.program.exprs.node(id) {
            Node::Event { field, ty } => {
                let why = || event::field(self.current, *field, ty).err().unwrap_or(missing(ty));
                event::place(self.current, *field).ok_or_else(why)
            }
            Node::Member { base, name, ty } => {
                let base = self.place(*base, scope)?;
                base.get(name).filter(|found| !found.is_null()).ok_or(missing(ty))
            }
            Node::Item { base, index, .. } => {
                let base = self.place(*base, scope)?;
                match self.value(*index, scope)? {
                    Value::Text(name) => base.get(&name).ok_or(Gap::Absent),
                    Value::Number(number) => {
                        let index = usize::try_from(number).map_err(|_| Gap::Absent)?;
                        base.items().nth(index).ok_or(Gap::Absent)
                    }
                    _ => Err(Gap::Unknown(Reason::WrongType)),
                }
            }
            Node::Cast { value, .. } => self.place(*value, scope),
            Node::Else(value, otherwise) => match self.place(*value, scope) {
                Err(Gap::Absent) => self.place(*otherwise, scope),
                found => found,
            },
            _ => match self.value(id, scope)? {
                Value::Json(json) if self.is_of_event(json) => Ok(json),
                _ => Err(Gap::Unknown(Reason::WrongType)),
            },
        }
    }

    /// Whether a value derives from the event in a slot.
    fn flows_from(&mut self, value: ExprId, source: crate::flow::SourceId, slot: u16, scope: Scope<'_, 'e>) -> Truth {
        let Some(bound) = scope.slot(slot) else { return Truth::False };
        if bound.is_shared {
            self.reason = Some(Reason::OtherRun);
            return Truth::Unknown;
        }
        let seq = bound.record.seq;
        let is_closed = self.program.exprs.get(value).closed;
        let known = self.flows.found.iter().position(|(asked, of, _)| *asked == value && *of == source);
        let at = match known.filter(|_| is_closed) {
            Some(at) => at,
            None => {
                let flows = match self.query(value, source, scope) {
                    Ok(flows) => flows,
                    Err(gap) => return self.truth_of(Err(gap)),
                };
                self.flows.found.push((value, source, flows));
                self.flows.found.len() - 1
            }
        };
        let Flows { found, last, .. } = &mut *self.flows;
        let flows = &found[at].2;
        let flow = flows.found.iter().find(|flow| flow.seq == seq).cloned();
        let is_complete = flows.complete;
        if !is_closed {
            found.truncate(at);
        }
        match flow {
            Some(flow) => {
                *last = Some(flow);
                Truth::True
            }
            None => match self.flow.unread(source, seq).or((!is_complete).then_some(Reason::Forgotten)) {
                None => Truth::False,
                reason => {
                    self.reason = reason;
                    Truth::Unknown
                }
            },
        }
    }

    fn query(
        &mut self,
        value: ExprId,
        source: crate::flow::SourceId,
        scope: Scope<'_, 'e>,
    ) -> Result<crate::flow::Flows, Gap> {
        let value = self.value(value, scope)?;
        let (vocabulary, scratch) = (&self.program.vocabulary, &mut self.flows.scratch);
        match &value {
            Value::Json(json) => Ok(self.flow.query_value(source, *json, vocabulary, scratch)),
            Value::OwnedJson(document, node) => {
                Ok(self.flow.query_value(source, document.value(*node), vocabulary, scratch))
            }
            Value::Text(text) => Ok(self.flow.query(source, text, vocabulary, scratch)),
            Value::Digest(_) => Err(Gap::Unknown(Reason::Forgotten)),
            other => Ok(self.flow.query(source, &value::plain_text(other), vocabulary, scratch)),
        }
    }
}

/// Both values; an absent one decides, whatever the other is.
fn both<'e>(left: Outcome<'e>, right: Outcome<'e>) -> Result<(Value<'e>, Value<'e>), Gap> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(Gap::Absent), _) | (_, Err(Gap::Absent)) => Err(Gap::Absent),
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    }
}

fn compare(op: Comparison, ty: &Type, left: &Value<'_>, right: &Value<'_>) -> Result<bool, Gap> {
    // What nearly all comparisons are about.
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => return Ok(op.holds(left.cmp(right))),
        (Value::Text(left), Value::Text(right)) if *ty != Type::Semver => match op {
            Comparison::Equal => return Ok(left == right),
            Comparison::NotEqual => return Ok(left != right),
            _ => {}
        },
        _ => {}
    }
    match op {
        Comparison::Equal => value::equal_as(ty, left, right),
        Comparison::NotEqual => value::equal_as(ty, left, right).map(|equal| !equal),
        _ => value::order(ty, left, right).map(|order| op.holds(order)),
    }
}

fn is_in(value: &Value<'_>, list: &Value<'_>, ty: &Type) -> Result<bool, Gap> {
    match (value, list, ty) {
        (Value::Text(word), Value::Words(words), _) => Ok(words.iter().any(|known| **known == **word)),
        (_, _, Type::List(item) | Type::Set(item)) => value::in_list(value, list, item),
        _ => value::contains(list, value, ty),
    }
}
