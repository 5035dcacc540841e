//! The engine's state of a run, as it is kept between two batches, two loads, two starts.

use aop_engine::{Engine, Event, RunState};

use crate::host::Host;
use crate::log::{Level, log};
use crate::principal::Principal;
use crate::store::StoreError;

/// How much of a trace is read at once when a state is rebuilt.
const PAGE_BYTES: usize = 4 << 20;

/// The state of a run without events: what the engine may know of its caller is in it from the start.
pub(crate) fn fresh(engine: &Engine, agent_of_caller: Option<i64>) -> RunState {
    agent_of_caller.map_or_else(|| engine.new_state(), |agent_id| engine.new_state_of(agent_id))
}

/// Writes a state out.
pub(crate) fn write(state: &RunState) -> Vec<u8> {
    serde_json::to_vec(state).expect("a run's state is plain data with string keys")
}

/// The state of a stored run: from its snapshot, or from its stored events when the snapshot is of another kind.
pub(crate) fn restore(
    host: &Host,
    principal: &Principal,
    run_id: &str,
    snapshot: Option<&[u8]>,
) -> Result<RunState, StoreError> {
    let engine = &host.engine;
    if !host.config.validators_enabled {
        return Ok(engine.new_state());
    }
    match snapshot.map(|snapshot| engine.restore(&String::from_utf8_lossy(snapshot))) {
        Some(Ok(state)) => return Ok(state),
        Some(Err(error)) => {
            log(Level::Warning, "a run's state is rebuilt from its events", &[("run_id", &run_id), ("error", &error)]);
        }
        None => {}
    }
    let mut state = engine.new_state();
    let mut from_seq = Some(0);
    while let Some(from) = from_seq {
        let page = host.store.events(principal, run_id, from, PAGE_BYTES)?;
        for stored in &page {
            if let Ok(event) = Event::parse_with(stored.body.as_bytes(), &host.event_limits()) {
                engine.observe(&event, stored.effect.accepts(), &mut state);
            }
        }
        from_seq = page.last().and_then(|last| last.seq.checked_add(1));
    }
    Ok(state)
}
