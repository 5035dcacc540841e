//! What must hold for every run, at every prefix of it.

use std::collections::BTreeSet;

use aop_rules::post_run::{LagLimit, RULES};
use aop_toon::{Effect, Finding, Phase};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::driver::{Run, Settings, Short, at, expand};
use crate::oracle::{self, Seen};

/// Settings under which every rule can fire within a short run.
fn strict(throttle: bool) -> Settings {
    let effect = if throttle { "throttle" } else { "flag" };
    let text = serde_json::json!({
        "timelag": {"max_gap": "3s", "max_response": "2s", "max_think": "robust(2)", "max_run": "20s", "robust_min_count": 2,
            "robust_floor": "0s", "responses": [{"action": "b", "max": "robust(1.5)"}]},
        "missing_step": {"final_output": "required", "workflows": [{
            "name": "w", "ordered": true,
            "steps": [{"name": "one", "any_of": ["a", "b"], "count": 2}, {"name": "two", "all_of": ["c"], "outcome": "succeeded"}],
            "before": [{"action": "c", "needs": ["a"], "within": "4s"}],
            "follow_ups": [{"after": "b", "expect": ["c"], "within": "3s"}],
            "approvals": [{"action": "a", "by": ["c"], "approved": ""}]}]},
        "conformance": {"fitness_min": 0.9, "model": {
            "moves": {"start": ["user", "request(a)"], "user": {"request(a)": 3, "request(b)": 1}, "request(a)": ["request(b)", "failure(a)"],
                "request(b)": ["request(c)", "final"], "request(c)": ["final"], "failure(a)": ["request(a)"], "final": ["end"]},
            "contexts": [{"after": ["user", "request(a)"], "next": ["request(b)"]}],
            "before": [{"step": "request(c)", "needs": "request(a)", "runs": 3}], "most": {"request(b)": 1}}},
        "sequence": {"loop_times": 2, "stall_events": 2, "stall_after": "1s", "reused_call_id": "other_action",
            "retries_max": 0, "relies_on": ["a"], "overconfidence": {"confidence": 0.5, "failed_share": 0.3, "min_count": 2}},
        "frequency": {
            "limits": [{"of": {"type": "action_request"}, "max": 2, "within": "3s", "effect": effect},
                       {"of": {"type": "action_request"}, "by": "action", "max": 1, "within": "4s"},
                       {"by": "actor", "max": 5, "within": "5s"}],
            "bursts": [{"within": "2s", "z": 1.0, "min_count": 2, "min_windows": 2}],
            "silences": [{"of": {"action": "a"}, "max": "4s"}],
            "error_shares": [{"max": 0.3, "min_count": 2}],
            "mixes": [{"of": {"actor": "agent"}, "min": 0.4, "max": 0.6, "min_count": 3}]}
    });
    serde_json::from_value(text).expect("the settings are well-formed")
}

/// One event; numbers and times follow from those before.
#[derive(Debug, Clone)]
struct Draw {
    kind: u8,
    action: u8,
    call: u8,
    step: i8,
    skip: u8,
    refused: bool,
}

fn draws() -> impl Strategy<Value = Vec<Draw>> {
    let draw =
        (0_u8..14, 0_u8..3, 0_u8..4, -2_i8..6, 0_u8..12, 0_u8..8).prop_map(|(kind, action, call, step, skip, refused)| {
            Draw { kind, action, call, step, skip, refused: refused == 0 }
        });
    proptest::collection::vec(draw, 0..45)
}

/// Requests and responses get numbers of their own; thoughts may repeat one or come late.
fn shorts(draws: &[Draw]) -> Vec<Short> {
    let (mut greatest, mut now) = (None::<u64>, 0.0_f64);
    let mut short_of = |draw: &Draw| {
        let is_thought = matches!(draw.kind, 8 | 9);
        let next = greatest.map_or(u64::from(draw.skip == 11) * 2, |greatest| greatest + 1 + u64::from(draw.skip == 10));
        let seq = match draw.skip {
            0..=2 if is_thought => next.saturating_sub(1 + u64::from(draw.skip)),
            _ => next,
        };
        greatest = greatest.max(Some(seq));
        // A negative step is a time before the clock, which stays.
        let event_at = (now + f64::from(draw.step)).max(0.0);
        now = now.max(event_at);
        let call_id = (draw.call > 0).then(|| serde_json::json!(draw.call.to_string()));
        let mut short = Short { seq: Some(seq), at: Some(event_at), refused: draw.refused, ..Short::default() };
        match draw.kind {
            0..=3 => {
                short.request = Some(["a", "b", "c"][usize::from(draw.action)].to_owned());
                short.call_id = call_id;
            }
            4..=7 => {
                short.response = Some(if draw.action == 0 { "error" } else { "success" }.to_owned());
                short.result = Some(serde_json::json!(draw.action == 1));
                short.error = (draw.skip.is_multiple_of(2)).then(|| "failed".to_owned());
                short.call_id = call_id;
            }
            8 | 9 => short.thought = Some("hm".to_owned()),
            10 => short.user = Some("please".to_owned()),
            11 => short.failure = Some("Timeout".to_owned()),
            12 => {
                short.r#final = Some(if draw.action == 0 { "done".into() } else { serde_json::json!({"status": "done"}) });
                short.confidence = Some(f64::from(draw.skip) / 12.0);
            }
            _ => short.thought = Some("well".to_owned()),
        }
        short
    };
    draws.iter().map(&mut short_of).collect()
}

/// The laws below speak of every code only if the runs drawn have every code.
#[test]
fn drawn_runs_have_every_code() {
    let mut runner = TestRunner::deterministic();
    let mut missing: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    for _ in 0..400 {
        let draws = draws().new_tree(&mut runner).expect("nothing is rejected").current();
        let settings = strict(false);
        let mut run = Run::default();
        let mut found = Vec::new();
        for (event, refused) in expand(&shorts(&draws)) {
            found.extend(run.step(&settings, &event, refused).0);
        }
        found.extend(run.finish(&settings, Some(at(30.0))));
        missing.retain(|code| found.iter().all(|finding| finding.rule != *code));
    }
    assert!(missing.is_empty(), "never found: {missing:?}");
}

fn round_trip(run: &Run) -> Run {
    serde_json::from_str(&serde_json::to_string(run).expect("a state can be written")).expect("a state can be read back")
}

fn of<'a>(findings: &'a [Finding], rule: &'a str, phase: Phase) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(move |finding| finding.rule == rule && finding.phase == phase)
}

fn seqs(findings: &[Finding], rule: &str, phase: Phase) -> Vec<u64> {
    of(findings, rule, phase).map(|finding| finding.seq.expect("it is about an event")).collect()
}

fn places(findings: &[Finding], rule: &str, phase: Phase) -> Vec<(u64, Vec<u64>)> {
    of(findings, rule, phase)
        .map(|finding| (finding.seq.expect("it is about an event"), finding.witnesses.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// A run whose state is written out and read back after every event goes on the same as one that never was.
    #[test]
    fn a_state_survives_writing_at_every_prefix(draws in draws(), throttle: bool) {
        let settings = strict(throttle);
        let (mut kept, mut written) = (Run::default(), Run::default());
        for (event, refused) in expand(&shorts(&draws)) {
            prop_assert_eq!(kept.step(&settings, &event, refused), written.step(&settings, &event, refused));
            written = round_trip(&written);
            prop_assert_eq!(&kept, &written);
            let now = Some(at(30.0));
            prop_assert_eq!(kept.finish(&settings, None), written.finish(&settings, None));
            prop_assert_eq!(kept.finish(&settings, now), written.finish(&settings, now));
        }
    }

    /// Asking twice gives the same, and findings are what the phases allow.
    #[test]
    fn finishing_changes_nothing_and_only_flags(draws in draws(), throttle: bool) {
        let settings = strict(throttle);
        let mut run = Run::default();
        for (event, refused) in expand(&shorts(&draws)) {
            let (findings, _) = run.step(&settings, &event, refused);
            prop_assert!(findings.iter().all(|finding| finding.phase == Phase::Ingestion && finding.seq == Some(event.seq())));
            let finished = run.finish(&settings, None);
            prop_assert_eq!(&finished, &run.finish(&settings, None));
            prop_assert!(finished.iter().all(|finding| finding.phase == Phase::PostRun && finding.effect == Effect::Flag));
        }
    }

    /// At every prefix the findings are those of the definitions, written over the whole list.
    #[test]
    fn every_prefix_is_as_defined(draws in draws(), throttle: bool) {
        let settings = strict(throttle);
        let mut run = Run::default();
        let mut events: Vec<Seen> = Vec::new();
        let mut ingestion = Vec::new();
        for (event, refused) in expand(&shorts(&draws)) {
            let (findings, accepted) = run.step(&settings, &event, refused);
            ingestion.extend(findings);
            events.push((event, accepted));
            let finished = run.finish(&settings, None);

            let numbers: Vec<(&str, u64, Vec<u64>)> = ingestion
                .iter()
                .filter(|finding| matches!(&*finding.rule, "seq/gap" | "seq/duplicate" | "seq/regression"))
                .map(|finding| (&*finding.rule, finding.seq.expect("it is about an event"), finding.witnesses.clone()))
                .collect();
            prop_assert_eq!(numbers, oracle::numbers(&events));

            let LagLimit::Fixed(most) = settings.timelag.max_gap else { unreachable!("it is fixed above") };
            let gaps: Vec<(u64, u64)> = places(&finished, "lag/gap", Phase::PostRun)
                .into_iter()
                .map(|(seq, witnesses)| (seq, witnesses[0]))
                .collect();
            prop_assert_eq!(gaps, oracle::gaps(&events, |_| Some(most.micros())));

            let pairs = oracle::Pairs {
                unanswered: seqs(&finished, "seq/unanswered", Phase::PostRun),
                orphans: places(&finished, "seq/orphan-response", Phase::PostRun),
                doubles: places(&finished, "seq/double-response", Phase::PostRun),
            };
            prop_assert_eq!(pairs, oracle::pairs(&events));

            for (index, limit) in settings.frequency.limits.iter().enumerate() {
                let place = format!("`frequency.limits[{index}]`");
                let over: Vec<u64> = of(&ingestion, "freq/limit", Phase::Ingestion)
                    .filter(|finding| finding.message.contains(&place))
                    .filter_map(|finding| finding.seq)
                    .collect();
                prop_assert_eq!(over, oracle::over_limit(&events, limit));
            }
        }
    }

    /// A robust limit lies within 2 % of median + k · MAD: what is clearly above is found, what is clearly below is not.
    #[test]
    fn robust_limits_are_close(steps in proptest::collection::vec(1_u32..100_000, 10..60), k in 1.0_f64..8.0) {
        let mut settings = Settings::default();
        settings.timelag.max_gap = LagLimit::Robust(k);
        settings.timelag.robust_floor = "0s".parse().expect("a length of time");
        let mut now = 0.0;
        let mut run = Run::default();
        let mut events: Vec<Seen> = Vec::new();
        for (seq, step) in (1..).zip(steps) {
            now += f64::from(step) / 1000.0;
            let short = Short { seq: Some(seq), at: Some(now), thought: Some("hm".to_owned()), ..Short::default() };
            let event = short.event(seq, now);
            run.step(&settings, &event, false);
            events.push((event, true));
        }
        let found: Vec<u64> = seqs(&run.finish(&settings, None), "lag/gap", Phase::PostRun);
        let above = |share: f64| {
            let limit = |gaps: &[i64]| oracle::robust(gaps, k).map(|limit| (limit as f64 * share) as i64);
            oracle::gaps(&events, limit).into_iter().map(|(seq, _)| seq).collect::<Vec<u64>>()
        };
        prop_assert!(above(1.02).iter().all(|seq| found.contains(seq)), "clearly above: {:?}, found {found:?}", above(1.02));
        prop_assert!(found.iter().all(|seq| above(0.98).contains(seq)), "clearly below: found {found:?}");
    }
}
