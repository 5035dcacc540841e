//! The fields of events, by the kind of event and the actions it may have.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use aop_toon::{Actor, EventType, Status};

use super::Checker;
use super::pattern::glob_matches;
use super::schema::Vocabulary;
use crate::typed::{self, ActionName, EventField};
use crate::types::{Field, Type};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum EventKind {
    Request,
    Response,
    Reasoning,
    Final,
    Error,
    /// `event`
    Any,
    RunEnd,
    /// A mistake, reported already: whatever is asked of it is no further one.
    Mistake,
}

impl EventKind {
    /// As it is written in a pattern.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Reasoning => "reasoning",
            Self::Final => "final",
            Self::Error => "error",
            Self::Any | Self::Mistake => "event",
            Self::RunEnd => "run_end",
        }
    }

    /// With its article.
    pub(super) fn described(self) -> String {
        let name = self.as_str();
        let article = if name.starts_with(['e']) { "an" } else { "a" };
        format!("{article} {name}")
    }
}

/// Patterns with the same key have the same fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ShapeKey {
    pub(super) kind: EventKind,
    pub(super) actions: Vec<ActionName>,
}

/// What is known of the events that a pattern matches.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: EventKind,
    pub(super) params: Type,
    /// Of a response without an error.
    pub(super) result: Type,
}

const COMMON: &[&str] = &["seq", "t", "actor", "type", "meta"];
const REQUEST: &[&str] = &["action", "params", "rationale", "effects", "labels", "declared", "call_id"];
const RESPONSE: &[&str] =
    &["action", "status", "result", "error", "latency", "request", "effects", "labels", "declared", "call_id"];
const REASONING: &[&str] = &["thought", "goal", "steps", "plan"];
const FINAL: &[&str] = &["output", "summary", "confidence"];
const ERROR: &[&str] = &["error_type", "message", "stack_trace"];
/// Of `response.request`.
pub(super) const REQUEST_OF_RESPONSE: &[&str] = &["seq", "t", "action", "params", "rationale", "effects", "labels"];

impl Shape {
    /// A field of the event by its name.
    pub(super) fn field(&self, name: &str) -> Option<(EventField, Type)> {
        let of_action = matches!(self.kind, EventKind::Request | EventKind::Response);
        let found = match (name, self.kind) {
            (_, EventKind::RunEnd) => return None,
            ("seq", _) => (EventField::Seq, Type::Int),
            ("t", _) => (EventField::T, Type::Time),
            ("actor", _) => (EventField::Actor, words(Actor::WORDS)),
            ("type", _) => (EventField::Type, words(EventType::WORDS)),
            ("meta", _) => (EventField::Meta, Type::Any),
            ("action", _) if of_action => (EventField::Action, Type::String),
            ("effects", _) if of_action => (EventField::Effects, Type::set(Type::String)),
            ("labels", _) if of_action => (EventField::Labels, Type::set(Type::String)),
            ("declared", _) if of_action => (EventField::Declared, Type::Bool),
            ("call_id", _) if of_action => (EventField::CallId, Type::String.optional()),
            ("params", EventKind::Request) => (EventField::Params, self.params.clone()),
            ("rationale", EventKind::Request) => (EventField::Rationale, Type::String.optional()),
            ("status", EventKind::Response) => (EventField::Status, words(Status::WORDS)),
            ("result", EventKind::Response) => {
                let is_promised = self.result != Type::Any && !self.result.is_optional();
                let field = if is_promised { EventField::PromisedResult } else { EventField::Result };
                (field, self.result.clone().optional())
            }
            ("error", EventKind::Response) => (EventField::Error, Type::Any.optional()),
            ("latency", EventKind::Response) => (EventField::Latency, Type::Duration.optional()),
            ("thought", EventKind::Reasoning) => (EventField::Thought, Type::String),
            ("goal", EventKind::Reasoning) => (EventField::Goal, Type::String.optional()),
            ("steps", EventKind::Reasoning) => (EventField::Steps, Type::list(Type::Any).optional()),
            ("plan", EventKind::Reasoning) => (EventField::Plan, Type::Any.optional()),
            ("output", EventKind::Final) => (EventField::Output, Type::Any),
            ("summary", EventKind::Final) => (EventField::Summary, Type::String.optional()),
            ("confidence", EventKind::Final) => (EventField::Confidence, Type::Float.optional()),
            ("error_type", EventKind::Error) => (EventField::ErrorType, Type::String),
            ("message", EventKind::Error) => (EventField::Message, Type::String),
            ("stack_trace", EventKind::Error) => (EventField::StackTrace, Type::String.optional()),
            _ => return None,
        };
        Some(found)
    }

    /// A field of the request that a response answers.
    pub(super) fn request_field(&self, name: &str) -> Option<(EventField, Type)> {
        let found = match name {
            "seq" => (EventField::Seq, Type::Int),
            "t" => (EventField::T, Type::Time),
            "action" => (EventField::Action, Type::String),
            "params" => (EventField::Params, self.params.clone()),
            "rationale" => (EventField::Rationale, Type::String.optional()),
            "effects" => (EventField::Effects, Type::set(Type::String)),
            "labels" => (EventField::Labels, Type::set(Type::String)),
            _ => return None,
        };
        Some(found)
    }

    /// The names of all fields, `agent` and `principal` included.
    pub(super) fn field_names(&self) -> Vec<&'static str> {
        let own = match self.kind {
            EventKind::Request => REQUEST,
            EventKind::Response => RESPONSE,
            EventKind::Reasoning => REASONING,
            EventKind::Final => FINAL,
            EventKind::Error => ERROR,
            EventKind::Any | EventKind::Mistake => &[],
            EventKind::RunEnd => return Vec::new(),
        };
        own.iter().chain(COMMON).copied().chain(["agent", "principal"]).collect()
    }
}

fn words(words: &[&str]) -> Type {
    Type::Enum(words.iter().map(|word| (*word).to_owned()).collect())
}

/// Kinds of events that have a field of this name, for help.
pub(super) fn kinds_with(name: &str) -> Vec<&'static str> {
    [("request", REQUEST), ("response", RESPONSE), ("reasoning", REASONING), ("final", FINAL), ("error", ERROR)]
        .into_iter()
        .filter(|(_, fields)| fields.contains(&name))
        .map(|(kind, _)| kind)
        .collect()
}

impl Checker<'_, '_, '_> {
    /// The shape of the events of a pattern.
    pub(super) fn shape(&mut self, kind: EventKind, actions: &[ActionName]) -> Rc<Shape> {
        let key = ShapeKey { kind, actions: actions.to_vec() };
        if let Some(known) = self.shapes.get(&key) {
            return known.clone();
        }
        let (params, result) = match declared(&self.vocabulary, actions) {
            Some(actions) => {
                (union(actions.iter().map(|action| &action.params)), union(actions.iter().map(|action| &action.result)))
            }
            None => (Type::Any, Type::Any),
        };
        let shape = Rc::new(Shape { kind, params, result });
        self.shapes.insert(key, shape.clone());
        shape
    }
}

/// The actions that a glob means.
pub(super) fn matching<'v>(vocabulary: &'v Vocabulary, glob: &'v str) -> impl Iterator<Item = &'v typed::Action> {
    let prefix = glob.split('*').next().unwrap_or_default();
    let candidates = vocabulary.actions.range(prefix.to_owned()..).take_while(move |(name, _)| name.starts_with(prefix));
    candidates.filter(move |(name, _)| glob_matches(glob, name)).map(|(_, declared)| &declared.action)
}

/// The actions that a pattern means; nothing when it means any, or one that no schema declares.
fn declared<'v>(vocabulary: &'v Vocabulary, names: &'v [ActionName]) -> Option<Vec<&'v typed::Action>> {
    let mut found = Vec::new();
    for name in names {
        match name {
            ActionName::Any => return None,
            ActionName::Exact(name) => found.push(&vocabulary.actions.get(name)?.action),
            ActionName::Glob(glob) => {
                let before = found.len();
                found.extend(matching(vocabulary, glob));
                if found.len() == before {
                    return None;
                }
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The type of a value that has one of these types: a record of all fields when they are records, those that are not in all of
/// them optional; `any` where they differ.
fn union<'t>(types: impl Iterator<Item = &'t Type> + Clone) -> Type {
    let Some(first) = types.clone().next() else { return Type::Any };
    if types.clone().all(|ty| ty == first) {
        return first.clone();
    }
    let mut count = 0;
    let mut fields: Vec<(Field, usize)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for ty in types {
        let Type::Record(record) = ty else { return Type::Any };
        count += 1;
        for field in record.iter() {
            match places.get(field.name.as_str()) {
                Some(&at) => {
                    let (known, seen) = &mut fields[at];
                    known.ty = either(&known.ty, &field.ty);
                    *seen += 1;
                }
                None => {
                    places.insert(&field.name, fields.len());
                    fields.push((field.clone(), 1));
                }
            }
        }
    }
    let fields = fields.into_iter().map(|(field, seen)| {
        let ty = if seen < count { field.ty.optional() } else { field.ty };
        Field { name: field.name, ty }
    });
    Type::Record(Arc::from(fields.collect::<Vec<_>>()))
}

fn either(one: &Type, other: &Type) -> Type {
    let ty = if one.required() == other.required() { one.required().clone() } else { Type::Any };
    if one.is_optional() || other.is_optional() { ty.optional() } else { ty }
}
