//! What is known of the runs that began in one stretch of time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bounded::{Capped, Cell, Digest, First, Key, digest};
use super::{BatchSettings, RunProfile, Who};
use crate::post_run::robust::LogHistogram;

/// A bucket is cut into so many slices, in which failures are counted.
pub(super) const SLICES: i64 = 24;

/// One stretch of time. Two of them that are merged are what one would have been that had seen all the runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bucket {
    pub(super) agents: Capped<Who, AgentCell>,
    pub(super) actions: Capped<Pair, ActionCell>,
    pub(super) destinations: Capped<Pair, DestinationCell>,
    pub(super) prints: Capped<Print, PrintCell>,
    /// Names that the runs' profiles had no place for.
    pub(super) unlisted: u64,
    /// The latest end of a run that began in it, as far as that is within a bucket's length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) latest: Option<i64>,
}

/// An agent and a name: of an action, of a destination.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    pub(super) who: Who,
    pub(super) name: String,
}

/// A value that came up, by its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Print {
    pub(super) entity: String,
    pub(super) print: String,
}

/// A run, by its beginning and its name; runs are named in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct RunName(pub(super) i64, pub(super) String);

/// An agent's runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentCell {
    pub(super) runs: u64,
    /// Runs with an error.
    pub(super) failed: u64,
    /// In milliseconds.
    pub(super) durations: LogHistogram<4>,
    pub(super) named: First<RunName>,
    pub(super) named_failed: First<RunName>,
    /// Failures and refusals that happened in each slice of the bucket, whenever their runs began, and some of these runs.
    pub(super) failures: BTreeMap<u8, FailureCell>,
}

/// The failures and refusals in one slice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FailureCell {
    pub(super) count: u64,
    pub(super) named: First<RunName>,
}

/// An action of an agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionCell {
    pub(super) runs: u64,
    pub(super) requests: u64,
    pub(super) named: First<RunName>,
}

/// A destination of an agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DestinationCell {
    pub(super) runs: u64,
    pub(super) bytes: u64,
    /// The most that one run has sent.
    pub(super) run_bytes_max: u64,
    pub(super) named: First<RunName>,
    pub(super) sessions: First<String>,
}

/// A value that came up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrintCell {
    pub(super) runs: u64,
    pub(super) named: First<RunName>,
    pub(super) agents: First<Who>,
    pub(super) sessions: First<String>,
}

impl Bucket {
    /// Takes in a run that began in this bucket; its failures are for the buckets that they happened in.
    pub(super) fn observe(&mut self, settings: &BatchSettings, run: &RunProfile, name: &RunName) {
        let (who, traits) = (&run.who, &run.traits);
        let lasted = run.duration_micros.clamp(0, settings.bucket.micros().max(0));
        self.latest = self.latest.max(Some(run.start.micros().saturating_add(lasted)));
        self.agents.touch(
            settings.agents_max,
            who.digest(),
            || who.clone(),
            |cell| {
                add(&mut cell.runs, 1);
                cell.durations.add(run.duration_micros.max(0) as u64 / 1000);
                cell.named.insert(name);
                if run.errors > 0 {
                    add(&mut cell.failed, 1);
                    cell.named_failed.insert(name);
                }
            },
        );
        let pair = |name: &str| Pair { who: who.clone(), name: name.to_owned() };
        for (action, requests) in &run.actions {
            self.actions.touch(
                settings.keys_max,
                pair_digest(who, action),
                || pair(action),
                |cell| {
                    add(&mut cell.runs, 1);
                    add(&mut cell.requests, *requests);
                    cell.named.insert(name);
                },
            );
        }
        for (destination, sent) in &traits.destinations {
            self.destinations.touch(
                settings.keys_max,
                pair_digest(who, destination),
                || pair(destination),
                |cell| {
                    add(&mut cell.runs, 1);
                    add(&mut cell.bytes, sent.bytes);
                    cell.run_bytes_max = cell.run_bytes_max.max(sent.bytes);
                    cell.named.insert(name);
                    traits.session.iter().for_each(|session| cell.sessions.insert(session));
                },
            );
        }
        for (print, entity) in &traits.fingerprints {
            let key = || Print { entity: entity.clone(), print: print.clone() };
            self.prints.touch(settings.keys_max, digest([entity.as_str(), print]), key, |cell| {
                add(&mut cell.runs, 1);
                cell.named.insert(name);
                cell.agents.insert(who);
                traits.session.iter().for_each(|session| cell.sessions.insert(session));
            });
        }
        let unlisted = [run.other_actions, traits.other_destinations, traits.other_fingerprints];
        unlisted.iter().for_each(|count| add(&mut self.unlisted, *count));
    }

    /// How many runs began in it.
    pub(super) fn runs(&self) -> u64 {
        self.agents.iter().fold(0, |sum, (_, cell)| sum.saturating_add(cell.runs))
    }

    /// Takes in failures of a run that happened in this bucket.
    pub(super) fn fail(&mut self, settings: &BatchSettings, who: &Who, name: &RunName, slice: u8, count: u64) {
        self.agents.touch(
            settings.agents_max,
            who.digest(),
            || who.clone(),
            |cell| {
                let cell = cell.failures.entry(slice).or_default();
                add(&mut cell.count, count);
                cell.named.insert(name);
            },
        );
    }

    pub(super) fn merge(&mut self, settings: &BatchSettings, other: &Self) {
        self.agents.merge(settings.agents_max, &other.agents);
        self.actions.merge(settings.keys_max, &other.actions);
        self.destinations.merge(settings.keys_max, &other.destinations);
        self.prints.merge(settings.keys_max, &other.prints);
        add(&mut self.unlisted, other.unlisted);
        self.latest = self.latest.max(other.latest);
    }
}

/// A state that was read back may hold anything: counting must not fail.
pub(super) fn add(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

fn pair_digest(who: &Who, name: &str) -> Digest {
    let agent = who.agent.map(|agent| agent.to_string());
    // No organisation is another one than that without a name.
    let has_organisation = if who.organisation.is_some() { "1" } else { "0" };
    let organisation = who.organisation.as_deref().unwrap_or_default();
    digest([has_organisation, organisation, agent.as_deref().unwrap_or_default(), name])
}

impl Key for Who {
    fn digest(&self) -> Digest {
        pair_digest(self, "")
    }
}

impl Key for Pair {
    fn digest(&self) -> Digest {
        pair_digest(&self.who, &self.name)
    }
}

impl Key for Print {
    fn digest(&self) -> Digest {
        digest([self.entity.as_str(), &self.print])
    }
}

impl Cell for AgentCell {
    fn merge(&mut self, other: &Self) {
        add(&mut self.runs, other.runs);
        add(&mut self.failed, other.failed);
        self.durations.merge(&other.durations);
        self.named.merge(&other.named);
        self.named_failed.merge(&other.named_failed);
        for (slice, cell) in &other.failures {
            let own = self.failures.entry(*slice).or_default();
            add(&mut own.count, cell.count);
            own.named.merge(&cell.named);
        }
    }
}

impl Cell for ActionCell {
    fn merge(&mut self, other: &Self) {
        add(&mut self.runs, other.runs);
        add(&mut self.requests, other.requests);
        self.named.merge(&other.named);
    }
}

impl Cell for DestinationCell {
    fn merge(&mut self, other: &Self) {
        add(&mut self.runs, other.runs);
        add(&mut self.bytes, other.bytes);
        self.run_bytes_max = self.run_bytes_max.max(other.run_bytes_max);
        self.named.merge(&other.named);
        self.sessions.merge(&other.sessions);
    }
}

impl Cell for PrintCell {
    fn merge(&mut self, other: &Self) {
        add(&mut self.runs, other.runs);
        self.named.merge(&other.named);
        self.agents.merge(&other.agents);
        self.sessions.merge(&other.sessions);
    }
}
