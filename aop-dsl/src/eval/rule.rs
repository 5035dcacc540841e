//! One rule at one event.

use super::context::{Bound, Context, Scope};
use super::past::{Sight, States};
use super::probe::{ClauseSeen, Probe};
use super::unknown;
use crate::program::{ClauseKind, Rule};
use crate::value::Truth;

impl<'e, P: Probe> Context<'e, '_, P> {
    /// What a rule says of the event, which its pattern means (or may mean, if `meant` is unknown); duties are not counted in.
    pub(super) fn rule(&mut self, states: States<'e>, rule: &'e Rule, meant: Truth, sight: &mut Sight<'e>) -> Truth {
        self.flows.last = None;
        self.flows.cycle = None;
        let condition = self.truth(rule.condition, Scope::default());
        if P::LISTENS {
            self.tell_clause(states, rule, None, condition, &[], None);
        }
        let mut truth = meant.and(condition);
        let is_in_order = rule.order.iter().enumerate().all(|(at, clause)| at == usize::from(*clause));
        let mut parts: Vec<(u16, Sight<'e>)> = Vec::new();
        for at in &rule.order {
            if truth == Truth::False && !P::LISTENS {
                return Truth::False;
            }
            let mut own = Sight::default();
            truth = truth.and(self.clause(states, rule, *at, &mut own));
            if !own.bound.is_empty() || !own.witnesses.is_empty() {
                parts.push((*at, own));
            }
        }
        if !is_in_order {
            parts.sort_by_key(|(at, _)| *at);
        }
        for (_, part) in parts {
            sight.bound.extend(part.bound);
            part.witnesses.into_iter().for_each(|seq| sight.witness(seq));
        }
        if P::LISTENS {
            self.probe.rule(truth);
        }
        truth
    }

    /// What a clause says, with `unless` counted in: an unknown memory is no excuse.
    pub(super) fn clause(&mut self, states: States<'e>, rule: &'e Rule, at: u16, sight: &mut Sight<'e>) -> Truth {
        let clause = &rule.clauses[usize::from(at)];
        let mut shown = None;
        let negated = clause.negated;
        let of_memory = match &clause.kind {
            ClauseKind::Condition(condition) => {
                let truth = self.truth(*condition, Scope::default());
                let truth = if negated { truth.not() } else { truth };
                if P::LISTENS {
                    self.tell_clause(states, rule, Some(at), truth, &[], None);
                }
                return truth;
            }
            ClauseKind::Past(past) => self.past(states, rule, negated, past, sight),
            ClauseKind::Chain(chain) => self.chain(states, rule, negated, chain, sight),
            ClauseKind::Search(search) => self.search(states, rule, negated, search, sight),
            ClauseKind::Aggregate(aggregate) => self.aggregate(states, aggregate, sight, &mut shown),
            ClauseKind::Cycle(cycle) => self.cycle(states, cycle, sight, &mut shown),
            ClauseKind::Expect(_) => Truth::True,
        };
        let truth = if negated { Truth::from(of_memory != Truth::True) } else { of_memory };
        if P::LISTENS {
            let witnesses = sight.witnesses.clone();
            self.tell_clause(states, rule, Some(at), truth, &witnesses, shown.as_deref());
        }
        if negated || truth != Truth::True {
            sight.bound.clear();
            sight.witnesses.clear();
        }
        truth
    }

    fn tell_clause(
        &mut self,
        states: States<'e>,
        rule: &'e Rule,
        clause: Option<u16>,
        truth: Truth,
        witnesses: &[u64],
        measured: Option<&str>,
    ) {
        let unknown = (truth == Truth::Unknown).then(|| match clause {
            None => unknown::of_condition(self, rule, rule.condition),
            Some(at) => unknown::of_clause(self, states, rule, at),
        });
        let clause = clause.map(usize::from);
        let seen = ClauseSeen { rule: &rule.code, clause, truth, witnesses, measured, unknown: unknown.as_ref() };
        self.probe.clause(seen);
    }

    /// Calls `then` with the events that were found in the rule's slots.
    pub(super) fn with_bound<T>(
        &mut self,
        found: &[(u16, &'e crate::state::Record, bool)],
        up: Option<&Bound<'_, 'e>>,
        then: &mut dyn FnMut(&mut Self, Scope<'_, 'e>) -> T,
    ) -> T {
        match found.split_first() {
            None => then(self, Scope { bound: up, ..Scope::default() }),
            Some(((slot, record, is_shared), rest)) => {
                let bound = Bound { slot: *slot, record, is_shared: *is_shared, up };
                self.with_bound(rest, Some(&bound), then)
            }
        }
    }
}
