//! Many runs together: how much two threads are worth, and how much memory it takes.
//!
//! The 100,000 runs are made of 512 invented ones of 17 to 23 events (`events::steps_of_run`): each has a name of its own, is of one of
//! 200 agents, and begins at a time of its own in four weeks. What is timed is parsing, judging with everything on, and taking in the
//! run; the texts are made before. One thread and two take turns at each two thousand runs, so that the machine's mood passes over both.

use std::io::Write as _;
use std::process::Command;
use std::time::Instant;

use aop_engine::{BatchState, Engine, Event, Limits, RedactionKey, Settings, Timestamp, Trace};
use rayon::ThreadPool;

use crate::engine::everything_on;
use crate::events::{Step, steps_of_run};
use crate::measure::Series;
use crate::{BenchError, Goal, Row};

/// So many runs are judged,
const RUNS: usize = 100_000;
/// so many between one turn and the next.
const RUNS_A_TURN: usize = 2_000;
const AGENTS: usize = 200;
const KINDS: usize = 512;
/// 2026-01-15T00:00:00Z, in microseconds.
const BEGIN: i64 = 1_768_435_200_000_000;
const FOUR_WEEKS: i64 = 28 * 86_400_000_000;

/// The argument with which this program is called to measure its own memory.
pub const MEMORY: &str = "batch-memory";

/// Measures the rows of the area `batch`.
///
/// # Errors
/// When the engine cannot be built or the program cannot be run a second time.
pub fn rows() -> Result<Vec<Row>, BenchError> {
    let engine = engine()?;
    let kinds = Kinds::new();
    let (one, two) = (Contender::new(&engine, 1)?, Contender::new(&engine, 2)?);
    let mut contenders = [one, two];
    for turn in 0..RUNS / RUNS_A_TURN {
        let texts: Vec<String> = (turn * RUNS_A_TURN..(turn + 1) * RUNS_A_TURN).map(|number| kinds.run(number)).collect();
        // each begins every second turn
        for place in [turn % 2, 1 - turn % 2] {
            contenders[place].judge(&engine, &texts);
        }
    }
    let [one, two] = contenders;
    if one.batch != two.batch {
        return Err("one thread and two do not remember the same".into());
    }
    let now = Timestamp::from_micros(BEGIN + FOUR_WEEKS);
    let start = Instant::now();
    let findings = engine.finish_batch(&two.batch, now);
    let finish = Series::from([start.elapsed().as_secs_f64() * 1e3]);
    let state = Series::from([two.batch.to_json().len() as f64 / f64::from(1 << 20)]);
    let memory = Series::from([memory()?]);
    Ok(vec![
        Row::new("batch", format!("{RUNS} runs of about 20 events, all on, two threads"), &two.speed, "runs/s")
            .beside("one thread", &one.speed)
            .goal(Goal::RatioAtLeast(1.8)),
        Row::new("batch", format!("what is unusual among them ({} findings)", findings.len()), &finish, "ms"),
        Row::new("batch", "their state, written", &state, "MiB"),
        Row::new("batch", "the greatest memory of a process that judges them", &memory, "MiB").goal(Goal::AtMost(1024.0)),
    ])
}

/// Everything on, with a key, so that values are compared too.
fn engine() -> Result<Engine, BenchError> {
    let settings: Settings = everything_on()?.settings().clone();
    let key = RedactionKey::new(std::array::from_fn(|at| at as u8));
    Ok(Engine::builder().settings(settings).redaction_key(key).build()?)
}

/// So many threads, and what they have judged.
struct Contender {
    pool: ThreadPool,
    batch: BatchState,
    /// Runs a second, turn by turn.
    speed: Series,
}

impl Contender {
    fn new(engine: &Engine, threads: usize) -> Result<Self, BenchError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        Ok(Self { pool, batch: engine.new_batch(), speed: Series::new() })
    }

    fn judge(&mut self, engine: &Engine, texts: &[String]) {
        let batch = &mut self.batch;
        let start = Instant::now();
        self.pool.install(|| engine.evaluate_stream(texts.iter(), |text| trace(text), batch, drop));
        self.speed.push(texts.len() as f64 / start.elapsed().as_secs_f64());
    }
}

/// The run in a text of lines.
fn trace(text: &str) -> Trace<'_> {
    let events: Vec<Event<'_>> =
        text.lines().filter_map(|line| Event::parse_with(line.as_bytes(), &Limits::default()).ok()).collect();
    let run_id = events.first().and_then(|event| event.meta().run_id().map(|id| id.into_owned()));
    Trace::new(run_id, events)
}

/// The kinds of runs.
struct Kinds(Vec<Vec<Step>>);

impl Kinds {
    fn new() -> Self {
        Self((0..KINDS).map(|kind| steps_of_run(kind, 5 + kind % 3)).collect())
    }

    fn run(&self, number: usize) -> String {
        let steps = &self.0[number.wrapping_mul(2_654_435_761) % KINDS];
        let begin = BEGIN + FOUR_WEEKS / RUNS as i64 * number as i64;
        let agent = number % AGENTS;
        let mut text = String::with_capacity(steps.len() * 600);
        for (seq, step) in (1..).zip(steps) {
            let t = Timestamp::from_micros(begin + seq * 1_250_000);
            text.push_str(&format!(
                "{{\"seq\":{seq},\"t\":\"{t}\",{}\"meta\":{{\"run_id\":\"run-{number}\",\"agent_id\":{agent},\"session_id\":\"s-{}\"}}}}\n",
                step.middle(),
                number / 4,
            ));
        }
        text
    }
}

/// Judges all runs as they come and prints the greatest memory that this process has had, in KiB.
///
/// # Errors
/// When the engine cannot be built, or the system does not tell.
pub fn print_memory() -> Result<(), BenchError> {
    let (engine, kinds) = (engine()?, Kinds::new());
    let mut batch = engine.new_batch();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    pool.install(|| {
        engine.evaluate_stream((0..RUNS).map(|number| kinds.run(number)), |text| trace(text).into_owned(), &mut batch, drop);
    });
    let findings = engine.finish_batch(&batch, Timestamp::from_micros(BEGIN + FOUR_WEEKS));
    if batch.runs() != RUNS as u64 {
        return Err(format!("{} runs were judged", batch.runs()).into());
    }
    std::hint::black_box(findings);
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the system tells no greatest memory")?;
    let peak = peak.trim().trim_end_matches("kB").trim();
    writeln!(std::io::stdout(), "{peak}")?;
    Ok(())
}

/// The greatest memory of a process of its own, in MiB.
fn memory() -> Result<f64, BenchError> {
    let output = Command::new(std::env::current_exe()?).arg(MEMORY).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse::<f64>()? / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runs_are_valid_and_of_about_twenty_events() {
        let kinds = Kinds::new();
        let mut events = 0;
        for number in 0..100 {
            let text = kinds.run(number);
            let trace = trace(&text);
            assert_eq!(trace.events().len(), text.lines().count());
            assert_eq!(trace.run_id(), Some(&*format!("run-{number}")));
            events += trace.events().len();
        }
        assert!((1700..2300).contains(&events), "{events}");
    }
}
