//! An explanation in the making, event by event.

use std::collections::BTreeMap;

use aop_toon::{Event, Finding, Timestamp};

use super::Listener;
use super::lens::{ClauseLens, Lens, Step};
use super::report::{ExplainedCandidate, ExplainedClause, ExplainedDuty, ExplainedEvent, ExplainedValue, Explanation};
use super::sightings::{Records, Sighting, answer, closest, is_closer, own_parts, records, sighting, values};
use crate::eval::{Scratch, look};
use crate::occurrence::{Judgement, Occurrence};
use crate::source_text::whole;
use crate::state::{Duty, Moment, PolicyState, SharedState};
use crate::typed::{Package, Rule, Slot, Window};
use crate::value::Truth;

/// So many duties are followed at once; of more, the newest are not explained beyond what was found.
const DUTIES_MAX: usize = 256;

pub(super) struct Telling<'e> {
    lens: &'e Lens,
    events: &'e [Event<'e>],
    why_not: Option<u64>,
    has_duty: bool,
    /// What the lens knows of the run so far.
    state: PolicyState,
    shared: SharedState,
    scratch: Scratch,
    sightings: BTreeMap<Slot, Vec<Sighting>>,
    open: Vec<OpenDuty>,
    explanation: Explanation,
}

/// A duty that waits for its answer.
struct OpenDuty {
    /// The explained event, and the clause in it.
    event: usize,
    clause: usize,
    trigger: u64,
    at: Moment,
    /// What is expected, and for how long.
    slot: Slot,
    window: Window,
    values: Vec<ExplainedValue>,
    records: Records,
    /// The state has it: it was begun and not ended.
    has_begun: bool,
    closest: Option<ExplainedCandidate>,
}

impl<'e> Telling<'e> {
    pub(super) fn new(
        lens: &'e Lens,
        package: &Package,
        rule: &Rule,
        events: &'e [Event<'e>],
        why_not: Option<u64>,
    ) -> Self {
        let trigger = whole(&package.source, rule.trigger.span);
        let code = rule.code.clone();
        Self {
            lens,
            events,
            why_not,
            has_duty: lens.clauses.iter().any(|clause| matches!(clause, ClauseLens::Expect(..))),
            state: PolicyState::default(),
            shared: SharedState::default(),
            scratch: Scratch::default(),
            sightings: BTreeMap::new(),
            open: Vec::new(),
            explanation: Explanation { rule: code, trigger, triggers: 0, events: Vec::new(), at_the_end: Vec::new() },
        }
    }

    /// An event was judged, and is not yet taken in.
    pub(super) fn event(&mut self, occurrence: &Occurrence<'_>, judgement: &Judgement, heard: &mut Listener<'_>) {
        let seq = occurrence.event.seq();
        let is_accepted = judgement.effect().accepts();
        self.explanation.triggers += usize::from(heard.value.is_some());
        let is_meant = match (self.why_not, self.has_duty) {
            (Some(asked), _) => asked == seq,
            // What a duty comes to is said when it is due.
            (None, true) => heard.value.is_some_and(|value| value != Truth::False),
            (None, false) => !judgement.findings.is_empty() || heard.value == Some(Truth::Unknown),
        };
        let Self { lens, events, state, scratch, sightings, open, .. } = self;
        let (lens, events) = (*lens, *events);
        let (new, closer, explained) = look(lens.program(), occurrence, state, scratch, |look| {
            let mut explained = None;
            if is_meant {
                let shown = values(lens, look, Slot::TRIGGER, seq, events);
                let mut clauses = std::mem::take(&mut heard.clauses);
                for (at, clause) in &mut clauses {
                    let shown = (Slot::TRIGGER, &shown[..]);
                    let of_values = |asked: &[(Slot, usize)]| {
                        asked.iter().filter_map(|(_, at)| shown.1.get(*at).cloned()).collect::<Vec<_>>()
                    };
                    match at.map(|at| &lens.clauses[at]) {
                        None => clause.parts = own_parts(lens, look, &lens.trigger, shown),
                        Some(ClauseLens::Condition(parts)) => clause.parts = own_parts(lens, look, parts, shown),
                        Some(ClauseLens::Past(past)) => {
                            let is_found = clause.value == past.value_if_found.to_string();
                            if !is_found || clause.witnesses.is_empty() {
                                (clause.candidates, clause.nothing_like) = closest(lens, look, past, sightings, shown);
                            }
                        }
                        Some(ClauseLens::Measured(values)) => clause.values = of_values(values),
                        Some(ClauseLens::Expect(..)) => {}
                    }
                }
                explained = Some((clauses, shown, records(lens, look, Slot::TRIGGER), look.moment()));
            }
            let (mut new, mut closer) = (Vec::new(), Vec::new());
            for step in steps(lens) {
                if let Some(seen) = sighting(lens, look, step, seq, is_accepted, events) {
                    for (at, duty) in open.iter().enumerate().filter(|(_, duty)| duty.has_begun && duty.slot == step.slot) {
                        let trigger = (Slot::TRIGGER, &duty.values[..]);
                        let is_late = is_past(duty.window, duty.at, look.moment());
                        let candidate = answer(lens, look, step, &seen, &duty.records, trigger, is_late);
                        if is_closer(&candidate, duty.closest.as_ref()) {
                            closer.push((at, candidate));
                        }
                    }
                    new.push((step.slot, seen));
                }
            }
            (new, closer, explained)
        });
        for (at, candidate) in closer {
            self.open[at].closest = Some(candidate);
        }
        for (slot, seen) in new {
            self.sightings.entry(slot).or_default().push(seen);
        }
        lens.set.observe(occurrence, is_accepted, &mut self.state, Some(&mut self.shared), &mut self.scratch);
        if let Some((clauses, values, records, at)) = explained {
            self.explained(seq, heard.value, clauses, values, records, at);
        }
    }

    fn explained(
        &mut self,
        seq: u64,
        value: Option<Truth>,
        clauses: Vec<(Option<usize>, ExplainedClause)>,
        values: Vec<ExplainedValue>,
        records: Records,
        at: Moment,
    ) {
        let event = self.explanation.events.len();
        // In the order of the text, whatever the order is in which they are decided.
        let mut clauses = clauses;
        clauses.sort_by_key(|(at, _)| *at);
        for (clause, (of, explained)) in clauses.iter_mut().enumerate() {
            let Some(ClauseLens::Expect(step, window)) = of.map(|of| &self.lens.clauses[of]) else { continue };
            explained.value = "not asked".to_owned();
            let begins = value.is_some_and(|value| value != Truth::False);
            let deadline = begins.then(|| deadline(*window, at));
            explained.duty = Some(ExplainedDuty { deadline, answered_by: None, decided_at: None });
            if begins && self.open.len() < DUTIES_MAX {
                let (values, records) = (values.clone(), records.clone());
                let (slot, window) = (step.slot, *window);
                self.open.push(OpenDuty {
                    event,
                    clause,
                    trigger: seq,
                    at,
                    slot,
                    window,
                    values,
                    records,
                    has_begun: false,
                    closest: None,
                });
            }
        }
        let value = value.map_or("no trigger", super::word).to_owned();
        let clauses = clauses.into_iter().map(|(_, clause)| clause).collect();
        self.explanation.events.push(ExplainedEvent { seq, value, clauses, findings: Vec::new() });
    }

    /// What was found at an event, or at the run's end.
    pub(super) fn found(&mut self, findings: Vec<Finding>, decided_at: Option<u64>) {
        for finding in findings {
            let about = self.explanation.events.iter().position(|event| Some(event.seq) == finding.seq);
            match about {
                Some(event) => {
                    self.decided(event, decided_at, &finding);
                    self.explanation.events[event].findings.push(finding);
                }
                None if self.why_not.is_none() && decided_at.is_none() => self.explanation.at_the_end.push(finding),
                None => {}
            }
        }
    }

    /// A finding about a duty says that nothing has answered it.
    fn decided(&mut self, event: usize, decided_at: Option<u64>, finding: &Finding) {
        let Some(at) = self.open.iter().position(|duty| duty.event == event && duty.has_begun) else { return };
        let duty = self.open.remove(at);
        let explained = &mut self.explanation.events[event];
        let is_unknown = finding.message.starts_with(crate::eval::UNDECIDED);
        let (value, of_clause) = if is_unknown { ("unknown", "unknown") } else { ("true", "unmet") };
        value.clone_into(&mut explained.value);
        let clause = &mut explained.clauses[duty.clause];
        of_clause.clone_into(&mut clause.value);
        if duty.closest.is_none() {
            let steps = steps(self.lens).filter(|step| step.slot == duty.slot);
            clause.nothing_like = steps.map(|step| step.kind.clone()).next();
        }
        clause.candidates.extend(duty.closest);
        if let Some(told) = &mut clause.duty {
            told.decided_at = decided_at;
        }
    }

    /// These duties are open after an event.
    pub(super) fn duties(&mut self, open: Vec<&Duty>, seq: u64) {
        let is_open =
            |duty: &OpenDuty| open.iter().any(|known| known.trigger.seq == duty.trigger && known.trigger.at == duty.at);
        let mut still = Vec::new();
        for mut duty in std::mem::take(&mut self.open) {
            if is_open(&duty) {
                duty.has_begun = true;
                still.push(duty);
                continue;
            }
            let explained = &mut self.explanation.events[duty.event];
            let clause = &mut explained.clauses[duty.clause];
            if duty.has_begun {
                "false".clone_into(&mut explained.value);
                "met".clone_into(&mut clause.value);
            }
            if let Some(told) = &mut clause.duty {
                match duty.has_begun {
                    true => told.answered_by = Some(seq),
                    false => told.deadline = None,
                }
            }
        }
        self.open = still;
    }

    pub(super) fn explanation(mut self) -> Explanation {
        if self.has_duty && self.why_not.is_none() {
            self.explanation.events.retain(|event| !event.findings.is_empty());
        }
        self.explanation
    }
}

/// The events that the rule's clauses ask for.
fn steps(lens: &Lens) -> impl Iterator<Item = &Step> {
    lens.clauses.iter().flat_map(|clause| match clause {
        ClauseLens::Past(past) => past.steps.as_slice(),
        ClauseLens::Expect(step, _) => std::slice::from_ref(step),
        ClauseLens::Condition(_) | ClauseLens::Measured(_) => &[],
    })
}

/// Whether a moment is past a duty's deadline.
fn is_past(window: Window, begin: Moment, now: Moment) -> bool {
    match window {
        Window::Run => false,
        Window::Micros(micros) => now.clock > begin.clock.saturating_add(micros),
        Window::Events(events) => now.ordinal >= begin.ordinal.saturating_add(events),
    }
}

fn deadline(window: Window, at: Moment) -> String {
    match window {
        Window::Micros(micros) => Timestamp::from_micros(at.clock.saturating_add(micros)).to_string(),
        Window::Events(events) => match events.saturating_sub(1) {
            1 => "the next event".to_owned(),
            events => format!("the {events} events after it"),
        },
        Window::Run => "the run's end".to_owned(),
    }
}
