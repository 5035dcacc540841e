//! Makes rows of records: what each record means for its run, its events and its findings.

use std::collections::{BTreeSet, HashMap};

use aop_engine::{Context, Effect, Event, Finding, Payload, RunState, SharedPart, SharedState, Status};

use crate::digest::Digest;
use crate::host::Host;
use crate::principal::{OrganisationId, Principal, Role};
use crate::record::{Body, EventRecord, Record, RunDetails};
use crate::run::{Run, RunStatus, Summary};
use crate::shared;
use crate::snapshot;
use crate::store::{
    DeadLetter, EventRow, FindingPlace, FindingRow, HeldName, RunUpdate, SharedUpdate, Snapshot, StoreBatch, StoreError,
};

/// The runs as they are behind the last record that was stored.
pub(super) struct Projection {
    runs: HashMap<OrganisationId, HashMap<Box<str>, Tracked>>,
    /// What the runs of an organisation share, where a rule asks for it.
    shared: HashMap<OrganisationId, SharedState>,
    count: usize,
    runs_max: usize,
    /// The number of the batch that is being made.
    batch: u64,
}

struct Tracked {
    organisation: OrganisationId,
    run: Run,
    state: RunState,
    /// Its place in the batch that is being made.
    place: Option<usize>,
    /// The last batch that touched it.
    used: u64,
}

impl Projection {
    pub(super) fn new(runs_max: usize) -> Projection {
        Projection { runs: HashMap::new(), shared: HashMap::new(), count: 0, runs_max, batch: 0 }
    }

    /// Throws every run away; each is read from the store again when it is needed.
    pub(super) fn forget(&mut self) {
        self.runs.clear();
        self.shared.clear();
        self.count = 0;
    }

    /// Stores records in one transaction. After an error the runs here are ahead of the store: [`Projection::forget`] them.
    pub(super) fn store(&mut self, host: &Host, records: &[(u64, &[u8])]) -> Result<(), StoreError> {
        self.batch += 1;
        self.make_room();
        let mut batch = StoreBatch::empty(records.last().map_or(0, |(lsn, _)| *lsn));
        batch.events.reserve(records.len());
        let mut touched = Vec::new();
        let mut touched_parts = BTreeSet::new();
        for (lsn, bytes) in records {
            let record = Record::read(bytes).map_err(rejected)?;
            let organisation: OrganisationId = record.organisation.parse().map_err(rejected)?;
            self.track(host, &organisation, &record)?;
            self.read_shared(host, &organisation)?;
            let tracked = self.runs.get_mut(&organisation).and_then(|runs| runs.get_mut(record.run_id));
            let tracked = tracked.expect("it is tracked since the line above");
            let place = *tracked.place.get_or_insert_with(|| {
                touched.push((organisation.clone(), Box::<str>::from(record.run_id)));
                touched.len() - 1
            });
            let shared = self.shared.get_mut(&organisation);
            let parts = tracked.apply(host, *lsn, &record, place, shared, &mut batch)?;
            touched_parts.extend(parts.map(|part| (organisation.clone(), part)));
        }
        for (organisation, part) in touched_parts {
            let state = self.shared.get(&organisation).and_then(|shared| shared.part(part));
            batch.shared.extend(state.map(|state| SharedUpdate { organisation, part: part.to_string(), state }));
        }
        for (organisation, run_id) in &touched {
            let tracked = self.runs.get_mut(organisation).and_then(|runs| runs.get_mut(run_id));
            let Some(tracked) = tracked else { continue };
            tracked.place = None;
            tracked.used = self.batch;
            batch.runs.push(RunUpdate {
                organisation: organisation.clone(),
                run: tracked.run.clone(),
                snapshot: if tracked.run.status.is_finished() {
                    Snapshot::Delete
                } else {
                    Snapshot::Put(snapshot::write(&tracked.state))
                },
            });
        }
        host.store.apply(&batch)?;
        self.drop_finished(&touched);
        Ok(())
    }

    /// Has the run of a record here, read from the store or begun.
    fn track(&mut self, host: &Host, organisation: &OrganisationId, record: &Record<'_>) -> Result<(), StoreError> {
        let is_here = self.runs.get(organisation).is_some_and(|runs| runs.contains_key(record.run_id));
        if !is_here {
            let tracked = load(host, organisation, record)?;
            self.runs.entry(organisation.clone()).or_default().insert(record.run_id.into(), tracked);
            self.count += 1;
        }
        Ok(())
    }

    /// Has what the organisation's runs share here, if a rule asks for it.
    fn read_shared(&mut self, host: &Host, organisation: &OrganisationId) -> Result<(), StoreError> {
        if host.shared.is_used() && !self.shared.contains_key(organisation) {
            let shared = shared::load(&*host.store, &Principal::system(organisation))?;
            self.shared.insert(organisation.clone(), shared);
        }
        Ok(())
    }

    /// Lets go of the runs that the last batches did not touch, when there are too many.
    fn make_room(&mut self) {
        let mut batches_kept = 64;
        while self.count > self.runs_max {
            let oldest = self.batch.saturating_sub(batches_kept);
            self.runs.values_mut().for_each(|runs| runs.retain(|_, tracked| tracked.used >= oldest && batches_kept > 0));
            self.count = self.runs.values().map(HashMap::len).sum();
            batches_kept /= 4;
        }
    }

    /// A finished run takes no more events, so its state is not needed again.
    fn drop_finished(&mut self, touched: &[(OrganisationId, Box<str>)]) {
        for (organisation, run_id) in touched {
            let Some(runs) = self.runs.get_mut(organisation) else { continue };
            if runs.get(run_id).is_some_and(|tracked| tracked.run.status.is_finished()) {
                runs.remove(run_id);
                self.count -= 1;
            }
        }
    }
}

fn load(host: &Host, organisation: &OrganisationId, record: &Record<'_>) -> Result<Tracked, StoreError> {
    let principal = Principal::system(organisation);
    let (run, state) = match host.store.run(&principal, record.run_id)? {
        Some(stored) => {
            let state = snapshot::restore(host, &principal, &stored)?;
            (stored.run, state)
        }
        None => (begun(record), snapshot::fresh(&host.engine, record.bound_agent())),
    };
    Ok(Tracked { organisation: organisation.clone(), run, state, place: None, used: 0 })
}

/// A run whose first record this is.
fn begun(record: &Record<'_>) -> Run {
    Run {
        run_id: record.run_id.to_owned(),
        agent_id: None,
        bound_agent_id: record.bound_agent(),
        seed: None,
        scenario: None,
        status: RunStatus::Created,
        created_at: record.received_at,
        active_at: record.received_at,
        finalized_at: None,
        next_seq: None,
        summary: Summary::default(),
    }
}

/// Stores a record that cannot be stored as it should be: itself as a dead letter, and what still counts of it, which is
/// where its run stands, the event's name and seq, and its answer. Of a record that cannot be read, nothing does.
pub(super) fn set_aside(host: &Host, lsn: u64, bytes: &[u8], error: &str) -> Result<(), StoreError> {
    let bare = || StoreBatch {
        dead_letters: vec![DeadLetter { lsn, record: bytes, error: error.to_owned(), held: None }],
        ..StoreBatch::empty(lsn)
    };
    let mut batch = bare();
    if let Ok(record) = Record::read(bytes)
        && let Ok(organisation) = record.organisation.parse::<OrganisationId>()
    {
        match host.store.run(&Principal::system(&organisation), record.run_id) {
            Ok(stored) => {
                let mut run = stored.map_or_else(|| begun(&record), |stored| stored.run);
                // the run goes on without the details that cannot be read
                let _ = run.follow(&record);
                let snapshot = if run.status.is_finished() { Snapshot::Delete } else { Snapshot::Keep };
                batch.runs.push(RunUpdate { organisation, run, snapshot });
            }
            Err(StoreError::Rejected(_)) => {}
            Err(error) => return Err(error),
        }
        batch.dead_letters[0].held = held_name(&record);
    }
    match host.store.apply(&batch) {
        Err(StoreError::Rejected(_)) => host.store.apply(&bare()),
        outcome => outcome,
    }
}

fn held_name<'a>(record: &Record<'a>) -> Option<HeldName<'a>> {
    let Body::Event(event) = &record.body else {
        return None;
    };
    let findings = serde_json::from_str::<Vec<serde::de::IgnoredAny>>(event.findings).map_or("", |_| event.findings);
    Some(HeldName {
        organisation: record.organisation,
        run_id: record.run_id,
        seq: event.seq,
        idempotency_key: event.idempotency_key,
        digest: event.digest,
        effect: event.effect,
        findings,
    })
}

impl Run {
    /// Takes in what a record says of where the run stands.
    fn follow(&mut self, record: &Record<'_>) -> Result<(), StoreError> {
        self.active_at = record.received_at;
        self.agent_id = self.agent_id.or(record.agent_id);
        match &record.body {
            Body::Created { details } => {
                let details: RunDetails = serde_json::from_str(details).map_err(rejected)?;
                (self.seed, self.scenario) = (details.seed, details.scenario);
            }
            Body::Event(event) => {
                self.status = RunStatus::Running;
                self.next_seq = self.next_seq.max(Some(event.seq.saturating_add(1)));
            }
            Body::Finalized { status, .. } => {
                self.status = *status;
                self.finalized_at = Some(record.received_at);
            }
        }
        Ok(())
    }
}

impl Tracked {
    fn apply<'a>(
        &mut self,
        host: &Host,
        lsn: u64,
        record: &Record<'a>,
        place: usize,
        shared: Option<&mut SharedState>,
        batch: &mut StoreBatch<'a>,
    ) -> Result<impl Iterator<Item = SharedPart> + use<>, StoreError> {
        self.run.follow(record)?;
        let mut parts = None;
        match &record.body {
            Body::Created { .. } => {}
            Body::Event(event) => parts = self.event(host, lsn, record, event, place, shared, batch)?,
            Body::Finalized { .. } if host.config.validators_enabled => {
                // without a moment to measure against, so that the findings are those of the events alone, whenever the
                // run is closed
                let report = host.engine.finish(&self.state, None);
                self.findings(report.findings, None, place, batch);
            }
            Body::Finalized { .. } => {}
        }
        Ok(parts.into_iter().flatten())
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of one record, and they are borrowed differently")]
    fn event<'a>(
        &mut self,
        host: &Host,
        lsn: u64,
        record: &Record<'a>,
        stored: &EventRecord<'a>,
        place: usize,
        mut shared: Option<&mut SharedState>,
        batch: &mut StoreBatch<'a>,
    ) -> Result<Option<impl Iterator<Item = SharedPart> + use<>>, StoreError> {
        let event = snapshot::parse_kept(stored.raw).map_err(rejected)?;
        self.run.summary.take_in(&event, stored.effect, stored.redacted.is_some());
        let context = Context {
            role: record.role.map(Role::as_str),
            shared: shared.as_deref_mut(),
            tenant: Some(self.organisation.as_str()),
        };
        host.engine.observe_in(&event, stored.effect.accepts(), &mut self.state, context);
        if !stored.findings.is_empty() {
            let findings: Vec<Finding> = serde_json::from_str(stored.findings).map_err(rejected)?;
            self.findings(findings, Some(stored.seq), place, batch);
        }
        batch.events.push(EventRow {
            run: place,
            lsn,
            seq: stored.seq,
            idempotency_key: stored.idempotency_key,
            digest: stored.digest,
            effect: stored.effect,
            is_redacted: stored.redacted.is_some(),
            received_at: record.received_at,
            body: stored.redacted.unwrap_or(stored.raw),
        });
        let agent_id = self.run.bound_agent_id.or(event.meta().agent_id());
        Ok(shared.map(|shared| shared.parts_of(agent_id)))
    }

    /// Rows for the findings of an event's verdict, or of the run's end.
    fn findings(&self, findings: Vec<Finding>, seq: Option<u64>, place: usize, batch: &mut StoreBatch<'_>) {
        let mut occurrences: HashMap<Digest, u32> = HashMap::new();
        for (ordinal, finding) in (0..).zip(findings) {
            let base = self.identity(&finding, 0);
            let occurrence = occurrences.entry(base).or_default();
            let identity = if *occurrence == 0 { base } else { self.identity(&finding, *occurrence) };
            *occurrence += 1;
            let place_of_finding =
                FindingPlace { seq: seq.or(finding.seq).unwrap_or(u64::MAX), phase: finding.phase, ordinal };
            let json = serde_json::to_string(&finding).expect("a finding is words and numbers, which JSON has");
            batch.findings.push(FindingRow { run: place, identity, place: place_of_finding, finding, json });
        }
    }

    /// What makes a finding the same one when it is found again. Where one rule has several at one place (each its own
    /// witnesses, say), they are told apart by the order in which they are found.
    fn identity(&self, finding: &Finding, occurrence: u32) -> Digest {
        let words = (
            self.organisation.as_str(),
            &self.run.run_id,
            &finding.rule,
            finding.seq,
            &finding.path,
            finding.at,
            finding.span,
            &finding.inner_path,
            &finding.views,
            occurrence,
        );
        Digest::of(&serde_json::to_vec(&words).expect("words and numbers are JSON"))
    }
}

impl Summary {
    fn take_in(&mut self, event: &Event<'_>, effect: Effect, is_redacted: bool) {
        self.events += 1;
        self.refused += u64::from(!effect.accepts());
        self.redacted += u64::from(is_redacted);
        self.by_type.count(event.event_type());
        self.errors += u64::from(match event.payload() {
            Payload::Error(_) => true,
            Payload::ActionResponse(response) => response.status == Status::Error,
            _ => false,
        });
        self.saw(event.t());
    }
}

fn rejected(error: impl std::fmt::Display) -> StoreError {
    StoreError::Rejected(error.to_string())
}
