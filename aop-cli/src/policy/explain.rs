//! `aop policy explain`: why a rule fired, or did not.

use std::io::{self, Write as _};
use std::path::PathBuf;

use aop_engine::policy::{self, Question};
use clap::ValueEnum;

use crate::error::Error;
use crate::exit::Exit;
use crate::policy::files::{PolicyFile, check_files, is_stdin, read_bytes};

/// Say for a run why a rule fired: which clauses held, with which values, from where
///
/// The rule is judged alone: what other rules would have refused is accepted here. With --why-not it says for one event which
/// clause was not met.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// A Toon JSONL file with one run; - for standard input
    #[arg(value_name = "TRACE")]
    trace: PathBuf,
    /// The policy files; may be given again
    #[arg(long = "policy", required = true, value_name = "PATH")]
    policies: Vec<PathBuf>,
    /// The rule: its name, or package.name
    #[arg(long, value_name = "RULE")]
    rule: String,
    /// Only this event, whether the rule fired or not
    #[arg(long, value_name = "SEQ")]
    why_not: Option<u64>,
    /// The role of whoever sends the events, for rules that ask `principal.role`
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// Their organisation, for rules that ask `principal.organisation`
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// How the explanation is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    if is_stdin(&arguments.trace) && arguments.policies.iter().any(|path| is_stdin(path)) {
        return Err(Error::usage("standard input is the trace or the policy, and not both"));
    }
    let files = PolicyFile::read_all(&arguments.policies)?;
    let checked = check_files(&files);
    let Some(set) = checked.set else {
        for diagnostics in &checked.diagnostics {
            io::stderr().lock().write_all(diagnostics.to_string().as_bytes())?;
        }
        return Ok(Exit::Bad);
    };
    let trace = read_bytes(&arguments.trace)?;
    let question = Question {
        rule: arguments.rule.clone(),
        why_not: arguments.why_not,
        role: arguments.role.clone(),
        organisation: arguments.organisation.clone(),
    };
    let explanation = policy::explain(&set, &trace, &question)
        .map_err(|error| Error::usage(format!("{}: {error}", arguments.trace.display())))?;
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &explanation).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Text => write!(out, "{explanation}")?,
    }
    Ok(if explanation.has_fired() { Exit::Found } else { Exit::Good })
}
