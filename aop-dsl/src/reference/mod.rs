//! The reference interpreter: rules over a run, decided by reading the whole past again at each trigger.
//!
//! It keeps every event as it came and nothing else; no memory is bounded, nothing is worked out beforehand, and each function
//! says which sentence of the manual it is. The compiled program must agree with it ([`crate::laws`]). What it leaves out:
//! `derives_from`, detectors, batch rules and messages.

mod aggregate;
mod cycle;
mod expect;
mod expression;
mod past;
mod pattern;
mod rule;
mod sequence;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aop_toon::{Calls, Effect, EventBuf, Timestamp};

use crate::typed::{ClauseKind, Package, Pattern, Rule};
use expect::Duty;
use past::Seen;

/// What a finding says, without its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) rule: String,
    pub(crate) seq: Option<u64>,
    pub(crate) effect: Effect,
    /// Whether it says that the rule could not be decided.
    pub(crate) undecided: bool,
    /// The nearest first.
    pub(crate) witnesses: Vec<u64>,
    /// Whether it only says that a key past the bound shares its cell with others.
    pub(crate) overflow: bool,
    /// Of a duty: the event that came too late.
    pub(crate) decided_at: Option<u64>,
}

/// Runs of one organisation and the rules that look at them. Runs are numbered as one likes.
pub(crate) struct Reference {
    packages: Vec<Arc<Package>>,
    /// Of all runs, in the order in which they came.
    past: Vec<Seen>,
    calls: BTreeMap<usize, Calls>,
    duties: Vec<Duty>,
    /// The runs and the rules that have met a key past the bound in them.
    overflowed: BTreeSet<(usize, String)>,
}

impl Reference {
    pub(crate) fn new(packages: &[Arc<Package>]) -> Self {
        Self {
            packages: packages.to_vec(),
            past: Vec::new(),
            calls: BTreeMap::new(),
            duties: Vec::new(),
            overflowed: BTreeSet::new(),
        }
    }

    /// All findings that the next event of a run brings. Then it is part of the past: accepted, unless a finding refuses it.
    pub(crate) fn take(&mut self, run: usize, event: EventBuf, role: Option<&str>) -> Vec<Found> {
        let calls = self.calls.entry(run).or_default();
        let paired = calls.peek(&event);
        let trigger = Seen::next(run, event, role, &paired, &self.past);
        let mut found = expect::passed(&self.packages, &self.past, &mut self.duties, &trigger);
        let mut duties = Vec::new();
        for (package, rule) in rules(&self.packages) {
            if rule.trigger.pattern == Pattern::RunEnd {
                continue;
            }
            let verdict = rule::judge(package, rule, &self.past, &trigger);
            if verdict.overflow && self.overflowed.insert((run, rule.code.clone())) {
                found.push(rule::overflow(rule, &trigger));
            }
            match rule.clauses.iter().find_map(|clause| match &clause.kind {
                ClauseKind::Expect { window, .. } => Some(*window),
                _ => None,
            }) {
                Some(window) => duties.extend(Duty::new(rule, &trigger, window, &verdict)),
                None => found.extend(rule::finding(rule, Some(trigger.event.seq()), &verdict)),
            }
        }
        let is_accepted = found.iter().all(|found| found.effect.accepts());
        calls.respond(&trigger.event);
        calls.request(&trigger.event, trigger.clock);
        if is_accepted {
            // "`expect` sees accepted events only": nobody answers what was refused.
            self.duties.extend(duties);
        } else {
            calls.refuse(trigger.event.seq());
        }
        self.past.push(Seen { is_accepted, ..trigger });
        found
    }

    /// What is found when time passes in a run without an event.
    pub(crate) fn advance(&mut self, run: usize, now: Timestamp) -> Vec<Found> {
        expect::advanced(&self.packages, &self.past, &mut self.duties, run, now)
    }

    /// What is found when a run ends, at a time that may be told.
    pub(crate) fn finish(&self, run: usize, now: Option<Timestamp>) -> Vec<Found> {
        let mut found = expect::ended(&self.packages, &self.past, &self.duties, run, now);
        for (package, rule) in rules(&self.packages) {
            if rule.trigger.pattern == Pattern::RunEnd {
                let verdict = rule::judge_end(package, rule, &self.past, run, now);
                found.extend(rule::finding(rule, None, &verdict));
            }
        }
        found
    }
}

fn rules(packages: &[Arc<Package>]) -> impl Iterator<Item = (&Package, &Rule)> {
    packages.iter().flat_map(|package| package.rules.iter().map(move |rule| (&**package, rule)))
}
