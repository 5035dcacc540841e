//! What findings say of what is unknown. Each policy has one test, and the run that it makes is judged.

use aop_toon::Event;

use crate::eval::NoProbe;
use crate::replay::{NoDetectors, Replay};
use crate::test::Script;

const HEADER: &str = r#"policy t.unknown version "1.0.0" dsl 1;
schema {
  action pay(amount: decimal, currency: enum["EUR", "USD"], to: { name: string, iban: string }, notes: list<string>);
  action get_order(id: string) -> { total: decimal, currency: enum["EUR", "USD"] };
}
"#;

/// The findings' messages, each after its event.
fn messages(rule_and_test: &str) -> String {
    let set = crate::compile("t.aop", &format!("{HEADER}{rule_and_test}")).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let script = Script::of(&set.packages()[0].tests[0]);
    let mut replay = Replay::new(&set, &NoDetectors);
    let mut found = Vec::new();
    for event in &script.events {
        let event = Event::parse(event.json.as_bytes()).expect("a script makes events");
        found.extend(replay.take(&event, None, &mut NoProbe).findings);
    }
    found.extend(replay.finish(None, &mut crate::eval::NoProbe).findings);
    let line = |finding: &aop_toon::Finding| format!("#{}: {}", finding.seq.unwrap_or_default(), finding.message);
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_value_is_named_with_what_it_should_be_and_what_it_is() {
    let mut all = Vec::new();
    let of = |condition: &str, body: &str| {
        messages(&format!(
            "rule r {{ on c: request(pay) where {condition} then deny; }}\ntest \"t\" for r {{ request(pay) {body}; expect deny; }}"
        ))
    };
    all.push(of("c.params.amount > 5", "{}"));
    all.push(of("c.params.amount > 5", r#"{ amount: "6" }"#));
    all.push(of(r#"c.params.currency == "EUR""#, r#"{ currency: "PLN" }"#));
    all.push(of(r#"c.params.to.iban == "x""#, r#"{ to: "Bob" }"#));
    all.push(of(r#"any n in c.params.notes: n == "x""#, r#"{ notes: ["a", 7] }"#));
    all.push(of(r#"any n in c.params.notes: n == "x""#, r#"{ notes: "a" }"#));
    all.push(of("(c.meta.deep.cost as decimal) > 1", "{}"));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_message_shows_what_stands_there_and_what_is_missing() {
    let said = messages(
        r#"
rule r { on c: request(pay) then flag "{c.params.amount} {c.params.currency} to {c.params.to.name}, {c.params.notes}, {c.rationale}"; }
test "t" for r { request(pay) { amount: "6", to: { name: 5 } }; expect flag; }
"#,
    );
    insta::assert_snapshot!(said);
}

#[test]
fn an_event_that_was_no_excuse_is_named() {
    let mut all = Vec::new();
    let said = messages(
        r#"
rule r {
  on c: request(pay)
  without o: response(get_order) where o.result.currency == c.params.currency and o.result.total >= c.params.amount within run
  then deny "no order";
}
test "t" for r {
  response(get_order) { params: { id: "a" }, result: { total: "5.00", currency: "EUR" } };
  request(pay) { amount: 4, currency: "EUR" };
  response(get_order) { params: { id: "a" }, result: { total: 9.00 } };
  request(pay) { amount: 4, currency: "EUR" };
  request(pay) { amount: 4, currency: "USD" };
  expect deny;
}
"#,
    );
    all.push(said);
    let said = messages(
        r#"
rule r {
  on c: request(pay)
  unless after o: response(get_order) where o.result.total > 3 within run
  then deny "no order";
}
test "t" for r {
  response(get_order) { params: { id: "a" }, result: { total: "5.00", currency: "EUR" } };
  request(pay) { amount: 4 };
  expect deny;
}
"#,
    );
    all.push(said);
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_past_event_that_could_not_be_read_is_named() {
    let mut all = Vec::new();
    let said = messages(
        r#"
rule r @on_unknown(flag) {
  on c: request(pay)
  after o: response(get_order) where o.result.total > 3 within run
  then flag "yes";
}
test "t" for r {
  response(get_order) { params: { id: "a" }, result: { total: "5.00", currency: "EUR" } };
  request(pay) { amount: 4 };
  expect flag;
}
"#,
    );
    all.push(said);
    let said = messages(
        r#"
rule r @on_unknown(flag) {
  on c: request(pay)
  after o: response(get_order) where o.result.total > c.params.amount within run
  then flag "yes";
}
test "t" for r {
  response(get_order) { params: { id: "a" }, result: { total: "5.00", currency: "EUR" } };
  request(pay) { amount: 4 };
  expect flag;
}
"#,
    );
    all.push(said);
    let said = messages(
        r#"
rule r @on_unknown(flag) {
  on c: request(pay)
  seq [ a: response(get_order); b: response(get_order) where b.result.total > 3; ] within run
  then flag "yes";
}
test "t" for r {
  response(get_order) { params: { id: "a" }, result: { total: 5, currency: "EUR" } };
  response(get_order) { params: { id: "a" }, result: { currency: "EUR" } };
  request(pay) { amount: 4 };
  expect flag;
}
"#,
    );
    all.push(said);
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn what_is_counted_has_its_own_name() {
    let mut all = Vec::new();
    let of = |clause: &str| {
        messages(&format!(
            "rule r @on_unknown(flag) {{ on c: request(pay) {clause} then flag \"yes\"; }}
test \"t\" for r {{ request(pay) {{ amount: 4 }}; meta {{ cost: 3 }}; request(pay) {{ amount: 4 }}; expect flag; }}"
        ))
    };
    all.push(of("sum(e.meta.cost as decimal for e: request(pay)) > 100 within run"));
    all.push(of("count(e: request(pay) where e.params.currency == \"EUR\") > 0 within run"));
    all.push(of("count(request(pay)) > 0 within run by params.currency"));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn memory_that_runs_share_needs_an_agent() {
    let said = messages(
        r#"
rule r { on c: request(pay) count(request(pay)) > 3 within 1h per agent then deny; }
test "t" for r { request(pay) {}; agent 7; request(pay) {}; expect deny; }
"#,
    );
    insta::assert_snapshot!(said);
}
