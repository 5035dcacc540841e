//! The host over HTTP: events a second beside a bare axum handler and beside the same without sync; the latency of one
//! event beside a bare write and `fdatasync`; what an event costs in processor time.
//!
//! Without sync means: the very same host with its data in memory (tmpfs), where a sync has nothing to do. So the product
//! needs no switch that makes it forget what it acknowledged.
//!
//! Every round of every contender gets a fresh process on a fresh folder, is warmed up, measured and killed: what is
//! measured is taking events in while the worker stores them, and no round pays for the backlog of another.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::engine::everything_on;
use crate::engine::speed::parse_and_check;
use crate::events::{Events, Step, steps_of_1_kb};
use crate::load::{Answers, Load};
use crate::measure::{Series, median, nanos_per, percentile};
use crate::serve::{Served, Server};
use crate::{BenchError, Goal, Row};

const MEMORY: &str = "/dev/shm";
const NO_OP: &str = "axum no-op";
const UNSYNCED: &str = "in memory, no sync";
const UNIT: &str = "events/s";

/// Measures the rows of the area `http`, in so many rounds. `folder` is on the disk that is meant.
///
/// # Errors
/// When a server does not start or gives another answer than 202.
pub fn rows(folder: &Path, rounds: usize) -> Result<Vec<Row>, BenchError> {
    let memory = Path::new(MEMORY);
    if !memory.is_dir() {
        return Err(format!("{MEMORY} is not there, and without it nothing can be measured without sync").into());
    }
    let bench = Bench { disk: folder, memory, rounds, steps: steps_of_1_kb(90) };
    let mut rows = bench.single()?;
    rows.extend(bench.batches()?);
    rows.push(bench.latency()?);
    Ok(rows)
}

struct Bench<'b> {
    disk: &'b Path,
    memory: &'b Path,
    rounds: usize,
    steps: Vec<Step>,
}

impl Bench<'_> {
    fn single(&self) -> Result<Vec<Row>, BenchError> {
        let mut rows = Vec::new();
        for connections in [64, 256] {
            let mut cpu_us = [const { Series::new() }; 4];
            let contenders = [
                (Served::NoOp, self.disk),
                (Served::Host, self.disk),
                (Served::Host, self.memory),
                (Served::HostChecking, self.disk),
            ];
            let [no_op, host, unsynced, checking] =
                self.turns(load(connections, 1), contenders, |place, server, answers| {
                    cpu_us[place].push(server.cpu_seconds()? * 1e6 / answers.events_total as f64);
                    Ok(per_second(answers))
                })?;
            let [no_op_us, host_us, ..] = cpu_us;
            let what = |more: &str| format!("single 1 KB, {connections} connections, {more}");
            let row = || Row::new("http", what("validators off"), &host, UNIT);
            if connections == 256 {
                rows.push(row().beside(NO_OP, &no_op).goal(Goal::RatioAtLeast(0.55)));
                rows.push(row().goal(Goal::AtLeast(20_000.0)));
                rows.push(row().beside(UNSYNCED, &unsynced).goal(Goal::RatioAtLeast(0.7)));
            } else {
                rows.push(row().beside(NO_OP, &no_op));
                rows.push(row().beside(UNSYNCED, &unsynced));
            }
            rows.push(Row::new("http", what("all on"), &checking, UNIT).beside("validators off", &host));
            rows.push(Row::new("http", what("host's CPU an event"), &host_us, "µs").beside(NO_OP, &no_op_us));
        }
        Ok(rows)
    }

    fn batches(&self) -> Result<Vec<Row>, BenchError> {
        let contenders = [
            (Served::NoOp, self.disk),
            (Served::Host, self.disk),
            (Served::Host, self.memory),
            (Served::HostChecking, self.disk),
        ];
        let mut cpu_us = Series::default();
        let [no_op, host, unsynced, checking] = self.turns(load(16, 100), contenders, |_, server, answers| {
            if server.served() == Served::HostChecking {
                server.wait_stored()?;
                cpu_us.push(server.cpu_seconds()? * 1e6 / answers.events_total as f64);
            }
            Ok(per_second(answers))
        })?;
        let engine_us = self.engine_us()?;
        let what = |more: &str| format!("batches of 100 × 1 KB, 16 connections, {more}");
        let off = || Row::new("http", what("validators off"), &host, UNIT);
        Ok(vec![
            off().goal(Goal::AtLeast(150_000.0)),
            off().beside(NO_OP, &no_op),
            off().beside(UNSYNCED, &unsynced).goal(Goal::RatioAtLeast(0.7)),
            Row::new("http", what("all on"), &checking, UNIT).goal(Goal::AtLeast(60_000.0)),
            Row::new("http", "host's CPU an event, stored, all on", &cpu_us, "µs").beside("engine and parse", &engine_us),
            Row::new("http", "host's CPU less engine and parse", &cpu_us.map(|us| us - engine_us.median()), "µs")
                .goal(Goal::AtMost(2.5)),
        ])
    }

    fn latency(&self) -> Result<Row, BenchError> {
        let mut floor = Floor::open(self.disk)?;
        let line = self.steps[0].line("latency", 1);
        let mut floors = Series::default();
        let [host] = self.turns(load(1, 1), [(Served::Host, self.disk)], |_, _, answers| {
            floors.push(floor.p50_us(line.as_bytes())?);
            Ok(percentile(&answers.latencies_us, 50.0))
        })?;
        let row = Row::new("http", "single 1 KB, 1 connection, validators off, p50", &host, "µs");
        Ok(row.beside("write + fdatasync p50", &floors).goal(Goal::RatioAtMost(3.0)))
    }

    /// Every contender in every round, each on a server of its own with its data in that folder. `figure` is asked for a
    /// contender's place while its server still runs.
    fn turns<const N: usize>(
        &self,
        load: Load,
        contenders: [(Served, &Path); N],
        mut figure: impl FnMut(usize, &Server, &Answers) -> Result<f64, BenchError>,
    ) -> Result<[Series; N], BenchError> {
        let mut series = [const { Series::new() }; N];
        for round in 0..self.rounds {
            for turn in 0..N {
                let place = (turn + round) % N;
                let (served, folder) = contenders[place];
                let server = Server::start(served, folder)?;
                let answers = load.run(server.address(), server.key(), &self.steps).map_err(|error| {
                    format!(
                        "{served:?} in {}, round {}: {error}; it said: {}",
                        folder.display(),
                        round + 1,
                        server.last_words()
                    )
                })?;
                series[place].push(figure(place, &server, &answers)?);
            }
        }
        Ok(series)
    }

    /// Parsing and checking the same events in process, on one thread.
    fn engine_us(&self) -> Result<Series, BenchError> {
        let engine = everything_on()?;
        let run =
            |number: usize| (1..).zip(&self.steps).map(|(seq, step)| step.line(&format!("run-{number}"), seq)).collect();
        let events = Events { name: String::new(), runs: (0..50).map(run).collect() };
        let mut series = Series::default();
        for _ in 0..self.rounds.max(5) {
            series.push(nanos_per(events.count(), || parse_and_check(&engine, &events)) / 1e3);
        }
        Ok(series)
    }
}

fn load(connections: usize, events_per_request: usize) -> Load {
    Load { connections, events_per_request, warm_up: Duration::from_millis(700), length: LENGTH }
}

const LENGTH: Duration = Duration::from_secs(2);

fn per_second(answers: &Answers) -> f64 {
    answers.events as f64 / LENGTH.as_secs_f64()
}

/// A file of zeros, overwritten in place: the least that a durable event can cost.
struct Floor {
    file: File,
}

impl Floor {
    const BYTES: usize = 4 << 20;

    fn open(folder: &Path) -> Result<Self, BenchError> {
        let path = folder.join("floor");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
        // the name may go; the file stays as long as it is open
        std::fs::remove_file(&path)?;
        file.write_all(&vec![0; Self::BYTES])?;
        file.sync_all()?;
        Ok(Self { file })
    }

    fn p50_us(&mut self, bytes: &[u8]) -> Result<f64, BenchError> {
        let mut latencies_us = Vec::new();
        for place in 0..2000 {
            let offset = place * bytes.len() % (Self::BYTES - bytes.len());
            let start = Instant::now();
            self.file.write_all_at(bytes, offset as u64)?;
            self.file.sync_data()?;
            latencies_us.push(start.elapsed().as_secs_f64() * 1e6);
        }
        Ok(median(&latencies_us))
    }
}
