//! One event at a time: every answer that a single event can get.

use std::sync::Barrier;

use crate::support::{SECRET, Server, action, event, event_with, events_path, refuse_launch, unnamed};
use aop_host::Config;

#[test]
fn an_accepted_event_is_durable_and_says_so() {
    let server = Server::start();
    let answer = server.post(&events_path("r1"), &event("r1", 1));
    assert_eq!(
        answer.text,
        concat!(
            r#"{"status":202,"code":"accepted","run_id":"r1","seq":1,"effect":"allow","durability":"local","findings":[]}"#,
            "\n"
        )
    );
    assert_eq!(answer.status, 202);
    assert!(server.get("/api/health/wal/").json()["durable_lsn"].as_u64() >= Some(1));
}

#[test]
fn a_refused_event_answers_422_with_its_findings_and_uses_its_seq() {
    let server = Server::with(refuse_launch);
    server.post(&events_path("r1"), &event("r1", 1));
    let answer = server.post(&events_path("r1"), &action("r1", 2, "launch"));
    assert_eq!(answer.brief(), "422 refused");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.json()["findings"][0]["rule"], "acl/not-allowed");
    assert_eq!(answer.json()["type"], "urn:aop:problem:refused");
    assert_eq!(server.post(&events_path("r1"), &event("r1", 3)).status, 202);
}

#[test]
fn an_event_with_a_secret_is_accepted_and_redacted() {
    let server = Server::start();
    let answer = server.post(&events_path("r1"), &event_with("r1", 1, &format!("the key is {SECRET}")));
    assert_eq!((answer.status, answer.json()["effect"].as_str()), (202, Some("redact")));
    let trace = server.get("/api/runs/r1/trace/");
    assert!(!trace.text.contains(SECRET), "{}", trace.text);
    assert_eq!(trace.json()["events"][0]["redacted"], true);
}

#[test]
fn every_fault_of_an_event_is_told_with_its_place() {
    let server = Server::start();
    let answer = server
        .post(&events_path("r1"), r#"{"seq":-1,"t":"today","actor":"agent","type":"reasoning","payload":{},"meta":{}}"#);
    assert_eq!(answer.brief(), "400 bad_event");
    let pointers: Vec<String> =
        answer.json()["faults"].as_array().unwrap().iter().map(|fault| fault["pointer"].to_string()).collect();
    assert_eq!(pointers, ["\"/seq\"", "\"/t\"", "\"/payload/thought\""]);
    assert_eq!(server.post(&events_path("r1"), "").brief(), "400 bad_event");
}

#[test]
fn bad_requests_consume_nothing() {
    let server = Server::with(|config: &mut Config| config.limits.event_bytes = 4096);
    let check = |body: &str, expected: &str| assert_eq!(server.post(&events_path("r1"), body).brief(), expected);
    check(&event("r2", 1), "400 bad_field");
    check(&event("r1", 1).replace("2025-12-05T10", "2025-12-05T13"), "400 future_timestamp");
    check(&event_with("r1", 1, &"x".repeat(5000)), "413 too_large");
    check(&event("r1", 5), "409 sequence_gap");
    check(&event("r1", 1), "202 accepted");
}

#[test]
fn events_a_little_ahead_of_the_clock_are_taken() {
    let server = Server::start();
    let near = event("r1", 1).replace("T10:00:00Z", "T12:05:00Z");
    assert_eq!(server.post(&events_path("r1"), &near).status, 202);
    let far = event("r1", 2).replace("T10:00:00Z", "T12:05:01Z");
    assert_eq!(server.post(&events_path("r1"), &far).status, 400);
}

#[test]
fn the_same_event_gets_the_same_answer_again() {
    let server = Server::with(refuse_launch);
    for body in [event("r1", 1), unnamed("r1", 2, "x"), action("r1", 3, "launch"), event_with("r1", 4, SECRET)] {
        let first = server.post(&events_path("r1"), &body);
        assert_eq!(first.header("idempotent-replayed"), None);
        for _ in 0..2 {
            let again = server.post(&events_path("r1"), &body);
            assert_eq!((again.status, &again.text), (first.status, &first.text));
            assert_eq!(again.header("idempotent-replayed"), Some("true"));
        }
    }
}

#[test]
fn the_same_name_with_another_body_is_a_conflict() {
    let server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    let other = server.post(&events_path("r1"), &event_with("r1", 1, "another"));
    assert_eq!((other.brief().as_str(), other.json()["seq"].as_u64()), ("409 key_reused", Some(1)));
    server.post(&events_path("r1"), &unnamed("r1", 2, "x"));
    let other = server.post(&events_path("r1"), &unnamed("r1", 2, "y"));
    assert_eq!((other.brief().as_str(), other.json()["expected_seq"].as_u64()), ("409 sequence_taken", Some(3)));
}

#[test]
fn a_hundred_at_once_store_the_event_once() {
    let server = Server::start();
    let barrier = Barrier::new(32);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..32)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    server.post(&events_path("r1"), &event("r1", 1))
                })
            })
            .collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| answer.status == 202 && answer.text == answers[0].text));
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count(), 1);
    assert_eq!(server.get("/api/runs/r1/").json()["events"], 1);
}

#[test]
fn a_throttled_event_answers_429_and_consumes_nothing() {
    let server = Server::with(|config: &mut Config| {
        config.engine.frequency =
            serde_json::from_str(r#"{"limits":[{"max":2,"within":"60s","effect":"throttle"}]}"#).unwrap();
    });
    server.post(&events_path("r1"), &event("r1", 1));
    server.post(&events_path("r1"), &event("r1", 2));
    let answer = server.post(&events_path("r1"), &event("r1", 3));
    assert_eq!(answer.brief(), "429 throttled");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.json()["findings"][0]["rule"], "freq/limit");
    let later = event("r1", 3).replace("T10:00", "T10:30");
    assert_eq!(server.post(&events_path("r1"), &later).status, 202);
}

#[test]
fn media_types_that_are_not_json_are_refused() {
    let server = Server::start();
    let send = |headers: &[(&str, &str)]| server.send("POST", &events_path("r1"), headers, &event("r1", 1)).brief();
    assert_eq!(send(&[("Content-Type", "text/plain")]), "415 unsupported_media");
    assert_eq!(send(&[("Content-Type", "application/x-ndjson")]), "415 unsupported_media");
    assert_eq!(send(&[("Content-Encoding", "gzip")]), "415 unsupported_media");
    assert_eq!(send(&[("Content-Type", "Application/JSON; charset=utf-8")]), "202 accepted");
}

#[test]
fn checking_stores_nothing() {
    let server = Server::with(refuse_launch);
    let answer = server.post("/api/check/", &action("r1", 1, "launch"));
    assert_eq!((answer.status, answer.json()["accepted"].as_bool()), (200, Some(false)));
    let answer = server.post("/api/check/", &event_with("r1", 1, SECRET));
    assert_eq!(answer.json()["effect"], "redact");
    assert!(!answer.text.contains(SECRET));
    assert_eq!(server.get("/api/runs/r1/").status, 404);
    assert_eq!(server.post("/api/check/", "{").brief(), "400 bad_event");
}

#[test]
fn without_validators_every_valid_event_is_accepted() {
    let server = Server::with(|config: &mut Config| {
        refuse_launch(config);
        config.validators_enabled = false;
    });
    assert_eq!(server.post(&events_path("r1"), &action("r1", 1, "launch")).brief(), "202 accepted");
    assert_eq!(server.post("/api/runs/r1/finalize/", "").status, 200);
    assert_eq!(server.get("/api/runs/r1/findings/").json()["findings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn white_space_around_an_event_is_not_part_of_it() {
    let server = Server::start();
    assert_eq!(server.post(&events_path("r1"), &format!(" {}\r\n", event("r1", 1))).status, 202);
    assert_eq!(server.post(&events_path("r1"), &event("r1", 1)).header("idempotent-replayed"), Some("true"));
    let batch = server.post("/api/trace-events/batch/", &format!("[ {}\n]", event("r1", 1)));
    assert_eq!(batch.json()["duplicates"], 1);
}

#[test]
fn an_event_of_many_calls_is_taken_like_any_other() {
    let server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    let calls: Vec<String> = (0..100).map(|number| format!("\"c{number}\"")).collect();
    let body = event("r1", 2).replace("\"run_id\"", &format!("\"call_id\":[{}],\"run_id\"", calls.join(",")));
    for expected in [None, Some("true")] {
        let answer = server.post(&events_path("r1"), &body);
        assert_eq!((answer.brief().as_str(), answer.header("idempotent-replayed")), ("202 accepted", expected));
    }
}
