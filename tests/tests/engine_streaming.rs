//! Judging a run event by event and judging it as a whole give the same findings, at every point, whatever is written out
//! and read back in between.

use aop_engine::{Engine, Event, Finding, RunState, Settings, Trace};
use aop_tests::{corpora, generated, skipped, trace_files};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

/// A rule with each kind of memory. Random rules are compared with an interpreter that keeps the whole run, in the laws of `aop-dsl`.
const POLICY: &str = r##"
policy law.streaming version "1.0.0" dsl 1;
rule after_answer { on c: request(send_email) after a: response(search) within 1m then flag "after #{a.seq}"; }
rule nobody_asked { on c: request(*) without u: reasoning where u.actor == "user" within 10 events then flag; }
rule same_text { on c: request(*) after p: request(*) where p.action == c.action and p.params == c.params within run then flag; }
rule often { on c: request(*) count(request(*)) > 2 within 20s by action then throttle(wait: 1s); }
rule large { on c: request(*) sum(p.seq for p: request(*)) > 40 within 1m max 64 events then flag; }
rule many_texts { on c: request(*) distinct(p.params for p: request(*)) > 3 within run by action max 2 keys then flag; }
rule late { on c: response(*) max(a.latency ?? 0s for a: response(*)) > 1s within 30s then flag; }
rule chain { on c: request(pay) seq [ u: reasoning; r: request(search); ] within 1m then deny "after #{u.seq} and #{r.seq}"; }
rule loop { on c: request(*) cycle(c.action) >= 2 within 20 events then flag "{cycle.length} calls"; }
rule copied { on c: request(*) after e: error where c.params derives_from e.message within run then flag "{flow.bytes} bytes"; }
rule personal { on c: request(*) where pii(c.params).count > 1 then redact(pii(c.params)); }
rule answered @phase(post_run) { on c: request(*) expect a: response(*) where a.request.seq == c.seq within 5s then flag; }
rule finished { on run_end after u: reasoning within run without final within run then flag "#{u.seq}"; }
"##;

/// An engine with every validator, and rules of every kind, given something to find.
fn strict_engine() -> Engine {
    let settings = r#"{
        "timelag": {"max_gap": "10s", "max_response": "1s", "max_run": "1h", "max_think": "robust(3)"},
        "missing_step": {"workflows": [{"name": "pay", "final_output": true, "steps": [{"name": "search first", "any_of": ["search"]}]}]},
        "conformance": {"fitness_min": 0.95, "model": {
            "moves": {"start": ["user"], "user": ["request(search)", "user"], "request(search)": {"final": 2, "request(pay)": 1, "failure(search)": 1},
                "failure(search)": ["request(search)"], "request(pay)": ["final"], "final": ["end"]},
            "contexts": [{"after": ["user", "request(search)"], "next": ["request(pay)"]}],
            "before": [{"step": "request(pay)", "needs": "request(search)"}], "most": {"request(search)": 2}}},
        "sequence": {"retries_max": 0, "relies_on": ["search"], "overconfidence": {"confidence": 0.4, "failed_share": 0.2, "min_count": 2}},
        "frequency": {"limits": [{"of": {"type": "action_request"}, "max": 2, "within": "20s", "by": "action"}]},
        "actions": {"default": "allow", "actions": {
            "shell_exec": {"allow": false},
            "pay": {"approval": true, "provenances": ["user"], "agents": ["?", 12], "deny_roles": ["guest"],
                "params": {"amount": {"required": true, "max": 100, "max_bytes": 20}},
                "budget": [{"sum": "/amount", "max": 300, "within": "1m"}, {"count": "seconds", "max": 3}]},
            "s*": {"budget": [{"max": 9}, {"count": "tokens", "max": 100, "within": "1m"}]}
        }}
    }"#;
    let settings: Settings = serde_json::from_str(settings).unwrap_or_else(|error| panic!("{error}"));
    Engine::builder()
        .settings(settings)
        .policy_named("streaming.aop", POLICY)
        .and_then(|builder| builder.build())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Walks a run in three ways at once and compares them at every prefix.
fn check(engine: &Engine, lines: &[&[u8]]) {
    let events: Vec<Event<'_>> = lines.iter().map(|line| Event::parse(line).expect("the event is well-formed")).collect();
    let mut streamed: Vec<Finding> = Vec::new();
    let mut refused = Vec::new();
    let mut state = engine.new_state();
    let mut reread = engine.new_state();
    let mut replayed = engine.new_state();
    for (index, event) in events.iter().enumerate() {
        let previewed = engine.judge(event, &state);
        let verdict = engine.check(event, &mut state);
        assert_eq!(previewed, verdict, "a preview is the verdict");
        assert_eq!(engine.check(event, &mut reread), verdict, "a state that was read back gives the same verdict");
        reread = written_and_read(engine, &reread);
        engine.observe(event, verdict.is_accepted(), &mut replayed);
        assert_eq!(replayed, state, "replaying without looking gives the same state");
        if !verdict.is_accepted() {
            refused.push(event.seq());
        }
        streamed.extend(verdict.findings);

        let whole = engine.evaluate(&Trace::new(None, events[..=index].to_vec()));
        let end = engine.finish(&state, None);
        assert_eq!(engine.finish(&reread, None), end);
        let by_stream: Vec<Finding> = streamed.iter().chain(&end.findings).cloned().collect();
        assert_eq!(whole.findings, by_stream, "after {} events", index + 1);
        assert_eq!(whole.refused, refused);
        assert_eq!(whole.summary, end.summary);
        assert_eq!((whole.record, whole.conformance), (end.record, end.conformance));
    }
}

fn written_and_read(engine: &Engine, state: &RunState) -> RunState {
    let read = engine.restore(&state.to_json()).expect("a state that was just written can be read");
    assert_eq!(&read, state);
    read
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn generated_runs(steps in proptest::collection::vec(generated::step(), 1..24)) {
        let lines = generated::events(&steps);
        let lines: Vec<&[u8]> = lines.iter().map(String::as_bytes).collect();
        check(&strict_engine(), &lines);
        check(&Engine::builder().build().unwrap(), &lines);
    }
}

#[test]
fn the_strict_engine_has_an_opinion_of_every_family() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let engine = strict_engine();
    let mut families = std::collections::BTreeSet::new();
    let mut rules = std::collections::BTreeSet::new();
    let mut codes = std::collections::BTreeSet::new();
    for _ in 0..40 {
        let steps = proptest::collection::vec(generated::step(), 24..25).new_tree(&mut runner).unwrap().current();
        let lines = generated::events(&steps);
        let events = lines.iter().map(|line| Event::parse(line.as_bytes()).unwrap()).collect();
        let report = engine.evaluate(&Trace::new(None, events));
        rules.extend(
            report.findings.iter().filter_map(|finding| Some(finding.rule.strip_prefix("law.streaming.")?.to_owned())),
        );
        codes.extend(report.findings.iter().map(|finding| finding.rule.to_string()));
        families.extend(report.findings.iter().filter_map(|finding| Some(finding.rule.split_once('/')?.0.to_owned())));
    }
    for code in ["step/conformance", "seq/retry", "seq/false-success", "seq/overconfident"] {
        assert!(codes.contains(code), "no {code} in {codes:?}");
    }
    let families: Vec<_> = families.iter().map(String::as_str).collect();
    assert_eq!(families, ["acl", "freq", "lag", "pii", "secrets", "seq", "step", "threats"]);
    let known = POLICY.lines().filter_map(|line| line.strip_prefix("rule ")?.split(' ').next());
    let silent: Vec<&str> = known.filter(|rule| !rules.contains(*rule)).collect();
    assert!(silent.is_empty(), "{silent:?} found nothing");
}

#[test]
fn real_runs() {
    let Some(corpora) = corpora() else {
        skipped("real runs", "no corpora; set AOP_CORPORA to a folder that has traces/");
        return;
    };
    let engines = [Engine::builder().build().unwrap(), strict_engine()];
    let files = trace_files(&corpora);
    assert!(files.len() > 800, "{} files", files.len());
    // Every seventh run: the cost is quadratic in a run's length.
    for file in files.iter().step_by(7) {
        let bytes = std::fs::read(file).unwrap();
        let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
        for engine in &engines {
            check(engine, &lines);
        }
    }
}

#[test]
fn a_validator_whose_settings_change_starts_anew_and_says_since_when() {
    let event = |seq: u64, second: u64, kind: &str| {
        format!(
            r#"{{"seq":{seq},"t":"2025-12-05T10:00:{second:02}Z","actor":"agent","type":"{kind}","payload":{},"meta":{{}}}}"#,
            if kind == "error" { r#"{"error_type":"E","message":"m"}"# } else { r#"{"thought":"t"}"# },
        )
    };
    let lines = [event(1, 0, "reasoning"), event(2, 1, "reasoning"), event(3, 40, "reasoning")];
    let events: Vec<_> = lines.iter().map(|line| Event::parse(line.as_bytes()).unwrap()).collect();
    let engine = |settings: &str| Engine::builder().settings(serde_json::from_str(settings).unwrap()).build().unwrap();
    let old = engine(r#"{"timelag": {"max_gap": "60s"}}"#);
    let new = engine(r#"{"timelag": {"max_gap": "10s"}}"#);

    let mut state = old.new_state();
    old.check(&events[0], &mut state);
    let written = state.to_json();
    assert_eq!(old.restore(&written).unwrap(), state);

    let mut state = new.restore(&written).unwrap();
    new.check(&events[1], &mut state);
    new.check(&events[2], &mut state);
    let messages: Vec<_> =
        new.finish(&state, None).findings.into_iter().filter(|f| f.rule == "lag/gap").map(|f| f.message).collect();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].ends_with("(watched since #1, when its memory began anew)"), "{}", messages[0]);
    let sequence: Vec<_> = new.finish(&state, None).findings.into_iter().filter(|f| f.rule.starts_with("seq/")).collect();
    assert!(sequence.iter().all(|finding| !finding.message.contains("watched since")), "unchanged validators go on");
}

#[test]
fn a_state_of_another_format_is_refused_by_name() {
    let engine = Engine::builder().build().unwrap();
    let written = engine.new_state().to_json().replacen("\"format\":1", "\"format\":9", 1);
    let error = engine.restore(&written).unwrap_err().to_string();
    assert_eq!(error, "this state has format 9; this version reads format 1: replay the run's events instead");
    assert!(engine.restore("[]").unwrap_err().to_string().starts_with("this is no state of a run: "));
}
