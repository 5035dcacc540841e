//! `expect`: duties with a deadline.

use std::sync::Arc;

use aop_toon::Timestamp;

use super::expression::Binding;
use super::past::{Moment, Seen};
use super::rule::Verdict;
use super::{Found, pattern, rule, rules};
use crate::typed::{ClauseKind, EventMatch, Package, Rule, Window};
use crate::value::Truth;

/// What must come after a trigger.
#[derive(Debug, Clone)]
pub(super) struct Duty {
    code: String,
    run: usize,
    /// The trigger's.
    ordinal: usize,
    clock: Timestamp,
    window: Window,
    /// Of the rule without `expect`.
    verdict: Verdict,
}

impl Duty {
    /// The duty that a trigger makes: none when it is no trigger.
    pub(super) fn new(rule: &Rule, trigger: &Seen, window: Window, verdict: &Verdict) -> Option<Self> {
        (verdict.truth != Truth::False).then(|| Self {
            code: rule.code.clone(),
            run: trigger.run,
            ordinal: trigger.ordinal,
            clock: trigger.clock,
            window,
            verdict: verdict.clone(),
        })
    }

    /// "Decided by a later event's time": whether the clock, or the number of events, is past the deadline.
    fn is_passed(&self, clock: Timestamp, ordinal: usize) -> bool {
        match self.window {
            Window::Micros(micros) => clock.micros() > self.clock.micros().saturating_add(micros),
            Window::Events(events) => (ordinal - self.ordinal) as u64 >= events,
            Window::Run => false,
        }
    }

    fn finding(&self, packages: &[Arc<Package>], past: &[Seen]) -> Option<Found> {
        let (package, rule) = rules(packages).find(|(_, rule)| rule.code == self.code).expect("the rule made the duty");
        let event = rule.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::Expect { event, .. } => Some(event),
            _ => None,
        });
        let run: Vec<&Seen> = past.iter().filter(|seen| seen.run == self.run).collect();
        let trigger = run[self.ordinal];
        let moment = Moment::at(trigger, past);
        let binding = Binding::new(package, moment).with(rule.trigger.slot, trigger);
        let answered = self.answered(event.expect("a rule with a duty"), &run, &binding);
        let verdict = Verdict { truth: self.verdict.truth.and(answered.not()), ..self.verdict.clone() };
        rule::finding(rule, Some(trigger.event.seq()), &verdict)
    }

    /// Whether what must come has come in time. Only accepted events are seen.
    fn answered<'e>(&self, event: &'e EventMatch, run: &[&'e Seen], binding: &Binding<'e>) -> Truth {
        run[self.ordinal + 1..]
            .iter()
            .filter(|seen| seen.is_accepted && !self.is_passed(seen.clock, seen.ordinal))
            .fold(Truth::False, |truth, seen| truth.or(pattern::met(event, seen, binding)))
    }
}

/// "One finding, with the trigger's seq and `decided_at`, when an event passes the deadline."
pub(super) fn passed(packages: &[Arc<Package>], past: &[Seen], duties: &mut Vec<Duty>, late: &Seen) -> Vec<Found> {
    let due = take(duties, |duty| duty.run == late.run && duty.is_passed(late.clock, late.ordinal));
    let decided_at = Some(late.event.seq());
    due.iter().filter_map(|duty| duty.finding(packages, past)).map(|found| Found { decided_at, ..found }).collect()
}

/// "… when `advance(now)` passes the deadline."
pub(super) fn advanced(
    packages: &[Arc<Package>],
    past: &[Seen],
    duties: &mut Vec<Duty>,
    run: usize,
    now: Timestamp,
) -> Vec<Found> {
    let due = take(duties, |duty| duty.run == run && duty.is_passed(now, duty.ordinal));
    due.iter().filter_map(|duty| duty.finding(packages, past)).collect()
}

fn take(duties: &mut Vec<Duty>, is_due: impl Fn(&Duty) -> bool) -> Vec<Duty> {
    let (due, open) = std::mem::take(duties).into_iter().partition(is_due);
    *duties = open;
    due
}

/// "… or `finish(now)` passes the deadline": without a time, all that are open are due.
pub(super) fn ended(
    packages: &[Arc<Package>],
    past: &[Seen],
    duties: &[Duty],
    run: usize,
    now: Option<Timestamp>,
) -> Vec<Found> {
    let is_due = |duty: &&Duty| match (duty.window, now) {
        _ if duty.run != run => false,
        (Window::Micros(_), Some(now)) => duty.is_passed(now, duty.ordinal),
        _ => true,
    };
    duties.iter().filter(is_due).filter_map(|duty| duty.finding(packages, past)).collect()
}
