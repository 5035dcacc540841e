//! regorus: Rego, compiled once for its virtual machine, which is quicker than its interpreter here.
//!
//! Rego keeps nothing between two evaluations, so that each request is judged with the events before it as input, each as a
//! record of what the rule reads: its kind and its action. Responses are only added to the history. Inputs are made of values
//! that are parsed and shared, so that what is timed is evaluation, not JSON.

use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::program::Program;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};

use crate::contender::{Contender, Error, Search};
use crate::trace::{Kind, Step};

const ENTRY: &str = "data.mail.deny";

/// The rule and the run so far.
pub struct Rego {
    vm: RegoVM,
    history: Value,
    keys: [Value; 2],
}

/// An event as values.
#[derive(Debug)]
pub struct RegoEvent {
    kind: Kind,
    request: Value,
    record: Value,
}

impl Rego {
    /// Compiles the rule.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn new(search: Search) -> Result<Self, Error> {
        let rule = match search {
            Search::AnyCondition => include_str!("../rules/mail_some.rego"),
            Search::EqualRecord => include_str!("../rules/mail_in.rego"),
        };
        let mut vm = RegoVM::new();
        vm.load_program(compile(rule)?);
        Ok(Self { vm, history: Value::new_array(), keys: ["request", "history"].map(Value::from) })
    }

    fn is_denied(&mut self, request: &Value) -> Result<bool, Error> {
        let [request_key, history_key] = &self.keys;
        let mut input = Value::new_object();
        let fields = input.as_object_mut()?;
        fields.insert(request_key.clone(), request.clone());
        fields.insert(history_key.clone(), self.history.clone());
        self.vm.set_input(input);
        let denied = self.vm.execute_entry_point_by_index(0)?;
        // One owner less, as what is shared is copied when an event is added to it.
        self.vm.set_input(Value::Undefined);
        Ok(denied == Value::Bool(true))
    }
}

fn compile(rule: &str) -> Result<Arc<Program>, Error> {
    let mut engine = Engine::new();
    engine.add_policy("mail.rego".to_owned(), rule.to_owned())?;
    let policy = engine.compile_with_entrypoint(&ENTRY.into())?;
    Ok(Compiler::compile_from_policy(&policy, &[ENTRY]).map_err(|error| error.to_string())?)
}

impl Contender for Rego {
    type Event = RegoEvent;

    fn parse(&self, step: &Step) -> Result<RegoEvent, Error> {
        let (name, value) = step.param;
        Ok(RegoEvent {
            kind: step.kind,
            request: object([("action", step.action), (name, value)])?,
            record: object([("kind", step.kind.as_str()), ("action", step.action)])?,
        })
    }

    fn start(&mut self) -> Result<(), Error> {
        self.history = Value::new_array();
        Ok(())
    }

    fn judge(&mut self, events: &[RegoEvent]) -> Result<Vec<bool>, Error> {
        let mut verdicts = Vec::with_capacity(events.len());
        for event in events {
            verdicts.push(event.kind == Kind::Request && self.is_denied(&event.request)?);
            self.history.as_array_mut()?.push(event.record.clone());
        }
        Ok(verdicts)
    }
}

fn object(fields: [(&str, &str); 2]) -> Result<Value, Error> {
    let mut object = Value::new_object();
    object.as_object_mut()?.extend(fields.map(|(name, value)| (Value::from(name), Value::from(value))));
    Ok(object)
}
