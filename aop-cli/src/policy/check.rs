//! `aop policy check`: every mistake of every file, in one go.

use std::io::{self, Write};
use std::path::PathBuf;

use aop_engine::policy::{Diagnostics, Level};
use clap::ValueEnum;

use crate::error::Error;
use crate::exit::Exit;
use crate::output::count;
use crate::policy::files::{PolicyFile, check_files};
use crate::policy::sarif;

/// Say every mistake in policies, each at its place
///
/// The files are checked together: a policy may use another one that is named here, or that stands in the same folder.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// Policy files, or folders: every *.aop below; - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How mistakes are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Warnings count as mistakes
    #[arg(long)]
    deny_warnings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// One SARIF 2.1.0 log
    Sarif,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let files = PolicyFile::read_all(&arguments.paths)?;
    let checked = check_files(&files);
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &checked.diagnostics).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Sarif => sarif::write(&checked.diagnostics, &mut out)?,
        Format::Text => {
            for diagnostics in &checked.diagnostics {
                write!(out, "{diagnostics}")?;
            }
        }
    }
    let of = |level: Level| tally(&checked.diagnostics, level);
    let (errors, warnings) = (of(Level::Error), of(Level::Warning));
    if arguments.format == Format::Text {
        let rules =
            checked.set.as_ref().map_or_else(String::new, |set| format!(", {}", count(set.rules().len() as u64, "rule")));
        let files = count(files.len() as u64, "file");
        writeln!(out, "{files}{rules}: {}, {}", count(errors, "error"), count(warnings, "warning"))?;
    }
    Ok(if errors > 0 || arguments.deny_warnings && warnings > 0 { Exit::Found } else { Exit::Good })
}

fn tally(diagnostics: &[Diagnostics], level: Level) -> u64 {
    diagnostics.iter().flat_map(Diagnostics::diagnostics).filter(|diagnostic| diagnostic.level == level).count() as u64
}
