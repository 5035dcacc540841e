//! `aop policy from-settings`: the policy that the settings for actions mean.

use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;

/// Print the policy that [engine.actions] of a configuration file means
///
/// It is what the engine compiles from the settings. Kept in a file, and with the settings taken out, it judges the same.
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
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Good)
}
