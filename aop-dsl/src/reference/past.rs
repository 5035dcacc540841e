//! The events of a run as they came.

use std::rc::Rc;

use aop_toon::{Event, EventBuf, Paired, Timestamp};

use crate::typed::{Scope, Window};

/// An event that has arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) run: usize,
    pub(super) event: Rc<EventBuf>,
    /// The run's clock when it came.
    pub(super) clock: Timestamp,
    /// The number of events before it in its run.
    pub(super) ordinal: usize,
    /// Of an event that is being judged: `true`.
    pub(super) is_accepted: bool,
    pub(super) role: Option<String>,
    /// A request's own, or of the request that a response names.
    pub(super) action: Option<String>,
    /// The request that it answers.
    pub(super) request: Option<Rc<Request>>,
}

#[derive(Debug)]
pub(super) struct Request {
    pub(super) event: Rc<EventBuf>,
    pub(super) clock: Timestamp,
    /// Whether the response is its answer, not a second one or one that nobody waits for.
    pub(super) is_answered: bool,
}

impl Seen {
    /// The next event of a run, after all these events of all runs.
    pub(super) fn next(run: usize, event: EventBuf, role: Option<&str>, paired: &[Paired], past: &[Seen]) -> Self {
        let past: Vec<&Seen> = past.iter().filter(|seen| seen.run == run).collect();
        // "The run's clock": the greatest `t` so far.
        let clock = past.last().map_or(event.t(), |last| last.clock.max(event.t()));
        let ordinal = past.len();
        let own_action = event.action().map(|action| action.into_owned());
        // "A response knows its request": the one it answers, else the one that it names and that another one has answered or
        // that was refused.
        let named = |paired: &Paired| match paired {
            Paired::Answered(answered) => Some((answered.request_seq, answered.action.clone())),
            Paired::Double { request_seq, action, .. } | Paired::Refused { request_seq, action } => {
                Some((*request_seq, action.clone()))
            }
            Paired::Orphan { .. } => None,
        };
        let answered = paired.iter().find(|paired| matches!(paired, Paired::Answered(_)));
        let named = answered.and_then(named).or_else(|| paired.iter().find_map(named));
        let action = own_action.or_else(|| named.as_ref().map(|(_, action)| action.clone()));
        let request = named.and_then(|(request_seq, _)| {
            let request = past.iter().rev().find(|seen| seen.event.seq() == request_seq)?;
            Some(Rc::new(Request {
                event: Rc::clone(&request.event),
                clock: request.clock,
                is_answered: answered.is_some(),
            }))
        });
        Self {
            run,
            event: Rc::new(event),
            clock,
            ordinal,
            is_accepted: true,
            role: role.map(str::to_owned),
            action,
            request,
        }
    }

    pub(super) fn event(&self) -> &Event<'static> {
        &self.event
    }

    pub(super) fn agent_id(&self) -> Option<i64> {
        self.event.meta().agent_id()
    }
}

/// The moment at which a rule looks back: a trigger's, or the run's end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'e> {
    pub(super) run: usize,
    pub(super) trigger: Option<&'e Seen>,
    /// The run's.
    pub(super) clock: Timestamp,
    /// Of all runs.
    pub(super) past: &'e [Seen],
}

impl<'e> Moment<'e> {
    pub(super) fn at(trigger: &'e Seen, past: &'e [Seen]) -> Self {
        Self { run: trigger.run, trigger: Some(trigger), clock: trigger.clock, past }
    }

    /// All past events of a scope, the earliest first: "State is the run's, unless the clause says `per agent` or
    /// `per organisation`."
    pub(super) fn of_scope(self, scope: Scope) -> Vec<&'e Seen> {
        let agent = self.trigger.and_then(Seen::agent_id);
        let is_in_scope = |seen: &&Seen| match scope {
            Scope::Run => seen.run == self.run,
            Scope::Agent => agent.is_some() && seen.agent_id() == agent,
            Scope::Organisation => true,
        };
        self.past.iter().filter(is_in_scope).collect()
    }

    /// The past events in a window, the nearest first. "Windows are (now − W, now] on the run's clock; `within 30 events`
    /// includes the trigger; `within run` is the whole run." The clock of an agent or organisation is the greatest of its runs'.
    pub(super) fn before(self, window: Window, scope: Scope) -> Vec<&'e Seen> {
        let events = self.of_scope(scope);
        let mut clock = i64::MIN;
        let clocks: Vec<i64> = events
            .iter()
            .map(|seen| {
                clock = clock.max(seen.clock.micros());
                clock
            })
            .collect();
        let now = clock.max(self.clock.micros());
        let is_in_window = |at: usize| match window {
            Window::Micros(micros) => clocks[at] > now.saturating_sub(micros),
            Window::Events(count) => ((events.len() - at) as u64) < count,
            Window::Run => true,
        };
        (0..events.len()).rev().filter(|at| is_in_window(*at)).map(|at| events[at]).collect()
    }

    /// Whether nobody can say whose memory is asked: the trigger names no agent.
    pub(super) fn is_nobodys(self, scope: Scope) -> bool {
        scope == Scope::Agent && self.trigger.and_then(Seen::agent_id).is_none()
    }
}
