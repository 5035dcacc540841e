//! Runs in short, for cases.

use std::collections::BTreeMap;

use aop_rules::batch::{RunProfile, RunTraits, Sent, Who};
use aop_toon::Timestamp;
use serde::Deserialize;

/// When every case is judged: in the middle of a bucket.
pub(crate) const NOW: &str = "2026-03-01T15:00:00Z";
const DAY: f64 = 86_400e6;

/// So many equal runs, spread evenly over these days before now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Short {
    #[serde(default = "one")]
    count: u64,
    /// From and to, in days before now.
    days: (f64, f64),
    #[serde(default = "seven")]
    agent: Option<i64>,
    #[serde(default)]
    organisation: Option<String>,
    #[serde(default)]
    session: Option<String>,
    #[serde(default = "ten")]
    seconds: f64,
    /// How many of these runs have an error; the first of them.
    #[serde(default)]
    failed: u64,
    /// How many errors each of these has.
    #[serde(default = "one")]
    failures: u64,
    #[serde(default)]
    actions: BTreeMap<String, u64>,
    /// Bytes by destination.
    #[serde(default)]
    sends: BTreeMap<String, u64>,
    /// Fingerprints, and what they are of.
    #[serde(default)]
    prints: BTreeMap<String, String>,
}

fn one() -> u64 {
    1
}

#[expect(clippy::unnecessary_wraps, reason = "a default has the field's type")]
fn seven() -> Option<i64> {
    Some(7)
}

fn ten() -> f64 {
    10.0
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().expect("it is a time")
}

/// The runs of a case, each with its number as its name.
pub(crate) fn expand(shorts: &[Short]) -> Vec<RunProfile> {
    let mut runs = Vec::new();
    for short in shorts {
        for place in 0..short.count {
            let share = place as f64 / short.count as f64;
            let days = short.days.0 + (short.days.1 - short.days.0) * share;
            let start = Timestamp::from_micros(now().micros() - (days * DAY) as i64);
            let errors = if place < short.failed { short.failures } else { 0 };
            let sent = |(name, bytes): (&String, &u64)| (name.clone(), Sent { requests: 1, bytes: *bytes });
            let traits = RunTraits {
                session: short.session.clone(),
                destinations: short.sends.iter().map(sent).collect(),
                fingerprints: short.prints.clone(),
                failures: (errors > 0).then_some((start.micros(), errors)).into_iter().collect(),
                ..RunTraits::default()
            };
            let requests = short.actions.values().sum();
            runs.push(RunProfile {
                run_id: format!("r-{}", runs.len() + 1),
                who: Who { organisation: short.organisation.clone(), agent: short.agent },
                start,
                duration_micros: (short.seconds * 1e6) as i64,
                events: 2 * requests + errors,
                requests,
                errors,
                refused: 0,
                actions: short.actions.clone(),
                other_actions: 0,
                traits,
            });
        }
    }
    runs
}
