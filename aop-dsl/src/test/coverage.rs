//! Which outcomes of which clauses the tests of a policy have seen.

use std::collections::BTreeMap;

use serde::Serialize;

use aop_toon::Finding;

use crate::eval::{ClauseSeen, Probe};
use crate::source_text::one_line;
use crate::typed::{ClauseKind, Const, ExprKind, Package};
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
    /// The event that is looked at.
    seq: u64,
    /// The events of the test that is run at which its rule began a duty, if it is one with a duty.
    begun: Vec<u64>,
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
    /// It is decided later than the others, when its event has come or has not.
    is_duty: bool,
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
                let trigger = (!is_bare).then(|| (None, text(rule.trigger.condition.span), false));
                let clauses = rule.clauses.iter().enumerate().map(|(place, clause)| {
                    (Some(place), text(clause.span), matches!(clause.kind, ClauseKind::Expect { .. }))
                });
                let clause = |(place, text, is_duty)| Clause { place, text, is_duty, held: false, failed: false };
                Outcomes { rule: rule.code.clone(), clauses: trigger.into_iter().chain(clauses).map(clause).collect() }
            })
            .collect();
        let places = rules.iter().enumerate().map(|(at, outcomes)| (outcomes.rule.clone(), at)).collect();
        Self { rules, places, seq: 0, begun: Vec::new() }
    }

    /// The next event of a test is looked at; its first one is number 1.
    pub(super) fn at(&mut self, seq: u64) {
        if seq == 1 {
            self.begun.clear();
        }
        self.seq = seq;
    }

    /// A test has ended: `found` are the findings of its rule, and `open` those that there would be if the run ended for good. A duty
    /// that is in neither was kept.
    pub(super) fn end_duties(&mut self, code: &str, found: &[Finding], open: &[Finding]) {
        let begun = std::mem::take(&mut self.begun);
        let Some(&at) = self.places.get(code) else { return };
        let is_about = |findings: &[Finding], seq: u64| findings.iter().any(|finding| finding.seq == Some(seq));
        let undecided = |finding: &Finding| finding.message.contains("could not be decided");
        for clause in self.rules[at].clauses.iter_mut().filter(|clause| clause.is_duty) {
            clause.held |= begun.iter().any(|seq| !is_about(found, *seq) && !is_about(open, *seq));
            clause.failed |= found.iter().any(|finding| finding.seq.is_some() && !undecided(finding));
        }
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
        if clause.is_duty {
            return;
        }
        match seen.truth {
            Truth::True => clause.held = true,
            Truth::False => clause.failed = true,
            Truth::Unknown => {}
        }
    }

    fn rule(&mut self, truth: Truth) {
        if truth == Truth::True {
            self.begun.push(self.seq);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::replay::NoDetectors;

    const SCHEMA: &str = r#"
        policy a.b version "1.0.0" dsl 1;
        schema { effect spend; action pay(amount: int) : spend; action ask() -> string; }
    "#;

    /// The gaps of the rule `r`.
    fn gaps(policy: &str) -> Vec<String> {
        let set = crate::compile("a.aop", &format!("{SCHEMA}{policy}")).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let report = crate::test(&set, &NoDetectors, &|_| true);
        assert_eq!(report.failed(), 0, "{:?}", report.results);
        report.coverage[0].gaps.clone()
    }

    #[test]
    fn rules_about_the_end_of_a_run_are_looked_at() {
        let rule = "rule r { on run_end where run.requests > 1 without final within run then flag; }";
        let busy = "test \"busy\" for r { 2 request(ask) {}; expect flag; }";
        assert_eq!(
            gaps(&format!("{rule}{busy}")),
            [
                "no test in which `run.requests > 1` does not hold",
                "no test in which `without final within run` does not hold"
            ]
        );
        let quiet = "test \"quiet\" for r { final {}; expect nothing; }";
        assert_eq!(gaps(&format!("{rule}{busy}{quiet}")), Vec::<String>::new());
    }

    #[test]
    fn a_duty_is_kept_or_broken_or_still_open() {
        let rule = "rule r @phase(post_run) { on c: request(ask) expect a: response(ask) within 5s then flag; }";
        let gap = |what: &str| vec![format!("no test in which `expect a: response(ask) within 5s` {what}")];
        let kept = "test \"kept\" for r { response(ask) {}; expect nothing; }";
        let late = "test \"late\" for r { request(ask) {}; 6s response(ask) {}; expect flag at seq 1; }";
        let never = "test \"never\" for r { request(ask) {}; expect flag at seq 1; }";
        let open = "test \"open\" for r { request(ask) {}; end after 4s; expect nothing; }";
        assert_eq!(gaps(&format!("{rule}{kept}")), gap("does not hold"));
        assert_eq!(gaps(&format!("{rule}{late}")), gap("holds"));
        assert_eq!(gaps(&format!("{rule}{never}")), gap("holds"));
        assert_eq!(gaps(&format!("{rule}{open}")), [gap("holds"), gap("does not hold")].concat());
        assert_eq!(gaps(&format!("{rule}{open}{late}{kept}")), Vec::<String>::new());
    }

    #[test]
    fn a_condition_that_an_action_decides_is_looked_at() {
        let rule = "rule r { on c: request(*) where \"spend\" in c.effects then deny; }";
        let pays = "test \"pays\" for r { request(pay) { amount: 1 }; expect deny at seq 1; }";
        let asks = "test \"asks\" for r { request(ask) {}; expect nothing; }";
        let says = "test \"says\" for r { user \"pay\"; expect nothing; }";
        let gap = ["no test in which `\"spend\" in c.effects` does not hold"];
        assert_eq!(gaps(&format!("{rule}{pays}")), gap);
        // An event that the pattern does not mean asks nothing of the condition.
        assert_eq!(gaps(&format!("{rule}{pays}{says}")), gap);
        assert_eq!(gaps(&format!("{rule}{pays}{asks}")), Vec::<String>::new());
    }
}
