//! What cannot be brought about from outside: a handler that panics, a disk that fails.

use std::any::Any;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::{accept, add_key, assemble, open_store, wal_config};
use crate::auth::ApiKey;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::host::Host;
use crate::principal::Role;
use crate::routes;
use crate::wal::{DiskFs, Fs, Wal, WalFile};

/// A disk whose syncs fail once it is told to.
#[derive(Debug)]
struct FailingDisk {
    disk: DiskFs,
    is_failing: Arc<AtomicBool>,
}

#[derive(Debug)]
struct FailingFile {
    file: Arc<dyn WalFile>,
    is_failing: Arc<AtomicBool>,
}

impl FailingDisk {
    fn file(&self, file: Arc<dyn WalFile>) -> Arc<dyn WalFile> {
        Arc::new(FailingFile { file, is_failing: self.is_failing.clone() })
    }
}

impl Fs for FailingDisk {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk.create_dir(dir)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.disk.list(dir)
    }
    fn create(&self, path: &Path) -> io::Result<Arc<dyn WalFile>> {
        Ok(self.file(self.disk.create(path)?))
    }
    fn open(&self, path: &Path) -> io::Result<Arc<dyn WalFile>> {
        Ok(self.file(self.disk.open(path)?))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk.sync_dir(dir)
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Any + Send + Sync>> {
        self.disk.lock(path)
    }
}

impl WalFile for FailingFile {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(bytes, offset)
    }
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }
    fn sync_data(&self) -> io::Result<()> {
        if self.is_failing.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk is gone"));
        }
        self.file.sync_data()
    }
    fn byte_len(&self) -> io::Result<u64> {
        self.file.byte_len()
    }
    fn allocate(&self, bytes: u64) -> io::Result<()> {
        self.file.allocate(bytes)
    }
}

/// Serves `router`, and hands address, key and the disk's switch to `test`.
async fn with_host(
    router: impl FnOnce(Arc<Host>) -> Router,
    test: impl FnOnce(SocketAddr, ApiKey, Arc<AtomicBool>) + Send + 'static,
) {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
    let runtime = Handle::current();
    let is_failing = Arc::new(AtomicBool::new(false));
    let disk = FailingDisk { disk: DiskFs::new(), is_failing: is_failing.clone() };
    let opened = spawn_blocking(move || {
        let store = open_store(&config.data_dir).unwrap();
        let key = add_key(&store, &SystemClock, &"acme".parse().unwrap(), Role::Owner, None).unwrap();
        let wal = Wal::open_on(Arc::new(disk), wal_config(&config)).unwrap();
        (assemble(config, Arc::new(SystemClock), runtime, store, wal).unwrap(), key)
    });
    let ((host, worker), key) = opened.await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = router(host.clone());
    let serving = tokio::spawn(accept::serve(listener, host, router, async {
        let _ = stopped.await;
    }));
    let tested = spawn_blocking(move || test(address, key, is_failing)).await;
    drop(stop);
    serving.await.unwrap();
    spawn_blocking(move || worker.drain()).await.unwrap();
    tested.unwrap();
}

/// Sends each request on one connection, and gives back each answer whole.
fn send(address: SocketAddr, requests: &[String]) -> Vec<String> {
    let mut stream = TcpStream::connect(address).unwrap();
    let answer = |request: &String| {
        stream.write_all(request.as_bytes()).unwrap();
        let mut buffer = [0; 8192];
        let length = stream.read(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    };
    requests.iter().map(answer).collect()
}

fn get_request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")
}

fn event_request(key: &ApiKey, seq: u64) -> String {
    let body = format!(
        r#"{{"seq":{seq},"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{{"thought":"hi"}},"meta":{{}}}}"#
    );
    let (key, length) = (key.reveal(), body.len());
    format!(
        "POST /api/runs/r1/events/ HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_handler_answers_500_and_the_connection_lives() {
    let routes = Router::new()
        .route("/panic", get(async || -> &'static str { panic!("on purpose") }))
        .route("/fine", get(async || "fine"));
    with_host(
        |_| routes,
        |address, _, _| {
            let answers = send(address, &["/fine", "/panic", "/fine"].map(get_request));
            let statuses: Vec<&str> = answers.iter().map(|answer| &answer[..12]).collect();
            assert_eq!(statuses, ["HTTP/1.1 200", "HTTP/1.1 500", "HTTP/1.1 200"]);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_after_a_failed_sync() {
    with_host(routes::router, |address, key, is_failing| {
        let first = send(address, &[event_request(&key, 1), get_request("/api/health/ready")]);
        assert!(first[0].starts_with("HTTP/1.1 202") && first[1].starts_with("HTTP/1.1 200"), "{first:?}");
        is_failing.store(true, Ordering::SeqCst);
        // the one whose sync fails, a copy of it, and one after it
        let later = send(address, &[2, 2, 3].map(|seq| event_request(&key, seq)));
        for answer in &later {
            assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("\"code\":\"poisoned\""), "{answer}");
        }
        let ready = send(address, &[get_request("/api/health/ready"), get_request("/api/health/live")]);
        assert!(ready[0].starts_with("HTTP/1.1 503") && ready[0].contains("poisoned"), "{ready:?}");
        assert!(ready[1].starts_with("HTTP/1.1 200"), "{ready:?}");
        // what was acknowledged before is still answered
        let again = send(address, &[event_request(&key, 1)]);
        assert!(again[0].starts_with("HTTP/1.1 202"), "{again:?}");
    })
    .await;
}
