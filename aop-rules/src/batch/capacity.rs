//! `batch/capacity`

use aop_toon::Finding;

use super::BatchSettings;
use super::view::View;
use crate::rule::Rule;

/// There was more than could be remembered.
pub static CAPACITY: Rule = Rule {
    id: "batch/capacity",
    summary: "there was more than could be remembered, so that something may not have been found",
    why: "The memory of many runs is bounded, and whoever makes up names could fill it. Nothing is passed over in silence: what had no \
          place is counted and said, and the settings say what to raise.",
    source: "The operator's settings (`agents_max`, `keys_max`)",
    ..Rule::BATCH
};

pub(super) fn check(settings: &BatchSettings, view: &View<'_>, findings: &mut Vec<Finding>) {
    let mut say = |message: String| findings.push(CAPACITY.finding(message));
    let total =
        |of: fn(&super::bucket::Bucket) -> u64| view.buckets().map(|(_, bucket)| of(bucket)).fold(0, u64::saturating_add);
    let (agents_max, keys_max) = (settings.agents_max, settings.keys_max);
    let tables = [
        (total(|bucket| bucket.agents.left_out()), "agents", "agents_max", agents_max),
        (total(|bucket| bucket.actions.left_out()), "actions of agents", "keys_max", keys_max),
        (total(|bucket| bucket.destinations.left_out()), "destinations of agents", "keys_max", keys_max),
        (total(|bucket| bucket.prints.left_out()), "fingerprints", "keys_max", keys_max),
    ];
    for (left_out, what, setting, max) in tables {
        if left_out > 0 {
            say(format!(
                "{left_out} entries had no place: a bucket of {} has more than {max} {what} (`batch.{setting}`), and those beyond \
                 are not judged",
                settings.bucket,
            ));
        }
    }
    let unlisted = total(|bucket| bucket.unlisted);
    if unlisted > 0 {
        say(format!(
            "{unlisted} actions, destinations and fingerprints had no place in the profiles of their runs, and are not judged"
        ));
    }
    if view.has_forgotten() {
        say("runs of the baseline had to be forgotten: the runs began at too many different times; are their clocks right?"
            .to_owned());
    }
    let ahead = view.runs_ahead();
    if ahead > 0 {
        say(format!(
            "{ahead} runs begin after now: they are not taken in and not judged; is now right, and are their clocks?"
        ));
    }
    let to_come = view.runs_to_come();
    if to_come > 0 {
        say(format!("{to_come} runs begin after the window's end and are not judged; is now right, and are their clocks?"));
    }
}
