//! `aop send`: posts stored runs to a host.

mod batch;
mod client;
mod sending;
mod tally;

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use clap::ValueEnum;

use self::batch::Stopped;
use self::client::Client;
use self::sending::{Halt, Sending};
use self::tally::Tally;
use crate::error::Error;
use crate::exit::Exit;
use crate::input;
use crate::output::{complain, note, visible};
use crate::progress::Progress;

/// Send stored runs to a host, in batches, and finalize each run after its last event
///
/// Sending again is safe: the host knows each event by its idempotency key, else by its seq, and answers as it did before.
/// A host that is busy or away is tried again, with waits that double from 0.25 s to 8 s, or as long as it asks for.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Toon JSONL files, folders (every *.jsonl below), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The host's address [default: AOP_URL, else http://127.0.0.1:8000]
    #[arg(long)]
    url: Option<String>,
    /// The API key; without it, that of AOP_API_KEY, which other users of the machine cannot see
    #[arg(long)]
    key: Option<String>,
    /// How many events go in one request
    #[arg(long, value_name = "EVENTS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    batch: u32,
    /// Leave the runs open, for events that are still to come
    #[arg(long)]
    no_finalize: bool,
    /// How often a request is tried again before sending stops
    #[arg(long, value_name = "TIMES", default_value_t = 10)]
    retries: u32,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const AFTER_HELP: &str = "\
A run is what one file (or standard input) holds under one meta.run_id, and every event must name its run. A run of which
something could not be read or was not taken is left open, so that it can be completed.

Exit codes:
  0  every event was accepted, now or before
  1  some events were refused by the host's rules
  2  something was not taken: a line that is no event, a conflict, a host that cannot be reached, arguments that make no
     sense

Environment:
  AOP_API_KEY  the API key
  AOP_URL      the host's address, where --url gives none";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A summary
    Text,
    /// For each event a line {"run_id","seq","status","code","duplicate"?,"detail"?,"findings"}
    Jsonl,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let default_url = || format!("http://{}", aop_host::Config::default().listen);
    let variable = |name| std::env::var(name).ok();
    let url = arguments.url.clone().or_else(|| variable("AOP_URL")).unwrap_or_else(default_url);
    let key = arguments.key.clone().or_else(|| variable("AOP_API_KEY"));
    let key = key.ok_or_else(|| Error::usage("no API key: set AOP_API_KEY, or give --key"))?;
    let client = Client::new(&url, &key)?;
    let (sources, bad_paths) = input::sources(&arguments.paths);

    let progress = Progress::of_bytes(sources.iter().map(|source| source.bytes).sum());
    let out = BufWriter::new(std::io::stdout().lock());
    let tally = Tally { bad_paths, ..Tally::default() };
    let mut sending = Sending::new(arguments, &client, &sources, &progress, out, tally);
    let stopped = match sending.all() {
        Ok(()) => None,
        Err(Halt::Stopped(stopped)) => Some(stopped),
        Err(Halt::Failed(error)) => return Err(error),
    };
    let (tally, mut out) = sending.into_parts();
    drop(progress);
    if let Some(Stopped(reason)) = &stopped {
        complain(format_args!("sending stopped: {}", visible(reason)));
    }
    match arguments.format {
        Format::Text => writeln!(out, "{tally}")?,
        Format::Jsonl => note(&tally),
    }
    out.flush()?;
    let is_left_open = !arguments.no_finalize && tally.finalized < tally.runs;
    let is_bad = stopped.is_some() || is_left_open || tally.is_bad();
    Ok(if is_bad {
        Exit::Bad
    } else if tally.refused > 0 {
        Exit::Found
    } else {
        Exit::Good
    })
}
