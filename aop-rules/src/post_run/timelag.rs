//! `timelag_validator`: too much time between events, before a response, before the agent goes on, or in all; and clocks
//! that run backwards or ahead.

use std::borrow::Cow;

use aop_toon::{Actor, Effect, EventType, Finding, Paired, Phase, Severity, Timestamp};
use serde::{Deserialize, Serialize};

use super::bounded::{Lag, Longest, OpenRequests};
use super::robust::LogHistogram;
use super::{Arrival, FINDINGS_MAX, LagLimit, Pattern, SettingsError, TimeSpan, finding_at, left_out, post_run_at, shown};
use crate::rule::{Rule, Status};

/// Too much time between one event and the next.
pub static LAG_GAP: Rule = Rule {
    id: "lag/gap",
    validator: "timelag_validator",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    phase: Phase::PostRun,
    status: Status::Active,
    summary: "too much time between two events",
    why: "A run that stands still waits for something that nobody sees, or its events were lost.",
    source: "the operator's setting `timelag.max_gap`",
};

/// A response that came late, or not in time.
pub static LAG_RESPONSE: Rule = Rule {
    id: "lag/response",
    phase: Phase::Ingestion,
    summary: "a response came late or is overdue",
    why: "A slow tool holds up the run; one that never answers leaves the agent to guess. A late response is flagged when it \
          arrives, an open request after the run.",
    source: "the operator's settings `timelag.max_response` and `timelag.responses`",
    ..LAG_GAP
};

/// A run that took too long.
pub static LAG_RUN: Rule = Rule {
    id: "lag/run",
    summary: "the run took too long",
    why: "A run that does not end costs money and may be stuck.",
    source: "the operator's setting `timelag.max_run`",
    ..LAG_GAP
};

/// An agent that took long to go on after a response.
pub static LAG_THINK: Rule = Rule {
    id: "lag/think",
    summary: "the agent took too long to go on after a response",
    why: "The time between a response and the agent's next event is the model's; a long one is a hung or overloaded model.",
    source: "the operator's setting `timelag.max_think`",
    ..LAG_GAP
};

/// A clock that runs backwards, or is ahead.
pub static LAG_CLOCK: Rule = Rule {
    id: "lag/clock",
    phase: Phase::Ingestion,
    summary: "an event's time lies before its predecessors' or in the future",
    why: "Windows and limits go by the run's clock: a time that jumps can hide a burst or open a window. The event counts at \
          the run's clock, the greatest time so far.",
    source: "RFC 3339 times of the events; only `seq` orders a run",
    ..LAG_GAP
};

/// What `timelag_validator` is told. The defaults let ordinary runs pass: they catch what stands still for minutes or hours.
///
/// ```
/// use aop_rules::post_run::{LagLimit, TimeLagSettings, TimeSpan};
///
/// let settings: TimeLagSettings = serde_json::from_str(
///     r#"{"max_gap":"5m","max_think":"robust(8)","responses":[{"action":"search_*","max":"30s"}]}"#)?;
/// assert_eq!(settings.max_gap, LagLimit::Fixed(TimeSpan::from_secs(300)));
/// settings.validate()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeLagSettings {
    /// Most time between an event and the next.
    pub max_gap: LagLimit,
    /// Most time from a request to its response.
    pub max_response: LagLimit,
    /// Limits for some actions in place of `max_response`; the first that fits counts.
    pub responses: Vec<ResponseLimit>,
    /// Most time from the run's first event to its last.
    pub max_run: LagLimit,
    /// Most time from a response to the agent's next event.
    pub max_think: LagLimit,
    /// How far an event's time may lie behind the run's clock.
    pub clock_tolerance: TimeSpan,
    /// How far the run's clock may be ahead of the `now` that a run is finished with.
    pub max_ahead: TimeSpan,
    /// A robust limit needs so many values to go by; with fewer there is no limit.
    pub robust_min_count: u64,
    /// A robust limit is never less than this.
    pub robust_floor: TimeSpan,
}

impl Default for TimeLagSettings {
    fn default() -> Self {
        Self {
            max_gap: LagLimit::Fixed(TimeSpan::from_secs(3_600)),
            max_response: LagLimit::Fixed(TimeSpan::from_secs(600)),
            responses: Vec::new(),
            max_run: LagLimit::Fixed(TimeSpan::from_secs(86_400)),
            max_think: LagLimit::Fixed(TimeSpan::from_secs(600)),
            clock_tolerance: TimeSpan::from_secs(0),
            max_ahead: TimeSpan::from_secs(300),
            robust_min_count: 8,
            robust_floor: TimeSpan::from_secs(1),
        }
    }
}

/// How long a response to an action may take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseLimit {
    /// The actions it is for.
    pub action: Pattern,
    /// The limit.
    pub max: LagLimit,
}

impl TimeLagSettings {
    /// # Errors
    /// When `max_run` is robust (a run has only one duration to go by) or `robust_min_count` is 0.
    pub fn validate(&self) -> Result<(), SettingsError> {
        if let LagLimit::Robust(_) = self.max_run {
            let problem = format!("{} has only one duration to go by; write a length of time such as \"2h\"", self.max_run);
            return Err(SettingsError::new("timelag.max_run", problem));
        }
        match self.robust_min_count {
            0 => Err(SettingsError::new("timelag.robust_min_count", "0 values have no median; write 1 or more")),
            _ => Ok(()),
        }
    }

    /// The limit for responses to an action: which one, what the setting is called, and its place among the tallies.
    fn response_limit(&self, action: &str) -> (LagLimit, impl Fn() -> String, usize) {
        let index = self.responses.iter().position(|limit| limit.action.matches(action));
        let name = move || match index {
            Some(index) => format!("timelag.responses[{index}]"),
            None => "timelag.max_response".to_owned(),
        };
        match index {
            Some(index) => (self.responses[index].max, name, index + 1),
            None => (self.max_response, name, 0),
        }
    }

    fn resolve(&self, limit: LagLimit, setting: &str, tally: &Tally) -> Option<Resolved> {
        match limit {
            LagLimit::Off => None,
            LagLimit::Fixed(span) => Some(Resolved { micros: span.micros(), source: format!("limit from `{setting}`") }),
            LagLimit::Robust(k) => {
                if tally.histogram.count() < self.robust_min_count {
                    return None;
                }
                let (median, deviation) = tally.histogram.median_and_deviation()?;
                // A pace so even that the histogram sees no deviation must not make its own rounding an outlier.
                let deviation = deviation.max(median / 50);
                let micros = (median as f64 + k * deviation as f64) as i64;
                let source = format!(
                    "limit from `{setting}` = {limit}, with a median of about {} and a deviation of about {}",
                    span(rounded(median as i64)),
                    span(rounded(deviation as i64))
                );
                Some(Resolved { micros: rounded(micros).max(self.robust_floor.micros()), source })
            }
        }
    }
}

/// A limit as it stands for this run, and where it comes from.
struct Resolved {
    micros: i64,
    source: String,
}

impl Resolved {
    fn at_most(&self) -> String {
        format!("at most {} ({})", span(self.micros), self.source)
    }
}

/// To three digits, since a histogram knows no more; at most 2^62, so that rounding cannot overflow.
fn rounded(micros: i64) -> i64 {
    let micros = micros.clamp(0, 1 << 62);
    let unit = 10_i64.pow(micros.max(1).ilog10().saturating_sub(2));
    (micros + unit / 2) / unit * unit
}

fn span(micros: i64) -> TimeSpan {
    TimeSpan::from_micros(micros)
}

/// What `timelag_validator` remembers of a run: a few events, at most 1,024 open requests, and for each limit the 64 longest
/// lags and, when it is robust, a histogram.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLagState {
    first: Option<Mark>,
    last: Option<Mark>,
    /// The event whose `t` is the run's clock.
    leader: Option<u64>,
    /// The latest response the agent has not gone on from.
    last_response: Option<Mark>,
    /// The first event past `max_run`.
    overrun: Option<u64>,
    gaps: Tally,
    thinks: Tally,
    /// One for `max_response`, then one for each of `responses`.
    responses: Vec<Tally>,
    open: OpenRequests,
}

/// An event and the run's clock at it, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    seq: u64,
    clock: i64,
}

/// The lags that one limit is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Tally {
    /// How many were over a fixed limit.
    over: u64,
    longest: Longest,
    /// All of them, for a robust limit.
    histogram: LogHistogram,
}

impl Tally {
    fn observe(&mut self, limit: LagLimit, micros: i64, seq: u64, from: u64, action: Option<&str>) {
        match limit {
            LagLimit::Off => return,
            LagLimit::Fixed(span) if micros <= span.micros() => return,
            LagLimit::Fixed(_) => self.over += 1,
            LagLimit::Robust(_) => self.histogram.add(u64::try_from(micros).unwrap_or(0)),
        }
        self.longest.insert(micros, seq, from, action);
    }

    /// The lags over the limit, in the order of the run, and how many more there were.
    fn above(&self, limit: LagLimit, resolved: &Resolved) -> (Vec<&Lag>, u64) {
        let listed = self.longest.above(resolved.micros);
        let all = match limit {
            LagLimit::Robust(_) if listed.len() < FINDINGS_MAX => listed.len() as u64,
            LagLimit::Robust(_) => self.histogram.count_above(u64::try_from(resolved.micros).unwrap_or(0)),
            _ => self.over,
        };
        let more = all.saturating_sub(listed.len() as u64);
        (listed, more)
    }
}

impl TimeLagState {
    /// Finds a time that lies before the run's clock, and a response that came late (for fixed limits).
    pub fn at_ingestion(&self, settings: &TimeLagSettings, arrival: &Arrival<'_>, findings: &mut Vec<Finding>) {
        let event = arrival.event;
        let behind = arrival.clock.micros_since(event.t());
        if behind > settings.clock_tolerance.micros() {
            let message = format!(
                "the time {} lies {} before the run's clock; it counts at {}",
                event.t(),
                span(behind),
                arrival.clock
            );
            findings.push(finding_at(&LAG_CLOCK, event.seq(), self.leader.into_iter().collect(), message));
        }
        let mut flagged = None;
        for (request_seq, action, lag) in answered(arrival) {
            let (limit, setting, _) = settings.response_limit(&action);
            if let LagLimit::Fixed(most) = limit
                && lag > most.micros()
                && flagged.replace(request_seq) != Some(request_seq)
            {
                let resolved = Resolved { micros: most.micros(), source: format!("limit from `{}`", setting()) };
                let message = format!("the response to #{request_seq} {action} took {}; {}", span(lag), resolved.at_most());
                findings.push(finding_at(&LAG_RESPONSE, event.seq(), vec![request_seq], message));
            }
        }
    }

    /// Takes the event in. A refused request awaits no response; a refused response is one all the same.
    pub fn observe(&mut self, settings: &TimeLagSettings, arrival: &Arrival<'_>, accepted: bool) {
        let event = arrival.event;
        let here = Mark { seq: event.seq(), clock: arrival.clock.micros() };
        if self.leader.is_none() || event.t() == arrival.clock && self.last.is_some_and(|last| last.clock < here.clock) {
            self.leader = Some(here.seq);
        }
        let first = *self.first.get_or_insert(here);
        if let LagLimit::Fixed(most) = settings.max_run
            && here.clock.saturating_sub(first.clock) > most.micros()
        {
            self.overrun.get_or_insert(here.seq);
        }
        if let Some(last) = self.last {
            self.gaps.observe(settings.max_gap, here.clock.saturating_sub(last.clock), here.seq, last.seq, None);
        }
        self.last = Some(here);
        if event.actor() == Actor::Agent
            && let Some(response) = self.last_response.take()
        {
            let lag = here.clock.saturating_sub(response.clock);
            self.thinks.observe(settings.max_think, lag, here.seq, response.seq, None);
        }
        match event.event_type() {
            EventType::ActionRequest if accepted => {
                let action = shown(arrival.action.as_deref().unwrap_or_default());
                if settings.response_limit(&action).0 != LagLimit::Off {
                    self.open.request(here.seq, here.clock, &action, arrival.calls());
                }
            }
            EventType::ActionResponse => {
                for (request_seq, action, lag) in answered(arrival) {
                    self.open.answer(request_seq);
                    let (limit, _, index) = settings.response_limit(&action);
                    if let LagLimit::Robust(_) = limit {
                        self.responses.resize_with(settings.responses.len() + 1, Tally::default);
                        self.responses[index].observe(limit, lag, here.seq, request_seq, Some(&action));
                    }
                }
                self.last_response = Some(here);
            }
            _ => {}
        }
    }

    /// Finds what took too long, were the run to end here. With `now`, open requests are measured up to it, and a run whose
    /// clock is ahead of it is flagged.
    pub fn finish(&self, settings: &TimeLagSettings, now: Option<Timestamp>, findings: &mut Vec<Finding>) {
        let (Some(first), Some(last)) = (self.first, self.last) else { return };
        settings.report(&LAG_GAP, settings.max_gap, "timelag.max_gap", &self.gaps, findings, |lag| {
            format!("{} between #{} and #{}", span(lag.micros), lag.from, lag.seq)
        });
        self.finish_responses(settings, now, last, findings);
        if let (Some(seq), LagLimit::Fixed(most)) = (self.overrun, settings.max_run) {
            let message = format!(
                "the run took {}, from #{} to #{}; at most {} (limit from `timelag.max_run`)",
                span(last.clock.saturating_sub(first.clock)),
                first.seq,
                last.seq,
                most
            );
            findings.push(finding_at(&LAG_RUN, seq, vec![first.seq], message));
        }
        settings.report(&LAG_THINK, settings.max_think, "timelag.max_think", &self.thinks, findings, |lag| {
            format!("{} from the response #{} to the agent's #{}", span(lag.micros), lag.from, lag.seq)
        });
        let ahead = now.map_or(0, |now| last.clock.saturating_sub(now.micros()));
        if let (Some(now), true) = (now, ahead > settings.max_ahead.micros()) {
            let message = format!(
                "the run's clock stands at {}, {} ahead of {now}; at most {} (limit from `timelag.max_ahead`)",
                Timestamp::from_micros(last.clock),
                span(ahead),
                settings.max_ahead
            );
            findings.push(post_run_at(&LAG_CLOCK, self.leader.unwrap_or(last.seq), Vec::new(), message));
        }
    }

    fn finish_responses(&self, settings: &TimeLagSettings, now: Option<Timestamp>, last: Mark, findings: &mut Vec<Finding>) {
        let none = Tally::default();
        let tally = |index: usize| self.responses.get(index).unwrap_or(&none);
        let all = std::iter::once(("timelag.max_response".to_owned(), settings.max_response)).chain(
            settings.responses.iter().enumerate().map(|(index, limit)| (format!("timelag.responses[{index}]"), limit.max)),
        );
        for (index, (setting, limit)) in all.enumerate() {
            settings.report(&LAG_RESPONSE, limit, &setting, tally(index), findings, |lag| {
                let action = lag.action.as_deref().unwrap_or_default();
                format!("the response to #{} {action} took {}", lag.from, span(lag.micros))
            });
        }
        let end = now.map_or(last.clock, |now| now.micros().max(last.clock));
        let mut overdue = 0_u64;
        for open in self.open.iter() {
            let (limit, setting, index) = settings.response_limit(&open.action);
            let waited = end.saturating_sub(open.clock);
            let Some(resolved) = settings.resolve(limit, &setting(), tally(index)) else { continue };
            if waited <= resolved.micros {
                continue;
            }
            overdue += 1;
            if overdue <= FINDINGS_MAX as u64 {
                let message = format!(
                    "no response to #{} {} within {} ({}); the run went on for {}",
                    open.seq,
                    open.action,
                    span(resolved.micros),
                    resolved.source,
                    span(waited)
                );
                findings.push(post_run_at(&LAG_RESPONSE, open.seq, Vec::new(), message));
            }
        }
        left_out(&LAG_RESPONSE, overdue.saturating_sub(FINDINGS_MAX as u64), findings);
    }
}

/// The calls that the event answers: request, action, and the time it took. A request with two ids may come twice.
fn answered<'a>(arrival: &'a Arrival<'_>) -> impl Iterator<Item = (u64, Cow<'a, str>, i64)> {
    arrival.paired.iter().filter_map(|paired| match paired {
        Paired::Answered(answered) => {
            let lag = arrival.clock.micros_since(answered.request_t);
            Some((answered.request_seq, shown(&answered.action), lag))
        }
        _ => None,
    })
}

impl TimeLagSettings {
    fn report(
        &self,
        rule: &'static Rule,
        limit: LagLimit,
        setting: &str,
        tally: &Tally,
        findings: &mut Vec<Finding>,
        what: impl Fn(&Lag) -> String,
    ) {
        let Some(resolved) = self.resolve(limit, setting, tally) else { return };
        let (lags, more) = tally.above(limit, &resolved);
        for lag in lags {
            let message = format!("{}; {}", what(lag), resolved.at_most());
            findings.push(post_run_at(rule, lag.seq, vec![lag.from], message));
        }
        left_out(rule, more, findings);
    }
}
