//! The worker's side: whole batches, the cursor last.

use aop_engine::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::read::as_i64;
use crate::record::effect_code;
use crate::store::{DeadLetter, EventRow, FindingRow, RunUpdate, SharedUpdate, Snapshot, StoreBatch, StoredKey};

pub(super) fn apply(connection: &mut Connection, batch: &StoreBatch<'_>) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let run_nos = batch.runs.iter().map(|update| put_run(&transaction, update)).collect::<Result<Vec<_>, _>>()?;
    put_events(&transaction, &run_nos, &batch.events)?;
    put_findings(&transaction, &run_nos, &batch.findings)?;
    for letter in &batch.dead_letters {
        put_dead_letter(&transaction, letter)?;
    }
    for SharedUpdate { organisation, part, state } in &batch.shared {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO shared_states (organisation, part, state) VALUES (?, ?, ?)")?
            .execute(params![organisation.as_str(), part, state])?;
    }
    transaction.prepare_cached("UPDATE cursor SET lsn = ? WHERE id = 1")?.execute([as_i64(batch.cursor)])?;
    transaction.commit()
}

fn put_run(transaction: &Transaction<'_>, update: &RunUpdate) -> rusqlite::Result<i64> {
    let run = &update.run;
    let summary =
        serde_json::to_string(&run.summary).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let run_no: i64 = transaction
        .prepare_cached(
            "INSERT INTO runs (organisation, run_id, agent_id, seed, scenario, status, created_at, active_at, finalized_at,
                               next_seq, summary, bound_agent_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (organisation, run_id) DO UPDATE SET
                 agent_id = ?3, seed = ?4, scenario = ?5, status = ?6, active_at = ?8, finalized_at = ?9, next_seq = ?10,
                 summary = ?11
             RETURNING run_no",
        )?
        .query_row(
            params![
                update.organisation.as_str(),
                run.run_id,
                run.agent_id,
                run.seed,
                run.scenario,
                run.status.as_str(),
                run.created_at.micros(),
                run.active_at.micros(),
                run.finalized_at.map(Timestamp::micros),
                run.next_seq.map(as_i64),
                summary,
                run.bound_agent_id
            ],
            |row| row.get(0),
        )?;
    match &update.snapshot {
        Snapshot::Keep => {}
        Snapshot::Put(snapshot) => {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO run_states (run_no, snapshot) VALUES (?, ?)")?
                .execute(params![run_no, snapshot])?;
        }
        Snapshot::Delete => {
            transaction.prepare_cached("DELETE FROM run_states WHERE run_no = ?")?.execute([run_no])?;
        }
    }
    Ok(run_no)
}

fn put_dead_letter(transaction: &Transaction<'_>, letter: &DeadLetter<'_>) -> rusqlite::Result<()> {
    let held = letter.held.as_ref();
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO dead_letters
                 (lsn, record, error, organisation, run_id, seq, idempotency_key, digest, effect, findings)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            as_i64(letter.lsn),
            letter.record,
            letter.error,
            held.map(|held| held.organisation),
            held.map(|held| held.run_id),
            held.map(|held| as_i64(held.seq)),
            held.and_then(|held| held.idempotency_key),
            held.map(|held| held.digest.0),
            held.map(|held| effect_code(held.effect)),
            held.map(|held| held.findings),
        ])?;
    Ok(())
}

fn put_events(transaction: &Transaction<'_>, run_nos: &[i64], events: &[EventRow<'_>]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO events (lsn, run_no, seq, idempotency_key, digest, effect, is_redacted, received_at, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for event in events {
        insert.execute(params![
            as_i64(event.lsn),
            run_nos[event.run],
            as_i64(event.seq),
            event.idempotency_key,
            event.digest.0,
            effect_code(event.effect),
            event.is_redacted,
            event.received_at.micros(),
            event.body
        ])?;
    }
    Ok(())
}

fn put_findings(transaction: &Transaction<'_>, run_nos: &[i64], findings: &[FindingRow]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO findings (run_no, seq, phase, identity, ordinal, rule, severity, effect, json)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (run_no, seq, phase, identity) DO UPDATE SET
             ordinal = ?5, rule = ?6, severity = ?7, effect = ?8, json = ?9",
    )?;
    for row in findings {
        insert.execute(params![
            run_nos[row.run],
            as_i64(row.place.seq),
            row.place.phase.as_str(),
            row.identity.0,
            row.place.ordinal,
            row.finding.rule,
            row.finding.severity.as_str(),
            row.finding.effect.as_str(),
            row.json
        ])?;
    }
    Ok(())
}

/// Commits something small with everything before it synced.
pub(super) fn sync(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "full")?;
    let outcome = connection.prepare_cached("UPDATE cursor SET syncs = syncs + 1 WHERE id = 1")?.execute([]);
    connection.pragma_update(None, "synchronous", "normal")?;
    outcome.map(|_| ())
}

pub(super) fn add_key(connection: &Connection, key: &StoredKey, created_at: Timestamp) -> rusqlite::Result<()> {
    let principal = &key.principal;
    connection
        .query_row(
            "INSERT INTO api_keys (key_id, organisation, role, agent_id, digest, created_at) VALUES (?, ?, ?, ?, ?, ?)
             RETURNING key_id",
            params![
                &*principal.key_id,
                principal.organisation.as_str(),
                principal.role.as_str(),
                principal.agent_id,
                key.digest,
                created_at.micros()
            ],
            |_| Ok(()),
        )
        .optional()
        .map(|_| ())
}
