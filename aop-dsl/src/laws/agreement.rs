//! Law A: the compiled program finds what the reference interpreter finds.

use std::cell::Cell;

use aop_toon::Timestamp;
use proptest::collection::vec;
use proptest::test_runner::TestCaseError;

use super::harness::{Run, cases, compiled, facts, try_all};
use super::policies::{self, RuleText};
use super::traces::{self, Line, Step};
use crate::eval::NoProbe;
use crate::occurrence::Judgement;
use crate::reference::{Found, Reference};
use crate::set::PolicySet;
use crate::state::SharedState;

/// So many rules a policy and so many runs a policy.
const RULES_MAX: usize = 3;
const RUNS: usize = 4;

#[test]
fn the_program_agrees_with_the_reference() {
    let pairs_wanted = cases();
    let (pairs, found) = (Cell::new(0u64), Cell::new(0u64));
    let cases = pairs_wanted.div_ceil((RUNS * (1 + RULES_MAX) / 2) as u64);
    let strategy = (vec(policies::rule(), 1..=RULES_MAX), vec(traces::trace(1..61), RUNS));
    try_all(cases, &strategy, |(rules, runs)| {
        let findings = agrees(&rules, &runs)?;
        pairs.set(pairs.get() + (rules.len() * runs.len()) as u64);
        found.set(found.get() + findings as u64);
        Ok(())
    });
    println!("{} pairs of a rule and a run agree, with {} findings", pairs.get(), found.get());
    assert!(found.get() > pairs.get(), "rules that find nothing show nothing");
}

/// Fails where the two find different things; says how many things they found.
fn agrees(rules: &[RuleText], runs: &[Vec<Step>]) -> Result<usize, TestCaseError> {
    let policy = policies::policy(rules);
    let set = compiled(&policy)?;
    let mut findings = 0;
    for steps in runs {
        findings += agree(&set, &policy, &traces::lines_of_runs(steps))?;
    }
    Ok(findings)
}

/// The same of runs that go on side by side.
pub(super) fn agree(set: &PolicySet, policy: &str, lines: &[Line]) -> Result<usize, TestCaseError> {
    let mut runs = [Run::new(set), Run::new(set)];
    let mut shared = SharedState::default();
    let mut reference = Reference::new(set.packages());
    let mut findings = 0;
    for (at, line) in lines.iter().enumerate() {
        let run = &mut runs[line.run];
        std::mem::swap(&mut run.shared, &mut shared);
        let mut compare = |judgement: &Judgement, mut theirs: Vec<Found>| {
            theirs.sort();
            findings += theirs.len();
            compare(policy, &lines[..=at], judgement, &theirs)
        };
        if let Some(now) = line.pause {
            compare(&run.advance(now), reference.advance(line.run, now))?;
        }
        let event = traces::event(&line.json);
        let judgement = run.judge(&event, &mut NoProbe);
        run.observe(&event, judgement.effect().accepts(), &mut NoProbe);
        compare(&judgement, reference.take(line.run, event, None))?;
        std::mem::swap(&mut run.shared, &mut shared);
    }
    for (at, run) in runs.iter_mut().enumerate() {
        std::mem::swap(&mut run.shared, &mut shared);
        let later = |clock: Timestamp| Timestamp::from_micros(clock.micros() + 5_000_000);
        for now in [None, run.clock(), run.clock().map(later)] {
            let mut theirs = reference.finish(at, now);
            theirs.sort();
            findings += theirs.len();
            compare(policy, lines, &run.finish(now), &theirs)?;
        }
        std::mem::swap(&mut run.shared, &mut shared);
    }
    Ok(findings)
}

fn compare(policy: &str, lines: &[Line], judgement: &Judgement, theirs: &[Found]) -> Result<(), TestCaseError> {
    let ours = facts(&judgement.findings);
    if ours == theirs {
        return Ok(());
    }
    let rules = policy.strip_prefix(policies::HEADER).unwrap_or(policy);
    let lines: String = lines
        .iter()
        .map(|line| {
            let pause = line.pause.map_or_else(String::new, |now| format!(" after {now}"));
            format!("run {}{pause}: {}\n", line.run, line.json)
        })
        .collect();
    let messages: Vec<&str> = judgement.findings.iter().map(|finding| finding.message.as_str()).collect();
    let show = |found: &[Found]| found.iter().map(|found| format!("  {found:?}\n")).collect::<String>();
    Err(TestCaseError::fail(format!(
        "{rules}\n{lines}program:\n{}reference:\n{}messages: {messages:?}",
        show(&ours),
        show(theirs)
    )))
}
