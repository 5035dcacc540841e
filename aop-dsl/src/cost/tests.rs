use super::*;
use crate::check::check;
use crate::diagnostic::Sink;
use crate::environment::{Budget, Environment};
use crate::syntax;

fn package(items: &str) -> Arc<Package> {
    let text = text(items);
    let mut sink = Sink::new("a.aop", &text);
    let file = syntax::parse(&text, &mut sink).unwrap();
    let package = check(&file, "a.aop", &text, &Environment::default(), &mut sink);
    assert!(!sink.has_errors(), "{}", sink.into_diagnostics());
    Arc::new(package.unwrap())
}

fn text(items: &str) -> String {
    format!(
        "policy a.b version \"1.0.0\" dsl 1;\nschema {{ action send(to: list<email>, body: string?, amount: decimal); action get() -> string; }}\n{items}"
    )
}

fn cost(items: &str) -> RuleCost {
    report(&[package(items)]).rules.remove(0)
}

#[test]
fn each_expression_is_a_step() {
    let one = cost("rule a { on c: request(send) where c.params.amount > 5.0 then deny \"x\"; }");
    let two = cost("rule a { on c: request(send) where c.params.amount > 5.0 and c.seq > 3 then deny \"x\"; }");
    // `and`, `>`, `c.seq`, 3: asked to find the rule, when it is judged, and when it is remembered.
    assert_eq!(two.steps_per_event - one.steps_per_event, 12);
    assert_eq!((one.bytes_per_run, one.bytes_per_key, one.keys_max), (0, 0, 0));
}

#[test]
fn a_quantifier_counts_for_each_item() {
    let any = cost("rule a { on c: request(send) where any r in c.params.to: r.domain == \"a.example\" then deny \"x\"; }");
    assert!((3 * 1_024 * 4..3 * 1_024 * 10).contains(&any.steps_per_event), "{any:?}");
    let few = cost("rule a { on c: request(send) where any r in [1, 2]: c.seq == r then deny \"x\"; }");
    assert!(few.steps_per_event < 50, "{few:?}");
    let nested =
        cost("rule a { on c: request(send) where any r in c.params.to: any s in c.params.to: r != s then deny \"x\"; }");
    assert!(nested.steps_per_event > 3 * 1_024 * 1_024, "{nested:?}");
}

#[test]
fn functions_cost_what_they_do_wherever_they_are_called() {
    let functions =
        "fn far(e: email) -> bool = e.domain == \"a.example\";\nfn all_far(l: list<email>) -> bool = all e in l: far(e);\n";
    let written = cost(&format!("{functions}rule a {{ on c: request(send) where all_far(c.params.to) then deny \"x\"; }}"));
    assert!((3 * 1_024 * 4..3 * 1_024 * 16).contains(&written.steps_per_event), "{written:?}");
}

#[test]
fn doubling_functions_are_worked_out_once() {
    let mut functions = "fn f0(x: bool) -> bool = x and not x;\n".to_owned();
    for at in 1..200 {
        functions.push_str(&format!("fn f{at}(x: bool) -> bool = f{}(x) and f{}(x);\n", at - 1, at - 1));
    }
    let cost = cost(&format!("{functions}rule a {{ on c: request(send) where f199(c.seq == 1) then deny \"x\"; }}"));
    assert_eq!(cost.steps_per_event, u64::MAX);
}

#[test]
fn past_events_that_speak_of_the_trigger_are_looked_at_one_by_one() {
    let local = cost("rule a { on c: request(send) after g: response(get) where g.seq > 1 within 1h then deny \"x\"; }");
    assert!(local.steps_per_event < 100, "{local:?}");
    let cross = cost(
        "rule a { on c: request(send) after g: response(get) where g.result == c.params.body within 1h then deny \"x\"; }",
    );
    assert!((512 * 3..512 * 10).contains(&cross.steps_per_event), "{cross:?}");
    assert!((256 * 1_024..2 * 512 * 1_200).contains(&cross.bytes_per_run), "{cross:?}");
    let flow = cost(
        "rule a { on c: request(send) after g: response(get) where c.params derives_from g.result within run then deny \"x\"; }",
    );
    assert!((2_048 * 3..2_048 * 10).contains(&flow.steps_per_event), "{flow:?}");
    assert_eq!(report(&[package("rule a { on c: request(send) after g: response(get) where c.params derives_from g.result within run then deny \"x\"; }")]).flow_bytes_per_run, bytes::FLOW_TABLE);
}

#[test]
fn keys_are_told_apart_from_the_run() {
    let sum = cost(
        "rule a { on c: request(send) sum(t.params.amount for t: request(send)) > 5.0 within 1h by params.body max 100 keys then flag \"x\"; }",
    );
    assert_eq!((sum.bytes_per_run, sum.keys_max), (0, 100));
    assert_eq!(sum.bytes_of_keys, 100 * sum.bytes_per_key);
    let count = cost("rule a { on c: request(send) count(request(send)) > 5 within 1h then flag \"x\"; }");
    assert!((6 * 16..2_000).contains(&count.bytes_per_run), "{count:?}");
    let shared = cost("rule a { on c: request(send) count(request(send)) > 5 within 1h per agent then flag \"x\"; }");
    assert_eq!((shared.bytes_per_run, shared.bytes_per_agent), (0, count.bytes_per_run));
}

#[test]
fn an_event_pays_for_the_rules_that_look_at_it() {
    let rule = |name: &str, pattern: &str| format!("rule {name} {{ on c: {pattern} where c.seq > 1 then flag \"x\"; }}\n");
    let one = report(&[package(&rule("a", "request(send)"))]).steps_per_event;
    let apart = report(&[package(&(rule("a", "request(send)") + &rule("b", "request(get)")))]).steps_per_event;
    assert_eq!(apart, one);
    let together = report(&[package(&(rule("a", "request(send)") + &rule("b", "request(*)")))]).steps_per_event;
    assert_eq!(together, 2 * one);
}

fn over(items: &str, budget: Budget) -> String {
    let text = text(items);
    let package = package(items);
    let mut sink = Sink::new("a.aop", &text);
    over_budget(&package, &budget, &mut sink);
    sink.into_diagnostics().to_string()
}

#[test]
fn what_is_over_budget_is_refused_where_it_costs() {
    let nested =
        "rule a {\n  on c: request(send) where any r in c.params.to: any s in c.params.to: r != s\n  then deny \"x\";\n}";
    let small = Budget { steps_per_event_max: 100_000, ..Budget::default() };
    insta::assert_snapshot!(over(nested, small), @r#"
    error[over-budget]: `a` may take 12,595,211 steps for one event; 100,000 are allowed
     --> a.aop:4:51
      |
    4 |   on c: request(send) where any r in c.params.to: any s in c.params.to: r != s
      |                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is done for each item of a list, up to 1,024 times
      |
      = help: look at fewer past events or items: ask first what is about the past event alone, and put no loop into another
    "#);
    let past = "rule a {\n  on c: request(send)\n  after g: response(get) where g.result == c.params.body within 1h\n  then deny \"x\";\n}";
    let small = Budget { steps_per_event_max: 1_000, bytes_per_run_max: 1_000, ..Budget::default() };
    insta::assert_snapshot!(over(past, small), @r#"
    error[over-budget]: `a` may take 2,578 steps for one event; 1,000 are allowed
     --> a.aop:5:3
      |
    5 |   after g: response(get) where g.result == c.params.body within 1h
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ up to 2,573 of them
      |
      = help: look at fewer past events or items: ask first what is about the past event alone, and put no loop into another

    error[over-budget]: the rules of `a.b` may remember 581,632 bytes for each run; 1,000 are allowed
     --> a.aop:5:3
      |
    5 |   after g: response(get) where g.result == c.params.body within 1h
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 581,632 of them
      |
      = help: keep less of past events: compare fewer of their texts with the trigger, and name fewer in the message
    "#);
    let keyed = "rule a {\n  on c: request(send)\n  sum(t.params.amount for t: request(send)) > 5.0 within 1h by params.body\n  then flag \"x\";\n}";
    let small = Budget { bytes_per_key_max: 1_000, ..Budget::default() };
    insta::assert_snapshot!(over(keyed, small), @r#"
    error[over-budget]: `a` may remember 15,488 bytes for each key; 1,000 are allowed
     --> a.aop:5:3
      |
    5 |   sum(t.params.amount for t: request(send)) > 5.0 within 1h by params.body
      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ so much for one key
      |
      = help: say `max N events` with a smaller number, or compare fewer texts with the trigger
    "#);
    assert_eq!(over(nested, Budget::default()), "");
}

#[test]
fn the_report_prints_as_a_table() {
    let items = "rule long_name { on c: request(send) where any r in c.params.to: r.domain == \"a.example\" then deny \"x\"; }\n\
        rule b { on c: request(send) count(request(send)) > 5 within 1h by params.body then flag \"x\"; }\n\
        batch rule d { over runs window 7d if runs.count > 3 then flag \"x\"; }";
    insta::assert_snapshot!(report(&[package(items)]), @r#"
    rule           steps/event  texts/event  bytes/run  bytes/key   keys
    a.b.b                   39            0          0      1,248  1,024
    a.b.long_name       24,587            0          0          0      0
    a.b.d: 5 steps for each run
    one event: up to 24,626 steps; one run: up to 0 bytes without keys
    "#);
}

/// Counts what is counted.
#[derive(Default)]
struct Steps(u64);

impl crate::eval::Probe for Steps {
    const LISTENS: bool = false;

    fn step(&mut self) {
        self.0 += 1;
    }
}

/// The most steps that an event of a long run takes, and what was promised.
fn taken(items: &str) -> (u64, u64) {
    let text = text(items);
    let set = crate::set::compile("a.aop", &text).unwrap_or_else(|error| panic!("{error}"));
    let promised = set.cost().steps_per_event;
    let (mut state, mut shared, mut scratch) = Default::default();
    let (mut calls, mut most) = (aop_toon::Calls::default(), 0);
    let receivers = (0..1_024).map(|number| format!("\"a{number}@b{number}.example\"")).collect::<Vec<_>>().join(",");
    for seq in 1..=1_200u64 {
        let (kind, actor, payload) = match seq % 4 {
            0 if seq > 1_190 => (
                "action_request",
                "agent",
                format!(r#"{{"action":"send","params":{{"to":[{receivers}],"body":"text number {seq}","amount":3.5}}}}"#),
            ),
            0 => (
                "action_request",
                "agent",
                format!(r#"{{"action":"send","params":{{"to":["a@b.example"],"body":"text {}","amount":3.5}}}}"#, seq % 16),
            ),
            1 | 3 => ("action_request", "agent", r#"{"action":"get","params":{}}"#.to_owned()),
            _ => (
                "action_response",
                "tool",
                format!(r#"{{"status":"success","result":"the text of {seq} is text number {seq}"}}"#),
            ),
        };
        let json = format!(
            r#"{{"seq":{seq},"t":"2025-01-06T09:{:02}:{:02}Z","actor":"{actor}","type":"{kind}","payload":{payload},"meta":{{"run_id":"b7903b3c-33ae-5666-a900-32553f58d907","agent_id":7,"idempotency_key":"k:{seq}"}}}}"#,
            seq / 60 % 60,
            seq % 60
        );
        let event = aop_toon::Event::parse(json.as_bytes()).unwrap();
        let paired = calls.peek(&event);
        let occurrence = crate::Occurrence { paired: &paired, ..crate::Occurrence::new(&event, event.t()) };
        let (mut steps, mut judgement) = (Steps::default(), crate::Judgement::default());
        set.judge_probed(&occurrence, &state, Some(&shared), &mut scratch, &mut judgement, &mut steps);
        set.observe_probed(&occurrence, true, &mut state, Some(&mut shared), &mut scratch, &mut steps);
        calls.respond(&event);
        calls.request(&event, event.t());
        most = most.max(steps.0);
    }
    (most, promised)
}

#[test]
fn no_event_takes_more_steps_than_promised() {
    let clauses = [
        "on c: request(send) where any r in c.params.to: r.domain == \"c.example\" or r.domain == \"d.example\"",
        "on c: request(send) where any r in c.params.to: any s in [\"a\", \"b\", \"c\"]: r.local == s",
        "on c: request(send) after g: response(get) where g.result == c.params.body within run",
        "on c: request(send) without g: response(get) where g.seq > c.seq or g.result contains \"never\" and c.seq > 1 within 1h",
        "on c: request(send) after g: response(get) where c.params derives_from g.result and g.seq > 1 within run",
        "on c: request(send) after g: response(get) where any r in c.params.to: r.local == g.result within run",
        "on c: request(send) seq [ a: request(get); b: request(send) where b.params.body == \"text 3\"; ] within run",
        "on c: request(send) seq [ a: request(send) where a.params.body == c.params.body; b: request(send) where b.params.amount > a.params.amount; ] within run",
        "on c: request(send) count(request(send)) > 100 within 1h by params.body",
        "on c: request(send) sum(t.params.amount for t: request(send) where t.params.body != c.params.body) > 5000.0 within 1h by params.amount max 10 keys",
        "on c: request(send) distinct(t.params.body for t: request(send)) > 100 within run per agent",
        "on c: request(*) cycle(c.action where c.params == prev.params) >= 1000 within 30 events",
        "on c: request(send) where c.seq > 1 unless after g: response(get) where g.result == c.params.body within run",
    ];
    for clause in clauses {
        let (most, promised) = taken(&format!("rule a {{ {clause} then flag \"{{c.seq}}\"; }}"));
        assert!(most <= promised, "{clause}: {most} steps, {promised} promised");
        assert!(most > 0, "{clause}: {most}");
    }
    let duty =
        "rule a { on c: request(send) expect g: response(get) where g.result == c.params.body within 10m then flag \"x\"; }";
    let (most, promised) = taken(duty);
    assert!((100..=promised).contains(&most), "{most} steps, {promised} promised");
}
