//! What the host writes into a record of the log, byte by byte (all integers little-endian):
//!
//! ```text
//! 0   u8   version, 1                     4   u64  seq (event), or the run's next seq (finalized)
//! 1   u8   kind: 1 run created, 2 event,  12  i64  received at, microseconds since the epoch
//!          3 finalized                    20  i64  agent id, when bit 0 of flags is set
//! 2   u8   effect (event) or              28  16   first half of the SHA-256 of the event's bytes
//!          status (finalized)             44  5 × u32  lengths of: organisation, run id, idempotency key,
//! 3   u8   flags: 1 agent id, 2 key,                   findings, redacted text
//!          4 redacted,                     64  those five texts, then the event's bytes to the end
//!          16 the agent is the caller,
//!          32 the caller is an owner, 64 an agent
//! ```
//!
//! A created run carries its seed and scenario as JSON where an event has its bytes. The log holds events as sent, for as
//! long as it takes to store them; the redacted text, when there is one, is what the store gets.

use aop_engine::{Effect, Timestamp};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::principal::Role;
use crate::run::RunStatus;

const VERSION: u8 = 1;
const FIXED_BYTES: usize = 64;
const HAS_AGENT: u8 = 1;
const HAS_KEY: u8 = 2;
const HAS_REDACTED: u8 = 4;
const IS_CALLER: u8 = 16;
const OF_OWNER: u8 = 32;
const OF_AGENT: u8 = 64;
/// Both: records from before there was this role have one or none.
const OF_APPROVER: u8 = OF_OWNER | OF_AGENT;

/// One record, borrowing its texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Record<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) run_id: &'a str,
    pub(crate) received_at: Timestamp,
    pub(crate) agent_id: Option<i64>,
    /// Whether the agent is known from the caller's key rather than from the event.
    pub(crate) agent_is_caller: bool,
    /// The caller's role, for rules that ask; nothing in records of builds that did not note it.
    pub(crate) role: Option<Role>,
    pub(crate) body: Body<'a>,
}

/// What happened to the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Body<'a> {
    /// Somebody asked for it to exist. `details` is the JSON of a [`RunDetails`].
    Created { details: &'a str },
    /// An event was accepted or refused.
    Event(EventRecord<'a>),
    /// It takes no more events.
    Finalized { status: RunStatus, next_seq: Option<u64> },
}

/// A judged event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EventRecord<'a> {
    pub(crate) seq: u64,
    pub(crate) idempotency_key: Option<&'a str>,
    pub(crate) digest: Digest,
    pub(crate) effect: Effect,
    /// A JSON array, or nothing when there are no findings.
    pub(crate) findings: &'a str,
    pub(crate) redacted: Option<&'a str>,
    /// The event's bytes as sent.
    pub(crate) raw: &'a str,
}

/// What a run was created with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct RunDetails {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seed: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scenario: Option<String>,
}

/// The bytes are no record that this build reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a record of this host: {0}")]
pub(crate) struct RecordError(&'static str);

impl<'a> Record<'a> {
    /// Appends the record's bytes to `out`.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let (kind, word, seq, mut flags) = match &self.body {
            Body::Created { .. } => (1, 0, 0, 0),
            Body::Event(event) => (2, effect_code(event.effect), event.seq, event.flags()),
            // no next seq is written as the greatest number, which no event may have
            Body::Finalized { status, next_seq } => (3, status.code(), next_seq.unwrap_or(u64::MAX), 0),
        };
        let (key, digest, findings, redacted, tail) = match &self.body {
            Body::Created { details } => ("", [0; 16], "", "", *details),
            Body::Event(event) => (
                event.idempotency_key.unwrap_or_default(),
                event.digest.0,
                event.findings,
                event.redacted.unwrap_or_default(),
                event.raw,
            ),
            Body::Finalized { .. } => ("", [0; 16], "", "", ""),
        };
        if self.agent_id.is_some() {
            flags |= HAS_AGENT;
        }
        if self.agent_is_caller {
            flags |= IS_CALLER;
        }
        flags |= match self.role {
            None => 0,
            Some(Role::Owner) => OF_OWNER,
            Some(Role::Agent) => OF_AGENT,
            Some(Role::Approver) => OF_APPROVER,
        };
        let texts = [self.organisation, self.run_id, key, findings, redacted];
        out.reserve(FIXED_BYTES + texts.iter().map(|text| text.len()).sum::<usize>() + tail.len());
        out.extend_from_slice(&[VERSION, kind, word, flags]);
        out.extend_from_slice(&seq.to_le_bytes());
        out.extend_from_slice(&self.received_at.micros().to_le_bytes());
        out.extend_from_slice(&self.agent_id.unwrap_or_default().to_le_bytes());
        out.extend_from_slice(&digest);
        for text in texts {
            // a text over 4 GiB cannot occur: a record fits into a segment, and a segment has at most 1 GiB
            out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        }
        for text in texts {
            out.extend_from_slice(text.as_bytes());
        }
        out.extend_from_slice(tail.as_bytes());
    }

    /// The agent that a run is bound to which begins with this record: the caller's, or the one that it was created for.
    /// What an event says of itself binds nobody.
    pub(crate) fn bound_agent(&self) -> Option<i64> {
        self.agent_id.filter(|_| self.agent_is_caller || matches!(self.body, Body::Created { .. }))
    }

    /// Reads what [`Record::write`] wrote.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Record<'a>, RecordError> {
        let Some((fixed, texts)) = bytes.split_at_checked(FIXED_BYTES) else {
            return Err(RecordError("it is shorter than its head"));
        };
        let [VERSION, kind, word, flags] = fixed[..4] else {
            return Err(RecordError("it has another version"));
        };
        let seq = u64::from_le_bytes(array(&fixed[4..12]));
        let received_at = Timestamp::from_micros(i64::from_le_bytes(array(&fixed[12..20])));
        let agent_id = (flags & HAS_AGENT != 0).then(|| i64::from_le_bytes(array(&fixed[20..28])));
        let digest = Digest(array(&fixed[28..44]));
        let mut texts = std::str::from_utf8(texts).map_err(|_| RecordError("its texts are not UTF-8"))?;
        let mut parts = [""; 5];
        for (part, length) in parts.iter_mut().zip(fixed[44..].chunks_exact(4)) {
            let length = u32::from_le_bytes(array(length)) as usize;
            (*part, texts) = texts.split_at_checked(length).ok_or(RecordError("a length in its head is too large"))?;
        }
        let [organisation, run_id, key, findings, redacted] = parts;
        let body = match kind {
            1 => Body::Created { details: texts },
            2 => Body::Event(EventRecord {
                seq,
                idempotency_key: (flags & HAS_KEY != 0).then_some(key),
                digest,
                effect: effect_of(word).ok_or(RecordError("its effect is unknown"))?,
                findings,
                redacted: (flags & HAS_REDACTED != 0).then_some(redacted),
                raw: texts,
            }),
            3 => Body::Finalized {
                status: RunStatus::from_code(word).ok_or(RecordError("its status is unknown"))?,
                next_seq: (seq != u64::MAX).then_some(seq),
            },
            _ => return Err(RecordError("its kind is unknown")),
        };
        let agent_is_caller = flags & IS_CALLER != 0;
        let role = match flags & (OF_OWNER | OF_AGENT) {
            OF_OWNER => Some(Role::Owner),
            OF_AGENT => Some(Role::Agent),
            OF_APPROVER => Some(Role::Approver),
            _ => None,
        };
        Ok(Record { organisation, run_id, received_at, agent_id, agent_is_caller, role, body })
    }
}

impl EventRecord<'_> {
    fn flags(&self) -> u8 {
        let bit = |set: bool, flag: u8| if set { flag } else { 0 };
        bit(self.idempotency_key.is_some(), HAS_KEY) | bit(self.redacted.is_some(), HAS_REDACTED)
    }
}

/// An effect's number in the log and in the store.
pub(crate) fn effect_code(effect: Effect) -> u8 {
    match effect {
        Effect::Allow => 0,
        Effect::Flag => 1,
        Effect::Redact => 2,
        Effect::Throttle => 3,
        Effect::RequireApproval => 4,
        Effect::Deny => 5,
    }
}

/// The effect with this number.
pub(crate) fn effect_of(code: u8) -> Option<Effect> {
    Effect::ALL.iter().copied().find(|effect| effect_code(*effect) == code)
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().expect("callers pass slices of a constant length")
}

#[cfg(test)]
mod tests {
    use aop_engine::{Effect, Timestamp};
    use proptest::prelude::*;

    use super::{Body, EventRecord, Record, effect_code, effect_of};
    use crate::digest::Digest;
    use crate::principal::Role;
    use crate::run::RunStatus;

    fn check(record: Record<'_>) {
        let mut bytes = Vec::new();
        record.write(&mut bytes);
        assert_eq!(Record::read(&bytes), Ok(record));
        for end in 0..64 {
            assert!(Record::read(&bytes[..end]).is_err());
        }
    }

    fn record(body: Body<'_>) -> Record<'_> {
        Record {
            organisation: "acme",
            run_id: "run-1",
            received_at: Timestamp::from_micros(-5),
            agent_id: None,
            agent_is_caller: false,
            role: None,
            body,
        }
    }

    #[test]
    fn every_kind_reads_back() {
        check(record(Body::Created { details: "{}" }));
        check(record(Body::Finalized { status: RunStatus::TimedOut, next_seq: None }));
        check(record(Body::Finalized { status: RunStatus::Failed, next_seq: Some(9) }));
        for (key, redacted) in [(None, None), (Some("k"), None), (Some(""), Some("{ }")), (None, Some(""))] {
            check(Record {
                agent_id: Some(-1),
                agent_is_caller: true,
                role: Some(if key.is_some() { Role::Owner } else { Role::Agent }),
                ..record(Body::Event(EventRecord {
                    seq: 7,
                    idempotency_key: key,
                    digest: Digest::of(b"x"),
                    effect: Effect::Deny,
                    findings: "[]",
                    redacted,
                    raw: "{\"é\":1}",
                }))
            });
        }
    }

    #[test]
    fn every_role_reads_back() {
        for role in Role::ALL.map(Some).into_iter().chain([None]) {
            check(Record { role, ..record(Body::Created { details: "{}" }) });
        }
    }

    #[test]
    fn effects_keep_their_numbers() {
        for code in 0..6 {
            assert_eq!(effect_of(code).map(effect_code), Some(code));
        }
        assert_eq!(effect_of(6), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Record::read(&bytes);
        }
    }
}
