//! Nothing that is sent makes the engine panic: it is judged, or refused with its faults.

use aop_engine::{Document, Engine, Event, Limits, Provenance, traces_from_jsonl};
use aop_tests::{corpora, generated, skipped, trace_files};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

/// Everything an embedder would do with bytes.
fn use_all(engine: &Engine, bytes: &[u8]) {
    if let Ok(document) = Document::parse(bytes, &Limits::default()) {
        let redacted = engine.redact(&document, Provenance::Tool);
        if let Some(redacted) = redacted {
            Document::parse(redacted.as_bytes(), &Limits { bytes: redacted.len(), depth: 64 })
                .expect("redacted JSON is JSON");
        }
    }
    match Event::parse(bytes) {
        Ok(event) => {
            let mut run = engine.start_run();
            let verdict = run.check(&event);
            if let Some(redacted) = &verdict.redacted {
                Event::parse_with(redacted.as_bytes(), &Limits { bytes: redacted.len(), depth: 64 })
                    .expect("a redacted event is an event");
            }
            engine.redact_event(&event);
            run.finish();
        }
        Err(error) => assert!(error.faults().iter().all(|fault| !fault.message.is_empty())),
    }
    traces_from_jsonl(bytes, &Limits::default());
}

/// A change to some bytes.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(usize, u8),
    Cut(usize, usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let snippet = prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..8),
        proptest::sample::select(vec![
            "\"",
            "\\",
            "\\ud800",
            "{",
            "[",
            "}",
            "]",
            ",",
            ":",
            "null",
            "1e999",
            "\u{0}",
            "é",
            "@",
            "\\u0000",
            "-",
            "bob@example.org",
            "<|im_start|>",
            "4111111111111111",
            "\u{200b}",
            "\u{202e}",
        ])
        .prop_map(|snippet| snippet.as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        (any::<usize>(), 1usize..40).prop_map(|(at, len)| Mutation::Cut(at, len)),
        (any::<usize>(), snippet).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (any::<usize>(), 1usize..200).prop_map(|(at, len)| Mutation::Repeat(at, len)),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: &Mutation) {
    let len = bytes.len().max(1);
    match mutation {
        Mutation::Flip(at, bits) => {
            if let Some(byte) = bytes.get_mut(at % len) {
                *byte ^= bits;
            }
        }
        Mutation::Cut(at, count) => {
            let start = (at % len).min(bytes.len());
            bytes.drain(start..(start + count).min(bytes.len()));
        }
        Mutation::Insert(at, snippet) => {
            let at = (at % len).min(bytes.len());
            bytes.splice(at..at, snippet.iter().copied());
        }
        Mutation::Repeat(at, count) => {
            let start = (at % len).min(bytes.len());
            let piece = bytes[start..(start + count).min(bytes.len())].to_vec();
            bytes.splice(start..start, piece);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        use_all(&Engine::builder().build().unwrap(), &bytes);
    }

    #[test]
    fn arbitrary_texts_in_an_event(text in any::<String>(), key in any::<String>()) {
        let event = serde_json::json!({"seq": 1, "t": "2025-12-05T10:00:00Z", "actor": "tool", "type": "action_response",
            "payload": {"status": "success", "result": {key: [text, {"inner": text}]}}, "meta": {}});
        use_all(&Engine::builder().build().unwrap(), event.to_string().as_bytes());
    }

    #[test]
    fn mutated_generated_events(
        steps in proptest::collection::vec(generated::step(), 1..4),
        mutations in proptest::collection::vec(mutation(), 1..6),
    ) {
        let engine = Engine::builder().build().unwrap();
        for line in generated::events(&steps) {
            let mut bytes = line.into_bytes();
            for mutation in &mutations {
                mutate(&mut bytes, mutation);
                use_all(&engine, &bytes);
            }
        }
    }
}

#[test]
fn odd_numbers_in_the_place_of_every_value() {
    let engine = Engine::builder().build().unwrap();
    let event = r#"{"seq":%S,"t":"2025-12-05T10:00:00Z","actor":"tool","type":"action_response","payload":{"status":"success","latency_ms":%L},"meta":{"agent_id":%A}}"#;
    let odd = [
        "-0",
        "0",
        "-1",
        "0e0",
        "1e3",
        "0.0",
        "-0.0",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "1e308",
    ];
    for number in odd {
        for place in ["%S", "%L", "%A"] {
            let line = ["%S", "%L", "%A"]
                .iter()
                .fold(event.to_owned(), |line, name| line.replacen(name, if *name == place { number } else { "1" }, 1));
            use_all(&engine, line.as_bytes());
        }
    }
}

#[test]
fn mutated_real_events() {
    let Some(corpora) = corpora() else {
        skipped("real runs", "no corpora; set AOP_CORPORA to a folder that has traces/");
        return;
    };
    let engine = Engine::builder().build().unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mutations = proptest::collection::vec(mutation(), 1..5);
    for file in trace_files(&corpora).iter().step_by(5) {
        let bytes = std::fs::read(file).unwrap();
        for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let mut bytes = line.to_vec();
            for mutation in mutations.new_tree(&mut runner).unwrap().current() {
                mutate(&mut bytes, &mutation);
                use_all(&engine, &bytes);
            }
        }
    }
}
