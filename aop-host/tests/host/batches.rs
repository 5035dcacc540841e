//! Many events in one request.

use serde_json::Value;

use crate::support::{Answer, Server, action, batch, event, event_with, refuse_launch};

const PATH: &str = "/api/trace-events/batch/";

fn statuses(answer: &Answer) -> Vec<u64> {
    answer.json()["results"].as_array().unwrap().iter().map(|result| result["status"].as_u64().unwrap()).collect()
}

#[test]
fn all_accepted_is_202_in_each_form() {
    let server = Server::start();
    let events: Vec<String> = (1..=3).map(|seq| event("r1", seq)).collect();
    let answer = server.post(PATH, &batch(&events));
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (202, concat!(r#"{"accepted":3,"refused":0,"failed":0,"duplicates":0,"durability":"local","results":[]}"#, "\n"))
    );
    let events: Vec<String> = (4..=6).map(|seq| event("r1", seq)).collect();
    assert_eq!(server.post(PATH, &format!("[{}]", events.join(","))).status, 202);
    let lines = format!("{}\n\n{}\r\n", event("r1", 7), event("r1", 8));
    assert_eq!(server.send("POST", PATH, &[("Content-Type", "application/x-ndjson")], &lines).status, 202);
    assert_eq!(server.get("/api/runs/r1/").json()["events"], 8);
}

#[test]
fn a_batch_that_was_sent_before_gets_the_same_answers() {
    let server = Server::with(refuse_launch);
    let body = batch(&[event("r1", 1), action("r1", 2, "launch"), event_with("r1", 3, "a@example.org")]);
    let first = server.post(PATH, &body).json();
    let again = server.post(PATH, &body).json();
    assert_eq!((&first["duplicates"], &again["duplicates"]), (&Value::from(0), &Value::from(3)));
    for (first, again) in first["results"].as_array().unwrap().iter().zip(again["results"].as_array().unwrap()) {
        let mut again = again.clone();
        assert_eq!(again.as_object_mut().unwrap().remove("duplicate"), Some(Value::Bool(true)));
        assert_eq!(*first, again);
    }
}

#[test]
fn a_run_goes_on_after_a_refused_event_and_stops_after_another_failure() {
    let server = Server::with(refuse_launch);
    let answer = server.post(
        PATH,
        &batch(&[
            event("a", 1),
            action("a", 2, "launch"),
            event("a", 3),
            event("b", 1),
            event("a", 5),
            event("b", 2),
            event("a", 4),
        ]),
    );
    assert_eq!(answer.status, 207);
    assert_eq!(statuses(&answer), [202, 422, 202, 202, 409, 202, 409]);
    let results = answer.json()["results"].clone();
    assert_eq!(results[1]["findings"][0]["rule"], "acl/not-allowed");
    assert_eq!((&results[4]["code"], &results[4]["expected_seq"]), (&"sequence_gap".into(), &Value::from(4)));
    assert_eq!((&results[6]["code"], &results[6]["seq"]), (&"earlier_event_failed".into(), &Value::from(4)));
    assert_eq!(results[6]["idempotency_key"], "a:4");
    assert_eq!(server.get("/api/runs/a/").json()["next_seq"], 4);
}

#[test]
fn events_with_faults_get_answers_of_their_own() {
    let server = Server::start();
    let nameless = event("a", 1).replace(r#""run_id":"a","#, "");
    let answer = server.post(PATH, &batch(&[event("a", 1), "{\"seq\":}".to_owned(), nameless, event("a", 2)]));
    assert_eq!(statuses(&answer), [202, 400, 400, 202]);
    assert_eq!(answer.json()["results"][1]["faults"][0]["kind"], "syntax");
    assert_eq!(answer.json()["results"][2]["code"], "bad_field");
}

#[test]
fn duplicates_inside_a_batch_are_one_event() {
    let server = Server::start();
    let answer = server.post(PATH, &batch(&[event("a", 1), event("a", 1), event_with("a", 1, "other"), event("a", 2)]));
    assert_eq!(statuses(&answer), [202, 202, 409, 409]);
    assert_eq!(answer.json()["duplicates"], 1);
    assert_eq!(answer.json()["results"][2]["code"], "key_reused");
}

#[test]
fn what_is_no_batch_is_refused_whole() {
    let server = Server::with(|config| config.limits.events_per_batch = 3);
    let check = |body: &str, expected: &str| assert_eq!(server.post(PATH, body).brief(), expected, "{body}");
    check("", "400 bad_request");
    check("[]", "400 bad_request");
    check("{\"events\":{}}", "400 bad_request");
    check("[{\"seq\":1}", "400 bad_request");
    check(&batch(&(1..=4).map(|seq| event("a", seq)).collect::<Vec<_>>()), "400 bad_request");
}

#[test]
fn a_large_batch_of_many_runs_keeps_each_in_order() {
    let server = Server::start();
    let events: Vec<String> = (1..=40).flat_map(|seq| (0..20).map(move |run| event(&format!("run-{run}"), seq))).collect();
    let answer = server.post(PATH, &batch(&events));
    assert_eq!(answer.status, 202, "{}", answer.text);
    for run in 0..20 {
        let trace = server.get(&format!("/api/runs/run-{run}/trace/")).json();
        let seqs: Vec<u64> =
            trace["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()).collect();
        assert_eq!(seqs, (1..=40).collect::<Vec<_>>());
    }
}
