//! `aop keys`: fresh keys.

use std::path::PathBuf;

use aop_engine::RedactionKey;
use aop_host::{OrganisationId, Role, create_key};
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
    /// Make an API key of a host, and print it
    ///
    /// A host that runs on the folder knows it within seconds. It cannot be shown again.
    Api(Api),
}

#[derive(Debug, clap::Args)]
struct Api {
    /// What its holder is: owner, agent or approver
    #[arg(long, value_name = "ROLE")]
    role: Role,
    /// The one agent that it speaks for; without it, every agent of the organisation
    #[arg(long, value_name = "ID")]
    agent: Option<i64>,
    /// The organisation that it belongs to
    #[arg(long, value_name = "NAME", default_value = "default")]
    organisation: OrganisationId,
    /// The host's data folder
    #[arg(long, value_name = "DIR", default_value = "./aop-data")]
    data_dir: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    use std::io::Write as _;

    match &arguments.key {
        Key::Redaction => {
            let mut bytes = [0; RedactionKey::BYTES];
            getrandom::fill(&mut bytes)
                .map_err(|error| Error::usage(format!("the system gives no random bytes: {error}")))?;
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(std::io::stdout(), "{digits}")?;
        }
        Key::Api(api) => {
            // A folder that begins with another key would never get that of its owner.
            if !api.data_dir.is_dir() {
                let folder = api.data_dir.display();
                return Err(Error::usage(format!("{folder} is no data folder; the first start of `aop serve` makes it")));
            }
            let key = create_key(&api.data_dir, &api.organisation, api.role, api.agent)
                .map_err(|error| Error::usage(format!("no key was made: {error}")))?;
            writeln!(std::io::stdout(), "{}", key.reveal())?;
        }
    }
    Ok(Exit::Good)
}
