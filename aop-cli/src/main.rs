//! The command `aop`: judge, scan, redact, serve and send the traces of AI agents.
//!
//! One file a verb; each takes its arguments and gives an [`Exit`](exit::Exit). What they share is beside them: [`input`]
//! finds and reads files, [`config`] reads settings, [`report`] writes findings. The rules are the engine's, not ours.

mod batch;
mod config;
mod error;
mod eval;
mod exit;
mod explain;
mod input;
mod judge;
mod keys;
mod learn;
mod model;
mod output;
mod policy;
mod progress;
mod redact;
mod report;
mod scan;
mod send;
mod serve;
mod uri;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Error;
use crate::output::complain;

/// Judge what AI agents do: rules over their traces, before an event is accepted and after a run.
#[derive(Debug, Parser)]
#[command(name = "aop", version, max_term_width = 120)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Eval(eval::Arguments),
    Batch(batch::Arguments),
    Learn(learn::Arguments),
    Explain(explain::Arguments),
    Scan(scan::Arguments),
    Redact(redact::Arguments),
    Keys(keys::Arguments),
    Serve(serve::Arguments),
    Send(send::Arguments),
    Policy(policy::Arguments),
}

fn main() -> ExitCode {
    let done = match Command::parse().verb {
        Verb::Eval(arguments) => eval::run(&arguments),
        Verb::Batch(arguments) => batch::run(&arguments),
        Verb::Learn(arguments) => learn::run(&arguments),
        Verb::Explain(arguments) => explain::run(&arguments),
        Verb::Scan(arguments) => scan::run(&arguments),
        Verb::Redact(arguments) => redact::run(&arguments),
        Verb::Keys(arguments) => keys::run(&arguments),
        Verb::Serve(arguments) => serve::run(&arguments),
        Verb::Send(arguments) => send::run(&arguments),
        Verb::Policy(arguments) => policy::run(&arguments),
    };
    match done {
        Ok(exit) => exit.into(),
        // whoever reads has heard enough, as `head` has
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            exit::Exit::Bad.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Command;

    #[test]
    fn the_arguments_fit_together() {
        Command::command().debug_assert();
    }
}
