//! Disagreements that were found, each in its smallest form.

use super::agreement::agree;
use super::harness::{Keeping, compiled, judgements};
use super::policies::HEADER;
use super::traces::{self, Line};

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
    let events = traces::events(&lines.into_iter().map(|line| line.json).collect::<Vec<_>>());
    assert_eq!(judgements(&set, &events, Keeping::AsItIs), judgements(&set, &events, Keeping::WrittenOut));
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

#[test]
fn a_value_that_may_count_is_read_back() {
    agrees(
        r#"
        rule r {
          on c: request(pay)
          distinct(p.params.account for p: request(pay) where p.params.amount > 1) > 1 within run
          then flag;
        }
        "#,
        &[
            pay(r#"{"action":"pay","params":{"account":"a","currency":"USD"}}"#),
            pay(r#"{"action":"pay","params":{"amount":2,"account":"b","currency":"USD"}}"#),
            pay(r#"{"action":"pay","params":{"amount":2,"account":"c","currency":"USD"}}"#),
        ],
    );
}

/// The search for what is unknown evaluates the condition again; its steps are told apart from the decision's.
#[test]
fn a_missing_amount() {
    agrees(
        "rule r { on c: request(pay) where c.params.amount > 3 then deny; }",
        &[pay(r#"{"action":"pay","params":{"account":"b","currency":"USD"}}"#)],
    );
}
