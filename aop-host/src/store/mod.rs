//! Where events, findings and runs end up: the [`Store`] trait, and its backends.
//!
//! One worker writes, in whole batches; many requests read. A backend keeps the promises written at each method, which
//! `conformance` tests for every backend alike.

#[cfg(test)]
mod conformance;
mod sqlite;

use aop_engine::{Effect, Finding, Phase, Timestamp};

pub(crate) use sqlite::SqliteStore;

use crate::digest::Digest;
use crate::principal::{OrganisationId, Principal};
use crate::run::{Run, RunStatus};

/// A durable place for what was acknowledged. Every query names its caller, and sees that organisation only.
pub(crate) trait Store: Send + Sync + 'static {
    /// The LSN up to which everything was applied; 0 in an empty store.
    fn cursor(&self) -> Result<u64, StoreError>;

    /// Stores a batch whole or not at all, the cursor with it. A second event with the same seq or the same idempotency
    /// key in one run is refused as [`StoreError::Rejected`]; findings with a known identity replace the ones before.
    /// When it returns, readers see the batch and a killed process keeps it; a power loss may still take it back, cursor
    /// included, until [`Store::sync`].
    fn apply(&self, batch: &StoreBatch<'_>) -> Result<(), StoreError>;

    /// Returns when everything applied before would survive a power loss.
    fn sync(&self) -> Result<(), StoreError>;

    /// A run with the state its engine snapshot holds; `None` when this organisation has no such run.
    fn run(&self, principal: &Principal, run_id: &str) -> Result<Option<StoredRun>, StoreError>;

    /// Runs, the newest first, `page.limit` at most; `page.before` continues behind an earlier page.
    fn runs(&self, principal: &Principal, page: &RunPage) -> Result<Vec<(u64, Run)>, StoreError>;

    /// How the events of a run are known, those in the dead letters among them: each idempotency key or, without one, the seq. `None` when there are more
    /// than `at_most`.
    fn event_names(
        &self,
        principal: &Principal,
        run_id: &str,
        at_most: usize,
    ) -> Result<Option<Vec<StoredName>>, StoreError>;

    /// The event of a run with this name, be it a dead letter, and the answer it got.
    fn answer(&self, principal: &Principal, run_id: &str, name: &EventName<'_>) -> Result<Option<StoredAnswer>, StoreError>;

    /// Whether a run has an event with this seq, be it a dead letter.
    fn has_seq(&self, principal: &Principal, run_id: &str, seq: u64) -> Result<bool, StoreError>;

    /// Events of a run in the order of their seq, from `from_seq` on, until their bodies exceed `bytes`; at least one
    /// if there is one.
    fn events(
        &self,
        principal: &Principal,
        run_id: &str,
        from_seq: u64,
        bytes: usize,
    ) -> Result<Vec<StoredEvent>, StoreError>;

    /// Shows every event of a run, as it is kept, in the order in which they came.
    fn replay(
        &self,
        principal: &Principal,
        run_id: &str,
        visit: &mut dyn FnMut(u64, Effect, &str),
    ) -> Result<(), StoreError>;

    /// Findings of a run as JSON objects: by seq, those of the run as a whole last, then in the order they were found.
    fn findings(
        &self,
        principal: &Principal,
        run_id: &str,
        after: Option<FindingPlace>,
        limit: usize,
    ) -> Result<Vec<StoredFinding>, StoreError>;

    /// The memory that an organisation's runs share: each part's name and JSON, in the order of the names.
    fn shared_parts(&self, principal: &Principal) -> Result<Vec<(String, String)>, StoreError>;

    /// Unfinished runs without activity since `before`, of all organisations.
    fn idle_runs(&self, before: Timestamp, limit: usize) -> Result<Vec<(OrganisationId, String)>, StoreError>;

    /// Every key that may be used now.
    fn keys(&self) -> Result<Vec<StoredKey>, StoreError>;

    /// Keeps a new key; it is durable when this returns.
    fn add_key(&self, key: &StoredKey, created_at: Timestamp) -> Result<(), StoreError>;

    /// How many records lie in the dead letters.
    fn dead_letters(&self) -> Result<u64, StoreError>;
}

/// What the worker hands over at once: runs by index, and what belongs to them.
pub(crate) struct StoreBatch<'a> {
    pub(crate) runs: Vec<RunUpdate>,
    pub(crate) events: Vec<EventRow<'a>>,
    pub(crate) findings: Vec<FindingRow>,
    pub(crate) dead_letters: Vec<DeadLetter<'a>>,
    /// What has changed of the memories that runs share, as they are after the batch.
    pub(crate) shared: Vec<SharedUpdate>,
    /// The LSN up to which everything is in this batch or an earlier one.
    pub(crate) cursor: u64,
}

impl StoreBatch<'_> {
    /// A batch that moves the cursor and nothing else.
    pub(crate) fn empty(cursor: u64) -> Self {
        StoreBatch {
            runs: Vec::new(),
            events: Vec::new(),
            findings: Vec::new(),
            dead_letters: Vec::new(),
            shared: Vec::new(),
            cursor,
        }
    }
}

/// A part of the memory that an organisation's runs share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SharedUpdate {
    pub(crate) organisation: OrganisationId,
    /// Which part, as [`aop_engine::SharedPart`] writes it.
    pub(crate) part: String,
    /// The part as JSON.
    pub(crate) state: String,
}

/// A run that the batch touched, as it is after the batch.
#[derive(Debug, Clone)]
pub(crate) struct RunUpdate {
    pub(crate) organisation: OrganisationId,
    pub(crate) run: Run,
    pub(crate) snapshot: Snapshot,
}

/// What becomes of the engine's state that the store has of a run.
#[derive(Debug, Clone)]
pub(crate) enum Snapshot {
    /// It stays as it is.
    Keep,
    /// This one takes its place.
    Put(Vec<u8>),
    /// It goes: the run has ended.
    Delete,
}

/// An event to store; `body` is as the verdict says.
#[derive(Debug)]
pub(crate) struct EventRow<'a> {
    pub(crate) run: usize,
    pub(crate) lsn: u64,
    pub(crate) seq: u64,
    pub(crate) idempotency_key: Option<&'a str>,
    pub(crate) digest: Digest,
    pub(crate) effect: Effect,
    pub(crate) is_redacted: bool,
    pub(crate) received_at: Timestamp,
    pub(crate) body: &'a str,
}

/// A finding to store.
#[derive(Debug)]
pub(crate) struct FindingRow {
    pub(crate) run: usize,
    pub(crate) identity: Digest,
    pub(crate) place: FindingPlace,
    pub(crate) finding: Finding,
    /// The finding as JSON.
    pub(crate) json: String,
}

/// Where a finding stands among its run's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FindingPlace {
    /// The event's seq; a run's own findings come last.
    pub(crate) seq: u64,
    pub(crate) phase: Phase,
    pub(crate) ordinal: u32,
}

/// A record that the store keeps refusing, kept aside with the reason.
#[derive(Debug)]
pub(crate) struct DeadLetter<'a> {
    pub(crate) lsn: u64,
    pub(crate) record: &'a [u8],
    pub(crate) error: String,
    /// What an event goes on to hold although it is not stored.
    pub(crate) held: Option<HeldName<'a>>,
}

/// The name, the seq and the answer of an event that lies in the dead letters.
#[derive(Debug)]
pub(crate) struct HeldName<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) run_id: &'a str,
    pub(crate) seq: u64,
    pub(crate) idempotency_key: Option<&'a str>,
    pub(crate) digest: Digest,
    pub(crate) effect: Effect,
    /// A JSON array; empty when there are no findings.
    pub(crate) findings: &'a str,
}

/// A run and the engine's state for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredRun {
    pub(crate) run: Run,
    pub(crate) snapshot: Option<Vec<u8>>,
}

/// Which runs to list.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunPage {
    pub(crate) agent_id: Option<i64>,
    pub(crate) status: Option<RunStatus>,
    pub(crate) before: Option<u64>,
    pub(crate) limit: usize,
}

/// How an event is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventName<'a> {
    /// By its idempotency key.
    Key(&'a str),
    /// By its seq, when it has no key.
    Seq(u64),
}

/// An [`EventName`] that owns its text, with the event's seq.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredName {
    pub(crate) idempotency_key: Option<String>,
    pub(crate) seq: u64,
}

/// What an event was answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredAnswer {
    pub(crate) lsn: u64,
    pub(crate) seq: u64,
    pub(crate) digest: Digest,
    pub(crate) effect: Effect,
    /// A JSON array; empty when there are no findings.
    pub(crate) findings: String,
}

/// An event as a trace shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredEvent {
    pub(crate) seq: u64,
    pub(crate) effect: Effect,
    pub(crate) is_redacted: bool,
    pub(crate) received_at: Timestamp,
    pub(crate) body: String,
}

/// A finding as the API shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredFinding {
    pub(crate) place: FindingPlace,
    pub(crate) json: String,
}

/// An API key as the store knows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredKey {
    pub(crate) principal: Principal,
    pub(crate) digest: [u8; 32],
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The data itself cannot be stored; trying again changes nothing.
    #[error("the store refuses the data: {0}")]
    Rejected(String),
    /// The store is not able to at the moment: a full disk, a lock, a lost connection.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// The store was written by a later version.
    #[error("the store has schema version {found}, this build knows up to {known}; use a newer build")]
    TooNew { found: i64, known: i64 },
}
