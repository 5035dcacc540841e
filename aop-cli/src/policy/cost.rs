//! `aop policy cost`: what each rule may cost at most.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::ValueEnum;

use crate::error::Error;
use crate::exit::Exit;
use crate::policy::files::{PolicyFile, check_files};

/// Say what each rule costs at most: steps an event, bytes of state a run and a key
///
/// The figures are bounds that follow from the text of the policy, not measurements; evaluation never passes them.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// Policy files, or folders: every *.aop below; - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table
    Text,
    /// One JSON document
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let files = PolicyFile::read_all(&arguments.paths)?;
    let checked = check_files(&files);
    let Some(set) = checked.set else {
        for diagnostics in &checked.diagnostics {
            io::stderr().lock().write_all(diagnostics.to_string().as_bytes())?;
        }
        return Ok(Exit::Found);
    };
    let report = set.cost();
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => write!(out, "{report}")?,
    }
    Ok(Exit::Good)
}
