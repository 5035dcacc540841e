//! Steps, by expression, clause and rule.

use super::mention::{Kept, split};
use super::report::BatchCost;
use crate::builtins::{self, BUILTINS};
use crate::eval::SEARCH_MAX;
use crate::program::{CYCLE_EVENTS_MAX, DUTIES_MAX, FLOW_RECORDS_MAX, RECORDS_MAX, WITNESSES_MAX};
use crate::syntax::ast::{BinaryOp, Span};
use crate::typed::{
    Aggregate, BatchRule, Clause, ClauseKind, Const, EffectSpec, EventMatch, Expr, ExprKind, Function, Rule, Slot,
    TemplatePart, Window,
};

/// How many items of a list a quantifier looks at.
const ITEMS_MAX: u64 = 1_024;

/// What something costs at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) steps: u64,
    /// How often a text of the event is read from its start to its end.
    whole_texts: u64,
    /// The same of texts of a quantifier's variable: its items together are one text.
    item_texts: u64,
}

impl Cost {
    pub(super) fn texts(self) -> u64 {
        self.whole_texts.saturating_add(self.item_texts)
    }

    fn steps(steps: u64) -> Self {
        Self { steps, ..Self::default() }
    }

    fn and(self, other: Self) -> Self {
        Self {
            steps: self.steps.saturating_add(other.steps),
            whole_texts: self.whole_texts.saturating_add(other.whole_texts),
            item_texts: self.item_texts.saturating_add(other.item_texts),
        }
    }

    fn times(self, times: u64) -> Self {
        Self {
            steps: self.steps.saturating_mul(times),
            whole_texts: self.whole_texts.saturating_mul(times),
            item_texts: self.item_texts.saturating_mul(times),
        }
    }

    /// For each item of a list.
    fn for_each_item(self, items: u64) -> Self {
        Self {
            steps: self.steps.saturating_mul(items),
            whole_texts: self.whole_texts.saturating_mul(items).saturating_add(self.item_texts),
            item_texts: 0,
        }
    }
}

/// What a call of a function costs.
#[derive(Debug, Default)]
pub(super) struct FunctionCost {
    cost: Cost,
    /// How often each parameter is evaluated, when the function is written out where it is called.
    uses: Vec<u64>,
}

/// The cost of each function, each worked out once: a function calls only those before it.
pub(super) fn functions(functions: &[Function]) -> Vec<FunctionCost> {
    let mut costs: Vec<FunctionCost> = Vec::with_capacity(functions.len());
    for function in functions {
        let mut uses = vec![0; function.params.len()];
        count_uses(&function.body, 1, &costs, &mut uses);
        let cost = expr(&function.body, &costs);
        costs.push(FunctionCost { cost, uses });
    }
    costs
}

fn count_uses(expr: &Expr, times: u64, functions: &[FunctionCost], uses: &mut [u64]) {
    match &expr.kind {
        ExprKind::Local(local) => {
            if let Some(uses) = uses.get_mut(usize::from(local.0)) {
                *uses = uses.saturating_add(times);
            }
        }
        ExprKind::Quantified { domain, body, .. } => {
            count_uses(domain, times, functions, uses);
            count_uses(body, times.saturating_mul(items_of(domain)), functions, uses);
        }
        ExprKind::Call { function, arguments } => {
            for (at, argument) in arguments.iter().enumerate() {
                count_uses(argument, times.saturating_mul(uses_of(functions, function.0, at)), functions, uses);
            }
        }
        _ => expr.children().into_iter().for_each(|child| count_uses(child, times, functions, uses)),
    }
}

/// How often an argument is evaluated: once, or wherever its parameter stands.
fn uses_of(functions: &[FunctionCost], function: u32, argument: usize) -> u64 {
    functions.get(function as usize).and_then(|function| function.uses.get(argument)).copied().unwrap_or(1).max(1)
}

/// How many items a quantifier looks at.
pub(super) fn items_of(domain: &Expr) -> u64 {
    match &domain.kind {
        ExprKind::Const(Const::List(items)) => (items.len() as u64).min(ITEMS_MAX),
        ExprKind::List(items) => (items.len() as u64).min(ITEMS_MAX),
        _ => ITEMS_MAX,
    }
}

/// What an expression costs.
pub(super) fn expr(expr: &Expr, functions: &[FunctionCost]) -> Cost {
    let sum = |parts: &[&Expr]| parts.iter().fold(Cost::default(), |sum, part| sum.and(self::expr(part, functions)));
    let own = Cost::steps(1);
    match &expr.kind {
        ExprKind::Quantified { domain, body, .. } => {
            let body = own.and(self::expr(body, functions)).for_each_item(items_of(domain));
            own.and(self::expr(domain, functions)).and(body)
        }
        ExprKind::Call { function, arguments } => {
            let body = functions.get(function.0 as usize).map(|function| function.cost).unwrap_or_default();
            arguments.iter().enumerate().fold(own.and(body), |sum, (at, argument)| {
                sum.and(self::expr(argument, functions).times(uses_of(functions, function.0, at)))
            })
        }
        ExprKind::Builtin { builtin, .. } => {
            let (steps, texts) = match BUILTINS.get(*builtin).map(|builtin| builtin.cost) {
                Some(builtins::Cost::Steps(steps)) => (u64::from(steps), 0),
                Some(builtins::Cost::PerText(texts)) => (1, u64::from(texts)),
                None => (1, 0),
            };
            let children = expr.children();
            read(texts, &children).and(Cost::steps(steps)).and(sum(&children))
        }
        // Each part of type `any` is asked whether it can have members.
        ExprKind::Has(path) => {
            let bases = path.any_bases().len() as u64;
            own.and(self::expr(path, functions).times(bases + 1)).and(Cost::steps(2 * bases))
        }
        ExprKind::Binary {
            op: BinaryOp::Matches | BinaryOp::Contains | BinaryOp::EndsWith | BinaryOp::StartsWith, ..
        }
        | ExprKind::DerivesFrom { .. }
        | ExprKind::Cast(_)
        | ExprKind::Is { .. } => {
            let children = expr.children();
            own.and(read(1, &children[..1])).and(sum(&children))
        }
        _ => own.and(sum(&expr.children())),
    }
}

/// Reading these so often.
fn read(times: u64, texts: &[&Expr]) -> Cost {
    if times == 0 || texts.iter().all(|text| matches!(text.kind, ExprKind::Const(_))) {
        return Cost::default();
    }
    let of_item = texts.iter().any(|text| is_below_local(text));
    if of_item { Cost { item_texts: times, ..Cost::default() } } else { Cost { whole_texts: times, ..Cost::default() } }
}

fn is_below_local(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(_) => true,
        ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => is_below_local(base),
        ExprKind::Cast(value) => is_below_local(value),
        _ => false,
    }
}

/// Whether it asks where a text comes from.
pub(super) fn has_flow(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::DerivesFrom { .. }) || expr.children().into_iter().any(has_flow)
}

/// What a rule costs for an event that may be all it looks for at once: its trigger and the past event of each clause.
pub(super) fn rule(rule: &Rule, functions: &[FunctionCost]) -> Vec<(Span, Cost)> {
    // The trigger's condition is asked when it is judged, when it is remembered, and in part to find the rules that may fire. A
    // duty begins where its rule is judged once more, when the event was accepted.
    let times = if rule.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::Expect { .. })) { 2 } else { 1 };
    let trigger = Cost::steps(1).and(expr(&rule.trigger.condition, functions).times(2 + times));
    let mut parts = vec![(rule.trigger.span, trigger)];
    let kept = kept(rule);
    parts.extend(rule.clauses.iter().map(|part| (part.span, clause(part, &kept, functions).times(times))));
    let outcome = outcome(rule).fold(Cost::steps(1), |sum, part| sum.and(expr(part, functions)));
    parts.push((rule.span, outcome));
    parts
}

/// What is evaluated when a rule fires.
pub(super) fn outcome(rule: &Rule) -> impl Iterator<Item = &Expr> {
    let effects = rule.effects.iter().filter_map(|effect| match effect {
        EffectSpec::Redact(path) | EffectSpec::RedactDetected(path) => Some(path),
        EffectSpec::Flag | EffectSpec::Throttle { .. } | EffectSpec::RequireApproval { .. } | EffectSpec::Deny => None,
    });
    let message = rule.message.parts.iter().filter_map(|part| match part {
        TemplatePart::Text(_) => None,
        TemplatePart::Value(value) => Some(value),
    });
    effects.chain(message)
}

fn clause(clause: &Clause, kept: &Kept<'_>, functions: &[FunctionCost]) -> Cost {
    let own = Cost::steps(1);
    match &clause.kind {
        ClauseKind::Condition(condition) => own.and(expr(condition, functions)),
        ClauseKind::After { event, .. } | ClauseKind::Without { event, .. } => {
            own.and(past(event, kept, functions)).and(looked_at(event, functions).times(1 + records_looked_at(event)))
        }
        ClauseKind::Seq { steps, .. } => own.and(sequence(steps, kept, functions)),
        ClauseKind::Expect { event, .. } => {
            let duties = looked_at(event, functions).times(1 + u64::from(DUTIES_MAX));
            let trigger = kept.of(Slot::TRIGGER).fold(Cost::default(), |sum, value| sum.and(expr(value, functions)));
            own.and(past(event, kept, functions)).and(duties).and(trigger)
        }
        ClauseKind::Aggregate(aggregate) => own.and(self::aggregate(aggregate, kept, functions)),
        ClauseKind::Cycle(cycle) => {
            let same = cycle.same.iter().fold(Cost::default(), |sum, same| sum.and(expr(same, functions))).times(2);
            let events = cycle_events(cycle.window);
            own.and(same).and(expr(&cycle.bound, functions)).and(Cost::steps(events * (events + 1) / 2))
        }
    }
}

/// What a past event costs when it arrives: the part of its condition that is about it alone, which may be asked twice (to find
/// what looks at it, and to decide), what it is joined by, and what is kept of it.
fn past(event: &EventMatch, kept: &Kept<'_>, functions: &[FunctionCost]) -> Cost {
    let (local, crosses) = split(&event.condition, event.slot);
    let asked = local.into_iter().fold(Cost::default(), |sum, part| sum.and(expr(part, functions))).times(2);
    crosses
        .into_iter()
        .chain(kept.of(event.slot))
        .fold(Cost::steps(2).and(asked), |sum, part| sum.and(expr(part, functions)))
}

/// What is asked at the trigger of each event that is remembered.
fn looked_at(event: &EventMatch, functions: &[FunctionCost]) -> Cost {
    let (_, crosses) = split(&event.condition, event.slot);
    crosses.into_iter().fold(Cost::steps(1), |sum, part| sum.and(expr(part, functions)))
}

/// How many events a clause looks at: those that match and those that may match.
fn records_looked_at(event: &EventMatch) -> u64 {
    2 * records_kept(event)
}

/// How many events a clause remembers.
pub(super) fn records_kept(event: &EventMatch) -> u64 {
    let (_, crosses) = split(&event.condition, event.slot);
    u64::from(match crosses.is_empty() {
        true => WITNESSES_MAX as u32,
        false if crosses.iter().all(|part| !has_flow(part)) => RECORDS_MAX,
        false => FLOW_RECORDS_MAX,
    })
}

/// Where no condition speaks of another event, a chain is kept. Else the steps are searched for, the last one first, each among the
/// events before the one that was chosen; a search ends after so many events.
fn sequence(steps: &[EventMatch], kept: &Kept<'_>, functions: &[FunctionCost]) -> Cost {
    let arriving = steps.iter().fold(Cost::default(), |sum, step| sum.and(past(step, kept, functions)));
    let is_chain = steps.iter().all(|step| split(&step.condition, step.slot).1.is_empty());
    if is_chain {
        let length = steps.len() as u64;
        return arriving.and(Cost::steps(length * length));
    }
    let records = |step: &EventMatch| 2 * records_kept(step).max(u64::from(RECORDS_MAX));
    let (mut visits, mut open) = (0u64, 1u64);
    for step in steps {
        open = open.saturating_mul(records(step));
        visits = visits.saturating_add(open);
    }
    let asked = steps.iter().fold(Cost::steps(1), |sum, step| sum.and(looked_at(step, functions)));
    arriving.and(asked.times(visits.min(u64::from(SEARCH_MAX)).saturating_add(1)))
}

fn aggregate(aggregate: &Aggregate, kept: &Kept<'_>, functions: &[FunctionCost]) -> Cost {
    let keys = aggregate.by.iter().flat_map(|key| [&key.of_event, &key.of_trigger]);
    let asked = keys.chain(&aggregate.value).chain([&aggregate.bound, &aggregate.event.condition]);
    // When the event arrives, when the trigger does, for what the trigger itself adds, and for what is said of full memories.
    let asked = asked.fold(Cost::steps(1), |sum, part| sum.and(expr(part, functions))).times(4);
    let (_, crosses) = split(&aggregate.event.condition, aggregate.event.slot);
    let looked_at = if crosses.is_empty() {
        Cost::steps(1)
    } else {
        // Events that match or may match, of the key and of no known key.
        looked_at(&aggregate.event, functions).times(4u64.saturating_mul(aggregate.events_max).saturating_add(1))
    };
    past(&aggregate.event, kept, functions).and(asked).and(looked_at)
}

/// How many timestamps, values or amounts an aggregate keeps for a key.
pub(super) fn amounts_kept(aggregate: &Aggregate) -> u64 {
    use crate::typed::AggregateFunction::{Count, Distinct, Max, Sum};
    use rust_decimal::prelude::ToPrimitive;
    const AMOUNTS_MAX: u64 = 1 << 20;
    let (_, crosses) = split(&aggregate.event.condition, aggregate.event.slot);
    let constant = match &aggregate.bound.kind {
        ExprKind::Const(bound) => crate::program::constant_amount(bound).and_then(|bound| bound.floor().to_u64()),
        _ => None,
    };
    let needed = match aggregate.function {
        Count | Distinct if crosses.is_empty() => constant.map(|bound| bound.saturating_add(1)),
        Count | Distinct | Sum | Max => None,
    };
    needed.unwrap_or(aggregate.events_max).clamp(1, AMOUNTS_MAX)
}

/// How many events back `cycle` looks.
pub(super) fn cycle_events(window: Window) -> u64 {
    match window {
        Window::Events(events) => events.clamp(1, u64::from(CYCLE_EVENTS_MAX)),
        Window::Micros(_) | Window::Run => u64::from(CYCLE_EVENTS_MAX),
    }
}

/// What is kept of each event of a rule: for conditions that are decided at the trigger, and for the message.
pub(super) fn kept(rule: &Rule) -> Kept<'_> {
    let mut kept = Kept::default();
    for event in rule.events().skip(1) {
        let (_, crosses) = split(&event.condition, event.slot);
        crosses.into_iter().for_each(|part| kept.add(part, Some(Slot::TRIGGER)));
    }
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::Condition(condition) => kept.add(condition, Some(Slot::TRIGGER)),
            ClauseKind::Aggregate(aggregate) => kept.add(&aggregate.bound, Some(Slot::TRIGGER)),
            // A duty is decided when its event arrives; then the trigger is what is kept.
            ClauseKind::Expect { event, .. } => {
                let (_, crosses) = split(&event.condition, event.slot);
                crosses.into_iter().for_each(|part| kept.add(part, Some(event.slot)));
                outcome(rule).for_each(|part| kept.add(part, None));
            }
            _ => {}
        }
    }
    outcome(rule).for_each(|part| kept.add(part, Some(Slot::TRIGGER)));
    kept
}

/// What a batch rule costs for each run that it looks at.
pub(super) fn batch_rule(rule: &BatchRule, functions: &[FunctionCost]) -> BatchCost {
    let message = rule.message.parts.iter().filter_map(|part| match part {
        TemplatePart::Text(_) => None,
        TemplatePart::Value(value) => Some(value),
    });
    let parts = [&rule.condition, &rule.test].into_iter().chain(&rule.by).chain(message);
    let cost = parts.fold(Cost::steps(1), |sum, part| sum.and(expr(part, functions)));
    BatchCost { rule: rule.code.clone(), steps_per_run: cost.steps }
}
