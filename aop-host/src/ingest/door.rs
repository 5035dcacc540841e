//! Decides about one event of a run that is locked.

use std::sync::Arc;

use aop_engine::{Context, Effect, Event, Finding, Scratch, Timestamp, Verdict};

use super::names::{Hot, Known, PENDING};
use super::runs::{LockedRun, RunMemory};
use super::{Decided, Outcome};
use crate::config::Order;
use crate::digest::Digest;
use crate::host::Host;
use crate::principal::Principal;
use crate::problem::Problem;
use crate::record::{Body, EventRecord, Record};
use crate::run::RunStatus;
use crate::shared::{LockedShared, SharedEntry};
use crate::snapshot;
use crate::store::EventName;
use crate::wal::{Batch, Reservation};

/// What a record of the log takes beside the event and its findings, at most: head, ids, key, frame.
const RECORD_OVERHEAD_BYTES: usize = 768;

/// One visit to a locked run with events of one caller.
pub(crate) struct Visit<'v> {
    host: &'v Host,
    pub(crate) principal: &'v Principal,
    pub(crate) run_id: &'v str,
    pub(crate) now: Timestamp,
    /// Whether the store may be asked, which blocks.
    may_block: bool,
    run: LockedRun<'v>,
    /// Where the organisation's memory is that its runs share, when a rule asks for it, and the hold on it once an event was judged.
    shared_entry: Option<&'v SharedEntry>,
    shared: Option<LockedShared<'v>>,
    reservation: Option<Reservation>,
    /// Bytes of events still to come, which are reserved together with the first that needs it.
    bytes_to_come: usize,
    events_to_come: usize,
    batch: Batch,
    record: Vec<u8>,
    scratch: Scratch,
    /// The greatest LSN that must be durable before anything of this visit is answered.
    wait_lsn: u64,
}

/// The event cannot be decided without asking the store.
pub(crate) struct MustBlock;

impl<'v> Visit<'v> {
    pub(crate) fn new(
        host: &'v Host,
        principal: &'v Principal,
        run_id: &'v str,
        run: LockedRun<'v>,
        may_block: bool,
        events: usize,
        bytes: usize,
    ) -> Visit<'v> {
        Visit {
            host,
            principal,
            run_id,
            now: host.clock.now(),
            may_block,
            run,
            shared_entry: None,
            shared: None,
            reservation: None,
            bytes_to_come: bytes,
            events_to_come: events,
            batch: Batch::default(),
            record: Vec::new(),
            scratch: Scratch::default(),
            wait_lsn: 0,
        }
    }

    /// The same visit, to a run that shares this memory with others.
    pub(crate) fn sharing(self, entry: Option<&'v SharedEntry>) -> Visit<'v> {
        Visit { shared_entry: entry, ..self }
    }

    /// Decides about the run's next event. What it changes is undone by nobody, so [`Visit::leave`] must follow.
    pub(crate) fn decide(&mut self, event: &Event<'_>) -> Result<Outcome, MustBlock> {
        let outcome = match self.admit(event) {
            Ok(Some(decided)) => Ok(Outcome::Decided(decided)),
            Ok(None) => Err(MustBlock),
            Err(problem) => Ok(Outcome::Failed(problem)),
        };
        self.bytes_to_come = self.bytes_to_come.saturating_sub(event.raw().len());
        self.events_to_come = self.events_to_come.saturating_sub(1);
        outcome
    }

    /// `None` when the store would have to be asked and may not be.
    fn admit(&mut self, event: &Event<'_>) -> Result<Option<Decided>, Problem> {
        let meta = event.meta();
        self.check_agent(meta.agent_id())?;
        let digest = Digest::of(event.raw().as_bytes());
        let key = meta.idempotency_key();
        let name = key.as_deref().map_or(EventName::Seq(event.seq()), EventName::Key);
        let name_hash = self.host.runs.names.of(&name);

        // known already?
        let known = match self.run.memory().seen.find(name_hash) {
            Known::New => None,
            Known::Hot(hot) => Some(hot.clone()),
            Known::Stored | Known::Unsure if !self.may_block => return Ok(None),
            Known::Stored | Known::Unsure => self.ask_store(&name)?,
        };
        if let Some(hot) = known {
            return self.again(&hot, digest, &name, event.seq()).map(Some);
        }
        if !self.check_order(event)? {
            return Ok(None);
        }

        // room in the log?
        self.reserve()?;
        if !self.hold_shared()? {
            return Ok(None);
        }

        // judged; a run that does not exist yet is this caller's for as long as it takes to judge its first event
        let own = self.principal.agent_id;
        let memory = self.run.memory();
        if memory.status.is_none() {
            memory.state = snapshot::fresh(&self.host.engine, own);
        }
        let verdict = self.judge(event);
        let (effect, findings, redacted) = match &verdict {
            None => (Effect::Allow, None, None),
            Some(verdict) => (verdict.effect, json(&verdict.findings), verdict.redacted.as_deref()),
        };
        if effect == Effect::Throttle {
            return Err(Problem::Throttled { findings: findings.unwrap_or_default() });
        }

        // appended
        let record = EventRecord {
            seq: event.seq(),
            idempotency_key: key.as_deref(),
            digest,
            effect,
            findings: findings.as_deref().unwrap_or_default(),
            redacted,
            raw: event.raw(),
        };
        self.push(meta.agent_id(), Body::Event(record))?;
        let context = context(self.principal, &mut self.shared);
        self.host.engine.observe_in(event, effect.accepts(), &mut self.run.memory().state, context);
        let findings: Option<Arc<str>> = findings.map(Arc::from);
        let hot =
            Hot { lsn: PENDING + self.batch.len() as u64 - 1, seq: event.seq(), digest, effect, findings: findings.clone() };
        let taken = self.host.keeps_taken_seqs().then(|| self.host.runs.names.of_taken_seq(event.seq()));
        let now = self.now;
        let memory = self.run.memory();
        memory.seen.insert(name_hash, hot, taken);
        if memory.status.is_none() {
            memory.created_at = now;
            memory.bound_agent_id = own;
        }
        memory.status = Some(RunStatus::Running);
        memory.active_at = now;
        memory.agent_id = memory.agent_id.or(own).or(meta.agent_id());
        memory.next_seq = memory.next_seq.max(Some(event.seq() + 1));
        Ok(Some(Decided { seq: event.seq(), effect, findings, is_duplicate: false }))
    }

    fn check_agent(&mut self, named: Option<i64>) -> Result<(), Problem> {
        let of_run = self.run.memory().agent_id;
        match self.principal.agent_id {
            Some(own) => match [named, of_run].into_iter().flatten().find(|other| *other != own) {
                Some(named) => Err(Problem::OtherAgent { own, named }),
                None => Ok(()),
            },
            None => match (self.run.memory().bound_agent_id, named) {
                (Some(of_run), Some(named)) if of_run != named => Err(Problem::RunOfOtherAgent { of_run, named }),
                _ => Ok(()),
            },
        }
    }

    /// Binds a run whose first record was just pushed to the agent it is created for.
    pub(crate) fn bind(&mut self, agent_id: Option<i64>) {
        let memory = self.run.memory();
        memory.bound_agent_id = agent_id;
        memory.state = snapshot::fresh(&self.host.engine, agent_id);
    }

    fn ask_store(&self, name: &EventName<'_>) -> Result<Option<Hot>, Problem> {
        let answer = self.host.store.answer(self.principal, self.run_id, name);
        let answer = answer.map_err(|error| self.host.store_problem(&error))?;
        Ok(answer.map(|answer| Hot {
            lsn: answer.lsn,
            seq: answer.seq,
            digest: answer.digest,
            effect: answer.effect,
            findings: (!answer.findings.is_empty()).then(|| answer.findings.into()),
        }))
    }

    /// An event whose name is known: the first answer, if it is the same event.
    fn again(&mut self, hot: &Hot, digest: Digest, name: &EventName<'_>, seq: u64) -> Result<Decided, Problem> {
        if hot.digest != digest {
            return Err(match name {
                EventName::Key(_) => Problem::KeyReused { seq: hot.seq },
                EventName::Seq(_) => {
                    Problem::SequenceTaken { seq, expected: self.run.memory().next_seq.unwrap_or_default() }
                }
            });
        }
        if hot.lsn < PENDING {
            self.wait_lsn = self.wait_lsn.max(hot.lsn);
        }
        Ok(Decided { seq: hot.seq, effect: hot.effect, findings: hot.findings.clone(), is_duplicate: true })
    }

    /// `false` when only the store knows and may not be asked.
    fn check_order(&mut self, event: &Event<'_>) -> Result<bool, Problem> {
        let skew_s = self.host.config.clock_skew_s;
        let ahead = event.t().micros_since(self.now);
        if ahead > i64::try_from(skew_s).unwrap_or(i64::MAX).saturating_mul(1_000_000) {
            return Err(Problem::FutureTimestamp { t: event.t(), now: self.now, skew_s });
        }
        let seq = event.seq();
        let (host, may_block) = (self.host, self.may_block);
        let memory = self.run.memory();
        if let Some(status) = memory.status.filter(|status| status.is_finished()) {
            return Err(Problem::RunFinished { status: status.as_str() });
        }
        let expected = memory.next_seq.unwrap_or_default();
        let taken = Err(Problem::SequenceTaken { seq, expected });
        match (host.config.order, memory.next_seq) {
            (Order::Strict, None) if seq > 1 => Err(Problem::SequenceGap { seq, expected: None }),
            (Order::Strict, Some(next)) if seq > next => Err(Problem::SequenceGap { seq, expected: Some(next) }),
            (Order::Strict, Some(next)) if seq < next => taken,
            (Order::Monotonic, Some(next)) if seq < next => Err(Problem::SequencePassed { seq, next }),
            (Order::Strict | Order::Monotonic, _) => Ok(true),
            (Order::Off, _) => match memory.seen.is_taken(host.runs.names.of_taken_seq(seq)) {
                Some(true) => taken,
                Some(false) => Ok(true),
                None if !may_block => Ok(false),
                None => match host.store.has_seq(self.principal, self.run_id, seq) {
                    Ok(true) => taken,
                    Ok(false) => Ok(true),
                    Err(error) => Err(host.store_problem(&error)),
                },
            },
        }
    }

    /// Sets room in the log aside for this and all events to come, once.
    fn reserve(&mut self) -> Result<(), Problem> {
        if self.reservation.is_some() {
            return Ok(());
        }
        if self.host.progress.unstored() + self.events_to_come as u64 > self.host.config.limits.events_unstored {
            return Err(Problem::Busy("too many acknowledged events are not stored yet"));
        }
        let bytes = self.bytes_to_come + self.events_to_come * RECORD_OVERHEAD_BYTES;
        self.reservation = Some(self.host.wal.reserve(bytes).map_err(|error| self.host.append_problem(&error))?);
        self.batch = Batch::with_capacity(self.events_to_come, self.bytes_to_come + self.events_to_come * 192);
        Ok(())
    }

    fn judge(&mut self, event: &Event<'_>) -> Option<Verdict> {
        if !self.host.config.validators_enabled {
            return None;
        }
        let state = &self.run.memory().state;
        let context = context(self.principal, &mut self.shared);
        Some(self.host.engine.judge_in(event, state, &context, &mut self.scratch))
    }

    /// Takes hold of what the organisation's runs share, until the visit is over; `false` when that may block.
    fn hold_shared(&mut self) -> Result<bool, Problem> {
        let Some(entry) = self.shared_entry.filter(|_| self.shared.is_none()) else { return Ok(true) };
        self.shared = if self.may_block { Some(entry.lock(self.host, self.principal)?) } else { entry.try_lock() };
        Ok(self.shared.is_some())
    }

    /// Adds a record to those that [`Visit::leave`] appends.
    pub(crate) fn push(&mut self, agent_id: Option<i64>, body: Body<'_>) -> Result<(), Problem> {
        self.reserve()?;
        self.record.clear();
        let organisation = self.principal.organisation.as_str();
        let own = self.principal.agent_id;
        Record {
            organisation,
            run_id: self.run_id,
            received_at: self.now,
            agent_id: own.or(agent_id),
            agent_is_caller: own.is_some(),
            role: Some(self.principal.role),
            body,
        }
        .write(&mut self.record);
        let limit = self.host.record_bytes_max();
        if self.record.len() > limit {
            return Err(Problem::TooLarge { what: "an event with its findings", limit });
        }
        self.batch.push(&self.record);
        Ok(())
    }

    /// Appends what was decided, and says which LSN must be durable before it is answered.
    pub(crate) fn leave(mut self) -> Result<u64, Problem> {
        let Some(reservation) = self.reservation.take().filter(|_| !self.batch.is_empty()) else {
            return Ok(self.wait_lsn);
        };
        match reservation.append(std::mem::take(&mut self.batch)) {
            Ok(append) => {
                self.run.memory().seen.set_lsns(append.first_lsn);
                self.run.appended(self.host, append.last_lsn);
                Ok(append.last_lsn)
            }
            Err(error) => {
                // the run's state is ahead of the log now, and so is what it shares: forget them
                self.run.forget(self.host);
                if let Some(shared) = &mut self.shared {
                    shared.forget(self.host);
                }
                Err(self.host.append_problem(&error))
            }
        }
    }

    /// The run in memory.
    pub(crate) fn memory(&mut self) -> &mut RunMemory {
        self.run.memory()
    }

    /// Has [`Visit::leave`]'s caller wait for `lsn`, too.
    pub(crate) fn wait_for(&mut self, lsn: u64) {
        self.wait_lsn = self.wait_lsn.max(lsn);
    }
}

/// What the engine is told beside an event and its run.
fn context<'c>(principal: &'c Principal, shared: &'c mut Option<LockedShared<'_>>) -> Context<'c> {
    Context {
        role: Some(principal.role.as_str()),
        shared: shared.as_mut().map(LockedShared::state),
        tenant: Some(principal.organisation.as_str()),
    }
}

/// Findings as a JSON array, or nothing for none.
fn json(findings: &[Finding]) -> Option<String> {
    if findings.is_empty() {
        return None;
    }
    Some(serde_json::to_string(findings).expect("findings are words and numbers, which JSON has"))
}
