use super::*;
use crate::check::check;
use crate::diagnostic::Sink;
use crate::environment::Environment;
use crate::syntax;

const NOW: &str = "2025-06-30T00:00:00Z";
const DAY: i64 = 24 * 3600 * 1_000_000;

fn package(rules: &str) -> Package {
    let text = format!("policy acme.fleet version \"1.0.0\" dsl 1;\n{rules}");
    let mut sink = Sink::new("fleet.aop", &text);
    let file = syntax::parse(&text, &mut sink).unwrap();
    let package = check(&file, "fleet.aop", &text, &Environment::default(), &mut sink);
    assert!(!sink.has_errors(), "{}", sink.into_diagnostics());
    package.unwrap()
}

/// A run so many days before now.
fn run(days: i64, duration_seconds: i64, meta: &str) -> RunRecord {
    let now: Timestamp = NOW.parse().unwrap();
    RunRecord {
        run_id: format!("{days}-{duration_seconds}"),
        status: "completed".to_owned(),
        duration_micros: duration_seconds * 1_000_000,
        meta: Some(meta.to_owned()),
        ..RunRecord::new(Timestamp::from_micros(now.micros() - days * DAY))
    }
}

/// The messages of what a rule finds, in any order of the runs.
fn found(rules: &str, records: &[RunRecord]) -> Vec<String> {
    let package = package(rules);
    let judge = |records: &[RunRecord]| {
        let mut judgement = Judgement::default();
        super::judge(&package, records, NOW.parse().unwrap(), &mut judgement);
        judgement.findings
    };
    let findings = judge(records);
    let mut turned = records.to_vec();
    turned.reverse();
    assert_eq!(judge(&turned), findings);
    for finding in &findings {
        assert_eq!(
            (finding.validator.as_ref(), finding.phase, finding.effect),
            ("policy_checker", Phase::Batch, Effect::Flag)
        );
        assert_eq!(finding.seq, None);
    }
    findings.into_iter().map(|finding| finding.message).collect()
}

const DRIFT: &str = r#"
batch rule drift @severity(warning) {
  over runs where run.status == "completed" window 7d by meta.agent_id
  if p95(run.duration) > 2 * baseline(p95(run.duration), 30d) and runs.count >= 20
  then flag "p95 duration doubled";
}"#;

#[test]
fn a_group_is_compared_with_its_own_past() {
    let mut records = Vec::new();
    for number in 0..20 {
        records.push(run(10 + number, 10, r#"{"agent_id": 7}"#));
        records.push(run(10 + number, 10, r#"{"agent_id": 10}"#));
        records.push(run(1, 10, r#"{"agent_id": 7}"#));
        records.push(run(1, 25, r#"{"agent_id": 10}"#));
    }
    assert_eq!(found(DRIFT, &records), ["p95 duration doubled (meta.agent_id: 10)"]);
    // Too few runs, or none that was completed.
    assert_eq!(found(DRIFT, &records[..40]), [""; 0]);
    records.iter_mut().for_each(|record| record.status = "failed".to_owned());
    assert_eq!(found(DRIFT, &records), [""; 0]);
}

#[test]
fn without_a_past_there_is_nothing_to_compare_with() {
    let records: Vec<RunRecord> = (0..20).map(|_| run(1, 25, r#"{"agent_id": 7}"#)).collect();
    assert_eq!(found(DRIFT, &records), [""; 0]);
}

#[test]
fn the_window_is_open_at_its_far_end() {
    let rule = r#"batch rule some { over runs window 7d if runs.count > 0 then flag "{runs.count}"; }"#;
    assert_eq!(found(rule, &[run(7, 1, "{}")]), [""; 0]);
    assert_eq!(found(rule, &[run(0, 1, "{}"), run(6, 1, "{}"), run(-1, 1, "{}")]), ["2"]);
    let rule =
        r#"batch rule past { over runs window 7d if baseline(count(), 10d) >= 0 then flag "{baseline(count(), 10d)}"; }"#;
    assert_eq!(found(rule, &[run(1, 1, "{}"), run(7, 1, "{}"), run(16, 1, "{}"), run(17, 1, "{}")]), ["2"]);
}

#[test]
fn percentiles_are_by_nearest_rank() {
    let records: Vec<RunRecord> = (1..=10).map(|seconds| run(1, seconds, "{}")).collect();
    let shown = |aggregate: &str| {
        found(&format!("batch rule a {{ over runs window 7d if runs.count > 0 then flag \"{{{aggregate}}}\"; }}"), &records)
    };
    assert_eq!(shown("p50(run.duration)"), ["5s"]);
    assert_eq!(shown("p90(run.duration)"), ["9s"]);
    assert_eq!(shown("p95(run.duration)"), ["10s"]);
    assert_eq!(shown("p99(run.duration)"), ["10s"]);
    assert_eq!(shown("mean(run.duration)"), ["5.5s"]);
    assert_eq!(shown("min(run.duration)"), ["1s"]);
    assert_eq!(shown("max(run.duration)"), ["10s"]);
    assert_eq!(shown("sum(run.duration)"), ["55s"]);
    assert_eq!(shown("count(run.duration > 7s)"), ["3"]);
    assert_eq!(shown("rate(run.duration > 7s)"), ["0.3"]);
    assert_eq!(shown("mean(run.events)"), ["0"]);
}

#[test]
fn what_is_unknown_is_said() {
    let records = [run(1, 1, r#"{"agent_id": 7, "cost": 1.5}"#), run(1, 1, r#"{"cost": "much"}"#)];
    let by = r#"batch rule every { over runs window 7d by meta.agent_id if runs.count > 0 then flag "{runs.count} of {meta.agent_id}"; }"#;
    assert_eq!(found(by, &records), ["1 of 7", "every could not be decided for 1 run: a value is missing"]);
    let sum = r#"batch rule costs { over runs window 7d if sum(meta.cost as decimal) > 1.0 then flag "dear"; }"#;
    assert_eq!(found(sum, &records[..1]), ["dear"]);
    assert_eq!(found(sum, &records), ["costs could not be decided: a value is of another type"]);
    let ignored = r#"batch rule costs @on_unknown(ignore) { over runs window 7d if sum(meta.cost as decimal) > 1.0 then flag "dear"; }"#;
    assert_eq!(found(ignored, &records), [""; 0]);
}

#[test]
fn groups_come_in_the_order_of_their_keys() {
    let records: Vec<RunRecord> =
        [10, 9, 100].iter().map(|agent| RunRecord { agent_id: Some(*agent), ..run(1, 1, "{}") }).collect();
    let rule = r#"batch rule each { over runs window 7d by agent.id, run.status if runs.count > 0 then flag "seen"; }"#;
    let found = found(rule, &records);
    assert_eq!(
        found,
        [
            "seen (agent.id: 9, run.status: completed)",
            "seen (agent.id: 10, run.status: completed)",
            "seen (agent.id: 100, run.status: completed)"
        ]
    );
}

#[test]
fn tests_of_batch_rules_run() {
    let tests = r#"
batch rule slow { over runs window 7d if max(run.duration) > 1m then flag "slow"; }
test "a slow run" for slow { 0d 3 runs { duration: 10s }; 1d run { duration: 2m, meta: { a: 1 } }; expect flag; }
test "it is long ago" for slow { 0d run { duration: 2m }; 8d run { duration: 1s }; expect nothing; }
test "wrong" for slow { 0d run { duration: 2m }; expect nothing; }
"#;
    let set = crate::set::compile("fleet.aop", &format!("policy acme.fleet version \"1.0.0\" dsl 1;\n{tests}")).unwrap();
    let package = package(tests);
    let results: Vec<usize> = package.tests.iter().map(|test| test_failures(&set, "acme.fleet.slow", test).len()).collect();
    assert_eq!(results, [0, 0, 1]);
}

#[test]
fn records_are_written_and_read() {
    let record = RunRecord { agent_id: Some(7), ..run(1, 2, r#"{"a": 1}"#) };
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<RunRecord>(&text).unwrap(), record);
}
