//! Memory on the path of a clean event: what judging it asks for, what taking it into the state asks for, and what a run comes to.

use std::fs;
use std::hint::black_box;

use allocation_counter::measure;
use aop_engine::policy::Source;
use aop_engine::{Context, Engine, Event, RunState, Scratch, Settings, SharedState};
use aop_tests::workspace_root;
use serde_json::json;

/// Everything on, with a hundred rules: the rule book but for three of its files, as the scoreboard measures it.
fn engine() -> Engine {
    let settings: Settings = serde_json::from_value(json!({
        "actions": {"actions": {"query_*": {"params": {"limit": {"type": "integer", "min": 1, "max": 1000}}}}},
        "timelag": {"max_gap": "10m", "max_response": "2m", "max_run": "2h"},
        "missing_step": {"workflows": [{"name": "look", "steps": [{"name": "look", "any_of": ["query_*"]}]}]},
        "frequency": {"limits": [{"of": {"type": "action_request"}, "by": "action", "max": 1000, "within": "1m"}]}
    }))
    .expect("the settings are right");
    let folder = workspace_root().join("policies");
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).expect("the rule book") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let is_left_out = ["approvals.aop", "coding_agents.aop", "runs.aop"].contains(&name.as_str());
        if path.extension().is_some_and(|extension| extension == "aop") && !is_left_out {
            sources.push(Source { name, text: fs::read_to_string(&path).expect("a policy") });
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    let engine = Engine::builder().settings(settings).build().expect("the settings are right");
    let engine = engine.with_policies(&sources).expect("the rule book compiles");
    // Those that actions are compiled to are among them.
    assert!(engine.policies().cost().rules.len() >= 100);
    engine
}

/// About a kilobyte of ordinary words.
fn words(seq: usize) -> String {
    let sentences = [
        "The lamp in the hall has three arms of brass and a shade of green glass.",
        "Snow fell on the hills all night and the road was closed until noon.",
        "Stock in the northern warehouse was counted on Monday and matches the books.",
        "Shipping to the island takes two days longer, which the page does not mention.",
        "If nothing is found under that number, the search by postcode usually helps.",
        "The lamp has a bulb that is sold apart, and the manual names its type.",
    ];
    let mut text = sentences.repeat(3)[seq % 6..seq % 6 + 10].join(" ");
    text.push_str(&format!(" Page {seq}."));
    text
}

/// The types of events.
const KINDS: [&str; 5] = ["reasoning", "action_request", "action_response", "final_output", "error"];

fn line(kind: &str, seq: usize) -> String {
    let text = words(seq);
    let (actor, payload) = match kind {
        "reasoning" => ("agent", format!(r#"{{"thought":"{text}","steps":["look it up","compare"]}}"#)),
        "action_request" => {
            ("agent", format!(r#"{{"action":"query_stock","params":{{"limit":20,"page":{seq},"note":"{text}"}}}}"#))
        }
        "action_response" => {
            ("tool", format!(r#"{{"status":"success","result":{{"rows":[{{"amount":7,"note":"{text}"}}]}}}}"#))
        }
        "final_output" => ("agent", format!(r#"{{"output":"{text}","confidence":0.9}}"#)),
        _ => ("agent", format!(r#"{{"error_type":"timeout","message":"{text}"}}"#)),
    };
    let (hour, minute, second) = (10 + seq / 180, seq / 3 % 60, seq % 3 * 20);
    format!(
        r#"{{"seq":{seq},"t":"2026-01-15T{hour:02}:{minute:02}:{second:02}Z","actor":"{actor}","type":"{kind}","payload":{payload},"meta":{{"run_id":"memory","agent_id":7}}}}"#
    )
}

/// Checks an event; how often memory was asked for, by the judgement alone and by all of it. Nothing when something was found.
fn counted(
    engine: &Engine,
    event: &Event<'_>,
    state: &mut RunState,
    shared: &mut SharedState,
    scratch: &mut Scratch,
) -> Option<(u64, u64)> {
    let mut is_clean = false;
    let judged = measure(|| {
        let context = Context { shared: Some(&mut *shared), ..Context::default() };
        let verdict = engine.judge_in(black_box(event), state, &context, scratch);
        is_clean = verdict.findings.is_empty();
    });
    let checked = measure(|| {
        let context = Context { shared: Some(&mut *shared), ..Context::default() };
        black_box(engine.check_in(black_box(event), state, context, scratch));
    });
    is_clean.then_some((judged.count_total, checked.count_total))
}

#[test]
fn judging_a_clean_event_asks_for_no_memory() {
    let engine = engine();
    let (mut state, mut shared, mut scratch) = (engine.new_state(), SharedState::default(), Scratch::default());
    let mut most = [(0, 0); KINDS.len()];
    let mut seen = [0; KINDS.len()];
    for seq in 1..=60 * KINDS.len() {
        let at = (seq - 1) % KINDS.len();
        let line = line(KINDS[at], seq);
        let event = Event::parse(line.as_bytes()).expect("it is an event");
        let Some((judged, checked)) = counted(&engine, &event, &mut state, &mut shared, &mut scratch) else { continue };
        // The first ones make the buffers.
        if seq > 40 * KINDS.len() {
            seen[at] += 1;
            let (judged_most, checked_most) = &mut most[at];
            (*judged_most, *checked_most) = (judged.max(*judged_most), checked.max(*checked_most));
        }
    }
    for (kind, (judged, checked)) in KINDS.iter().zip(most) {
        println!("{kind}: {judged} to judge it, {checked} with what is remembered of it");
        assert!(seen[kind_at(kind)] >= 10, "only {} of {kind} were clean", seen[kind_at(kind)]);
        // A bound of a number is asked of `each` of it, since it may be given once or several times: that is a list of one, two times.
        let of_parameters = if *kind == "action_request" { 2 } else { 0 };
        assert!(judged <= of_parameters, "{judged} for judging a clean {kind}");
        // Of a request it is remembered too, each in memory of its own: what it waits for (the pairing, the time validator, the sequence
        // validator), which call it was (loops), and what rules keep of it. Of a response, which duties it has done.
        let remembered = match *kind {
            "action_request" => 16,
            "action_response" => 1,
            _ => 0,
        };
        assert!(checked <= remembered, "{checked} for a clean {kind}");
    }
}

fn kind_at(kind: &str) -> usize {
    KINDS.iter().position(|known| *known == kind).expect("it is one of them")
}

#[test]
fn a_run_is_no_larger_than_its_rules_say() {
    let engine = engine();
    let cost = engine.policies().cost();
    let stated = cost.bytes_per_run + cost.flow_bytes_per_run;
    let mut scratch = Scratch::default();
    let mut shared = SharedState::default();
    let mut state = engine.new_state();
    let mut all = |state: &mut RunState| {
        for seq in 1..=1_000 {
            let line = line(KINDS[(seq - 1) % KINDS.len()], seq);
            let event = Event::parse(line.as_bytes()).expect("it is an event");
            let context = Context { shared: Some(&mut shared), ..Context::default() };
            black_box(engine.check_in(&event, state, context, &mut scratch));
        }
    };
    all(&mut state);
    // Its memory, deep: what a copy asks for.
    let mut copy = None;
    let bytes = measure(|| copy = Some(state.clone())).bytes_current;
    println!("a run of 1,000 events: {bytes} bytes; its 100 rules may take {stated}");
    assert!(bytes > 10_000 && (bytes as u64) < stated, "{bytes}");
}
