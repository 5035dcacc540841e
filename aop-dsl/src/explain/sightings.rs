//! The events of a run that a rule's clauses may mean, and how far each is what they ask for.

use std::collections::BTreeMap;

use aop_toon::Event;

use super::lens::{Lens, Part, PastLens, Step};
use super::report::{ExplainedCandidate, ExplainedPart, ExplainedValue};
use crate::eval::Look;
use crate::state::{Moment, Record};
use crate::typed::{Scope, Slot, Window};
use crate::value::Truth;

/// A clause is explained by so many of the events before: the nearest ones.
const CANDIDATES_MAX: usize = 256;

/// What is kept of an event for each rule of the lens, by its number.
pub(super) type Records = BTreeMap<usize, Record>;

/// An event that a step's pattern means, or may mean.
pub(super) struct Sighting {
    pub(super) seq: u64,
    at: Moment,
    agent_id: Option<i64>,
    is_accepted: bool,
    meant: Truth,
    /// Its values, as they are shown.
    values: Vec<ExplainedValue>,
    /// By part: what those that speak of it alone gave.
    own: Vec<Option<(Truth, Option<String>)>>,
    records: Records,
}

/// An event in a slot of the rule, with its values.
pub(super) type Shown<'s> = (Slot, &'s [ExplainedValue]);

/// The event, if a step may mean it.
pub(super) fn sighting<'e>(
    lens: &'e Lens,
    look: &mut Look<'_, 'e, '_>,
    step: &Step,
    seq: u64,
    is_accepted: bool,
    events: &'e [Event<'e>],
) -> Option<Sighting> {
    let meant = look.is_meant_by(&step.pattern);
    if meant == Truth::False {
        return None;
    }
    let own = step.parts.iter().map(|part| part.is_own.then(|| truth_of(lens, look, part, &[]))).collect();
    Some(Sighting {
        seq,
        at: look.moment(),
        agent_id: look.agent_id(),
        is_accepted,
        meant,
        own,
        values: values(lens, look, step.slot, seq, events),
        records: records(lens, look, step.slot),
    })
}

/// The values of the event in a slot, as they are shown.
pub(super) fn values<'e>(
    lens: &'e Lens,
    look: &mut Look<'_, 'e, '_>,
    slot: Slot,
    seq: u64,
    events: &'e [Event<'e>],
) -> Vec<ExplainedValue> {
    let texts = &lens.values[usize::from(slot.0)].texts;
    let shown = lens.shown(slot).zip(texts).map(|((path, value, detect), text)| {
        let place = look.place(&path.expr, events);
        ExplainedValue {
            path: text.clone(),
            value: look.shown(value),
            seq: place.as_ref().map_or(seq, |(seq, _)| *seq),
            pointer: place.map(|(_, pointer)| pointer),
            detected: detect.map(|detect| look.detected(detect)).unwrap_or_default(),
        }
    });
    shown.collect()
}

/// What is kept of the event in a slot.
pub(super) fn records<'e>(lens: &'e Lens, look: &mut Look<'_, 'e, '_>, slot: Slot) -> Records {
    lens.kept(slot).into_iter().map(|(rule, values)| (rule, look.record(values))).collect()
}

/// What a part gives at the event, with others in their slots.
fn truth_of<'e>(
    lens: &'e Lens,
    look: &mut Look<'_, 'e, '_>,
    part: &Part,
    others: &[(Slot, &'e Records)],
) -> (Truth, Option<String>) {
    let Some(expr) = lens.expr(part.place) else { return (Truth::Unknown, None) };
    let of_rule = part.place.rule();
    let past: Vec<(u16, &'e Record)> =
        others.iter().filter_map(|(slot, records)| Some((slot.0, records.get(&of_rule)?))).collect();
    look.truth(lens.rule(part.place), expr, &past)
}

/// The parts of a condition about one event.
pub(super) fn own_parts<'e>(
    lens: &'e Lens,
    look: &mut Look<'_, 'e, '_>,
    parts: &[Part],
    shown: Shown<'_>,
) -> Vec<ExplainedPart> {
    parts.iter().map(|part| explained(part, truth_of(lens, look, part, &[]), &[shown])).collect()
}

fn explained(part: &Part, (truth, unknown): (Truth, Option<String>), shown: &[Shown<'_>]) -> ExplainedPart {
    let value = |(slot, at): &(Slot, usize)| {
        let (_, values) = shown.iter().find(|(of, _)| of == slot)?;
        values.get(*at).cloned()
    };
    let values = part.values.iter().filter_map(value).collect();
    ExplainedPart { text: part.text.clone(), value: word(truth).to_owned(), values, unknown }
}

pub(super) fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "false",
        Truth::Unknown => "unknown",
        Truth::True => "true",
    }
}

/// How an event stands to a step: its parts, with what is in the other slots.
fn measured<'e>(
    lens: &'e Lens,
    look: &mut Look<'_, 'e, '_>,
    step: &Step,
    sighting: &Sighting,
    others: &[(Slot, &'e Records)],
    shown: &[Shown<'_>],
    faults: Vec<String>,
) -> ExplainedCandidate {
    let mut all = shown.to_vec();
    all.push((step.slot, &sighting.values));
    let parts = step.parts.iter().zip(&sighting.own).map(|(part, own)| {
        let truth = own.clone().unwrap_or_else(|| truth_of(lens, look, part, others));
        explained(part, truth, &all)
    });
    let parts: Vec<ExplainedPart> = parts.collect();
    let mut faults = faults;
    if sighting.meant == Truth::Unknown {
        faults.push("of which it is not known what it answers".to_owned());
    }
    let is_met = faults.is_empty() && parts.iter().all(ExplainedPart::holds);
    ExplainedCandidate { seq: sighting.seq, name: step.name.clone(), is_met, faults, parts }
}

/// How much is wrong with an event: less is closer.
fn distance(candidate: &ExplainedCandidate) -> usize {
    candidate.faults.len() + candidate.parts.iter().filter(|part| !part.holds()).count()
}

/// The events that came closest to what a past clause asks for: of a sequence the steps that were met, and the one that was not;
/// and the kind of the step for which none came at all.
pub(super) fn closest<'e>(
    lens: &'e Lens,
    look: &mut Look<'_, 'e, '_>,
    past: &PastLens,
    sightings: &'e BTreeMap<Slot, Vec<Sighting>>,
    trigger: Shown<'_>,
) -> (Vec<ExplainedCandidate>, Option<String>) {
    let mut found = Vec::new();
    let mut chosen: Vec<(Slot, &'e Sighting)> = Vec::new();
    for step in &past.steps {
        let seen = sightings.get(&step.slot).map(Vec::as_slice).unwrap_or_default();
        let seen = &seen[seen.len().saturating_sub(CANDIDATES_MAX)..];
        let after = chosen.last().map_or(0, |(_, sighting)| sighting.at.ordinal);
        let mut others: Vec<(Slot, &'e Records)> =
            chosen.iter().map(|(slot, sighting)| (*slot, &sighting.records)).collect();
        let mut shown = vec![trigger];
        shown.extend(chosen.iter().map(|(slot, sighting)| (*slot, &sighting.values[..])));
        // The earliest that is met leaves the most room for the steps behind it; of those that are not, the nearest comes first.
        let mut best: Option<(ExplainedCandidate, &'e Sighting)> = None;
        for sighting in seen.iter().filter(|sighting| sighting.at.ordinal > after) {
            others.push((step.slot, &sighting.records));
            let candidate = measured(lens, look, step, sighting, &others, &shown, faults(past, look, sighting));
            others.pop();
            let is_met = candidate.is_met;
            if best.as_ref().is_none_or(|(best, _)| distance(&candidate) <= distance(best)) {
                best = Some((candidate, sighting));
            }
            if is_met && past.steps.len() > 1 {
                break;
            }
        }
        let Some((candidate, sighting)) = best else { return (found, Some(step.kind.clone())) };
        let is_met = candidate.is_met;
        found.push(candidate);
        if !is_met {
            break;
        }
        chosen.push((step.slot, sighting));
    }
    (found, None)
}

/// What keeps a past event from counting beside its condition.
fn faults(past: &PastLens, look: &Look<'_, '_, '_>, sighting: &Sighting) -> Vec<String> {
    let mut faults = Vec::new();
    if !past.sees_refused && !sighting.is_accepted {
        faults.push("which was refused".to_owned());
    }
    if past.scope == Scope::Agent && sighting.agent_id != look.agent_id() {
        faults.push("which is of another agent".to_owned());
    }
    // Only a run's own memory has its events in the order of the run.
    let is_counted = past.scope == Scope::Run || !matches!(past.window, Window::Events(_));
    if is_counted && !sighting.at.is_within(past.window, look.moment()) {
        faults.push("which is outside of the window".to_owned());
    }
    faults
}

/// How an event that came later stands to what an `expect` waits for.
pub(super) fn answer<'e>(
    lens: &'e Lens,
    look: &mut Look<'_, 'e, '_>,
    step: &Step,
    sighting: &Sighting,
    records: &'e Records,
    trigger: Shown<'_>,
    is_late: bool,
) -> ExplainedCandidate {
    let mut faults = Vec::new();
    if !sighting.is_accepted {
        faults.push("which was refused".to_owned());
    }
    if is_late {
        faults.push("which came too late".to_owned());
    }
    measured(lens, look, step, sighting, &[(Slot::TRIGGER, records)], &[trigger], faults)
}

/// Whether an event came closer than another one; of two that are as close, the earlier one did.
pub(super) fn is_closer(candidate: &ExplainedCandidate, than: Option<&ExplainedCandidate>) -> bool {
    than.is_none_or(|known| distance(candidate) < distance(known))
}
