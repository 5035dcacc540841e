//! Traces out of lines.

use aop_toon::{FaultKind, Limits, Trace, traces_from_jsonl};

use crate::sample::{event_json, request};

fn line(seq: u64, run_id: &str) -> String {
    event_json(seq, "reasoning", r#"{"thought":"x"}"#, &format!(r#"{{"run_id":"{run_id}"}}"#))
}

fn seqs(trace: &Trace<'_>) -> Vec<u64> {
    trace.events().iter().map(|event| event.seq()).collect()
}

#[test]
fn runs_come_in_the_order_of_their_first_lines_and_events_in_the_order_of_theirs() {
    let lines = [line(2, "late"), line(1, "early"), line(1, "late"), line(2, "early"), line(2, "late")].join("\n");
    let (mut traces, errors) = traces_from_jsonl(lines.as_bytes(), &Limits::default());
    assert_eq!(errors, []);
    assert_eq!(traces.iter().map(|trace| trace.run_id().unwrap()).collect::<Vec<_>>(), ["late", "early"]);
    assert_eq!(traces.iter().map(seqs).collect::<Vec<_>>(), [vec![2, 1, 2], vec![1, 2]]);
    traces[0].sort_by_seq();
    assert_eq!(seqs(&traces[0]), [1, 2, 2]);
    assert_eq!(seqs(&traces[0].clone().into_owned()), [1, 2, 2]);
}

#[test]
fn blank_lines_and_carriage_returns_are_passed_over() {
    let lines = format!("\n{}\r\n\r\n  \t\n{}", line(1, "r"), line(2, "r"));
    let (traces, errors) = traces_from_jsonl(lines.as_bytes(), &Limits::default());
    assert_eq!(errors, []);
    assert_eq!(traces.iter().map(seqs).collect::<Vec<_>>(), [[1, 2]]);
}

#[test]
fn events_without_a_run_are_one_run_without_a_name() {
    let lines = [
        event_json(1, "final_output", r#"{"output":1}"#, "{}"),
        line(1, "r"),
        event_json(2, "final_output", r#"{"output":2}"#, "{}"),
    ]
    .join("\n");
    let (traces, errors) = traces_from_jsonl(lines.as_bytes(), &Limits::default());
    assert_eq!(errors, []);
    assert_eq!(
        traces.iter().map(|trace| (trace.run_id(), seqs(trace))).collect::<Vec<_>>(),
        [(None, vec![1, 2]), (Some("r"), vec![1])]
    );
}

#[test]
fn lines_that_are_no_event_are_named_and_cost_no_other_line() {
    let lines = format!("{}\n{{\"seq\":1\n\n[]\n{}\n\u{feff}{}", line(1, "r"), line(2, "r"), line(3, "r"));
    let (traces, errors) = traces_from_jsonl(lines.as_bytes(), &Limits::default());
    assert_eq!(traces.iter().map(seqs).collect::<Vec<_>>(), [[1, 2]]);
    let kinds: Vec<_> = errors.iter().map(|error| (error.line, error.error.faults()[0].kind)).collect();
    assert_eq!(kinds, [(2, FaultKind::Syntax), (4, FaultKind::WrongType), (6, FaultKind::ByteOrderMark)]);
    insta::assert_snapshot!(errors[1], @"line 4: at the document (byte 0): this is an array; an event is an object");
}

#[test]
fn nothing_is_no_run() {
    let (traces, errors) = traces_from_jsonl(b"", &Limits::default());
    assert!(traces.is_empty() && errors.is_empty());
}

#[test]
fn a_trace_is_made_of_events_from_anywhere() {
    let trace = Trace::new(Some("r".into()), vec![request(4, "search", "{}"), request(3, "search", "{}")]);
    assert_eq!((trace.run_id(), seqs(&trace)), (Some("r"), vec![4, 3]));
}
