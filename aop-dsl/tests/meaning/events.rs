//! Triggers, events and effects.

use crate::{forbids, shows};

#[test]
fn one_trigger_one_finding() {
    shows(
        "One trigger, one finding.",
        r#"
rule r { on c: request(send) after w: response(page) within run then flag "{w.seq}"; }
test "two pages, one finding a mail" for r {
  response(page) { result: { body: "a" } }; response(page) { result: { body: "b" } };
  request(send) { to: [], text: "t" }; request(send) { to: [], text: "t" };
  expect flag at seq 5; expect flag at seq 6;
}
test "no page" for r { request(send) { to: [], text: "t" }; expect nothing; }
"#,
    );
}

#[test]
fn on_names_the_trigger_event() {
    shows(
        "`on` names the trigger event",
        r#"
rule r { on c: request(pay) where c.params.amount > 10 then deny "{c.params.amount}"; }
test "much" for r { request(pay) { amount: 11, account: "a" }; expect deny at seq 1; }
test "little, and another action" for r { request(pay) { amount: 10, account: "a" }; request(send) { to: [], text: "11" }; expect nothing; }
"#,
    );
}

#[test]
fn every_clause_is_met() {
    shows(
        "Each event that triggers and meets every clause makes one finding",
        r#"
rule r { on c: request(send) after w: response(page) within run without a: response(approve) within run then deny; }
test "both" for r { response(page) { result: { body: "" } }; request(send) { to: [], text: "" }; expect deny at seq 3; }
test "only one of them" for r {
  response(page) { result: { body: "" } }; response(approve) { params: { request_seq: 1 }, result: { approved: true } };
  request(send) { to: [], text: "" };
  expect nothing;
}
"#,
    );
}

#[test]
fn past_clauses_are_decided_when_the_trigger_arrives() {
    shows(
        "Past clauses (`after`, `without`, `seq`, `count`, `sum`, `distinct`, `max`, `cycle`) are decided when the trigger arrives.",
        r#"
rule r { on c: request(send) without a: response(approve) within run then deny; }
test "an approval that comes later changes nothing" for r {
  request(send) { to: [], text: "" };
  response(approve) { params: { request_seq: 1 }, result: { approved: true } };
  expect deny at seq 1;
}
test "one that came before does" for r {
  response(approve) { params: { request_seq: 1 }, result: { approved: true } };
  request(send) { to: [], text: "" };
  expect nothing;
}
"#,
    );
}

#[test]
fn expect_is_a_duty_with_a_deadline() {
    shows(
        "`expect` is a duty with a deadline, decided by a later event's time or the run's end.",
        r#"
rule r @phase(post_run) { on c: request(send) expect a: response(send) where a.request.seq == c.seq within 30s then flag; }
test "a later event passes the deadline" for r {
  request(send) { to: [], text: "" };
  31s user "still there?";
  32s response(send) { result: null };
  expect flag at seq 1;
}
test "the run's end" for r { request(send) { to: [], text: "" }; expect flag at seq 1; }
test "in time, to the second" for r { request(send) { to: [], text: "" }; 30s response(send) { result: null }; expect nothing; }
"#,
    );
}

#[test]
fn kinds_of_events() {
    shows(
        "`request`, `response`, `reasoning`, `final`, `error`, `event`, `run_end`",
        r#"
rule thoughts { on e: reasoning where e.actor == "user" and e.thought contains "stop" then flag; }
rule answers  { on e: final where (e.summary ?? "") contains "done" then flag; }
rule errors   { on e: error where e.error_type == "Timeout" then flag; }
rule every    { on e: event count(event) > 2 within run then flag; }
rule ends     @phase(post_run) { on e: run_end without a: final within run then flag "no answer"; }
test "a user" for thoughts { user "please stop"; reasoning "I stop"; expect flag at seq 1; }
test "another word" for thoughts { user "go on"; expect nothing; }
test "an answer" for answers { final { output: "x", summary: "done" }; expect flag at seq 1; }
test "no summary" for answers { final { output: "done" }; expect nothing; }
test "an error" for errors { error { error_type: "Timeout", message: "m" }; expect flag at seq 1; }
test "another error" for errors { error { error_type: "Other", message: "Timeout" }; expect nothing; }
test "three" for every { user "1"; user "2"; user "3"; expect flag at seq 3; }
test "two" for every { user "1"; user "2"; expect nothing; }
test "no answer" for ends { user "hi"; expect flag; }
test "an answer at last" for ends { user "hi"; final { output: "ho" }; expect nothing; }
"#,
    );
}

#[test]
fn patterns_of_actions() {
    shows(
        "patterns of actions may use `|`, `*` and globs",
        r#"
rule either { on c: request(db.drop | pay) then flag; }
rule glob   { on c: request(db.*) then flag; }
rule every  { on c: request(*) then flag; }
test "either" for either { request(db.drop) { table: "t" }; request(pay) { amount: 1, account: "a" }; request(send) { to: [], text: "" }; expect flag at seq 1; expect flag at seq 2; }
test "neither" for either { request(db.delete) { table: "t" }; expect nothing; }
test "a glob" for glob { request(db.drop) { table: "t" }; request(db.delete) { table: "t" }; request(pay) { amount: 1, account: "a" }; expect flag at seq 1; expect flag at seq 2; }
test "not a part of a name" for glob { request(send) { to: [], text: "db.drop" }; expect nothing; }
test "any" for every { request(send) { to: [], text: "" }; expect flag at seq 1; }
test "requests only" for every { user "hi"; expect nothing; }
"#,
    );
}

#[test]
fn a_response_knows_its_request() {
    shows(
        "A response knows its request",
        r#"
rule r { on a: response(pay) where a.request.params.amount > 10 and a.request.seq < a.seq then flag; }
test "the answer to a large one" for r { request(pay) { amount: 11, account: "a" }; response(pay) { result: null }; expect flag at seq 2; }
test "to a small one" for r { request(pay) { amount: 9, account: "a" }; response(pay) { result: null }; expect nothing; }
"#,
    );
}

#[test]
fn labels_and_effects_come_from_the_schema() {
    shows(
        "`labels` and `effects` come from the schema.",
        r#"
rule r { on c: request(*) where "egress" in c.effects after w: response(*) where "untrusted" in w.labels within run then deny; }
test "an egress after an untrusted page" for r { response(page) { result: { body: "" } }; request(send) { to: [], text: "" }; expect deny at seq 3; }
test "a payment is none" for r { response(page) { result: { body: "" } }; request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
    forbids("a schema declares both words", "unknown-word", r#"schema { action x() : nonsense; }"#);
}

#[test]
fn a_rule_may_have_several_effects() {
    shows(
        "a rule may have several",
        r#"
rule r { on c: request(pay) where c.params.amount > 10 then redact(c.params.account), throttle(wait: 5s) "slow down"; }
test "much" for r { request(pay) { amount: 11, account: "a" }; expect throttle at seq 1; }
test "little" for r { request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
    forbids(
        "Post-run, `expect` and batch rules flag.",
        "effect-phase",
        r#"rule r @phase(post_run) { on c: request(pay) expect a: response(pay) within 5s then deny; }"#,
    );
}

#[test]
fn an_event_of_a_test_may_come_often() {
    shows(
        "A number before an event says how often it comes",
        r#"
rule busy { on c: request(pay) count(request(pay)) > 3 within 1m then deny; }
rule late { on c: response(pay) where c.request.seq == 1 and c.t - c.request.t == 2s then flag; }
test "the fourth and the fifth" for busy {
  3 request(pay) { amount: 1, account: "a" };
  50s 2 request(pay) { amount: 1, account: "a" };
  expect deny at seq 4;
  expect deny at seq 5;
}
test "three, and three much later" for busy {
  3 request(pay) { amount: 1, account: "a" };
  2m 3 request(pay) { amount: 1, account: "a" };
  expect nothing;
}
test "answers, the oldest request first" for late {
  2 request(pay) { amount: 1, account: "a" };
  2s 3 response(pay) { result: null };
  expect flag at seq 3;
  expect nothing at seq 6;
}
test "a third answer implies its request" for late { 3 response(pay) { result: null }; expect nothing at seq 6; }
"#,
    );
    shows(
        "`actor: \"user\"` in the body of a `response`, `reasoning`, `final` or `error` says whose event it is.",
        r#"
rule r { on e: response(page) where e.actor == "redteam" then flag; }
test "theirs" for r { response(page) { actor: "redteam", result: { body: "" } }; expect flag at seq 2; }
test "a tool's" for r { response(page) { result: { body: "" } }; expect nothing; }
"#,
    );
}
