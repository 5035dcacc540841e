//! Disagreements that were found, each in its smallest form.

use super::agreement::agree;
use super::harness::{Keeping, compiled, judgements};
use super::policies::HEADER;
use super::traces::{self, Line};

/// The program and the reference agree about these rules and this run; each event is a type, a payload and a `meta`.
fn agrees(rules: &str, events: &[(&str, &str, &str)]) {
    let policy = format!("{HEADER}{rules}");
    let set = compiled(&policy).unwrap_or_else(|error| panic!("{error}"));
    let lines = lines(events);
    agree(&set, &policy, &lines).unwrap_or_else(|error| panic!("{error}"));
    let events = traces::events(&lines.into_iter().map(|line| line.json).collect::<Vec<_>>());
    assert_eq!(judgements(&set, &events, Keeping::AsItIs), judgements(&set, &events, Keeping::WrittenOut));
}

/// Events of one run, all at one time.
fn lines(events: &[(&str, &str, &str)]) -> Vec<Line> {
    let line = |(at, (event_type, payload, meta)): (usize, &(&str, &str, &str))| Line {
        run: 0,
        pause: None,
        json: format!(
            r#"{{"seq":{},"t":"2025-01-06T09:00:00Z","actor":"agent","type":"{event_type}","payload":{payload},"meta":{{{meta}}}}}"#,
            at + 1
        ),
    };
    events.iter().enumerate().map(line).collect()
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

/// Why a duty cannot be decided was told in the words of what another rule had asked before.
#[test]
fn a_duty_whose_trigger_answers_nothing() {
    let other = "rule r0 { on c: reasoning after p: response(send) where p.request.seq % 2 == 0 within run then deny; }";
    let duty = "rule r1 @phase(post_run) @on_unknown(flag) { on c: response(pay) expect p: final within 3s then flag; }";
    let orphan = ("action_response", r#"{"status":"success","result":{"done":true}}"#, r#""call_id":"nobody asked""#);
    let events = [orphan, ("reasoning", r#"{"thought":"x"}"#, "")];
    agrees(&format!("{other}\n{duty}"), &events);
    let set = compiled(&format!("{HEADER}{other}\n{duty}")).unwrap_or_else(|error| panic!("{error}"));
    let alone = set.only("law.random.r1").expect("the set has the rule");
    let events = traces::events(&lines(&events).into_iter().map(|line| line.json).collect::<Vec<_>>());
    let of_duty = |set| -> Vec<String> {
        let findings = judgements(set, &events, Keeping::AsItIs).into_iter().flat_map(|judgement| judgement.findings);
        findings.filter(|finding| finding.rule.ends_with("r1")).map(|finding| finding.message.clone()).collect()
    };
    assert_eq!(of_duty(&set), of_duty(&alone));
    assert!(of_duty(&alone)[0].contains("no request is known"), "{:?}", of_duty(&alone));
}
