//! Puts the host's parts together, serves, and takes them apart again in order.

mod accept;
mod approval;
mod sweep;
#[cfg(test)]
mod tests;

use std::fs::{DirBuilder, File};
use std::future::Future;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aop_engine::Engine;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::auth::{ApiKey, ApiKeyError, KeyRing};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::host::Host;
use crate::ingest::RunTable;
use crate::log::{Level, log};
use crate::principal::{OrganisationId, Principal, Role};
use crate::progress::Progress;
use crate::routes;
use crate::shared::SharedTable;
use crate::store::{SqliteStore, Store, StoreError, StoredKey};
use crate::wal::{ReadError, Recovery, Wal, WalConfig, WalError};
use crate::worker::Worker;

/// How often a start looks whether the store takes anything in.
const CATCH_UP_STEP: Duration = Duration::from_millis(200);
/// The organisation that the first key belongs to.
const FIRST_ORGANISATION: &str = "default";
/// The environment in the keys that this host makes.
const KEY_ENVIRONMENT: &str = "live";

/// Why the host does not run.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct RunError(#[from] Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("the configuration cannot be: {0}")]
    Config(#[from] ConfigError),
    #[error("the engine cannot be built: {0}")]
    Engine(String),
    #[error("cannot make the data folder {folder}: {error}")]
    Folder { folder: String, error: io::Error },
    #[error("the store cannot be opened: {0}")]
    Store(#[from] StoreError),
    #[error("the log cannot be opened: {0}")]
    Wal(#[from] WalError),
    #[error("the store and the log do not belong together (the store has everything up to record {cursor}): {error}")]
    Apart { cursor: u64, error: ReadError },
    #[error("no key could be made: {0}")]
    Key(#[from] ApiKeyError),
    #[error("standard output cannot be written to: {0}")]
    Print(io::Error),
    #[error("a thread cannot be started: {0}")]
    Thread(io::Error),
    #[error("a part of the host panicked while it was starting or stopping")]
    Panicked,
}

/// Runs the host on `listener` until `shutdown` resolves; then finishes the requests in flight, stores everything that was
/// acknowledged, and returns.
///
/// It prints to standard output: at its very first start an API key, once; and, when it is ready, where it listens.
///
/// # Errors
/// When the configuration, the data folder, the store or the log cannot be used.
///
/// ```
/// use aop_host::{Config, run};
/// use tokio::net::TcpListener;
///
/// # let folder = tempfile::tempdir().unwrap();
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
/// let shutdown = async { /* until a signal comes */ };
/// run(listener, config, shutdown).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub async fn run(listener: TcpListener, config: Config, shutdown: impl Future<Output = ()>) -> Result<(), RunError> {
    run_with_clock(listener, config, Arc::new(SystemClock), shutdown).await
}

/// [`run`] with a clock of the caller's.
///
/// # Errors
/// As [`run`].
pub async fn run_with_clock(
    listener: TcpListener,
    config: Config,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let runtime = Handle::current();
    let opened = spawn_blocking(move || open(config, clock, runtime)).await.map_err(|_| Cause::Panicked)?;
    let (host, worker) = opened?;
    catch_up(&host).await;
    // only now: who reads this line may connect and find everything that was acknowledged
    let announced = listener.local_addr().and_then(|address| writeln!(io::stdout(), "listening on http://{address}"));
    announced.map_err(Cause::Print)?;
    let sweep = sweep::start(host.clone());
    accept::serve(listener, host.clone(), routes::router(host.clone()), shutdown).await;
    sweep.stop().await;
    let closed = spawn_blocking(move || {
        worker.drain();
        host.wal.close()
    });
    // a poisoned log has said so in the log of messages; what it acknowledged is stored
    if let Err(error) = closed.await.map_err(|_| Cause::Panicked)? {
        log(Level::Error, "the log was not closed cleanly", &[("error", &error)]);
    }
    Ok(())
}

/// Makes a new API key in the store of `data_dir`; a running host knows it within seconds.
///
/// # Errors
/// When the store cannot be used or the machine has no random bytes.
///
/// ```
/// use aop_host::{Role, create_key};
///
/// let folder = tempfile::tempdir().unwrap();
/// let key = create_key(folder.path(), &"acme".parse().unwrap(), Role::Agent, Some(7)).unwrap();
/// println!("hand this out once: {}", key.reveal());
/// ```
pub fn create_key(
    data_dir: &Path,
    organisation: &OrganisationId,
    role: Role,
    agent_id: Option<i64>,
) -> Result<ApiKey, RunError> {
    let store = open_store(data_dir)?;
    Ok(add_key(&store, &SystemClock, organisation, role, agent_id)?)
}

fn add_key(
    store: &dyn Store,
    clock: &dyn Clock,
    organisation: &OrganisationId,
    role: Role,
    agent_id: Option<i64>,
) -> Result<ApiKey, Cause> {
    let key = ApiKey::generate(KEY_ENVIRONMENT)?;
    keep_key(store, clock, &key, organisation, role, agent_id)?;
    Ok(key)
}

fn keep_key(
    store: &dyn Store,
    clock: &dyn Clock,
    key: &ApiKey,
    organisation: &OrganisationId,
    role: Role,
    agent_id: Option<i64>,
) -> Result<(), StoreError> {
    let principal = Principal { organisation: organisation.clone(), key_id: key.id().into(), role, agent_id };
    store.add_key(&StoredKey { principal, digest: key.digest() }, clock.now())
}

fn open_store(data_dir: &Path) -> Result<SqliteStore, Cause> {
    let made = make_folder(data_dir);
    made.map_err(|error| Cause::Folder { folder: data_dir.display().to_string(), error })?;
    Ok(SqliteStore::open(&data_dir.join("store.sqlite"))?)
}

/// Makes the folder, and sees to it that it is still there after a power loss.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    // what is in it was sent in confidence; a folder that is there already stays as its owner made it
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    folder.canonicalize()?.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

fn open(config: Config, clock: Arc<dyn Clock>, runtime: Handle) -> Result<(Arc<Host>, Worker), Cause> {
    config.validate()?;
    let store = open_store(&config.data_dir)?;
    let wal = Wal::open(wal_config(&config))?;
    assemble(config, clock, runtime, store, wal)
}

/// The engine of these settings and policies.
fn engine(config: &Config) -> Result<Engine, String> {
    approval::check(&config.engine)?;
    let mut builder = Engine::builder().settings(config.engine.clone());
    if let Some(key) = &config.redaction_key {
        builder = builder.redaction_key(key.clone());
    }
    for package in &config.packages {
        builder = builder.package(&package.name, &package.text);
    }
    for policy in &config.policies {
        builder = builder.policy_named(&policy.name, &policy.text).map_err(|error| error.to_string())?;
    }
    builder.build().map_err(|error| error.to_string())
}

fn assemble(
    config: Config,
    clock: Arc<dyn Clock>,
    runtime: Handle,
    store: SqliteStore,
    (wal, recovery): (Wal, Recovery),
) -> Result<(Arc<Host>, Worker), Cause> {
    let engine = engine(&config).map_err(Cause::Engine)?;
    report(&recovery);
    let cursor = store.cursor()?;
    let reader = wal.reader(cursor + 1).map_err(|error| Cause::Apart { cursor, error })?;
    make_first_key(&store, &*clock)?;
    let keys = KeyRing::default();
    keys.replace(store.keys()?);
    let end_lsn = recovery.next_lsn - 1;
    let body_room = config.limits.bodies_in_flight_bytes.div_ceil(1024).min(Semaphore::MAX_PERMITS);
    let host = Arc::new(Host {
        shared: SharedTable::new(engine.policies().uses_shared_state()),
        engine,
        clock,
        wal,
        keys,
        runs: RunTable::new(end_lsn),
        progress: Progress::new(end_lsn, cursor, store.dead_letters()?),
        store: Arc::new(store),
        body_room: Arc::new(Semaphore::new(body_room)),
        runtime,
        config,
    });
    let worker = Worker::start(host.clone(), reader).map_err(Cause::Thread)?;
    Ok((host, worker))
}

fn wal_config(config: &Config) -> WalConfig {
    WalConfig {
        segment_bytes: config.wal.segment_bytes,
        queue_bytes_max: config.wal.queue_bytes,
        retained_bytes_max: config.wal.retained_bytes,
        ..WalConfig::new(config.data_dir.join("wal"))
    }
}

/// Says what the log's recovery found.
fn report(recovery: &Recovery) {
    if let Some(torn) = &recovery.torn {
        let bytes = format!("{}..{}", torn.bytes.start, torn.bytes.end);
        let fields: [(&str, &dyn std::fmt::Display); 2] = [("file", &torn.path.display()), ("bytes", &bytes)];
        log(Level::Warning, "the log's tail was torn and is cut; nothing in it was acknowledged", &fields);
    }
    for damage in &recovery.damage {
        log(Level::Error, "acknowledged records are damaged and left out", &[("damage", damage)]);
    }
    log(Level::Info, "the log is open", &[("records", &recovery.records), ("next_lsn", &recovery.next_lsn)]);
}

fn make_first_key(store: &dyn Store, clock: &dyn Clock) -> Result<(), Cause> {
    if !store.keys()?.is_empty() {
        log(Level::Info, "this data folder has a key already; it was shown when it was made and cannot be shown again", &[]);
        return Ok(());
    }
    let key = ApiKey::generate(KEY_ENVIRONMENT)?;
    // printed before it is kept: a key that nobody saw would lock everybody out
    writeln!(io::stdout(), "first API key, shown only this once: {}", key.reveal()).map_err(Cause::Print)?;
    let organisation = FIRST_ORGANISATION.parse().expect("the name is plain");
    Ok(keep_key(store, clock, &key, &organisation, Role::Owner, None)?)
}

/// Waits until the store has what the log had at the start, or says that it takes nothing.
async fn catch_up(host: &Host) {
    let end_lsn = host.progress.appended_lsn();
    while host.progress.wait_stored(end_lsn, CATCH_UP_STEP).await.is_err() {
        if let Some(trouble) = host.progress.trouble() {
            // reading and liveness go on; events wait until the store is back
            log(Level::Error, "serving although the store is behind", &[("error", &trouble)]);
            return;
        }
    }
}
