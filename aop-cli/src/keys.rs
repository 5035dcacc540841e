//! `aop keys`: fresh keys.

use aop_engine::RedactionKey;
use clap::Subcommand;

use crate::error::Error;
use crate::exit::Exit;

/// Make keys
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    key: Key,
}

#[derive(Debug, Subcommand)]
enum Key {
    /// Print a fresh key for the operators hash and token and for fingerprints: 64 hexadecimal digits
    ///
    /// Keep it where secrets are kept, and give it to aop as AOP_REDACTION_KEY or with --key-file. Whoever has it can bring
    /// tokens back; when it is lost, nobody can.
    Redaction,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    use std::io::Write as _;

    match arguments.key {
        Key::Redaction => {
            let mut bytes = [0; RedactionKey::BYTES];
            getrandom::fill(&mut bytes)
                .map_err(|error| Error::usage(format!("the system gives no random bytes: {error}")))?;
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(std::io::stdout(), "{digits}")?;
        }
    }
    Ok(Exit::Good)
}
