//! Bytes of memory: upper bounds, the allocator's own needs aside. They hold for a state that is written out as JSON too.

use super::mention::{Kept, split};
use super::report::RuleCost;
use super::steps::{amounts_kept, cycle_events, kept, records_kept};
use crate::program::{DUTIES_MAX, POSSIBLE_MAX, RECORDS_MAX, WITNESSES_MAX};
use crate::syntax::ast::Span;
use crate::typed::{Aggregate, AggregateFunction, Clause, ClauseKind, EventMatch, Expr, ExprKind, Rule, Scope, Slot};
use crate::types::Type;

/// An event that is remembered, without its values: its number, its two times, what it is joined by.
const RECORD: u64 = 64;

/// A value that is remembered, without its text.
const VALUE: u64 = 48;

/// An event that `cycle` looks back at: its number, its two times and a hash, which take more room as text than in memory.
const CYCLE_EVENT: u64 = 144;

/// The longest text that is remembered; of a longer one only its hash is.
const TEXT: u64 = 1_024;

/// A key's cell, without what it holds: the key, the window, counts.
const CELL: u64 = 128;

/// Requests that wait for their response, and are remembered for it.
const OPEN_REQUESTS_MAX: u64 = 1_024;

/// The fingerprints, tokens and pointers of [`crate::flow`], when its table is full.
pub(super) const FLOW_TABLE: u64 = 9 << 20;

/// What a clause remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    pub(super) span: Span,
    scope: Scope,
    /// Without keys.
    bytes: u64,
    pub(super) bytes_per_key: u64,
    keys_max: u64,
}

impl Memory {
    pub(super) fn add_to(&self, cost: &mut RuleCost) {
        let bytes = match self.scope {
            Scope::Run => &mut cost.bytes_per_run,
            Scope::Agent => &mut cost.bytes_per_agent,
            Scope::Organisation => &mut cost.bytes_per_organisation,
        };
        *bytes = bytes.saturating_add(self.bytes);
        if self.bytes_per_key > 0 {
            cost.bytes_per_key = cost.bytes_per_key.max(self.bytes_per_key);
            cost.keys_max = cost.keys_max.max(self.keys_max);
            cost.bytes_of_keys = cost.bytes_of_keys.saturating_add(self.bytes_per_key.saturating_mul(self.keys_max));
        }
    }

    /// Of a run, without keys.
    pub(super) fn bytes_per_run(&self) -> u64 {
        if self.scope == Scope::Run { self.bytes } else { 0 }
    }
}

/// What a rule remembers, clause by clause.
pub(super) fn rule(rule: &Rule) -> Vec<Memory> {
    let mut memories: Vec<Memory> = {
        let kept = kept(rule);
        rule.clauses.iter().filter_map(|part| clause(part, &kept)).collect()
    };
    let mut of_requests: Vec<&Expr> = Vec::new();
    super::rule_parts(rule).for_each(|part| add_request_values(part, &mut of_requests));
    if !of_requests.is_empty() {
        let bytes = OPEN_REQUESTS_MAX * (RECORD + of_requests.iter().map(|value| value_bytes(&value.ty)).sum::<u64>());
        memories.push(Memory { span: rule.trigger.span, scope: Scope::Run, bytes, bytes_per_key: 0, keys_max: 0 });
    }
    memories
}

/// The values of requests that are asked for when their responses come.
fn add_request_values<'e>(expr: &'e Expr, values: &mut Vec<&'e Expr>) {
    if is_of_request(expr) {
        if !values.contains(&expr) {
            values.push(expr);
        }
        return;
    }
    expr.children().into_iter().for_each(|child| add_request_values(child, values));
}

fn is_of_request(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Event { of_request, .. } => *of_request,
        ExprKind::Field { base, .. } => is_of_request(base),
        _ => false,
    }
}

fn clause(clause: &Clause, kept: &Kept<'_>) -> Option<Memory> {
    let memory = |scope: Scope, bytes: u64| Some(Memory { span: clause.span, scope, bytes, bytes_per_key: 0, keys_max: 0 });
    match &clause.kind {
        ClauseKind::Condition(_) => None,
        // Events that match, and events of which that is unknown.
        ClauseKind::After { event, scope, .. } | ClauseKind::Without { event, scope, .. } => {
            memory(*scope, 2 * records(event, kept))
        }
        ClauseKind::Seq { steps, scope, .. } => {
            let is_chain = steps.iter().all(|step| split(&step.condition, step.slot).1.is_empty());
            let bytes = if is_chain {
                // A beginning of each length, with all its events.
                let longest: u64 = steps.iter().map(|step| record(step.slot, kept)).sum();
                2 * longest * steps.len() as u64
            } else {
                steps.iter().map(|step| 2 * records(step, kept).max(u64::from(RECORDS_MAX) * record(step.slot, kept))).sum()
            };
            memory(*scope, bytes)
        }
        ClauseKind::Expect { .. } => {
            let duty = record(Slot::TRIGGER, kept) + VALUE + 8 * WITNESSES_MAX as u64;
            memory(Scope::Run, u64::from(DUTIES_MAX) * duty)
        }
        ClauseKind::Aggregate(aggregate) => {
            let cell = cell(aggregate, kept);
            Some(if aggregate.by.is_empty() {
                Memory { span: clause.span, scope: aggregate.scope, bytes: cell, bytes_per_key: 0, keys_max: 0 }
            } else {
                let keys_max = aggregate.keys_max.max(1);
                Memory { span: clause.span, scope: aggregate.scope, bytes: 0, bytes_per_key: cell, keys_max }
            })
        }
        ClauseKind::Cycle(cycle) => memory(Scope::Run, cycle_events(cycle.window) * CYCLE_EVENT),
    }
}

fn records(event: &EventMatch, kept: &Kept<'_>) -> u64 {
    let keeps_values = kept.of(event.slot).next().is_some();
    // Where texts are all that is asked for, more events are kept, and nothing of them.
    let records = if keeps_values { records_kept(event).min(u64::from(RECORDS_MAX)) } else { records_kept(event) };
    records.saturating_mul(record(event.slot, kept))
}

/// An event with what is kept of it.
fn record(slot: Slot, kept: &Kept<'_>) -> u64 {
    RECORD + kept.of(slot).map(|value| value_bytes(&value.ty)).sum::<u64>()
}

/// A cell of an aggregate.
fn cell(aggregate: &Aggregate, kept: &Kept<'_>) -> u64 {
    let (_, crosses) = split(&aggregate.event.condition, aggregate.event.slot);
    let amounts = amounts_kept(aggregate).saturating_add(u64::from(POSSIBLE_MAX));
    let amount = if crosses.is_empty() {
        match aggregate.function {
            AggregateFunction::Count => 16,
            AggregateFunction::Sum | AggregateFunction::Max => 48,
            AggregateFunction::Distinct => 64,
        }
    } else {
        record(aggregate.event.slot, kept) + aggregate.value.as_ref().map_or(0, |value| value_bytes(&value.ty))
    };
    CELL.saturating_add(amounts.saturating_mul(amount))
}

/// A value that is kept.
fn value_bytes(ty: &Type) -> u64 {
    let text = match ty.required() {
        Type::Bool
        | Type::Int
        | Type::Decimal
        | Type::Float
        | Type::Ip
        | Type::Time
        | Type::Duration
        | Type::Size
        | Type::Detection => 0,
        Type::Enum(words) => words.iter().map(|word| word.len() as u64).max().unwrap_or(0),
        _ => TEXT,
    };
    VALUE + text
}
