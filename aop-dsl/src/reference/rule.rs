//! One rule at one moment.

use aop_toon::{Effect, Timestamp};

use super::expression::Binding;
use super::past::{Moment, Seen};
use super::{Found, aggregate, cycle, pattern, sequence};
use crate::typed::{Clause, ClauseKind, EventMatch, OnUnknown, Package, Rule, Scope, Window};
use crate::value::Truth;

/// "Witnesses: the nearest match and up to 8 more."
const WITNESSES_MAX: usize = 9;

/// What a rule or a clause says at a moment.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) truth: Truth,
    pub(super) witnesses: Vec<u64>,
    /// Whether a key past the bound was asked for.
    pub(super) overflow: bool,
}

impl From<Truth> for Verdict {
    fn from(truth: Truth) -> Self {
        Self { truth, witnesses: Vec::new(), overflow: false }
    }
}

/// "Each event that triggers and meets every clause makes one finding."
pub(super) fn judge(package: &Package, rule: &Rule, past: &[Seen], trigger: &Seen) -> Verdict {
    let moment = Moment::at(trigger, past);
    let binding = Binding::new(package, moment).with(rule.trigger.slot, trigger);
    // What it is not about, its conditions cannot be asked about.
    match pattern::met(&rule.trigger, trigger, &binding) {
        Truth::False => Truth::False.into(),
        met => of_clauses(rule, met, moment, &binding),
    }
}

/// `on run_end`: the run's end is the trigger; no event is.
pub(super) fn judge_end(package: &Package, rule: &Rule, past: &[Seen], run: usize, now: Option<Timestamp>) -> Verdict {
    let last = past.iter().rev().find(|seen| seen.run == run).map(|last| last.clock);
    let Some(clock) = now.or(last) else { return Truth::False.into() };
    let moment = Moment { run, trigger: None, clock, past };
    let binding = Binding::new(package, moment);
    of_clauses(rule, binding.truth(&rule.trigger.condition), moment, &binding)
}

/// "All must hold": Kleene's `and` of the trigger's condition and of all clauses.
fn of_clauses<'e>(rule: &'e Rule, trigger: Truth, moment: Moment<'e>, binding: &Binding<'e>) -> Verdict {
    let mut verdict = Verdict::from(trigger);
    for clause in &rule.clauses {
        let of_clause = of_clause(rule, clause, moment, binding);
        verdict.truth = verdict.truth.and(of_clause.truth);
        verdict.overflow |= of_clause.overflow;
        for witness in of_clause.witnesses {
            if !verdict.witnesses.contains(&witness) {
                verdict.witnesses.push(witness);
            }
        }
    }
    verdict.witnesses.truncate(WITNESSES_MAX);
    verdict
}

fn of_clause<'e>(rule: &'e Rule, clause: &'e Clause, moment: Moment<'e>, binding: &Binding<'e>) -> Verdict {
    let scope = match &clause.kind {
        ClauseKind::After { scope, .. } | ClauseKind::Without { scope, .. } | ClauseKind::Seq { scope, .. } => *scope,
        ClauseKind::Aggregate(aggregate) => aggregate.scope,
        _ => Scope::Run,
    };
    let mut verdict = match &clause.kind {
        _ if moment.is_nobodys(scope) => Truth::Unknown.into(),
        ClauseKind::Condition(condition) => {
            let truth = binding.truth(condition);
            return if clause.negated { truth.not() } else { truth }.into();
        }
        ClauseKind::After { event, window, scope } => after(rule, clause.negated, event, *window, *scope, moment, binding),
        ClauseKind::Without { event, window, scope } => {
            without(clause.negated, event, *window, *scope, moment, binding).into()
        }
        ClauseKind::Seq { steps, window, scope } => {
            sequence::of(rule, clause.negated, steps, *window, *scope, moment, binding)
        }
        ClauseKind::Aggregate(of) => aggregate::of(of, rule, moment, binding),
        ClauseKind::Cycle(of) => cycle::of(of, rule, moment, binding),
        // A duty for what comes.
        ClauseKind::Expect { .. } => Truth::True.into(),
    };
    if scope != Scope::Run {
        // Numbers of other runs' events would say nothing.
        verdict.witnesses.clear();
    }
    if clause.negated {
        // "An unknown past event never satisfies `unless`."
        verdict.truth = (verdict.truth != Truth::True).into();
        verdict.witnesses.clear();
    }
    verdict
}

/// "`after w` binds the nearest match; the others are listed." It looks strictly before the trigger and sees refused events;
/// behind `unless` only accepted ones. "An unknown past event satisfies `after` in a rule that fails closed."
fn after<'e>(
    rule: &Rule,
    is_excuse: bool,
    event: &'e EventMatch,
    window: Window,
    scope: Scope,
    moment: Moment<'e>,
    binding: &Binding<'e>,
) -> Verdict {
    let mut verdict = Verdict::from(Truth::False);
    for seen in moment.before(window, scope) {
        if is_excuse && !seen.is_accepted {
            continue;
        }
        let truth = match pattern::met(event, seen, binding) {
            Truth::Unknown if rule.fails_closed() && !is_excuse => Truth::True,
            truth => truth,
        };
        verdict.truth = verdict.truth.or(truth);
        if truth == Truth::True {
            verdict.witnesses.push(seen.event.seq());
        }
    }
    verdict
}

/// "`without`: none did." Only accepted events count, and "an unknown past event never satisfies `without`". As an excuse, "unless
/// none did", it must be certain that none did: then any event counts that may be one.
fn without<'e>(
    is_excuse: bool,
    event: &'e EventMatch,
    window: Window,
    scope: Scope,
    moment: Moment<'e>,
    binding: &Binding<'e>,
) -> Truth {
    let is_there = moment.before(window, scope).into_iter().any(|seen| match pattern::met(event, seen, binding) {
        Truth::True => seen.is_accepted || is_excuse,
        Truth::Unknown => is_excuse,
        Truth::False => false,
    });
    Truth::from(!is_there)
}

/// "Only the rule's final value counts: when that is unknown, `@on_unknown` decides, once per trigger, with a finding."
pub(super) fn finding(rule: &Rule, seq: Option<u64>, verdict: &Verdict) -> Option<Found> {
    let found = |effect, undecided, witnesses: &[u64]| Found {
        rule: rule.code.clone(),
        seq,
        effect,
        undecided,
        witnesses: witnesses.to_vec(),
        overflow: false,
        decided_at: None,
    };
    match (verdict.truth, rule.on_unknown) {
        (Truth::True, _) => Some(found(rule.effect(), false, &verdict.witnesses)),
        (Truth::Unknown, OnUnknown::Deny) => Some(found(Effect::Deny, true, &[])),
        (Truth::Unknown, OnUnknown::Flag) => Some(found(Effect::Flag, true, &[])),
        (Truth::Unknown, OnUnknown::Ignore) | (Truth::False, _) => None,
    }
}

/// "Past the bound, new keys share one over-counting cell and a finding says so": once a run.
pub(super) fn overflow(rule: &Rule, trigger: &Seen) -> Found {
    Found {
        rule: rule.code.clone(),
        seq: Some(trigger.event.seq()),
        effect: Effect::Flag,
        undecided: false,
        witnesses: Vec::new(),
        overflow: true,
        decided_at: None,
    }
}
