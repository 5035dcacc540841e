//! The beginning and the end of runs: both are records of the log, behind the run's events.

use std::sync::Arc;
use std::time::Duration;

use aop_engine::Timestamp;
use serde::Serialize;

use super::door::Visit;
use super::runs::RunMemory;
use crate::host::Host;
use crate::log::{Level, log};
use crate::principal::Principal;
use crate::problem::Problem;
use crate::record::{Body, RunDetails};
use crate::run::RunStatus;

/// How many idle runs are finished in one go.
const IDLE_RUNS_AT_ONCE: usize = 500;

/// The answer to a run's creation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Created {
    pub(crate) run_id: String,
    pub(crate) agent_id: Option<i64>,
    #[serde(flatten)]
    pub(crate) details: RunDetails,
    pub(crate) created_at: Timestamp,
    /// Whether it existed before, just as asked for.
    #[serde(skip)]
    pub(crate) is_duplicate: bool,
}

/// The answer to a run's finalisation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Finished {
    pub(crate) run_id: String,
    pub(crate) status: RunStatus,
    pub(crate) finalized_at: Timestamp,
    pub(crate) next_seq: Option<u64>,
}

/// Makes a run exist.
pub(crate) async fn create(
    host: &Arc<Host>,
    principal: &Arc<Principal>,
    run_id: String,
    agent_id: Option<i64>,
    details: RunDetails,
) -> Result<Created, Problem> {
    if let (Some(own), Some(named)) = (principal.agent_id, agent_id)
        && own != named
    {
        return Err(Problem::OtherAgent { own, named });
    }
    let agent_id = agent_id.or(principal.agent_id);
    visit(host, principal, run_id, move |visit| {
        let run_id = visit.run_id.to_owned();
        let now = visit.now;
        let memory = visit.memory();
        if memory.status.is_some() {
            if (memory.agent_id, &memory.details) != (agent_id, &details) {
                return Err(Problem::RunExists);
            }
            let (created_at, lsn) = (memory.created_at, memory.last_lsn);
            visit.wait_for(lsn);
            return Ok(Created { run_id, agent_id, details, created_at, is_duplicate: true });
        }
        let json = serde_json::to_string(&details).expect("a number and a text are JSON");
        visit.push(agent_id, Body::Created { details: &json })?;
        visit.bind(agent_id);
        let memory = visit.memory();
        memory.status = Some(RunStatus::Created);
        memory.agent_id = agent_id;
        memory.details = details.clone();
        (memory.created_at, memory.active_at) = (now, now);
        Ok(Created { run_id, agent_id, details, created_at: now, is_duplicate: false })
    })
    .await
}

/// Ends a run with this status; one that has ended gives its first answer.
pub(crate) async fn finish(
    host: &Arc<Host>,
    principal: &Arc<Principal>,
    run_id: String,
    status: RunStatus,
) -> Result<Finished, Problem> {
    visit(host, principal, run_id, move |visit| {
        let now = visit.now;
        let own = visit.principal.agent_id;
        let memory = visit.memory();
        let is_foreign = own.is_some() && memory.agent_id.is_some() && memory.agent_id != own;
        match memory.status {
            None => Err(Problem::NotFound),
            Some(_) if is_foreign => Err(Problem::NotFound),
            Some(status) if status.is_finished() => {
                let lsn = memory.last_lsn;
                visit.wait_for(lsn);
                Ok(finished(visit, status, now))
            }
            Some(_) => {
                close(visit, status)?;
                Ok(finished(visit, status, now))
            }
        }
    })
    .await
}

/// Ends the runs that were idle for too long. Blocks.
pub(crate) fn finish_idle(host: &Host) {
    let limit = Duration::from_secs(host.config.run_idle_timeout_s);
    let limit = i64::try_from(limit.as_micros()).unwrap_or(i64::MAX);
    let before = Timestamp::from_micros(host.clock.now().micros().saturating_sub(limit));
    let idle = match host.store.idle_runs(before, IDLE_RUNS_AT_ONCE) {
        Ok(idle) => idle,
        Err(error) => {
            log(Level::Warning, "idle runs cannot be looked for", &[("error", &error)]);
            return;
        }
    };
    for (organisation, run_id) in idle {
        let principal = Principal::system(&organisation);
        let outcome = visit_blocking(host, &principal, &run_id, |visit| {
            // an event may have come since the store was asked
            let memory = visit.memory();
            let is_open = memory.status.is_some_and(|status| !status.is_finished());
            if is_open && memory.active_at < before { close(visit, RunStatus::TimedOut) } else { Ok(()) }
        });
        if let Err(problem) = outcome {
            log(Level::Warning, "an idle run is not finished yet", &[("run_id", &run_id), ("error", &problem.detail())]);
        }
    }
}

fn close(visit: &mut Visit<'_>, status: RunStatus) -> Result<(), Problem> {
    let next_seq = visit.memory().next_seq;
    visit.push(None, Body::Finalized { status, next_seq })?;
    let now = visit.now;
    let memory = visit.memory();
    memory.status = Some(status);
    memory.finalized_at = Some(now);
    Ok(())
}

fn finished(visit: &mut Visit<'_>, status: RunStatus, now: Timestamp) -> Finished {
    let run_id = visit.run_id.to_owned();
    let RunMemory { finalized_at, next_seq, .. } = visit.memory();
    Finished { run_id, status, finalized_at: finalized_at.unwrap_or(now), next_seq: *next_seq }
}

/// Visits a run off the async threads, and returns when what the visit appended is durable.
async fn visit<T: Send + 'static>(
    host: &Arc<Host>,
    principal: &Arc<Principal>,
    run_id: String,
    work: impl FnOnce(&mut Visit<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let (owned_host, owned_principal) = (host.clone(), principal.clone());
    let task = move || visit_blocking(&owned_host, &owned_principal, &run_id, work);
    let (answer, wait_lsn) = tokio::task::spawn_blocking(task).await.map_err(|_| Problem::Internal)??;
    host.wait_durable(wait_lsn).await?;
    Ok(answer)
}

fn visit_blocking<T>(
    host: &Host,
    principal: &Principal,
    run_id: &str,
    work: impl FnOnce(&mut Visit<'_>) -> Result<T, Problem>,
) -> Result<(T, u64), Problem> {
    let entry = host.runs.entry(host, &principal.organisation, run_id)?;
    let run = host.runs.lock(host, principal, run_id, &entry)?;
    let mut visit = Visit::new(host, principal, run_id, run, true, 1, 0);
    let answer = work(&mut visit)?;
    Ok((answer, visit.leave()?))
}
