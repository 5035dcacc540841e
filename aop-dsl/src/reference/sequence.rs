//! `seq [ … ]`

use super::expression::Binding;
use super::past::{Moment, Seen};
use super::pattern;
use super::rule::Verdict;
use crate::typed::{EventMatch, Rule, Scope, Window};
use crate::value::Truth;

/// "They came before, in this order": some events of the window, one for each step, each after the one before. Refused events
/// are seen; behind `unless` only accepted ones.
pub(super) fn of<'e>(
    rule: &Rule,
    is_excuse: bool,
    steps: &'e [EventMatch],
    window: Window,
    scope: Scope,
    moment: Moment<'e>,
    binding: &Binding<'e>,
) -> Verdict {
    let mut events: Vec<&Seen> =
        moment.before(window, scope).into_iter().filter(|seen| seen.is_accepted || !is_excuse).collect();
    events.reverse();
    let closed = rule.fails_closed() && !is_excuse;
    let (truth, chain) = best(steps, &events, closed, binding);
    // The nearest first: the last step's event.
    Verdict { truth, witnesses: chain.iter().rev().map(|seen| seen.event.seq()).collect(), overflow: false }
}

/// The best that these steps can come to among these events, and the events that came to it: those that are nearest to the
/// trigger, the last step's before the others'.
fn best<'e>(steps: &'e [EventMatch], events: &[&'e Seen], closed: bool, binding: &Binding<'e>) -> (Truth, Vec<&'e Seen>) {
    let mut chains: Vec<Vec<usize>> = vec![Vec::new()];
    for step in steps {
        chains = chains
            .iter()
            .flat_map(|chain| {
                let start = chain.last().map_or(0, |last| last + 1);
                let next = (start..events.len()).filter(|&at| pattern::is_meant(&step.pattern, events[at]) != Truth::False);
                next.map(|at| chain.iter().copied().chain([at]).collect()).collect::<Vec<Vec<usize>>>()
            })
            .collect();
    }
    chains.sort_by_key(|chain| chain.iter().rev().map(|at| std::cmp::Reverse(*at)).collect::<Vec<_>>());
    let mut best = (Truth::False, Vec::new());
    for chain in chains {
        let chain: Vec<&Seen> = chain.into_iter().map(|at| events[at]).collect();
        let bound = steps.iter().zip(&chain).fold(binding.clone(), |binding, (step, seen)| binding.with(step.slot, seen));
        let met = steps.iter().zip(&chain).map(|(step, seen)| pattern::met(step, seen, &bound));
        let truth = met.fold(Truth::True, Truth::and);
        let truth = if closed && truth == Truth::Unknown { Truth::True } else { truth };
        if truth > best.0 {
            best = (truth, chain);
        }
    }
    best
}
