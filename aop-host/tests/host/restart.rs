//! What survives: everything that was acknowledged, and the answers with it.

use aop_host::Config;
use aop_host::wal::{Batch, Wal, WalConfig};

use crate::support::{SECRET, Server, action, batch, event, event_with, events_path, refuse_launch};

#[test]
fn a_restart_keeps_everything_and_answers_the_same() {
    let server = Server::with(refuse_launch);
    let bodies = [
        event("r1", 1),
        event_with("r1", 2, "a@example.org and b@example.org"),
        action("r1", 3, "launch"),
        event_with("r1", 4, SECRET),
    ];
    let first: Vec<_> = bodies.iter().map(|body| server.post(&events_path("r1"), body)).collect();
    let (trace, findings) = (server.get("/api/runs/r1/trace/"), server.get("/api/runs/r1/findings/"));
    let server = server.restart();
    for (body, first) in bodies.iter().zip(&first) {
        let again = server.post(&events_path("r1"), body);
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
    }
    let other = event_with("r1", 1, "another");
    assert_eq!(server.post(&events_path("r1"), &other).brief(), "409 key_reused");
    assert_eq!(server.get("/api/runs/r1/trace/").text, trace.text);
    assert_eq!(server.get("/api/runs/r1/findings/").text, findings.text);
    assert_eq!(server.post(&events_path("r1"), &event("r1", 5)).status, 202);
}

#[test]
fn what_was_acknowledged_and_not_stored_comes_from_the_log() {
    let server = Server::with(|config| {
        refuse_launch(config);
        config.worker.linger_ms = 60_000;
    });
    let bodies = [event("r1", 1), action("r1", 2, "launch"), event_with("r1", 3, SECRET)];
    let first: Vec<_> = bodies.iter().map(|body| server.post(&events_path("r1"), body)).collect();
    assert_eq!(server.get("/api/health/wal/").json()["stored_lsn"], 0);
    // the files as a killed process would leave them
    let copy = server.copy();
    for (body, first) in bodies.iter().zip(&first) {
        let again = copy.post(&events_path("r1"), body);
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
    }
    assert_eq!(copy.get("/api/runs/r1/trace/").json()["events"].as_array().map(Vec::len), Some(3));
    assert_eq!(copy.get("/api/runs/r1/").json()["refused"], 1);
}

#[test]
fn a_smaller_limit_loses_nothing_that_was_acknowledged() {
    let server = Server::with(|config| config.worker.linger_ms = 60_000);
    let long = event_with("r1", 1, &"word ".repeat(200));
    assert_eq!(server.post(&events_path("r1"), &long).status, 202);
    assert_eq!(server.post(&events_path("r1"), &event("r1", 2)).status, 202);
    let copy = server.copy_with(|config| config.limits.event_bytes = 256);
    assert_eq!(copy.get("/api/runs/r1/").json()["events"], 2);
    assert_eq!(copy.get("/api/health/wal/").json()["dead_letters"], 0);
    assert_eq!(copy.post(&events_path("r1"), &event_with("r1", 1, "another")).brief(), "409 key_reused");
    assert_eq!(copy.post(&events_path("r1"), &event("r1", 3)).status, 202);
}

#[test]
fn nobody_else_on_the_machine_reads_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    let folder = server.folder.path();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    for folder in [folder, &folder.join("wal")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        }
    }
    let new = folder.join("a/new");
    aop_host::create_key(&new, &"acme".parse().unwrap(), aop_host::Role::Owner, None).unwrap();
    assert_eq!(mode(&new), 0o700);
}

#[test]
fn the_engine_remembers_a_run_over_a_restart() {
    let server = Server::start();
    server.post(&events_path("r1"), &action("r1", 1, "look"));
    let server = server.restart();
    server.post(&events_path("r1"), &action("r1", 2, "look"));
    let server = server.restart();
    server.post("/api/runs/r1/finalize/", "");
    let findings = server.get("/api/runs/r1/findings/").text;
    assert_eq!(findings.matches("seq/unanswered").count(), 2, "{findings}");
}

#[test]
fn another_configuration_of_the_engine_does_not_lose_the_run() {
    let server = Server::start();
    server.post(&events_path("r1"), &action("r1", 1, "look"));
    let server = server.restart_with(|config| config.validators_enabled = false);
    assert_eq!(server.post(&events_path("r1"), &event("r1", 2)).status, 202);
    let server = server.restart_with(|config| config.validators_enabled = true);
    assert_eq!(server.post(&events_path("r1"), &event("r1", 3)).status, 202);
    assert_eq!(server.post("/api/runs/r1/finalize/", "").status, 200);
    assert_eq!(server.get("/api/runs/r1/").json()["events"], 3);
}

#[test]
fn runs_beyond_memory_come_back_from_the_store() {
    let server = Server::with(|config| {
        config.limits.runs_in_memory = 16;
        config.worker.runs_in_memory = 4;
        config.limits.keys_in_memory = 8;
    });
    let run = |number: u64| format!("run-{number}");
    for seq in 1..=3 {
        for number in 0..60 {
            let answer = server.post(&events_path(&run(number)), &event(&run(number), seq));
            // when every run in memory is still on its way to the store, a sender waits and tries again
            let answer = if answer.status == 503 {
                std::thread::sleep(std::time::Duration::from_millis(300));
                server.post(&events_path(&run(number)), &event(&run(number), seq))
            } else {
                answer
            };
            assert_eq!(answer.status, 202, "{}", answer.text);
        }
    }
    for number in 0..60 {
        let again = server.post(&events_path(&run(number)), &event(&run(number), 2));
        assert_eq!((again.status, again.header("idempotent-replayed")), (202, Some("true")));
        assert_eq!(server.get(&format!("/api/runs/{}/", run(number))).json()["events"], 3);
    }
}

#[test]
fn shutting_down_under_load_loses_nothing() {
    let mut server = Server::start();
    let (address, key) = (server.address, server.key.clone());
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let authorization = format!("Bearer {key}");
            std::thread::spawn(move || {
                let mut acknowledged = 0;
                let mut connection = crate::support::Connection::to(address);
                for number in 0..10_000u64 {
                    let run = format!("s{sender}");
                    let events: Vec<String> = (0..20).map(|at| event(&run, number * 20 + at)).collect();
                    let body = batch(&events);
                    let head = format!(
                        "POST /api/trace-events/batch/ HTTP/1.1\r\nHost: test\r\nAuthorization: {authorization}\r\n\
                         Content-Length: {}\r\n\r\n",
                        body.len()
                    );
                    connection.write(head.as_bytes());
                    connection.write(body.as_bytes());
                    match connection.answer() {
                        Some(answer) if answer.status == 202 => acknowledged += 20,
                        _ => break,
                    }
                }
                acknowledged
            })
        })
        .collect();
    // Long enough for a first answer on a machine that has much else to do.
    std::thread::sleep(std::time::Duration::from_secs(2));
    server.stop();
    let acknowledged: Vec<u64> = senders.into_iter().map(|sender| sender.join().unwrap()).collect();
    let server = server.restart();
    for (sender, acknowledged) in acknowledged.into_iter().enumerate() {
        assert!(acknowledged > 0);
        let run = server.get(&format!("/api/runs/s{sender}/")).json();
        // the last batch may be stored although its answer did not get through
        assert!((acknowledged..=acknowledged + 20).contains(&run["events"].as_u64().unwrap()), "{run}");
    }
}

#[test]
fn a_record_that_cannot_be_stored_does_not_stop_the_rest() {
    let mut server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    server.stop();
    {
        let config = WalConfig { segment_bytes: 8 << 20, ..WalConfig::new(server.folder.path().join("wal")) };
        let (wal, _) = Wal::open(config).unwrap();
        wal.append(Batch::from_iter(["no record of this host"])).unwrap().durable.wait().unwrap();
        wal.close().unwrap();
    }
    let server = server.restart();
    assert_eq!(server.get("/api/health/wal/").json()["dead_letters"], 1);
    assert_eq!(server.post(&events_path("r1"), &event("r1", 2)).status, 202);
    assert_eq!(server.get("/api/runs/r1/").json()["events"], 2);
    let server = server.restart();
    assert_eq!(server.get("/api/health/wal/").json()["dead_letters"], 1);
}

#[test]
fn a_store_and_a_log_that_do_not_belong_together_are_told_apart() {
    let mut server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    server.stop();
    std::fs::remove_dir_all(server.folder.path().join("wal")).unwrap();
    let config = Config { data_dir: server.folder.path().to_owned(), ..Config::default() };
    let outcome = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        aop_host::run(listener, config, async {}).await
    });
    assert_eq!(
        outcome.unwrap_err().to_string(),
        "the store and the log do not belong together (the store has everything up to record 1): \
         LSN 2 is ahead of the log; the next to be written is 1"
    );
}

#[test]
fn settings_that_cannot_be_are_named() {
    let config = Config { run_idle_timeout_s: 0, ..Config::default() };
    assert_eq!(config.validate().unwrap_err().to_string(), "run_idle_timeout_s is 0; it must be at least 1");
}
