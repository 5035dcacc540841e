//! Time, order and counting.

use crate::{shows, shows_of_trace};

#[test]
fn windows_are_open_at_the_far_end() {
    shows(
        "Windows are (now − W, now] on the run's clock",
        r#"
rule r { on c: request(send) after w: response(page) within 10s then flag; }
test "just inside" for r { response(page) { result: { body: "" } }; 9999ms request(send) { to: [], text: "" }; expect flag at seq 3; }
test "on the edge is outside" for r { response(page) { result: { body: "" } }; 10s request(send) { to: [], text: "" }; expect nothing; }
"#,
    );
}

#[test]
fn the_clock_never_goes_back() {
    let policy = r#"rule r { on c: request(send) after w: response(page) within 10s then flag; }"#;
    let event = |seq: u64, second: u64, event_type: &str, payload: &str| {
        format!(
            r#"{{"seq":{seq},"t":"2025-01-06T09:00:{second:02}Z","actor":"agent","type":"{event_type}","payload":{payload},"meta":{{}}}}"#
        )
    };
    let page = r#"{"action":"page","params":{"url":"https://a.example/"}}"#;
    let send = r#"{"action":"send","params":{"to":[],"text":""}}"#;
    let answer = r#"{"status":"success","result":{"body":""}}"#;
    // an event whose time lies before the one before it counts at the clock
    let back =
        [event(1, 50, "action_request", page), event(2, 50, "action_response", answer), event(3, 5, "action_request", send)];
    shows_of_trace("Only `seq` orders.", policy, &back, &[3]);
    // what comes after in order is not before, whatever its time
    let after =
        [event(1, 50, "action_request", send), event(2, 5, "action_request", page), event(3, 5, "action_response", answer)];
    shows_of_trace("Only `seq` orders.", policy, &after, &[]);
}

#[test]
fn counts_include_the_trigger() {
    shows(
        "counts and `within 30 events` include the trigger",
        r#"
rule r { on c: request(send) count(request(send)) >= 2 within 10s then flag; }
rule near { on c: request(send) after w: response(page) within 2 events then flag; }
test "the second" for r { request(send) { to: [], text: "" }; 1s request(send) { to: [], text: "" }; expect flag at seq 2; }
test "the first" for r { request(send) { to: [], text: "" }; expect nothing; }
test "the event before" for near { response(page) { result: { body: "" } }; request(send) { to: [], text: "" }; expect flag at seq 3; }
test "one more between" for near { response(page) { result: { body: "" } }; user "hm"; request(send) { to: [], text: "" }; expect nothing; }
"#,
    );
}

#[test]
fn past_events_are_strictly_before() {
    shows(
        "`after`, `without`, `seq` look strictly before it",
        r#"
rule r { on c: request(send) after d: request(send) within run then flag; }
test "the trigger is not before itself" for r { request(send) { to: [], text: "" }; expect nothing; }
test "another one is" for r { request(send) { to: [], text: "" }; request(send) { to: [], text: "" }; expect flag at seq 2; }
"#,
    );
}

#[test]
fn within_run_is_the_whole_run() {
    shows(
        "`within run` is the whole run.",
        r#"
rule r { on c: request(send) after w: response(page) within run then flag; }
test "a day later" for r { response(page) { result: { body: "" } }; 1d request(send) { to: [], text: "" }; expect flag at seq 3; }
test "before" for r { request(send) { to: [], text: "" }; 1d response(page) { result: { body: "" } }; expect nothing; }
"#,
    );
}

#[test]
fn sequences_are_in_order() {
    shows(
        "`seq` looks strictly before it",
        r#"
rule r { on c: request(send) seq [ a: response(page); b: request(save) where b.params.text contains "x"; ] within 10m then deny; }
test "page, save, mail" for r {
  response(page) { result: { body: "" } }; request(save) { path: "/a", text: "x" }; request(send) { to: [], text: "" };
  expect deny at seq 4;
}
test "save, page, mail" for r {
  request(save) { path: "/a", text: "x" }; response(page) { result: { body: "" } }; request(send) { to: [], text: "" };
  expect nothing;
}
test "the first step is too long ago" for r {
  response(page) { result: { body: "" } }; 10m request(save) { path: "/a", text: "x" }; request(send) { to: [], text: "" };
  expect nothing;
}
"#,
    );
}

#[test]
fn a_later_step_may_speak_of_an_earlier_one() {
    shows(
        "sequences",
        r#"
rule r { on c: request(send) seq [ a: request(save); b: request(save) where b.params.path == a.params.path; ] within run then deny; }
test "the same file twice" for r {
  request(save) { path: "/a", text: "" }; request(save) { path: "/b", text: "" }; request(save) { path: "/a", text: "" };
  request(send) { to: [], text: "" };
  expect deny at seq 4;
}
test "two files" for r {
  request(save) { path: "/a", text: "" }; request(save) { path: "/b", text: "" }; request(send) { to: [], text: "" };
  expect nothing;
}
"#,
    );
}

#[test]
fn exact_windows_in_small_memory() {
    shows(
        "`count ≥ K within W` keeps K timestamps; `distinct ≥ K` keeps K values; `sum` over a window keeps a ring",
        r#"
rule counts { on c: request(pay) count(request(pay)) > 2 within 10s then flag; }
rule values { on c: request(pay) distinct(p.params.account for p: request(pay)) >= 3 within 10s then flag; }
rule sums   { on c: request(pay) sum(p.params.amount for p: request(pay)) > 1.00 within 10s then flag; }
rule most   { on c: request(pay) max(p.params.amount for p: request(pay)) >= 5 within 10s then flag; }
test "three in ten seconds" for counts { request(pay) { amount: 1, account: "a" }; 5s request(pay) { amount: 1, account: "a" }; 9s request(pay) { amount: 1, account: "a" }; expect flag at seq 3; }
test "the first has left" for counts { request(pay) { amount: 1, account: "a" }; 5s request(pay) { amount: 1, account: "a" }; 10s request(pay) { amount: 1, account: "a" }; expect nothing; }
test "three accounts" for values { request(pay) { amount: 1, account: "a" }; request(pay) { amount: 1, account: "b" }; request(pay) { amount: 1, account: "c" }; expect flag at seq 3; }
test "two accounts, three times" for values { request(pay) { amount: 1, account: "a" }; request(pay) { amount: 1, account: "b" }; request(pay) { amount: 1, account: "a" }; expect nothing; }
test "to the cent" for sums { request(pay) { amount: 0.99, account: "a" }; request(pay) { amount: 0.02, account: "a" }; expect flag at seq 2; }
test "exactly the limit" for sums { request(pay) { amount: 0.10, account: "a" }; request(pay) { amount: 0.20, account: "a" }; request(pay) { amount: 0.70, account: "a" }; expect nothing; }
test "the largest" for most { request(pay) { amount: 5, account: "a" }; 9s request(pay) { amount: 1, account: "a" }; expect flag at seq 1; expect flag at seq 2; }
test "the largest has left" for most { request(pay) { amount: 4, account: "a" }; 10s request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
}

#[test]
fn loops_are_found() {
    shows(
        "`cycle`",
        r#"
rule r { on c: request(*) cycle(c.action where c.params == prev.params) >= 3 within 30 events then flag "loop of {cycle.length}"; }
test "the same call three times" for r {
  request(page) { url: "https://a.example/" }; request(page) { url: "https://a.example/" }; request(page) { url: "https://a.example/" };
  expect flag at seq 3;
}
test "two calls in turn" for r {
  request(page) { url: "https://a.example/" }; request(save) { path: "/a", text: "" };
  request(page) { url: "https://a.example/" }; request(save) { path: "/a", text: "" };
  request(page) { url: "https://a.example/" }; request(save) { path: "/a", text: "" };
  expect flag at seq 6;
}
test "other parameters" for r {
  request(page) { url: "https://a.example/" }; request(page) { url: "https://a.example/" }; request(page) { url: "https://b.example/" };
  expect nothing;
}
"#,
    );
}
