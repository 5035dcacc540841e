//! An event → what there is to say about it.

use std::borrow::Cow;

use aop_toon::{EventType, Finding, Timestamp};

use super::context::{Context, Current, Flows, Memo, Scope};
use super::past::{Sight, States};
use super::probe::Probe;
use super::{duty, finding, notice, unknown};
use crate::occurrence::{Judgement, Occurrence};
use crate::program::{Bucket, Guarded, Index, NameId, Program, RuleId, pattern, quick_hash};
use crate::state::{PolicyState, SharedState};
use crate::typed::ActionName;
use crate::value::{Gap, Truth, Value};

/// Buffers that are used again from event to event; keep one a thread. What is in it means nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) memo: Memo,
    pub(crate) flows: Flows,
    pub(super) found: Vec<u32>,
    pub(super) decisions: Vec<super::observe::Decision>,
}

/// Judges an event.
pub(crate) fn judge<P: Probe>(
    program: &Program,
    occurrence: &Occurrence<'_>,
    states: States<'_>,
    scratch: &mut Scratch,
    judgement: &mut Judgement,
    probe: &mut P,
) {
    if program.rules.is_empty() {
        return;
    }
    let current = Current::new(program, occurrence, states.run);
    judge_current(program, &current, states, scratch, judgement, probe);
}

/// Judges the end of a run: duties that are due by `now`, or all of them when no time is given, and rules about the run's end.
pub(crate) fn finish<P: Probe>(
    program: &Program,
    states: States<'_>,
    now: Option<Timestamp>,
    scratch: &mut Scratch,
    judgement: &mut Judgement,
    probe: &mut P,
) {
    let Some(clock) = now.max(states.run.run.clock) else { return };
    let mut findings = Vec::new();
    duty::at_end(program, states.run, now.map(|_| clock), &mut findings);
    let current = Current::end(states.run, clock);
    judge_bucket(program, &current, states, scratch, judgement, probe, findings);
}

fn judge_current<P: Probe>(
    program: &Program,
    current: &Current<'_>,
    states: States<'_>,
    scratch: &mut Scratch,
    judgement: &mut Judgement,
    probe: &mut P,
) {
    let mut findings = Vec::new();
    if states.run.due.may_be_due(current.at) {
        duty::due(program, states.run, current.at, current.seq(), &mut findings);
    }
    judge_bucket(program, current, states, scratch, judgement, probe, findings);
}

fn judge_bucket<'e, P: Probe>(
    program: &'e Program,
    current: &Current<'e>,
    states: States<'e>,
    scratch: &mut Scratch,
    judgement: &mut Judgement,
    probe: &mut P,
    mut findings: Vec<(RuleId, Finding)>,
) {
    let Scratch { memo, flows, found, .. } = scratch;
    memo.begin(program.exprs.memo_len());
    flows.found.clear();
    let requests = &states.run.requests;
    let mut context = Context { program, current, requests, flow: &states.run.flow, memo, flows, probe, reason: None };
    found.clear();
    if P::LISTENS {
        // Who listens wants to hear of conditions that are false, be it that no event of the action could meet them.
        found.extend(0..program.rules.len() as u32);
    } else {
        for_each_bucket(program, &Meant::of(context.current), &mut |bucket| candidates(&mut context, &bucket.rules, found));
    }
    found.sort_unstable();
    found.dedup();
    for at in found.iter() {
        judge_rule(&mut context, states, RuleId(*at), judgement, &mut findings);
    }
    findings.sort_by_key(|(rule, _)| *rule);
    judgement.findings.extend(findings.into_iter().map(|(_, finding)| finding));
}

fn judge_rule<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    id: RuleId,
    judgement: &mut Judgement,
    findings: &mut Vec<(RuleId, Finding)>,
) {
    let rule = context.program.rule(id);
    let notices = notice::open(context, states, rule);
    // What a duty comes to is said when it is due.
    if rule.is_duty && !P::LISTENS && notices.is_empty() {
        return;
    }
    let meant = pattern::matches(&rule.pattern, context.current.kind, context.current.action.as_deref());
    if meant == Truth::False {
        return;
    }
    let mut sight = Sight::default();
    let truth = context.rule(states, rule, meant, &mut sight);
    let seq = context.current.seq();
    match truth {
        Truth::False => {}
        _ if rule.is_duty => {}
        Truth::True => {
            let finding = finding::held(context, states, rule, &sight, judgement);
            findings.push((id, finding));
        }
        Truth::Unknown => {
            let unknown = unknown::of_rule(context, states, rule, meant);
            let finding = finding::undecided(rule, seq, &unknown, states.run);
            findings.extend(finding.map(|finding| (id, finding::pointing(context, rule, finding))));
        }
    }
    if !notices.is_empty() && meant.and(context.truth(rule.condition, Scope::default())) != Truth::False {
        findings.extend(notices.iter().map(|notice| (id, finding::notice(rule, seq, notice.text(), states.run))));
    }
}

/// What an event is looked up by.
pub(super) struct Meant<'e> {
    kind: pattern::Kind,
    action: Option<Cow<'e, str>>,
    name: Option<NameId>,
}

impl<'e> Meant<'e> {
    pub(super) fn of(current: &Current<'e>) -> Self {
        Self { kind: current.kind, action: current.action.clone(), name: current.name }
    }
}

/// Calls `then` with every bucket that has something for an event.
pub(super) fn for_each_bucket<'p>(program: &'p Program, meant: &Meant<'_>, then: &mut dyn FnMut(&'p Bucket)) {
    let dispatch = &program.dispatch;
    let by_action = match meant.kind {
        pattern::Kind::RunEnd => return then(&dispatch.run_end),
        pattern::Kind::Of(EventType::Reasoning) => return then(&dispatch.reasoning),
        pattern::Kind::Of(EventType::FinalOutput) => return then(&dispatch.finals),
        pattern::Kind::Of(EventType::Error) => return then(&dispatch.errors),
        pattern::Kind::Of(EventType::ActionRequest) => &dispatch.requests,
        pattern::Kind::Of(EventType::ActionResponse) => &dispatch.responses,
    };
    then(&by_action.any);
    match (&meant.action, meant.name) {
        (None, _) => then(&by_action.orphan),
        (Some(_), Some(name)) => then(&by_action.named[name.0 as usize]),
        (Some(action), None) => {
            for (names, bucket) in &by_action.like {
                if names.iter().any(|name: &ActionName| pattern::names_action(name, action)) {
                    then(bucket);
                }
            }
        }
    }
}

/// Adds the things of an index whose conditions the event may meet.
pub(super) fn candidates<P: Probe>(context: &mut Context<'_, '_, P>, index: &Index, found: &mut Vec<u32>) {
    found.extend_from_slice(&index.always);
    for guarded in &index.guarded {
        guarded_candidates(context, guarded, found);
    }
}

fn guarded_candidates<P: Probe>(context: &mut Context<'_, '_, P>, guarded: &Guarded, found: &mut Vec<u32>) {
    let value = match context.value(guarded.value, Scope::default()) {
        Ok(value) => value,
        Err(Gap::Absent) => return,
        Err(Gap::Unknown(_)) => return found.extend_from_slice(&guarded.all),
    };
    if !guarded.equal.is_empty()
        && let Some(things) = guarded.equal.get(&quick_hash(&value))
    {
        found.extend_from_slice(things);
    }
    if let Some((texts, things)) = &guarded.texts {
        match &value {
            Value::Text(text) => {
                for at in texts.find_overlapping_iter(text.as_ref()) {
                    found.extend_from_slice(&things[at.pattern().as_usize()]);
                }
            }
            // No text: whatever its condition says of that.
            _ => return found.extend_from_slice(&guarded.all),
        }
    }
    let bounds = &guarded.bounds;
    if bounds.at_least.is_empty() && bounds.at_most.is_empty() {
        return;
    }
    match super::aggregate::amount_of(&value) {
        Ok(amount) => {
            let at_least = bounds.at_least.iter().take_while(|(bound, _)| *bound <= amount);
            let at_most = bounds.at_most.iter().take_while(|(bound, _)| *bound >= amount);
            found.extend(at_least.chain(at_most).map(|(_, thing)| *thing));
        }
        Err(_) => found.extend_from_slice(&guarded.all),
    }
}

/// The states that a judgement may ask.
pub(crate) fn states<'e>(run: &'e PolicyState, shared: Option<&'e SharedState>) -> States<'e> {
    States { run, shared }
}
