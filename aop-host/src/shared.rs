//! The memory that an organisation's runs share, for rules that look `per agent` or `per organisation`.
//!
//! The door has one for each organisation, behind a lock that a visit holds from the first event it judges until its records are in the
//! log: so the memory takes events in the order of the log, in which the worker takes them in again. The worker's is stored with the
//! rows of the same records, part by part; the door's is read from there, once the store has everything that the log had.
//!
//! Nothing of this exists unless a rule asks for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use aop_engine::SharedState;

use crate::host::Host;
use crate::log::{Level, log};
use crate::principal::{OrganisationId, Principal};
use crate::problem::Problem;
use crate::store::{Store, StoreError};

/// The memories at the door.
pub(crate) struct SharedTable {
    is_used: bool,
    by_organisation: Mutex<HashMap<OrganisationId, Arc<SharedEntry>>>,
}

/// One organisation's memory; nothing until it was read from the store.
#[derive(Default)]
pub(crate) struct SharedEntry(Mutex<Option<SharedState>>);

/// A memory that is locked and read.
pub(crate) struct LockedShared<'e>(MutexGuard<'e, Option<SharedState>>);

impl SharedTable {
    /// A table for an engine that asks for such memory, or does not.
    pub(crate) fn new(is_used: bool) -> SharedTable {
        SharedTable { is_used, by_organisation: Mutex::default() }
    }

    /// Whether any rule asks for it.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }

    /// The organisation's memory; nothing when no rule asks for it.
    pub(crate) fn of(&self, organisation: &OrganisationId) -> Option<Arc<SharedEntry>> {
        if !self.is_used {
            return None;
        }
        let mut table = self.by_organisation.lock().unwrap_or_else(PoisonError::into_inner);
        Some(table.entry(organisation.clone()).or_default().clone())
    }
}

impl SharedEntry {
    /// Locks the memory if nobody holds it and it was read; never waits.
    pub(crate) fn try_lock(&self) -> Option<LockedShared<'_>> {
        match self.0.try_lock() {
            Ok(memory) if memory.is_some() => Some(LockedShared(memory)),
            // after a panic, the slow way reads it anew
            Ok(_) | Err(TryLockError::Poisoned(_) | TryLockError::WouldBlock) => None,
        }
    }

    /// Locks the memory, and reads it from the store when it is not here. Blocks.
    pub(crate) fn lock(&self, host: &Host, principal: &Principal) -> Result<LockedShared<'_>, Problem> {
        let mut memory = match self.0.lock() {
            Ok(memory) => memory,
            Err(poisoned) => {
                // What a panic left behind is thrown away; the log has what counts, and so will the store.
                self.0.clear_poison();
                let mut locked = LockedShared(poisoned.into_inner());
                locked.forget(host);
                locked.0
            }
        };
        if memory.is_none() {
            let wait = Duration::from_millis(host.config.limits.read_wait_ms);
            host.runtime.block_on(host.progress.wait_stored(host.runs.fence_lsn(), wait))?;
            *memory = Some(load(&*host.store, principal).map_err(|error| host.store_problem(&error))?);
        }
        Ok(LockedShared(memory))
    }
}

impl LockedShared<'_> {
    /// The memory.
    pub(crate) fn state(&mut self) -> &mut SharedState {
        self.0.as_mut().expect("a LockedShared is made only of memories that were read")
    }

    /// Throws the memory away; it is read again when the store has everything that was appended so far.
    pub(crate) fn forget(&mut self, host: &Host) {
        host.runs.raise_fence(host.progress.appended_lsn());
        *self.0 = None;
    }
}

/// The memory as the store has it.
pub(crate) fn load(store: &dyn Store, principal: &Principal) -> Result<SharedState, StoreError> {
    let mut shared = SharedState::default();
    for (name, json) in store.shared_parts(principal)? {
        let read = name.parse().map_err(|error| format!("{error}"));
        let put = read.and_then(|part| shared.put_part(part, &json).map_err(|error| error.to_string()));
        if let Err(error) = put {
            // It cannot be made again from what is stored, and a host that refuses everything helps nobody.
            let organisation = principal.organisation.as_str();
            let fields: [(&str, &dyn std::fmt::Display); 3] =
                [("organisation", &organisation), ("part", &name), ("error", &error)];
            log(Level::Error, "a memory that runs share cannot be read; its limits count anew", &fields);
        }
    }
    Ok(shared)
}
