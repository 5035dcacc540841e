//! The validators that watch a run as a whole, as the engine asks them: each at the three moments of a run.

use std::sync::Arc;

use aop_rules::post_run::{Arrival, Conformance};
use aop_toon::{Finding, Timestamp};

use crate::config::Settings;
use crate::engine::Engine;
use crate::error::Cause;
use crate::run_state::RunState;

/// Whether they are compiled in at all; without it settings cannot ask for one.
const ARE_THERE: bool = cfg!(feature = "runs");

/// The workflow model of these settings, made ready.
pub(crate) fn model(settings: &Settings) -> Result<Option<Arc<Conformance>>, Cause> {
    let Some(settings) = settings.conformance.as_ref().filter(|_| ARE_THERE) else { return Ok(None) };
    Ok(Conformance::new(settings)?.map(Arc::new))
}

/// What they say of an event that arrives.
pub(crate) fn at_ingestion(engine: &Engine, state: &RunState, arrival: &Arrival<'_>, findings: &mut Vec<Finding>) {
    if !ARE_THERE {
        return;
    }
    let settings = &engine.settings;
    if let Some(settings) = &settings.timelag {
        state.timelag.state.at_ingestion(settings, arrival, findings);
    }
    if let Some(settings) = &settings.missing_step {
        state.missing_step.state.at_ingestion(settings, arrival, findings);
    }
    if let Some(settings) = &settings.sequence {
        state.sequence.state.at_ingestion(settings, arrival, findings);
    }
    if let Some(settings) = &settings.frequency {
        state.frequency.state.at_ingestion(settings, arrival, findings);
    }
}

/// Takes an event into their memories.
pub(crate) fn observe(engine: &Engine, state: &mut RunState, arrival: &Arrival<'_>, accepted: bool) {
    if !ARE_THERE {
        return;
    }
    let settings = &engine.settings;
    if let Some(settings) = &settings.timelag {
        state.timelag.state.observe(settings, arrival, accepted);
    }
    if let Some(settings) = &settings.missing_step {
        state.missing_step.state.observe(settings, arrival, accepted);
    }
    if let Some(model) = &engine.conformance {
        state.conformance.state.observe(model, arrival, accepted);
    }
    if let Some(settings) = &settings.sequence {
        state.sequence.state.observe(settings, arrival, accepted);
    }
    if let Some(settings) = &settings.frequency {
        state.frequency.state.observe(settings, arrival, accepted);
    }
}

/// What they say if the run ended here. Of one that began anew with other settings, the findings say since when it watches.
pub(crate) fn finish(engine: &Engine, state: &RunState, now: Option<Timestamp>, findings: &mut Vec<Finding>) {
    if !ARE_THERE {
        return;
    }
    let mut part = |since: Option<u64>, finish: &mut dyn FnMut(&mut Vec<Finding>)| {
        let before = findings.len();
        finish(findings);
        if let Some(since) = since {
            for finding in &mut findings[before..] {
                finding.message.push_str(&format!(" (watched since #{since}, when its memory began anew)"));
            }
        }
    };
    let settings = &engine.settings;
    if let Some(settings) = &settings.timelag {
        part(state.timelag.since, &mut |findings| state.timelag.state.finish(settings, now, findings));
    }
    if let Some(settings) = &settings.missing_step {
        part(state.missing_step.since, &mut |findings| state.missing_step.state.finish(settings, now, findings));
    }
    if let Some(model) = &engine.conformance {
        part(state.conformance.since, &mut |findings| state.conformance.state.finish(model, findings));
    }
    if let Some(settings) = &settings.sequence {
        part(state.sequence.since, &mut |findings| state.sequence.state.finish(settings, now, findings));
    }
    if let Some(settings) = &settings.frequency {
        part(state.frequency.since, &mut |findings| state.frequency.state.finish(settings, now, findings));
    }
}
