//! Past events that could not be decided.

use super::super::aggregate::{Measured, amount};
use super::super::context::{Bound, Context, Scope};
use super::super::past::{Join, States, nearest};
use super::super::probe::Searching;
use super::blame::{Blame, slot_name};
use super::{Unknown, of_condition, of_condition_at, of_reason, of_value, quietly};
use crate::eval::Probe;
use crate::program::{Aggregate, ClauseKind, Past, Rule, Search};
use crate::source_text::one_line;
use crate::state::{Amount, Record};
use crate::typed::{self, Slot};
use crate::value::{Reason, Truth};

/// Why a clause about past events is unknown.
pub(super) fn of_clause<'e>(
    context: &mut Context<'e, '_, Searching<'_>>,
    states: States<'e>,
    rule: &'e Rule,
    at: u16,
    reason: Reason,
) -> Unknown {
    if let Reason::NoSharedState | Reason::NoAgent = reason {
        return Unknown::Told(format!("`{}` {}", clause_text(rule, at), of_reason(reason, None, None)));
    }
    let found = match &rule.clauses[usize::from(at)].kind {
        ClauseKind::Past(past) => unsure(context, states, rule, at, past),
        ClauseKind::Chain(chain) => {
            let memory = context.program.memory(chain.memory).hash;
            let steps = states.run.memories.chain(memory).and_then(|memory| memory.whole(chain.slots.len(), true));
            steps.map(|steps| {
                let seqs: Vec<String> = steps.iter().map(|step| format!("#{}", step.seq)).collect();
                Unknown::Told(format!(
                    "whether {} are the steps of `{}` cannot be told",
                    seqs.join(", "),
                    clause_text(rule, at)
                ))
            })
        }
        ClauseKind::Search(search) => unsure_step(context, states, rule, search),
        ClauseKind::Aggregate(aggregate) => Some(of_aggregate(context, states, rule, at, aggregate, reason)),
        ClauseKind::Condition(_) | ClauseKind::Cycle(_) | ClauseKind::Expect(_) => None,
    };
    found.unwrap_or_else(|| {
        Unknown::Told(format!("what `{}` asks for {}", clause_text(rule, at), of_reason(reason, None, None)))
    })
}

/// An event that a clause passed over, so that `without` or `unless` held, although it might be what the clause asks for.
pub(in crate::eval) fn passed_over<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    rule: &'e Rule,
) -> Option<Unknown> {
    let clauses: Vec<(u16, &'e Past)> = (0..)
        .zip(&rule.clauses)
        .filter_map(|(at, clause)| match &clause.kind {
            ClauseKind::Past(past) if past.is_without != clause.negated => Some((at, past)),
            _ => None,
        })
        .collect();
    if clauses.is_empty() {
        return None;
    }
    quietly(context, |context| clauses.into_iter().find_map(|(at, past)| unsure(context, states, rule, at, past)))
}

/// The nearest event of which it is unknown whether the clause means it.
fn unsure<'e>(
    context: &mut Context<'e, '_, Searching<'_>>,
    states: States<'e>,
    rule: &'e Rule,
    at: u16,
    past: &'e Past,
) -> Option<Unknown> {
    let def = context.program.memory(past.memory);
    let view = context.view(states, def.scope).ok()?;
    let records = view.memories?.records(def.hash)?;
    let join = past.cross.as_ref().map_or(Join::Any, |cross| context.join(&cross.join, Scope::default()));
    nearest(records, false, past.window, view.now).find_map(|(record, is_certain)| {
        if !join.may_match(record.join) {
            return None;
        }
        let bound = Bound { slot: past.slot, record, is_shared: view.is_shared, up: None };
        let scope = Scope { bound: Some(&bound), ..Scope::default() };
        let condition = past.cross.as_ref().map(|cross| cross.condition);
        let crossed = condition.map_or(Truth::True, |condition| context.truth(condition, scope));
        match (crossed, is_certain, condition) {
            (Truth::False, ..) | (Truth::True, true, _) => None,
            (Truth::Unknown, true, Some(condition)) => Some(of_condition_at(context, rule, condition, scope)),
            _ => Some(unreadable(rule, at, 0, record)),
        }
    })
}

/// The same of a step of a sequence, whose other steps are not looked for.
fn unsure_step<'e>(
    context: &mut Context<'e, '_, Searching<'_>>,
    states: States<'e>,
    rule: &'e Rule,
    search: &'e Search,
) -> Option<Unknown> {
    let at = rule
        .clauses
        .iter()
        .position(|clause| matches!(&clause.kind, ClauseKind::Search(known) if std::ptr::eq(known, search)))?;
    (0..).zip(&search.steps).find_map(|(place, step)| {
        let def = context.program.memory(step.memory);
        let view = context.view(states, def.scope).ok()?;
        let records = view.memories?.records(def.hash)?;
        let cross = step.cross.as_ref().filter(|_| step.is_own);
        nearest(records, false, search.window, view.now).find_map(|(record, is_certain)| {
            let bound = Bound { slot: step.slot, record, is_shared: view.is_shared, up: None };
            let scope = Scope { bound: Some(&bound), ..Scope::default() };
            match cross.map(|cross| (cross.condition, context.truth(cross.condition, scope))) {
                Some((_, Truth::False)) => None,
                Some((condition, Truth::Unknown)) if is_certain => Some(of_condition_at(context, rule, condition, scope)),
                _ if !is_certain => Some(unreadable(rule, at as u16, place, record)),
                _ => None,
            }
        })
    })
}

/// What was asked of the event when it came, and could not be answered; no more of it is kept than that.
fn unreadable(rule: &Rule, at: u16, step: usize, record: &Record) -> Unknown {
    let event = typed_clause(rule, at).and_then(|clause| match &clause.kind {
        typed::ClauseKind::After { event, .. } | typed::ClauseKind::Without { event, .. } => Some(event),
        typed::ClauseKind::Seq { steps, .. } => steps.get(step),
        _ => None,
    });
    let text = event.map_or_else(String::new, |event| one_line(&rule.package.source, event.span));
    Unknown::Told(format!("whether #{} is `{text}` cannot be told", record.seq))
}

fn of_aggregate<'e>(
    context: &mut Context<'e, '_, Searching<'_>>,
    states: States<'e>,
    rule: &'e Rule,
    at: u16,
    aggregate: &'e Aggregate,
    reason: Reason,
) -> Unknown {
    for of_trigger in &aggregate.trigger_keys {
        if let Some(unknown) = of_value(context, rule, *of_trigger, Slot::TRIGGER.0) {
            return unknown;
        }
    }
    if let Some(unknown) = of_value(context, rule, aggregate.bound, Slot::TRIGGER.0) {
        return unknown;
    }
    let meant = context.counts(aggregate);
    if meant == Truth::Unknown {
        return match context.truth(aggregate.of_trigger, Scope::default()) {
            Truth::Unknown => Blame::new(context, rule, aggregate.slot).of_condition(aggregate.of_trigger, Scope::default()),
            _ => of_condition(context, rule, aggregate.of_trigger),
        };
    }
    if let Some(value) = aggregate.value.filter(|_| meant == Truth::True)
        && amount(aggregate.function, context.value(value, Scope::default())) == Amount::Unknown
        && let Some(unknown) = of_value(context, rule, value, aggregate.slot)
    {
        return unknown;
    }
    let mut measured = Measured::default();
    let Ok(()) = context.measure(states, aggregate, &mut measured) else {
        return Unknown::of("what is counted".to_owned(), reason);
    };
    let tally = &measured.tally;
    match aggregate.value {
        _ if tally.is_forgotten => Unknown::Told(format!(
            "what `{}` comes to is not known, since more events count than are remembered",
            clause_text(rule, at)
        )),
        Some(value) if tally.unknown > 0 => {
            let value = Blame::new(context, rule, aggregate.slot).shown(value);
            Unknown::Told(format!("{value} of an event that counts is missing or cannot be read"))
        }
        _ => Unknown::Told(format!(
            "of an earlier event it cannot be told whether it counts as {} in `{}`",
            slot_name(rule, aggregate.slot),
            clause_text(rule, at)
        )),
    }
}

fn typed_clause(rule: &Rule, at: u16) -> Option<&typed::Clause> {
    rule.package.rules.get(rule.index)?.clauses.get(usize::from(at))
}

fn clause_text(rule: &Rule, at: u16) -> String {
    typed_clause(rule, at).map_or_else(String::new, |clause| one_line(&rule.package.source, clause.span))
}
