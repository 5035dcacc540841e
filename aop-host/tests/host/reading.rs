//! What comes out again: traces to the byte, findings, runs.

use crate::support::{SECRET, Server, action, batch, event, event_with, events_path, refuse_launch};

/// Events whose bytes are easily lost: white space, big and odd numbers, escapes, unknown fields.
fn odd_events() -> Vec<String> {
    let start = r#""t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response","#;
    vec![
        format!(
            "{{ \"seq\" : 1 ,\n\t{start}\r\n \"payload\":{{\"status\":\"success\",\"result\":[ 1 , 2.50 ]}} , \"meta\":{{}}  }}"
        ),
        format!(
            r#"{{"seq":2,{start}"payload":{{"status":"success","result":18446744073709551616123,"x":1E2,"y":-0.0}},"meta":{{}}}}"#
        ),
        format!(
            r#"{{"seq":3,{start}"payload":{{"status":"success","result":"\u00e9\u000a\ud83d\ude00é😀\/"}},"meta":{{"z":{{"b":1,"a":2}}}}}}"#
        ),
        format!(r#"{{"unknown":[null],"seq":4,{start}"payload":{{"status":"success"}},"meta":{{"k":"\u0000"}}}}"#),
    ]
}

#[test]
fn a_trace_gives_each_event_back_byte_for_byte() {
    let server = Server::start();
    for event in odd_events() {
        assert_eq!(server.post(&events_path("r1"), &event).status, 202, "{event}");
    }
    let trace = server.get("/api/runs/r1/trace/");
    assert_eq!(trace.json()["run_id"], "r1");
    for event in odd_events() {
        assert!(trace.text.contains(&format!("\"event\":{event}}}")), "{event} in {}", trace.text);
    }
    let by_query = server.get("/api/runs/r1/trace/?format=ndjson");
    let by_header = server.send("GET", "/api/runs/r1/trace/", &[("Accept", "application/x-ndjson")], "");
    assert_eq!(by_query.text, by_header.text);
    assert_eq!(by_query.header("content-type"), Some("application/x-ndjson"));
    let lines: Vec<&str> = by_query.text.lines().collect();
    assert_eq!(lines.len(), 4);
    for (line, event) in lines.iter().zip(odd_events()) {
        let event = event.replace(['\n', '\r'], " ");
        assert!(line.ends_with(&format!("\"event\":{event}}}")), "{line}");
    }
    assert_eq!(server.get("/api/runs/r1/trace/?format=xml").brief(), "400 bad_request");
}

#[test]
fn refused_and_redacted_events_are_marked() {
    let server = Server::with(refuse_launch);
    let body = batch(&[event("r1", 1), action("r1", 2, "launch"), event_with("r1", 3, SECRET)]);
    server.post("/api/trace-events/batch/", &body);
    let trace = server.get("/api/runs/r1/trace/").json();
    let marks: Vec<_> = trace["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["status"].as_str().unwrap(), event["redacted"].as_bool().unwrap()))
        .collect();
    assert_eq!(marks, [("accepted", false), ("refused", false), ("accepted", true)]);
    let run = server.get("/api/runs/r1/").json();
    assert_eq!((&run["events"], &run["refused"], &run["redacted"]), (&3.into(), &1.into(), &1.into()));
    assert_eq!(run["by_type"]["action_request"], 1);
}

#[test]
fn a_long_trace_comes_whole() {
    let server = Server::start();
    let events: Vec<String> = (1..=600).map(|seq| event_with("r1", seq, &"long ".repeat(400))).collect();
    assert_eq!(server.post("/api/trace-events/batch/", &batch(&events)).status, 202);
    let trace = server.get("/api/runs/r1/trace/?format=ndjson");
    assert_eq!(trace.text.lines().count(), 600);
    assert!(trace.text.lines().zip(&events).all(|(line, event)| line.contains(event.as_str())));
}

#[test]
fn findings_are_those_of_the_answers() {
    let server = Server::with(refuse_launch);
    let mut expected = Vec::new();
    for body in [event_with("r1", 1, "write to a@example.org or b@example.org"), action("r1", 2, "launch")] {
        let answer = server.post(&events_path("r1"), &body);
        expected.extend(answer.json()["findings"].as_array().unwrap().clone());
    }
    assert_eq!(expected.len(), 3);
    let findings = server.get("/api/runs/r1/findings/").json();
    assert_eq!((findings["run_id"].as_str(), &findings["findings"]), (Some("r1"), &expected.into()));
}

#[test]
fn more_findings_than_a_page_come_all() {
    let server = Server::start();
    let mail = (0..40).map(|n| format!("user{n}@example.org ")).collect::<String>();
    let events: Vec<String> = (1..=30).map(|seq| event_with("r1", seq, &mail)).collect();
    server.post("/api/trace-events/batch/", &batch(&events));
    assert_eq!(server.get("/api/runs/r1/findings/").json()["findings"].as_array().map(Vec::len), Some(1200));
}

#[test]
fn runs_are_listed_page_by_page() {
    let server = Server::start();
    for run in 0..5 {
        server.post("/api/runs/", &format!(r#"{{"run_id":"r{run}","agent_id":{}}}"#, run % 2));
    }
    server.post("/api/runs/r0/finalize/", "");
    let ids = |path: &str| {
        let page = server.get(path).json();
        let ids: Vec<String> =
            page["runs"].as_array().unwrap().iter().map(|run| run["run_id"].as_str().unwrap().to_owned()).collect();
        (ids.join(" "), page["next_cursor"].as_str().map(str::to_owned))
    };
    let (first, cursor) = ids("/api/runs/?limit=3");
    assert_eq!(first, "r4 r3 r2");
    assert_eq!(ids(&format!("/api/runs/?limit=3&cursor={}", cursor.unwrap())), ("r1 r0".to_owned(), None));
    assert_eq!(ids("/api/runs/?agent_id=1").0, "r3 r1");
    assert_eq!(ids("/api/runs/?status=completed").0, "r0");
    for query in ["status=lost", "limit=0", "limit=1001"] {
        assert_eq!(server.get(&format!("/api/runs/?{query}")).brief(), "400 bad_request", "{query}");
    }
}
