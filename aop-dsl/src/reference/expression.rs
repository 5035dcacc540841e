//! What an expression is worth, with real events in its slots.

use aop_toon::{Payload, Status};
use rust_decimal::Decimal;

use super::past::{Moment, Seen};
use crate::builtins;
use crate::syntax::ast::{BinaryOp, Quantifier};
use crate::typed::{Const, EventField, Expr, ExprKind, Global, Local, Package, Scope, Slot};
use crate::types::Type;
use crate::value::{self, Gap, Matcher, Members, Outcome, Reason, Truth, Value};

/// The events and variables that an expression may speak of.
#[derive(Clone)]
pub(super) struct Binding<'e> {
    pub(super) package: &'e Package,
    moment: Moment<'e>,
    slots: Vec<Option<&'e Seen>>,
    locals: Vec<Option<Outcome<'e>>>,
}

impl<'e> Binding<'e> {
    pub(super) fn new(package: &'e Package, moment: Moment<'e>) -> Self {
        Self { package, moment, slots: Vec::new(), locals: Vec::new() }
    }

    /// The same with an event in a slot.
    pub(super) fn with(&self, slot: Slot, seen: &'e Seen) -> Self {
        let mut binding = self.clone();
        let at = usize::from(slot.0);
        binding.slots.resize(binding.slots.len().max(at + 1), None);
        binding.slots[at] = Some(seen);
        binding
    }

    fn with_local(&self, local: Local, outcome: Outcome<'e>) -> Self {
        let mut binding = self.clone();
        let at = usize::from(local.0);
        binding.locals.resize(binding.locals.len().max(at + 1), None);
        binding.locals[at] = Some(outcome);
        binding
    }

    fn event(&self, slot: Slot) -> &'e Seen {
        self.slots.get(usize::from(slot.0)).copied().flatten().expect("a condition speaks of events that are bound")
    }

    /// "Kleene's three values": what is absent is not true.
    pub(super) fn truth(&self, expr: &'e Expr) -> Truth {
        match &expr.kind {
            ExprKind::Binary { op: BinaryOp::And, left, right } => self.truth(left).and(self.truth(right)),
            ExprKind::Binary { op: BinaryOp::Or, left, right } => self.truth(left).or(self.truth(right)),
            ExprKind::Not(inner) => self.truth(inner).not(),
            ExprKind::Quantified { quantifier: Quantifier::Any, .. } => self.any_or_all(expr, Truth::False, Truth::or),
            ExprKind::Quantified { quantifier: Quantifier::All, .. } => self.any_or_all(expr, Truth::True, Truth::and),
            _ => match self.value(expr) {
                Ok(Value::Bool(truth)) => truth.into(),
                Ok(Value::Const(Const::Bool(truth))) => (*truth).into(),
                Ok(other) => panic!("a condition is a truth value, not {other:?}"),
                Err(Gap::Absent) => Truth::False,
                Err(Gap::Unknown(_)) => Truth::Unknown,
            },
        }
    }

    /// "`any x in L: E`, `all x in L: E`": `or`, `and` over the items; of a list that is not there, nothing is true.
    fn any_or_all(&self, expr: &'e Expr, start: Truth, join: fn(Truth, Truth) -> Truth) -> Truth {
        let ExprKind::Quantified { variable, domain, body, .. } = &expr.kind else { unreachable!("it is a quantifier") };
        match self.items(domain) {
            Ok(items) => {
                items.into_iter().fold(start, |truth, item| join(truth, self.with_local(*variable, item).truth(body)))
            }
            Err(Gap::Absent) => Truth::False,
            Err(Gap::Unknown(_)) => Truth::Unknown,
        }
    }

    /// The items of a list, each read by its type; or that there is no list.
    fn items(&self, domain: &'e Expr) -> Result<Vec<Outcome<'e>>, Gap> {
        let item = match domain.ty.required() {
            Type::List(item) | Type::Set(item) => item,
            _ => &Type::Any,
        };
        let list = self.value(domain)?;
        Ok(value::items(&list, item)?.collect())
    }

    pub(super) fn value(&self, expr: &'e Expr) -> Outcome<'e> {
        match &expr.kind {
            ExprKind::Const(constant) => Ok(value::from_const(constant)),
            ExprKind::Local(local) => {
                self.locals[usize::from(local.0)].clone().expect("a variable is bound before it is used")
            }
            ExprKind::Event { slot, of_request, field } => {
                self.event_field(self.event(*slot), *of_request, *field, &expr.ty)
            }
            ExprKind::Global(global) => self.global(*global),
            ExprKind::Field { base, name, .. } => {
                // A member that the record requires is missing when it is not there, however one came to the record.
                let declared = base.ty.required().field(name).map_or(&expr.ty, |field| &field.ty);
                value::field(&self.value(base)?, name, declared)
            }
            ExprKind::Index { base, index } => {
                let base = self.value(base)?;
                value::index(&base, &self.value(index)?, expr.ty.required())
            }
            ExprKind::Call { function, arguments } => {
                let function = &self.package.functions[function.0 as usize];
                let mut inner = Self { locals: Vec::new(), slots: Vec::new(), ..self.clone() };
                for (at, argument) in arguments.iter().enumerate() {
                    inner = inner.with_local(Local(u16::try_from(at).expect("few parameters")), self.value(argument));
                }
                inner.value(&function.body)
            }
            ExprKind::Builtin { builtin, arguments } => {
                let types: Vec<Option<Type>> =
                    arguments.iter().map(|argument| argument.as_ref().map(|argument| argument.ty.clone())).collect();
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(argument.as_ref().map(|argument| self.value(argument)).transpose()?);
                }
                builtins::call(*builtin, &values, &types)
            }
            ExprKind::Cast(inner) => value::cast(&self.value(inner)?, &inner.ty, &expr.ty),
            ExprKind::Is { value, ty } => match self.value(value) {
                Ok(inner) => Ok(Value::Bool(value::is_a(&inner, &value.ty, ty))),
                Err(Gap::Absent) => Ok(Value::Bool(false)),
                Err(unknown) => Err(unknown),
            },
            // "`has` asks whether it is there": what is not an object has no members.
            ExprKind::Has(path) => {
                for (base, to) in path.any_bases() {
                    if self.value(base).is_ok_and(|value| !value::is_a(&value, &base.ty, &to)) {
                        return Ok(Value::Bool(false));
                    }
                }
                value::has(&self.value(path)).map(Value::Bool)
            }
            ExprKind::Negate(inner) => value::negate(&self.value(inner)?),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr),
            ExprKind::Quantified { quantifier: Quantifier::Count, variable, domain, body } => {
                let mut count = 0;
                for item in self.items(domain)? {
                    match self.with_local(*variable, item).truth(body) {
                        Truth::True => count += 1,
                        Truth::False => {}
                        Truth::Unknown => return Err(Gap::Unknown(Reason::Missing)),
                    }
                }
                Ok(Value::Number(Decimal::from(count)))
            }
            ExprKind::List(items) => {
                let mut values = Vec::new();
                for item in items {
                    match self.value(item) {
                        Ok(value) => values.push(value),
                        Err(Gap::Absent) => {}
                        Err(unknown) => return Err(unknown),
                    }
                }
                Ok(Value::List(values.into()))
            }
            ExprKind::Not(_) | ExprKind::Quantified { .. } => of_truth(self.truth(expr)),
            ExprKind::Detect(_)
            | ExprKind::DerivesFrom { .. }
            | ExprKind::RunAggregate { .. }
            | ExprKind::Baseline { .. } => {
                panic!("the reference leaves this out: {:?}", expr.kind)
            }
        }
    }

    fn binary(&self, op: BinaryOp, left: &'e Expr, right: &'e Expr, whole: &'e Expr) -> Outcome<'e> {
        match op {
            BinaryOp::And | BinaryOp::Or => of_truth(self.truth(whole)),
            // "`??` gives another value where it is not."
            BinaryOp::Else => match self.value(left) {
                Err(Gap::Absent) => self.value(right),
                there => there,
            },
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
                let (left, right) = both(self.value(left), self.value(right))?;
                value::arithmetic(op, &left, &right, whole.ty.required())
            }
            _ => {
                // "An absent or null *optional* makes its comparison false. A missing *required* value or a wrong type makes
                // it unknown."
                let compared = both(self.value(left), self.value(right))
                    .and_then(|(left_value, right_value)| compare(op, left, right, &left_value, &right_value));
                match compared {
                    Ok(truth) => Ok(Value::Bool(truth)),
                    Err(Gap::Absent) => Ok(Value::Bool(false)),
                    Err(unknown) => Err(unknown),
                }
            }
        }
    }

    fn event_field(&self, seen: &'e Seen, of_request: bool, field: EventField, ty: &Type) -> Outcome<'e> {
        let (event, clock) = match (of_request, &seen.request) {
            (false, _) => (seen.event(), seen.clock),
            (true, Some(request)) => (&*request.event, request.clock),
            (true, None) => return Err(Gap::Unknown(Reason::NoRequest)),
        };
        let text = |text: &str| Ok(Value::Text(text.to_owned().into()));
        let optional = |text: Option<&str>| text.map(|text| Value::Text(text.to_owned().into())).ok_or(Gap::Absent);
        let action = seen.action.as_deref();
        let declared = action.and_then(|action| self.package.schema.action(action));
        match (field, event.payload()) {
            (EventField::Seq, _) => Ok(Value::Number(Decimal::from(event.seq()))),
            (EventField::T, _) => Ok(Value::Time(event.t())),
            (EventField::Actor, _) => text(event.actor().as_str()),
            (EventField::Type, _) => text(event.event_type().as_str()),
            (EventField::Meta, _) => value::read(event.meta().object(), ty),
            (EventField::Action, _) => action.map_or(Err(Gap::Unknown(Reason::NoRequest)), text),
            // Whatever the request asked for.
            (EventField::Effects | EventField::Labels | EventField::Declared, Payload::ActionResponse(_))
                if action.is_none() =>
            {
                Err(Gap::Unknown(Reason::NoRequest))
            }
            (EventField::Effects, _) => Ok(Value::Words(declared.map_or(&[], |action| &action.effects))),
            (EventField::Labels, _) => Ok(Value::Words(declared.map_or(&[], |action| &action.labels))),
            (EventField::Declared, _) => Ok(Value::Bool(declared.is_some())),
            (EventField::CallId, _) => optional(event.meta().call_ids().next().as_deref()),
            (EventField::AgentId, _) => {
                event.meta().agent_id().map(|agent| Value::Number(Decimal::from(agent))).ok_or(Gap::Unknown(Reason::Missing))
            }
            (EventField::PrincipalRole, _) => optional(seen.role.as_deref()),
            // The laws' runs belong to nobody.
            (EventField::PrincipalOrganisation, _) => optional(None),
            (EventField::Params, Payload::ActionRequest(request)) => value::read(request.params, ty),
            (EventField::Rationale, Payload::ActionRequest(request)) => optional(request.rationale.as_deref()),
            (EventField::Status, Payload::ActionResponse(response)) => text(response.status.as_str()),
            // "A result that the schema promises … is missing when a response of status `success` has none."
            (EventField::PromisedResult, Payload::ActionResponse(response))
                if response.status == Status::Success && response.result.is_none_or(|result| result.is_null()) =>
            {
                Err(Gap::Unknown(Reason::Missing))
            }
            (EventField::Result | EventField::PromisedResult, Payload::ActionResponse(response)) => {
                value::read_member(response.result, ty)
            }
            (EventField::Error, Payload::ActionResponse(response)) => optional(response.error.as_deref()),
            // "`latency` is `latency_ms` where the response gives it, else the time between the two events", if it is the answer.
            (EventField::Latency, Payload::ActionResponse(response)) => match (response.latency_ms, &seen.request) {
                (Some(latency_ms), _) => Ok(Value::Duration((latency_ms * 1000.0).round() as i64)),
                (None, Some(request)) if request.is_answered => Ok(Value::Duration(clock.micros() - request.clock.micros())),
                (None, _) => Err(Gap::Absent),
            },
            (EventField::Thought, Payload::Reasoning(reasoning)) => text(&reasoning.thought),
            (EventField::Goal, Payload::Reasoning(reasoning)) => optional(reasoning.goal.as_deref()),
            (EventField::Steps, Payload::Reasoning(reasoning)) => value::read_member(reasoning.steps, ty),
            (EventField::Plan, Payload::Reasoning(reasoning)) => value::read_member(reasoning.plan, ty),
            (EventField::Output, Payload::FinalOutput(output)) => value::read(output.output, ty),
            (EventField::Summary, Payload::FinalOutput(output)) => optional(output.summary.as_deref()),
            (EventField::Confidence, Payload::FinalOutput(output)) => output.confidence.map(Value::Float).ok_or(Gap::Absent),
            (EventField::ErrorType, Payload::Error(error)) => text(&error.error_type),
            (EventField::Message, Payload::Error(error)) => text(&error.message),
            (EventField::StackTrace, Payload::Error(error)) => optional(error.stack_trace.as_deref()),
            (field, _) => panic!("{field:?} is no field that the reference knows of {}", event.raw()),
        }
    }

    /// `now` is "the run's clock at the trigger"; the counts of a run hold the trigger too.
    fn global(&self, global: Global) -> Outcome<'e> {
        let run: Vec<&Seen> = self.moment.of_scope(Scope::Run).into_iter().chain(self.moment.trigger).collect();
        let of_kind = |is: fn(&Seen) -> bool| Ok(Value::Number(Decimal::from(run.iter().filter(|seen| is(seen)).count())));
        match global {
            Global::Now => Ok(Value::Time(self.moment.clock)),
            Global::RunEvents => of_kind(|_| true),
            Global::RunRequests => of_kind(|seen| seen.event.event_type() == aop_toon::EventType::ActionRequest),
            Global::RunResponses => of_kind(|seen| seen.event.event_type() == aop_toon::EventType::ActionResponse),
            Global::RunErrors => of_kind(|seen| match seen.event.payload() {
                Payload::Error(_) => true,
                Payload::ActionResponse(response) => response.status == aop_toon::Status::Error,
                _ => false,
            }),
            Global::RunRefused => of_kind(|seen| !seen.is_accepted),
            Global::RunDuration => {
                let start = run.first().map_or(self.moment.clock, |first| first.clock);
                Ok(Value::Duration(self.moment.clock.micros() - start.micros()))
            }
            other => panic!("the reference leaves this out: {other:?}"),
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

fn of_truth<'e>(truth: Truth) -> Outcome<'e> {
    match truth {
        Truth::True => Ok(Value::Bool(true)),
        Truth::False => Ok(Value::Bool(false)),
        Truth::Unknown => Err(Gap::Unknown(Reason::Missing)),
    }
}

fn compare(op: BinaryOp, left: &Expr, right: &Expr, left_value: &Value<'_>, right_value: &Value<'_>) -> Result<bool, Gap> {
    let ty = if *left.ty.required() == Type::Any { right.ty.required() } else { left.ty.required() };
    match op {
        BinaryOp::Equal => value::equal_as(ty, left_value, right_value),
        BinaryOp::NotEqual => value::equal_as(ty, left_value, right_value).map(|equal| !equal),
        BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
            value::order(ty, left_value, right_value).map(|order| is_ordered(op, order))
        }
        BinaryOp::In => is_in(left_value, right, right_value),
        BinaryOp::NotIn => is_in(left_value, right, right_value).map(|is_in| !is_in),
        BinaryOp::Contains => value::contains(left_value, right_value, left.ty.required()),
        BinaryOp::StartsWith => value::starts_with(left_value, right_value),
        BinaryOp::EndsWith => value::ends_with(left_value, right_value),
        BinaryOp::Matches => {
            let pattern = match (&right.kind, right_value) {
                (ExprKind::Const(pattern), _) => Matcher::new(pattern),
                (_, Value::Const(pattern)) => Matcher::new(pattern),
                other => panic!("the reference matches constants only: {other:?}"),
            };
            pattern.expect("a checked pattern compiles").matches(left_value)
        }
        other => panic!("{} compares nothing", other.as_str()),
    }
}

fn is_in(item: &Value<'_>, list: &Expr, list_value: &Value<'_>) -> Result<bool, Gap> {
    match (list.ty.required(), &list.kind) {
        (Type::List(ty) | Type::Set(ty), ExprKind::Const(Const::List(entries))) => {
            Members::new(entries, ty).expect("checked entries are good").has(item)
        }
        (Type::List(ty) | Type::Set(ty), _) => value::in_list(item, list_value, ty),
        (other, _) => value::contains(list_value, item, other),
    }
}

/// Whether a comparison that found this order is true.
pub(super) fn is_ordered(op: BinaryOp, order: std::cmp::Ordering) -> bool {
    match op {
        BinaryOp::Equal => order.is_eq(),
        BinaryOp::NotEqual => order.is_ne(),
        BinaryOp::Less => order.is_lt(),
        BinaryOp::LessEqual => order.is_le(),
        BinaryOp::Greater => order.is_gt(),
        BinaryOp::GreaterEqual => order.is_ge(),
        other => panic!("{} is no comparison of numbers", other.as_str()),
    }
}
