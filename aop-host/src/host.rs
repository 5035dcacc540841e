//! What every request, the worker and the sweep share.

use std::sync::Arc;
use std::time::Duration;

use aop_engine::{Engine, Event, Limits};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::auth::KeyRing;
use crate::clock::Clock;
use crate::config::{Config, Order};
use crate::ingest::RunTable;
use crate::log::{Level, log};
use crate::principal::OrganisationId;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::shared::SharedTable;
use crate::store::{Store, StoreError};
use crate::wal::{AppendError, Wal};

/// The host's parts.
pub(crate) struct Host {
    pub(crate) config: Config,
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wal: Wal,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: KeyRing,
    pub(crate) runs: RunTable,
    pub(crate) shared: SharedTable,
    pub(crate) progress: Progress,
    /// One permit for each KiB of bodies in flight.
    pub(crate) body_room: Arc<Semaphore>,
    pub(crate) runtime: Handle,
}

impl Host {
    /// Parses an event as this host wants them.
    pub(crate) fn parse<'b>(&self, bytes: &'b [u8]) -> Result<Event<'b>, Problem> {
        let limit = self.config.limits.event_bytes;
        if bytes.len() > limit {
            return Err(Problem::TooLarge { what: "an event", limit });
        }
        let limits = Limits { bytes: limit, ..Limits::default() };
        Event::parse_with(bytes, &limits).map_err(|error| Problem::BadEvent(error.faults().to_vec()))
    }

    /// Whether a run remembers each seq, rather than the next one alone.
    pub(crate) fn keeps_taken_seqs(&self) -> bool {
        self.config.order == Order::Off
    }

    /// The largest record, well inside a segment.
    pub(crate) fn record_bytes_max(&self) -> usize {
        usize::try_from(self.config.wal.segment_bytes).unwrap_or(usize::MAX) - (16 << 10)
    }

    /// Returns when everything up to `lsn` is durable.
    pub(crate) async fn wait_durable(&self, lsn: u64) -> Result<(), Problem> {
        if lsn <= self.wal.durable_lsn() {
            return Ok(());
        }
        self.wal.wait_durable(lsn).await.map_err(|error| {
            log(Level::Error, "acknowledgements fail", &[("error", &error)]);
            Problem::Poisoned
        })
    }

    /// Waits until the store shows everything of a run that was acknowledged.
    pub(crate) async fn settle(&self, organisation: &OrganisationId, run_id: &str) -> Result<(), Problem> {
        let lsn = self.runs.find(organisation, run_id).map_or(0, |entry| entry.last_lsn());
        let lsn = lsn.max(self.runs.fence_lsn());
        self.progress.wait_stored(lsn, Duration::from_millis(self.config.limits.read_wait_ms)).await
    }

    /// Waits until the store shows everything that was acknowledged so far, for at most `at_most`.
    pub(crate) async fn settle_all(&self, at_most: Duration) -> Result<(), Problem> {
        self.progress.wait_stored(self.progress.appended_lsn(), at_most).await
    }

    /// Asks the store off the async threads.
    pub(crate) async fn ask_store<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let host = self.clone();
        let answer = tokio::task::spawn_blocking(move || question(&*host.store)).await;
        answer.map_err(|_| Problem::Internal)?.map_err(|error| self.store_problem(&error))
    }

    /// What a caller hears of a failing store.
    pub(crate) fn store_problem(&self, error: &StoreError) -> Problem {
        log(Level::Error, "the store does not answer", &[("error", error)]);
        match error {
            StoreError::Unavailable(_) => Problem::Busy("the store is not available"),
            StoreError::Rejected(_) | StoreError::TooNew { .. } => Problem::Internal,
        }
    }

    /// What a caller hears of a log that takes nothing.
    pub(crate) fn append_problem(&self, error: &AppendError) -> Problem {
        match error {
            AppendError::Full { .. } => Problem::Busy("the log's queue is full"),
            AppendError::Backlog { .. } => Problem::Busy("too much of the log is not stored yet"),
            AppendError::NoSpace { .. } => Problem::Busy("the disk is full"),
            AppendError::Closed => Problem::Busy("the host is shutting down"),
            AppendError::TooLarge { record_bytes_max, .. } => {
                Problem::TooLarge { what: "what is appended to the log at once", limit: *record_bytes_max }
            }
            AppendError::Poisoned(_) => Problem::Poisoned,
            _ => Problem::Internal,
        }
    }
}
