//! A real host on a port of its own, and a client that sends exactly the bytes it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use aop_engine::Timestamp;
use aop_host::{Config, ManualClock, Role, create_key, run_with_clock};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The moment at which a test's clock starts: 2025-12-05T12:00:00Z.
pub(crate) const NOON: i64 = 1_764_936_000_000_000;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: Arc<TempDir>,
    pub(crate) key: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    settings: Config,
}

impl Server {
    /// A host with the default settings.
    pub(crate) fn start() -> Server {
        Server::with(|_| {})
    }

    /// A host whose settings are changed by `change`.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Server {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let mut config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        config.worker.sweep_ms = 20;
        config.wal.segment_bytes = 8 << 20;
        change(&mut config);
        let key = key_for(folder.path(), "acme", None);
        Server::launch(config, folder, Arc::new(ManualClock::new(Timestamp::from_micros(NOON))), key)
    }

    fn launch(config: Config, folder: Arc<TempDir>, clock: Arc<ManualClock>, key: String) -> Server {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let (settings, hosts_clock) = (config.clone(), clock.clone());
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let shutdown = async {
                    let _ = stopped.await;
                };
                run_with_clock(listener, config, hosts_clock, shutdown).await.unwrap();
            });
        });
        let address = told.recv().unwrap();
        Server { address, clock, folder, key, stop: Some(stop), thread: Some(thread), settings }
    }

    /// Stops the host cleanly; panics when it did not end well.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Stops the host and starts it again on the same data.
    pub(crate) fn restart(self) -> Server {
        self.restart_with(|_| {})
    }

    /// [`Server::restart`] with other settings.
    pub(crate) fn restart_with(mut self, change: impl FnOnce(&mut Config)) -> Server {
        self.stop();
        let mut config = self.settings.clone();
        change(&mut config);
        Server::launch(config, self.folder.clone(), self.clock.clone(), self.key.clone())
    }

    /// A second host on a copy of this one's files as they are now.
    pub(crate) fn copy(&self) -> Server {
        self.copy_with(|_| {})
    }

    /// [`Server::copy`] with other settings.
    pub(crate) fn copy_with(&self, change: impl FnOnce(&mut Config)) -> Server {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        copy_folder(self.folder.path(), folder.path());
        let mut config = self.settings.clone();
        config.data_dir = folder.path().to_owned();
        config.worker.linger_ms = 1;
        change(&mut config);
        Server::launch(config, folder, self.clock.clone(), self.key.clone())
    }

    /// A new key of an organisation.
    pub(crate) fn key(&self, organisation: &str, agent_id: Option<i64>) -> String {
        let key = key_for(self.folder.path(), organisation, agent_id);
        // the host reads its keys again at every sweep
        std::thread::sleep(Duration::from_millis(200));
        key
    }

    /// A connection to the store's file.
    pub(crate) fn store(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("store.sqlite")).unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    /// A request with the server's own key.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let authorization = format!("Bearer {}", self.key);
        let mut all = vec![("Authorization", authorization.as_str())];
        all.extend(headers);
        self.send_as(method, path, &all, body)
    }

    /// A request with the headers given and no others but Host and Content-Length.
    pub(crate) fn send_as(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        Connection::to(self.address).request(method, path, headers, body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            // The host may remove a file while its folder is copied, as it may before a crash.
            match std::fs::copy(entry.path(), target) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                copied => drop(copied.unwrap()),
            }
        }
    }
}

fn key_for(folder: &Path, organisation: &str, agent_id: Option<i64>) -> String {
    let role = if agent_id.is_some() { Role::Agent } else { Role::Owner };
    create_key(folder, &organisation.parse().unwrap(), role, agent_id).unwrap().reveal().to_owned()
}

/// One connection, for several requests or for odd ones.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub(crate) fn to(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Connection { stream: BufReader::new(stream) }
    }

    pub(crate) fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(body);
        self.write(text.as_bytes());
        self.answer().expect("an answer before the connection ends")
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        // a host that refuses may have closed before it read everything
        let _ = self.stream.get_mut().write_all(bytes);
    }

    /// The next answer; `None` when the host closed the connection.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        let status = self.line()?.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let mut body = Vec::new();
        if header("transfer-encoding").as_deref() == Some("chunked") {
            loop {
                let length = usize::from_str_radix(&self.line()?, 16).unwrap();
                let mut chunk = vec![0; length + 2];
                self.stream.read_exact(&mut chunk).ok()?;
                if length == 0 {
                    break;
                }
                body.extend_from_slice(&chunk[..length]);
            }
        } else if let Some(length) = header("content-length") {
            body.resize(length.parse().unwrap(), 0);
            self.stream.read_exact(&mut body).ok()?;
        }
        Some(Answer { status, headers, text: String::from_utf8(body).unwrap() })
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {:?}", self.text))
    }

    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// The status and, of a problem, its code: what most tests are about.
    pub(crate) fn brief(&self) -> String {
        let code = serde_json::from_str::<Value>(&self.text).ok().and_then(|json| Some(json["code"].as_str()?.to_owned()));
        match code {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }
}

/// An event of run `run_id` that no rule minds, with its seq as idempotency key.
pub(crate) fn event(run_id: &str, seq: u64) -> String {
    event_with(run_id, seq, &format!("step {seq}"))
}

/// An event whose thought is `thought`.
pub(crate) fn event_with(run_id: &str, seq: u64, thought: &str) -> String {
    format!(
        r#"{{"seq":{seq},"t":"2025-12-05T10:00:00Z","actor":"agent","type":"reasoning","payload":{{"thought":"{thought}"}},"meta":{{"run_id":"{run_id}","agent_id":7,"idempotency_key":"{run_id}:{seq}"}}}}"#
    )
}

/// An event without an idempotency key.
pub(crate) fn unnamed(run_id: &str, seq: u64, thought: &str) -> String {
    event_with(run_id, seq, thought).replace(&format!(r#","idempotency_key":"{run_id}:{seq}""#), "")
}

/// A request for an action.
pub(crate) fn action(run_id: &str, seq: u64, name: &str) -> String {
    format!(
        r#"{{"seq":{seq},"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request","payload":{{"action":"{name}","params":{{}}}},"meta":{{"run_id":"{run_id}","idempotency_key":"{run_id}:{seq}"}}}}"#
    )
}

/// Settings under which the action `launch` is refused.
pub(crate) fn refuse_launch(config: &mut Config) {
    config.engine.actions = serde_json::from_str(r#"{"actions":{"launch":{"allow":false}}}"#).unwrap();
}

/// A batch's body.
pub(crate) fn batch(events: &[String]) -> String {
    format!("{{\"events\":[{}]}}", events.join(","))
}

pub(crate) fn events_path(run_id: &str) -> String {
    format!("/api/runs/{run_id}/events/")
}

/// A text with an access key that is redacted: the form is right, the key is nobody's.
pub(crate) const SECRET: &str = "AKIAQ3EGRZTX7WMNP2LD";
