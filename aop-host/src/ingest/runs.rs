//! The runs in memory: each behind a lock of its own, loaded from the store when it is asked for, evicted when idle.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};

use aop_engine::{RunState, Timestamp};

use super::names::{Names, Seen};
use crate::host::Host;
use crate::principal::{OrganisationId, Principal};
use crate::problem::Problem;
#[cfg(doc)]
use crate::record::Record;
use crate::record::RunDetails;
use crate::run::RunStatus;
use crate::snapshot;
use crate::store::{EventName, StoreError, StoredName};

/// Every run that was asked for lately, by organisation and id.
#[derive(Default)]
pub(crate) struct RunTable {
    runs: Mutex<Runs>,
    pub(crate) names: Names,
    /// A run may be loaded only when the store has everything up to here.
    fence_lsn: AtomicU64,
}

#[derive(Default)]
struct Runs {
    by_organisation: HashMap<OrganisationId, HashMap<Box<str>, Arc<RunEntry>>>,
    count: usize,
    clock: u64,
    /// When nothing could be evicted last, and how far the store was then.
    stuck: Option<(u64, Instant)>,
}

/// How long an eviction that found nothing is not tried again while the store stands still; what ends without a record,
/// such as a request in flight, may let go of a run by then.
const STUCK_WAIT: Duration = Duration::from_millis(20);

/// A run's place in the table.
#[derive(Default)]
pub(crate) struct RunEntry {
    memory: Mutex<Option<RunMemory>>,
    /// The run's last record, for those who want to read it from the store.
    last_lsn: AtomicU64,
    used: AtomicU64,
}

/// What the door needs to know of a run to judge its next event.
pub(crate) struct RunMemory {
    /// Nothing as long as nobody created it and no event named it.
    pub(crate) status: Option<RunStatus>,
    pub(crate) agent_id: Option<i64>,
    /// The agent of its first record's caller, or the one it was created for; see [`Record::bound_agent`].
    pub(crate) bound_agent_id: Option<i64>,
    pub(crate) details: RunDetails,
    pub(crate) created_at: Timestamp,
    pub(crate) active_at: Timestamp,
    pub(crate) finalized_at: Option<Timestamp>,
    pub(crate) next_seq: Option<u64>,
    pub(crate) last_lsn: u64,
    pub(crate) state: RunState,
    pub(crate) seen: Seen,
}

/// A run that is locked and loaded.
pub(crate) struct LockedRun<'e> {
    entry: &'e RunEntry,
    memory: MutexGuard<'e, Option<RunMemory>>,
}

impl RunTable {
    /// The table of a host whose log ended at `fence_lsn` when it started.
    pub(crate) fn new(fence_lsn: u64) -> RunTable {
        RunTable { fence_lsn: AtomicU64::new(fence_lsn), ..RunTable::default() }
    }

    /// The LSN that the store must have reached before a run is read from it.
    pub(crate) fn fence_lsn(&self) -> u64 {
        self.fence_lsn.load(Ordering::Acquire)
    }

    /// Has whatever is read from the store from now on wait for this LSN.
    pub(crate) fn raise_fence(&self, lsn: u64) {
        self.fence_lsn.fetch_max(lsn, Ordering::AcqRel);
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A run's entry if the table has one.
    pub(crate) fn find(&self, organisation: &OrganisationId, run_id: &str) -> Option<Arc<RunEntry>> {
        self.runs().by_organisation.get(organisation)?.get(run_id).cloned()
    }

    /// A run's entry, made when there is none. Evicts idle runs when there are too many.
    pub(crate) fn entry(&self, host: &Host, organisation: &OrganisationId, run_id: &str) -> Result<Arc<RunEntry>, Problem> {
        let mut runs = self.runs();
        runs.clock += 1;
        let clock = runs.clock;
        if let Some(entry) = runs.by_organisation.get(organisation).and_then(|runs| runs.get(run_id)) {
            entry.used.store(clock, Ordering::Relaxed);
            return Ok(entry.clone());
        }
        if runs.count >= host.config.limits.runs_in_memory {
            runs.evict(host, &self.names);
            if runs.count >= host.config.limits.runs_in_memory {
                return Err(Problem::Busy("too many runs are active at once"));
            }
        }
        let entry = Arc::new(RunEntry { used: AtomicU64::new(clock), ..RunEntry::default() });
        runs.by_organisation.entry(organisation.clone()).or_default().insert(run_id.into(), entry.clone());
        runs.count += 1;
        Ok(entry)
    }

    /// Gives back the memory that runs without new events hold for answers which the store has by now.
    pub(crate) fn prune(&self, host: &Host) {
        // weak, because an entry that somebody holds cannot be evicted
        let entries: Vec<Weak<RunEntry>> =
            self.runs().by_organisation.values().flat_map(HashMap::values).map(Arc::downgrade).collect();
        for entry in entries.iter().filter_map(Weak::upgrade) {
            // locking prunes; a run that somebody is at is pruned by them
            drop(self.try_lock(host, &entry));
        }
    }

    /// Locks a run that is in memory and that nobody else is at; never waits.
    pub(crate) fn try_lock<'e>(&self, host: &Host, entry: &'e RunEntry) -> Option<LockedRun<'e>> {
        let memory = match entry.memory.try_lock() {
            Ok(memory) => memory,
            // someone panicked at this run; the slow way clears that up
            Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => return None,
        };
        memory.as_ref()?;
        Some(LockedRun::pruned(host, entry, memory))
    }

    /// Locks a run and loads it from the store when it is not in memory. Blocks.
    pub(crate) fn lock<'e>(
        &self,
        host: &Host,
        principal: &Principal,
        run_id: &str,
        entry: &'e RunEntry,
    ) -> Result<LockedRun<'e>, Problem> {
        let mut memory = match entry.memory.lock() {
            Ok(memory) => memory,
            Err(poisoned) => {
                // What a panic left behind is thrown away; the log has everything, and so will the store.
                entry.memory.clear_poison();
                let mut run = LockedRun { entry, memory: poisoned.into_inner() };
                run.forget(host);
                run.memory
            }
        };
        if memory.is_none() {
            let fence_lsn = self.fence_lsn.load(Ordering::Acquire);
            let wait = Duration::from_millis(host.config.limits.read_wait_ms);
            host.runtime.block_on(host.progress.wait_stored(fence_lsn, wait))?;
            let loaded = load(host, &self.names, principal, run_id).map_err(|error| host.store_problem(&error))?;
            *memory = Some(loaded);
        }
        Ok(LockedRun::pruned(host, entry, memory))
    }
}

impl Runs {
    /// Lets go of the runs that were not used for longest, a quarter of them, as far as the store has them whole.
    fn evict(&mut self, host: &Host, names: &Names) {
        let stored_lsn = host.progress.stored_lsn();
        if self.stuck.is_some_and(|(lsn, since)| lsn == stored_lsn && since.elapsed() < STUCK_WAIT) {
            return;
        }
        let count_before = self.count;
        let mut uses: Vec<u64> = self
            .by_organisation
            .values()
            .flat_map(HashMap::values)
            .map(|entry| entry.used.load(Ordering::Relaxed))
            .collect();
        let quarter = uses.len() / 4;
        let (_, newest_to_go, _) = uses.select_nth_unstable(quarter);
        let newest_to_go = *newest_to_go;
        for runs in self.by_organisation.values_mut() {
            runs.retain(|_, entry| {
                // an entry that somebody holds is in use, or is about to be
                let is_idle = Arc::strong_count(entry) == 1
                    && entry.used.load(Ordering::Relaxed) <= newest_to_go
                    && entry.last_lsn.load(Ordering::Acquire) <= stored_lsn
                    && !entry.memory.is_poisoned();
                if is_idle
                    && let Ok(mut memory) = entry.memory.try_lock()
                    && let Some(mut memory) = memory.take()
                {
                    memory.seen.forget_stored(names);
                }
                !is_idle
            });
        }
        self.by_organisation.retain(|_, runs| !runs.is_empty());
        self.count = self.by_organisation.values().map(HashMap::len).sum();
        self.stuck = (self.count == count_before).then(|| (stored_lsn, Instant::now()));
    }
}

impl RunEntry {
    /// The LSN of the run's last record in this process; 0 when it was only read.
    pub(crate) fn last_lsn(&self) -> u64 {
        self.last_lsn.load(Ordering::Acquire)
    }
}

impl<'e> LockedRun<'e> {
    fn pruned(host: &Host, entry: &'e RunEntry, mut memory: MutexGuard<'e, Option<RunMemory>>) -> LockedRun<'e> {
        if let Some(memory) = memory.as_mut() {
            let names = &host.runs.names;
            memory.seen.prune(host.progress.stored_lsn(), names, host.config.limits.keys_in_memory);
        }
        LockedRun { entry, memory }
    }

    /// The run.
    pub(crate) fn memory(&mut self) -> &mut RunMemory {
        self.memory.as_mut().expect("a LockedRun is made only of runs that are loaded")
    }

    /// Throws the run's memory away; it is loaded again when the store has everything that was appended so far.
    pub(crate) fn forget(&mut self, host: &Host) {
        host.runs.raise_fence(host.progress.appended_lsn());
        if let Some(mut memory) = self.memory.take() {
            memory.seen.forget_stored(&host.runs.names);
        }
    }

    /// Notes that records of this run up to `lsn` are in the log.
    pub(crate) fn appended(&mut self, host: &Host, lsn: u64) {
        host.progress.appended(lsn);
        self.entry.last_lsn.store(lsn, Ordering::Release);
        self.memory().last_lsn = lsn;
    }
}

fn load(host: &Host, names: &Names, principal: &Principal, run_id: &str) -> Result<RunMemory, StoreError> {
    let Some(stored) = host.store.run(principal, run_id)? else {
        return Ok(RunMemory::absent(host, names));
    };
    let at_most = host.config.limits.keys_in_memory / 4;
    let known = host.store.event_names(principal, run_id, at_most)?;
    let known = known.map(|known| known.iter().flat_map(|name| hashes(host, names, name)).collect());
    let state = snapshot::restore(host, principal, &stored)?;
    let run = stored.run;
    Ok(RunMemory {
        status: Some(run.status),
        agent_id: run.agent_id,
        bound_agent_id: run.bound_agent_id,
        details: RunDetails { seed: run.seed, scenario: run.scenario },
        created_at: run.created_at,
        active_at: run.active_at,
        finalized_at: run.finalized_at,
        next_seq: run.next_seq,
        last_lsn: 0,
        state,
        seen: Seen::new(known, names),
    })
}

fn hashes(host: &Host, names: &Names, stored: &StoredName) -> impl Iterator<Item = super::names::NameHash> + use<> {
    let name = stored.idempotency_key.as_deref().map_or(EventName::Seq(stored.seq), EventName::Key);
    let taken = host.keeps_taken_seqs().then(|| names.of_taken_seq(stored.seq));
    [names.of(&name)].into_iter().chain(taken)
}

impl RunMemory {
    fn absent(host: &Host, names: &Names) -> RunMemory {
        RunMemory {
            status: None,
            agent_id: None,
            bound_agent_id: None,
            details: RunDetails::default(),
            created_at: Timestamp::from_micros(0),
            active_at: Timestamp::from_micros(0),
            finalized_at: None,
            next_seq: None,
            last_lsn: 0,
            state: host.engine.new_state(),
            seen: Seen::new(Some(Vec::new()), names),
        }
    }
}
