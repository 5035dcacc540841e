//! What the engine remembers of a run, whoever visits it and whatever is switched on or off in between.

use aop_host::Order;

use crate::support::{Answer, Server, action, event, events_path};

fn post_as(server: &Server, key: &str, body: &str) -> Answer {
    let authorization = format!("Bearer {key}");
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
    server.send_as("POST", &events_path("r1"), &headers, body)
}

fn of_agent(seq: u64, agent_id: i64) -> String {
    event("r1", seq).replace("\"agent_id\":7", &format!("\"agent_id\":{agent_id}"))
}

/// Has the host rebuild every run's state at its next start.
fn without_states(server: &mut Server) {
    server.stop();
    server.store().execute("DELETE FROM run_states", []).unwrap();
}

#[test]
fn validators_that_were_off_for_a_while_find_no_gap() {
    let server = Server::start();
    server.post(&events_path("r1"), &action("r1", 1, "look"));
    let server = server.restart_with(|config| config.validators_enabled = false);
    for seq in 2..5 {
        assert_eq!(server.post(&events_path("r1"), &action("r1", seq, "look")).status, 202);
    }
    let server = server.restart_with(|config| config.validators_enabled = true);
    let answer = server.post(&events_path("r1"), &event("r1", 5));
    assert_eq!(answer.json()["findings"].as_array().map(Vec::len), Some(0), "{}", answer.text);
    server.post("/api/runs/r1/finalize/", "");
    let findings = server.get("/api/runs/r1/findings/").text;
    assert_eq!(findings.matches("seq/unanswered").count(), 4, "{findings}");
}

#[test]
fn a_visitor_that_was_refused_leaves_nothing_behind() {
    let server = Server::start();
    let seven = server.key("acme", Some(7));
    assert_eq!(post_as(&server, &seven, &of_agent(5, 7)).brief(), "409 sequence_gap");
    assert_eq!(server.post(&events_path("r1"), &of_agent(1, 9)).brief(), "202 accepted");
    let server = server.restart();
    assert_eq!(server.post(&events_path("r1"), &of_agent(2, 9)).brief(), "202 accepted");
}

#[test]
fn a_run_keeps_the_agent_it_was_begun_for() {
    for is_created in [true, false] {
        let mut server = Server::start();
        if is_created {
            assert_eq!(server.post("/api/runs/", r#"{"run_id":"r1","agent_id":7}"#).status, 201);
            assert_eq!(server.post(&events_path("r1"), &of_agent(1, 9)).brief(), "403 other_agent");
            assert_eq!(server.post(&events_path("r1"), &of_agent(1, 7)).brief(), "202 accepted");
        } else {
            let seven = server.key("acme", Some(7));
            assert_eq!(post_as(&server, &seven, &of_agent(1, 7)).brief(), "202 accepted");
        }
        for seq in 2..4 {
            let answer = server.post(&events_path("r1"), &of_agent(seq, 9));
            assert_eq!(answer.brief(), "403 other_agent");
            assert!(answer.text.contains("the run belongs to agent 7, not to agent 9"), "{}", answer.text);
            assert_eq!(server.post(&events_path("r1"), &of_agent(seq, 7)).brief(), "202 accepted");
            without_states(&mut server);
            server = server.restart();
        }
    }
}

#[test]
fn a_rebuilt_state_is_that_of_the_events_as_they_came() {
    let request = action("r1", 5, "look")
        .replace("\"run_id\"", &format!("\"note\":\"{}\",\"call_id\":\"c1\",\"run_id\"", "x".repeat(300)));
    let response = r#"{"seq":3,"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response","payload":{"status":"success","result":1},"meta":{"call_id":"c1"}}"#;
    let mut server = Server::with(|config| config.order = Order::Off);
    assert_eq!(server.post(&events_path("r1"), &request).status, 202);
    assert_eq!(server.post(&events_path("r1"), response).status, 202);
    without_states(&mut server);
    // nor does a limit that came later refuse what is stored
    let server = server.restart_with(|config| config.limits.event_bytes = 256);
    assert_eq!(server.post("/api/runs/r1/finalize/", "").status, 200);
    let findings = server.get("/api/runs/r1/findings/").text;
    assert_eq!(findings.matches("seq/unanswered").count(), 0, "{findings}");
}

#[test]
fn a_finished_run_leaves_no_state_behind() {
    let server = Server::start();
    for seq in 1..4 {
        server.post(&events_path("r1"), &action("r1", seq, "look"));
    }
    server.post("/api/runs/r1/finalize/", "");
    assert_eq!(server.get("/api/runs/r1/findings/").text.matches("seq/unanswered").count(), 3);
    let states: i64 = server.store().query_row("SELECT count(*) FROM run_states", [], |row| row.get(0)).unwrap();
    assert_eq!(states, 0);
    let server = server.restart();
    assert_eq!(server.post(&events_path("r1"), &event("r1", 4)).brief(), "409 run_finished");
    assert_eq!(server.post(&events_path("r1"), &action("r1", 3, "look")).header("idempotent-replayed"), Some("true"));
}

#[test]
fn an_approval_of_the_owner_is_remembered_over_a_restart() {
    let settings = r#"{"actions": {
        "pay": {"approval": {"role": "owner", "ttl": "1h"}},
        "audit": {"roles": ["owner"], "organisations": ["acme"]}
    }}"#;
    let server = Server::with(|config| config.engine.actions = serde_json::from_str(settings).unwrap());
    let agent = server.key("acme", Some(7));
    let call = |seq: u64, action: &str, params: &str| {
        let named = crate::support::action("r1", seq, action);
        named.replace("\"params\":{}", &format!("\"params\":{params}"))
    };
    let approved = |seq: u64| {
        format!(
            r#"{{"seq":{seq},"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response","payload":{{"status":"success","result":{{"approved":true}}}},"meta":{{"run_id":"r1","agent_id":7}}}}"#
        )
    };
    let question = r#"{"action":"pay","params":{"to":"DE1"}}"#;
    assert_eq!(post_as(&server, &agent, &call(1, "human_approve", question)).brief(), "202 accepted");
    assert_eq!(post_as(&server, &agent, &approved(2)).brief(), "202 accepted");
    let refused = post_as(&server, &agent, &call(3, "pay", r#"{"to":"DE1"}"#));
    assert_eq!(refused.json()["findings"][0]["rule"], "acl/approval", "the agent has approved it: {}", refused.text);
    assert_eq!(post_as(&server, &agent, &call(4, "human_approve", question)).brief(), "202 accepted");
    assert_eq!(server.post(&events_path("r1"), &approved(5)).brief(), "202 accepted");
    assert_eq!(post_as(&server, &agent, &call(6, "pay", r#"{"to":"DE2"}"#)).brief(), "422 refused");
    let server = server.restart();
    assert_eq!(post_as(&server, &agent, &call(7, "pay", r#"{"to":"DE1"}"#)).brief(), "202 accepted");
    assert_eq!(post_as(&server, &agent, &call(8, "audit", "{}")).brief(), "422 refused");
    assert_eq!(server.post(&events_path("r1"), &call(9, "audit", "{}")).brief(), "202 accepted");
}
