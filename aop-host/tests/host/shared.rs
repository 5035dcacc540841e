//! Limits across runs: what an organisation's runs share is counted in the order of the log, whoever asks and whatever stops in between.

use aop_engine::policy::Source;
use aop_host::Config;

use crate::support::{Answer, Server, action, batch, event, events_path};

/// The organisation may pay so often in a day, and each agent half as often.
fn limit_payments(config: &mut Config, at_most: u32) {
    let half = at_most / 2;
    config.policies.push(Source {
        name: "limits.aop".to_owned(),
        text: format!(
            r#"policy shop.limits version "1.0.0" dsl 1;
rule all_payments {{ on c: request(pay) count(request(pay)) > {at_most} within 1d per organisation then deny "the day's payments are made"; }}
rule payments_of_one {{ on c: request(pay) where has c.meta.alone count(request(pay)) > {half} within 1d per agent then deny "this agent's are"; }}
rule only_owners {{ on c: request(close_shop) where c.principal.role != "owner" then deny "an owner's word"; }}
"#
        ),
    });
}

fn pay(server: &Server, run_id: &str, seq: u64) -> Answer {
    server.post(&events_path(run_id), &action(run_id, seq, "pay"))
}

#[test]
fn runs_of_one_organisation_share_a_limit() {
    let server = Server::with(|config| limit_payments(config, 2));
    assert_eq!(pay(&server, "r1", 1).brief(), "202 accepted");
    assert_eq!(pay(&server, "r2", 1).brief(), "202 accepted");
    let refused = pay(&server, "r3", 1);
    assert_eq!(refused.brief(), "422 refused");
    assert_eq!(refused.json()["findings"][0]["rule"], "shop.limits.all_payments", "{}", refused.text);
    // the same event is answered the same, and counts once
    assert_eq!(pay(&server, "r2", 1).header("idempotent-replayed"), Some("true"));
    assert_eq!(server.post(&events_path("r3"), &action("r3", 2, "look")).brief(), "202 accepted");

    let other = server.key("globex", None);
    let authorization = format!("Bearer {other}");
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
    let of_other = |seq| server.send_as("POST", &events_path("r1"), &headers, &action("r1", seq, "pay")).brief();
    assert_eq!([of_other(1), of_other(2), of_other(3)], ["202 accepted", "202 accepted", "422 refused"]);
}

#[test]
fn an_agent_has_a_limit_of_its_own() {
    let server = Server::with(|config| limit_payments(config, 4));
    let of_agent = |agent_id: i64, run_id: &str| {
        let meta = format!(r#""alone":true,"agent_id":{agent_id},"run_id""#);
        let body = action(run_id, 1, "pay").replace(r#""run_id""#, &meta);
        server.post(&events_path(run_id), &body).brief()
    };
    assert_eq!([of_agent(7, "a"), of_agent(7, "b"), of_agent(8, "c")], ["202 accepted"; 3]);
    assert_eq!(of_agent(7, "d"), "422 refused");
    assert_eq!(of_agent(8, "e"), "202 accepted");
}

#[test]
fn a_limit_survives_a_restart_and_a_crash() {
    let server = Server::with(|config| limit_payments(config, 3));
    assert_eq!(pay(&server, "r1", 1).brief(), "202 accepted");
    let server = server.restart();
    assert_eq!(pay(&server, "r2", 1).brief(), "202 accepted");
    // from here on nothing is stored: what counts is in the log alone
    let server = server.restart_with(|config| config.worker.linger_ms = 60_000);
    assert_eq!(pay(&server, "r3", 1).brief(), "202 accepted");
    assert_eq!(pay(&server, "r4", 1).brief(), "422 refused");
    let copy = server.copy();
    assert_eq!(pay(&copy, "r5", 1).brief(), "422 refused");
    let copy = copy.restart();
    assert_eq!(pay(&copy, "r6", 1).brief(), "422 refused");
}

#[test]
fn those_who_come_at_once_do_not_share_the_last_one() {
    const CALLERS: u64 = 8;
    const EACH: u64 = 12;
    let at_most = 50;
    let server = Server::with(|config| limit_payments(config, at_most));
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let server = &server;
            scope.spawn(move || {
                let run_id = format!("run-{caller}");
                if caller % 2 == 0 {
                    (1..=EACH).for_each(|seq| drop(pay(server, &run_id, seq)));
                } else {
                    let events: Vec<String> = (1..=EACH).map(|seq| action(&run_id, seq, "pay")).collect();
                    server.post("/api/trace-events/batch/", &batch(&events));
                }
            });
        }
    });
    let accepted: u64 = (0..CALLERS)
        .map(|caller| server.get(&format!("/api/runs/run-{caller}/")).json())
        .map(|run| run["events"].as_u64().unwrap() - run["refused"].as_u64().unwrap())
        .sum();
    assert_eq!(accepted, u64::from(at_most));
    let server = server.restart();
    assert_eq!(pay(&server, "late", 1).brief(), "422 refused");
}

#[test]
fn rules_see_the_callers_role() {
    let server = Server::with(|config| limit_payments(config, 4));
    assert_eq!(server.post(&events_path("r1"), &action("r1", 1, "close_shop")).brief(), "202 accepted");
    let key = server.key("acme", Some(7));
    let authorization = format!("Bearer {key}");
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
    let answer = server.send_as("POST", &events_path("r2"), &headers, &action("r2", 1, "close_shop"));
    assert_eq!(answer.brief(), "422 refused");
}

#[test]
fn a_question_counts_nothing() {
    let server = Server::with(|config| limit_payments(config, 2));
    let ask = || server.post("/api/check/", &action("r1", 1, "pay")).json()["effect"].clone();
    assert_eq!([ask(), ask(), ask()], ["allow", "allow", "allow"]);
    assert_eq!([pay(&server, "r1", 1).status, pay(&server, "r2", 1).status], [202, 202]);
    assert_eq!(ask(), "deny");
    assert_eq!(server.post(&events_path("r1"), &event("r1", 2)).status, 202);
}
