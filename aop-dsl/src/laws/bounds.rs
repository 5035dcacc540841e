//! Laws D and F: no event takes more steps, and no run more memory, than the compiler has said.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{Keeping, Run, compiled, setting, try_all};
use super::policies;
use super::traces;
use crate::eval::{NoProbe, Probe};

#[derive(Default)]
struct Counting {
    steps: u64,
}

impl Probe for Counting {
    const LISTENS: bool = false;

    fn step(&mut self) {
        self.steps += 1;
    }
}

#[test]
#[ignore = "the promise does not hold the search for what is unknown"]
fn no_event_takes_more_steps_than_a_rule_may() {
    let most = Cell::new(0.0f64);
    let strategy = (policies::rule(), traces::trace(20..120));
    try_all(setting("AOP_LAW_CASES", 3_000) / 5, &strategy, |(rule, steps)| {
        let set = compiled(&policies::policy(&[rule]))?;
        let cost = set.cost();
        let promised = cost.rules[0].steps_per_event;
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
            most.set(most.get().max(counting.steps as f64 / promised as f64));
        }
        Ok(())
    });
    println!("at most {:.1} % of the promised steps of a rule were taken", 100.0 * most.get());
}

#[test]
fn no_event_takes_more_steps_than_all_rules_may() {
    let strategy = (vec(policies::rule(), 1..8), traces::trace(20..120));
    try_all(setting("AOP_LAW_CASES", 3_000) / 20, &strategy, |(rules, steps)| {
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
    let most = Cell::new(0.0f64);
    let strategy = (vec(policies::rule(), 1..4), traces::trace(100..400));
    try_all(setting("AOP_LAW_CASES", 3_000).div_ceil(200), &strategy, |(rules, steps)| {
        let set = compiled(&policies::policy(&rules))?;
        let promised: u64 = set
            .cost()
            .rules
            .iter()
            .map(|rule| {
                let of_owners = rule.bytes_per_run + 2 * rule.bytes_per_agent + rule.bytes_per_organisation;
                of_owners + rule.bytes_of_keys + BYTES_OF_RULE
            })
            .sum();
        let promised = promised + BYTES_OF_RUN;
        // The same steps again and again, but for the values that count up.
        let steps: Vec<traces::Step> = steps.iter().cycle().take(10_000).cloned().collect();
        let mut run = Run::new(&set);
        for event in &traces::events(&traces::lines(&steps)) {
            run.take(event, Keeping::AsItIs);
            if event.seq().is_multiple_of(500) {
                let state = serde_json::to_string(&run.state).expect("a state can be written");
                let shared = serde_json::to_string(&run.shared).expect("a state can be written");
                let bytes = (state.len() + shared.len()) as u64;
                prop_assert!(bytes <= promised, "after #{}: {bytes} bytes, {promised} are promised: {state}", event.seq());
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
    try_all(setting("AOP_LAW_CASES", 3_000).div_ceil(500), &strategy, |(rules, steps)| {
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
