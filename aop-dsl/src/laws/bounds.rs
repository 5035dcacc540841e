//! Laws D and F: no event takes more steps, and no run more memory, than the compiler has said.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{Keeping, Run, cases, compiled, try_all};
use super::policies;
use super::traces;
use crate::cost::{RuleCost, rule_parts};
use crate::eval::{NoProbe, Probe};
use crate::typed::{Expr, ExprKind, Package};

#[derive(Default)]
struct Counting {
    steps: u64,
    /// Of the search for what was unknown.
    search_steps: u64,
}

impl Probe for Counting {
    const LISTENS: bool = false;

    fn step(&mut self) {
        self.steps += 1;
    }

    fn search_step(&mut self) {
        self.search_steps += 1;
    }
}

#[test]
fn no_event_takes_more_steps_than_a_rule_may() {
    let (most, most_of_searches) = (Cell::new(0.0f64), Cell::new(0.0f64));
    let strategy = (policies::rule(), traces::trace(20..120));
    try_all(cases() / 15, &strategy, |(rule, steps)| {
        let set = compiled(&policies::policy(&[rule]))?;
        let cost = set.cost();
        let promised = cost.rules[0].steps_per_event;
        // What the manual says of the search for what is unknown.
        let promised_of_search = (depth(&set.packages()[0]) + 4) * promised;
        let mut run = Run::new(&set);
        for event in &traces::events(&traces::lines(&steps)) {
            let mut counting = Counting::default();
            let is_accepted = run.judge(event, &mut counting).effect().accepts();
            run.observe(event, is_accepted, &mut counting);
            let Counting { steps, search_steps } = counting;
            let seq = event.seq();
            prop_assert!(steps <= promised, "#{seq} takes {steps} steps, {promised} are promised");
            prop_assert!(
                search_steps <= promised_of_search,
                "#{seq}: the reason takes {search_steps} steps, {promised_of_search} are promised"
            );
            most.set(most.get().max(steps as f64 / promised as f64));
            most_of_searches.set(most_of_searches.get().max(search_steps as f64 / promised_of_search as f64));
        }
        Ok(())
    });
    println!("at most {:.1} % of the promised steps of a rule were taken", 100.0 * most.get());
    println!("at most {:.1} % of those of a search for what is unknown", 100.0 * most_of_searches.get());
    assert!(most_of_searches.get() > 0.0, "no rule was undecided");
}

/// How many expressions of a package's rules stand in each other, the bodies of functions where they are called.
fn depth(package: &Package) -> u64 {
    fn of(expr: &Expr, functions: &[u64]) -> u64 {
        let called = match &expr.kind {
            ExprKind::Call { function, .. } => functions[function.0 as usize],
            _ => 0,
        };
        1 + called + expr.children().into_iter().map(|child| of(child, functions)).max().unwrap_or(0)
    }
    let mut functions = Vec::new();
    for function in &package.functions {
        functions.push(of(&function.body, &functions));
    }
    package.rules.iter().flat_map(rule_parts).map(|part| of(part, &functions)).max().unwrap_or(0)
}

#[test]
fn no_event_takes_more_steps_than_all_rules_may() {
    let strategy = (vec(policies::rule(), 1..8), traces::trace(20..120));
    try_all(cases() / 20, &strategy, |(rules, steps)| {
        let set = compiled(&policies::policy(&rules))?;
        let promised = set.cost().steps_per_event;
        let mut run = Run::new(&set);
        for event in &traces::events(&traces::lines(&steps)) {
            let mut counting = Counting::default();
            let is_accepted = run.judge(event, &mut counting).effect().accepts();
            run.observe(event, is_accepted, &mut counting);
            prop_assert!(
                counting.steps <= promised,
                "#{} takes {} steps, {promised} are promised",
                event.seq(),
                counting.steps
            );
        }
        Ok(())
    });
}

/// What a state of no rules takes, and each rule's notes about itself.
const BYTES_OF_RUN: u64 = 1024;
const BYTES_OF_RULE: u64 = 256;

#[test]
fn no_run_needs_more_memory_than_its_rules_may() {
    needs_what_is_promised(vec(policies::rule(), 1..4), cases().div_ceil(1_000));
}

/// Few of all rules are about cycles, and the others' promises would hide what is missing in theirs.
#[test]
fn no_run_needs_more_memory_for_cycles_than_its_rules_may() {
    needs_what_is_promised(vec(policies::cycle_rule(), 1), cases().div_ceil(1_500));
}

fn needs_what_is_promised(rules: impl Strategy<Value = Vec<policies::RuleText>>, cases: u64) {
    let most = Cell::new(0.0f64);
    try_all(cases, &(rules, traces::trace(100..400)), |(rules, steps)| {
        let set = compiled(&policies::policy(&rules))?;
        let cost = set.cost();
        let of_rule = |rule: &RuleCost| {
            // Two agents are all that the runs have.
            let of_owners = rule.bytes_per_run + 2 * rule.bytes_per_agent + rule.bytes_per_organisation;
            of_owners + rule.bytes_of_keys + BYTES_OF_RULE
        };
        let promised = BYTES_OF_RUN + cost.rules.iter().map(of_rule).sum::<u64>();
        // The same steps again and again, but for the values that count up.
        let steps: Vec<traces::Step> = steps.iter().cycle().take(10_000).cloned().collect();
        let mut run = Run::new(&set);
        for event in &traces::events(&traces::lines(&steps)) {
            run.take(event, Keeping::AsItIs);
            if event.seq().is_multiple_of(500) {
                let state = serde_json::to_string(&run.state).expect("a state can be written");
                let shared = serde_json::to_string(&run.shared).expect("a state can be written");
                let bytes = (state.len() + shared.len()) as u64;
                prop_assert!(bytes <= promised, "after #{}: {bytes} bytes, {promised} are promised", event.seq());
                most.set(most.get().max(bytes as f64 / promised as f64));
            }
        }
        Ok(())
    });
    println!("at most {:.1} % of the promised bytes were needed", 100.0 * most.get());
}

#[test]
fn a_long_run_goes_as_well_when_its_state_is_written_out_now_and_then() {
    let strategy = (vec(policies::rule(), 1..4), traces::trace(100..400));
    try_all(cases().div_ceil(1_500), &strategy, |(rules, steps)| {
        let set = compiled(&policies::policy(&rules))?;
        let steps: Vec<traces::Step> = steps.iter().cycle().take(3_000).cloned().collect();
        let (mut kept, mut written) = (Run::new(&set), Run::new(&set));
        for event in &traces::events(&traces::lines(&steps)) {
            prop_assert_eq!(kept.take(event, Keeping::AsItIs), written.take(event, Keeping::AsItIs));
            if event.seq().is_multiple_of(97) {
                written.write_out();
            }
        }
        prop_assert_eq!(kept.judge(&traces::event(LAST), &mut NoProbe), written.judge(&traces::event(LAST), &mut NoProbe));
        prop_assert_eq!(kept.finish(None), written.finish(None));
        Ok(())
    });
}

const LAST: &str =
    r#"{"seq":3001,"t":"2026-01-01T00:00:00Z","actor":"agent","type":"final_output","payload":{"output":1},"meta":{}}"#;
