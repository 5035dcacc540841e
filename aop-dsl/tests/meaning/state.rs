//! Whose memory it is, keys, and bounds.

use crate::shows;

#[test]
fn by_splits_the_state_by_a_key() {
    shows(
        "`by` splits it by a key",
        r#"
rule r { on c: request(pay) sum(p.params.amount for p: request(pay)) > 10 within 1h by params.account then flag; }
test "one account" for r { request(pay) { amount: 6, account: "a" }; request(pay) { amount: 6, account: "a" }; expect flag at seq 2; }
test "two accounts" for r { request(pay) { amount: 6, account: "a" }; request(pay) { amount: 6, account: "b" }; expect nothing; }
"#,
    );
}

#[test]
fn a_flood_of_keys_cannot_reset_a_limit() {
    shows(
        "past the bound, new keys share one over-counting cell and a finding says so; nothing is evicted",
        r#"
rule r { on c: request(pay) count(request(pay)) > 1 within 1h by params.account max 2 keys then flag; }
test "new keys past the bound are counted together" for r {
  request(pay) { amount: 1, account: "a" }; request(pay) { amount: 1, account: "b" };
  request(pay) { amount: 1, account: "c" }; request(pay) { amount: 1, account: "d" };
  request(pay) { amount: 1, account: "a" };
  expect flag at seq 3; expect flag at seq 4; expect flag at seq 5;
}
test "within the bound" for r { request(pay) { amount: 1, account: "a" }; request(pay) { amount: 1, account: "b" }; expect nothing; }
"#,
    );
}

#[test]
fn a_missing_key_is_unknown() {
    shows(
        "A missing `by` key is unknown.",
        r#"
rule r { on c: request(pay) count(request(pay)) > 1 within 1h by params.account then deny; }
test "no account" for r { request(pay) { amount: 1 }; expect deny at seq 1; }
test "an account" for r { request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
}

#[test]
fn a_key_may_be_what_a_value_has() {
    shows(
        "a key is a path of the counted event, or a property of what stands there",
        r#"
rule r { on c: request(page) count(request(page)) > 1 within 1h by params.url.host then deny; }
test "one host" for r { request(page) { url: "https://a.example/1" }; request(page) { url: "https://a.example/2" }; expect deny at seq 2; }
test "two hosts" for r { request(page) { url: "https://a.example/1" }; request(page) { url: "https://b.example/1" }; expect nothing; }
test "no host" for r { request(page) { url: "mailto:a@a.example" }; expect deny at seq 1; }
"#,
    );
}

#[test]
fn the_state_is_the_runs_unless_the_clause_says_otherwise() {
    shows(
        "The state is the run's, unless the clause says `per agent` or `per organisation`",
        r#"
rule r { on c: request(pay) count(request(pay)) > 1 within 1h per agent then throttle(wait: 5s); }
rule run { on c: request(pay) count(request(pay)) > 1 within 1h then flag; }
test "the same agent" for r { agent 7; request(pay) { amount: 1, account: "a" }; request(pay) { amount: 1, account: "a" }; expect throttle at seq 2; }
test "two agents" for r { agent 7; request(pay) { amount: 1, account: "a" }; agent 8; request(pay) { amount: 1, account: "a" }; expect nothing; }
test "the run, whoever it is" for run { agent 7; request(pay) { amount: 1, account: "a" }; agent 8; request(pay) { amount: 1, account: "a" }; expect flag at seq 2; }
test "once" for run { request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
}

#[test]
fn refused_events_are_evidence_and_no_excuse() {
    shows(
        "`after`, `seq`, `cycle` and `derives_from` see refused events; the others see accepted ones only",
        r#"
rule follows { on c: request(pay) where c.params.amount > 10 after p: request(pay) where p.params.amount > 10 within run then deny; }
rule counts  { on c: request(pay) count(p: request(pay) where p.params.amount > 10) >= 2 within run then deny; }
test "the second is refused, and so is the third because of it" for follows {
  request(pay) { amount: 11, account: "a" }; request(pay) { amount: 12, account: "a" }; request(pay) { amount: 13, account: "a" };
  expect deny at seq 2; expect deny at seq 3;
}
test "small ones" for follows { request(pay) { amount: 1, account: "a" }; request(pay) { amount: 2, account: "a" }; expect nothing; }
test "a refused one is not counted: with it there are still two" for counts {
  request(pay) { amount: 11, account: "a" }; request(pay) { amount: 12, account: "a" }; request(pay) { amount: 1, account: "a" };
  expect deny at seq 2;
}
test "one" for counts { request(pay) { amount: 11, account: "a" }; request(pay) { amount: 1, account: "a" }; expect nothing; }
"#,
    );
}
