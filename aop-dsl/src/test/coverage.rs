//! Which outcomes of which clauses the tests of a policy have seen.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::eval::{ClauseSeen, Probe};
use crate::source_text::one_line;
use crate::typed::{Const, ExprKind, Package};
use crate::value::Truth;

/// What the tests have seen of one rule. A clause has two outcomes: it holds, or it does not; a rule whose tests have seen both of
/// each clause cannot lose a clause without a test noticing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCoverage {
    /// `package.rule`.
    pub rule: String,
    /// How many outcomes were seen.
    pub seen: usize,
    /// How many there are.
    pub all: usize,
    /// The outcomes that were not, in words.
    pub gaps: Vec<String>,
}

/// The outcomes of a package's rules.
#[derive(Debug)]
pub(super) struct Coverage {
    rules: Vec<Outcomes>,
    places: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Outcomes {
    rule: String,
    clauses: Vec<Clause>,
}

#[derive(Debug)]
struct Clause {
    /// Its place in the rule; nothing for the trigger's condition.
    place: Option<usize>,
    text: String,
    held: bool,
    failed: bool,
}

impl Coverage {
    pub(super) fn of(package: &Package) -> Self {
        let text = |span| one_line(&package.source, span);
        let rules: Vec<Outcomes> = package
            .rules
            .iter()
            .map(|rule| {
                let is_bare = matches!(rule.trigger.condition.kind, ExprKind::Const(Const::Bool(true)));
                let trigger = (!is_bare).then(|| (None, text(rule.trigger.condition.span)));
                let clauses = rule.clauses.iter().enumerate().map(|(place, clause)| (Some(place), text(clause.span)));
                let clause = |(place, text)| Clause { place, text, held: false, failed: false };
                Outcomes { rule: rule.code.clone(), clauses: trigger.into_iter().chain(clauses).map(clause).collect() }
            })
            .collect();
        let places = rules.iter().enumerate().map(|(at, outcomes)| (outcomes.rule.clone(), at)).collect();
        Self { rules, places }
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = RuleCoverage> + '_ {
        self.rules.iter().map(|outcomes| {
            let all = 2 * outcomes.clauses.len();
            let gap = |clause: &Clause, seen: bool, what: &str| {
                (!seen).then(|| format!("no test in which `{}` {what}", clause.text))
            };
            let gaps: Vec<String> = outcomes
                .clauses
                .iter()
                .flat_map(|clause| [gap(clause, clause.held, "holds"), gap(clause, clause.failed, "does not hold")])
                .flatten()
                .collect();
            RuleCoverage { rule: outcomes.rule.clone(), seen: all - gaps.len(), all, gaps }
        })
    }
}

impl Probe for &mut Coverage {
    const LISTENS: bool = true;

    fn clause(&mut self, seen: ClauseSeen<'_>) {
        let Some(&at) = self.places.get(seen.rule) else { return };
        let Some(clause) = self.rules[at].clauses.iter_mut().find(|clause| clause.place == seen.clause) else { return };
        match seen.truth {
            Truth::True => clause.held = true,
            Truth::False => clause.failed = true,
            Truth::Unknown => {}
        }
    }
}
