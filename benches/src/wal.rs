//! The write-ahead log: durable appends beside their floor (the same bytes, written and synced by hand) and a peer
//! (raft-engine, in `benches/rivals`).
//!
//! Contenders take turns, round by round, and each ratio is the median of its rounds': the machine's mood passes over all of them alike.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Instant;

use aop_host::wal::{Batch, SyncMode, Wal, WalConfig};
use serde::{Deserialize, Serialize};

/// Rounds of each contender.
const ROUNDS: usize = 31;
/// The floor's file, overwritten from its start when it is full.
const FLOOR_FILE_BYTES: u64 = 64 << 20;

type BenchError = Box<dyn std::error::Error>;

/// What one round does: every appender makes `appends` durable appends, one after the other.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Job {
    /// Threads that append at the same time.
    pub appenders: usize,
    /// Appends of each.
    pub appends: usize,
    /// Records in an append.
    pub records: usize,
    /// Bytes of a record.
    pub record_bytes: usize,
}

impl Job {
    fn records_total(&self) -> usize {
        self.appenders * self.appends * self.records
    }
}

/// What one round took.
#[derive(Debug, Clone, Deserialize)]
pub struct Measurement {
    /// Of the whole round.
    pub seconds: f64,
    /// Of each append, from the call to its being durable.
    pub latencies_us: Vec<f64>,
}

impl Measurement {
    fn per_second(&self, job: Job) -> f64 {
        job.records_total() as f64 / self.seconds
    }
}

/// A line of the scoreboard's area `wal`.
#[derive(Debug, Clone)]
pub struct WalRow {
    /// What was done.
    pub what: String,
    /// Our figure, in `unit`.
    pub figure: f64,
    /// What the figures count.
    pub unit: &'static str,
    /// What it is held against.
    pub floor_name: &'static str,
    /// That one's figure.
    pub floor_figure: f64,
    /// Ours to the other's, as the goal counts it.
    pub ratio: f64,
    /// The goal for the ratio; empty when there is none.
    pub goal: &'static str,
    /// Whether it was met (no goal is always met).
    pub met: bool,
}

/// Measures every line. `dir` is a folder on the disk that is meant.
///
/// # Errors
/// When a file cannot be written, or the log refuses something.
pub fn rows(dir: &Path) -> Result<Vec<WalRow>, BenchError> {
    let mut rows = Vec::new();
    let mut peer = Peer::start(dir);
    if let Err(error) = &peer {
        eprintln!("skipped: raft-engine's rows, as benches/rivals does not run: {error}");
    }
    let jobs = [
        ("1 KB, 1 appender", Job { appenders: 1, appends: 200, records: 1, record_bytes: 1024 }),
        ("1 KB, 8 appenders", Job { appenders: 8, appends: 100, records: 1, record_bytes: 1024 }),
        ("1 KB, 64 appenders", Job { appenders: 64, appends: 50, records: 1, record_bytes: 1024 }),
        ("100 x 1 KB, 1 appender", Job { appenders: 1, appends: 60, records: 100, record_bytes: 1024 }),
        ("100 x 1 KB, 8 appenders", Job { appenders: 8, appends: 25, records: 100, record_bytes: 1024 }),
    ];
    for (name, job) in jobs {
        rows.extend(compare(name, job, dir, peer.as_mut().ok())?);
    }
    Ok(rows)
}

fn compare(name: &str, job: Job, dir: &Path, mut peer: Option<&mut Peer>) -> Result<Vec<WalRow>, BenchError> {
    let own_dir = tempfile::tempdir_in(dir)?;
    let loose_dir = tempfile::tempdir_in(dir)?;
    let (own, _) = Wal::open(WalConfig::new(own_dir.path()))?;
    let (loose, _) = Wal::open(WalConfig { sync: SyncMode::NeverForBenchesOnly, ..WalConfig::new(loose_dir.path()) })?;
    let mut floor = Floor::open(dir)?;
    let mut rounds = Rounds::default();
    // The first round of each warms files and caches and does not count.
    for round in 0..=ROUNDS {
        let groups = own.health().groups;
        let ours = own_round(&own, job)?;
        let groups = own.health().groups - groups;
        let written = floor.round(job, groups as usize)?;
        let unsynced = own_round(&loose, job)?;
        let theirs = peer.as_mut().map(|peer| peer.round(job)).transpose()?;
        if round > 0 {
            rounds.push(job, &ours, &written, &unsynced, theirs.as_ref());
        }
    }
    own.close()?;
    loose.close()?;
    Ok(rounds.rows(name, job))
}

/// The figures of all rounds: records a second, and for a single appender the median latency.
#[derive(Default)]
struct Rounds {
    own: Vec<f64>,
    own_p50_us: Vec<f64>,
    floor: Vec<f64>,
    floor_p50_us: Vec<f64>,
    unsynced: Vec<f64>,
    peer: Vec<f64>,
}

impl Rounds {
    fn push(
        &mut self,
        job: Job,
        own: &Measurement,
        floor: &Measurement,
        unsynced: &Measurement,
        peer: Option<&Measurement>,
    ) {
        self.own.push(own.per_second(job));
        self.own_p50_us.push(median(&own.latencies_us));
        self.floor.push(floor.per_second(job));
        self.floor_p50_us.push(median(&floor.latencies_us));
        self.unsynced.push(unsynced.per_second(job));
        self.peer.extend(peer.map(|peer| peer.per_second(job)));
    }

    fn rows(&self, name: &str, job: Job) -> Vec<WalRow> {
        let mut rows = vec![
            row(name, "records/s", &self.own, "write+fdatasync, same groups", &self.floor, "", |_| true),
            row(name, "records/s", &self.own, "own WAL without sync", &self.unsynced, "", |_| true),
        ];
        // A lone appender of single records waits for the disk alone, whoever writes: there the floor's goal holds instead.
        let is_lone = job.appenders == 1 && job.records == 1;
        if !self.peer.is_empty() {
            let (goal, is_met): (_, fn(f64) -> bool) =
                if is_lone { ("", |_| true) } else { (">= 1.3", |ratio| ratio >= 1.3) };
            rows.push(row(name, "records/s", &self.own, "raft-engine 0.4.2", &self.peer, goal, is_met));
        }
        if is_lone {
            let what = "1 KB, 1 appender, p50";
            rows.push(row(what, "us", &self.own_p50_us, "write+fdatasync p50", &self.floor_p50_us, "<= 3", |ratio| {
                ratio <= 3.0
            }));
        }
        rows
    }
}

fn row(
    what: &str,
    unit: &'static str,
    own: &[f64],
    floor_name: &'static str,
    floor: &[f64],
    goal: &'static str,
    is_met: fn(f64) -> bool,
) -> WalRow {
    let ratios: Vec<f64> = own.iter().zip(floor).map(|(own, floor)| own / floor).collect();
    let ratio = median(&ratios);
    WalRow {
        what: what.to_owned(),
        figure: median(own),
        unit,
        floor_name,
        floor_figure: median(floor),
        ratio,
        goal,
        met: is_met(ratio),
    }
}

/// One round on our log.
///
/// # Errors
/// When the log refuses an append or is poisoned.
pub fn own_round(wal: &Wal, job: Job) -> Result<Measurement, BenchError> {
    let text = text(job.record_bytes);
    let started = Instant::now();
    let outcomes = thread::scope(|scope| {
        let appenders: Vec<_> = (0..job.appenders).map(|_| scope.spawn(|| append_all(wal, job, &text))).collect();
        appenders.into_iter().map(|appender| appender.join().expect("an appender returns its errors")).collect::<Vec<_>>()
    });
    let seconds = started.elapsed().as_secs_f64();
    // As the worker does when it has stored them; outside of the time, as is the peer's.
    wal.checkpoint(wal.durable_lsn())?;
    let mut latencies_us = Vec::new();
    for outcome in outcomes {
        latencies_us.extend(outcome?);
    }
    Ok(Measurement { seconds, latencies_us })
}

fn append_all(wal: &Wal, job: Job, text: &[u8]) -> Result<Vec<f64>, String> {
    let mut latencies_us = Vec::with_capacity(job.appends);
    for _ in 0..job.appends {
        let started = Instant::now();
        let mut batch = Batch::with_capacity(job.records, job.records * job.record_bytes);
        for _ in 0..job.records {
            batch.push(text);
        }
        let append = wal.append(batch).map_err(|error| error.to_string())?;
        append.durable.wait().map_err(|error| error.to_string())?;
        latencies_us.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(latencies_us)
}

/// The floor: a file of zeros, overwritten in place.
struct Floor {
    file: File,
    offset: u64,
}

impl Floor {
    fn open(dir: &Path) -> io::Result<Floor> {
        let path = dir.join("floor");
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path)?;
        // The name may go; the file stays as long as it is open.
        std::fs::remove_file(&path)?;
        let zeros = vec![0; 1 << 20];
        for offset in (0..FLOOR_FILE_BYTES).step_by(zeros.len()) {
            file.write_all_at(&zeros, offset)?;
        }
        file.sync_all()?;
        Ok(Floor { file, offset: 0 })
    }

    /// Writes and syncs a job's bytes in as many groups as our log took for it.
    fn round(&mut self, job: Job, groups: usize) -> io::Result<Measurement> {
        let groups = groups.max(1);
        let group = text(job.records_total() * job.record_bytes / groups);
        let mut latencies_us = Vec::with_capacity(groups);
        let started = Instant::now();
        for _ in 0..groups {
            let began = Instant::now();
            if self.offset + group.len() as u64 > FLOOR_FILE_BYTES {
                self.offset = 0;
            }
            self.file.write_all_at(&group, self.offset)?;
            self.file.sync_data()?;
            self.offset += group.len() as u64;
            latencies_us.push(began.elapsed().as_secs_f64() * 1e6);
        }
        Ok(Measurement { seconds: started.elapsed().as_secs_f64(), latencies_us })
    }
}

/// The peer's process, which runs a round for each line it is sent.
struct Peer {
    process: Child,
    jobs: ChildStdin,
    rounds: BufReader<ChildStdout>,
    _dir: tempfile::TempDir,
}

impl Peer {
    fn start(dir: &Path) -> Result<Peer, BenchError> {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/rivals/Cargo.toml");
        let dir = tempfile::tempdir_in(dir)?;
        let mut process = Command::new("cargo")
            .args(["run", "--quiet", "--release", "--locked", "--manifest-path", manifest, "--", "raft-engine"])
            .arg(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(jobs), Some(rounds)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the peer's process has no pipes".into());
        };
        let mut peer = Peer { process, jobs, rounds: BufReader::new(rounds), _dir: dir };
        peer.round(Job { appenders: 1, appends: 1, records: 1, record_bytes: 1 })?;
        Ok(peer)
    }

    fn round(&mut self, job: Job) -> Result<Measurement, BenchError> {
        serde_json::to_writer(&mut self.jobs, &job)?;
        writeln!(self.jobs)?;
        self.jobs.flush()?;
        let mut line = String::new();
        if self.rounds.read_line(&mut line)? == 0 {
            return Err("the peer's process ended".into());
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends by itself at the end of its input; this is for one that hangs.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Bytes that do not compress.
fn text(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
