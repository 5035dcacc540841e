//! The embedded store: one SQLite file in WAL mode, one connection that writes, a few that read.
//!
//! Commits are not synced one by one: the host's own log still has what a power loss takes back, because it is recycled
//! only after [`Store::sync`]. That one commits with `synchronous = FULL`, and SQLite then syncs its whole WAL file, the
//! earlier commits in it included (what was moved out of that file before was synced by SQLite's checkpoint).

mod read;
mod schema;
mod write;

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use aop_engine::{Effect, Timestamp};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    EventName, FindingPlace, RunPage, Store, StoreBatch, StoreError, StoredAnswer, StoredEvent, StoredFinding, StoredKey,
    StoredName, StoredRun,
};
use crate::principal::{OrganisationId, Principal};

const READERS: usize = 4;
const STATEMENTS: usize = 64;

/// A store in one SQLite file.
pub(crate) struct SqliteStore {
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    reader_is_free: Condvar,
}

impl SqliteStore {
    /// Opens the store in `path`, made when absent and brought to this build's version.
    pub(crate) fn open(path: &Path) -> Result<SqliteStore, StoreError> {
        keep_to_owner(path).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))?;
        let mut writer = Connection::open(path).map_err(unavailable)?;
        set_up(&writer)?;
        writer.pragma_update(None, "journal_mode", "wal").map_err(unavailable)?;
        writer.pragma_update(None, "synchronous", "normal").map_err(unavailable)?;
        // 8192 pages are 32 MiB: SQLite moves its WAL into the file, with two syncs, that often
        writer.pragma_update(None, "wal_autocheckpoint", 8192).map_err(unavailable)?;
        writer.pragma_update(None, "journal_size_limit", 64 << 20).map_err(unavailable)?;
        schema::migrate(&mut writer)?;
        let readers = (0..READERS).map(|_| open_reader(path)).collect::<Result<_, _>>()?;
        Ok(SqliteStore { writer: Mutex::new(writer), readers: Mutex::new(readers), reader_is_free: Condvar::new() })
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        // a panic inside a transaction has rolled it back, so the connection is whole
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a query on a reader, waiting for one that is free.
    fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>) -> Result<T, StoreError> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = loop {
            match readers.pop() {
                Some(reader) => break reader,
                None => readers = self.reader_is_free.wait(readers).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(readers);
        let borrowed = Borrowed { store: self, reader: Some(reader) };
        borrowed
            .reader
            .as_ref()
            .map_or(Err(StoreError::Unavailable("no connection".to_owned())), |reader| query(reader).map_err(classified))
    }
}

/// A reader on loan, given back also when the query panics.
struct Borrowed<'s> {
    store: &'s SqliteStore,
    reader: Option<Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.store.readers.lock().unwrap_or_else(PoisonError::into_inner).extend(self.reader.take());
        self.store.reader_is_free.notify_one();
    }
}

/// Makes the file if need be, and sees to it that nobody but its owner reads it; SQLite gives the files beside it the same
/// mode when it makes them. A file that is there is not opened: closing it would release the locks that another connection
/// of this process holds on it.
fn keep_to_owner(path: &Path) -> io::Result<()> {
    const MODE: u32 = 0o600;
    match OpenOptions::new().write(true).create_new(true).mode(MODE).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    for beside in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(beside);
        match fs::set_permissions(&file, Permissions::from_mode(MODE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags).map_err(unavailable)?;
    set_up(&reader)?;
    reader.pragma_update(None, "query_only", true).map_err(unavailable)?;
    Ok(reader)
}

fn set_up(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(unavailable)?;
    connection.pragma_update(None, "cache_size", -32_768).map_err(unavailable)?;
    connection.pragma_update(None, "temp_store", "memory").map_err(unavailable)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

fn unavailable(error: rusqlite::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Tells what the data brought about from what the machine did.
fn classified(error: rusqlite::Error) -> StoreError {
    let is_environment = match &error {
        rusqlite::Error::SqliteFailure(failure, _) => {
            !matches!(failure.code, ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig)
        }
        _ => false,
    };
    if is_environment { unavailable(error) } else { StoreError::Rejected(error.to_string()) }
}

impl Store for SqliteStore {
    fn cursor(&self) -> Result<u64, StoreError> {
        self.read(read::cursor)
    }

    fn apply(&self, batch: &StoreBatch<'_>) -> Result<(), StoreError> {
        write::apply(&mut self.writer(), batch).map_err(classified)
    }

    fn sync(&self) -> Result<(), StoreError> {
        write::sync(&self.writer()).map_err(classified)
    }

    fn run(&self, principal: &Principal, run_id: &str) -> Result<Option<StoredRun>, StoreError> {
        self.read(|connection| read::run(connection, principal, run_id))
    }

    fn runs(&self, principal: &Principal, page: &RunPage) -> Result<Vec<(u64, crate::run::Run)>, StoreError> {
        self.read(|connection| read::runs(connection, principal, page))
    }

    fn event_names(
        &self,
        principal: &Principal,
        run_id: &str,
        at_most: usize,
    ) -> Result<Option<Vec<StoredName>>, StoreError> {
        self.read(|connection| read::event_names(connection, principal, run_id, at_most))
    }

    fn answer(&self, principal: &Principal, run_id: &str, name: &EventName<'_>) -> Result<Option<StoredAnswer>, StoreError> {
        self.read(|connection| read::answer(connection, principal, run_id, name))
    }

    fn has_seq(&self, principal: &Principal, run_id: &str, seq: u64) -> Result<bool, StoreError> {
        self.read(|connection| read::has_seq(connection, principal, run_id, seq))
    }

    fn events(
        &self,
        principal: &Principal,
        run_id: &str,
        from_seq: u64,
        bytes: usize,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.read(|connection| read::events(connection, principal, run_id, from_seq, bytes))
    }

    fn replay(
        &self,
        principal: &Principal,
        run_id: &str,
        visit: &mut dyn FnMut(u64, Effect, &str),
    ) -> Result<(), StoreError> {
        self.read(|connection| read::replay(connection, principal, run_id, visit))
    }

    fn findings(
        &self,
        principal: &Principal,
        run_id: &str,
        after: Option<FindingPlace>,
        limit: usize,
    ) -> Result<Vec<StoredFinding>, StoreError> {
        self.read(|connection| read::findings(connection, principal, run_id, after, limit))
    }

    fn shared_parts(&self, principal: &Principal) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|connection| read::shared_parts(connection, principal))
    }

    fn idle_runs(&self, before: Timestamp, limit: usize) -> Result<Vec<(OrganisationId, String)>, StoreError> {
        self.read(|connection| read::idle_runs(connection, before, limit))
    }

    fn keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        self.read(read::keys)
    }

    fn add_key(&self, key: &StoredKey, created_at: Timestamp) -> Result<(), StoreError> {
        let writer = self.writer();
        write::add_key(&writer, key, created_at).and_then(|()| write::sync(&writer)).map_err(classified)
    }

    fn dead_letters(&self) -> Result<u64, StoreError> {
        self.read(read::dead_letters)
    }
}
