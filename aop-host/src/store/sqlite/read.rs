//! The requests' side. The organisation stands in the same statement as the read.

use aop_engine::{Effect, Phase, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};

use crate::digest::Digest;
use crate::principal::{OrganisationId, Principal};
use crate::record::effect_of;
use crate::run::{Run, RunStatus};
use crate::store::{
    EventName, FindingPlace, RunPage, StoredAnswer, StoredEvent, StoredFinding, StoredKey, StoredName, StoredRun,
};

/// SQLite's integers are signed; what lies above (only "no event" does) becomes the greatest, and back.
pub(super) fn as_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn as_u64(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

pub(super) fn cursor(connection: &Connection) -> rusqlite::Result<u64> {
    connection.prepare_cached("SELECT lsn FROM cursor WHERE id = 1")?.query_row([], |row| row.get(0).map(as_u64))
}

const RUN_COLUMNS: &str = "runs.run_no, runs.run_id, runs.agent_id, runs.seed, runs.scenario, runs.status, \
                           runs.created_at, runs.active_at, runs.finalized_at, runs.next_seq, runs.summary, \
                           runs.bound_agent_id";

fn run_from(row: &Row<'_>) -> rusqlite::Result<(u64, Run)> {
    let status: String = row.get(5)?;
    let summary: String = row.get(10)?;
    let run = Run {
        run_id: row.get(1)?,
        agent_id: row.get(2)?,
        bound_agent_id: row.get(11)?,
        seed: row.get(3)?,
        scenario: row.get(4)?,
        status: RunStatus::from_word(&status).ok_or_else(|| unreadable(5, "unknown status"))?,
        created_at: Timestamp::from_micros(row.get(6)?),
        active_at: Timestamp::from_micros(row.get(7)?),
        finalized_at: row.get::<_, Option<i64>>(8)?.map(Timestamp::from_micros),
        next_seq: row.get::<_, Option<i64>>(9)?.map(as_u64),
        summary: serde_json::from_str(&summary).map_err(|error| unreadable(10, error))?,
    };
    Ok((row.get(0).map(as_u64)?, run))
}

pub(super) fn run(connection: &Connection, principal: &Principal, run_id: &str) -> rusqlite::Result<Option<StoredRun>> {
    connection
        .prepare_cached(&format!(
            "SELECT {RUN_COLUMNS}, run_states.snapshot FROM runs LEFT JOIN run_states USING (run_no)
             WHERE organisation = ? AND run_id = ?"
        ))?
        .query_row(params![principal.organisation.as_str(), run_id], |row| {
            Ok(StoredRun { run: run_from(row)?.1, snapshot: row.get(12)? })
        })
        .optional()
}

pub(super) fn runs(connection: &Connection, principal: &Principal, page: &RunPage) -> rusqlite::Result<Vec<(u64, Run)>> {
    connection
        .prepare_cached(&format!(
            "SELECT {RUN_COLUMNS} FROM runs
             WHERE organisation = :organisation AND run_no < :before
               AND (:agent_id IS NULL OR agent_id = :agent_id)
               AND (:own_agent IS NULL OR agent_id IS NULL OR agent_id = :own_agent)
               AND (:status IS NULL OR status = :status)
             ORDER BY run_no DESC LIMIT :limit"
        ))?
        .query_map(
            named_params! {
                ":organisation": principal.organisation.as_str(),
                ":before": page.before.map_or(i64::MAX, as_i64),
                ":agent_id": page.agent_id,
                ":own_agent": principal.agent_id,
                ":status": page.status.map(RunStatus::as_str),
                ":limit": as_i64(page.limit as u64),
            },
            run_from,
        )?
        .collect()
}

pub(super) fn event_names(
    connection: &Connection,
    principal: &Principal,
    run_id: &str,
    at_most: usize,
) -> rusqlite::Result<Option<Vec<StoredName>>> {
    let names: Vec<StoredName> = connection
        .prepare_cached(
            "SELECT idempotency_key, seq FROM events JOIN runs USING (run_no)
             WHERE organisation = ?1 AND run_id = ?2
             UNION ALL
             SELECT idempotency_key, seq FROM dead_letters WHERE organisation = ?1 AND run_id = ?2
             LIMIT ?3",
        )?
        .query_map(params![principal.organisation.as_str(), run_id, as_i64(at_most as u64 + 1)], |row| {
            Ok(StoredName { idempotency_key: row.get(0)?, seq: row.get(1).map(as_u64)? })
        })?
        .collect::<Result<_, _>>()?;
    Ok((names.len() <= at_most).then_some(names))
}

pub(super) fn answer(
    connection: &Connection,
    principal: &Principal,
    run_id: &str,
    name: &EventName<'_>,
) -> rusqlite::Result<Option<StoredAnswer>> {
    let (condition, key, seq) = match name {
        EventName::Key(key) => ("idempotency_key = ?3", Some(*key), None),
        EventName::Seq(seq) => ("seq = ?4 AND idempotency_key IS NULL AND ?3 IS NULL", None, Some(as_i64(*seq))),
    };
    let found = connection
        .prepare_cached(&format!(
            "SELECT run_no, lsn, seq, digest, effect FROM events JOIN runs USING (run_no)
             WHERE organisation = ?1 AND run_id = ?2 AND {condition} AND (?4 IS NULL OR seq = ?4)"
        ))?
        .query_row(params![principal.organisation.as_str(), run_id, key, seq], |row| {
            let answer = StoredAnswer {
                lsn: row.get(1).map(as_u64)?,
                seq: row.get(2).map(as_u64)?,
                digest: Digest(row.get(3)?),
                effect: effect_from(row, 4)?,
                findings: String::new(),
            };
            Ok((row.get::<_, i64>(0)?, answer))
        })
        .optional()?;
    let Some((run_no, mut answer)) = found else {
        return held_answer(connection, principal, run_id, name);
    };
    let findings: Vec<String> = connection
        .prepare_cached("SELECT json FROM findings WHERE run_no = ? AND seq = ? AND phase = ? ORDER BY ordinal")?
        .query_map(params![run_no, as_i64(answer.seq), Phase::Ingestion.as_str()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if !findings.is_empty() {
        answer.findings = format!("[{}]", findings.join(","));
    }
    Ok(Some(answer))
}

/// The answer of an event that lies in the dead letters.
fn held_answer(
    connection: &Connection,
    principal: &Principal,
    run_id: &str,
    name: &EventName<'_>,
) -> rusqlite::Result<Option<StoredAnswer>> {
    let (key, seq) = match name {
        EventName::Key(key) => (Some(*key), None),
        EventName::Seq(seq) => (None, Some(as_i64(*seq))),
    };
    connection
        .prepare_cached(
            "SELECT lsn, seq, digest, effect, findings FROM dead_letters
             WHERE organisation = ?1 AND run_id = ?2
               AND CASE WHEN ?3 IS NULL THEN idempotency_key IS NULL AND seq = ?4 ELSE idempotency_key = ?3 END
             ORDER BY lsn LIMIT 1",
        )?
        .query_row(params![principal.organisation.as_str(), run_id, key, seq], |row| {
            Ok(StoredAnswer {
                lsn: row.get(0).map(as_u64)?,
                seq: row.get(1).map(as_u64)?,
                digest: Digest(row.get(2)?),
                effect: effect_from(row, 3)?,
                findings: row.get(4)?,
            })
        })
        .optional()
}

pub(super) fn has_seq(connection: &Connection, principal: &Principal, run_id: &str, seq: u64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM events JOIN runs USING (run_no) WHERE organisation = ?1 AND run_id = ?2 AND seq = ?3
             UNION ALL
             SELECT 1 FROM dead_letters WHERE organisation = ?1 AND run_id = ?2 AND seq = ?3",
        )?
        .exists(params![principal.organisation.as_str(), run_id, as_i64(seq)])
}

pub(super) fn events(
    connection: &Connection,
    principal: &Principal,
    run_id: &str,
    from_seq: u64,
    bytes: usize,
) -> rusqlite::Result<Vec<StoredEvent>> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, effect, is_redacted, received_at, body FROM events JOIN runs USING (run_no)
         WHERE organisation = ? AND run_id = ? AND seq >= ? ORDER BY seq",
    )?;
    let mut rows = statement.query(params![principal.organisation.as_str(), run_id, as_i64(from_seq)])?;
    let mut events = Vec::new();
    let mut taken = 0;
    while taken < bytes
        && let Some(row) = rows.next()?
    {
        let body: String = row.get(4)?;
        taken += body.len();
        events.push(StoredEvent {
            seq: row.get(0).map(as_u64)?,
            effect: effect_from(row, 1)?,
            is_redacted: row.get(2)?,
            received_at: Timestamp::from_micros(row.get(3)?),
            body,
        });
    }
    Ok(events)
}

pub(super) fn replay(
    connection: &Connection,
    principal: &Principal,
    run_id: &str,
    visit: &mut dyn FnMut(u64, Effect, &str),
) -> rusqlite::Result<()> {
    // by the run's own index, and sorted: in the order of the table itself, every other run's events would be read too
    let mut statement = connection.prepare_cached(
        "SELECT seq, effect, body FROM runs JOIN events INDEXED BY events_by_seq USING (run_no)
         WHERE organisation = ? AND run_id = ? ORDER BY lsn",
    )?;
    let mut rows = statement.query(params![principal.organisation.as_str(), run_id])?;
    while let Some(row) = rows.next()? {
        visit(row.get(0).map(as_u64)?, effect_from(row, 1)?, row.get_ref(2)?.as_str()?);
    }
    Ok(())
}

pub(super) fn findings(
    connection: &Connection,
    principal: &Principal,
    run_id: &str,
    after: Option<FindingPlace>,
    limit: usize,
) -> rusqlite::Result<Vec<StoredFinding>> {
    let (seq, phase, ordinal) = match after {
        Some(place) => (as_i64(place.seq), place.phase.as_str(), i64::from(place.ordinal)),
        None => (-1, "", -1),
    };
    connection
        .prepare_cached(
            "SELECT seq, phase, ordinal, json FROM findings JOIN runs USING (run_no)
             WHERE organisation = ? AND run_id = ? AND seq >= ?3 AND (seq, phase, ordinal) > (?3, ?4, ?5)
             ORDER BY seq, phase, ordinal LIMIT ?6",
        )?
        .query_map(params![principal.organisation.as_str(), run_id, seq, phase, ordinal, as_i64(limit as u64)], |row| {
            let phase: String = row.get(1)?;
            let place = FindingPlace {
                seq: row.get(0).map(as_u64)?,
                phase: phase.parse().map_err(|error| unreadable(1, error))?,
                ordinal: row.get(2)?,
            };
            Ok(StoredFinding { place, json: row.get(3)? })
        })?
        .collect()
}

pub(super) fn shared_parts(connection: &Connection, principal: &Principal) -> rusqlite::Result<Vec<(String, String)>> {
    connection
        .prepare_cached("SELECT part, state FROM shared_states WHERE organisation = ? ORDER BY part")?
        .query_map([principal.organisation.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

pub(super) fn idle_runs(
    connection: &Connection,
    before: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<(OrganisationId, String)>> {
    connection
        .prepare_cached(
            "SELECT organisation, run_id FROM runs WHERE finalized_at IS NULL AND active_at < ? ORDER BY active_at LIMIT ?",
        )?
        .query_map(params![before.micros(), as_i64(limit as u64)], |row| Ok((organisation_from(row, 0)?, row.get(1)?)))?
        .collect()
}

pub(super) fn keys(connection: &Connection) -> rusqlite::Result<Vec<StoredKey>> {
    connection
        .prepare_cached("SELECT key_id, organisation, role, agent_id, digest FROM api_keys WHERE revoked_at IS NULL")?
        .query_map([], |row| {
            let key_id: String = row.get(0)?;
            let role: String = row.get(2)?;
            let principal = Principal {
                organisation: organisation_from(row, 1)?,
                key_id: key_id.into(),
                role: role.parse().map_err(|error| unreadable(2, error))?,
                agent_id: row.get(3)?,
            };
            Ok(StoredKey { principal, digest: row.get(4)? })
        })?
        .collect()
}

pub(super) fn dead_letters(connection: &Connection) -> rusqlite::Result<u64> {
    connection.prepare_cached("SELECT count(*) FROM dead_letters")?.query_row([], |row| row.get(0).map(as_u64))
}

fn effect_from(row: &Row<'_>, column: usize) -> rusqlite::Result<Effect> {
    effect_of(row.get(column)?).ok_or_else(|| unreadable(column, "unknown effect"))
}

fn organisation_from(row: &Row<'_>, column: usize) -> rusqlite::Result<OrganisationId> {
    row.get::<_, String>(column)?.parse().map_err(|error| unreadable(column, error))
}

fn unreadable(column: usize, error: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}
