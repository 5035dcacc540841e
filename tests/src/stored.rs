//! A run as a host gives it back.

use aop_toon::{Document, Limits};

use crate::client::Client;
use crate::ledger::Stored;

/// What a host has of a run.
#[derive(Debug, Clone, Default)]
pub struct StoredRun {
    /// Its events, in the order in which the trace gives them.
    pub events: Vec<Stored>,
    /// The `seq` that its next event should have; nothing before the first.
    pub next_seq: Option<u64>,
}

/// The run and its trace, every event byte for byte; nothing when the host does not know it.
///
/// # Panics
/// When the host gives another answer than 200 or 404, or one that is no trace.
pub fn stored_run(client: &Client, run_id: &str) -> Option<StoredRun> {
    let get = |path: &str| {
        let answer = client.get(path).unwrap_or_else(|error| panic!("GET {path}: {error}"));
        assert!(matches!(answer.status, 200 | 404), "GET {path}: {} {}", answer.status, answer.body);
        (answer.status == 200).then_some(answer.body)
    };
    let trace = get(&format!("/api/runs/{run_id}/trace/"))?;
    let limits = Limits { bytes: 1 << 30, depth: 100 };
    let document =
        Document::parse(trace.as_bytes(), &limits).unwrap_or_else(|error| panic!("the trace of {run_id}: {error}"));
    let events = document.root().get("events").expect("a trace has events");
    let events = events.items().map(|item| {
        let seq = item.get("seq").and_then(|seq| seq.as_number()).and_then(|seq| seq.as_u64());
        let status = item.get("status").and_then(|status| status.as_str());
        Stored {
            seq: seq.expect("an event of a trace has its seq"),
            accepted: status.expect("an event of a trace has a status") == "accepted",
            body: item.get("event").expect("an event of a trace is in `event`").raw().to_owned(),
        }
    });
    let run: serde_json::Value = serde_json::from_str(&get(&format!("/api/runs/{run_id}/"))?).expect("a run is JSON");
    Some(StoredRun { events: events.collect(), next_seq: run["next_seq"].as_u64() })
}
