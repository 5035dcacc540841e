//! Disagreements that were found, each in its smallest form.

use super::agreement::agree;
use super::harness::compiled;
use super::policies::HEADER;
use super::traces::Line;

/// The program and the reference agree about these rules and this run; each event is a type, a payload and a `meta`.
fn agrees(rules: &str, events: &[(&str, &str, &str)]) {
    let policy = format!("{HEADER}{rules}");
    let set = compiled(&policy).unwrap_or_else(|error| panic!("{error}"));
    let line = |(at, (event_type, payload, meta)): (usize, &(&str, &str, &str))| Line {
        run: 0,
        pause: None,
        json: format!(
            r#"{{"seq":{},"t":"2025-01-06T09:00:00Z","actor":"agent","type":"{event_type}","payload":{payload},"meta":{{{meta}}}}}"#,
            at + 1
        ),
    };
    let lines: Vec<Line> = events.iter().enumerate().map(line).collect();
    agree(&set, &policy, &lines).unwrap_or_else(|error| panic!("{error}"));
}

fn pay(params: &'static str) -> (&'static str, &'static str, &'static str) {
    ("action_request", params, "")
}

#[test]
fn a_sum_of_nothing_with_places() {
    agrees(
        "rule r { on c: request(pay) unless sum(p.params.amount for p: request(pay)) < 2 within run then deny; }",
        &[
            pay(r#"{"action":"pay","params":{"amount":0.00,"account":"b","currency":"USD"}}"#),
            pay(r#"{"action":"pay","params":{"amount":1,"account":"b","currency":"USD"}}"#),
        ],
    );
}
