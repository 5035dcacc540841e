//! What is unknown, and why: worked out only when a rule could not be decided.

use super::context::{Context, Frame, Scope};
use super::past::{Sight, States};
use super::probe::{Probe, Searching, Unknown};
use crate::program::{ClauseKind, ExprId, Node, RequestFact, Rule, WordKind};
use crate::typed::{EventField, Global};
use crate::value::{self, Gap, Reason, Truth};

/// A reason in words that follow the place: "`c.params.amount` is missing".
pub(crate) fn of_reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "is missing",
        Reason::WrongType => "has another type than expected",
        Reason::Malformed => "cannot be read as what it should be",
        Reason::Arithmetic => "is out of range",
        Reason::TooLong => "is too long",
        Reason::Forgotten => "is not remembered any more, since memory is bounded",
        Reason::NoRequest => "is not known, since no request is known for the response",
        Reason::NoSharedState => "is not known, since nobody gave the memory of the agent or organisation",
        Reason::NotScanned => "is not known, since no detector has looked at the event",
    }
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.place, of_reason(self.reason))
    }
}

/// Why a rule could not be decided: the first part of it that is unknown. The rule was decided before: this search, made once for a
/// finding, evaluates parts again, and its steps are not those of the decision. It goes down one way: at each level of the rule's
/// expressions it takes no more steps than the decision took.
pub(super) fn of_rule<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    rule: &'e Rule,
    meant: Truth,
) -> Unknown {
    quietly(context, |context| first_unknown(context, states, rule, meant))
}

fn first_unknown<'e>(
    context: &mut Context<'e, '_, Searching<'_>>,
    states: States<'e>,
    rule: &'e Rule,
    meant: Truth,
) -> Unknown {
    if meant == Truth::Unknown {
        return Unknown { place: format!("the action of {}", slot_name(rule, 0)), reason: Reason::NoRequest };
    }
    if context.truth(rule.condition, Scope::default()) == Truth::Unknown {
        return of_condition(context, rule, rule.condition);
    }
    for at in 0..rule.clauses.len() as u16 {
        let mut sight = Sight::default();
        if context.clause(states, rule, at, &mut sight) == Truth::Unknown {
            return of_clause(context, states, rule, at);
        }
    }
    Unknown { place: "the rule".to_owned(), reason: context.reason.unwrap_or(Reason::Missing) }
}

/// Why a clause is unknown.
pub(super) fn of_clause<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    rule: &'e Rule,
    at: u16,
) -> Unknown {
    let earlier = |slot: u16, what: &str| match rule.slots.get(usize::from(slot)).map(String::as_str) {
        None | Some("_") => format!("{what} before"),
        Some(name) => format!("{what} `{name}`"),
    };
    let place = match &rule.clauses[usize::from(at)].kind {
        ClauseKind::Condition(condition) => return of_condition(context, rule, *condition),
        ClauseKind::Past(past) => earlier(past.slot, "an event"),
        ClauseKind::Chain(chain) => earlier(chain.slots.last().copied().unwrap_or_default(), "an event"),
        ClauseKind::Search(search) => earlier(search.steps.last().map_or(0, |step| step.slot), "an event"),
        ClauseKind::Aggregate(aggregate) => {
            for of_trigger in &aggregate.trigger_keys {
                if let Some(unknown) = of_value(context, rule, *of_trigger) {
                    return unknown;
                }
            }
            if let Some(unknown) = of_value(context, rule, aggregate.bound) {
                return unknown;
            }
            if let Some(value) = aggregate.value
                && let Some(unknown) = of_value(context, rule, value)
            {
                return unknown;
            }
            if context.truth(aggregate.of_trigger, Scope::default()) == Truth::Unknown {
                return of_condition(context, rule, aggregate.of_trigger);
            }
            "what is counted".to_owned()
        }
        ClauseKind::Cycle(cycle) => {
            return of_value(context, rule, cycle.bound)
                .unwrap_or_else(|| Unknown { place: "the cycle".to_owned(), reason: Reason::Missing });
        }
        ClauseKind::Expect(duty) => earlier(duty.slot, "an event"),
    };
    let mut sight = Sight::default();
    context.reason = None;
    quietly(context, |context| context.clause(states, rule, at, &mut sight));
    Unknown { place, reason: context.reason.unwrap_or(Reason::Missing) }
}

/// Evaluates without telling who listens anything but the steps that it takes.
fn quietly<'e, 's, P: Probe, T>(
    context: &mut Context<'e, 's, P>,
    evaluate: impl FnOnce(&mut Context<'e, '_, Searching<'_>>) -> T,
) -> T {
    let probe = &mut *context.probe;
    let mut search_step = || probe.search_step();
    let mut searching = Searching(&mut search_step);
    let mut quiet = Context {
        program: context.program,
        current: context.current,
        requests: context.requests,
        flow: context.flow,
        memo: &mut *context.memo,
        flows: &mut *context.flows,
        probe: &mut searching,
        reason: context.reason,
    };
    let result = evaluate(&mut quiet);
    let reason = quiet.reason;
    context.reason = reason;
    result
}

/// Why a condition is unknown.
pub(super) fn of_condition<'e, P: Probe>(context: &mut Context<'e, '_, P>, rule: &'e Rule, condition: ExprId) -> Unknown {
    let mut blame = Blame { context, rule, locals: Vec::new() };
    blame.condition(condition, Scope::default()).unwrap_or_else(|| {
        let reason = blame.context.reason.unwrap_or(Reason::Missing);
        Unknown { place: blame.shown(condition), reason }
    })
}

/// Why a value is unknown, absent or missing; nothing when it is there.
fn of_value<'e, P: Probe>(context: &mut Context<'e, '_, P>, rule: &'e Rule, value: ExprId) -> Option<Unknown> {
    Blame { context, rule, locals: Vec::new() }.value(value, Scope::default(), true)
}

fn slot_name(rule: &Rule, slot: u16) -> &str {
    match rule.slots.get(usize::from(slot)).map(String::as_str) {
        None | Some("_") => "the event",
        Some(name) => name,
    }
}

struct Blame<'b, 'e, 's, P> {
    context: &'b mut Context<'e, 's, P>,
    rule: &'e Rule,
    /// What the variables stand for, the innermost last.
    locals: Vec<String>,
}

impl<'e, P: Probe> Blame<'_, 'e, '_, P> {
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
                    Err(Gap::Unknown(reason)) => return Some(Unknown { place, reason }),
                    Err(Gap::Absent) => return None,
                };
                if items.len() > super::expr::QUANTIFIED_MAX {
                    return Some(Unknown { place, reason: Reason::TooLong });
                }
                self.locals.push(format!("an item of {place}"));
                let mut found = None;
                for outcome in items {
                    let frame = Frame { value: &outcome, up: scope.locals };
                    found = self.condition(*body, Scope { locals: Some(&frame), ..scope });
                    if found.is_some() {
                        break;
                    }
                }
                self.locals.pop();
                found
            }
            _ => self.parts(id, scope),
        }
    }

    /// The part of a value that makes it unknown; what is absent counts when it is asked for.
    fn value(&mut self, id: ExprId, scope: Scope<'_, 'e>, with_absent: bool) -> Option<Unknown> {
        let reason = match self.context.value(id, scope) {
            Ok(_) => return None,
            Err(Gap::Absent) if with_absent => Reason::Missing,
            Err(Gap::Absent) => return None,
            Err(Gap::Unknown(reason)) => reason,
        };
        self.parts(id, scope).or_else(|| Some(Unknown { place: self.shown(id), reason }))
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
    fn shown(&self, id: ExprId) -> String {
        self.shown_of(id, slot_name(self.rule, 0))
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
                    Some(kept) => self.shown_of(kept, event),
                    None => format!("something of {event}"),
                }
            }
            Node::KeptSeq(slot) => format!("{}.seq", slot_name(self.rule, *slot)),
            Node::Member { base, name, .. } => format!("{}.{name}", self.shown_of(*base, event)),
            Node::Item { base, .. } => format!("{}[…]", self.shown_of(*base, event)),
            Node::Local(distance) => {
                let at = self.locals.len().checked_sub(usize::from(*distance) + 1);
                at.and_then(|at| self.locals.get(at)).cloned().unwrap_or_else(|| "a parameter".to_owned())
            }
            Node::Global(global) => global_name(*global).to_owned(),
            Node::Cast { value, to, .. } => format!("{} as {to}", self.shown_of(*value, event)),
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
        use crate::program::MemoryKind;
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

fn field_name(field: EventField) -> &'static str {
    match field {
        EventField::Seq => "seq",
        EventField::T => "t",
        EventField::Actor => "actor",
        EventField::Type => "type",
        EventField::Meta => "meta",
        EventField::Action => "action",
        EventField::Params => "params",
        EventField::Rationale => "rationale",
        EventField::Effects => "effects",
        EventField::Labels => "labels",
        EventField::Declared => "declared",
        EventField::CallId => "call_id",
        EventField::Status => "status",
        EventField::Result | EventField::PromisedResult => "result",
        EventField::Error => "error",
        EventField::Latency => "latency",
        EventField::Thought => "thought",
        EventField::Goal => "goal",
        EventField::Steps => "steps",
        EventField::Plan => "plan",
        EventField::Output => "output",
        EventField::Summary => "summary",
        EventField::Confidence => "confidence",
        EventField::ErrorType => "error_type",
        EventField::Message => "message",
        EventField::StackTrace => "stack_trace",
        EventField::AgentId => "agent.id",
        EventField::PrincipalRole => "principal.role",
    }
}

fn global_name(global: Global) -> &'static str {
    match global {
        Global::Now => "now",
        Global::RunDuration => "run.duration",
        Global::RunEvents => "run.events",
        Global::RunRequests => "run.requests",
        Global::RunResponses => "run.responses",
        Global::RunErrors => "run.errors",
        Global::RunRefused => "run.refused",
        Global::RunStatus => "run.status",
        Global::RunId => "run.id",
        Global::RunMeta => "run.meta",
        Global::FlowBytes => "flow.bytes",
        Global::FlowPath => "flow.path",
        Global::FlowSource => "flow.source",
        Global::CycleLength => "cycle.length",
        Global::CycleCount => "cycle.count",
        Global::RunsCount => "runs.count",
    }
}
