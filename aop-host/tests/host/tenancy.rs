//! Nobody sees, touches or learns of what is another organisation's, or another agent's.

use crate::support::{Server, event, events_path};

/// Every route about one run; `{}` is the run.
const ROUTES: [(&str, &str); 4] = [
    ("GET", "/api/runs/{}/"),
    ("GET", "/api/runs/{}/trace/"),
    ("GET", "/api/runs/{}/findings/"),
    ("POST", "/api/runs/{}/finalize/"),
];

fn send(server: &Server, key: &str, method: &str, path: &str, body: &str) -> crate::support::Answer {
    let authorization = format!("Bearer {key}");
    server.send_as(method, path, &[("Authorization", &authorization), ("Content-Type", "application/json")], body)
}

#[test]
fn a_foreign_run_answers_like_an_absent_one() {
    let server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    let foreign = server.key("other", None);
    for (method, route) in ROUTES {
        let there = send(&server, &foreign, method, &route.replace("{}", "r1"), "");
        let absent = send(&server, &foreign, method, &route.replace("{}", "absent"), "");
        assert_eq!((there.status, &there.text), (404, &absent.text), "{method} {route}");
        assert_eq!(server.send(method, &route.replace("{}", "r1"), &[], "").status, 200, "{method} {route}");
    }
    assert_eq!(send(&server, &foreign, "GET", "/api/runs/", "").json()["runs"].as_array().map(Vec::len), Some(0));
}

#[test]
fn two_organisations_have_runs_and_keys_of_the_same_name() {
    let server = Server::start();
    let foreign = server.key("other", None);
    for _ in 0..2 {
        for seq in [1, 2] {
            assert_eq!(server.post(&events_path("r1"), &event("r1", seq)).status, 202);
            assert_eq!(send(&server, &foreign, "POST", &events_path("r1"), &event("r1", seq)).status, 202);
        }
    }
    let batch = format!("[{}]", event("r1", 3));
    assert_eq!(send(&server, &foreign, "POST", "/api/trace-events/batch/", &batch).status, 202);
    assert_eq!(server.get("/api/runs/r1/").json()["events"], 2);
    assert_eq!(send(&server, &foreign, "GET", "/api/runs/r1/", "").json()["events"], 3);
}

#[test]
fn no_key_and_a_bad_key_look_the_same() {
    let server = Server::start();
    let stranger = aop_host::ApiKey::generate("live").unwrap();
    let mut wrong_secret = server.key.clone();
    let first_secret_digit = wrong_secret.rfind('_').unwrap() + 1;
    wrong_secret.replace_range(first_secret_digit..=first_secret_digit, "!");
    let attempts = [
        vec![],
        vec![("Authorization", "Bearer".to_owned())],
        vec![("Authorization", "Basic YTpi".to_owned())],
        vec![("Authorization", format!("Bearer {}", stranger.reveal()))],
        vec![("Authorization", format!("Bearer {wrong_secret}"))],
        vec![("Authorization", format!("Bearer {}", server.key)), ("Authorization", format!("Bearer {}", server.key))],
    ];
    let routes =
        [("POST", "/api/runs/"), ("GET", "/api/runs/"), ("POST", "/api/check/"), ("POST", "/api/trace-events/batch/")];
    let of_runs = ROUTES.map(|(method, route)| (method, route)).into_iter().chain([("POST", "/api/runs/{}/events/")]);
    let mut bodies = Vec::new();
    for (method, route) in routes.into_iter().chain(of_runs) {
        for headers in &attempts {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = server.send_as(method, &route.replace("{}", "r1"), &headers, "{}");
            assert_eq!(answer.brief(), "401 unauthorised", "{method} {route} {headers:?}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
            bodies.push(answer.text);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

#[test]
fn an_agent_writes_and_reads_its_own_runs() {
    let server = Server::start();
    let (seven, eight) = (server.key("acme", Some(7)), server.key("acme", Some(8)));
    assert_eq!(send(&server, &seven, "POST", &events_path("r1"), &event("r1", 1)).status, 202);
    // the events of these tests name agent 7
    assert_eq!(send(&server, &eight, "POST", &events_path("r2"), &event("r2", 1)).brief(), "403 other_agent");
    let silent = event("r1", 2).replace("\"agent_id\":7,", "");
    assert_eq!(send(&server, &eight, "POST", &events_path("r1"), &silent).brief(), "403 other_agent");
    for (method, route) in ROUTES {
        assert_eq!(send(&server, &eight, method, &route.replace("{}", "r1"), "").status, 404, "{method} {route}");
    }
    assert_eq!(send(&server, &eight, "GET", "/api/runs/", "").json()["runs"].as_array().map(Vec::len), Some(0));
    assert_eq!(send(&server, &eight, "POST", "/api/runs/", r#"{"agent_id":7}"#).brief(), "403 other_agent");
    assert_eq!(send(&server, &seven, "POST", &events_path("r1"), &silent).status, 202);
    assert_eq!(send(&server, &seven, "GET", "/api/runs/r1/", "").json()["agent_id"], 7);
    assert_eq!(server.get("/api/runs/r1/").status, 200);
}

#[test]
fn paths_that_cannot_be_runs_are_not_found() {
    let server = Server::start();
    for run in ["..", "a%2Fb", "a%20b", "%ff", "'%3B--", &"x".repeat(129)] {
        assert_eq!(server.get(&format!("/api/runs/{run}/")).brief(), "404 not_found", "{run}");
    }
    assert_eq!(server.get("/api/nothing/").brief(), "404 not_found");
    let wrong = server.get("/api/check/");
    assert_eq!((wrong.brief().as_str(), wrong.header("allow")), ("405 method_not_allowed", Some("POST")));
}
