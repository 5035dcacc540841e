//! What holds for every policy and every run: the laws, tried on random ones.
//!
//! `AOP_LAW_CASES` says how many pairs of a rule and a run the comparison with the reference tries (and the other laws in
//! proportion): a few while one works, more in `scripts/test`. `AOP_LAW_SEED` starts elsewhere.

/// One of several strategies, by their weights. Each is boxed: a choice of many would not fit on the stack.
macro_rules! mixed {
    ($($weight:expr => $strategy:expr),+ $(,)?) => {
        proptest::strategy::Union::new_weighted(vec![$(($weight, proptest::strategy::Strategy::boxed($strategy))),+])
    };
}

mod agreement;
mod book;
mod bounds;
mod harness;
mod order;
mod policies;
mod regressions;
mod reload;
mod streaming;
mod traces;
