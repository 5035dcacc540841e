//! What policies cost at most, known when they are compiled: steps for an event, texts read for it, and bytes of memory.
//!
//! Typed form → [`steps`], [`bytes`] → [`CostReport`], or what is [over budget](over_budget). A **step** is one expression that is
//! evaluated, one past event that is looked at, or one pair of events that `cycle` compares. Whoever evaluates a rule takes no
//! more of them for an event than is said here; that one expression of several rules is evaluated only once makes it fewer.
//!
//! The search for what was unknown, made once for each rule that could not be decided, is not in it: it takes at most as many steps
//! again for each level of the rule's expressions, and for four more. Laws hold the evaluation to both.

mod budget;
mod bytes;
mod mention;
mod report;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use budget::{LIKENESSES_MAX, over_budget};
pub use report::{BatchCost, CostReport, RuleCost};

use crate::syntax::ast::Span;
use crate::typed::{ClauseKind, Expr, Package, Rule};
use bytes::Memory;
use steps::{Cost, FunctionCost};

/// What all rules of these packages cost.
pub(crate) fn report(packages: &[Arc<Package>]) -> CostReport {
    let mut report = CostReport::default();
    let mut load = Load::default();
    for package in packages {
        let functions = steps::functions(&package.functions);
        for rule in &package.rules {
            let cost = RuleParts::of(rule, &functions).cost(rule);
            load.add(rule, cost.steps_per_event);
            report.bytes_per_run = report.bytes_per_run.saturating_add(cost.bytes_per_run);
            if rule_parts(rule).any(steps::has_flow) {
                report.flow_bytes_per_run = bytes::FLOW_TABLE;
            }
            report.rules.push(cost);
        }
        report.batch_rules.extend(package.batch_rules.iter().map(|rule| steps::batch_rule(rule, &functions)));
    }
    report.rules.sort_by(|one, other| one.rule.cmp(&other.rule));
    report.batch_rules.sort_by(|one, other| one.rule.cmp(&other.rule));
    report.steps_per_event = load.heaviest();
    report
}

/// What a rule costs, each part with its place.
struct RuleParts {
    steps: Vec<(Span, Cost)>,
    memories: Vec<Memory>,
}

impl RuleParts {
    fn of(rule: &Rule, functions: &[FunctionCost]) -> Self {
        Self { steps: steps::rule(rule, functions), memories: bytes::rule(rule) }
    }

    fn cost(&self, rule: &Rule) -> RuleCost {
        let mut cost = RuleCost { rule: rule.code.clone(), ..RuleCost::default() };
        for (_, part) in &self.steps {
            cost.steps_per_event = cost.steps_per_event.saturating_add(part.steps);
            cost.texts_per_event = cost.texts_per_event.saturating_add(part.texts());
        }
        for memory in &self.memories {
            memory.add_to(&mut cost);
        }
        cost
    }
}

/// All expressions of a rule.
pub(crate) fn rule_parts(rule: &Rule) -> impl Iterator<Item = &Expr> {
    rule.events()
        .map(|event| &event.condition)
        .chain(rule.clauses.iter().flat_map(|clause| match &clause.kind {
            ClauseKind::Condition(condition) => vec![condition],
            ClauseKind::Aggregate(aggregate) => {
                let keys = aggregate.by.iter().flat_map(|key| [&key.of_event, &key.of_trigger]);
                aggregate.value.iter().chain([&aggregate.bound]).chain(keys).collect()
            }
            ClauseKind::Cycle(cycle) => cycle.same.iter().chain([&cycle.bound]).collect(),
            _ => Vec::new(),
        }))
        .chain(steps::outcome(rule))
}

/// What one event may cost all rules together: those that look at every event of its kind, and those that look at its action.
#[derive(Default)]
struct Load {
    /// By kind of event: of all such events, and by action.
    kinds: BTreeMap<report::EventKind, (u64, BTreeMap<String, u64>)>,
}

impl Load {
    fn add(&mut self, rule: &Rule, steps: u64) {
        for (kind, actions) in report::looked_at(rule.events().map(|event| &event.pattern)) {
            let (all, by_action) = self.kinds.entry(kind).or_default();
            match actions {
                None => *all = all.saturating_add(steps),
                Some(actions) => actions.into_iter().for_each(|action| {
                    let sum = by_action.entry(action).or_default();
                    *sum = sum.saturating_add(steps);
                }),
            }
        }
    }

    fn heaviest(&self) -> u64 {
        let of_kind = |(all, by_action): &(u64, BTreeMap<String, u64>)| {
            all.saturating_add(by_action.values().copied().max().unwrap_or(0))
        };
        self.kinds.values().map(of_kind).max().unwrap_or(0)
    }
}
