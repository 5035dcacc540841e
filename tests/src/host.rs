//! A host as an operator starts it, that can be killed and started again.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::binary::aop_binary;
use crate::client::Client;

/// How long a host may take to say where it listens. It only ends the wait for one that hangs.
const START_MAX: Duration = Duration::from_secs(120);

/// A running `aop serve` on a free port of the loopback. It is killed when dropped.
#[derive(Debug)]
pub struct Host {
    child: Child,
    data_dir: PathBuf,
    arguments: Vec<String>,
    address: String,
    key: String,
}

impl Host {
    /// Starts a host on a data folder that no host has used yet.
    ///
    /// # Panics
    /// When it does not come up, with what it printed.
    pub fn start(data_dir: &Path, arguments: &[&str]) -> Self {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self::launch(data_dir.to_owned(), arguments, None, &[])
    }

    /// [`Host::start`] under another command, such as `strace`, with that command's arguments.
    ///
    /// # Panics
    /// As [`Host::start`].
    pub fn start_under(wrapper: &[&str], data_dir: &Path) -> Self {
        Self::launch(data_dir.to_owned(), Vec::new(), None, wrapper)
    }

    /// Starts a host on a data folder that one has used before, whose first key was this.
    ///
    /// # Panics
    /// As [`Host::start`].
    pub fn start_again(data_dir: &Path, key: &str) -> Self {
        Self::launch(data_dir.to_owned(), Vec::new(), Some(key.to_owned()), &[])
    }

    /// Kills the host as a crash would, and starts it again on what it left behind.
    ///
    /// # Panics
    /// When it does not come up again, with what it printed.
    pub fn restart(mut self) -> Self {
        self.kill();
        let (data_dir, arguments) = (std::mem::take(&mut self.data_dir), std::mem::take(&mut self.arguments));
        Self::launch(data_dir, arguments, Some(std::mem::take(&mut self.key)), &[])
    }

    /// Ends the process at once, with SIGKILL: nothing of it gets to say goodbye.
    pub fn kill(&mut self) {
        // both fail only for a process that has ended
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks the host to stop, with SIGTERM, and waits until it has.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    pub fn terminate(mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIGTERM could not be sent to process {}", self.child.id());
        self.child.wait().expect("a child that was started can be waited for")
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The key that the first start printed.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where its data is.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// A client with the first key.
    pub fn client(&self) -> Client {
        Client::new(&self.address, &self.key)
    }

    fn launch(data_dir: PathBuf, arguments: Vec<String>, key: Option<String>, wrapper: &[&str]) -> Self {
        let mut command = match wrapper {
            [] => Command::new(aop_binary()),
            [program, before @ ..] => {
                let mut command = Command::new(program);
                command.args(before).arg(aop_binary());
                command
            }
        };
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data_dir).args(&arguments);
        // the settings of whoever runs the tests are not the test's
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AOP_")) {
            command.env_remove(name);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"));
        let (lines, printed) = mpsc::channel();
        follow(child.stdout.take(), lines.clone());
        follow(child.stderr.take(), lines);

        let deadline = Instant::now() + START_MAX;
        let mut host = Self { child, data_dir, arguments, address: String::new(), key: key.unwrap_or_default() };
        let mut seen = Vec::new();
        while host.address.is_empty() || host.key.is_empty() {
            match printed.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    host.learn(&line);
                    seen.push(line);
                }
                Err(RecvTimeoutError::Timeout) => panic!("the host did not say where it listens; it printed: {seen:#?}"),
                Err(RecvTimeoutError::Disconnected) => panic!("the host ended while starting; it printed: {seen:#?}"),
            }
        }
        host
    }

    /// Takes the address and the key from the lines that hold them, whatever stands around them.
    fn learn(&mut self, line: &str) {
        let words = || line.split(|mark: char| mark.is_whitespace() || matches!(mark, '"' | '\'' | '`' | ',' | '(' | ')'));
        if let Some(address) = words().find(|word| word.starts_with("http://127.0.0.1:")) {
            self.address = address.trim_end_matches(['/', '.', '}']).to_owned();
        }
        if self.key.is_empty()
            && let Some(key) = words().find(|word| word.starts_with("aop_") && word.matches('_').count() == 3)
        {
            self.key = key.to_owned();
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Reads a pipe to its end, so that the host never waits for a reader.
fn follow(pipe: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let pipe = pipe.expect("the pipe was asked for");
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            // nobody listens any more once the host is up
            let _ = lines.send(line);
        }
    });
}
