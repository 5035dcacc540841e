//! Law E: a reload takes nothing from the rules that are the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{Keeping, Run, cases, compiled, try_all};
use super::policies::{self, RuleText};
use super::traces;

#[test]
fn the_same_policy_again_changes_nothing() {
    let strategy = (vec(policies::rule(), 1..5), traces::trace(5..50), 0..50usize);
    try_all(cases() / 15, &strategy, |(rules, steps, at)| {
        let policy = policies::policy(&rules);
        let (set, again) = (compiled(&policy)?, compiled(&format!("// the same\n{policy}"))?);
        prop_assert_eq!(set.hash(), again.hash());
        let events = traces::events(&traces::lines(&steps));
        let (mut kept, mut reloaded) = (Run::new(&set), Run::new(&set));
        for event in &events {
            if event.seq() == at as u64 + 1 {
                let before = reloaded.state.clone();
                reloaded.reload(&again, at as u64);
                prop_assert_eq!(&before, &reloaded.state);
            }
            prop_assert_eq!(kept.take(event, Keeping::AsItIs), reloaded.take(event, Keeping::AsItIs));
        }
        prop_assert_eq!(kept.finish(None), reloaded.finish(None));
        Ok(())
    });
}

#[test]
fn rules_that_are_the_same_keep_their_verdicts_when_another_one_changes() {
    let strategy = (vec(policies::rule(), 2..5), policies::rule(), traces::trace(5..50), 0..50usize, 0..5usize);
    try_all(cases() / 15, &strategy, |(rules, other, steps, at, changed)| {
        // What one rule refuses, another one may not count; so none refuses.
        let rules: Vec<RuleText> = rules.iter().map(RuleText::flagging).collect();
        let changed = changed % rules.len();
        let mut changed_rules = rules.clone();
        changed_rules[changed] = other.flagging();
        let (set, next) = (compiled(&policies::policy(&rules))?, compiled(&policies::policy(&changed_rules))?);
        let events = traces::events(&traces::lines(&steps));
        let (mut kept, mut reloaded) = (Run::new(&set), Run::new(&set));
        let of_others = |judgement: &crate::occurrence::Judgement| -> Vec<aop_toon::Finding> {
            let code = format!("law.random.r{changed}");
            judgement.findings.iter().filter(|finding| finding.rule != code).cloned().collect()
        };
        for event in &events {
            if event.seq() == at as u64 + 1 {
                reloaded.reload(&next, at as u64);
            }
            let (one, other) = (kept.take(event, Keeping::AsItIs), reloaded.take(event, Keeping::AsItIs));
            prop_assert_eq!(of_others(&one), of_others(&other));
        }
        prop_assert_eq!(of_others(&kept.finish(None)), of_others(&reloaded.finish(None)));
        Ok(())
    });
}
