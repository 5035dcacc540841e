//! Who looks on while policies are evaluated: nobody in production, tests and explanations otherwise.

use super::unknown::Unknown;
use crate::value::Truth;

/// Looks on while policies are evaluated. Explanations and measurements see the evaluation itself, not another one like it.
pub(crate) trait Probe {
    /// Whether [`Probe::clause`] and [`Probe::rule`] are called. Every clause of a rule whose trigger's pattern matches is
    /// evaluated then, the ones after a false one too.
    const LISTENS: bool;

    /// One step of evaluation: the visit of one expression, one remembered event or one key.
    #[inline]
    fn step(&mut self) {}

    /// A step of the search for what was unknown, which is made when a rule could not be decided. It is none of the decision's.
    #[inline]
    fn search_step(&mut self) {}

    /// What a part of a rule gave.
    fn clause(&mut self, _seen: ClauseSeen<'_>) {}

    /// What a whole rule gave for an event that matches its trigger's pattern.
    fn rule(&mut self, _truth: Truth) {}
}

/// A part of a rule, evaluated.
#[derive(Debug, Clone)]
pub(crate) struct ClauseSeen<'s> {
    /// The rule's code.
    pub(crate) rule: &'s str,
    /// Which clause, in the order of the text; nothing for the trigger's condition.
    pub(crate) clause: Option<usize>,
    /// With `unless` counted in.
    pub(crate) truth: Truth,
    /// The events that made it true, nearest first.
    pub(crate) witnesses: &'s [u64],
    /// What an aggregate gave, such as `≥ 101`, or how long a cycle is.
    pub(crate) measured: Option<&'s str>,
    /// Why it is unknown, and what is.
    pub(crate) unknown: Option<&'s Unknown>,
}

/// Nobody looks on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NoProbe;

impl Probe for NoProbe {
    const LISTENS: bool = false;
}

/// Tells another probe of the steps of a search, and of nothing else.
pub(super) struct Searching<'p>(pub(super) &'p mut dyn FnMut());

impl Probe for Searching<'_> {
    const LISTENS: bool = false;

    fn step(&mut self) {
        (self.0)();
    }

    fn search_step(&mut self) {
        (self.0)();
    }
}
