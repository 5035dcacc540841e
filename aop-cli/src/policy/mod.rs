//! `aop policy`: the policy author's tools.

mod check;
mod cost;
mod explain;
mod files;
mod fmt;
mod from_settings;
mod import;
mod sarif;
mod test;

use clap::Subcommand;

use crate::error::Error;
use crate::exit::Exit;

pub(crate) use files::{PolicyFile, neighbours, read_bytes};

/// Check, test, format, explain and import policies
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    tool: Tool,
}

#[derive(Debug, Subcommand)]
enum Tool {
    Check(check::Arguments),
    Test(test::Arguments),
    Fmt(fmt::Arguments),
    Explain(explain::Arguments),
    Cost(cost::Arguments),
    Import(import::Arguments),
    FromSettings(from_settings::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    match &arguments.tool {
        Tool::Check(arguments) => check::run(arguments),
        Tool::Test(arguments) => test::run(arguments),
        Tool::Fmt(arguments) => fmt::run(arguments),
        Tool::Explain(arguments) => explain::run(arguments),
        Tool::Cost(arguments) => cost::run(arguments),
        Tool::Import(arguments) => import::run(arguments),
        Tool::FromSettings(arguments) => from_settings::run(arguments),
    }
}

/// What every tool says of its exit codes.
const EXIT_CODES: &str = "\
Exit codes:
  0  nothing was found
  1  something was found: a mistake, a failed test, a file that is not in form
  2  a file could not be read, or the arguments make no sense";
