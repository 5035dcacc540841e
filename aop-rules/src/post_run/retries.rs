//! Calls that fail and are asked for again as they were.

use aop_toon::Finding;
use serde::{Deserialize, Serialize};

use super::bounded::First;
use super::repeats::Cycle;
use super::sequence::SEQ_ORPHAN_RESPONSE;
use super::{left_out, post_run_at};
use crate::rule::Rule;

/// The same failing call again and again.
pub static SEQ_RETRY: Rule = Rule {
    id: "seq/retry",
    summary: "a call that failed was asked for again without change",
    why: "What failed twice fails a third time: an agent that changes nothing does not read why. Calls are equal as in \
          `seq/loop`, which counts repeated calls whatever became of them; here each of them but the last failed or was refused. \
          Where all calls of a loop are these, only this is told.",
    source: "the operator's setting `sequence.retries_max`",
    ..SEQ_ORPHAN_RESPONSE
};

/// The calls of a run, watched for those that only failed before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Retries {
    current: Option<Stretch>,
    ended: First<Stretch>,
}

/// The latest call, with those right before it that were equal and failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stretch {
    hash: u64,
    from: u64,
    to: u64,
    /// How often it was asked for again.
    times: u64,
    /// Whether the latest of them failed or was refused.
    failed: bool,
    /// The call at which it had been asked for too often, and its action.
    established: Option<(u64, String)>,
}

impl Retries {
    /// Takes a call in; `times_max` is how often it may be asked for again.
    pub(super) fn call(&mut self, hash: u64, seq: u64, action: &str, refused: bool, times_max: u64) {
        match &mut self.current {
            Some(stretch) if stretch.hash == hash && stretch.failed => {
                stretch.to = seq;
                stretch.times += 1;
                stretch.failed = refused;
                if stretch.times > times_max {
                    stretch.established.get_or_insert_with(|| (seq, action.to_owned()));
                }
            }
            // An equal call whose outcome is still open, or that succeeded, is no failure that is tried again.
            _ => {
                self.interrupt();
                self.current = Some(Stretch { hash, from: seq, to: seq, times: 0, failed: refused, established: None });
            }
        }
    }

    /// Takes in that a call failed.
    pub(super) fn failure(&mut self, request_seq: u64) {
        if let Some(stretch) = self.current.as_mut().filter(|stretch| stretch.to == request_seq) {
            stretch.failed = true;
        }
    }

    /// Begins anew: what comes is not tried again as it was.
    pub(super) fn interrupt(&mut self) {
        if let Some(stretch) = self.current.take().filter(|stretch| stretch.established.is_some()) {
            self.ended.push(stretch);
        }
    }

    /// Whether all calls of a loop are retries that are told, so that the loop says nothing more.
    pub(super) fn tell(&self, cycle: &Cycle) -> bool {
        cycle.actions.len() == 1
            && self.established().any(|(stretch, ..)| stretch.from <= cycle.from && cycle.to <= stretch.to)
    }

    pub(super) fn finish(&self, times_max: u64, findings: &mut Vec<Finding>) {
        for (stretch, established, action) in self.established() {
            let message = format!(
                "the same call of {action} was asked for again {} after it had failed or was refused, #{} to #{}, without change; \
                 at most {} (limit from `sequence.retries_max`)",
                times(stretch.times),
                stretch.from,
                stretch.to,
                times(times_max),
            );
            findings.push(post_run_at(&SEQ_RETRY, established, vec![stretch.from, stretch.to], message));
        }
        left_out(&SEQ_RETRY, self.ended.left_out, findings);
    }

    fn established(&self) -> impl Iterator<Item = (&Stretch, u64, &str)> {
        let stretches = self.ended.items.iter().chain(&self.current);
        stretches.filter_map(|stretch| stretch.established.as_ref().map(|(seq, action)| (stretch, *seq, action.as_str())))
    }
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}
