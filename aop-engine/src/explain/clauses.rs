//! What the clauses of a policy's rule gave, as it may be shown.
//!
//! The run is replayed from the events as they were sent, so that everything that quotes them is gone through afterwards. What stands in
//! a clause may be from any event of the run, and much of it is found only where it stands: what is known of every event is hidden.

use std::ops::Range;

use aop_dsl::{ExplainedCandidate, ExplainedClause, ExplainedPart, ExplainedValue, Explanation};
use aop_rules::scan;
use aop_toon::{Event, Finding};

use super::About;
use super::excerpt::{EXCERPT_CHARACTERS_MAX, cut_end, joined, replaced, visible};
use crate::engine::Engine;
use crate::hiding::Hiding;
use crate::known::KnownData;
use crate::policies;

/// What each clause of a policy's rule gave where it found this.
pub(super) fn of(engine: &Engine, about: &About<'_>) -> Option<Explanation> {
    let rule = about.finding.rule.to_string();
    policies::rule_hash(&engine.policies, &rule)?;
    let events = about.trace.events();
    let jsonl: Vec<String> = events.iter().map(|event| event.raw().replace(['\n', '\r'], " ")).collect();
    let question = aop_dsl::Question {
        rule,
        why_not: about.finding.seq,
        role: about.role.map(str::to_owned),
        organisation: about.organisation.map(str::to_owned),
    };
    let mut told = crate::policy::explain(&engine.policies, jsonl.join("\n").as_bytes(), &question).ok()?;
    Shown::of(engine, events).explanation(&mut told);
    Some(told)
}

/// Takes data out of an explanation.
struct Shown<'e> {
    engine: &'e Engine,
    /// Of each event that has any.
    known: Vec<KnownData>,
}

impl<'e> Shown<'e> {
    fn of(engine: &'e Engine, events: &[Event<'_>]) -> Self {
        let known = events.iter().map(|event| KnownData::of(&engine.detectors, event, &engine.hits_of(event)));
        Self { engine, known: known.filter(|known| !known.is_empty()).collect() }
    }

    fn explanation(&self, told: &mut Explanation) {
        self.text(&mut told.trigger);
        for event in &mut told.events {
            event.clauses.iter_mut().for_each(|clause| self.clause(clause));
            event.findings.iter_mut().for_each(|finding| self.finding(finding));
        }
        told.at_the_end.iter_mut().for_each(|finding| self.finding(finding));
    }

    fn clause(&self, clause: &mut ExplainedClause) {
        self.text(&mut clause.text);
        clause.parts.iter_mut().for_each(|part| self.part(part));
        clause.values.iter_mut().for_each(|value| self.value(value));
        clause.candidates.iter_mut().for_each(|candidate| self.candidate(candidate));
        clause.nothing_like.iter_mut().for_each(|kind| self.text(kind));
        clause.measured.iter_mut().for_each(|measured| self.quoted(measured));
        clause.unknown.iter_mut().for_each(|unknown| self.text(unknown));
    }

    fn candidate(&self, candidate: &mut ExplainedCandidate) {
        candidate.faults.iter_mut().for_each(|fault| self.text(fault));
        candidate.parts.iter_mut().for_each(|part| self.part(part));
    }

    fn part(&self, part: &mut ExplainedPart) {
        self.text(&mut part.text);
        part.values.iter_mut().for_each(|value| self.value(value));
        part.unknown.iter_mut().for_each(|unknown| self.text(unknown));
    }

    fn value(&self, value: &mut ExplainedValue) {
        self.text(&mut value.path);
        self.quoted(&mut value.value);
        value.pointer.iter_mut().for_each(|pointer| self.text(pointer));
        value.detected.iter_mut().for_each(|detected| self.quoted(detected));
    }

    fn finding(&self, finding: &mut Finding) {
        let mut scratch = scan::Scratch::default();
        let detectors = &self.engine.detectors;
        self.text(&mut finding.message);
        Hiding { detectors, known: &KnownData::default(), scratch: &mut scratch }.in_pointers(finding);
        for known in &self.known {
            Hiding { detectors, known, scratch: &mut scratch }.in_pointers(finding);
        }
    }

    /// What quotes an event: hidden first and cut afterwards, so that no half of it is left.
    fn quoted(&self, text: &mut String) {
        self.text(text);
        *text = cut_end(&visible(text), EXCERPT_CHARACTERS_MAX);
    }

    fn text(&self, text: &mut String) {
        let known = self.known.iter().flat_map(|known| known.in_message(text));
        let data: Vec<(Range<usize>, &'static str)> = known.chain(self.engine.data_in(text)).collect();
        if !data.is_empty() {
            *text = replaced(text, &joined(data), 0..text.len());
        }
    }
}
