//! Runs begin, end, and time out.

use std::time::{Duration, Instant};

use crate::support::{Server, event, events_path};

const MINUTE: i64 = 60_000_000;

#[test]
fn a_run_is_created_once() {
    let server = Server::start();
    let wish = r#"{"run_id":"r1","agent_id":7,"seed":42,"scenario":"airline"}"#;
    let first = server.post("/api/runs/", wish);
    assert_eq!((first.status, first.header("location")), (201, Some("/api/runs/r1/")));
    assert_eq!(first.json()["status"], "created");
    let again = server.post("/api/runs/", wish);
    assert_eq!((again.status, again.text), (200, first.text));
    assert_eq!(server.post("/api/runs/", r#"{"run_id":"r1"}"#).brief(), "409 run_exists");
    let run = server.get("/api/runs/r1/").json();
    assert_eq!((&run["seed"], &run["scenario"], &run["status"]), (&42.into(), &"airline".into(), &"created".into()));
    server.post(&events_path("r1"), &event("r1", 1));
    assert_eq!(server.get("/api/runs/r1/").json()["status"], "running");
}

#[test]
fn a_run_without_a_name_gets_one() {
    let server = Server::start();
    let run = server.post("/api/runs/", "").json();
    assert_eq!(run["run_id"].as_str().map(str::len), Some(36));
    assert_eq!(server.post("/api/runs/", r#"{"run_id":"a/b"}"#).brief(), "400 bad_field");
    assert_eq!(server.post("/api/runs/", r#"{"name":"a"}"#).brief(), "400 bad_request");
}

#[test]
fn a_run_is_finalized_once_and_takes_no_more_events() {
    let server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    let first = server.post("/api/runs/r1/finalize/", "");
    assert_eq!((first.status, first.json()["status"].as_str()), (200, Some("completed")));
    assert_eq!(first.json()["next_seq"], 2);
    server.clock.advance_micros(MINUTE);
    let again = server.post("/api/runs/r1/finalize/", r#"{"status":"failed"}"#);
    assert_eq!((again.status, &again.text), (200, &first.text));
    let late = server.post(&events_path("r1"), &event("r1", 2));
    assert_eq!((late.brief().as_str(), late.json()["run_status"].as_str()), ("409 run_finished", Some("completed")));
    // what was answered before is answered still
    assert_eq!(server.post(&events_path("r1"), &event("r1", 1)).status, 202);
    let server = server.restart();
    assert_eq!(server.post("/api/runs/r1/finalize/", "").text, first.text);
    assert_eq!(server.post(&events_path("r1"), &event("r1", 2)).brief(), "409 run_finished");
}

#[test]
fn a_run_can_fail_and_an_absent_one_cannot_end() {
    let server = Server::start();
    server.post("/api/runs/", r#"{"run_id":"r1"}"#);
    assert_eq!(server.post("/api/runs/r1/finalize/", r#"{"status":"timed_out"}"#).brief(), "400 bad_request");
    assert_eq!(server.post("/api/runs/r1/finalize/", r#"{"status":"failed"}"#).json()["status"], "failed");
    assert_eq!(server.post("/api/runs/absent/finalize/", "").brief(), "404 not_found");
}

#[test]
fn finalizing_makes_the_post_run_findings() {
    let server = Server::start();
    server.post(&events_path("r1"), &crate::support::action("r1", 1, "look"));
    assert_eq!(server.get("/api/runs/r1/findings/").json()["findings"].as_array().map(Vec::len), Some(0));
    server.post("/api/runs/r1/finalize/", "");
    let findings = server.get("/api/runs/r1/findings/").json();
    let rules: Vec<&str> =
        findings["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"seq/unanswered"), "{rules:?}");
}

#[test]
fn an_idle_run_times_out() {
    let server = Server::start();
    server.post(&events_path("idle"), &event("idle", 1));
    server.post("/api/runs/", r#"{"run_id":"empty"}"#);
    server.clock.advance_micros(20 * MINUTE);
    server.post(&events_path("busy"), &event("busy", 1));
    server.clock.advance_micros(11 * MINUTE);
    wait_until(|| ["idle", "empty"].iter().all(|run| status(&server, run) == "timed_out"));
    assert_eq!(server.post(&events_path("idle"), &event("idle", 2)).brief(), "409 run_finished");
    assert_eq!(server.post("/api/runs/idle/finalize/", "").json()["status"], "timed_out");
    assert_eq!(server.post(&events_path("busy"), &event("busy", 2)).status, 202);
    assert_eq!(status(&server, "busy"), "running");
}

#[test]
fn a_run_that_was_idle_over_a_restart_times_out_too() {
    let server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    server.clock.advance_micros(31 * MINUTE);
    let server = server.restart();
    wait_until(|| status(&server, "r1") == "timed_out");
}

fn status(server: &Server, run_id: &str) -> String {
    server.get(&format!("/api/runs/{run_id}/")).json()["status"].as_str().unwrap().to_owned()
}

fn wait_until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "it did not come about");
        std::thread::sleep(Duration::from_millis(10));
    }
}
