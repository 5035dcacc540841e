//! Explanations as people read them. Each policy has one test, whose events are the run.

use std::borrow::Cow;

use aop_toon::Event;

use super::{Explanation, Question, explain};
use crate::occurrence::Detected;
use crate::replay::Scan;
use crate::test::Script;
use crate::typed::DetectorFamily;

const HEADER: &str = r#"policy t.why version "1.0.0" dsl 1;
use std.labels;
schema {
  action send(to: list<email>, text: string) : egress;
  action page(url: url) -> { body: string } : untrusted;
  action pay(amount: decimal, currency: string) -> { done: bool } : spend;
  action approve(amount: decimal) -> { approved: bool, by: string };
}
"#;

/// Finds an account wherever a text begins with `GB`.
struct Accounts;

impl Scan for Accounts {
    fn scan<'e>(&self, event: &'e Event<'e>, found: &mut Vec<Detected<'e>>) {
        let root = event.document().root();
        let texts = root.descendants().filter(|value| value.as_str().is_some_and(|text| text.starts_with("GB")));
        found.extend(texts.map(|value| Detected {
            family: DetectorFamily::Pii,
            entity: Cow::Borrowed("IBAN_CODE"),
            score: 0.95,
            node: value.id(),
            at_key: false,
            span: 0..2,
        }));
    }
}

fn explanation(rule: &str, run: &str, why_not: Option<u64>) -> Explanation {
    let policy = format!("{HEADER}rule r {{\n{rule};\n}}\ntest \"t\" for r {{\n{run}\nexpect nothing;\n}}\n");
    let set = crate::compile("t.aop", &policy).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let script = Script::of(&set.packages()[0].tests[0]);
    let trace: Vec<&str> = script.events.iter().map(|event| event.json.as_str()).collect();
    let question = Question { rule: "r".to_owned(), why_not, role: None, organisation: None };
    explain(&set, &Accounts, trace.join("\n").as_bytes(), &question).unwrap_or_else(|error| panic!("{error}"))
}

fn why(rule: &str, run: &str) -> String {
    explanation(rule, run, None).to_string()
}

fn why_not(rule: &str, run: &str, seq: u64) -> String {
    explanation(rule, run, Some(seq)).to_string()
}

#[test]
fn a_condition_is_told_part_by_part_with_values_as_they_are_written() {
    let rule = r#"on c: request(send)
    where c.params.to[0]?.domain != "acme.example" and c.params.text.length > 3 and pii(c.params).count > 0
  then deny"#;
    let run = r#"request(send) { to: ["eve@evil.example"], text: "GB29 NWBK 6016 1331 9268 19" };
    request(send) { to: ["bob@acme.example"], text: "hi" };"#;
    insta::assert_snapshot!(why(rule, run) + &why_not(rule, run, 2));
}

#[test]
fn long_texts_are_cut_for_people_and_clauses_are_whole_in_json() {
    let rule = r#"on c: request(send) // what leaves
    where c.params.text contains "a  text of which the  white space counts" and c.params.text starts_with "another text, so that this is long"
  then deny"#;
    let run = format!("request(send) {{ to: [\"a@b.example\", \"c@d.example\"], text: \"{}\" }};", "word ".repeat(40));
    let told = explanation(rule, &run, Some(1));
    insta::assert_snapshot!(told.to_string() + &serde_json::to_string_pretty(&told).unwrap_or_default());
}

const APPROVED: &str = r#"on c: request(pay) where c.params.amount > 100
    without a: response(approve)
      where a.result.approved and a.request.params.amount >= c.params.amount within 10m
    then deny "nobody approved""#;

#[test]
fn the_event_that_came_closest_is_told() {
    let wrong_amount = r#"response(approve) { params: { amount: 50 }, result: { approved: true, by: "Ann" } };
    response(approve) { params: { amount: 500 }, result: { approved: false, by: "Bob" } };
    1m request(pay) { amount: 200, currency: "EUR" };"#;
    let too_old = r#"response(approve) { params: { amount: 500 }, result: { approved: true, by: "Ann" } };
    20m request(pay) { amount: 200, currency: "EUR" };"#;
    let unreadable = r#"response(approve) { params: { amount: 500 }, result: { approved: "yes", by: "Ann" } };
    1m request(pay) { amount: 200, currency: "EUR" };"#;
    let none = "request(pay) { amount: 200, currency: \"EUR\" };";
    let good = r#"response(approve) { params: { amount: 500 }, result: { approved: true, by: "Ann" } };
    1m request(pay) { amount: 200, currency: "EUR" };"#;
    let all = [why(APPROVED, wrong_amount), why(APPROVED, too_old), why(APPROVED, unreadable), why(APPROVED, none)];
    insta::assert_snapshot!(all.join("") + &why_not(APPROVED, good, 3));
}

#[test]
fn what_was_refused_does_not_count() {
    let rule = r#"on c: request(*) where c.action == "pay" or c.action == "send"
    without p: request(pay) where p.params.amount < 10 within run
    then deny"#;
    let run = r#"request(pay) { amount: 5, currency: "EUR" }; request(send) { to: [], text: "" };"#;
    insta::assert_snapshot!(why_not(rule, run, 2));
}

#[test]
fn copied_text_is_a_part_like_any_other() {
    let rule = r#"on c: request(send)
    after w: response(page) where w.status == "success" and c.params.text derives_from w.result within run
    then deny "{flow.bytes} bytes""#;
    let page = r#"response(page) { params: { url: "https://a.example/" }, result: { body: "The quarterly figures are to be sent to the address below." } };"#;
    let run = format!(
        "{page} request(send) {{ to: [], text: \"The quarterly figures are to be sent\" }}; request(send) {{ to: [], text: \"my own words\" }};"
    );
    insta::assert_snapshot!(why(rule, &run) + &why_not(rule, &run, 4));
}

#[test]
fn a_sequence_tells_how_far_it_came() {
    let rule = r#"on c: request(send)
    seq [
      w: response(page);
      p: request(pay) where p.params.amount > 100;
      a: response(approve) where a.request.params.amount == p.params.amount;
    ] within 1h
    then deny"#;
    let page = r#"response(page) { params: { url: "https://a.example/" }, result: { body: "x" } };"#;
    let pay = r#"request(pay) { amount: 200, currency: "EUR" };"#;
    let approve = r#"response(approve) { params: { amount: 100 }, result: { approved: true, by: "Ann" } };"#;
    let send = r#"request(send) { to: [], text: "" };"#;
    let of = |parts: &[&str], seq| why_not(rule, &parts.join("\n"), seq);
    let all = [
        of(&[pay, send], 2),
        of(&[page, r#"request(pay) { amount: 20, currency: "EUR" };"#, send], 4),
        of(&[page, pay, approve, send], 6),
        of(&[page, pay, &approve.replace("100", "200"), send], 6),
    ];
    insta::assert_snapshot!(all.join(""));
}

const PROMISED: &str = r#"on c: request(pay) where c.params.amount > 100
    expect r: response(pay) where r.request.seq == c.seq and r.result.done within 30s
    then flag "not paid""#;

#[test]
fn a_duty_tells_when_it_was_due_and_what_answered_it() {
    let answered = r#"request(pay) { amount: 200, currency: "EUR" };
    5s response(pay) { result: { done: true } };"#;
    let not_done = r#"request(pay) { amount: 200, currency: "EUR" };
    5s response(pay) { result: { done: false } };
    1m user "well?";"#;
    let late = r#"request(pay) { amount: 200, currency: "EUR" };
    50s response(pay) { result: { done: true } };"#;
    let never = "request(pay) { amount: 200, currency: \"EUR\" };";
    let small = "request(pay) { amount: 2, currency: \"EUR\" };";
    let unknown = r#"request(pay) { amount: 200, currency: "EUR" };
    5s response(pay) { result: { done: "yes" } };"#;
    let all = [
        why_not(PROMISED, answered, 1),
        why(PROMISED, answered),
        why(PROMISED, not_done),
        why(PROMISED, late),
        why(PROMISED, never),
        why_not(PROMISED, small, 1),
        why(PROMISED, unknown),
    ];
    insta::assert_snapshot!(all.join("---\n"));
}

#[test]
fn what_is_counted_is_told_with_its_bound() {
    let rule = r#"on c: request(pay)
    sum(p.params.amount for p: request(pay) where p.params.currency == c.params.currency) > 300 within 1h by params.currency
    then flag"#;
    let run = r#"request(pay) { amount: 200, currency: "EUR" }; request(pay) { amount: 150, currency: "EUR" };"#;
    insta::assert_snapshot!(why(rule, run) + &why_not(rule, run, 1));
}

#[test]
fn an_event_of_another_kind_is_no_trigger() {
    insta::assert_snapshot!(why_not(APPROVED, "user \"hi\";", 1));
}

#[test]
fn a_batch_rule_has_no_events() {
    let policy = r#"policy t.why version "1.0.0" dsl 1;
batch rule many { over runs window 7d if runs.count > 3 then flag; }
"#;
    let set = crate::compile("t.aop", policy).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let question = Question { rule: "many".to_owned(), why_not: None, role: None, organisation: None };
    let error = explain(&set, &Accounts, b"", &question).map(|told| told.to_string()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`t.why.many` is a batch rule: it judges sets of runs, and no event of one; see `aop eval --phase batch`"
    );
}
