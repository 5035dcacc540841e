//! Records that cannot be stored keep their place: their names, their answers, and what they meant for their run.

use aop_host::Order;
use aop_host::wal::{Batch, Wal, WalConfig};
use sha2::{Digest as _, Sha256};

use crate::support::{Server, event, event_with, events_path, unnamed};

/// A record of kind `kind` in the log's own form; `effect` is its effect or status.
fn record(kind: u8, effect: u8, seq: u64, key: Option<&str>, sent: &str, findings: &str, raw: &str) -> Vec<u8> {
    let mut bytes = vec![1, kind, effect, if key.is_some() { 2 } else { 0 }];
    bytes.extend(seq.to_le_bytes());
    bytes.extend(1_764_936_000_000_000_i64.to_le_bytes());
    bytes.extend([0; 8]);
    bytes.extend(&Sha256::digest(sent)[..16]);
    let texts = ["acme", "r1", key.unwrap_or_default(), findings, ""];
    texts.iter().for_each(|text| bytes.extend((text.len() as u32).to_le_bytes()));
    texts.iter().for_each(|text| bytes.extend(text.as_bytes()));
    bytes.extend(raw.as_bytes());
    bytes
}

/// A host that finds these records in its log.
fn with_records(mut server: Server, records: Vec<Vec<u8>>) -> Server {
    server.stop();
    {
        let config = WalConfig { segment_bytes: 8 << 20, ..WalConfig::new(server.folder.path().join("wal")) };
        let (wal, _) = Wal::open(config).unwrap();
        wal.append(Batch::from_iter(records)).unwrap().durable.wait().unwrap();
        wal.close().unwrap();
    }
    server.restart()
}

#[test]
fn a_dead_letter_keeps_its_name_its_seq_and_its_answer() {
    for order in [Order::Strict, Order::Monotonic, Order::Off] {
        let server = Server::with(|config| config.order = order);
        let (sent, bare) = (event("r1", 1), unnamed("r1", 2, "bare"));
        let finding = r#"[{"rule":"test/rule"}]"#;
        let records = vec![
            record(2, 5, 1, Some("r1:1"), &sent, finding, "what nobody reads"),
            record(2, 0, 2, None, &bare, "", "nor this"),
        ];
        let mut server = with_records(server, records);
        for _ in 0..2 {
            assert_eq!(server.get("/api/health/wal/").json()["dead_letters"], 2);
            assert_eq!(server.get("/api/health/ready").text.trim(), r#"{"dead_letters":2,"status":"ready"}"#);
            let again = server.post(&events_path("r1"), &sent);
            assert_eq!((again.brief().as_str(), again.header("idempotent-replayed")), ("422 refused", Some("true")));
            assert_eq!(again.json()["findings"][0]["rule"], "test/rule");
            let again = server.post(&events_path("r1"), &bare);
            assert_eq!((again.brief().as_str(), again.header("idempotent-replayed")), ("202 accepted", Some("true")));
            let other = event_with("r1", 1, "another");
            assert_eq!(server.post(&events_path("r1"), &other).brief(), "409 key_reused");
            assert_eq!(server.post(&events_path("r1"), &unnamed("r1", 1, "x")).brief(), "409 sequence_taken");
            assert_eq!(server.post(&events_path("r1"), &unnamed("r1", 2, "x")).brief(), "409 sequence_taken");
            // the run goes on behind it
            assert_eq!(server.post(&events_path("r1"), &event("r1", 3)).status, 202);
            assert_eq!(server.get("/api/runs/r1/").json()["next_seq"], 4);
            server = server.restart();
        }
    }
}

#[test]
fn findings_that_cannot_be_read_are_left_out_of_the_answer() {
    let sent = event("r1", 1);
    let server = with_records(Server::start(), vec![record(2, 0, 1, Some("r1:1"), &sent, "no JSON", &sent)]);
    let again = server.post(&events_path("r1"), &sent);
    assert_eq!((again.brief().as_str(), again.json()["findings"].as_array().map(Vec::len)), ("202 accepted", Some(0)));
}

#[test]
fn a_run_ends_behind_a_dead_letter() {
    let mut server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    server.stop();
    // the same event once more, which the store refuses, and then the end of the run
    let sent = event("r1", 1);
    let records = vec![record(2, 0, 1, Some("r1:1"), &sent, "", &sent), record(3, 2, 2, None, "", "", "")];
    let server = with_records(server, records);
    assert_eq!(server.get("/api/health/wal/").json()["dead_letters"], 1);
    assert_eq!(server.get("/api/runs/r1/").json()["status"], "completed");
    assert_eq!(server.post(&events_path("r1"), &event("r1", 2)).brief(), "409 run_finished");
    let again = server.post(&events_path("r1"), &sent);
    assert_eq!((again.brief().as_str(), again.header("idempotent-replayed")), ("202 accepted", Some("true")));
}
