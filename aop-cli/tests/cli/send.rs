//! `aop send` against a host that answers by a script; against the real one it is tested with the host.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use insta::assert_snapshot;

use crate::support::{CALM, Folder, MAIL, Ran};

/// One answer of the script: status, headers, body.
type Answer = (u16, &'static str, &'static str);

const ACCEPTED: Answer = (202, "", r#"{"accepted":2,"duplicates":0,"results":[]}"#);
const FINALIZED: Answer = (200, "", "{}");

/// Answers as many requests as the script has answers. Gives each request as its first line and its body.
fn host(script: &'static [Answer]) -> (String, JoinHandle<Vec<(String, String)>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || {
        let mut requests = Vec::new();
        for (status, headers, body) in script {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                head.push(line.trim().to_owned());
            }
            let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(name));
            assert_eq!(header("authorization: "), Some("Bearer aop_test_k"));
            let length: usize = header("content-length: ").unwrap().parse().unwrap();
            let mut sent = vec![0; length];
            reader.read_exact(&mut sent).unwrap();
            requests.push((head[0].clone(), String::from_utf8(sent).unwrap()));
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .unwrap();
        }
        requests
    };
    (url, thread::spawn(serve))
}

fn send(url: &str, arguments: &[&str], input: &str) -> Ran {
    let arguments = [&["send", "--url", url, "-"], arguments].concat();
    let mut ran = Folder::with(&[]).aop_with(&arguments, &[("AOP_API_KEY", "aop_test_k")], input);
    ran.err = ran.err.replace(url, "http://HOST");
    ran
}

fn seqs(body: &str) -> Vec<&str> {
    body.lines().map(|line| line.split([':', ',']).nth(1).unwrap()).collect()
}

#[test]
fn events_go_in_batches_and_their_run_is_finalized() {
    let (url, host) = host(&[ACCEPTED, ACCEPTED, ACCEPTED, FINALIZED]);
    assert_snapshot!(send(&url, &["--batch", "2"], MAIL));
    let requests = host.join().unwrap();
    let sent: Vec<Vec<&str>> = requests[..3].iter().map(|(_, body)| seqs(body)).collect();
    assert_eq!(sent, [["1", "2"], ["3", "4"], ["5", "6"]]);
    assert!(MAIL.starts_with(&requests[0].1));
    assert_eq!(requests[3].0, "POST /api/runs/mail-7/finalize/ HTTP/1.1");
}

#[test]
fn a_busy_host_is_tried_again() {
    let (url, host) = host(&[
        (503, "retry-after: 0\r\n", r#"{"code":"busy","detail":"the log's queue is full"}"#),
        ACCEPTED,
        (429, "", "slow down"),
        FINALIZED,
    ]);
    assert_snapshot!(send(&url, &[], CALM));
    let requests = host.join().unwrap();
    assert_eq!(requests[0].1, requests[1].1);
}

#[test]
fn what_was_put_off_goes_again_in_order() {
    let (url, host) = host(&[
        (
            207,
            "",
            r#"{"duplicates":1,"results":[
                {"index":0,"seq":1,"status":202,"code":"accepted","duplicate":true,"findings":[]},
                {"index":1,"status":429,"code":"throttled","detail":"a rule asks","findings":[{"rule":"freq/limit"}]},
                {"index":2,"status":409,"code":"earlier_event_failed","detail":"send both again","findings":[]},
                {"index":3,"status":409,"code":"earlier_event_failed","detail":"send both again","findings":[]},
                {"index":4,"status":409,"code":"earlier_event_failed","detail":"send both again","findings":[]},
                {"index":5,"status":409,"code":"earlier_event_failed","detail":"send both again","findings":[]}]}"#,
        ),
        (
            207,
            "",
            r#"{"duplicates":0,"results":[
                {"index":0,"seq":2,"status":202,"code":"accepted","findings":[]},
                {"index":1,"seq":3,"status":422,"code":"refused","findings":[{"rule":"threats/override"}]},
                {"index":2,"seq":4,"status":202,"code":"accepted","findings":[]},
                {"index":3,"seq":5,"status":202,"code":"accepted","findings":[]},
                {"index":4,"seq":6,"status":202,"code":"accepted","findings":[]}]}"#,
        ),
        FINALIZED,
    ]);
    assert_snapshot!(send(&url, &["--format", "jsonl"], MAIL));
    assert_eq!(seqs(&host.join().unwrap()[1].1), ["2", "3", "4", "5", "6"]);
}

#[test]
fn a_host_that_says_when_is_waited_for() {
    const PUT_OFF: &str =
        r#"{"duplicates":0,"results":[{"index":1,"status":429,"code":"throttled","retry_after_s":1,"findings":[]}]}"#;
    const PUT_OFF_WITHOUT: &str =
        r#"{"duplicates":0,"results":[{"index":1,"status":429,"code":"throttled","findings":[]}]}"#;
    for put_off in [(207, "retry-after: 30\r\n", PUT_OFF), (207, "retry-after: 1\r\n", PUT_OFF_WITHOUT)] {
        let script: &'static [Answer] = Box::leak(Box::new([put_off, ACCEPTED, FINALIZED]));
        let (url, host) = host(script);
        let ran = send(&url, &[], CALM);
        assert!(ran.err.contains("trying again in 1 s: 429 throttled"), "{ran}");
        assert_eq!((ran.code, seqs(&host.join().unwrap()[1].1)), (Some(0), vec!["2"]), "{ran}");
    }
}

#[test]
fn what_stays_put_off_is_not_taken() {
    const FIRST: Answer = (
        207,
        "",
        r#"{"duplicates":0,"results":[
            {"index":0,"seq":1,"status":202,"code":"accepted","findings":[]},
            {"index":1,"seq":2,"status":429,"code":"throttled","detail":"at most 1 a minute","retry_after_s":0,"findings":[]}]}"#,
    );
    const AGAIN: Answer = (
        207,
        "",
        r#"{"duplicates":0,"results":[
            {"index":0,"seq":2,"status":429,"code":"throttled","detail":"send it again","retry_after_s":0,
             "findings":[{"rule":"freq/limit","message":"2 events within \"1 min\"; at most 1"}]}]}"#,
    );
    let (url, host) = host(&[FIRST, AGAIN, AGAIN]);
    assert_snapshot!(send(&url, &["--retries", "2"], CALM));
    host.join().unwrap();
}

#[test]
fn a_conflict_is_said_and_leaves_the_run_open() {
    let (url, host) = host(&[(
        207,
        "",
        r#"{"duplicates":0,"results":[
            {"index":0,"seq":1,"status":202,"code":"accepted","findings":[]},
            {"index":1,"seq":2,"status":409,"code":"sequence_taken","detail":"seq 2 was taken by another event","findings":[]}]}"#,
    )]);
    assert_snapshot!(send(&url, &[], CALM));
    host.join().unwrap();
}

#[test]
fn a_batch_that_is_too_large_is_sent_in_parts() {
    const TOO_LARGE: Answer = (413, "", r#"{"code":"too_large","detail":"the body has at most 10 bytes"}"#);
    let (url, host) = host(&[TOO_LARGE, TOO_LARGE, ACCEPTED]);
    let ran = send(&url, &["--no-finalize"], CALM);
    assert_snapshot!(ran);
    let sent: Vec<usize> = host.join().unwrap().iter().map(|(_, body)| body.lines().count()).collect();
    assert_eq!(sent, [2, 1, 1]);
}

#[test]
fn a_key_that_is_refused_stops_everything() {
    let (url, host) = host(&[(401, "", r#"{"code":"unauthorised","detail":"send a key of this host"}"#)]);
    assert_snapshot!(send(&url, &[], MAIL));
    host.join().unwrap();
}

#[test]
fn a_host_that_is_not_there_stops_everything() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = send(&format!("http://{unused}"), &["--retries", "0"], CALM);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.starts_with("error: sending stopped: http://HOST: "), "{ran}");
    assert_eq!(ran.out, "2 events of 1 run: 0 accepted, 0 refused, 2 not taken; 0 runs finalized, 1 left open\n");
}

#[test]
fn what_cannot_be_sent_is_said_before_anything_is() {
    let folder = Folder::with(&[("calm.jsonl", CALM)]);
    let said: String = [
        folder.aop(&["send", "calm.jsonl"]),
        folder.aop(&["send", "--key", "k", "--url", "https://aop.example.org", "calm.jsonl"]),
        folder.aop(&["send", "--key", "k", "--url", "localhost:8000", "calm.jsonl"]),
        folder.aop(&["send", "--key", "", "calm.jsonl"]),
    ]
    .map(|ran| format!("exit {}: {}", ran.code.unwrap(), ran.err))
    .concat();
    assert_snapshot!(said);
}

#[test]
fn events_without_a_run_are_said_and_not_sent() {
    let nameless = CALM.replacen("\"run_id\":\"sum-1\"", "", 1);
    let (url, host) = host(&[ACCEPTED]);
    assert_snapshot!(send(&url, &[], &format!("{nameless}nonsense\n")));
    assert_eq!(seqs(&host.join().unwrap()[0].1), ["2"]);
}
