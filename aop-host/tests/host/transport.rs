//! What arrives is not always HTTP as one would write it.

use std::time::{Duration, Instant};

use crate::support::{Connection, Server, event, events_path};

fn raw(server: &Server, text: &str) -> Option<crate::support::Answer> {
    let mut connection = Connection::to(server.address);
    connection.write(text.replace('\n', "\r\n").replace("KEY", &server.key).as_bytes());
    connection.answer()
}

#[test]
fn two_hosts_or_none_are_refused() {
    let server = Server::start();
    let check = |hosts: &str, expected: u16| {
        let answer = raw(&server, &format!("GET /api/runs/ HTTP/1.1\n{hosts}Authorization: Bearer KEY\n\n"));
        assert_eq!(answer.map(|answer| answer.status), Some(expected), "{hosts:?}");
    };
    check("Host: a\n", 200);
    check("Host: a\nHost: b\n", 400);
    check("Host: a\nHost: a\n", 400);
    check("", 400);
}

#[test]
fn two_ways_to_tell_a_length_are_refused() {
    let server = Server::start();
    let check = |lengths: &str| {
        let head = format!("POST /api/check/ HTTP/1.1\nHost: a\nAuthorization: Bearer KEY\n{lengths}\n");
        let answer = raw(&server, &format!("{head}0\n\n"));
        assert!(answer.as_ref().is_none_or(|answer| answer.status == 400), "{lengths:?}: {answer:?}");
    };
    check("Content-Length: 3\nTransfer-Encoding: chunked\n");
    check("Transfer-Encoding: chunked\nContent-Length: 3\n");
    check("Content-Length: 3\nContent-Length: 5\n");
    check("Transfer-Encoding: gzip\n");
}

#[test]
fn a_slow_head_is_cut_off() {
    let server = Server::with(|config| config.limits.head_timeout_ms = 200);
    let mut connection = Connection::to(server.address);
    connection.write(b"GET /api/health/live HTTP/1.1\r\nHo");
    let start = Instant::now();
    assert!(connection.answer().is_none_or(|answer| answer.status == 408));
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_slow_body_is_cut_off() {
    let server = Server::with(|config| config.limits.body_timeout_ms = 200);
    let head = "POST /api/check/ HTTP/1.1\nHost: a\nAuthorization: Bearer KEY\nContent-Length: 50\n\n{";
    assert_eq!(raw(&server, head).unwrap().brief(), "408 slow_body");
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let server = Server::start();
    let many = (0..101).map(|n| format!("X-{n}: 1\n")).collect::<String>();
    let long = format!("X: {}\n", "x".repeat(100_000));
    for headers in [many, long] {
        let answer = raw(&server, &format!("GET /api/health/live HTTP/1.1\nHost: a\n{headers}\n"));
        assert!(answer.as_ref().is_none_or(|answer| answer.status == 431), "{answer:?}");
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let server = Server::with(|config| {
        config.limits.body_bytes = 2 << 20;
        config.limits.event_bytes = 10_000;
    });
    let told = |path: &str, length: usize| {
        let head = format!("POST {path} HTTP/1.1\nHost: a\nAuthorization: Bearer KEY\nContent-Length: {length}\n\n");
        raw(&server, &head).unwrap().brief()
    };
    assert_eq!(told("/api/trace-events/batch/", 3 << 20), "413 too_large");
    assert_eq!(told(&events_path("r1"), 10_001), "413 too_large");
    let chunk = format!("{:x}\n{}\n", 8_000, "x".repeat(8_000));
    let head = "POST /api/check/ HTTP/1.1\nHost: a\nAuthorization: Bearer KEY\nTransfer-Encoding: chunked\n\n";
    assert_eq!(raw(&server, &format!("{head}{chunk}{chunk}")).unwrap().brief(), "413 too_large");
}

#[test]
fn bodies_in_flight_are_bounded() {
    let server = Server::with(|config| {
        config.limits.body_bytes = 1 << 20;
        config.limits.bodies_in_flight_bytes = 1 << 20;
    });
    let mut first = Connection::to(server.address);
    let head = |length: usize| {
        let key = &server.key;
        format!("POST /api/check/ HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nContent-Length: {length}\r\n\r\n")
    };
    first.write(head(1 << 20).as_bytes());
    std::thread::sleep(Duration::from_millis(200));
    let second = server.post("/api/check/", &event("r1", 1));
    assert_eq!((second.brief().as_str(), second.header("retry-after")), ("503 busy", Some("1")));
    drop(first);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(server.post("/api/check/", &event("r1", 1)).status, 200);
}

#[test]
fn too_much_that_is_not_stored_yet_answers_503() {
    let server = Server::with(|config| {
        config.limits.events_per_batch = 1;
        config.limits.events_unstored = 1;
        config.worker.linger_ms = 3_000;
    });
    assert_eq!(server.post(&events_path("r1"), &event("r1", 1)).status, 202);
    let answer = server.post(&events_path("r1"), &event("r1", 2));
    assert_eq!((answer.brief().as_str(), answer.header("retry-after")), ("503 busy", Some("1")));
    // a duplicate needs no room
    assert_eq!(server.post(&events_path("r1"), &event("r1", 1)).status, 202);
}

#[test]
fn connections_are_bounded_and_free_again() {
    let server = Server::with(|config| config.limits.connections = 2);
    let first = Connection::to(server.address);
    let second = Connection::to(server.address);
    let mut third = Connection::to(server.address);
    third.write(b"GET /api/health/live HTTP/1.1\r\nHost: a\r\n\r\n");
    drop((first, second));
    assert_eq!(third.answer().unwrap().status, 200);
}

#[test]
fn many_requests_share_a_connection() {
    let server = Server::start();
    let authorization = format!("Bearer {}", server.key);
    let mut connection = Connection::to(server.address);
    for seq in 1..=20 {
        let answer = connection.request("POST", &events_path("r1"), &[("Authorization", &authorization)], &event("r1", seq));
        assert_eq!(answer.status, 202);
        assert_eq!(connection.request("POST", "/api/check/", &[("Authorization", &authorization)], "{").status, 400);
    }
}

#[test]
fn health_needs_no_key() {
    let server = Server::start();
    for (path, word) in [("live", "live"), ("ready", "ready"), ("live/", "live")] {
        let answer = server.send_as("GET", &format!("/api/health/{path}"), &[], "");
        assert_eq!((answer.status, answer.json()["status"].as_str()), (200, Some(word)));
    }
    let wal = server.send_as("GET", "/api/health/wal/", &[], "").json();
    assert_eq!((wal["condition"].as_str(), wal["dead_letters"].as_u64()), (Some("open"), Some(0)));
}
