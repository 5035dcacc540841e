//! The tables, as a list of steps that only grows: a store of any earlier version is brought forward, none back.

use rusqlite::Connection;

use super::unavailable;
use crate::store::StoreError;

/// Each step is applied once, in order; step n leads to version n, and all that are missing are one transaction.
const STEPS: &[&str] = &[
    "
CREATE TABLE cursor (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    lsn INTEGER NOT NULL,
    syncs INTEGER NOT NULL
);
INSERT INTO cursor (id, lsn, syncs) VALUES (1, 0, 0);

CREATE TABLE api_keys (
    key_id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    agent_id INTEGER,
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
);

CREATE TABLE runs (
    run_no INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,
    run_id TEXT NOT NULL,
    agent_id INTEGER,
    seed INTEGER,
    scenario TEXT,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    active_at INTEGER NOT NULL,
    finalized_at INTEGER,
    next_seq INTEGER,
    summary TEXT NOT NULL,
    UNIQUE (organisation, run_id)
);
CREATE INDEX runs_by_age ON runs (organisation, run_no);
CREATE INDEX runs_open ON runs (active_at) WHERE finalized_at IS NULL;

CREATE TABLE run_states (
    run_no INTEGER PRIMARY KEY REFERENCES runs,
    snapshot BLOB NOT NULL
);

CREATE TABLE events (
    lsn INTEGER PRIMARY KEY,
    run_no INTEGER NOT NULL REFERENCES runs,
    seq INTEGER NOT NULL,
    idempotency_key TEXT,
    digest BLOB NOT NULL,
    effect INTEGER NOT NULL,
    is_redacted INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX events_by_seq ON events (run_no, seq);
CREATE UNIQUE INDEX events_by_key ON events (run_no, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE findings (
    run_no INTEGER NOT NULL REFERENCES runs,
    seq INTEGER NOT NULL,
    phase TEXT NOT NULL,
    identity BLOB NOT NULL,
    ordinal INTEGER NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    effect TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (run_no, seq, phase, identity)
) WITHOUT ROWID;

CREATE TABLE dead_letters (
    lsn INTEGER PRIMARY KEY,
    record BLOB NOT NULL,
    error TEXT NOT NULL
);
",
    "
ALTER TABLE runs ADD COLUMN bound_agent_id INTEGER;

DELETE FROM run_states WHERE run_no IN (SELECT run_no FROM runs WHERE finalized_at IS NOT NULL);

ALTER TABLE dead_letters ADD COLUMN organisation TEXT;
ALTER TABLE dead_letters ADD COLUMN run_id TEXT;
ALTER TABLE dead_letters ADD COLUMN seq INTEGER;
ALTER TABLE dead_letters ADD COLUMN idempotency_key TEXT;
ALTER TABLE dead_letters ADD COLUMN digest BLOB;
ALTER TABLE dead_letters ADD COLUMN effect INTEGER;
ALTER TABLE dead_letters ADD COLUMN findings TEXT;
CREATE INDEX dead_letters_by_run ON dead_letters (organisation, run_id);
",
    "
CREATE TABLE shared_states (
    organisation TEXT NOT NULL,
    part TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (organisation, part)
) WITHOUT ROWID;
",
];

/// Brings the store to the version of this build.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    // taken before the version is read, so that two processes do not both bring an old store forward
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(unavailable)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(unavailable)?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (step, version) in STEPS.iter().zip(1..).skip(usize::try_from(found).unwrap_or_default()) {
        transaction.execute_batch(step).map_err(unavailable)?;
        transaction.pragma_update(None, "user_version", version).map_err(unavailable)?;
    }
    transaction.commit().map_err(unavailable)
}
