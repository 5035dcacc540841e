//! What an expression of a batch rule is worth, for a run or for a group of runs.
//!
//! Batch rules are seldom evaluated, so the typed form is walked as it is; patterns and sets are made ready when they are first asked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use aop_toon::{Document, Limits, Timestamp};
use rust_decimal::Decimal;

use super::{Group, RunRecord, aggregate};
use crate::builtins;
use crate::syntax::ast::{BinaryOp, Quantifier};
use crate::typed::{Const, EventField, Expr, ExprKind, Global, Local, Package};
use crate::types::Type;
use crate::value::{self, Gap, Matcher, Members, Outcome, Reason, Truth, Value};

/// A run, its meta read.
pub(super) struct Run<'r> {
    pub(super) record: &'r RunRecord,
    meta: Option<Rc<Document<'static>>>,
}

pub(super) fn runs(records: &[RunRecord]) -> Vec<Run<'_>> {
    records.iter().map(|record| Run { record, meta: record.meta.as_deref().and_then(meta) }).collect()
}

/// The meta, when it is JSON.
fn meta(text: &str) -> Option<Rc<Document<'static>>> {
    let document = Document::parse(text.as_bytes(), &Limits::default()).ok()?;
    Some(Rc::new(document.into_owned()))
}

/// Patterns and sets of the rules, made ready, by the place of their expressions in memory.
#[derive(Default)]
pub(super) struct Patterns {
    matchers: RefCell<HashMap<*const Expr, Rc<Matcher>>>,
    members: RefCell<HashMap<*const Expr, Rc<Members>>>,
}

/// What an expression may speak of.
#[derive(Clone)]
pub(super) struct Scene<'r> {
    package: &'r Package,
    patterns: &'r Patterns,
    pub(super) now: Timestamp,
    run: Option<&'r Run<'r>>,
    /// The runs that aggregates are over, and those before the window.
    window: Rc<[&'r Run<'r>]>,
    before: Rc<[&'r Run<'r>]>,
    /// Baselines look back from where the window begins.
    window_micros: i64,
    locals: Vec<Option<Outcome<'r>>>,
}

impl<'r> Scene<'r> {
    pub(super) fn new(package: &'r Package, patterns: &'r Patterns, now: Timestamp) -> Self {
        let nothing: Rc<[&'r Run<'r>]> = Rc::default();
        Self {
            package,
            patterns,
            now,
            run: None,
            window: Rc::clone(&nothing),
            before: nothing,
            window_micros: 0,
            locals: Vec::new(),
        }
    }

    pub(super) fn with_run(&self, run: &'r Run<'r>) -> Self {
        Self { run: Some(run), ..self.clone() }
    }

    pub(super) fn with_group(&self, group: &Group<'r>, window_micros: i64) -> Self {
        let (window, before) = (group.window.as_slice().into(), group.before.as_slice().into());
        Self { window, before, window_micros, ..self.clone() }
    }

    fn with_local(&self, local: Local, outcome: Outcome<'r>) -> Self {
        let mut scene = self.clone();
        let at = usize::from(local.0);
        scene.locals.resize(scene.locals.len().max(at + 1), None);
        scene.locals[at] = Some(outcome);
        scene
    }

    /// An expression as it is written.
    pub(super) fn text_of(&self, expr: &Expr) -> &'r str {
        self.package.source.get(expr.span.range()).unwrap_or_default()
    }

    /// Kleene's three values; what is absent is not true.
    pub(super) fn truth(&self, expr: &'r Expr) -> Truth {
        match &expr.kind {
            ExprKind::Binary { op: BinaryOp::And, left, right } => self.truth(left).and(self.truth(right)),
            ExprKind::Binary { op: BinaryOp::Or, left, right } => self.truth(left).or(self.truth(right)),
            ExprKind::Not(inner) => self.truth(inner).not(),
            ExprKind::Quantified { quantifier: Quantifier::Any, .. } => self.any_or_all(expr, Truth::False, Truth::or),
            ExprKind::Quantified { quantifier: Quantifier::All, .. } => self.any_or_all(expr, Truth::True, Truth::and),
            _ => match self.value(expr) {
                Ok(Value::Bool(truth)) | Ok(Value::Const(&Const::Bool(truth))) => truth.into(),
                Ok(_) => Truth::Unknown,
                Err(Gap::Absent) => Truth::False,
                Err(Gap::Unknown(_)) => Truth::Unknown,
            },
        }
    }

    /// Why an expression is unknown: the first of its parts that is so by itself.
    pub(super) fn reason(&self, expr: &'r Expr) -> Reason {
        match &expr.kind {
            ExprKind::Binary { op: BinaryOp::And | BinaryOp::Or, left, right } => {
                let side = if self.truth(left) == Truth::Unknown { left } else { right };
                self.reason(side)
            }
            ExprKind::Not(inner) => self.reason(inner),
            _ => match self.value(expr) {
                Err(Gap::Unknown(reason)) => reason,
                _ => Reason::Missing,
            },
        }
    }

    fn any_or_all(&self, expr: &'r Expr, start: Truth, join: fn(Truth, Truth) -> Truth) -> Truth {
        let ExprKind::Quantified { variable, domain, body, .. } = &expr.kind else { return Truth::Unknown };
        match self.items(domain) {
            Ok(items) => {
                items.into_iter().fold(start, |truth, item| join(truth, self.with_local(*variable, item).truth(body)))
            }
            Err(Gap::Absent) => Truth::False,
            Err(Gap::Unknown(_)) => Truth::Unknown,
        }
    }

    fn items(&self, domain: &'r Expr) -> Result<Vec<Outcome<'r>>, Gap> {
        let item = match domain.ty.required() {
            Type::List(item) | Type::Set(item) => item,
            _ => &Type::Any,
        };
        let list = self.value(domain)?;
        Ok(value::items(&list, item)?.collect())
    }

    pub(super) fn value(&self, expr: &'r Expr) -> Outcome<'r> {
        match &expr.kind {
            ExprKind::Const(constant) => Ok(value::from_const(constant)),
            ExprKind::Local(local) => {
                self.locals.get(usize::from(local.0)).cloned().flatten().unwrap_or(Err(Gap::Unknown(Reason::Missing)))
            }
            ExprKind::Event { field: EventField::AgentId, .. } => self.of_run(|run| {
                run.record.agent_id.map(|agent| Value::Number(Decimal::from(agent))).ok_or(Gap::Unknown(Reason::Missing))
            }),
            ExprKind::Event { .. } | ExprKind::Detect(_) | ExprKind::DerivesFrom { .. } => {
                Err(Gap::Unknown(Reason::Missing))
            }
            ExprKind::Global(global) => self.global(*global),
            ExprKind::Field { base, name, .. } => {
                let declared = base.ty.required().field(name).map_or(&expr.ty, |field| &field.ty);
                value::field(&self.value(base)?, name, declared)
            }
            ExprKind::Index { base, index } => {
                let base = self.value(base)?;
                value::index(&base, &self.value(index)?, expr.ty.required())
            }
            ExprKind::Call { function, arguments } => self.call(function.0, arguments),
            ExprKind::Builtin { builtin, arguments } => {
                let types: Vec<Option<Type>> =
                    arguments.iter().map(|argument| argument.as_ref().map(|argument| argument.ty.clone())).collect();
                let mut values = Vec::with_capacity(arguments.len());
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
            ExprKind::Has(path) => {
                for (base, to) in path.any_bases() {
                    if self.value(base).is_ok_and(|value| !value::is_a(&value, &base.ty, &to)) {
                        return Ok(Value::Bool(false));
                    }
                }
                value::has(&self.value(path)).map(Value::Bool)
            }
            ExprKind::List(items) => self.list(items),
            ExprKind::Negate(inner) => value::negate(&self.value(inner)?),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr),
            ExprKind::Quantified { quantifier: Quantifier::Count, variable, domain, body } => {
                let mut count = 0u64;
                for item in self.items(domain)? {
                    match self.with_local(*variable, item).truth(body) {
                        Truth::True => count += 1,
                        Truth::False => {}
                        Truth::Unknown => return Err(Gap::Unknown(Reason::Missing)),
                    }
                }
                Ok(Value::Number(Decimal::from(count)))
            }
            ExprKind::Not(_) | ExprKind::Quantified { .. } => of_truth(self.truth(expr)),
            ExprKind::RunAggregate { function, value } => {
                aggregate::aggregate(*function, value.as_deref(), &self.window, self)
            }
            ExprKind::Baseline { aggregate, micros } => self.baseline(aggregate, *micros),
        }
    }

    /// The aggregate over the runs that started in the time before the window.
    fn baseline(&self, aggregate: &'r Expr, micros: i64) -> Outcome<'r> {
        let ExprKind::RunAggregate { function, value } = &aggregate.kind else { return Err(Gap::Unknown(Reason::Missing)) };
        let earliest = self.now.micros().saturating_sub(self.window_micros).saturating_sub(micros);
        let before: Vec<&Run<'r>> = self.before.iter().copied().filter(|run| run.record.start.micros() > earliest).collect();
        aggregate::aggregate(*function, value.as_deref(), &before, self)
    }

    fn list(&self, items: &'r [Expr]) -> Outcome<'r> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match self.value(item) {
                Ok(value) => values.push(value),
                Err(Gap::Absent) => {}
                Err(unknown) => return Err(unknown),
            }
        }
        Ok(Value::List(values.into()))
    }

    fn call(&self, function: u32, arguments: &'r [Expr]) -> Outcome<'r> {
        let Some(function) = self.package.functions.get(function as usize) else {
            return Err(Gap::Unknown(Reason::Missing));
        };
        let locals = arguments.iter().map(|argument| Some(self.value(argument))).collect();
        let inner = Self { locals, run: None, ..self.clone() };
        inner.value(&function.body)
    }

    fn binary(&self, op: BinaryOp, left: &'r Expr, right: &'r Expr, whole: &'r Expr) -> Outcome<'r> {
        match op {
            BinaryOp::And | BinaryOp::Or => of_truth(self.truth(whole)),
            BinaryOp::Else => match self.value(left) {
                Err(Gap::Absent) => self.value(right),
                there => there,
            },
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
                let (left, right) = both(self.value(left), self.value(right))?;
                value::arithmetic(op, &left, &right, whole.ty.required())
            }
            _ => {
                let compared =
                    both(self.value(left), self.value(right)).and_then(|values| self.compare(op, left, right, &values));
                match compared {
                    Ok(truth) => Ok(Value::Bool(truth)),
                    Err(Gap::Absent) => Ok(Value::Bool(false)),
                    Err(unknown) => Err(unknown),
                }
            }
        }
    }

    fn compare(
        &self,
        op: BinaryOp,
        left: &'r Expr,
        right: &'r Expr,
        (left_value, right_value): &(Value<'r>, Value<'r>),
    ) -> Result<bool, Gap> {
        let ty = if *left.ty.required() == Type::Any { right.ty.required() } else { left.ty.required() };
        let order = || value::order(ty, left_value, right_value);
        match op {
            BinaryOp::Equal => value::equal_as(ty, left_value, right_value),
            BinaryOp::NotEqual => value::equal_as(ty, left_value, right_value).map(|equal| !equal),
            BinaryOp::Less => order().map(std::cmp::Ordering::is_lt),
            BinaryOp::LessEqual => order().map(std::cmp::Ordering::is_le),
            BinaryOp::Greater => order().map(std::cmp::Ordering::is_gt),
            BinaryOp::GreaterEqual => order().map(std::cmp::Ordering::is_ge),
            BinaryOp::In => self.is_in(left_value, right, right_value),
            BinaryOp::NotIn => self.is_in(left_value, right, right_value).map(|is_in| !is_in),
            BinaryOp::Contains => value::contains(left_value, right_value, left.ty.required()),
            BinaryOp::StartsWith => value::starts_with(left_value, right_value),
            BinaryOp::EndsWith => value::ends_with(left_value, right_value),
            BinaryOp::Matches => self.matcher(right, right_value)?.matches(left_value),
            _ => Err(Gap::Unknown(Reason::WrongType)),
        }
    }

    fn is_in(&self, item: &Value<'r>, list: &'r Expr, list_value: &Value<'r>) -> Result<bool, Gap> {
        match (list.ty.required(), &list.kind) {
            (Type::List(ty) | Type::Set(ty), ExprKind::Const(Const::List(entries))) => {
                self.members(list, entries, ty)?.has(item)
            }
            (Type::List(ty) | Type::Set(ty), _) => value::in_list(item, list_value, ty),
            (other, _) => value::contains(list_value, item, other),
        }
    }

    fn matcher(&self, expr: &'r Expr, pattern: &Value<'r>) -> Result<Rc<Matcher>, Gap> {
        let compile = |constant: &Const| Matcher::new(constant).map(Rc::new).map_err(|_| Gap::Unknown(Reason::Malformed));
        let ExprKind::Const(constant) = &expr.kind else {
            // A function's parameter, say.
            return match pattern {
                Value::Const(constant) => compile(constant),
                Value::Cidr(network) => compile(&Const::Cidr(*network)),
                _ => Err(Gap::Unknown(Reason::WrongType)),
            };
        };
        if let Some(matcher) = self.patterns.matchers.borrow().get(&std::ptr::from_ref(expr)) {
            return Ok(Rc::clone(matcher));
        }
        let matcher = compile(constant)?;
        self.patterns.matchers.borrow_mut().insert(std::ptr::from_ref(expr), Rc::clone(&matcher));
        Ok(matcher)
    }

    fn members(&self, expr: &'r Expr, entries: &[Const], ty: &Type) -> Result<Rc<Members>, Gap> {
        if let Some(members) = self.patterns.members.borrow().get(&std::ptr::from_ref(expr)) {
            return Ok(Rc::clone(members));
        }
        let members = Members::new(entries, ty).map(Rc::new).map_err(|_| Gap::Unknown(Reason::Malformed))?;
        self.patterns.members.borrow_mut().insert(std::ptr::from_ref(expr), Rc::clone(&members));
        Ok(members)
    }

    fn of_run(&self, get: impl FnOnce(&'r Run<'r>) -> Outcome<'r>) -> Outcome<'r> {
        self.run.map_or(Err(Gap::Unknown(Reason::Missing)), get)
    }

    fn global(&self, global: Global) -> Outcome<'r> {
        let count = |count: fn(&RunRecord) -> u64| self.of_run(|run| Ok(Value::Number(Decimal::from(count(run.record)))));
        let text = |text: fn(&'r RunRecord) -> &'r str| self.of_run(|run| Ok(Value::Text(text(run.record).into())));
        match global {
            Global::Now => Ok(Value::Time(self.now)),
            Global::RunsCount => Ok(Value::Number(Decimal::from(self.window.len()))),
            Global::RunDuration => self.of_run(|run| Ok(Value::Duration(run.record.duration_micros))),
            Global::RunEvents => count(|record| record.events),
            Global::RunRequests => count(|record| record.requests),
            Global::RunResponses => count(|record| record.responses),
            Global::RunErrors => count(|record| record.errors),
            Global::RunRefused => count(|record| record.refused),
            Global::RunStatus => text(|record| &record.status),
            Global::RunId => text(|record| &record.run_id),
            Global::RunMeta => self.of_run(|run| {
                let meta = run.meta.as_ref().ok_or(Gap::Unknown(Reason::Missing))?;
                Ok(Value::OwnedJson(Rc::clone(meta), meta.root().id()))
            }),
            Global::FlowBytes | Global::FlowPath | Global::FlowSource | Global::CycleLength | Global::CycleCount => {
                Err(Gap::Unknown(Reason::Missing))
            }
        }
    }
}

/// Both values; an absent one decides, whatever the other is.
fn both<'r>(left: Outcome<'r>, right: Outcome<'r>) -> Result<(Value<'r>, Value<'r>), Gap> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(Gap::Absent), _) | (_, Err(Gap::Absent)) => Err(Gap::Absent),
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    }
}

fn of_truth<'r>(truth: Truth) -> Outcome<'r> {
    match truth {
        Truth::True => Ok(Value::Bool(true)),
        Truth::False => Ok(Value::Bool(false)),
        Truth::Unknown => Err(Gap::Unknown(Reason::Missing)),
    }
}
