//! What load is put on: the host, and the floor it is held against, each in a process of its own.
//!
//! The process is this very binary again (`aop-benches serve …`), which calls [`aop_host::run`] as `aop serve` does. So a
//! host has its own allocator and threads, its processor time can be read, and what a round left behind (a log that is not
//! stored yet) ends with it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use aop_host::{Config, Role};
use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{BenchError, engine, load};

/// What is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// The floor: axum with a handler that reads the body and answers 202.
    NoOp,
    /// The host, which judges nothing.
    Host,
    /// The host with every family of the engine on.
    HostChecking,
}

impl Served {
    fn words(self) -> &'static str {
        match self {
            Served::NoOp => "no-op",
            Served::Host => "host",
            Served::HostChecking => "host-checking",
        }
    }

    fn from_words(words: &str) -> Option<Self> {
        [Served::NoOp, Served::Host, Served::HostChecking].into_iter().find(|served| served.words() == words)
    }
}

/// The file, beside a server's data, that its messages go to.
const MESSAGES: &str = "messages";

/// A server in a process of its own, on fresh data. It is killed when dropped.
#[derive(Debug)]
pub struct Server {
    served: Served,
    child: Child,
    address: SocketAddr,
    key: String,
    // stays open, since the host may print more
    _output: BufReader<ChildStdout>,
    // goes when the process has gone
    data: TempDir,
}

impl Server {
    /// Starts one; its data lies below `folder` for as long as it lives.
    ///
    /// # Errors
    /// When the process cannot be started or does not say where it listens.
    pub fn start(served: Served, folder: &Path) -> Result<Self, BenchError> {
        let data = tempfile::tempdir_in(folder)?;
        let key = match served {
            Served::NoOp => "none".to_owned(),
            Served::Host | Served::HostChecking => {
                let organisation = "benches".parse()?;
                aop_host::create_key(data.path(), &organisation, Role::Owner, None)?.reveal().to_owned()
            }
        };
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", served.words()])
            .arg(data.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(data.path().join(MESSAGES))?)
            .spawn()?;
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().ok_or("the server's process has no output")?);
        output.read_line(&mut line)?;
        let address = line.trim().parse().map_err(|_| format!("{} did not start: {line:?}", served.words()))?;
        Ok(Self { served, child, address, key, _output: output, data })
    }

    /// What it serves.
    pub fn served(&self) -> Served {
        self.served
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A key it takes.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The last of what it said on standard error, for whoever asks why it failed.
    pub fn last_words(&self) -> String {
        let messages = std::fs::read_to_string(self.data.path().join(MESSAGES)).unwrap_or_default();
        let lines: Vec<&str> = messages.lines().collect();
        lines[lines.len().saturating_sub(5)..].join("\n")
    }

    /// The processor time it has used so far, in seconds; from `/proc`, so on Linux only.
    ///
    /// # Errors
    /// When `/proc` does not tell.
    pub fn cpu_seconds(&self) -> Result<f64, BenchError> {
        const TICKS_PER_SECOND: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // the name in parentheses may hold spaces; user and system time are the 12th and 13th field behind it
        let (_, fields) = stat.rsplit_once(')').ok_or("/proc/…/stat has another form")?;
        let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(ticks.iter().sum::<f64>() / TICKS_PER_SECOND)
    }

    /// Waits until everything acknowledged is stored.
    ///
    /// # Errors
    /// When the host does not say how far it is.
    pub fn wait_stored(&self) -> Result<(), BenchError> {
        loop {
            let health: serde_json::Value = serde_json::from_str(&load::get(self.address, "/api/health/wal/")?)?;
            if health["unstored_records"] == 0 {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // both fail only for a process that has ended
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The child's side: serves until its standard input ends, as it does when the parent is gone.
///
/// # Errors
/// When the words name nothing, or the server does not run.
pub fn serve(words: &str, data: &Path) -> Result<(), BenchError> {
    let served = Served::from_words(words).ok_or_else(|| format!("there is no server `{words}`"))?;
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        match served {
            Served::NoOp => {
                let no_op = async |_: Bytes| StatusCode::ACCEPTED;
                let router = Router::new()
                    .route("/api/runs/{run_id}/events/", post(no_op))
                    .route("/api/trace-events/batch/", post(no_op));
                axum::serve(listener, router).await?;
            }
            Served::Host | Served::HostChecking => {
                let config = Config {
                    data_dir: data.to_owned(),
                    validators_enabled: served == Served::HostChecking,
                    engine: engine::everything_on()?.settings().clone(),
                    ..Config::default()
                };
                aop_host::run(listener, config, std::future::pending()).await?;
            }
        }
        Ok(())
    })
}
