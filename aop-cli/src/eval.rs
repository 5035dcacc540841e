//! `aop eval`: judges stored runs.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::str::FromStr as _;

use aop_engine::{Engine, Phase, RunRecord, Scope, Timestamp};

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::input::{self, Source};
use crate::judge::{self, Caller, JudgedRun, Listener, Located};
use crate::output::{complain, note, visible};
use crate::policy::PolicyFile;
use crate::progress::Progress;
use crate::report::{Format, Reporter, Summary};

/// Judge stored runs: every event as at ingestion, then the run as a whole
///
/// A run is what one file (or standard input) holds under one meta.run_id; a file whose events name no run is one run.
/// Events count in the order of their lines. Batch rules are judged last, over all of these runs together.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Toon JSONL files, folders (every *.jsonl below), or - for standard input
    #[arg(required = true, value_name = "TRACE")]
    traces: Vec<PathBuf>,
    /// Settings: the engine table of this TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A policy file, or a folder of them, to judge by as well; may be given again
    #[arg(long = "policy", value_name = "PATH")]
    policies: Vec<PathBuf>,
    /// A workflow model that runs are compared with, as `aop learn` writes it; it wins over one in the settings
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Report only this phase's findings: ingestion, post_run or batch; may be given again
    #[arg(long = "phase", value_name = "PHASE", value_parser = phase)]
    phases: Vec<Phase>,
    /// When batch rules look at the runs; without it, at the time of the latest event
    #[arg(long, value_name = "TIME", value_parser = time)]
    now: Option<Timestamp>,
    /// The role of whoever sends the events, for rules that ask `principal.role`
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// The organisation of whoever sends the events, for rules that ask `principal.organisation`
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  no event was refused, and no finding is at or over the threshold (error, unless settings say otherwise)
  1  an event was refused, for whatever reason, or a finding is at or over the threshold
  2  a file or line could not be read, or the arguments make no sense; what could be read was judged all the same

Environment:
  AOP_VALIDATION_THRESHOLD  the threshold: info, warning, error or critical; wins over the file
  AOP_VALIDATORS_ENABLED    false looks for nothing; wins over the file

In a folder, a *.jsonl file whose lines are all JSON of another kind (an index, say) is passed over with a note. Named on
the command line, it is bad input.";

fn phase(word: &str) -> Result<Phase, String> {
    Phase::from_str(&word.replace('-', "_")).map_err(|error| error.to_string())
}

pub(crate) fn time(word: &str) -> Result<Timestamp, String> {
    word.parse().map_err(|error| format!("{error}; write a time such as 2025-12-05T10:00:00Z"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let mut configuration = Configuration::load(arguments.config.as_deref())?;
    if let Some(file) = &arguments.model {
        configuration.read_model(file)?;
    }
    let policies = PolicyFile::read_all(&arguments.policies)?;
    let engine = configuration.engine(&policies)?;
    let has_batch_rules = engine.policies().rules().iter().any(|rule| rule.phase == Phase::Batch);
    if arguments.phases.contains(&Phase::Batch) && !has_batch_rules {
        note("no policy has a batch rule, so that nothing is found in this phase");
    }
    let (sources, bad_paths) = input::sources(&arguments.traces);

    let progress = Progress::of_bytes(sources.iter().map(|source| source.bytes).sum());
    let out: Box<dyn Write> = match arguments.format {
        Format::Text => Box::new(anstream::stdout().lock()),
        // what programs read is never touched for a terminal's sake
        _ => Box::new(io::stdout().lock()),
    };
    let mut report = Report {
        sources: &sources,
        phases: &arguments.phases,
        progress: &progress,
        reporter: Reporter::new(arguments.format, engine.settings().threshold, BufWriter::new(out)),
        summary: Summary { bad_paths, ..Summary::default() },
        records: Vec::new(),
    };
    let caller = Caller { role: arguments.role.as_deref(), organisation: arguments.organisation.as_deref() };
    judge::judge(&engine, caller, has_batch_rules, &sources, &mut report, &progress)?;

    let Report { mut reporter, mut summary, records, .. } = report;
    drop(progress);
    if arguments.phases.is_empty() || arguments.phases.contains(&Phase::Batch) {
        let findings = across_runs(&engine, &records, arguments.now);
        summary.add_findings(&findings);
        reporter.across_runs(&findings, records.len() as u64)?;
    }
    reporter.end(&summary)?;
    if arguments.format != Format::Text {
        note(&summary);
    }
    let found = summary.worst().is_some_and(|worst| worst >= engine.settings().threshold);
    let is_bad = summary.bad_lines > 0 || summary.bad_paths > 0;
    Ok(if is_bad {
        Exit::Bad
    } else if found || summary.refused > 0 {
        Exit::Found
    } else {
        Exit::Good
    })
}

/// What batch rules say of the runs together.
fn across_runs(engine: &Engine, records: &[RunRecord], now: Option<Timestamp>) -> Vec<Located> {
    let end = |record: &RunRecord| record.start.micros().saturating_add(record.duration_micros);
    let latest = records.iter().map(end).max().map(Timestamp::from_micros);
    let findings = now.or(latest).map_or_else(Vec::new, |now| engine.judge_batch(records, now));
    let ids = engine.finding_ids(Scope::default(), &findings);
    ids.into_iter().zip(findings).map(|(id, finding)| Located { id, finding, line: None, excerpt: None }).collect()
}

struct Report<'a, W> {
    sources: &'a [Source],
    phases: &'a [Phase],
    progress: &'a Progress,
    reporter: Reporter<W>,
    summary: Summary,
    /// The runs as batch rules see them.
    records: Vec<RunRecord>,
}

impl<W: Write> Listener for Report<'_, W> {
    fn shows_steps(&self) -> bool {
        self.reporter.shows_steps()
    }

    fn judged(&mut self, mut run: JudgedRun) -> io::Result<()> {
        if !self.phases.is_empty() {
            run.findings.retain(|located| self.phases.contains(&located.finding.phase));
        }
        self.summary.add(&run);
        self.records.extend(run.ended.take().and_then(|ended| ended.record));
        self.progress.aside(|| self.reporter.run(&run, &self.sources[run.source]))
    }

    fn bad_lines(&mut self, count: u64) {
        self.summary.bad_lines += count;
    }

    fn unreadable(&mut self, source: &Source, error: io::Error) {
        self.summary.bad_paths += 1;
        self.progress.aside(|| complain(format_args!("{}: {error}", visible(&source.name))));
    }
}
