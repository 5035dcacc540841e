//! The policy language: rules over whole traces, events already parsed, on one thread.

use std::fmt::Write as _;
use std::hint::black_box;

use aop_dsl::{Environment, Judgement, Occurrence, PolicySet, PolicyState, Scratch, Source};
use aop_toon::{Calls, Event, Paired, Timestamp};

use crate::measure::{Series, nanos_per, take_turns};
use crate::{BenchError, Goal, Row};

const ROUNDS: usize = 25;

/// Measures the rows of the area `policy`: the table of `docs/performance.md` on the language.
///
/// # Errors
/// When a policy does not compile or an event is not valid.
pub fn rows() -> Result<Vec<Row>, BenchError> {
    let mut rows = vec![stateful()?];
    rows.extend(many_rules()?);
    rows.push(other_actions()?);
    rows.push(flat()?);
    rows.push(flow()?);
    rows.push(compile_time()?);
    Ok(rows)
}

const HEADER: &str = r#"
policy bench.rules version "1.0.0" dsl 1;
use std.labels;
schema {
  action send_email(to: list<email>, subject: string, body: string?) : egress;
  action get_website(url: url) -> { body: string } : untrusted;
  action query_crm(customer: string) -> { rows: list<{ id: int }> } : internal;
  action transfer(amount: decimal, currency: enum["EUR", "USD"], account: string) : spend;
  action shell_exec(cmd: string, cwd: path?) : exec;
  action human_approve(request_seq: int) -> { approved: bool };
}
let ours: set<domain> = ["acme.example", "*.acme.example"];
"#;

/// Ten rules of the kinds that remember: orders, absences, sequences, counts, sums, distinct values, greatest values, loops, duties.
const STATEFUL: &str = r#"
rule web_to_mail { on c: request(send_email) where any r in c.params.to: r.domain not in ours after w: response(get_website) within run then deny; }
rule approve_first { on c: request(transfer) where c.params.amount > 1000.00 without a: response(human_approve) where a.result.approved within 30m then deny; }
rule chain { on c: request(send_email) seq [ a: response(query_crm); b: request(shell_exec) where b.params.cmd starts_with "tar"; ] within 10m then deny; }
rule rate { on c: request(*) count(request(*)) > 100 within 60s then throttle(wait: 5s); }
rule spend { on c: request(transfer) sum(t.params.amount for t: request(transfer) where t.params.currency == c.params.currency) > 5000.00 within 1h by params.account then deny; }
rule payees { on c: request(transfer) distinct(t.params.account for t: request(transfer)) >= 10 within 1h then flag; }
rule most { on c: request(transfer) max(t.params.amount for t: request(transfer)) >= 4000.00 within 1h then flag; }
rule loops { on c: request(*) cycle(c.action where c.params == prev.params) >= 3 within 30 events then flag; }
rule answered @phase(post_run) { on r: request(*) expect a: response(*) where a.request.seq == r.seq within 30s then flag; }
rule pages { on c: request(get_website) count(request(get_website)) > 50 within 10m by params.url then flag; }
"#;

/// Parsed events, each with what it answers.
struct Run<'a> {
    events: Vec<(Event<'a>, Vec<Paired>)>,
}

impl<'a> Run<'a> {
    fn new(lines: &'a [String]) -> Result<Self, BenchError> {
        let mut calls = Calls::default();
        let mut events = Vec::new();
        for line in lines {
            let event = Event::parse(line.as_bytes())?;
            let paired = calls.respond(&event);
            calls.request(&event, event.t());
            events.push((event, paired));
        }
        Ok(Self { events })
    }

    /// Judges and takes in every event, from an empty state.
    fn go(&self, set: &PolicySet, scratch: &mut Scratch, judgement: &mut Judgement) -> PolicyState {
        let mut state = PolicyState::default();
        for (event, paired) in &self.events {
            step(set, event, paired, &mut state, scratch, judgement);
        }
        state
    }
}

fn step(
    set: &PolicySet,
    event: &Event<'_>,
    paired: &[Paired],
    state: &mut PolicyState,
    scratch: &mut Scratch,
    judgement: &mut Judgement,
) {
    judgement.findings.clear();
    judgement.redactions.clear();
    let occurrence = Occurrence { paired, detected: Some(&[]), ..Occurrence::new(event, event.t()) };
    set.judge(&occurrence, state, None, scratch, judgement);
    set.observe_judged(&occurrence, judgement.effect().accepts(), state, None, scratch);
    black_box(&judgement);
}

/// The lines of a quiet run: pages, queries, transfers and mails to colleagues, each with its response.
fn quiet_run(events: usize) -> Vec<String> {
    let request = |seq: usize, t: &str, call: usize| {
        let (action, params) = match call % 4 {
            0 => ("get_website", format!(r#"{{"url":"https://site-{call}.example/page"}}"#)),
            1 => ("query_crm", format!(r#"{{"customer":"C-{call:08}"}}"#)),
            2 => ("transfer", format!(r#"{{"amount":{call}.50,"currency":"EUR","account":"DE{call:04}"}}"#)),
            _ => ("send_email", format!(r#"{{"to":["team-{call}@acme.example"],"subject":"report {call}"}}"#)),
        };
        format!(
            r#"{{"seq":{seq},"t":"{t}","actor":"agent","type":"action_request","payload":{{"action":"{action}","params":{params}}},"meta":{{"run_id":"bench","agent_id":7,"call_id":"c{call}"}}}}"#
        )
    };
    let response = |seq: usize, t: &str, call: usize| {
        format!(
            r#"{{"seq":{seq},"t":"{t}","actor":"tool","type":"action_response","payload":{{"status":"success","result":{{"body":"page {call}","rows":[]}}}},"meta":{{"run_id":"bench","agent_id":7,"call_id":"c{call}"}}}}"#
        )
    };
    let start: Timestamp = "2025-01-06T09:00:00Z".parse().unwrap_or(Timestamp::from_micros(0));
    (0..events)
        .map(|at| {
            let t = Timestamp::from_micros(start.micros() + at as i64 * 1_500_000).to_string();
            if at % 2 == 0 { request(at + 1, &t, at / 2) } else { response(at + 1, &t, at / 2) }
        })
        .collect()
}

fn compile(rules: &str) -> Result<PolicySet, BenchError> {
    let source = Source { name: "bench.aop".to_owned(), text: format!("{HEADER}{rules}") };
    let checked = aop_dsl::check(&[source], &Environment::default());
    let said: String = checked.diagnostics.iter().filter(|file| file.has_errors()).map(ToString::to_string).collect();
    checked.set.ok_or_else(|| said.into())
}

fn stateful() -> Result<Row, BenchError> {
    let (rules, nothing) = (compile(STATEFUL)?, compile("")?);
    let lines = quiet_run(20);
    let run = Run::new(&lines)?;
    let traces = 2_000;
    let mut scratch = Scratch::default();
    let mut judgement = Judgement::default();
    let mut time = |set: &PolicySet| {
        nanos_per(traces, || {
            for _ in 0..traces {
                black_box(run.go(set, &mut scratch, &mut judgement));
            }
        }) / 1e3
    };
    let time = std::cell::RefCell::new(&mut time);
    let mut ours = || (time.borrow_mut())(&rules);
    let mut floor = || (time.borrow_mut())(&nothing);
    let [ours, floor] = take_turns(ROUNDS, [&mut ours, &mut floor]);
    Ok(Row::new("policy", "20 events, 10 rules that remember", &ours, "µs/trace")
        .beside("no rules", &floor)
        .goal(Goal::AtMost(5.0)))
}

/// So many rules on one action, each with a condition of its own, as generated blocklists have.
fn rules_on_one_action(count: usize) -> String {
    let mut text = String::new();
    for rule in 0..count {
        let condition = match rule % 4 {
            0 => format!(r#"c.params.account == "XX{rule:06}""#),
            1 => format!(r#"c.params.account starts_with "YY{rule:06}""#),
            2 => format!("c.params.amount == {rule}.77"),
            _ => format!(r#"c.params.currency == "USD" and c.params.amount > {}.00"#, 100_000 + rule),
        };
        let _ = writeln!(text, "rule r{rule} {{ on c: request(transfer) where {condition} then deny; }}");
    }
    text
}

fn many_rules() -> Result<Vec<Row>, BenchError> {
    let lines = quiet_run(6);
    let run = Run::new(&lines)?;
    let (event, paired) = &run.events[4];
    let mut rows = Vec::new();
    for (count, goal) in [(1_000, 20.0), (10_000, 100.0)] {
        let set = compile(&rules_on_one_action(count))?;
        let (mut scratch, mut judgement) = (Scratch::default(), Judgement::default());
        let mut state = PolicyState::default();
        let mut ours = || {
            nanos_per(100, || {
                for _ in 0..100 {
                    step(&set, event, paired, &mut state, &mut scratch, &mut judgement);
                }
            }) / 1e3
        };
        let [ours] = take_turns(ROUNDS, [&mut ours]);
        rows.push(
            Row::new("policy", format!("one event, {count} rules on its action"), &ours, "µs").goal(Goal::AtMost(goal)),
        );
    }
    Ok(rows)
}

/// What rules on other actions cost an event.
fn other_actions() -> Result<Row, BenchError> {
    let mut others = String::from(STATEFUL);
    others.push_str("schema {");
    for action in 0..100 {
        let _ = write!(others, " action other_{action}(text: string);");
    }
    others.push_str(" }\n");
    for rule in 0..10_000 {
        let action = rule % 100;
        let _ = writeln!(
            others,
            r#"rule o{rule} {{ on c: request(other_{action}) where c.params.text contains "word{rule}" then deny; }}"#
        );
    }
    let (with, without) = (compile(&others)?, compile(STATEFUL)?);
    let lines = quiet_run(20);
    let run = Run::new(&lines)?;
    let (mut scratch, mut scratch_without) = (Scratch::default(), Scratch::default());
    let (mut judgement, mut judgement_without) = (Judgement::default(), Judgement::default());
    let traces = 1_000;
    let mut ours = || {
        nanos_per(traces * 20, || {
            for _ in 0..traces {
                black_box(run.go(&with, &mut scratch, &mut judgement));
            }
        })
    };
    let mut floor = || {
        nanos_per(traces * 20, || {
            for _ in 0..traces {
                black_box(run.go(&without, &mut scratch_without, &mut judgement_without));
            }
        })
    };
    let [ours, floor] = take_turns(ROUNDS, [&mut ours, &mut floor]);
    Ok(Row::new("policy", "10 rules, and 10,000 on other actions", &ours, "ns/event")
        .beside("the 10 alone", &floor)
        .goal(Goal::RatioAtMost(1.05)))
}

/// 200 events of one run behind its first 10,000, against 200 behind its first 20.
fn flat() -> Result<Row, BenchError> {
    let set = compile(STATEFUL)?;
    let lines = quiet_run(10_200);
    let run = Run::new(&lines)?;
    let (mut scratch, mut judgement) = (Scratch::default(), Judgement::default());
    let (mut late, mut early) = (Series::new(), Series::new());
    for round in 0..=ROUNDS {
        let mut state = PolicyState::default();
        let mut time = |from: usize, to: usize| {
            nanos_per(to - from, || {
                for (event, paired) in &run.events[from..to] {
                    step(&set, event, paired, &mut state, &mut scratch, &mut judgement);
                }
            })
        };
        time(0, 20);
        let of_early = time(20, 220);
        time(220, 10_000);
        let of_late = time(10_000, 10_200);
        if round > 0 {
            early.push(of_early);
            late.push(of_late);
        }
    }
    Ok(Row::new("policy", "an event behind 10,000 of its run", &late, "ns/event")
        .beside("behind 20", &early)
        .goal(Goal::RatioAtMost(1.25)))
}

const FLOW: &str = r#"
rule flows { on c: request(send_email) after w: response(get_website) where c.params derives_from w.result within run then deny; }
"#;

/// A page of 8 KB is read and another text of 8 KB is sent: what `derives_from` adds for each KB.
fn flow() -> Result<Row, BenchError> {
    // Prose as pages have it: words of many lengths, a number now and then, an address for every few lines.
    let parts =
        ["an", "ter", "ing", "quar", "sol", "me", "port", "vel", "table", "cus", "tom", "be", "low", "re", "vis", "on"];
    let text = |seed: usize| {
        let mut text = String::new();
        let mut at = seed;
        let mut next = |below: usize| {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (at >> 33) % below
        };
        while text.len() < 8_000 {
            match next(40) {
                0 => drop(write!(text, "{} ", next(10_000))),
                1 => drop(write!(text, "{}{}@example.org ", parts[next(parts.len())], parts[next(parts.len())])),
                _ => {
                    (0..=next(3)).for_each(|_| text.push_str(parts[next(parts.len())]));
                    text.push(' ');
                }
            }
        }
        text
    };
    let lines = [
        r#"{"seq":1,"t":"2025-01-06T09:00:00Z","actor":"agent","type":"action_request","payload":{"action":"get_website","params":{"url":"https://a.example/"}},"meta":{"call_id":"c"}}"#.to_owned(),
        format!(r#"{{"seq":2,"t":"2025-01-06T09:00:01Z","actor":"tool","type":"action_response","payload":{{"status":"success","result":{{"body":"{}"}}}},"meta":{{"call_id":"c"}}}}"#, text(1)),
        format!(r#"{{"seq":3,"t":"2025-01-06T09:00:02Z","actor":"agent","type":"action_request","payload":{{"action":"send_email","params":{{"to":["a@acme.example"],"subject":"s","body":"{}"}}}},"meta":{{}}}}"#, text(2)),
    ];
    let run = Run::new(&lines)?;
    let (with, without) = (compile(FLOW)?, compile("")?);
    let (mut scratch, mut scratch_without) = (Scratch::default(), Scratch::default());
    let (mut judgement, mut judgement_without) = (Judgement::default(), Judgement::default());
    let traces = 100;
    let kilobytes = traces * 16;
    let mut ours = || {
        nanos_per(kilobytes, || {
            for _ in 0..traces {
                black_box(run.go(&with, &mut scratch, &mut judgement));
            }
        }) / 1e3
    };
    let mut floor = || {
        nanos_per(kilobytes, || {
            for _ in 0..traces {
                black_box(run.go(&without, &mut scratch_without, &mut judgement_without));
            }
        }) / 1e3
    };
    let [ours, floor] = take_turns(ROUNDS, [&mut ours, &mut floor]);
    Ok(Row::new("policy", "derives_from: 8 KB read, 8 KB sent", &ours, "µs/KB")
        .beside("no rules", &floor)
        .goal(Goal::AtMost(2.0)))
}

fn compile_time() -> Result<Row, BenchError> {
    let text = rules_on_one_action(1_000);
    compile(&text)?;
    let mut ours = || nanos_per(1, || drop(black_box(compile(&text)))) / 1e6;
    let [ours] = take_turns(ROUNDS, [&mut ours]);
    Ok(Row::new("policy", "compile 1,000 rules", &ours, "ms").goal(Goal::AtMost(250.0)))
}
