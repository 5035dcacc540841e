//! Duties that are due: what `expect` says.

use aop_toon::{Finding, Timestamp};

use super::finding;
use super::unknown::Unknown;
use crate::program::{ClauseKind, Duty as DutyClause, Program, Rule, RuleId};
use crate::state::{Duty, Moment, PolicyState};
use crate::typed::Window;

/// Adds the duties that are due at a moment; `decided_at` is the event that came too late.
pub(super) fn due(
    program: &Program,
    state: &PolicyState,
    now: Moment,
    decided_at: Option<u64>,
    findings: &mut Vec<(RuleId, Finding)>,
) {
    add(program, state, |duty, window| duty.is_due(window, now), decided_at, findings);
}

/// Adds the duties that the run's end breaks: all of them, but at a given time only those that were due by then.
pub(super) fn at_end(program: &Program, state: &PolicyState, now: Option<Timestamp>, findings: &mut Vec<(RuleId, Finding)>) {
    let is_due = |duty: &Duty, window| match (window, now) {
        (Window::Micros(_), Some(now)) => duty.is_due(window, Moment { clock: now.micros(), ordinal: 0 }),
        _ => true,
    };
    add(program, state, is_due, None, findings);
}

fn add(
    program: &Program,
    state: &PolicyState,
    is_due: impl Fn(&Duty, Window) -> bool,
    decided_at: Option<u64>,
    findings: &mut Vec<(RuleId, Finding)>,
) {
    for (id, clause) in &program.duties {
        let rule = program.rule(*id);
        let ClauseKind::Expect(expect) = &rule.clauses[usize::from(*clause)].kind else { continue };
        let Some(duties) = state.memories.duties(program.memory(expect.memory).hash) else { continue };
        for duty in duties.open.iter().take_while(|duty| is_due(duty, expect.window)) {
            let found = broken(rule, expect, duty, state);
            findings.extend(found.map(|finding| (*id, Finding { decided_at, ..finding })));
        }
    }
}

fn broken(rule: &Rule, expect: &DutyClause, duty: &Duty, state: &PolicyState) -> Option<Finding> {
    let seq = Some(duty.trigger.seq);
    if let Some(reason) = duty.unknown {
        let place = format!("something that it asks about #{} or about what came after it", duty.trigger.seq);
        return finding::undecided(rule, seq, &Unknown::of(place, reason), state);
    }
    let values = duty.trigger.values.get(usize::from(expect.message_at)..).unwrap_or_default();
    let message = finding::message_of_kept(rule, values);
    let mut finding = finding::plain(rule, rule.effect, message, state);
    finding.seq = seq;
    finding.witnesses = duty.witnesses.clone();
    Some(finding)
}
