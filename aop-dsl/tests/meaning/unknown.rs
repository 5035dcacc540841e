//! Three values: what is absent, and what is unknown.

use crate::{forbids, shows};

#[test]
fn an_absent_optional_makes_its_comparison_false() {
    shows(
        "An absent or null *optional* makes its comparison false.",
        r#"
rule r @on_unknown(deny) { on c: request(send) where c.params.copies > 3 then deny; }
rule inverse @on_unknown(deny) { on c: request(send) where not (c.params.copies > 3) then deny; }
test "many" for r { request(send) { to: [], text: "", copies: 4 }; expect deny at seq 1; }
test "absent" for r { request(send) { to: [], text: "" }; expect nothing; }
test "null" for r { request(send) { to: [], text: "", copies: null }; expect nothing; }
test "absent: not false is true" for inverse { request(send) { to: [], text: "" }; expect deny at seq 1; }
test "many" for inverse { request(send) { to: [], text: "", copies: 4 }; expect nothing; }
"#,
    );
}

#[test]
fn a_missing_required_value_or_a_wrong_type_is_unknown() {
    shows(
        "A missing *required* value or a wrong type makes it unknown",
        r#"
rule closed { on c: request(pay) where c.params.amount > 100 then deny "too much"; }
rule open @on_unknown(ignore) { on c: request(pay) where c.params.amount > 100 then flag "too much"; }
test "a number that arrives as text" for closed { request(pay) { amount: "5", account: "a" }; expect deny at seq 1; }
test "a missing required field" for closed { request(pay) { account: "a" }; expect deny at seq 1; }
test "null for a required field" for closed { request(pay) { amount: null, account: "a" }; expect deny at seq 1; }
test "a good one" for closed { request(pay) { amount: 5, account: "a" }; expect nothing; }
test "ignored, because the author says so" for open { request(pay) { amount: "5000", account: "a" }; expect nothing; }
test "known" for open { request(pay) { amount: 5000, account: "a" }; expect flag at seq 1; }
"#,
    );
}

#[test]
fn a_trigger_that_may_repeat_the_one_before_is_unknown_to_a_cycle() {
    shows(
        "A missing *required* value or a wrong type makes it unknown",
        r#"
rule loops { on c: request(pay) cycle(c.action where c.params.amount == prev.params.amount) >= 3 within run then deny "loop"; }
test "three times the same" for loops { 3 request(pay) { amount: 5, account: "a" }; expect deny at seq 3; }
test "three times without it" for loops { 3 request(pay) { account: "a" }; expect deny at seq 3; }
test "twice without it" for loops { 2 request(pay) { account: "a" }; expect nothing; }
test "never the same" for loops {
  request(pay) { amount: 5, account: "a" };
  request(pay) { amount: 6, account: "a" };
  request(pay) { amount: 7, account: "a" };
  expect nothing;
}
"#,
    );
}

#[test]
fn an_excuse_that_nothing_was_there_must_be_certain() {
    shows(
        "An unknown past event never satisfies `without` or `unless`",
        r#"
rule excused { on c: request(pay) unless without a: response(approve) where a.result.approved within run then deny; }
test "there was none: excused" for excused { request(pay) { amount: 5, account: "a" }; expect nothing; }
test "there was one" for excused {
  response(approve) { result: { approved: true } };
  request(pay) { amount: 5, account: "a" };
  expect deny at seq 3;
}
test "there may have been one" for excused {
  response(approve) { result: { approved: "yes" } };
  request(pay) { amount: 5, account: "a" };
  expect deny at seq 3;
}
"#,
    );
}

#[test]
fn kleene() {
    shows(
        "`false and unknown` is false, `true or unknown` is true",
        r#"
rule conjunction { on c: request(pay) where c.params.account == "x" and c.params.amount > 100 then deny; }
rule disjunction { on c: request(pay) where c.params.account == "x" or c.params.amount > 100 then flag; }
test "false and unknown" for conjunction { request(pay) { amount: "?", account: "a" }; expect nothing; }
test "true and unknown" for conjunction { request(pay) { amount: "?", account: "x" }; expect deny at seq 1; }
test "true or unknown" for disjunction { request(pay) { amount: "?", account: "x" }; expect flag at seq 1; }
test "false or false" for disjunction { request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
}

#[test]
fn only_the_final_value_counts() {
    shows(
        "Only the rule's final value counts: when that is unknown, `@on_unknown(deny | ignore | flag)` decides, once per trigger, with a finding",
        r#"
rule r @on_unknown(flag) { on c: request(pay) where c.params.amount > 100 and c.params.amount < 200 without a: response(approve) within run then deny; }
test "two unknown comparisons, one finding" for r { request(pay) { amount: "?", account: "a" }; expect flag at seq 1; }
test "a clause that is false decides" for r {
  response(approve) { params: { request_seq: 1 }, result: { approved: true } };
  request(pay) { amount: "?", account: "a" };
  expect nothing;
}
"#,
    );
}

#[test]
fn a_rule_that_can_deny_fails_closed() {
    shows(
        "a rule that can deny fails closed when it says nothing",
        r#"
rule denies    { on c: request(pay) where c.params.amount > 100 then deny; }
rule approves  { on c: request(pay) where c.params.amount > 100 then require_approval(role: "finance", ttl: 1h); }
rule flags     { on c: request(pay) where c.params.amount > 100 then flag; }
test "deny" for denies { request(pay) { account: "a" }; expect deny at seq 1; }
test "deny, known" for denies { request(pay) { amount: 1, account: "a" }; expect nothing; }
test "approval" for approves { request(pay) { account: "a" }; expect deny at seq 1; }
test "approval, known" for approves { request(pay) { amount: 101, account: "a" }; expect require_approval at seq 1; }
test "flag" for flags { request(pay) { account: "a" }; expect flag at seq 1; }
test "flag, known" for flags { request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
}

#[test]
fn an_unknown_past_event_is_no_excuse() {
    shows(
        "An unknown past event never satisfies `without` or `unless`, and satisfies `after` in a rule that fails closed.",
        r#"
rule needs_approval { on c: request(pay) without a: response(approve) where a.result.approved within run then deny; }
rule excused { on c: request(pay) unless after a: response(approve) where a.result.approved within run then deny; }
rule follows { on c: request(pay) after p: request(pay) where p.params.amount > 100 within run then deny; }
rule may_follow @on_unknown(ignore) { on c: request(pay) after p: request(pay) where p.params.amount > 100 within run then flag; }
test "an approval that cannot be read" for needs_approval {
  response(approve) { params: { request_seq: 1 }, result: { approved: "yes" } }; request(pay) { amount: 1, account: "a" }; expect deny at seq 3;
}
test "one that can" for needs_approval {
  response(approve) { params: { request_seq: 1 }, result: { approved: true } }; request(pay) { amount: 1, account: "a" }; expect nothing;
}
test "an excuse that cannot be read" for excused {
  response(approve) { params: { request_seq: 1 }, result: {} }; request(pay) { amount: 1, account: "a" }; expect deny at seq 3;
}
test "one that can" for excused {
  response(approve) { params: { request_seq: 1 }, result: { approved: true } }; request(pay) { amount: 1, account: "a" }; expect nothing;
}
test "an amount that cannot be read" for follows {
  request(pay) { amount: "?", account: "a" }; request(pay) { amount: 1, account: "a" }; expect deny at seq 2;
}
test "a small one" for follows { request(pay) { amount: 1, account: "a" }; request(pay) { amount: 1, account: "a" }; expect nothing; }
test "in a rule that does not fail closed" for may_follow {
  request(pay) { amount: "?", account: "a" }; request(pay) { amount: 1, account: "a" }; expect nothing;
}
"#,
    );
}

#[test]
fn has_asks_whether_it_is_there() {
    shows(
        "`has c.params.cwd` asks whether it is there: what is absent, null or missing is not",
        r#"
rule member { on c: request(*) where has c.params.a.b then flag; }
rule item { on c: request(*) where has c.params.a[1] then flag; }
rule spent @on_unknown(deny) { on c: event sum(e.meta.cost as decimal for e: event where has e.meta.cost) > 10 within run then deny; }
test "there" for member { request(x) { a: { b: false } }; expect flag at seq 1; }
test "not there" for member { request(x) { a: {} }; request(x) {}; request(x) { a: null }; request(x) { a: { b: null } }; expect nothing; }
test "a member of what is no object" for member { request(x) { a: "b" }; request(x) { a: [1] }; request(x) { a: 1 }; expect nothing; }
test "an item" for item { request(x) { a: [1, 2] }; request(x) { a: [1] }; request(x) { a: { b: 1 } }; request(x) {}; expect flag at seq 1; }
test "none" for item { request(x) { a: [1, null] }; expect nothing; }
test "events that cost nothing" for spent { user "a"; user "b"; expect nothing; }
test "some that do" for spent {
  user "a"; meta { cost: 4 }; user "b"; meta { cost: 7 }; user "c"; meta { cost: null }; user "d";
  expect deny at seq 3;
}
"#,
    );
}

#[test]
fn optional_access() {
    shows(
        "Optional access takes `?.`, `??` or `has`.",
        r#"
schema { type Person = { name: string, chief: { name: string }? }; action hire(who: Person); }
rule chain   { on c: request(hire) where c.params.who.chief?.name == "Ann" then flag; }
rule other   { on c: request(hire) where (c.params.who.chief?.name ?? "nobody") == "nobody" then flag; }
rule asks    { on c: request(hire) where has c.params.who.chief then flag; }
test "there" for chain { request(hire) { who: { name: "Bob", chief: { name: "Ann" } } }; expect flag at seq 1; }
test "absent" for chain { request(hire) { who: { name: "Bob" } }; expect nothing; }
test "absent" for other { request(hire) { who: { name: "Bob" } }; expect flag at seq 1; }
test "there" for other { request(hire) { who: { name: "Bob", chief: { name: "Ann" } } }; expect nothing; }
test "there" for asks { request(hire) { who: { name: "Bob", chief: { name: "Ann" } } }; expect flag at seq 1; }
test "null" for asks { request(hire) { who: { name: "Bob", chief: null } }; expect nothing; }
"#,
    );
    forbids(
        "Optional access takes `?.`",
        "optional",
        r#"
schema { type Person = { name: string, chief: { name: string }? }; action hire(who: Person); }
rule chain { on c: request(hire) where c.params.who.chief.name == "Ann" then flag; }
"#,
    );
}

#[test]
fn any_must_be_narrowed() {
    shows(
        "without a schema a field has type `any` and must be narrowed",
        r#"
rule reads @on_unknown(flag) { on c: request(other) where (c.params.cmd as string) contains "rm" then deny; }
rule asks { on c: request(other) where c.params?.cmd is int then flag; }
test "a string" for reads { request(other) { cmd: "rm -r" }; expect deny at seq 1; }
test "no string" for reads { request(other) { cmd: 7 }; expect flag at seq 1; }
test "another string" for reads { request(other) { cmd: "ls" }; expect nothing; }
test "an int" for asks { request(other) { cmd: 7 }; expect flag at seq 1; }
test "none" for asks { request(other) { cmd: "7" }; expect nothing; }
"#,
    );
    forbids("must be narrowed", "untyped", r#"rule r { on c: request(other) where c.params.cmd contains "rm" then deny; }"#);
    forbids(
        "Unknown fields and actions are compile errors",
        "unknown-field",
        r#"rule r { on c: request(pay) where c.params.amuont > 1 then deny; }"#,
    );
}

#[test]
fn a_promised_result_is_missing_only_on_success() {
    shows(
        "A result that the schema promises is *required* on a response of status `success`, and optional on others.",
        r#"
schema { action peek(what: string) -> string?; action ask(what: string); }
rule closed { on w: response(page) where w.result.body contains "key" then deny; }
rule whole { on w: response(page) where has w.result then flag; }
rule maybe { on w: response(peek) where w.result == "key" then deny; }
rule anything { on w: response(ask) where (w.result as string) == "key" then deny; }
test "no result" for closed { response(page) { params: { url: "https://a.example" } }; expect deny at seq 2; }
test "null" for closed { response(page) { params: { url: "https://a.example" }, result: null }; expect deny at seq 2; }
test "a failure has none" for closed { response(page) { status: "error", error: "no page" }; expect nothing; }
test "a harmless one" for closed { response(page) { result: { body: "hello" } }; expect nothing; }
test "it is not there" for whole { response(page) {}; expect nothing; }
test "it is there" for whole { response(page) { result: { body: "" } }; expect flag at seq 2; }
test "an optional one is absent" for maybe { response(peek) {}; expect nothing; }
test "an optional one is there" for maybe { response(peek) { result: "key" }; expect deny at seq 2; }
test "nothing was promised" for anything { response(ask) {}; expect nothing; }
test "nothing was promised, and something is there" for anything { response(ask) { result: "key" }; expect deny at seq 2; }
"#,
    );
}

#[test]
fn a_source_that_cannot_be_read_makes_derives_from_unknown() {
    shows(
        "When a *required* S is missing or cannot be reached, `V derives_from S` is unknown; of an absent optional nothing derives.",
        r#"
schema {
  action read(name: string) -> { text: string, note: string? };
  action look(name: string) -> { text: string, note: string? }?;
}
rule closed { on c: request(send) after w: response(read) where c.params derives_from w.result.text within run then deny; }
rule open @on_unknown(ignore) { on c: request(send) after w: response(read) where c.params derives_from w.result.text within run then flag; }
rule whole { on c: request(send) after w: response(read) where c.params derives_from w.result within run then deny; }
rule optional { on c: request(send) after w: response(read) where c.params derives_from w.result.note within run then deny; }
rule no_promise { on c: request(send) after w: response(look) where c.params derives_from w.result within run then deny; }
rule excused { on c: request(send) unless after w: response(read) where c.params derives_from w.result.text within run then deny; }
test "no result at all" for closed { response(read) {}; request(send) { to: [], text: "the harbour is closed" }; expect deny at seq 3; }
test "no text" for closed { response(read) { result: {} }; request(send) { to: [], text: "the harbour is closed" }; expect deny at seq 3; }
test "a result that is no record" for closed { response(read) { result: "the harbour is open on Monday" }; request(send) { to: [], text: "something else" }; expect deny at seq 3; }
test "a failure gave nothing" for closed { response(read) { status: "error", error: "no file" }; request(send) { to: [], text: "something else" }; expect nothing; }
test "another text" for closed { response(read) { result: { text: "the harbour is closed" } }; request(send) { to: [], text: "something else" }; expect nothing; }
test "it cannot be said, and the author does not mind" for open { response(read) {}; request(send) { to: [], text: "the harbour" }; expect nothing; }
test "it is copied" for open { response(read) { result: { text: "the harbour is closed" } }; request(send) { to: [], text: "the harbour is closed" }; expect flag at seq 3; }
test "promised, and not there" for whole { response(read) { result: null }; request(send) { to: [], text: "something else" }; expect deny at seq 3; }
test "of another type, and read as it is" for whole { response(read) { result: "the harbour is open on Monday" }; request(send) { to: [], text: "something else" }; expect nothing; }
test "of another type, and copied" for whole { response(read) { result: "the harbour is open on Monday" }; request(send) { to: [], text: "harbour is open on monday" }; expect deny at seq 3; }
test "an optional is absent" for optional { response(read) { result: { text: "the harbour is closed" } }; request(send) { to: [], text: "the harbour is closed" }; expect nothing; }
test "an optional of what is no record" for optional { response(read) { result: 7 }; request(send) { to: [], text: "the harbour is closed" }; expect deny at seq 3; }
test "an optional is copied" for optional { response(read) { result: { text: "", note: "the harbour is closed" } }; request(send) { to: [], text: "the harbour is closed" }; expect deny at seq 3; }
test "nothing was promised" for no_promise { response(look) {}; request(send) { to: [], text: "the harbour is closed" }; expect nothing; }
test "nothing was promised, and something is copied" for no_promise { response(look) { result: { text: "the harbour is closed" } }; request(send) { to: [], text: "the harbour is closed" }; expect deny at seq 3; }
test "no excuse" for excused { response(read) {}; request(send) { to: [], text: "the harbour is closed" }; expect deny at seq 3; }
test "an excuse" for excused { response(read) { result: { text: "the harbour is closed" } }; request(send) { to: [], text: "the harbour is closed" }; expect nothing; }
"#,
    );
}
