//! What holds for any runs: their order and how they were put together do not matter, and memory is bounded.

use std::collections::BTreeMap;

use aop_rules::batch::{BatchSettings, BatchState, RunProfile, RunTraits, Sent, Who};
use aop_toon::Timestamp;
use proptest::prelude::*;

use crate::runs::now;

/// Settings under which a few runs are enough for every rule, and the bounds are soon reached.
fn eager() -> BatchSettings {
    BatchSettings {
        window: "12h".parse().expect("a length of time"),
        baseline: "3d".parse().expect("a length of time"),
        runs_min: 1,
        history_min: 1,
        duration_ratio: 1.1,
        duration_z: 0.5,
        error_rise: 0.05,
        error_z: 0.1,
        mix_max: 0.01,
        mix_requests_min: 1,
        change_p_max: 0.9,
        change_ratio: 1.0,
        novelty_max: 1.0,
        personal_agents: Some(2),
        personal_sessions: Some(2),
        slow_bytes_min: 10,
        slow_runs_min: 2,
        failures_min: 1,
        failures_ratio: 1.0,
        agents_max: 3,
        keys_max: 6,
        ..BatchSettings::default()
    }
}

prop_compose! {
    fn run()(
        id in 0_u32..40,
        agent in prop::option::of(0_i64..6),
        hours in -30_i64..240,
        millis in 0_i64..100_000,
        errors in 0_u64..3,
        actions in prop::collection::btree_map("[a-e]", 1_u64..9, 0..4),
        hosts in prop::collection::btree_map("[a-e]\\.example", 1_u64..90, 0..3),
        prints in prop::collection::btree_map("[a-d]", prop::sample::select(vec!["SECRET".to_owned(), "EMAIL_ADDRESS".to_owned()]), 0..3),
        session in prop::option::of("[a-c]"),
    ) -> RunProfile {
        let start = now().micros() - hours * 3_600_000_000;
        let traits = RunTraits {
            session,
            destinations: hosts.into_iter().map(|(host, bytes)| (host, Sent { requests: 1, bytes })).collect(),
            fingerprints: prints,
            failures: (errors > 0).then_some((start + millis * 1000, errors)).into_iter().collect(),
            ..RunTraits::default()
        };
        RunProfile {
            run_id: format!("r-{id}"),
            who: Who { organisation: None, agent },
            start: Timestamp::from_micros(start),
            duration_micros: millis * 1000,
            events: 3,
            requests: actions.values().sum(),
            errors,
            refused: 0,
            actions,
            other_actions: 0,
            traits,
        }
    }
}

fn state(settings: &BatchSettings, runs: &[RunProfile]) -> BatchState {
    let mut state = BatchState::new(settings);
    runs.iter().for_each(|run| state.observe(settings, run));
    state
}

fn merged(settings: &BatchSettings, one: &BatchState, other: &BatchState) -> BatchState {
    let mut merged = one.clone();
    merged.merge(settings, other);
    merged
}

proptest! {
    #[test]
    fn order_does_not_matter(runs in prop::collection::vec(run(), 0..60), seed in any::<u64>()) {
        let settings = eager();
        let mut turned = runs.clone();
        turned.sort_by_key(|run| (run.start.micros() as u64).wrapping_mul(seed | 1).rotate_left(17));
        let (one, other) = (state(&settings, &runs), state(&settings, &turned));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.finish(&settings, now()), other.finish(&settings, now()));
    }

    #[test]
    fn states_merge_to_what_one_would_be(runs in prop::collection::vec(run(), 0..60), cuts in (0_usize..60, 0_usize..60)) {
        let settings = eager();
        let (low, high) = (cuts.0.min(cuts.1).min(runs.len()), cuts.0.max(cuts.1).min(runs.len()));
        let [a, b, c] = [&runs[..low], &runs[low..high], &runs[high..]].map(|runs| state(&settings, runs));
        let whole = state(&settings, &runs);
        let left = merged(&settings, &merged(&settings, &a, &b), &c);
        prop_assert_eq!(&left, &merged(&settings, &a, &merged(&settings, &b, &c)), "merging is associative");
        prop_assert_eq!(&merged(&settings, &a, &b), &merged(&settings, &b, &a), "merging is commutative");
        prop_assert_eq!(&left, &whole);
    }

    #[test]
    fn day_by_day_finds_what_the_whole_finds(mut runs in prop::collection::vec(run(), 0..60)) {
        let settings = eager();
        runs.retain(|run| run.start <= now());
        runs.sort_by_key(|run| run.start.micros());
        let whole = state(&settings, &runs);
        let mut kept = BatchState::new(&settings);
        for run in &runs {
            kept.observe(&settings, run);
            kept.forget(&settings, run.start);
            let written = serde_json::to_string(&kept).expect("a state is JSON");
            kept = serde_json::from_str(&written).expect("it is read back");
        }
        prop_assert_eq!(kept.finish(&settings, now()), whole.finish(&settings, now()));
    }
}

#[test]
fn the_rules_do_find_something_under_these_laws() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let settings = eager();
    let mut runner = TestRunner::deterministic();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..40 {
        let runs = prop::collection::vec(run(), 50..60).new_tree(&mut runner).expect("it is drawn").current();
        for finding in state(&settings, &runs).finish(&settings, now()) {
            *found.entry(finding.rule.into_owned()).or_default() += 1;
        }
    }
    assert!(found.len() >= 9, "the laws are laws about nothing for the rules that are not here: {found:#?}");
}

#[test]
fn a_flood_of_fresh_names_stays_within_the_bounds_and_is_said() {
    let settings = BatchSettings { agents_max: 16, keys_max: 32, ..BatchSettings::default() };
    let mut state = BatchState::new(&settings);
    let mut sizes = Vec::new();
    for number in 0..6000_i64 {
        let name = |kind: &str| format!("{kind}-{number}");
        let start = Timestamp::from_micros(now().micros() - (number % 400) * 6 * 3_600_000_000);
        let traits = RunTraits {
            session: Some(name("session")),
            destinations: [(name("host"), Sent { requests: 1, bytes: 10 })].into(),
            fingerprints: [(name("print"), "SECRET".to_owned())].into(),
            failures: [(start.micros(), 1)].into(),
            ..RunTraits::default()
        };
        let run = RunProfile {
            run_id: name("run"),
            who: Who { organisation: None, agent: Some(number) },
            start,
            duration_micros: number,
            events: 2,
            requests: 1,
            errors: 1,
            refused: 0,
            actions: [(name("action"), 1)].into(),
            other_actions: 0,
            traits,
        };
        state.observe(&settings, &run);
        if number % 2000 == 1999 {
            sizes.push(serde_json::to_string(&state).expect("it is JSON").len());
        }
    }
    assert!(sizes[2] < sizes[0] * 3, "{sizes:?}");
    // 234 buckets of at most 16 agents and 3 · 32 names, none of which takes 1 KB
    assert!(sizes[2] < 234 * (16 + 96) * 1000, "{sizes:?}");
    let messages: Vec<String> = state
        .finish(&settings, now())
        .into_iter()
        .filter(|finding| finding.rule == "batch/capacity")
        .map(|finding| finding.message)
        .collect();
    assert_eq!(messages, [""; 0], "400 buckets of 15 runs each are within the bounds of a bucket");
    for number in 0..1000 {
        let run = RunProfile {
            run_id: format!("late-{number}"),
            who: Who { organisation: None, agent: Some(10_000 + number) },
            start: now(),
            duration_micros: 1,
            events: 1,
            requests: 1,
            errors: 0,
            refused: 0,
            actions: [(format!("late-{number}"), 1)].into(),
            other_actions: 2,
            traits: RunTraits::default(),
        };
        state.observe(&settings, &run);
    }
    let said: Vec<String> = state.finish(&settings, now()).into_iter().map(|finding| finding.message).collect();
    for part in ["agents_max", "keys_max", "2000 actions, destinations and fingerprints"] {
        assert!(said.iter().any(|message| message.contains(part)), "{part}: {said:#?}");
    }
}

#[test]
fn a_wrong_clock_does_not_push_out_the_past_in_silence() {
    let settings =
        BatchSettings { window: "6h".parse().expect("a length"), baseline: "12h".parse().expect("a length"), ..eager() };
    let at = |hours: i64| {
        let start = Timestamp::from_micros(now().micros() + hours * 3_600_000_000);
        let who = Who { organisation: None, agent: Some(1) };
        let actions = BTreeMap::new();
        let traits = RunTraits::default();
        let run_id = hours.to_string();
        RunProfile {
            run_id,
            who,
            start,
            duration_micros: 1,
            events: 1,
            requests: 0,
            errors: 0,
            refused: 0,
            actions,
            other_actions: 0,
            traits,
        }
    };
    let says = |state: &BatchState, words: &str| {
        state
            .finish(&settings, now())
            .iter()
            .any(|finding| finding.rule == "batch/capacity" && finding.message.contains(words))
    };
    let mut state = BatchState::new(&settings);
    state.observe(&settings, &at(-8));
    assert!(!says(&state, "runs"));
    state.observe(&settings, &at(100_000));
    assert!(says(&state, "1 runs begin after") && !says(&state, "forgotten"));
    (1..10).for_each(|years| state.observe(&settings, &at(years * 9000)));
    assert!(says(&state, "forgotten"));

    // Whoever says what time it is loses nothing, in whatever order the runs come.
    let mut known = BatchState::new(&settings);
    known.set_horizon(now());
    let mut ahead: Vec<_> = (1..40).map(|years| at(years * 9000)).collect();
    ahead.insert(20, at(-8));
    ahead.iter().for_each(|run| known.observe(&settings, run));
    assert!(says(&known, "39 runs begin after now") && !says(&known, "forgotten"));
    assert_eq!(known.latest(&settings).map(|latest| latest < now()), Some(true));
}

#[test]
fn failures_out_of_their_runs_time_make_no_buckets_of_their_own() {
    let settings =
        BatchSettings { window: "6h".parse().expect("a length"), baseline: "12h".parse().expect("a length"), ..eager() };
    let hour = 3_600_000_000;
    let run = |run_id: &str, ago: i64, duration_micros: i64, failures: BTreeMap<i64, u64>| RunProfile {
        run_id: run_id.to_owned(),
        who: Who { organisation: None, agent: Some(1) },
        start: Timestamp::from_micros(now().micros() - ago * hour),
        duration_micros,
        events: 1,
        requests: 0,
        errors: 1,
        refused: 0,
        actions: BTreeMap::new(),
        other_actions: 0,
        traits: RunTraits { failures, ..RunTraits::default() },
    };
    for duration in [1, i64::MAX] {
        let far = (1..60).map(|years| (now().micros() + years * 9000 * hour, 1)).collect();
        let mut state = BatchState::new(&settings);
        state.set_horizon(now());
        state.observe(&settings, &run("honest", 12, 1, BTreeMap::new()));
        state.observe(&settings, &run("odd", 1, duration, far));
        let written = serde_json::to_value(&state).expect("it is JSON");
        let buckets = written["buckets"].as_object().expect("buckets by their numbers");
        assert_eq!((buckets.len(), written.get("forgotten")), (2, None), "{written}");
    }
}

#[test]
fn no_organisation_is_another_one_than_that_without_a_name() {
    let settings = eager();
    let mut state = BatchState::new(&settings);
    for organisation in [None, Some(String::new())] {
        let run = RunProfile {
            run_id: "r".to_owned(),
            who: Who { organisation, agent: Some(1) },
            start: now(),
            duration_micros: 1,
            events: 1,
            requests: 0,
            errors: 0,
            refused: 0,
            actions: BTreeMap::new(),
            other_actions: 0,
            traits: RunTraits::default(),
        };
        state.observe(&settings, &run);
    }
    let written = serde_json::to_value(&state).expect("it is JSON");
    let bucket = written["buckets"].as_object().and_then(|buckets| buckets.values().next()).expect("one bucket");
    assert_eq!(bucket["agents"]["entries"].as_array().map(Vec::len), Some(2), "{written}");
}
