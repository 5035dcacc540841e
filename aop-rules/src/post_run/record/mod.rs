//! A run in numbers: how many events of which kind, how long things took, which actions were called and how they went, and
//! what the models used.
//!
//! [`RecordState`] is observed like a validator and finds nothing; [`TraceRecord`] is what it says of the run so far.

mod usage;

use std::collections::BTreeMap;

use aop_toon::{Actor, Event, EventType, Paired, Status, Timestamp};
use serde::{Deserialize, Serialize};

use super::robust::LogHistogram;
use super::{Arrival, shown};

pub use usage::Usage;

/// How many actions a record tells apart: those whose names come first. All others are counted together.
pub const RECORD_ACTIONS_MAX: usize = 64;

/// A run in numbers.
///
/// ```
/// use aop_rules::post_run::{Arrival, RecordState};
/// use aop_toon::{Calls, Event};
///
/// let lines: [&[u8]; 2] = [
///     br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///         "payload":{"action":"search","params":{}},"meta":{"usage":{"input_tokens":420,"output_tokens":17}}}"#,
///     br#"{"seq":2,"t":"2025-12-05T10:00:02Z","actor":"tool","type":"action_response",
///         "payload":{"status":"error","error":"no index"},"meta":{}}"#,
/// ];
/// let (mut state, mut calls) = (RecordState::default(), Calls::default());
/// for line in lines {
///     let event = Event::parse(line)?;
///     let paired = calls.respond(&event);
///     calls.request(&event, event.t());
///     state.observe(&Arrival::new(&event, event.t(), &paired, None), true);
/// }
/// let record = state.record();
/// assert_eq!((record.events, record.errors, record.duration_micros), (2, 1, 2_000_000));
/// assert_eq!(record.actions["search"].errors, 1);
/// assert_eq!(record.usage.tokens(), 437);
/// # Ok::<(), aop_toon::ParseError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TraceRecord {
    /// All events, refused ones included.
    pub events: u64,
    /// Events that ingestion refused.
    pub refused: u64,
    /// Events of type error, and responses with status error.
    pub errors: u64,
    /// How many events there are of each type.
    pub types: TypeCounts,
    /// How many events there are of each actor.
    pub actors: ActorCounts,
    /// The first event's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// The run's clock at its end: the greatest time of any event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// From the first event's time to the run's clock, in microseconds.
    pub duration_micros: i64,
    /// The times between one event and the next.
    pub gaps: Timing,
    /// The times from a request to its response.
    pub responses: Timing,
    /// What was asked for, by its name: the first [`RECORD_ACTIONS_MAX`] names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub actions: BTreeMap<String, ActionRecord>,
    /// All actions with other names together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_actions: Option<ActionRecord>,
    /// What the models used, where the events say so.
    #[serde(skip_serializing_if = "Usage::is_empty")]
    pub usage: Usage,
}

/// How many events there are of each type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the type of its name")]
pub struct TypeCounts {
    pub reasoning: u64,
    pub action_request: u64,
    pub action_response: u64,
    pub final_output: u64,
    pub error: u64,
}

/// How many events there are of each actor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the actor of its name")]
pub struct ActorCounts {
    pub agent: u64,
    pub tool: u64,
    pub user: u64,
    pub system: u64,
    pub redteam: u64,
}

/// How long something took, of many times. Percentiles are those of the nearest rank, within 1.6 %.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timing {
    /// How many times there are; without any, the rest is 0.
    pub count: u64,
    /// Half of them took no longer, in microseconds.
    pub p50_micros: u64,
    /// 95 in 100 took no longer.
    pub p95_micros: u64,
    /// None took longer.
    pub max_micros: u64,
}

/// One action in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionRecord {
    /// How often it was asked for, refused requests included.
    pub requests: u64,
    /// How many of these requests were refused.
    pub refused: u64,
    /// How many responses had status error.
    pub errors: u64,
    /// The times from its requests to their responses.
    pub responses: Timing,
}

/// What a [`TraceRecord`] is made from: counts, and a histogram for each kind of time. Its size is bounded whatever the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecordState {
    refused: u64,
    failed: u64,
    types: TypeCounts,
    actors: ActorCounts,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    gaps: Times,
    responses: Times,
    actions: BTreeMap<String, ActionTally>,
    others: Option<ActionTally>,
    usage: Usage,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ActionTally {
    requests: u64,
    refused: u64,
    errors: u64,
    responses: Times,
}

/// Many times of one kind. There may be a histogram for each action, so it is a coarse one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Times {
    max: u64,
    histogram: LogHistogram<5>,
}

impl RecordState {
    /// Takes the event in, accepted or not.
    pub fn observe(&mut self, arrival: &Arrival<'_>, accepted: bool) {
        let event = arrival.event;
        add(&mut self.refused, !accepted);
        let failed = is_failure(event);
        add(&mut self.failed, failed);
        add(self.types.of(event.event_type()), true);
        add(self.actors.of(event.actor()), true);
        self.first.get_or_insert(event.t());
        if let Some(last) = self.last.replace(arrival.clock) {
            self.gaps.add(arrival.clock.micros_since(last));
        }
        if let Some(action) = arrival.action.as_deref() {
            let tally = self.action(action);
            add(&mut tally.requests, true);
            add(&mut tally.refused, !accepted);
        }
        for paired in arrival.paired {
            if let Paired::Answered(answered) = paired {
                let took = arrival.clock.micros_since(answered.request_t);
                self.responses.add(took);
                let tally = self.action(&answered.action);
                tally.responses.add(took);
                add(&mut tally.errors, failed);
            }
        }
        self.usage.take_in(event);
    }

    /// The tally of an action: its own, or that of the others once there are many names.
    fn action(&mut self, name: &str) -> &mut ActionTally {
        let name = shown(name);
        if !self.actions.contains_key(&*name) && self.actions.len() >= RECORD_ACTIONS_MAX {
            return self.others.get_or_insert_default();
        }
        if !self.actions.contains_key(&*name) {
            self.actions.insert(name.clone().into_owned(), ActionTally::default());
        }
        self.actions.get_mut(&*name).expect("it was there, or has just been put there")
    }

    /// The run in numbers, so far.
    pub fn record(&self) -> TraceRecord {
        let TypeCounts { reasoning, action_request, action_response, final_output, error } = self.types;
        let events = [reasoning, action_request, action_response, final_output, error];
        let duration = self.first.zip(self.last).map_or(0, |(first, last)| last.micros_since(first));
        TraceRecord {
            events: events.into_iter().fold(0, u64::saturating_add),
            refused: self.refused,
            errors: self.failed,
            types: self.types,
            actors: self.actors,
            first: self.first,
            last: self.last,
            duration_micros: duration,
            gaps: self.gaps.timing(),
            responses: self.responses.timing(),
            actions: self.actions.iter().map(|(name, tally)| (name.clone(), tally.record())).collect(),
            other_actions: self.others.as_ref().map(ActionTally::record),
            usage: self.usage,
        }
    }
}

/// Whether the event says that something failed: an error, or a response with status error.
pub(super) fn is_failure(event: &Event<'_>) -> bool {
    event.event_type() == EventType::Error || event.status() == Some(Status::Error)
}

/// A state that was read back may hold anything: counting must not fail.
fn add(count: &mut u64, more: bool) {
    *count = count.saturating_add(u64::from(more));
}

impl TypeCounts {
    fn of(&mut self, event_type: EventType) -> &mut u64 {
        match event_type {
            EventType::Reasoning => &mut self.reasoning,
            EventType::ActionRequest => &mut self.action_request,
            EventType::ActionResponse => &mut self.action_response,
            EventType::FinalOutput => &mut self.final_output,
            EventType::Error => &mut self.error,
        }
    }
}

impl ActorCounts {
    fn of(&mut self, actor: Actor) -> &mut u64 {
        match actor {
            Actor::Agent => &mut self.agent,
            Actor::Tool => &mut self.tool,
            Actor::User => &mut self.user,
            Actor::System => &mut self.system,
            Actor::Redteam => &mut self.redteam,
        }
    }
}

impl ActionTally {
    fn record(&self) -> ActionRecord {
        let Self { requests, refused, errors, ref responses } = *self;
        ActionRecord { requests, refused, errors, responses: responses.timing() }
    }
}

impl Times {
    /// Counts a time; one that runs backwards took none.
    fn add(&mut self, micros: i64) {
        let micros = u64::try_from(micros).unwrap_or(0);
        self.max = self.max.max(micros);
        self.histogram.add(micros);
    }

    fn timing(&self) -> Timing {
        // The middle of the greatest time's bucket may lie above it.
        let at = |percent| self.histogram.percentile(percent).unwrap_or(0).min(self.max);
        Timing { count: self.histogram.count(), p50_micros: at(50), p95_micros: at(95), max_micros: self.max }
    }
}

#[cfg(test)]
mod tests {
    use aop_toon::Calls;

    use super::*;

    fn record(lines: &[String]) -> TraceRecord {
        let (mut state, mut calls) = (RecordState::default(), Calls::default());
        for line in lines {
            let event = Event::parse(line.as_bytes()).expect("a test's event is well-formed");
            let clock = state.last.map_or(event.t(), |last| last.max(event.t()));
            let paired = calls.respond(&event);
            calls.request(&event, clock);
            let accepted = event.action().is_none_or(|action| action != "refused");
            if !accepted {
                calls.refuse(event.seq());
            }
            state.observe(&Arrival::new(&event, clock, &paired, None), accepted);
            let written = serde_json::to_string(&state).expect("a state can be written");
            assert_eq!(serde_json::from_str::<RecordState>(&written).expect("and read back"), state);
        }
        let record = state.record();
        let written = serde_json::to_string(&record).expect("a record can be written");
        assert_eq!(serde_json::from_str::<TraceRecord>(&written).expect("and read back"), record);
        record
    }

    fn event(seq: u64, second: u64, actor: &str, kind: &str, payload: &str) -> String {
        let (minute, second) = (second / 60, second % 60);
        format!(
            r#"{{"seq":{seq},"t":"2025-12-05T10:{minute:02}:{second:02}Z","actor":"{actor}","type":"{kind}","payload":{payload},"meta":{{}}}}"#
        )
    }

    fn request(seq: u64, second: u64, action: &str) -> String {
        event(seq, second, "agent", "action_request", &format!(r#"{{"action":"{action}","params":{{}}}}"#))
    }

    fn response(seq: u64, second: u64, status: &str) -> String {
        event(seq, second, "tool", "action_response", &format!(r#"{{"status":"{status}"}}"#))
    }

    #[test]
    fn a_run_without_events_is_all_zero() {
        assert_eq!(record(&[]), TraceRecord::default());
    }

    #[test]
    fn counts_and_times() {
        let record = record(&[
            event(1, 0, "user", "reasoning", r#"{"thought":"go"}"#),
            request(2, 1, "search"),
            response(3, 4, "success"),
            request(4, 5, "search"),
            response(5, 6, "error"),
            request(6, 7, "refused"),
            event(7, 7, "system", "error", r#"{"error_type":"E","message":"m"}"#),
            // A clock that runs backwards counts at the run's.
            event(8, 2, "agent", "final_output", r#"{"output":"done"}"#),
        ]);
        assert_eq!((record.events, record.refused, record.errors, record.duration_micros), (8, 1, 2, 7_000_000));
        assert_eq!(
            record.types,
            TypeCounts { reasoning: 1, action_request: 3, action_response: 2, final_output: 1, error: 1 }
        );
        assert_eq!(record.actors, ActorCounts { agent: 4, tool: 2, user: 1, system: 1, redteam: 0 });
        assert_eq!(record.actions.keys().collect::<Vec<_>>(), ["refused", "search"]);
        let search = record.actions["search"];
        assert_eq!((search.requests, search.refused, search.errors), (2, 0, 1));
        assert_eq!((search.responses.count, search.responses.max_micros), (2, 3_000_000));
        assert!(search.responses.p50_micros.abs_diff(1_000_000) < 16_000, "{search:?}");
        assert!(search.responses.p95_micros.abs_diff(3_000_000) < 48_000, "{search:?}");
        assert_eq!((record.actions["refused"].requests, record.actions["refused"].refused), (1, 1));
        assert_eq!((record.gaps.count, record.gaps.max_micros), (7, 3_000_000));
        assert_eq!(record.responses.count, 2);
    }

    #[test]
    fn names_past_the_bound_are_counted_together() {
        let lines: Vec<String> =
            (0..70).flat_map(|n| [request(2 * n, n, &format!("a{n:02}")), response(2 * n + 1, n, "error")]).collect();
        let record = record(&lines);
        assert_eq!(record.actions.len(), RECORD_ACTIONS_MAX);
        let others = record.other_actions.expect("there are more names");
        assert_eq!((others.requests, others.errors, others.responses.count), (6, 6, 6));
    }
}
