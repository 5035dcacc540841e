//! `sequence_validator`: numbers that are missing or come twice, responses and requests that do not fit, events after the
//! end, contradictions, claims, loops, retries and stalls.

use aop_toon::{Actor, Effect, EventType, Finding, Paired, Payload, Phase, Severity, Status, Timestamp, Value};
use serde::{Deserialize, Serialize};

use super::bounded::{First, OpenRequests};
use super::claims::Claims;
use super::repeats::{Repeats, stable_hash};
use super::retries::Retries;
use super::seen::{Place, Seen};
use super::{
    Arrival, FINDINGS_MAX, Overconfidence, Pattern, SettingsError, TimeSpan, finding_at, left_out, post_run_at, shown,
};
use crate::rule::{self, Rule};

/// Numbers are missing before an event.
pub static SEQ_GAP: Rule = Rule {
    id: "seq/gap",
    validator: "sequence_validator",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    phase: Phase::Ingestion,
    status: rule::Status::Active,
    summary: "sequence numbers are missing before an event",
    why: "Events were lost or held back; what they would have shown is not judged.",
    source: "Toon: `seq` begins at 0 or 1 and has no holes",
};

/// A number came twice.
pub static SEQ_DUPLICATE: Rule = Rule {
    id: "seq/duplicate",
    summary: "a sequence number came twice",
    why: "One of two events with the same number can replace what really happened.",
    source: "Toon: each event of a run has a `seq` of its own",
    ..SEQ_GAP
};

/// A number smaller than the greatest so far.
pub static SEQ_REGRESSION: Rule = Rule {
    id: "seq/regression",
    summary: "a sequence number came after a greater one",
    why: "A late event was judged without what it belonged to, and its successors without it.",
    source: "Toon: only `seq` orders a run",
    ..SEQ_GAP
};

/// A response that nothing asked for.
pub static SEQ_ORPHAN_RESPONSE: Rule = Rule {
    id: "seq/orphan-response",
    phase: Phase::PostRun,
    summary: "a response without a request before it",
    why: "The agent was told the outcome of something nobody saw it ask for. A response that came before its request is named \
          with it.",
    source: "pairing by `meta.call_id` (or `tool_call_id`), else by order",
    ..SEQ_GAP
};

/// A request that nothing answered.
pub static SEQ_UNANSWERED: Rule = Rule {
    id: "seq/unanswered",
    summary: "a request without a response",
    why: "Whether the action took place is unknown. Refused requests await no response.",
    ..SEQ_ORPHAN_RESPONSE
};

/// A request that was answered twice.
pub static SEQ_DOUBLE_RESPONSE: Rule = Rule {
    id: "seq/double-response",
    summary: "two responses to one request",
    why: "The agent may have gone by either. Only call ids can show it: without them a second response has no request.",
    ..SEQ_ORPHAN_RESPONSE
};

/// An event after the final output.
pub static SEQ_AFTER_FINAL: Rule = Rule {
    id: "seq/after-final",
    summary: "an event after the final output",
    why: "What an agent does after its answer is not what it was asked for. A thought is `info`, everything else `warning`.",
    source: "Toon: a final output ends a run",
    ..SEQ_ORPHAN_RESPONSE
};

/// An event that contradicts itself or an earlier one.
pub static SEQ_CONTRADICTION: Rule = Rule {
    id: "seq/contradiction",
    summary: "a status contradicts the error field, or a call id stands for two calls at once",
    why: "Whoever reads only one of the two fields, or pairs by the id, is misled. A call id that comes again after its call \
          was answered is left alone: models do that.",
    source: "Toon: `error` says why a `status` is error; a call id names one call",
    ..SEQ_ORPHAN_RESPONSE
};

/// The same calls over and over.
pub static SEQ_LOOP: Rule = Rule {
    id: "seq/loop",
    summary: "the same calls were repeated without change",
    why: "An agent in a loop spends money and gets nowhere. Calls are equal when action and parameters are, byte for byte; a \
          message of the user begins anew. A loop of one call that failed each time is `seq/retry`.",
    source: "the operator's setting `sequence.loop_times`",
    ..SEQ_ORPHAN_RESPONSE
};

/// Nothing happens any more.
pub static SEQ_STALL: Rule = Rule {
    id: "seq/stall",
    summary: "nothing happens any more",
    why: "A run that only thinks, or is silent without a final output, is stuck or was abandoned.",
    source: "the operator's settings `sequence.stall_after` and `sequence.stall_events`",
    ..SEQ_ORPHAN_RESPONSE
};

/// What `sequence_validator` is told.
///
/// ```
/// use aop_rules::post_run::SequenceSettings;
///
/// let settings: SequenceSettings = serde_json::from_str(r#"{"loop_times":5,"no_response":["notify_*"]}"#)?;
/// assert_eq!(settings.loop_times, 5);
/// settings.validate()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SequenceSettings {
    /// Actions that nothing responds to.
    pub no_response: Vec<Pattern>,
    /// When a call id that is used again is a contradiction.
    pub reused_call_id: ReusedCallId,
    /// How often a cycle of calls has to come to be a loop; at least 2.
    pub loop_times: u64,
    /// How often a call that failed or was refused may be asked for again without change.
    pub retries_max: u64,
    /// Actions without whose success a run has none. The run's latest call is always looked at.
    pub relies_on: Vec<Pattern>,
    /// When a confidence is too high for what happened.
    pub overconfidence: Overconfidence,
    /// A run without a final output has stalled when its last event is longer ago than this at the `now` it is finished with.
    pub stall_after: TimeSpan,
    /// So many thoughts and errors of the agent in a row, without any action or output, are a stall; at least 1.
    pub stall_events: u64,
}

impl Default for SequenceSettings {
    fn default() -> Self {
        Self {
            no_response: Vec::new(),
            reused_call_id: ReusedCallId::default(),
            loop_times: 3,
            retries_max: 1,
            relies_on: Vec::new(),
            overconfidence: Overconfidence::default(),
            stall_after: TimeSpan::from_secs(3_600),
            stall_events: 100,
        }
    }
}

/// When a call id that a later request uses again is a contradiction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReusedCallId {
    /// While the earlier call has no response, so that the next response may belong to either.
    #[default]
    WhileOpen,
    /// Also when the earlier call, answered or not, was of another action.
    OtherAction,
    /// Never.
    Allowed,
}

impl SequenceSettings {
    /// # Errors
    /// When `loop_times` is below 2, `stall_events` is 0, or `overconfidence` has no shares.
    pub fn validate(&self) -> Result<(), SettingsError> {
        if self.loop_times < 2 {
            let problem = format!("{} times is no repetition; write 2 or more", self.loop_times);
            return Err(SettingsError::new("sequence.loop_times", problem));
        }
        self.overconfidence.validate()?;
        match self.stall_events {
            0 => Err(SettingsError::new("sequence.stall_events", "0 events are no stall; write 1 or more")),
            _ => Ok(()),
        }
    }
}

/// What `sequence_validator` remembers of a run: up to 256 stretches of sequence numbers, 1,024 open requests, the latest 10
/// calls, and for each code the first 64 places.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceState {
    seen: Seen,
    last: Option<(u64, i64)>,
    open: OpenRequests,
    orphans: First<Orphan>,
    doubles: First<Double>,
    final_output: Option<u64>,
    after_final: First<(u64, EventType)>,
    contradictions: First<Contradiction>,
    repeats: Repeats,
    #[serde(default)]
    retries: Retries,
    #[serde(default)]
    claims: Claims,
    idle: Option<Idle>,
    stalls: First<Idle>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Orphan {
    seq: u64,
    /// A hash of its call id.
    call: Option<u64>,
    /// The request with that call id that came later.
    request: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Double {
    seq: u64,
    request: u64,
    first_response: u64,
    action: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Contradiction {
    seq: u64,
    kind: ContradictionKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ContradictionKind {
    SuccessWithError,
    SuccessWithErrorInResult,
    ErrorWithoutError,
    ReusedCallId { request: u64, action: String, earlier_action: String, open: bool },
}

/// A stretch of events in which nothing happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Idle {
    from: u64,
    to: u64,
    events: u64,
    /// The event at which it had lasted too long.
    established: Option<u64>,
}

impl SequenceState {
    /// Finds what is wrong with the event's number.
    pub fn at_ingestion(&self, _: &SequenceSettings, arrival: &Arrival<'_>, findings: &mut Vec<Finding>) {
        let seq = arrival.seq();
        let (rule, witness, message) = match self.seen.place(seq) {
            Place::Next => return,
            Place::LateStart => (&SEQ_GAP, None, format!("the run begins with #{seq}; a run begins with #0 or #1")),
            Place::Gap { greatest } => {
                let missing = match seq - greatest {
                    2 => format!("#{} is missing", greatest + 1),
                    _ => format!("#{} to #{} are missing", greatest + 1, seq - 1),
                };
                (&SEQ_GAP, Some(greatest), format!("#{seq} came right after #{greatest}; {missing}"))
            }
            Place::Duplicate => (&SEQ_DUPLICATE, None, format!("#{seq} came before; each event has a number of its own")),
            Place::Regression { greatest } => {
                (&SEQ_REGRESSION, Some(greatest), format!("#{seq} came after #{greatest}; numbers only grow"))
            }
        };
        findings.push(finding_at(rule, seq, witness.into_iter().collect(), message));
    }

    /// Takes the event in. Refused events are seen like all others, but a refused request awaits no response and a refused
    /// final output ends nothing.
    pub fn observe(&mut self, settings: &SequenceSettings, arrival: &Arrival<'_>, accepted: bool) {
        let event = arrival.event;
        let seq = event.seq();
        self.seen.insert(seq);
        self.last = Some((seq, arrival.clock.micros()));
        if self.final_output.is_some() {
            self.after_final.push((seq, event.event_type()));
        }
        self.watch_for_stall(settings, arrival);
        match event.event_type() {
            EventType::ActionRequest => self.observe_request(settings, arrival, accepted),
            EventType::ActionResponse => self.observe_response(settings, arrival),
            EventType::FinalOutput if accepted => {
                self.final_output.get_or_insert(seq);
                self.claims.final_output(&settings.overconfidence, arrival);
            }
            EventType::Reasoning if event.actor() == Actor::User => {
                self.repeats.interrupt();
                self.retries.interrupt();
            }
            _ => {}
        }
    }

    fn observe_request(&mut self, settings: &SequenceSettings, arrival: &Arrival<'_>, accepted: bool) {
        let seq = arrival.seq();
        let full_action = arrival.action.as_deref().unwrap_or_default();
        let action = shown(full_action);
        let params = arrival.event.document().pointer("/payload/params").map_or("", |params| params.raw());
        let call = stable_hash(&[full_action, params]);
        self.repeats.call(call, seq, &action, settings.loop_times);
        self.retries.call(call, seq, &action, !accepted, settings.retries_max);
        if !accepted {
            self.claims.refused(&settings.relies_on, seq, full_action);
        }

        if let Some(reused) = arrival.reused {
            let open = self.open.iter().any(|open| open.seq == reused.request_seq);
            let contradicts = match settings.reused_call_id {
                ReusedCallId::WhileOpen => open,
                ReusedCallId::OtherAction => open || *reused.action != *full_action,
                ReusedCallId::Allowed => false,
            };
            if contradicts {
                let kind = ContradictionKind::ReusedCallId {
                    request: reused.request_seq,
                    action: action.clone().into_owned(),
                    earlier_action: shown(&reused.action).into_owned(),
                    open,
                };
                self.contradictions.push(Contradiction { seq, kind });
            }
        }

        let answered_early = self.match_orphans(arrival);
        let awaits = !settings.no_response.iter().any(|pattern| pattern.matches(full_action));
        if accepted && awaits && !answered_early {
            self.open.request(seq, arrival.clock.micros(), &action, arrival.calls());
        }
    }

    /// Whether a response with the request's call id came before it.
    fn match_orphans(&mut self, arrival: &Arrival<'_>) -> bool {
        if self.orphans.items.is_empty() {
            return false;
        }
        let calls: Vec<u64> = arrival.event.meta().call_ids().map(|id| stable_hash(&[&id])).collect();
        let orphan = self
            .orphans
            .items
            .iter_mut()
            .find(|orphan| orphan.request.is_none() && orphan.call.is_some_and(|call| calls.contains(&call)));
        orphan.map(|orphan| orphan.request = Some(arrival.seq())).is_some()
    }

    fn observe_response(&mut self, settings: &SequenceSettings, arrival: &Arrival<'_>) {
        let failed =
            matches!(arrival.event.payload(), Payload::ActionResponse(response) if response.status == Status::Error);
        let seq = arrival.seq();
        for paired in arrival.paired {
            match paired {
                Paired::Answered(answered) => {
                    self.open.answer(answered.request_seq);
                    if failed {
                        self.retries.failure(answered.request_seq);
                    }
                }
                Paired::Double { request_seq, first_response_seq, action } => self.doubles.push(Double {
                    seq,
                    request: *request_seq,
                    first_response: *first_response_seq,
                    action: shown(action).into_owned(),
                }),
                // A tool that answers a refused request was not told; the request's own findings say why it was refused.
                Paired::Refused { .. } => {}
                Paired::Orphan { call_id } => {
                    let call = call_id.as_deref().map(|id| stable_hash(&[id]));
                    self.orphans.push(Orphan { seq, call, request: None });
                }
            }
        }
        if let Payload::ActionResponse(response) = arrival.event.payload() {
            self.claims.response(&settings.relies_on, arrival, response.status);
            let has_error = response.error.is_some_and(|error| !error.is_empty());
            let kind = match response.status {
                Status::Success if has_error => Some(ContradictionKind::SuccessWithError),
                Status::Success if response.result.is_some_and(says_error) => {
                    Some(ContradictionKind::SuccessWithErrorInResult)
                }
                Status::Error if !has_error => Some(ContradictionKind::ErrorWithoutError),
                _ => None,
            };
            if let Some(kind) = kind {
                self.contradictions.push(Contradiction { seq, kind });
            }
        }
    }

    /// Counts thoughts and errors of the agent; whatever else happens begins anew.
    fn watch_for_stall(&mut self, settings: &SequenceSettings, arrival: &Arrival<'_>) {
        let seq = arrival.seq();
        let is_idle = matches!(arrival.event.event_type(), EventType::Reasoning | EventType::Error)
            && !matches!(arrival.event.actor(), Actor::User | Actor::System);
        if !is_idle {
            if let Some(idle) = self.idle.take().filter(|idle| idle.established.is_some()) {
                self.stalls.push(idle);
            }
            return;
        }
        let idle = self.idle.get_or_insert(Idle { from: seq, to: seq, events: 0, established: None });
        idle.to = seq;
        idle.events += 1;
        if idle.events >= settings.stall_events {
            idle.established.get_or_insert(seq);
        }
    }

    /// Finds what does not fit together, were the run to end here. With `now`, a run that is silent without a final output
    /// has stalled.
    pub fn finish(&self, settings: &SequenceSettings, now: Option<Timestamp>, findings: &mut Vec<Finding>) {
        self.finish_pairs(findings);
        if let Some(end) = self.final_output {
            for (seq, event_type) in &self.after_final.items {
                let message = format!("this {event_type} came after the final output #{end}, which ends a run");
                let severity = match event_type {
                    EventType::Reasoning => Severity::Info,
                    _ => SEQ_AFTER_FINAL.severity,
                };
                findings.push(Finding { severity, ..post_run_at(&SEQ_AFTER_FINAL, *seq, vec![end], message) });
            }
            left_out(&SEQ_AFTER_FINAL, self.after_final.left_out, findings);
        }
        for contradiction in &self.contradictions.items {
            findings.push(contradiction.finding());
        }
        left_out(&SEQ_CONTRADICTION, self.contradictions.left_out, findings);
        self.claims.finish(&settings.overconfidence, findings);
        let (cycles, more_cycles) = self.repeats.cycles();
        for cycle in cycles.filter(|cycle| !self.retries.tell(cycle)) {
            let calls = match cycle.actions.as_slice() {
                [action] => format!("the same call of {action}"),
                actions => format!("the same {} calls ({})", actions.len(), actions.join(", ")),
            };
            let message = format!(
                "{calls} came {} times without change, #{} to #{}; fewer than {} are allowed (limit from `sequence.loop_times`)",
                cycle.times, cycle.from, cycle.to, settings.loop_times
            );
            findings.push(post_run_at(&SEQ_LOOP, cycle.established, vec![cycle.from, cycle.to], message));
        }
        left_out(&SEQ_LOOP, more_cycles, findings);
        self.retries.finish(settings.retries_max, findings);
        self.finish_stalls(settings, now, findings);
    }

    fn finish_pairs(&self, findings: &mut Vec<Finding>) {
        for orphan in &self.orphans.items {
            let (witnesses, message) = match orphan.request {
                Some(request) => (vec![request], format!("the response #{} came before its request #{request}", orphan.seq)),
                None => {
                    let none = match orphan.call {
                        Some(_) => "none with its call id came before it",
                        None => "none without a call id was open",
                    };
                    (Vec::new(), format!("the response #{} belongs to no request: {none}", orphan.seq))
                }
            };
            findings.push(post_run_at(&SEQ_ORPHAN_RESPONSE, orphan.seq, witnesses, message));
        }
        left_out(&SEQ_ORPHAN_RESPONSE, self.orphans.left_out, findings);
        for open in self.open.iter().take(FINDINGS_MAX) {
            let message = format!("the request #{} {} has no response", open.seq, open.action);
            findings.push(post_run_at(&SEQ_UNANSWERED, open.seq, Vec::new(), message));
        }
        let more = self.open.iter().skip(FINDINGS_MAX).count() as u64 + self.open.count_beyond();
        left_out(&SEQ_UNANSWERED, more, findings);
        for double in &self.doubles.items {
            let message = format!(
                "the request #{} {} has a second response #{}; #{} answered it",
                double.request, double.action, double.seq, double.first_response
            );
            let witnesses = vec![double.request, double.first_response];
            findings.push(post_run_at(&SEQ_DOUBLE_RESPONSE, double.seq, witnesses, message));
        }
        left_out(&SEQ_DOUBLE_RESPONSE, self.doubles.left_out, findings);
    }

    fn finish_stalls(&self, settings: &SequenceSettings, now: Option<Timestamp>, findings: &mut Vec<Finding>) {
        let current = self.idle.iter().filter(|idle| idle.established.is_some());
        for idle in self.stalls.items.iter().chain(current) {
            let Some(established) = idle.established else { continue };
            let message = format!(
                "{} events in a row, #{} to #{}, without an action or output; fewer than {} are allowed (limit from \
                 `sequence.stall_events`)",
                idle.events, idle.from, idle.to, settings.stall_events
            );
            findings.push(post_run_at(&SEQ_STALL, established, vec![idle.from, idle.to], message));
        }
        left_out(&SEQ_STALL, self.stalls.left_out, findings);
        if let (Some((seq, clock)), Some(now), None) = (self.last, now, self.final_output) {
            let silent = now.micros().saturating_sub(clock);
            if silent > settings.stall_after.micros() {
                let message = format!(
                    "nothing came for {} after #{seq}, and no final output; at most {} (limit from `sequence.stall_after`)",
                    TimeSpan::from_micros(silent),
                    settings.stall_after
                );
                findings.push(post_run_at(&SEQ_STALL, seq, Vec::new(), message));
            }
        }
    }
}

/// Whether a result is an object that has an `error`: a text that is not empty, or an object. A number may be a measure, and a list
/// the errors of something else.
fn says_error(result: Value<'_>) -> bool {
    let error = result.get("error");
    error.is_some_and(|error| error.entries().next().is_some() || error.as_str().is_some_and(|text| !text.trim().is_empty()))
}

impl Contradiction {
    fn finding(&self) -> Finding {
        let (path, witnesses, message) = match &self.kind {
            ContradictionKind::SuccessWithError => (
                "/payload/error",
                Vec::new(),
                "the status is success, yet there is an error; one of the two is wrong".to_owned(),
            ),
            ContradictionKind::SuccessWithErrorInResult => (
                "/payload/result/error",
                Vec::new(),
                "the status is success, yet the result has an error; one of the two is wrong".to_owned(),
            ),
            ContradictionKind::ErrorWithoutError => {
                ("/payload/status", Vec::new(), "the status is error, yet there is no error that says why".to_owned())
            }
            ContradictionKind::ReusedCallId { request, action, earlier_action, open } => {
                let state = if *open { ", which has no response yet" } else { "" };
                let message = format!(
                    "the request of {action} has the call id of #{request} {earlier_action}{state}; each call has an id of its own"
                );
                ("/meta", vec![*request], message)
            }
        };
        Finding { path: Some(path.to_owned()), ..post_run_at(&SEQ_CONTRADICTION, self.seq, witnesses, message) }
    }
}
