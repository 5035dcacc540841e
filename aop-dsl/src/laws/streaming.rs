//! Law B: a run that is judged event by event, kept anyhow, finds the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{Keeping, Run, cases, compiled, judgements, try_all};
use super::policies;
use super::traces;
use crate::eval::NoProbe;

#[test]
fn a_state_that_is_written_out_and_read_back_changes_nothing() {
    let strategy = (vec(policies::rule(), 1..5), traces::trace(5..50));
    try_all(cases() / 15, &strategy, |(rules, steps)| {
        let set = compiled(&policies::policy(&rules))?;
        let events = traces::events(&traces::lines(&steps));
        let kept = judgements(&set, &events, Keeping::AsItIs);
        prop_assert_eq!(&kept, &judgements(&set, &events, Keeping::WrittenOut));
        Ok(())
    });
}

#[test]
fn judging_leaves_the_state_as_it_is() {
    let strategy = (vec(policies::rule(), 1..5), traces::trace(5..50));
    try_all(cases() / 15, &strategy, |(rules, steps)| {
        let set = compiled(&policies::policy(&rules))?;
        let mut run = Run::new(&set);
        for event in &traces::events(&traces::lines(&steps)) {
            let state = run.state.clone();
            let end = run.finish(None);
            let first = run.judge(event, &mut NoProbe);
            prop_assert_eq!(&first, &run.judge(event, &mut NoProbe));
            prop_assert_eq!(&end, &run.finish(None));
            prop_assert_eq!(&state, &run.state);
            run.observe(event, first.effect().accepts(), &mut NoProbe);
        }
        Ok(())
    });
}

#[test]
fn a_replay_that_only_observes_gives_the_same_state() {
    let strategy = (vec(policies::rule(), 1..5), traces::trace(5..50));
    try_all(cases() / 15, &strategy, |(rules, steps)| {
        let set = compiled(&policies::policy(&rules))?;
        let events = traces::events(&traces::lines(&steps));
        let (mut judged, mut replayed) = (Run::new(&set), Run::new(&set));
        for event in &events {
            let is_accepted = judged.take(event, Keeping::AsItIs).effect().accepts();
            replayed.observe(event, is_accepted, &mut NoProbe);
            prop_assert_eq!(&judged.state, &replayed.state);
            prop_assert_eq!(&judged.shared, &replayed.shared);
        }
        prop_assert_eq!(judged.finish(None), replayed.finish(None));
        Ok(())
    });
}
