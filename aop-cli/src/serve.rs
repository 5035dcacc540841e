//! `aop serve`: the host.

use std::io;
use std::path::PathBuf;

use tokio::net::TcpListener;

use crate::config::Configuration;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::note;
use crate::policy::{PolicyFile, neighbours};

/// Serve the host: durable ingestion of events over HTTP, judged as they come
///
/// Without settings it listens on the loopback alone and keeps its data in ./aop-data. At the first start on a data folder
/// it makes an API key and prints it. It cannot be shown again; when it is lost, a new data folder makes a new one.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Settings: the tables host and engine of this TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A policy file, or a folder of them, to judge by as well; may be given again
    #[arg(long = "policy", value_name = "PATH")]
    policies: Vec<PathBuf>,
    /// A workflow model that runs are compared with, as `aop learn` writes it; it wins over one in the settings
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The key of hashes, tokens and fingerprints: a file that holds it [default: the variable AOP_REDACTION_KEY]
    #[arg(long, value_name = "FILE")]
    redaction_key_file: Option<PathBuf>,
    /// The address to listen on, such as 0.0.0.0:8080; port 0 takes a free one [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Where the log and the store live; created when absent [default: ./aop-data]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
On standard output it prints the API key that it has made, if it has, and then, once it is ready, where it listens.
SIGTERM and SIGINT end it: requests in flight are answered, what was acknowledged is stored, and it exits with 0. The log of
messages is on standard error, one JSON object a line.

Exit codes:
  0  it was asked to stop, and has
  2  it could not start: the settings, the address or the data folder cannot be used

Environment:
  AOP_VALIDATION_THRESHOLD  from this severity on, findings refuse their event: info, warning, error or critical
  AOP_VALIDATORS_ENABLED    false accepts every well-formed event unjudged
  AOP_REDACTION_KEY         the key of hashes, tokens and fingerprints; each organisation's is derived from it";

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Error> {
    let mut configuration = Configuration::load(arguments.config.as_deref())?;
    if let Some(file) = &arguments.model {
        configuration.read_model(file)?;
    }
    if let Some(file) = &arguments.redaction_key_file {
        configuration.read_redaction_key(file)?;
    }
    let Configuration { engine, mut host, redaction_key, .. } = configuration;
    host.engine = engine;
    host.redaction_key = redaction_key;
    let policies = PolicyFile::read_all(&arguments.policies)?;
    host.packages = neighbours(&policies);
    host.policies = policies.into_iter().map(|file| file.source).collect();
    if let Some(listen) = &arguments.listen {
        host.listen.clone_from(listen);
    }
    if let Some(data_dir) = &arguments.data_dir {
        host.data_dir.clone_from(data_dir);
    }
    host.validate().map_err(|error| Error::usage(format!("[host] {error}")))?;
    if !host.validators_enabled {
        note(
            "validators are switched off (AOP_VALIDATORS_ENABLED, or validators_enabled in [host]): events are accepted unjudged",
        );
    }
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| Error::usage(format!("no threads to serve with: {error}")))?;
    runtime.block_on(async {
        let cannot_listen = |error: io::Error| {
            let advice = if error.kind() == io::ErrorKind::AddrInUse {
                "; give another with --listen (port 0 takes a free one), or end what listens there"
            } else {
                ""
            };
            Error::usage(format!("cannot listen on {}: {error}{advice}", host.listen))
        };
        let listener = TcpListener::bind(&host.listen).await.map_err(cannot_listen)?;
        let shutdown = shutdown().map_err(|error| Error::usage(format!("signals cannot be caught: {error}")))?;
        aop_host::run(listener, host, shutdown).await.map_err(|error| Error::usage(error.to_string()))?;
        Ok(Exit::Good)
    })
}

/// Resolves when the process is asked to stop.
#[cfg(unix)]
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves when the process is asked to stop.
#[cfg(not(unix))]
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // when the signal cannot be waited for, the process runs until it is ended from outside
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
