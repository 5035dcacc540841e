//! `batch/drift-mix`

use std::collections::BTreeMap;

use aop_toon::Finding;

use super::BatchSettings;
use super::bucket::ActionCell;
use super::drift_errors::percent;
use super::view::{Both, View, names};
use crate::rule::Rule;

/// An agent asks for other actions than it did.
pub static DRIFT_MIX: Rule = Rule {
    id: "batch/drift-mix",
    summary: "an agent asks for other actions than it did",
    why: "What an agent does all day is its fingerprint: when reading gives way to writing, or one tool to another, it does another \
          job, by a new prompt, a new model, or a stranger's order. How often it works does not matter, only what with.",
    source: "J. Lin, Divergence Measures Based on the Shannon Entropy, IEEE Transactions on Information Theory 37(1), 1991",
    ..Rule::BATCH
};

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    let actions = view.pairs(|bucket| &bucket.actions);
    for (who, agent) in &view.agents {
        let Some(actions) = actions.get(who) else { continue };
        let [now, before] = totals(actions);
        let is_enough = agent.window.runs >= settings.runs_min
            && agent.baseline.runs >= settings.history_min
            && now >= settings.mix_requests_min
            && before > 0;
        if !is_enough {
            continue;
        }
        let shares = |both: &Both<ActionCell>| {
            (both.window.requests as f64 / now as f64, both.baseline.requests as f64 / before as f64)
        };
        let divergence = divergence(actions.values().map(shares));
        if divergence <= settings.mix_max {
            continue;
        }
        let change = |both: &Both<ActionCell>| {
            let (now, before) = shares(both);
            (now - before).abs()
        };
        // Of equal changes the first name: the map's order, which `max_by` keeps by taking the last of the reversed.
        let most = actions.iter().rev().max_by(|(_, one), (_, other)| change(one).total_cmp(&change(other)));
        let Some((name, both)) = most else { continue };
        let (share, share_before) = shares(both);
        let message = format!(
            "{who}: the actions of {} runs differ from those of {} runs before by a Jensen–Shannon divergence of {divergence:.2} \
             (limit {}); most of all {name}: {} of {now} requests, {} of {before} before",
            agent.window.runs,
            agent.baseline.runs,
            settings.mix_max,
            percent(share),
            percent(share_before),
        );
        let runs = if share > share_before { &both.window.named } else { &agent.window.named };
        findings.push(Finding { run_ids: names(runs.iter()), ..DRIFT_MIX.finding(message) });
    }
}

/// All requests in the window, and all before.
fn totals(actions: &BTreeMap<&str, Both<ActionCell>>) -> [u64; 2] {
    let sum = |of: fn(&Both<ActionCell>) -> u64| actions.values().map(of).fold(0, u64::saturating_add);
    [sum(|both| both.window.requests), sum(|both| both.baseline.requests)]
}

/// The Jensen–Shannon divergence of two distributions, given as pairs of shares, to the base 2: 0 for equal ones, 1 for those that
/// have nothing in common.
fn divergence(shares: impl Iterator<Item = (f64, f64)>) -> f64 {
    let part = |share: f64, middle: f64| if share > 0.0 { share * (share / middle).log2() } else { 0.0 };
    let sum: f64 = shares
        .map(|(one, other)| {
            let middle = f64::midpoint(one, other);
            0.5 * part(one, middle) + 0.5 * part(other, middle)
        })
        .sum();
    sum.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::divergence;

    #[test]
    fn it_is_0_for_equal_ones_and_1_for_disjoint_ones() {
        assert_eq!(divergence([(0.5, 0.5), (0.5, 0.5)].into_iter()), 0.0);
        assert_eq!(divergence([(1.0, 0.0), (0.0, 1.0)].into_iter()), 1.0);
        // Worked by hand: 0.5·(½·log2(½/¾) + ½·log2(½/¼)) + 0.5·(1·log2(1/¾))
        let half = divergence([(0.5, 1.0), (0.5, 0.0)].into_iter());
        assert!((half - 0.311_278).abs() < 1e-6, "{half}");
    }
}
