//! `aop batch`: judges many stored runs together.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use aop_engine::rules::post_run::TimeSpan;
use aop_engine::{BatchState, Engine, Scope, Timestamp};
use aop_host::{Clock as _, SystemClock};

use crate::config::Configuration;
use crate::error::Error;
use crate::eval::time;
use crate::exit::Exit;
use crate::input::{self, Source};
use crate::judge::{self, Caller, JudgedRun, Listener, Located};
use crate::output::{complain, note, visible};
use crate::policy::PolicyFile;
use crate::progress::Progress;
use crate::report::{Format, Reporter, Summary};

/// Judge many stored runs together: what is unusual among them, beside each agent's own past
///
/// Every run is judged as by `aop eval`, and of each is kept what the rules over many runs need; what single runs have is not
/// reported. With --state, what is kept goes on from call to call: give it each day the runs of that day.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Toon JSONL files, folders (every *.jsonl below), or - for standard input
    #[arg(required = true, value_name = "TRACE")]
    traces: Vec<PathBuf>,
    /// Settings: the engine table of this TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A policy file, or a folder of them, whose batch rules are judged as well; may be given again
    #[arg(long = "policy", value_name = "PATH")]
    policies: Vec<PathBuf>,
    /// What is remembered of earlier runs: read where it is there, and written with these runs in it
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// When the runs are looked at; without it, at the time of the latest run that is neither ahead of this machine nor of nearly all others
    #[arg(long, value_name = "TIME", value_parser = time)]
    now: Option<Timestamp>,
    /// The runs that began in this time before now are judged, beside those before; wins over the settings
    #[arg(long, value_name = "TIME SPAN")]
    window: Option<TimeSpan>,
    /// The role of whoever sends the events, for rules that ask `principal.role`
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// The organisation whose runs these are: agents of others are told apart from its own
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  no finding over the runs is at or over the threshold (error, unless settings say otherwise)
  1  one is
  2  a file or line could not be read, or the arguments make no sense; what could be read was judged all the same

Environment:
  AOP_VALIDATION_THRESHOLD  the threshold: info, warning, error or critical; wins over the file
  AOP_REDACTION_KEY         the key of fingerprints: without one, no values of different runs are compared

Give each run once: a run that is read again is counted again.";

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let engine = engine(arguments)?;
    let (sources, bad_paths) = input::sources(&arguments.traces);
    let mut batch = match &arguments.state {
        Some(path) => read(&engine, path)?,
        None => engine.new_batch(),
    };

    // A run that says it begins later than this has a wrong clock; it must not push out what is remembered.
    engine.set_batch_horizon(&mut batch, arguments.now.unwrap_or_else(|| SystemClock.now()));

    let progress = Progress::of_bytes(sources.iter().map(|source| source.bytes).sum());
    let summary = Summary { bad_paths, ..Summary::default() };
    let organisation = arguments.organisation.as_deref();
    let mut listener = Runs { engine: &engine, organisation, batch, progress: &progress, summary };
    let caller = Caller { role: arguments.role.as_deref(), organisation: arguments.organisation.as_deref() };
    judge::judge(&engine, caller, true, &sources, &mut listener, &progress)?;
    let Runs { mut batch, mut summary, .. } = listener;
    drop(progress);

    let now = arguments.now.or_else(|| engine.latest_of_batch(&batch));
    let findings = now.map_or_else(Vec::new, |now| engine.finish_batch(&batch, now));
    let ids = engine.finding_ids(Scope::default(), &findings);
    let findings: Vec<Located> =
        ids.into_iter().zip(findings).map(|(id, finding)| Located { id, finding, line: None, excerpt: None }).collect();
    summary.add_findings(&findings);
    let mut reporter = Reporter::new(arguments.format, engine.settings().threshold, BufWriter::new(out(arguments.format)));
    reporter.across_runs(&findings, batch.runs())?;
    reporter.end(&summary)?;
    if arguments.format != Format::Text {
        note(&summary);
    }
    if let (Some(path), Some(now)) = (&arguments.state, now) {
        engine.forget_batch(&mut batch, now);
        write(&batch, path)?;
    }
    let found = summary.worst().is_some_and(|worst| worst >= engine.settings().threshold);
    Ok(match summary.bad_lines > 0 || summary.bad_paths > 0 {
        true => Exit::Bad,
        false if found => Exit::Found,
        false => Exit::Good,
    })
}

fn engine(arguments: &Arguments) -> Result<Engine, Error> {
    let mut configuration = Configuration::load(arguments.config.as_deref())?;
    match (&mut configuration.engine.batch, arguments.window) {
        (Some(settings), Some(window)) => settings.window = window,
        (Some(_), None) => {}
        (None, Some(_)) => return Err(Error::usage("--window: `batch` is switched off in the settings")),
        (None, None) => note("`batch` is switched off in the settings: only the policies' batch rules are judged"),
    }
    if configuration.redaction_key.is_none() {
        note("without AOP_REDACTION_KEY there are no fingerprints: no values of different runs are compared");
    }
    configuration.engine(&PolicyFile::read_all(&arguments.policies)?)
}

fn out(format: Format) -> Box<dyn Write> {
    match format {
        Format::Text => Box::new(anstream::stdout().lock()),
        // what programs read is never touched for a terminal's sake
        _ => Box::new(io::stdout().lock()),
    }
}

/// The state in this file, or that of no runs where there is no such file.
fn read(engine: &Engine, path: &Path) -> Result<BatchState, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => engine.restore_batch(&text).map_err(|error| Error::usage(format!("{}: {error}", path.display()))),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            note(format_args!("{} is not there yet: this is the first day", visible(&path.display().to_string())));
            Ok(engine.new_batch())
        }
        Err(error) => Err(Error::read(path, error)),
    }
}

/// Writes the state beside the file and puts it in its place, so that there is always one of them whole.
fn write(batch: &BatchState, path: &Path) -> Result<(), Error> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(batch.to_json().as_bytes())?;
        file.sync_all()
    });
    let done = written.and_then(|()| std::fs::rename(&beside, path));
    done.map_err(|source| Error::Write { path: path.display().to_string(), source })
}

/// Takes runs in as they end.
struct Runs<'a> {
    engine: &'a Engine,
    organisation: Option<&'a str>,
    batch: BatchState,
    progress: &'a Progress,
    summary: Summary,
}

impl Listener for Runs<'_> {
    fn shows_steps(&self) -> bool {
        false
    }

    fn judged(&mut self, mut run: JudgedRun) -> io::Result<()> {
        run.findings.clear();
        self.summary.add(&run);
        if let Some(mut ended) = run.ended.take() {
            ended.profile.who.organisation = self.organisation.map(str::to_owned);
            self.engine.observe_run(&ended, &mut self.batch);
        }
        Ok(())
    }

    fn bad_lines(&mut self, count: u64) {
        self.summary.bad_lines += count;
    }

    fn unreadable(&mut self, source: &Source, error: io::Error) {
        self.summary.bad_paths += 1;
        self.progress.aside(|| complain(format_args!("{}: {error}", visible(&source.name))));
    }
}
