//! The part of an expression that makes it unknown, and what was found there.

use super::super::context::{Context, Frame, Scope};
use super::super::expr::QUANTIFIED_MAX;
use super::super::probe::Probe;
use super::names::{field_name, global_name};
use super::{Unknown, UnknownValue};
use crate::program::{ClauseKind, ExprId, MemoryKind, Node, RequestFact, Rule, WordKind};
use crate::types::Type;
use crate::value::{self, Gap, Reason, Truth};

/// Looks for the part that is to blame.
pub(super) struct Blame<'b, 'e, 's, P> {
    context: &'b mut Context<'e, 's, P>,
    rule: &'e Rule,
    /// The slot whose event the expression is evaluated at.
    current: u16,
    /// What the variables stand for, the innermost last.
    locals: Vec<String>,
}

impl<'b, 'e, 's, P: Probe> Blame<'b, 'e, 's, P> {
    pub(super) fn new(context: &'b mut Context<'e, 's, P>, rule: &'e Rule, current: u16) -> Self {
        Self { context, rule, current, locals: Vec::new() }
    }

    /// Why a condition that is unknown is so.
    pub(super) fn of_condition(&mut self, condition: ExprId, scope: Scope<'_, 'e>) -> Unknown {
        self.condition(condition, scope).unwrap_or_else(|| {
            let reason = self.context.reason.unwrap_or(Reason::Missing);
            self.unknown(condition, reason, scope)
        })
    }

    /// The part of a condition that makes it unknown.
    fn condition(&mut self, id: ExprId, scope: Scope<'_, 'e>) -> Option<Unknown> {
        if self.context.truth(id, scope) != Truth::Unknown {
            return None;
        }
        let exprs = &self.context.program.exprs;
        match exprs.node(id) {
            Node::And(parts) | Node::Or(parts) => parts.iter().find_map(|part| self.condition(*part, scope)),
            Node::Not(inner) => self.condition(*inner, scope),
            Node::Quantified { domain, body, item, .. } => {
                if let Some(unknown) = self.value(*domain, scope, false) {
                    return Some(unknown);
                }
                let list = self.context.value(*domain, scope).ok()?;
                let place = self.shown(*domain);
                let items = match value::items(&list, item) {
                    Ok(items) => items,
                    Err(Gap::Unknown(reason)) => return Some(self.unknown(*domain, reason, scope)),
                    Err(Gap::Absent) => return None,
                };
                if items.len() > QUANTIFIED_MAX {
                    return Some(self.unknown(*domain, Reason::TooLong, scope));
                }
                items.enumerate().find_map(|(at, outcome)| {
                    if let Err(Gap::Unknown(reason)) = outcome {
                        let found = list.as_json().and_then(|list| list.items().nth(at)).map(|item| item.kind());
                        let (place, expected) = (format!("{place}[{at}]"), Some(item.clone()));
                        return Some(Unknown::Value(UnknownValue { place, event: None, reason, expected, found }));
                    }
                    self.locals.push(format!("{place}[{at}]"));
                    let frame = Frame { value: &outcome, up: scope.locals };
                    let found = self.condition(*body, Scope { locals: Some(&frame), ..scope });
                    self.locals.pop();
                    found
                })
            }
            _ => self.parts(id, scope),
        }
    }

    /// The part of a value that makes it unknown; what is absent counts when it is asked for.
    pub(super) fn value(&mut self, id: ExprId, scope: Scope<'_, 'e>, with_absent: bool) -> Option<Unknown> {
        let reason = match self.context.value(id, scope) {
            Ok(_) => return None,
            Err(Gap::Absent) if with_absent => Reason::Missing,
            Err(Gap::Absent) => return None,
            Err(Gap::Unknown(reason)) => reason,
        };
        self.parts(id, scope).or_else(|| Some(self.unknown(id, reason, scope)))
    }

    fn unknown(&mut self, id: ExprId, reason: Reason, scope: Scope<'_, 'e>) -> Unknown {
        if let Node::Member { base, name, .. } = self.context.program.exprs.node(id)
            && reason == Reason::WrongType
            && let Ok(found) = self.context.place(*base, scope)
            && !found.is_object()
        {
            let (base, kind) = (self.shown(*base), found.kind().with_article());
            return Unknown::Told(format!("{base} is {kind}, which has no `{name}`"));
        }
        let found = match reason {
            Reason::WrongType | Reason::Malformed => self.context.place(id, scope).ok().map(|found| found.kind()),
            _ => None,
        };
        let event = match self.context.program.exprs.node(id) {
            Node::Kept { slot, .. } => scope.slot(*slot).map(|bound| bound.record.seq),
            _ => None,
        };
        Unknown::Value(UnknownValue { place: self.shown(id), event, reason, expected: self.expected(id), found })
    }

    /// What it should be.
    fn expected(&self, id: ExprId) -> Option<Type> {
        let exprs = &self.context.program.exprs;
        match exprs.node(id) {
            Node::Kept { slot, value } => self.expected(self.kept(*slot, *value)?),
            _ => exprs.declared(id).cloned(),
        }
    }

    fn parts(&mut self, id: ExprId, scope: Scope<'_, 'e>) -> Option<Unknown> {
        let exprs = &self.context.program.exprs;
        match exprs.node(id) {
            // Parameters have no names here: the call is to blame.
            Node::Call { arguments, .. } => arguments.iter().find_map(|argument| self.value(*argument, scope, false)),
            Node::Quantified { .. } => None,
            node => {
                let children = exprs.children(node);
                children.into_iter().find_map(|child| self.value(child, scope, false))
            }
        }
    }

    /// An expression as a person would write it, as far as it is a path.
    pub(super) fn shown(&self, id: ExprId) -> String {
        self.shown_of(id, slot_name(self.rule, self.current))
    }

    fn shown_of(&self, id: ExprId, event: &str) -> String {
        let exprs = &self.context.program.exprs;
        match exprs.node(id) {
            Node::Event { field, .. } => format!("{event}.{}", field_name(*field)),
            Node::Words { kind: WordKind::Effects, .. } => format!("{event}.effects"),
            Node::Words { kind: WordKind::Labels, .. } => format!("{event}.labels"),
            Node::Declared(_) => format!("{event}.declared"),
            Node::Request(RequestFact::Action) => format!("{event}.action"),
            Node::Request(RequestFact::Seq) => format!("{event}.request.seq"),
            Node::Request(RequestFact::Time) => format!("{event}.request.t"),
            Node::OfRequest(value) => self.shown_of(exprs.request_values()[value.0 as usize], &format!("{event}.request")),
            Node::Kept { slot, value } => {
                let event = slot_name(self.rule, *slot);
                match self.kept(*slot, *value) {
                    Some(kept) if self.expected(kept).is_some() => self.shown_of(kept, event),
                    _ => format!("something of {event}"),
                }
            }
            Node::KeptSeq(slot) => format!("{}.seq", slot_name(self.rule, *slot)),
            Node::Member { base, name, .. } => format!("{}.{name}", self.shown_of(*base, event)),
            Node::Item { base, index, .. } => match exprs.node(*index) {
                Node::Const(_) => format!("{}[{}]", self.shown_of(*base, event), self.shown_of(*index, event)),
                _ => format!("{}[…]", self.shown_of(*base, event)),
            },
            Node::Local(distance) => {
                let at = self.locals.len().checked_sub(usize::from(*distance) + 1);
                at.and_then(|at| self.locals.get(at)).cloned().unwrap_or_else(|| "a parameter".to_owned())
            }
            Node::Global(global) => global_name(*global).to_owned(),
            Node::Cast { value, .. } => self.shown_of(*value, event),
            Node::Builtin { builtin, arguments, .. } => {
                let name = crate::builtins::BUILTINS.get(*builtin).map_or("a function", |builtin| builtin.name);
                let arguments: Vec<String> =
                    arguments.iter().flatten().map(|argument| self.shown_of(*argument, event)).collect();
                format!("{name}({})", arguments.join(", "))
            }
            Node::Detect { target, .. } => format!("what detectors say of {}", self.shown_of(*target, event)),
            Node::Arithmetic { left, op, right, .. } => {
                format!("{} {} {}", self.shown_of(*left, event), op.as_str(), self.shown_of(*right, event))
            }
            Node::Const(constant) => value::show(&value::from_const(exprs.constant(*constant))),
            Node::Flow { value, .. } => format!("where {} comes from", self.shown_of(*value, event)),
            _ => "its condition".to_owned(),
        }
    }

    /// What is kept of the event in a slot.
    fn kept(&self, slot: u16, value: u16) -> Option<ExprId> {
        let program = self.context.program;
        let values = self.rule.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::Past(past) if past.slot == slot => Some((past.memory, 0)),
            ClauseKind::Chain(chain) => chain.slots.iter().position(|known| *known == slot).map(|step| (chain.memory, step)),
            ClauseKind::Search(search) => search.steps.iter().find(|step| step.slot == slot).map(|step| (step.memory, 0)),
            ClauseKind::Aggregate(aggregate) if aggregate.slot == slot => Some((aggregate.memory, 0)),
            ClauseKind::Expect(duty) if slot == 0 => Some((duty.memory, 0)),
            _ => None,
        });
        let (memory, step) = values?;
        match &program.memory(memory).kind {
            MemoryKind::Records { values, .. }
            | MemoryKind::CellRecords { values, .. }
            | MemoryKind::Duties { values, .. } => values.get(usize::from(value)).copied(),
            MemoryKind::Chain { values } => values.get(step)?.get(usize::from(value)).copied(),
            MemoryKind::Cells { .. } | MemoryKind::Cycle { .. } => None,
        }
    }
}

/// The name of an event slot.
pub(super) fn slot_name(rule: &Rule, slot: u16) -> &str {
    match rule.slots.get(usize::from(slot)).map(String::as_str) {
        None | Some("_") => "the event",
        Some(name) => name,
    }
}
