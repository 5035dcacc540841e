//! `aop learn`: a model is made of good runs, or nothing is.

use crate::support::{CALM, Folder};

#[test]
fn the_same_runs_give_the_same_model() {
    let [one, two] = ["sum-1", "sum-2"].map(|id| CALM.replace("sum-1", id));
    let folder = Folder::with(&[("a.jsonl", &one), ("b/c.jsonl", &two)]);
    let first = folder.aop(&["learn", "a.jsonl", "b"]);
    let second = folder.aop_with(&["learn", "-"], &[], &format!("{two}{one}"));
    assert_eq!((first.code, &first.out), (Some(0), &second.out), "{first}{second}");
    assert!(first.out.contains("\nruns = 2\n") && first.out.contains("\n\"start\" = { \"user\" = 2 }\n"), "{first}");
    let folder = Folder::with(&[("model.toml", &first.out), ("a.jsonl", &one)]);
    let judged = folder.aop(&["eval", "--model", "model.toml", "a.jsonl"]);
    assert_eq!((judged.code, judged.out.contains("nothing found")), (Some(0), true), "{judged}");
}

#[test]
fn nothing_is_learnt_from_what_cannot_be_read() {
    let folder = Folder::with(&[("bad.jsonl", &format!("{CALM}{{}}\n")), ("empty.jsonl", "")]);
    let ran = folder.aop(&["learn", "--out", "model.toml", "bad.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran}");
    assert!(ran.err.contains("bad.jsonl:3: ") && ran.err.contains("nothing is learnt"), "{ran}");
    assert!(!folder.path().join("model.toml").exists());
    let ran = folder.aop(&["learn", "empty.jsonl"]);
    assert_eq!((ran.code, ran.err.trim()), (Some(2), "error: there is nothing to learn from: no run has a step"));
}

#[test]
fn a_model_that_cannot_be_is_said_with_its_file() {
    let folder = Folder::with(&[("a.jsonl", CALM), ("model.toml", "[moves]\nstart = [\"request\"]\n")]);
    let ran = folder.aop(&["eval", "--model", "model.toml", "a.jsonl"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("model.toml: ") && ran.err.contains("line 2") && ran.err.contains("is no step"), "{ran}");
}
