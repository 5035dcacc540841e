//! Real agents' events, when they are at hand.
#![expect(clippy::disallowed_methods, reason = "the events lie in files whose place the environment may name")]

use std::path::{Path, PathBuf};

use aop_toon::{Calls, Event, Limits, Paired, traces_from_jsonl};

/// The folder of traces; nothing, and a word about it, when it is absent.
fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let folder = std::env::var_os("AOP_CORPORA").map_or_else(beside, PathBuf::from).join("traces");
    if !folder.is_dir() {
        // To the real standard error: the test runner swallows what goes through eprintln.
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("skipped: no traces at {}; AOP_CORPORA names another place\n", folder.display()).as_bytes(),
        );
        return None;
    }
    Some(folder)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|extension| extension == "jsonl") && !path.ends_with("INDEX.jsonl") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_event_of_the_traces_is_read_and_given_back() {
    let Some(folder) = folder() else { return };
    let index = std::fs::read_to_string(folder.join("INDEX.jsonl")).unwrap();
    let entries: Vec<serde_json::Value> = index.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wanted: u64 = entries.iter().map(|entry| entry["events"].as_u64().unwrap()).sum();

    let files = files(&folder);
    assert_eq!(files.len(), entries.len());
    let (mut events, mut requests, mut answered) = (0, 0, 0);
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let (traces, errors) = traces_from_jsonl(&bytes, &Limits::default());
        assert!(errors.is_empty(), "{}: {}", path.display(), errors[0]);
        assert_eq!(traces.len(), 1, "{} is one run", path.display());
        let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let mut calls = Calls::default();
        let mut clock = None;
        for (event, line) in traces[0].events().iter().zip(lines) {
            assert_eq!(event.raw().as_bytes(), line, "{} event {}", path.display(), event.seq());
            events += 1;
            clock = clock.max(Some(event.t()));
            if let Some(clock) = clock.filter(|_| event.action().is_some()) {
                requests += 1;
                calls.request(event, clock);
            }
            answered += calls.respond(event).iter().filter(|paired| matches!(paired, Paired::Answered(_))).count();
        }
    }
    assert_eq!(events, wanted);
    assert!(answered * 10 >= requests * 9, "{answered} of {requests} requests found their response");
}

#[test]
fn a_real_event_that_is_cut_anywhere_is_refused_with_a_place() {
    let Some(folder) = folder() else { return };
    for path in files(&folder).iter().step_by(100) {
        let bytes = std::fs::read(path).unwrap();
        let line = bytes.split(|&byte| byte == b'\n').next().unwrap();
        for end in 0..line.len() {
            let error = Event::parse(&line[..end]).unwrap_err();
            assert_eq!(error.faults().len(), 1, "{error}");
        }
    }
}
