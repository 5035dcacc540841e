//! How the host is set up: one plain struct, read by whoever starts it.

use std::path::PathBuf;

use aop_engine::policy::Source;
use aop_engine::{RedactionKey, Settings};
use serde::{Deserialize, Serialize};

/// Everything an operator can choose. Every field has a default, and unknown names are refused.
///
/// ```
/// use aop_host::{Config, Order};
///
/// let config = Config { order: Order::Monotonic, ..Config::default() };
/// assert!(config.validate().is_ok());
/// assert_eq!(config.run_idle_timeout_s, 30 * 60);
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address to listen on, as `host:port`.
    pub listen: String,
    /// Where the log and the store live; created when absent.
    pub data_dir: PathBuf,
    /// What `seq` an event may have.
    pub order: Order,
    /// Whether events are judged; without it every valid event is accepted.
    pub validators_enabled: bool,
    /// A run without events for so long is finished as timed out.
    pub run_idle_timeout_s: u64,
    /// How far ahead of its receipt an event's `t` may be.
    pub clock_skew_s: u64,
    /// What the engine looks for.
    pub engine: Settings,
    /// The policies to judge by. Whoever starts the host hands them in as texts; a configuration file does not hold them.
    #[serde(skip)]
    pub policies: Vec<Source>,
    /// Packages that the policies may use, which are not in force themselves.
    #[serde(skip)]
    pub packages: Vec<Source>,
    /// The key of hashes, tokens and fingerprints; each organisation's own is derived from it. A configuration file does not
    /// hold it.
    #[serde(skip)]
    pub redaction_key: Option<RedactionKey>,
    /// The bounds of everything a caller can make grow.
    pub limits: Limits,
    /// The write-ahead log.
    pub wal: WalSettings,
    /// The thread that moves events from the log to the store.
    pub worker: WorkerSettings,
}

/// Which sequence numbers a run takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Each event's `seq` is its predecessor's plus one; the first is 0 or 1.
    Strict,
    /// Each event's `seq` is greater than its predecessor's.
    Monotonic,
    /// Any `seq` that the run has not had.
    Off,
}

/// Bounds; each refuses, none truncates.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// One event, in bytes.
    pub event_bytes: usize,
    /// One request's body, in bytes.
    pub body_bytes: usize,
    /// Events in one batch.
    pub events_per_batch: usize,
    /// Bodies being read or worked on, in bytes, all requests together.
    pub bodies_in_flight_bytes: usize,
    /// Open connections.
    pub connections: usize,
    /// A request's head, in bytes.
    pub head_bytes: usize,
    /// How long a request's head may take, also on an idle connection.
    pub head_timeout_ms: u64,
    /// How long a request's body may take.
    pub body_timeout_ms: u64,
    /// How long a read waits for the store to catch up with what was acknowledged.
    pub read_wait_ms: u64,
    /// How long a shutdown waits for requests in flight.
    pub drain_timeout_ms: u64,
    /// Runs held in memory.
    pub runs_in_memory: usize,
    /// Events acknowledged and not yet in the store; over it, events get 503.
    pub events_unstored: u64,
    /// Idempotency keys of stored events held in memory, all runs together; those beyond are asked of the store.
    pub keys_in_memory: usize,
}

/// The write-ahead log's settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WalSettings {
    /// One segment file, in bytes.
    pub segment_bytes: u64,
    /// Bytes waiting to be written; over it, events get 503.
    pub queue_bytes: usize,
    /// Bytes of the log that are not in the store yet; over it, events get 503.
    pub retained_bytes: u64,
}

/// The worker's settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerSettings {
    /// Records stored in one transaction, at most.
    pub batch_records: usize,
    /// How long the worker waits for a batch to fill.
    pub linger_ms: u64,
    /// How many bytes of records may be stored before the store is made to survive a power loss and the log is recycled.
    pub sync_bytes: u64,
    /// Runs whose state the worker holds in memory.
    pub runs_in_memory: usize,
    /// How often idle runs and changed keys are looked for.
    pub sweep_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: "127.0.0.1:8000".to_owned(),
            data_dir: PathBuf::from("aop-data"),
            order: Order::Strict,
            validators_enabled: true,
            run_idle_timeout_s: 30 * 60,
            clock_skew_s: 5 * 60,
            engine: Settings::default(),
            redaction_key: None,
            policies: Vec::new(),
            packages: Vec::new(),
            limits: Limits::default(),
            wal: WalSettings::default(),
            worker: WorkerSettings::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            event_bytes: 1 << 20,
            body_bytes: 16 << 20,
            events_per_batch: 10_000,
            bodies_in_flight_bytes: 256 << 20,
            connections: 4096,
            head_bytes: 32 << 10,
            head_timeout_ms: 10_000,
            body_timeout_ms: 30_000,
            read_wait_ms: 5_000,
            drain_timeout_ms: 30_000,
            runs_in_memory: 10_000,
            events_unstored: 2_000_000,
            keys_in_memory: 4_000_000,
        }
    }
}

impl Default for WalSettings {
    fn default() -> Self {
        WalSettings { segment_bytes: 64 << 20, queue_bytes: 64 << 20, retained_bytes: 8 << 30 }
    }
}

impl Default for WorkerSettings {
    fn default() -> Self {
        WorkerSettings { batch_records: 5_000, linger_ms: 10, sync_bytes: 32 << 20, runs_in_memory: 2_000, sweep_ms: 1_000 }
    }
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} is {value}; it must be {rule}")]
pub struct ConfigError {
    key: &'static str,
    value: String,
    rule: String,
}

impl Config {
    /// Looks for settings that contradict one another or cannot work.
    ///
    /// # Errors
    /// The first setting at fault, by its key, with its value and what it must be.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let (limits, worker, wal) = (&self.limits, &self.worker, &self.wal);
        let wide = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        at_least("run_idle_timeout_s", self.run_idle_timeout_s, 1)?;
        at_least("limits.event_bytes", wide(limits.event_bytes), 256)?;
        at_least("limits.body_bytes", wide(limits.body_bytes), wide(limits.event_bytes))?;
        at_least("limits.events_per_batch", wide(limits.events_per_batch), 1)?;
        at_least("limits.bodies_in_flight_bytes", wide(limits.bodies_in_flight_bytes), wide(limits.body_bytes))?;
        at_least("limits.connections", wide(limits.connections), 1)?;
        at_least("limits.head_bytes", wide(limits.head_bytes), 8 << 10)?;
        at_least("limits.head_timeout_ms", limits.head_timeout_ms, 1)?;
        at_least("limits.body_timeout_ms", limits.body_timeout_ms, 1)?;
        at_least("limits.runs_in_memory", wide(limits.runs_in_memory), 16)?;
        at_least("limits.events_unstored", limits.events_unstored, wide(limits.events_per_batch))?;
        at_least("worker.batch_records", wide(worker.batch_records), 1)?;
        at_least("worker.runs_in_memory", wide(worker.runs_in_memory), 1)?;
        at_least("worker.sweep_ms", worker.sweep_ms, 1)?;
        at_least("wal.segment_bytes", wal.segment_bytes, 4 * wide(limits.event_bytes))?;
        at_least("wal.queue_bytes", wide(wal.queue_bytes), 2 * wide(limits.body_bytes))
    }
}

fn at_least(key: &'static str, value: u64, least: u64) -> Result<(), ConfigError> {
    if value >= least {
        return Ok(());
    }
    Err(ConfigError { key, value: value.to_string(), rule: format!("at least {least}") })
}
