//! Random runs.

use aop_toon::{Event, EventBuf, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// An event without its place in the run.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Which of the runs that go on side by side.
    run: usize,
    /// Since the event before it; may be negative.
    millis: i64,
    /// Whether time passes in its run before it, and the run's policies are told so.
    pauses: bool,
    actor: &'static str,
    agent: Option<i64>,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Request {
        action: &'static str,
        params: Vec<(&'static str, &'static str)>,
        with_id: bool,
    },
    /// The answer to a request before it, counted back from here; without any, to whoever it fits.
    Response {
        back: Vec<usize>,
        payload: String,
    },
    Other {
        event_type: &'static str,
        payload: &'static str,
    },
}

/// Between so many events and one fewer than so many.
pub(super) fn trace(events: std::ops::Range<usize>) -> BoxedStrategy<Vec<Step>> {
    vec(step(), events).boxed()
}

fn step() -> BoxedStrategy<Step> {
    let millis = mixed![
        4 => Just(0),
        6 => select(&[500i64, 1000, 1000, 2000, 3000][..]),
        2 => select(&[-1000i64, -5000][..]),
        1 => select(&[7000i64, 20_000, 70_000][..]),
    ];
    let place = (mixed![3 => Just(0), 1 => Just(1)], mixed![7 => Just(false), 1 => Just(true)]);
    let agent = mixed![2 => Just(None), 3 => Just(Some(1)), 1 => Just(Some(2))];
    (place, millis, agent, what())
        .prop_flat_map(|((run, pauses), millis, agent, what)| {
            let actors: &[&str] = match &what {
                What::Request { .. } => &["agent", "agent", "agent", "user"],
                What::Response { .. } => &["tool", "tool", "agent"],
                What::Other { .. } => &["agent", "user", "system"],
            };
            select(actors.to_vec()).prop_map(move |actor| Step { run, millis, pauses, actor, agent, what: what.clone() })
        })
        .boxed()
}

fn what() -> BoxedStrategy<What> {
    mixed![
        8 => request("pay", pay()),
        4 => request("page", page()),
        4 => request("send", send()),
        2 => request("db.drop", drop()),
        1 => request("other", pay()),
        7 => response(),
        4 => other(),
    ]
    .boxed()
}

fn request(action: &'static str, params: BoxedStrategy<Vec<Option<(&'static str, &'static str)>>>) -> BoxedStrategy<What> {
    (params, any::<bool>())
        .prop_map(move |(params, with_id)| What::Request { action, params: params.into_iter().flatten().collect(), with_id })
        .boxed()
}

/// A parameter with a good value mostly; else it is absent, null or of another type.
fn field(
    name: &'static str,
    good: &'static [&'static str],
    odd: &'static [&'static str],
) -> BoxedStrategy<Option<(&'static str, &'static str)>> {
    mixed![
        12 => select(good).prop_map(move |value| Some((name, value))),
        1 => Just(None),
        1 => Just(Some((name, "null"))),
        1 => select(odd).prop_map(move |value| Some((name, value))),
    ]
    .boxed()
}

/// The same of an optional one, which is absent more often.
fn optional(
    name: &'static str,
    good: &'static [&'static str],
    odd: &'static [&'static str],
) -> BoxedStrategy<Option<(&'static str, &'static str)>> {
    mixed![2 => field(name, good, odd), 1 => Just(None)].boxed()
}

fn pay() -> BoxedStrategy<Vec<Option<(&'static str, &'static str)>>> {
    (
        field(
            "amount",
            &["1", "2.5", "3", "5", "5.00", "5.5", "5.51", "9.99", "1e1", "-2", "0", "0.00"],
            &[r#""5""#, "true", "[5]"],
        ),
        field(
            "account",
            &[r#""a""#, r#""a""#, r#""b""#, r#""b""#, r#""c""#, r#""\u0061""#, r#""LONG""#, r#""kN""#],
            &["7", r#"["a"]"#],
        ),
        field("currency", &[r#""EUR""#, r#""USD""#], &[r#""CHF""#, "1"]),
        optional("note", &[r#""x""#, r#""y""#, r#""\u0078""#], &["1"]),
    )
        .prop_map(|(amount, account, currency, note)| vec![amount, account, currency, note])
        .boxed()
}

fn page() -> BoxedStrategy<Vec<Option<(&'static str, &'static str)>>> {
    (field("url", &[r#""a""#, r#""b""#, r#""ab""#], &["7"]), field("depth", &["0", "1", "2", "3", "4"], &[r#""1""#, "1.5"]))
        .prop_map(|(url, depth)| vec![url, depth])
        .boxed()
}

fn send() -> BoxedStrategy<Vec<Option<(&'static str, &'static str)>>> {
    (
        field("to", &["[]", r#"["a"]"#, r#"["a","b"]"#, r#"["a","a"]"#, r#"["c"]"#], &[r#""a""#, r#"["a",7]"#, "[null]"]),
        optional("text", &[r#""x""#, r#""hello""#], &["7"]),
        optional("copies", &["1", "2", "3"], &[r#""2""#, "2.5"]),
    )
        .prop_map(|(to, text, copies)| vec![to, text, copies])
        .boxed()
}

fn drop() -> BoxedStrategy<Vec<Option<(&'static str, &'static str)>>> {
    (field("table", &[r#""a""#, r#""t""#], &["7"]), field("force", &["true", "false"], &[r#""true""#, "1"]))
        .prop_map(|(table, force)| vec![table, force])
        .boxed()
}

fn response() -> BoxedStrategy<What> {
    let back = mixed![
        10 => (0..4usize).prop_map(|back| vec![back]),
        4 => Just(Vec::new()),
        1 => (0..3usize, 0..3usize).prop_map(|(one, other)| vec![one, other]),
    ];
    let result = select(
        &[
            "",
            r#","result":{"body":"x","score":2}"#,
            r#","result":{"body":"abx","score":1.5}"#,
            r#","result":{"body":"a"}"#,
            r#","result":{"done":true}"#,
            r#","result":{"done":false,"body":"b"}"#,
            r#","result":{"done":"yes","body":7,"score":"high"}"#,
            r#","result":"text""#,
            r#","result":null"#,
        ][..],
    );
    let rest = select(&["", r#","latency_ms":1000"#, r#","latency_ms":2500"#, r#","error":"x""#][..]);
    (back, mixed![4 => Just("success"), 1 => Just("error")], result, rest)
        .prop_map(|(back, status, result, rest)| What::Response {
            back,
            payload: format!(r#"{{"status":"{status}"{result}{rest}}}"#),
        })
        .boxed()
}

fn other() -> BoxedStrategy<What> {
    select(
        &[
            ("reasoning", r#"{"thought":"a plan"}"#),
            ("reasoning", r#"{"thought":"hm","goal":"x"}"#),
            ("final_output", r#"{"output":"done"}"#),
            ("final_output", r#"{"output":{"a":1},"summary":"x"}"#),
            ("error", r#"{"error_type":"a","message":"x"}"#),
            ("error", r#"{"error_type":"b","message":"y"}"#),
        ][..],
    )
    .prop_map(|(event_type, payload)| What::Other { event_type, payload })
    .boxed()
}

/// One event of runs that go on side by side.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) run: usize,
    /// Time passes before it, until then.
    pub(super) pause: Option<Timestamp>,
    pub(super) json: String,
}

/// The steps as they would be sent, all in one run.
pub(super) fn lines(steps: &[Step]) -> Vec<String> {
    let steps: Vec<Step> = steps.iter().map(|step| Step { run: 0, ..step.clone() }).collect();
    lines_of_runs(&steps).into_iter().map(|line| line.json).collect()
}

/// The steps as they would be sent.
pub(super) fn lines_of_runs(steps: &[Step]) -> Vec<Line> {
    let start: Timestamp = "2025-01-06T09:00:00Z".parse().expect("it is a time");
    let mut micros = start.micros();
    let mut runs = [RunSoFar::default(), RunSoFar::default()];
    steps
        .iter()
        .map(|step| {
            let pause = step.pauses.then(|| Timestamp::from_micros(micros + step.millis.max(0) * 1000));
            micros += step.millis * 1000;
            Line { run: step.run, pause, json: runs[step.run].line(step, Timestamp::from_micros(micros)) }
        })
        .collect()
}

#[derive(Default)]
struct RunSoFar {
    events: usize,
    /// The call ids of the requests.
    ids: Vec<Option<String>>,
}

impl RunSoFar {
    fn line(&mut self, step: &Step, t: Timestamp) -> String {
        self.events += 1;
        let seq = self.events;
        let mut meta: Vec<String> = step.agent.map(|agent| format!(r#""agent_id":{agent}"#)).into_iter().collect();
        let (event_type, payload) = match &step.what {
            What::Request { action, params, with_id } => {
                let id = with_id.then(|| format!("c{seq}"));
                meta.extend(id.iter().map(|id| format!(r#""call_id":"{id}""#)));
                self.ids.push(id);
                ("action_request", format!(r#"{{"action":"{action}","params":{{{}}}}}"#, self.params(params)))
            }
            What::Response { back, payload } => {
                let named =
                    |back: usize| self.ids.iter().rev().nth(back).cloned().unwrap_or_else(|| Some("none".to_owned()));
                let ids: Vec<String> = back.iter().filter_map(|back| named(*back)).map(|id| format!(r#""{id}""#)).collect();
                match &ids[..] {
                    [] => {}
                    [id] => meta.push(format!(r#""call_id":{id}"#)),
                    ids => meta.push(format!(r#""call_id":[{}]"#, ids.join(","))),
                }
                ("action_response", payload.clone())
            }
            What::Other { event_type, payload } => (*event_type, (*payload).to_owned()),
        };
        let (actor, meta) = (step.actor, meta.join(","));
        format!(r#"{{"seq":{seq},"t":"{t}","actor":"{actor}","type":"{event_type}","payload":{payload},"meta":{{{meta}}}}}"#)
    }

    /// Members in an order that changes from event to event; `N` in a value is the event's number, `LONG` a long text.
    fn params(&self, params: &[(&'static str, &'static str)]) -> String {
        let mut members: Vec<String> = params
            .iter()
            .map(|(name, value)| {
                let value = value.replace('N', &self.events.to_string()).replace("LONG", &"long ".repeat(300));
                format!(r#""{name}":{value}"#)
            })
            .collect();
        let turns = self.events % members.len().max(1);
        members.rotate_left(turns);
        members.join(",")
    }
}

pub(super) fn event(line: &str) -> EventBuf {
    Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{error:?}: {line}")).into_owned()
}

pub(super) fn events(lines: &[String]) -> Vec<EventBuf> {
    lines.iter().map(|line| event(line)).collect()
}
