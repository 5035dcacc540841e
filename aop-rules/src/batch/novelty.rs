//! `batch/rare-action` and `batch/new-destination`: what an agent with a long history has never done before.

use std::collections::BTreeMap;

use aop_toon::Finding;

use super::BatchSettings;
use super::bounded::{Capped, Cell, First};
use super::bucket::{ActionCell, Bucket, DestinationCell, Pair, RunName};
use super::drift_errors::percent;
use super::view::{Both, View, names};
use crate::rule::Rule;

/// An agent asks for an action that it has never asked for.
pub static RARE_ACTION: Rule = Rule {
    id: "batch/rare-action",
    summary: "an agent with a long history asks for an action for the first time",
    why: "An agent that has done its work with ten actions for weeks and now asks for an eleventh has been given a new task, by its \
          owner or by somebody else. Agents that often do something new are left alone.",
    source: "How likely something new is: I. J. Good, The Population Frequencies of Species and the Estimation of Population \
             Parameters, Biometrika 40, 1953",
    ..Rule::BATCH
};

/// An agent sends something to where it has never sent anything.
pub static NEW_DESTINATION: Rule = Rule {
    id: "batch/new-destination",
    summary: "an agent with a long history sends something to a new host, mail domain, address or account",
    why: "Data leaves by a destination, and one that an agent has not used in weeks is worth a look. Agents whose work takes them to \
          new places all day, such as those that browse, are left alone.",
    source: "How likely something new is: I. J. Good, The Population Frequencies of Species and the Estimation of Population \
             Parameters, Biometrika 40, 1953",
    ..Rule::BATCH
};

/// What a name's cell has to say here.
trait Seen: Cell {
    fn runs(&self) -> u64;
    fn named(&self) -> &First<RunName>;
}

impl Seen for ActionCell {
    fn runs(&self) -> u64 {
        self.runs
    }

    fn named(&self) -> &First<RunName> {
        &self.named
    }
}

impl Seen for DestinationCell {
    fn runs(&self) -> u64 {
        self.runs
    }

    fn named(&self) -> &First<RunName> {
        &self.named
    }
}

pub(super) fn actions(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    check(settings, view, &RARE_ACTION, "asks for", |bucket| &bucket.actions, findings);
}

pub(super) fn destinations(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    check(settings, view, &NEW_DESTINATION, "sends to", |bucket| &bucket.destinations, findings);
}

fn check<V: Seen + 'static>(
    settings: &BatchSettings,
    view: &View<'_>,
    rule: &'static Rule,
    does: &str,
    of: fn(&Bucket) -> &Capped<Pair, V>,
    findings: &mut Vec<Finding>,
) {
    let before = view.buckets().filter(|(index, _)| view.baseline.contains(index));
    let is_complete = before.map(|(_, bucket)| of(bucket).left_out()).all(|left_out| left_out == 0);
    let doubt = if is_complete { "" } else { "; the baseline had more than could be kept, so it may not be new" };
    for (who, names_seen) in view.pairs(of) {
        let history = view.agents.get(who).map_or(0, |agent| agent.baseline.runs);
        if history < settings.history_min {
            continue;
        }
        let chance = chance_of_new(&names_seen);
        if chance > settings.novelty_max {
            continue;
        }
        let known = names_seen.values().filter(|both| both.baseline.runs() > 0).count();
        for (name, both) in names_seen.iter().filter(|(_, both)| both.baseline.runs() == 0) {
            let runs = both.window.runs();
            let runs = if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") };
            let others = if known == 1 { "1 other".to_owned() } else { format!("{known} others") };
            let message = format!(
                "{who} {does} {name} in {runs}, for the first time: {history} runs before had {others}, and {} of what came \
                 up in them came up once (limit {}){doubt}",
                percent(chance),
                percent(settings.novelty_max),
            );
            findings.push(Finding { run_ids: names(both.window.named().iter()), ..rule.finding(message) });
        }
    }
}

/// The probability that the next name is one that was never seen, by Good's estimate: the share of names that came up in one run alone,
/// among all that came up.
fn chance_of_new<V: Seen>(names: &BTreeMap<&str, Both<V>>) -> f64 {
    let all = names.values().map(|both| both.baseline.runs()).fold(0, u64::saturating_add);
    let once = names.values().filter(|both| both.baseline.runs() == 1).count();
    if all == 0 { 0.0 } else { once as f64 / all as f64 }
}
