//! cel: one expression, parsed once, evaluated for each request with what came before it as variables.
//!
//! The crate `cel` is the one that is maintained: `cel-interpreter` is its former name, and has had no version since 0.10.0
//! of July 2025.
//!
//! CEL keeps nothing between two evaluations, so that the caller keeps the history and adds each event to it, as a record of
//! what the rule reads: its kind and its action. Variables are lent to the expression by a resolver and events are lent to
//! the history, so that nothing is converted or copied for a request.

use std::sync::Arc;

use cel::common::traits::Indexer;
use cel::common::types::{CelList, CelMap, CelMapKey, CelString, MAP_TYPE, Type};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, ExecutionError, Program, Value};

use crate::contender::{Contender, Error, Search};
use crate::trace::{Kind, Step};

/// The rule; the history lives as long as a run's events are judged.
pub struct Cel {
    env: Arc<Env>,
    program: Program,
}

/// An event as the fields that an expression can read.
#[derive(Debug)]
pub struct CelEvent {
    kind: Kind,
    request: Vec<Field>,
    record: Vec<Field>,
}

type Field = (&'static str, CelString<'static>);

impl Cel {
    /// Compiles the rule.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn new(search: Search) -> Result<Self, Error> {
        let rule = match search {
            Search::AnyCondition => include_str!("../rules/mail_exists.cel"),
            Search::EqualRecord => include_str!("../rules/mail_in.cel"),
        };
        let env = Arc::new(Env::stdlib());
        let program = env.compile(rule)?;
        Ok(Self { env, program })
    }

    fn is_denied(&self, variables: &Variables<'_>) -> Result<bool, Error> {
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.set_variable_resolver(variables);
        Ok(self.program.execute(&context)? == Value::Bool(true))
    }
}

impl Contender for Cel {
    type Event = CelEvent;

    fn parse(&self, step: &Step) -> Result<CelEvent, Error> {
        let text = |text: &str| CelString::from(text.to_owned());
        let (name, value) = step.param;
        Ok(CelEvent {
            kind: step.kind,
            request: vec![("action", text(step.action)), (name, text(value))],
            record: vec![("kind", text(step.kind.as_str())), ("action", text(step.action))],
        })
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn judge(&mut self, events: &[CelEvent]) -> Result<Vec<bool>, Error> {
        let mut history = CelList::default();
        let mut verdicts = Vec::with_capacity(events.len());
        for event in events {
            let variables = Variables { request: Fields(&event.request), history: &history };
            verdicts.push(event.kind == Kind::Request && self.is_denied(&variables)?);
            let mut records = history.into_inner();
            records.push(Box::new(Fields(&event.record)));
            history = CelList::from(records);
        }
        Ok(verdicts)
    }
}

/// The variables of one evaluation.
struct Variables<'e> {
    request: Fields<'e>,
    history: &'e CelList<'e>,
}

impl VariableResolver for Variables<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        match variable {
            "request" => Some(CowVal::Borrowed(&self.request)),
            "history" => Some(CowVal::Borrowed(self.history)),
            _ => None,
        }
    }
}

/// The fields of an event, lent: `exists` copies each item that it looks at, and this is the cheapest thing to copy.
#[derive(Debug, Clone, Copy)]
struct Fields<'e>(&'e [Field]);

impl Val for Fields<'_> {
    fn get_type(&self) -> &Type {
        &MAP_TYPE
    }

    fn cel_type() -> &'static Type {
        &MAP_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn equals(&self, other: &dyn Val) -> bool {
        let Some(map) = other.downcast_ref::<CelMap>() else { return false };
        let mut entries = map.inner().iter();
        let is_equal = entries.all(|(key, value)| match key {
            CelMapKey::String(name) => self.field(name.inner()).is_some_and(|text| text.equals(&**value)),
            _ => false,
        });
        is_equal && map.inner().len() == self.0.len()
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Fields<'_> {
    fn field(&self, name: &str) -> Option<&CelString<'static>> {
        self.0.iter().find(|(field, _)| *field == name).map(|(_, text)| text)
    }
}

impl Indexer for Fields<'_> {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = key.downcast_ref::<CelString>().map(CelString::inner).unwrap_or_default();
        let no_such_key = || ExecutionError::NoSuchKey(Arc::new(name.to_owned()));
        self.field(name).map(|text| CowVal::Borrowed(text as &dyn Val)).ok_or_else(no_such_key)
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(key).map(CowVal::into_owned)
    }
}
