//! The names that an expression may mention.

use std::collections::HashMap;
use std::rc::Rc;

use super::annotations::Allowed;
use super::fields::Shape;
use crate::syntax::ast::{Name, Span};
use crate::typed::{Local, Slot};
use crate::types::Type;

/// Words that mean something in rules, so that nothing else may be called so.
pub(super) const RESERVED: &[&str] = &["agent", "cycle", "flow", "meta", "now", "prev", "principal", "run", "runs"];

/// What an expression is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Let,
    Function,
    Rule {
        /// `on run_end`: there is no event, and the whole run is known.
        run_end: bool,
    },
    /// About many runs.
    Batch,
}

/// The names in one `let`, function or rule.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) kind: ScopeKind,
    /// Lints that the rule's author knows of.
    pub(super) allowed: Allowed,
    /// In a message, where `flow` and `cycle` are known.
    pub(super) in_message: bool,
    /// A clause asks for `derives_from`, so that a message may show what was found.
    pub(super) has_flow: bool,
    /// A clause asks for a cycle.
    pub(super) has_cycle: bool,
    /// In a cycle's condition, where `prev` is the event one period before.
    pub(super) has_previous: bool,
    /// In a batch rule, where `run` is one run: in `where`, in `by` and in an aggregate.
    pub(super) of_run: bool,
    /// The event whose fields are meant when none is named, in `by`.
    pub(super) implied: Option<usize>,
    pub(super) bindings: Vec<Binding>,
    names: HashMap<String, usize>,
    locals: Vec<Variable>,
    /// Variables of quantifiers that are over, and the lists whose items they were.
    gone: HashMap<String, Span>,
    /// The most variables that are known at one time.
    pub(super) locals_max: usize,
    facts: HashMap<String, Narrowing>,
    /// What facts were before, so that they can be taken back.
    fact_log: Vec<(String, Option<Narrowing>)>,
}

/// An event of a rule.
#[derive(Debug)]
pub(super) struct Binding {
    pub(super) name: Option<Name>,
    pub(super) slot: Slot,
    pub(super) shape: Rc<Shape>,
    /// Whether it may be mentioned now.
    pub(super) visible: bool,
    /// The clause that it belongs to: `after`, `count`.
    pub(super) clause: &'static str,
    /// Whether messages may show it: it was found when the rule fires.
    pub(super) shown: bool,
    pub(super) used: bool,
}

/// A quantifier's variable or a function's parameter.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: Name,
    pub(super) ty: Type,
    pub(super) used: bool,
}

/// What is known of a path where a condition before it holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Narrowing {
    /// `has path`
    There,
    /// `path is type`
    Is(Type),
}

impl Scope {
    pub(super) fn new(kind: ScopeKind) -> Self {
        Self {
            kind,
            allowed: Allowed::default(),
            in_message: false,
            has_flow: false,
            has_cycle: false,
            has_previous: false,
            of_run: false,
            implied: None,
            bindings: Vec::new(),
            names: HashMap::new(),
            locals: Vec::new(),
            gone: HashMap::new(),
            locals_max: 0,
            facts: HashMap::new(),
            fact_log: Vec::new(),
        }
    }

    /// A new event; its name was found to be free.
    pub(super) fn bind(&mut self, name: Option<&Name>, shape: Rc<Shape>, clause: &'static str) -> usize {
        let at = self.bindings.len();
        if let Some(name) = name {
            self.names.insert(name.text.clone(), at);
        }
        let slot = Slot(u16::try_from(at).unwrap_or(u16::MAX));
        let name = name.cloned();
        self.bindings.push(Binding { name, slot, shape, visible: true, clause, shown: false, used: false });
        at
    }

    pub(super) fn binding(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// Names of events and variables that may be mentioned here.
    pub(super) fn visible_names(&self) -> impl Iterator<Item = &str> {
        let events = self.bindings.iter().filter(|binding| binding.visible);
        let events = events.filter_map(|binding| binding.name.as_ref());
        events.chain(self.locals.iter().map(|variable| &variable.name)).map(|name| name.text.as_str())
    }

    /// Adds a variable, until [`Scope::pop_local`].
    pub(super) fn push_local(&mut self, name: &Name, ty: Type) -> Local {
        let at = self.locals.len();
        self.locals.push(Variable { name: name.clone(), ty, used: false });
        self.locals_max = self.locals_max.max(self.locals.len());
        Local(u16::try_from(at).unwrap_or(u16::MAX))
    }

    pub(super) fn pop_local(&mut self) -> Option<Variable> {
        self.locals.pop()
    }

    /// A quantifier over a list is read, and its variable with it.
    pub(super) fn pop_item(&mut self, list: Span) -> Option<Variable> {
        let variable = self.pop_local()?;
        self.gone.insert(variable.name.text.clone(), list);
        Some(variable)
    }

    /// The list whose items a variable was, of a quantifier that is over.
    pub(super) fn gone(&self, name: &str) -> Option<Span> {
        self.gone.get(name).copied()
    }

    pub(super) fn local(&mut self, name: &str) -> Option<(Local, Type)> {
        let at = self.locals.iter().rposition(|variable| variable.name.text == name)?;
        self.locals[at].used = true;
        Some((Local(u16::try_from(at).unwrap_or(u16::MAX)), self.locals[at].ty.clone()))
    }

    /// Where a name of an event or a variable stands, when it is taken.
    pub(super) fn taken(&self, name: &str) -> Option<Span> {
        let variable = self.locals.iter().find(|variable| variable.name.text == name).map(|variable| variable.name.span);
        variable.or_else(|| self.bindings[self.binding(name)?].name.as_ref().map(|name| name.span))
    }

    pub(super) fn fact(&self, path: &str) -> Option<&Narrowing> {
        self.facts.get(path)
    }

    pub(super) fn has_facts(&self) -> bool {
        !self.facts.is_empty()
    }

    /// How many facts there are, for [`Scope::forget`].
    pub(super) fn facts_mark(&self) -> usize {
        self.fact_log.len()
    }

    pub(super) fn learn(&mut self, path: String, fact: Narrowing) {
        // What is known to be of a type stays so when it is also known to be there.
        if fact == Narrowing::There && matches!(self.facts.get(&path), Some(Narrowing::Is(_))) {
            return;
        }
        let before = self.facts.insert(path.clone(), fact);
        self.fact_log.push((path, before));
    }

    /// Takes back the facts since the mark.
    pub(super) fn forget(&mut self, mark: usize) {
        while self.fact_log.len() > mark {
            let Some((path, before)) = self.fact_log.pop() else { break };
            match before {
                Some(before) => self.facts.insert(path, before),
                None => self.facts.remove(&path),
            };
        }
    }
}
