//! Every contender gives the reference's verdicts, on the traces that are measured and on runs in no sensible order.

use aop_policy_rivals::aop::Aop;
use aop_policy_rivals::by_hand::ByHand;
use aop_policy_rivals::cel_expression::Cel;
use aop_policy_rivals::contender::{Contender, Search, load};
use aop_policy_rivals::dogwood::{Dogwood, Monitor};
use aop_policy_rivals::job::LENGTHS;
use aop_policy_rivals::rego::Rego;
use aop_policy_rivals::trace::{shuffled, trace};

fn check(mut contender: impl Contender) {
    let measured = LENGTHS.into_iter().map(trace);
    let runs = (1..200).map(|number| shuffled(number, number as usize % 60));
    for run in measured.chain(runs) {
        let outcome = load(&mut contender, &run).and_then(|mut loaded| loaded.prove());
        outcome.unwrap_or_else(|error| panic!("{error}: {run:#?}"));
    }
}

/// Fails until the policy language has rules: the bench says so too.
#[test]
fn aop() {
    check(Aop::new().unwrap_or_else(|error| panic!("{error}")));
}

#[test]
fn dogwood() {
    check(Dogwood::new().unwrap());
    check(Monitor::new().unwrap());
}

#[test]
fn regorus() {
    check(Rego::new(Search::AnyCondition).unwrap());
    check(Rego::new(Search::EqualRecord).unwrap());
}

#[test]
fn cel() {
    check(Cel::new(Search::AnyCondition).unwrap());
    check(Cel::new(Search::EqualRecord).unwrap());
}

#[test]
fn plain_rust() {
    check(ByHand::default());
}
