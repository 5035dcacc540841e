//! Which response answers which request.

use aop_toon::{Calls, Event, Paired, Timestamp};
use proptest::prelude::*;

use crate::sample::{request, response};

/// Plays a run, one step a word, and says what became of it, one outcome a word.
///
/// Steps: `?` asks, `!` answers, each with its call ids: `?a`, `!a,b`, `?` without one. `x3` refuses the request of step 3,
/// `t3` lets expire what came before step 3. Outcomes: `3` answers the request of step 3, `double3`, `refused3`, `orphan`,
/// `reused3`; a request that reuses nothing says nothing.
fn play(steps: &str) -> String {
    let mut calls = Calls::default();
    let outcomes: Vec<String> = steps.split(' ').zip(1..).flat_map(|(step, seq)| apply(&mut calls, step, seq)).collect();
    let open: Vec<String> = calls.open().map(|call| call.seq.to_string()).collect();
    format!("{} | open {}", outcomes.join(" "), open.join(" "))
}

fn apply(calls: &mut Calls, step: &str, seq: u64) -> Vec<String> {
    let (what, rest) = step.split_at(1);
    match what {
        "?" => {
            let event = request(seq, &format!("action{seq}"), &meta(rest));
            let peeked = calls.peek_request(&event);
            let reused = calls.request(&event, Timestamp::from_micros(seq as i64));
            assert_eq!(reused, peeked);
            reused.iter().map(|earlier| format!("reused{}", named(earlier.request_seq, &earlier.action))).collect()
        }
        "!" => {
            let event = response(seq, &meta(rest));
            let peeked = calls.peek(&event);
            let paired = calls.respond(&event);
            assert_eq!(paired, peeked);
            paired.iter().map(outcome).collect()
        }
        "x" => {
            calls.refuse(rest.parse().unwrap());
            Vec::new()
        }
        _ => {
            calls.expire(Timestamp::from_micros(rest.parse().unwrap()));
            Vec::new()
        }
    }
}

fn meta(ids: &str) -> String {
    match ids.split(',').collect::<Vec<_>>()[..] {
        [""] => "{}".to_owned(),
        [id] => format!(r#"{{"call_id":"{id}"}}"#),
        ref ids => format!(r#"{{"tool_call_id":["{}"]}}"#, ids.join(r#"",""#)),
    }
}

fn outcome(paired: &Paired) -> String {
    match paired {
        Paired::Answered(call) => {
            assert_eq!(call.request_t, Timestamp::from_micros(call.request_seq as i64));
            named(call.request_seq, &call.action)
        }
        Paired::Double { request_seq, action, .. } => format!("double{}", named(*request_seq, action)),
        Paired::Refused { request_seq, action } => format!("refused{}", named(*request_seq, action)),
        Paired::Orphan { .. } => "orphan".to_owned(),
    }
}

fn named(seq: u64, action: &str) -> String {
    assert_eq!(action, format!("action{seq}"), "the action is its request's");
    seq.to_string()
}

fn check(steps: &str, expected: &str) {
    assert_eq!(play(steps), expected, "of {steps}");
}

#[test]
fn one_call_at_a_time() {
    check("? ! ? !", "1 3 | open ");
    check("?a !a ?b !b", "1 3 | open ");
}

#[test]
fn parallel_calls_by_id_come_back_in_any_order() {
    check("?a ?b ?c !c !a !b", "3 1 2 | open ");
}

#[test]
fn parallel_calls_without_ids_come_back_in_order() {
    check("? ? ? ! ! !", "1 2 3 | open ");
}

#[test]
fn ids_and_order_do_not_take_each_others_requests() {
    check("?a ? ! !a", "2 1 | open ");
    check("? ?a ! !", "1 orphan | open 2");
    check("? !a", "orphan | open 1");
}

#[test]
fn one_request_may_make_several_calls_and_one_response_may_answer_several() {
    check("?a,b !a !b", "1 1 | open ");
    check("?a ?b !a,b", "1 2 | open ");
    check("?a,b,c !c,a", "1 1 | open 1");
    check("?a !a,z", "1 orphan | open ");
}

#[test]
fn a_response_too_many_is_an_orphan_or_a_double() {
    check("! ? ! !", "orphan 2 orphan | open ");
    check("?a !a !a", "1 double1 | open ");
    check("!a ?a !a", "orphan 2 | open ");
    check("?a !a,a", "1 orphan | open ");
}

#[test]
fn the_first_answer_of_a_double_is_named() {
    let mut calls = Calls::default();
    for (step, seq) in [("?a", 1), ("!a", 2)] {
        apply(&mut calls, step, seq);
    }
    let double = calls.respond(&response(3, r#"{"call_id":"a"}"#));
    let expected = Paired::Double { request_seq: 1, first_response_seq: 2, action: "action1".into() };
    assert_eq!(double, [expected]);
}

#[test]
fn a_refused_request_leaves_the_queue() {
    check("? ? x1 !", "2 | open ");
    check("?a x1 !a", "refused1 | open ");
    check("?a,b x1 !b", "refused1 | open ");
}

#[test]
fn an_expired_request_leaves_the_queue() {
    check("? ? t2 !", "2 | open ");
    check("?a ?b t2 !a !b", "refused1 2 | open ");
    check("? t1 !", "1 | open ");
}

#[test]
fn a_call_id_that_is_used_again_is_said_and_its_oldest_request_answered_first() {
    check("?a ?a !a !a", "reused1 1 2 | open ");
    check("?a !a ?a !a", "1 reused1 3 | open ");
    check("?a ?b,a", "reused1 | open 1 2 2");
}

#[test]
fn only_requests_ask_and_only_responses_answer() {
    let mut calls = Calls::default();
    let (request, response) = (request(1, "search", "{}"), response(2, "{}"));
    assert_eq!(calls.request(&response, response.t()), None);
    assert_eq!(calls.respond(&request), []);
    assert_eq!(calls, Calls::default());
}

#[test]
fn memory_is_bounded_and_what_is_forgotten_is_counted() {
    let mut calls = Calls::default();
    for seq in 1..=3000 {
        calls.request(&request(seq, "search", &format!(r#"{{"call_id":"{seq}"}}"#)), Timestamp::from_micros(0));
    }
    assert_eq!((calls.open().count(), calls.overflowed()), (1024, 1976));
    assert_eq!(calls.open().next().unwrap().seq, 1977, "the oldest ones are forgotten");
    assert!(matches!(calls.respond(&response(5001, r#"{"call_id":"1976"}"#))[..], [Paired::Orphan { .. }]));
    assert!(matches!(calls.respond(&response(5002, r#"{"call_id":"1977"}"#))[..], [Paired::Answered(_)]));
    // Spent ids are forgotten too, later.
    calls.expire(Timestamp::from_micros(1));
    let state = serde_json::to_string(&calls).unwrap();
    assert!(state.len() < 200_000, "{} bytes of state", state.len());
}

fn steps() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[?!]([abc](,[abcd]){0,2})?|[xt][0-9]", 0..40)
}

proptest! {
    #[test]
    fn written_out_and_read_back_at_any_point_the_rest_goes_the_same_way(
        steps in steps(),
        cut in any::<prop::sample::Index>(),
    ) {
        let cut = cut.index(steps.len() + 1);
        let mut calls = Calls::default();
        for (step, seq) in steps.iter().zip(1..).take(cut) {
            apply(&mut calls, step, seq);
        }
        let mut back: Calls = serde_json::from_str(&serde_json::to_string(&calls).unwrap()).unwrap();
        prop_assert_eq!(&back, &calls);
        for (step, seq) in steps.iter().zip(1..).skip(cut) {
            prop_assert_eq!(apply(&mut calls, step, seq), apply(&mut back, step, seq));
        }
        prop_assert_eq!(back, calls);
    }

    #[test]
    fn every_call_has_one_answer_at_most(steps in steps()) {
        let mut calls = Calls::default();
        let mut asked = 0;
        let mut answered = 0;
        for (step, seq) in steps.iter().zip(1..) {
            let before: Vec<u64> = calls.open().map(|call| call.seq).collect();
            asked += step.strip_prefix('?').map_or(0, |ids| ids.split(',').count());
            let outcomes = apply(&mut calls, step, seq);
            if let Some(ids) = step.strip_prefix('!') {
                let own = outcomes.iter().filter_map(|outcome| outcome.parse::<u64>().ok());
                answered += own.clone().count();
                prop_assert!(own.clone().all(|seq| before.contains(&seq)), "an answer to what is not open");
                prop_assert_eq!(outcomes.len(), ids.split(',').count(), "one outcome for each id");
                prop_assert_eq!(calls.open().count() + own.count(), before.len());
            }
        }
        prop_assert!(answered + calls.open().count() <= asked);
    }
}

/// The extreme times that an event can carry can be kept, so that a hostile clock spoils no state.
#[test]
fn the_earliest_and_the_latest_time_can_be_read_back() {
    for t in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"] {
        let clock: Timestamp = t.parse().unwrap();
        let mut calls = Calls::default();
        calls.request(&request(1, "search", "{}"), clock);
        let back: Calls = serde_json::from_str(&serde_json::to_string(&calls).unwrap()).unwrap();
        assert_eq!(back.open().next().unwrap().t, clock);
    }
    for t in ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
        let json = crate::sample::event_json(1, "reasoning", r#"{"thought":"x"}"#, "{}").replace("2025-12-05T10:00:00Z", t);
        assert_eq!(Event::parse(json.as_bytes()).unwrap_err().faults()[0].pointer, "/t");
    }
}
