//! `aop learn`: makes a workflow model of good runs.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::PathBuf;

use aop_engine::{Engine, Event, FaultKind, GoodRun, Learner, Limits};

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::input::{self, Chunk, Doubt, Fill, Source};
use crate::model;
use crate::output::{complain, count, note, visible};

/// Learn a workflow model from good runs, for `aop eval --model`
///
/// A run is what one file (or standard input) holds under one meta.run_id; a file whose events name no run is one run. Every run
/// counts as a good one: name only such files. The same runs give the same model.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Toon JSONL files, folders (every *.jsonl below), or - for standard input
    #[arg(required = true, value_name = "TRACE")]
    traces: Vec<PathBuf>,
    /// Settings: the engine table of this TOML file; what it refuses did not happen, and is not learnt
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the model is written [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  the model was written
  2  a file or line could not be read, the runs have no steps or too many different ones, or the arguments make no sense:
     nothing is written

Environment:
  AOP_VALIDATION_THRESHOLD  the threshold: info, warning, error or critical; wins over the file
  AOP_VALIDATORS_ENABLED    false looks for nothing, so that nothing is refused; wins over the file";

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let engine = Configuration::load(arguments.config.as_deref())?.engine(&[])?;
    let (sources, bad_paths) = input::sources(&arguments.traces);
    let mut learner = Learner::default();
    let mut faults = bad_paths;
    for source in &sources {
        faults += learn_from(source, &engine, &mut learner);
    }
    if faults > 0 {
        complain("nothing is learnt, since not everything could be read");
        return Ok(Exit::Bad);
    }
    let model = learner.model().map_err(|error| Error::usage(error.to_string()))?;
    let text = model::to_toml(&model);
    match &arguments.out {
        None => io::stdout().lock().write_all(text.as_bytes())?,
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Error::usage(format!("{}: {error}", path.display())))?;
        }
    }
    let fitness = model.fitness_min.map_or_else(
        || "it asks for no fitness of its own, since it takes several runs to tell one".to_owned(),
        |fitness| format!("nine in ten of them reach a fitness of {fitness:.2} when they are not learnt from"),
    );
    note(format_args!("learnt from {}; {fitness}", count(model.runs, "run")));
    Ok(Exit::Good)
}

/// Adds the runs of one source. Gives how much of it could not be read; it has been said what.
fn learn_from(source: &Source, engine: &Engine, learner: &mut Learner) -> u64 {
    let limits = Limits::default();
    let mut doubt = Doubt::new(source);
    let mut runs: Vec<GoodRun<'_>> = Vec::new();
    let mut places: HashMap<Option<String>, usize> = HashMap::new();
    let mut faults = 0;
    let unreadable = |error: io::Error| {
        complain(format_args!("{}: {error}", visible(&source.name)));
        1
    };
    let mut lines = match source.open(limits.bytes) {
        Ok(lines) => lines,
        Err(error) => return unreadable(error),
    };
    let mut chunk = Chunk::default();
    loop {
        let more = match lines.read(0, Fill::Full, &mut chunk) {
            Ok(more) => more,
            Err(error) => return faults + unreadable(error),
        };
        for line in &chunk.lines {
            match chunk.text(line).and_then(|text| Event::parse_with(text, &limits)) {
                Ok(event) => {
                    faults += doubt.event(source);
                    let place = *places.entry(event.meta().run_id().map(|id| id.into_owned())).or_insert_with(|| {
                        runs.push(GoodRun::new(engine));
                        runs.len() - 1
                    });
                    runs[place].observe(&event);
                }
                Err(error) if error.faults()[0].kind == FaultKind::Empty => {}
                Err(error) => faults += doubt.no_event(source, line.number, error),
            }
        }
        chunk.clear();
        if !more {
            break;
        }
    }
    doubt.end(source);
    runs.into_iter().for_each(|run| learner.add(run.into_steps()));
    faults
}
