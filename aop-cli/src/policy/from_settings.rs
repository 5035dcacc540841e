//! `aop policy from-settings`: the policy that the settings for actions mean.

use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{note, visible};

/// Print the policy that [engine.actions] of a configuration file means
///
/// It is what the engine compiles from the settings. Kept in a file, and with the settings taken out, it judges the same, but for
/// parameters' schemas, which are no rules and stay in the settings.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(crate) struct Arguments {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let configuration = Configuration::load(Some(&arguments.config))?;
    let settings = configuration.engine.actions.unwrap_or_default();
    let text = aop_engine::policy::from_settings(&settings)
        .map_err(|error| Error::usage(format!("{}: {error}", arguments.config.display())))?;
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    let with_schema: Vec<String> = (settings.actions.iter())
        .filter(|(_, action)| action.schema.is_some())
        .map(|(name, _)| visible(name).to_string())
        .collect();
    if !with_schema.is_empty() {
        let names = with_schema.join(", ");
        writeln!(out, "\n// Left out, since no rule can say them: the schemas of {names}. They stay in the settings.")?;
        note(format_args!("the schemas of {names} are no part of the policy; keep them in the settings"));
    }
    Ok(Exit::Good)
}
