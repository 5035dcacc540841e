//! Which sequence numbers a run takes, in each mode.

use aop_host::Order;

use crate::support::{Server, event, event_with, events_path, unnamed};

fn check(order: Order, steps: &[(u64, &str)]) {
    let server = Server::with(|config| config.order = order);
    for (seq, expected) in steps {
        // a name of its own each time, so that order alone decides
        let body = unnamed("r1", *seq, "x").replace("\"run_id\"", &format!("\"note\":\"{expected}\",\"run_id\""));
        assert_eq!(server.post(&events_path("r1"), &body).brief(), *expected, "{order:?}: {seq} of {steps:?}");
    }
}

#[test]
fn strict_takes_each_seq_in_turn_from_0_or_1() {
    check(Order::Strict, &[(2, "409 sequence_gap"), (0, "202 accepted"), (2, "409 sequence_gap"), (1, "202 accepted")]);
    check(Order::Strict, &[(1, "202 accepted"), (0, "409 sequence_taken"), (2, "202 accepted")]);
}

#[test]
fn monotonic_takes_what_is_greater() {
    check(Order::Monotonic, &[(5, "202 accepted"), (9, "202 accepted"), (7, "409 sequence_taken"), (10, "202 accepted")]);
}

#[test]
fn off_takes_what_is_new() {
    check(Order::Off, &[(5, "202 accepted"), (3, "202 accepted"), (5, "409 sequence_taken"), (4, "202 accepted")]);
}

#[test]
fn a_gap_says_what_is_expected() {
    let server = Server::start();
    server.post(&events_path("r1"), &event("r1", 1));
    let gap = server.post(&events_path("r1"), &event("r1", 7)).json();
    assert_eq!((gap["seq"].as_u64(), gap["expected_seq"].as_u64()), (Some(7), Some(2)));
    let first = server.post(&events_path("r2"), &event("r2", 7)).json();
    assert_eq!(first["detail"], "seq is 7; a run begins with seq 0 or 1");
    assert_eq!(first["expected_seq"], 0);
}

#[test]
fn a_seq_that_comes_too_late_is_not_called_taken() {
    let server = Server::with(|config| config.order = Order::Monotonic);
    server.post(&events_path("r1"), &event("r1", 9));
    let late = server.post(&events_path("r1"), &event("r1", 8)).json();
    assert_eq!(late["detail"], "seq 8 comes after 9; in this run numbers only grow");
    assert_eq!((&late["code"], &late["expected_seq"]), (&"sequence_taken".into(), &10.into()));
}

#[test]
fn a_seq_belongs_to_one_event_whatever_its_name() {
    for order in [Order::Strict, Order::Monotonic, Order::Off] {
        let server = Server::with(|config| config.order = order);
        server.post(&events_path("r1"), &event("r1", 1));
        let renamed = event_with("r1", 1, "x").replace("r1:1", "another name");
        assert_eq!(server.post(&events_path("r1"), &renamed).brief(), "409 sequence_taken");
        assert_eq!(server.post(&events_path("r1"), &unnamed("r1", 1, "x")).brief(), "409 sequence_taken");
    }
}

#[test]
fn taken_seqs_are_known_after_a_restart_and_beyond_memory() {
    for keys_in_memory in [1000, 0] {
        let server = Server::with(|config| {
            config.order = Order::Off;
            config.limits.keys_in_memory = keys_in_memory;
        });
        for seq in [4, 2, 9] {
            assert_eq!(server.post(&events_path("r1"), &event("r1", seq)).status, 202);
        }
        let server = server.restart();
        assert_eq!(server.post(&events_path("r1"), &unnamed("r1", 2, "x")).brief(), "409 sequence_taken");
        assert_eq!(server.post(&events_path("r1"), &event("r1", 2)).header("idempotent-replayed"), Some("true"));
        assert_eq!(server.post(&events_path("r1"), &event("r1", 3)).brief(), "202 accepted");
    }
}
