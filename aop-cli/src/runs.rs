//! What batch rules are told of a stored run beyond its numbers: the meta of its events.

use aop_engine::{Engine, Event, RunRecord, RunState};

/// The meta of a run: of each member that its events' meta have, the first value.
#[derive(Debug, Default)]
pub(crate) struct RunMeta {
    /// The values as they were sent.
    members: Vec<(String, String)>,
    agent_id: Option<i64>,
}

/// These tell events and runs apart, and say nothing of a run.
const OF_EVENTS: [&str; 2] = ["call_id", "run_id"];

impl RunMeta {
    pub(crate) fn take(&mut self, event: &Event<'_>) {
        let meta = event.meta();
        self.agent_id = self.agent_id.or_else(|| meta.agent_id());
        for (name, value) in meta.object().entries() {
            let name = name.as_str();
            if OF_EVENTS.contains(&name.as_ref()) || self.members.iter().any(|(known, _)| *known == name) {
                continue;
            }
            self.members.push((name.into_owned(), value.raw().to_owned()));
        }
    }

    /// The run as batch rules see it. A stored run has ended, and is taken for completed.
    pub(crate) fn record(&self, engine: &Engine, state: &RunState, run_id: &str) -> Option<RunRecord> {
        let mut record = engine.record(state, run_id)?;
        "completed".clone_into(&mut record.status);
        record.agent_id = record.agent_id.or(self.agent_id);
        record.meta = self.text();
        Some(record)
    }

    fn text(&self) -> Option<String> {
        let members: Vec<String> =
            self.members.iter().map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name.as_str()))).collect();
        (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
    }
}
