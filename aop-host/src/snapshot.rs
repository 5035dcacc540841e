//! The engine's state of a run, as it is kept between two batches, two loads, two starts.
//!
//! The engine follows every event, also while validators are off, so that a state is right whenever they are switched on.
//! The other way, to throw the state away and rebuild it from the store, loses what was redacted; and following costs
//! nothing that shows: in batches of 100 reasoning events of 300 bytes on two cores, 263,000 events a second either way.

use aop_engine::{Context, Engine, Event, Limits, ParseError, RunState};

use crate::host::Host;
use crate::log::{Level, log};
use crate::principal::Principal;
use crate::store::{StoreError, StoredRun};

/// The state of a run without events, which is bound to this agent from the start.
pub(crate) fn fresh(engine: &Engine, bound_agent_id: Option<i64>) -> RunState {
    bound_agent_id.map_or_else(|| engine.new_state(), |agent_id| engine.new_state_of(agent_id))
}

/// Writes a state out.
pub(crate) fn write(state: &RunState) -> Vec<u8> {
    serde_json::to_vec(state).expect("a run's state is plain data with string keys")
}

/// Parses an event that comes out of the log or the store. The door has decided about it under the limits of its day,
/// so none of today's can refuse it.
pub(crate) fn parse_kept(raw: &str) -> Result<Event<'_>, ParseError> {
    const DEPTH_MAX: usize = 128;
    Event::parse_with(raw.as_bytes(), &Limits { bytes: raw.len(), depth: DEPTH_MAX })
}

/// The state of a stored run: from its snapshot, or from its stored events, as they came, when there is none that can be
/// read. What was redacted in them is then unknown to the state, and so is in what role they were sent: an approval that asks for a role is
/// forgotten, and has to be given again. A run that has ended needs none.
pub(crate) fn restore(host: &Host, principal: &Principal, stored: &StoredRun) -> Result<RunState, StoreError> {
    let engine = &host.engine;
    let run_id = stored.run.run_id.as_str();
    let mut state = fresh(engine, stored.run.bound_agent_id);
    if stored.run.status.is_finished() {
        return Ok(state);
    }
    match stored.snapshot.as_deref().map(|snapshot| engine.restore(&String::from_utf8_lossy(snapshot))) {
        Some(Ok(state)) => return Ok(state),
        Some(Err(error)) => {
            log(Level::Warning, "a run's state is rebuilt from its events", &[("run_id", &run_id), ("error", &error)]);
        }
        None => {}
    }
    let mut visit = |seq, effect: aop_engine::Effect, body: &str| match parse_kept(body) {
        Ok(event) => {
            let context = Context { tenant: Some(principal.organisation.as_str()), ..Context::default() };
            engine.observe_in(&event, effect.accepts(), &mut state, context);
        }
        Err(error) => {
            let fields: [(&str, &dyn std::fmt::Display); 3] = [("run_id", &run_id), ("seq", &seq), ("error", &error)];
            log(Level::Error, "a stored event cannot be read, and is missing from its run's state", &fields);
        }
    };
    host.store.replay(principal, run_id, &mut visit)?;
    Ok(state)
}
