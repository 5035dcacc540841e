//! A rule taken apart, so that each of its parts can be asked at an event.
//!
//! The parts become messages and clauses of rules of their own, which are lowered as any rule is: what is asked is the program, and
//! no second reading of the language.

use std::sync::Arc;

use super::paths::{Path, paths};
use crate::lower::{About, children_mut, conjuncts, mention};
use crate::program::{self, ExprId, MemoryKind, MessagePart, Program};
use crate::set::PolicySet;
use crate::source_text::whole;
use crate::syntax::ast::Span;
use crate::typed::{
    Clause, ClauseKind, Const, EffectSpec, EventMatch, Expr, ExprKind, Package, Pattern, Rule, Scope, Slot, Template,
    TemplatePart, Window,
};
use crate::types::Type;

/// A rule's parts.
pub(super) struct Lens {
    pub(super) set: PolicySet,
    /// The values of the event in each slot that stand anywhere in the rule, by slot.
    pub(super) values: Vec<SlotValues>,
    /// The parts of the trigger's condition.
    pub(super) trigger: Vec<Part>,
    /// By clause.
    pub(super) clauses: Vec<ClauseLens>,
}

/// The values of one event that are shown.
#[derive(Default)]
pub(super) struct SlotValues {
    paths: Vec<Path>,
    /// As they stand in the policy.
    pub(super) texts: Vec<String>,
    /// Whose message holds them, and after them what asks detectors.
    rule: usize,
}

/// Something to be asked: where it is in the program of the lens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// A value of a rule's message.
    Message { rule: usize, at: usize },
    /// What a step of a rule's only clause, a sequence, asks of other events.
    Step { rule: usize, step: usize },
    /// What a rule's only clause, an `expect`, asks of the trigger.
    Duty { rule: usize },
}

impl Place {
    pub(super) fn rule(self) -> usize {
        match self {
            Self::Message { rule, .. } | Self::Step { rule, .. } | Self::Duty { rule } => rule,
        }
    }
}

/// A part of a condition.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) place: Place,
    /// It speaks of its own event alone.
    pub(super) is_own: bool,
    /// Which values stand in it: slots, and places there.
    pub(super) values: Vec<(Slot, usize)>,
}

/// What can be asked of a clause.
pub(super) enum ClauseLens {
    Condition(Vec<Part>),
    Past(PastLens),
    /// The values that stand in it.
    Measured(Vec<(Slot, usize)>),
    Expect(Step, Window),
}

/// `after`, `without` and `seq`.
pub(super) struct PastLens {
    pub(super) steps: Vec<Step>,
    pub(super) window: Window,
    pub(super) scope: Scope,
    /// The clause's value when it has found what it asks for.
    pub(super) value_if_found: bool,
    pub(super) sees_refused: bool,
}

/// An event that a clause asks for.
pub(super) struct Step {
    pub(super) slot: Slot,
    pub(super) name: Option<String>,
    /// What kind of event it is, as it stands in the policy.
    pub(super) kind: String,
    pub(super) pattern: Pattern,
    pub(super) parts: Vec<Part>,
}

impl Lens {
    pub(super) fn new(package: &Package, rule: &Rule) -> Self {
        let mut maker = Maker { package, rule, rules: Vec::new(), values: Vec::new() };
        maker.values.resize_with(rule.slots.len().max(1), SlotValues::default);
        let trigger = maker.own_parts(&rule.trigger.condition, Slot::TRIGGER);
        let clauses: Vec<ClauseLens> = rule.clauses.iter().map(|clause| maker.clause(clause)).collect();
        let Maker { mut rules, mut values, .. } = maker;
        for (slot, values) in values.iter_mut().enumerate() {
            let slot = Slot(u16::try_from(slot).unwrap_or(u16::MAX));
            let asked = values.paths.iter().map(|path| path.expr.clone());
            let detects = values.paths.iter().filter_map(Path::detect).cloned();
            let message: Vec<Expr> = asked.chain(detects).map(|expr| at_trigger(expr, slot)).collect();
            values.rule = rules.len();
            rules.push(made(rule, rules.len(), slot, Vec::new(), message));
        }
        let package = Package { rules, batch_rules: Vec::new(), tests: Vec::new(), ..package.clone() };
        Self { set: PolicySet::of(vec![Arc::new(package)]), values, trigger, clauses }
    }

    pub(super) fn rule(&self, place: Place) -> &program::Rule {
        // Rules are sorted by their codes, which are their numbers.
        &self.program().rules[place.rule()]
    }

    pub(super) fn program(&self) -> &Program {
        self.set.program()
    }

    /// What is to be evaluated; nothing where writing out a function has left nothing of it.
    pub(super) fn expr(&self, place: Place) -> Option<ExprId> {
        let rule = self.rule(place);
        match place {
            Place::Message { at, .. } => message_values(rule).nth(at),
            Place::Step { step, .. } => match &rule.clauses.first()?.kind {
                program::ClauseKind::Search(search) => Some(search.steps.get(step)?.cross.as_ref()?.condition),
                _ => None,
            },
            Place::Duty { .. } => match &rule.clauses.first()?.kind {
                program::ClauseKind::Expect(duty) => Some(duty.cross.as_ref()?.condition),
                _ => None,
            },
        }
    }

    /// The values of an event: the path, what to evaluate, and what of it asks detectors.
    pub(super) fn shown(&self, slot: Slot) -> impl Iterator<Item = (&Path, ExprId, Option<ExprId>)> {
        let values = &self.values[usize::from(slot.0)];
        let rule = &self.program().rules[values.rule];
        let mut detects = message_values(rule).skip(values.paths.len());
        values
            .paths
            .iter()
            .zip(message_values(rule))
            .map(move |(path, value)| (path, value, path.detect().and_then(|_| detects.next())))
    }

    /// What a rule of the lens keeps of the event in a slot: the rule's number, and the values.
    pub(super) fn kept(&self, slot: Slot) -> Vec<(usize, &[ExprId])> {
        let program = self.program();
        let of_rule = |(at, rule): (usize, &'_ program::Rule)| -> Option<(usize, &[ExprId])> {
            let values = match &rule.clauses.first()?.kind {
                program::ClauseKind::Chain(chain) => {
                    let step = chain.slots.iter().position(|known| *known == slot.0)?;
                    match &program.memory(chain.memory).kind {
                        MemoryKind::Chain { values } => values.get(step)?,
                        _ => return None,
                    }
                }
                program::ClauseKind::Search(search) => {
                    let step = search.steps.iter().find(|step| step.slot == slot.0)?;
                    match &program.memory(step.memory).kind {
                        MemoryKind::Records { values, .. } => values,
                        _ => return None,
                    }
                }
                program::ClauseKind::Expect(duty) if slot == Slot::TRIGGER => match &program.memory(duty.memory).kind {
                    MemoryKind::Duties { values, .. } => values,
                    _ => return None,
                },
                _ => return None,
            };
            Some((at, values))
        };
        program.rules.iter().enumerate().filter_map(of_rule).collect()
    }
}

fn message_values(rule: &program::Rule) -> impl Iterator<Item = ExprId> + '_ {
    rule.message.iter().filter_map(|part| match part {
        MessagePart::Value(value) => Some(*value),
        MessagePart::Text(_) => None,
    })
}

struct Maker<'r> {
    package: &'r Package,
    rule: &'r Rule,
    rules: Vec<Rule>,
    values: Vec<SlotValues>,
}

impl Maker<'_> {
    fn clause(&mut self, clause: &Clause) -> ClauseLens {
        match &clause.kind {
            ClauseKind::Condition(condition) => ClauseLens::Condition(self.own_parts(condition, Slot::TRIGGER)),
            ClauseKind::After { event, window, scope } | ClauseKind::Without { event, window, scope } => {
                let is_without = matches!(clause.kind, ClauseKind::Without { .. });
                self.past(std::slice::from_ref(event), *window, *scope, clause.negated, is_without)
            }
            ClauseKind::Seq { steps, window, scope } => self.past(steps, *window, *scope, clause.negated, false),
            ClauseKind::Aggregate(aggregate) => {
                let exprs = [&aggregate.event.condition, &aggregate.bound];
                let exprs = exprs.into_iter().chain(aggregate.by.iter().map(|key| &key.of_trigger));
                let values = exprs.flat_map(|expr| self.values_of(expr)).filter(|(slot, _)| *slot == Slot::TRIGGER);
                ClauseLens::Measured(once(values))
            }
            ClauseKind::Cycle(cycle) => {
                let values = cycle.same.iter().chain([&cycle.bound]).flat_map(|expr| self.values_of(expr));
                ClauseLens::Measured(once(values))
            }
            ClauseKind::Expect { event, window } => {
                let parts = self.expected_parts(event);
                ClauseLens::Expect(self.step(event, parts), *window)
            }
        }
    }

    fn past(&mut self, events: &[EventMatch], window: Window, scope: Scope, negated: bool, is_without: bool) -> ClauseLens {
        let steps = self.past_steps(events);
        let (value_if_found, sees_refused) = (is_without == negated, !is_without && !negated);
        ClauseLens::Past(PastLens { steps, window, scope, value_if_found, sees_refused })
    }

    fn step(&self, event: &EventMatch, parts: Vec<Part>) -> Step {
        let name = self.rule.slots.get(usize::from(event.slot.0)).filter(|name| *name != "_").cloned();
        let kind = match parts.is_empty() {
            true => event.span,
            false => Span { end: event.condition.span.start, ..event.span },
        };
        let kind = whole(&self.package.source, kind);
        let kind = kind.strip_suffix(" where").unwrap_or(&kind).to_owned();
        Step { slot: event.slot, name, kind, pattern: event.pattern.clone(), parts }
    }

    /// The values that stand in an expression.
    fn values_of(&mut self, expr: &Expr) -> Vec<(Slot, usize)> {
        let of_path = |path: Path| {
            let text = whole(&self.package.source, path.span());
            let values = self.values.get_mut(usize::from(path.slot.0))?;
            let at = values.texts.iter().position(|known| *known == text).unwrap_or_else(|| {
                values.texts.push(text);
                values.paths.push(path.clone());
                values.texts.len() - 1
            });
            Some((path.slot, at))
        };
        once(paths(expr).into_iter().filter_map(of_path))
    }

    fn part(&mut self, expr: &Expr, place: Place, is_own: bool) -> Part {
        Part { text: whole(&self.package.source, expr.span), place, is_own, values: self.values_of(expr) }
    }

    /// The parts of a condition about one event.
    fn own_parts(&mut self, condition: &Expr, slot: Slot) -> Vec<Part> {
        let parts = parts_of(condition);
        let message = parts.iter().map(|part| at_trigger((*part).clone(), slot)).collect();
        let rule = self.make(slot, Vec::new(), message);
        let part = |(at, part): (usize, &&Expr)| self.part(part, Place::Message { rule, at }, true);
        parts.iter().enumerate().map(part).collect()
    }

    /// The steps of a past clause. Parts that speak of their own event alone are asked when it comes; the others of what is kept, at
    /// the trigger.
    fn past_steps(&mut self, events: &[EventMatch]) -> Vec<Step> {
        let bare: Vec<EventMatch> = events.iter().map(|event| EventMatch { condition: truth(), ..event.clone() }).collect();
        let sequence =
            |steps: Vec<EventMatch>| vec![clause(ClauseKind::Seq { steps, window: Window::Run, scope: Scope::Run })];
        let crossed = |event: &EventMatch| -> Vec<Expr> {
            parts_of(&event.condition).into_iter().filter(|part| !is_own(part, event.slot)).cloned().collect()
        };
        let asked: Vec<Expr> = events.iter().flat_map(crossed).filter(|part| !has_flow(part)).collect();
        let rule = self.make(Slot::TRIGGER, sequence(bare.clone()), asked);
        let mut next = 0..;
        let mut steps = Vec::new();
        for (step, event) in events.iter().enumerate() {
            let mut parts = Vec::new();
            for part in parts_of(&event.condition) {
                let (place, is_own) = if is_own(part, event.slot) {
                    let rule = self.make(event.slot, Vec::new(), vec![at_trigger(part.clone(), event.slot)]);
                    (Place::Message { rule, at: 0 }, true)
                } else if has_flow(part) {
                    // Only a condition makes the run's texts remembered.
                    let mut steps = bare.clone();
                    steps[step].condition = undivided(part);
                    (Place::Step { rule: self.make(Slot::TRIGGER, sequence(steps), Vec::new()), step }, false)
                } else {
                    (Place::Message { rule, at: next.next().unwrap_or_default() }, false)
                };
                parts.push(self.part(part, place, is_own));
            }
            steps.push(self.step(event, parts));
        }
        steps
    }

    /// The parts of what an `expect` waits for. Those that speak of the trigger too are asked when the event comes, of what is kept of
    /// the trigger.
    fn expected_parts(&mut self, event: &EventMatch) -> Vec<Part> {
        let mut parts = Vec::new();
        for part in parts_of(&event.condition) {
            let is_own = is_own(part, event.slot);
            let place = if is_own {
                let rule = self.make(event.slot, Vec::new(), vec![at_trigger(part.clone(), event.slot)]);
                Place::Message { rule, at: 0 }
            } else {
                let event = EventMatch { condition: undivided(part), ..event.clone() };
                let expect = clause(ClauseKind::Expect { event, window: Window::Run });
                Place::Duty { rule: self.make(Slot::TRIGGER, vec![expect], Vec::new()) }
            };
            parts.push(self.part(part, place, is_own));
        }
        parts
    }

    fn make(&mut self, current: Slot, clauses: Vec<Clause>, message: Vec<Expr>) -> usize {
        let at = self.rules.len();
        self.rules.push(made(self.rule, at, current, clauses, message));
        at
    }
}

/// A rule of the lens: of any event, which is called what the event in a slot of the explained rule is.
fn made(rule: &Rule, at: usize, current: Slot, clauses: Vec<Clause>, message: Vec<Expr>) -> Rule {
    let mut slots = rule.slots.clone();
    if let Some(name) = slots.get(usize::from(current.0)).cloned() {
        slots[0] = name;
    }
    let trigger =
        EventMatch { slot: Slot::TRIGGER, pattern: Pattern::AnyEvent, condition: truth(), span: rule.trigger.span };
    let message = Template { parts: message.into_iter().map(TemplatePart::Value).collect() };
    Rule { code: format!("{at:08}"), slots, trigger, clauses, message, effects: vec![EffectSpec::Flag], ..rule.clone() }
}

fn clause(kind: ClauseKind) -> Clause {
    Clause { negated: false, kind, span: Span::default() }
}

fn truth() -> Expr {
    Expr { kind: ExprKind::Const(Const::Bool(true)), ty: Type::Bool, span: Span::default() }
}

/// The parts of a condition; none when it is not written.
fn parts_of(condition: &Expr) -> Vec<&Expr> {
    match &condition.kind {
        ExprKind::Const(Const::Bool(true)) => Vec::new(),
        _ => conjuncts(condition),
    }
}

/// The same condition, which is not split into parts when it is lowered.
fn undivided(part: &Expr) -> Expr {
    let not = |expr: Expr| Expr { ty: Type::Bool, span: expr.span, kind: ExprKind::Not(Box::new(expr)) };
    not(not(part.clone()))
}

fn is_own(part: &Expr, slot: Slot) -> bool {
    match mention(part).about {
        About::Nothing => true,
        About::One(about) => about == slot,
        About::Several => false,
    }
}

fn has_flow(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::DerivesFrom { .. }) || expr.children().into_iter().any(has_flow)
}

/// An expression about the event in a slot, as one about the trigger.
fn at_trigger(mut expr: Expr, slot: Slot) -> Expr {
    if let ExprKind::Event { slot: of, .. } = &mut expr.kind
        && *of == slot
    {
        *of = Slot::TRIGGER;
    }
    let children: Vec<&mut Expr> = children_mut(&mut expr);
    for child in children {
        *child = at_trigger(child.clone(), slot);
    }
    expr
}

/// Each once, in order.
fn once<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}
