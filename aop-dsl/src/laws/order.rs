//! Laws C and G: a rule does not depend on the rules around it, but for what they refuse.

use aop_toon::Finding;
use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{Keeping, cases, compiled, judgements, try_all};
use super::policies::{self, RuleText};
use super::traces;

/// Rules are kept by their names, so that other names put them into another order as well.
#[test]
fn another_order_of_the_rules_changes_the_order_of_findings_alone() {
    let strategy = (vec(policies::rule(), 2..6), traces::trace(5..40), any::<u64>());
    try_all(cases() / 15, &strategy, |(rules, steps, shuffle)| {
        let mut order: Vec<usize> = (0..rules.len()).collect();
        order.sort_by_key(|&at| shuffle.rotate_left(7 * at as u32) % 1009);
        let set = compiled(&policies::policy(&rules))?;
        let permuted = compiled(&policies::policy_in_order(&rules, &order))?;
        let renamed = compiled(&policies::policy_with_names(&rules, &order))?;
        let events = traces::events(&traces::lines(&steps));
        let judged = |set| judgements(set, &events, Keeping::AsItIs);
        let code = |at: usize| format!("law.random.r{at}");
        for ((one, other), renamed) in judged(&set).iter().zip(judged(&permuted)).zip(judged(&renamed)) {
            prop_assert_eq!(sorted(&one.findings), sorted(&other.findings));
            // Each under the number of its rule in the first order; messages may have names in them.
            let numbered = |findings: &[Finding], code_of: &dyn Fn(usize) -> String| -> Vec<Finding> {
                let numbered = |finding: &Finding| {
                    let rule =
                        (0..rules.len()).find(|at| code_of(*at) == finding.rule.as_ref()).expect("a rule of the policy");
                    let message = finding.message.replace(finding.rule.as_ref(), "it");
                    Finding { rule: rule.to_string().into(), message, ..finding.clone() }
                };
                findings.iter().map(numbered).collect()
            };
            let renamed = numbered(&renamed.findings, &|at| code(order[at]));
            prop_assert_eq!(sorted(&numbered(&one.findings, &code)), sorted(&renamed));
        }
        Ok(())
    });
}

#[test]
fn a_rule_alone_finds_what_it_finds_among_others() {
    let strategy = (vec(policies::rule(), 2..6), traces::trace(5..40));
    try_all(cases() / 15, &strategy, |(rules, steps)| {
        let rules: Vec<RuleText> = rules.iter().map(RuleText::flagging).collect();
        let set = compiled(&policies::policy(&rules))?;
        let events = traces::events(&traces::lines(&steps));
        let together = judgements(&set, &events, Keeping::AsItIs);
        for at in 0..rules.len() {
            let code = format!("law.random.r{at}");
            let alone = set.only(&code).expect("the set has the rule");
            for (together, alone) in together.iter().zip(&judgements(&alone, &events, Keeping::AsItIs)) {
                let own: Vec<Finding> = together.findings.iter().filter(|finding| finding.rule == code).cloned().collect();
                prop_assert_eq!(&own, &alone.findings);
            }
        }
        Ok(())
    });
}

fn sorted(findings: &[Finding]) -> Vec<String> {
    let mut written: Vec<String> = findings.iter().map(|finding| format!("{finding:?}")).collect();
    written.sort();
    written
}
