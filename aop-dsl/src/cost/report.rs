//! What people are told of costs.

use std::collections::BTreeMap;
use std::fmt;

use aop_toon::EventType;
use serde::Serialize;

use crate::typed::{ActionEvent, ActionName, Pattern};

/// What the rules of a policy set cost at most. It prints as a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CostReport {
    /// Sorted by rule.
    pub rules: Vec<RuleCost>,
    /// Sorted by rule.
    pub batch_rules: Vec<BatchCost>,
    /// Steps that one event may take, of all rules that may look at it.
    pub steps_per_event: u64,
    /// Bytes that a run may need for all rules, without keys and copied texts.
    pub bytes_per_run: u64,
    /// Bytes that a run may need to tell where texts come from; 0 when no rule asks that.
    pub flow_bytes_per_run: u64,
}

/// What one rule costs at most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleCost {
    /// Its code, such as `acme.mail.no_outside_mail`.
    pub rule: String,
    /// Expressions that are evaluated, and past events that are looked at, for one event.
    pub steps_per_event: u64,
    /// How often the texts of one event are read from start to end.
    pub texts_per_event: u64,
    /// Bytes of memory of a run, without keys.
    pub bytes_per_run: u64,
    /// Bytes of memory of an agent, for clauses that say `per agent`.
    pub bytes_per_agent: u64,
    /// Bytes of memory of an organisation, for clauses that say `per organisation`.
    pub bytes_per_organisation: u64,
    /// Bytes of memory of one key, of the clause that needs most; 0 when no clause says `by`.
    pub bytes_per_key: u64,
    /// How many keys there can be.
    pub keys_max: u64,
    /// Bytes of memory of all keys of all clauses.
    pub bytes_of_keys: u64,
}

/// What one batch rule costs at most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BatchCost {
    /// Its code.
    pub rule: String,
    /// Expressions that are evaluated for each run that it looks at.
    pub steps_per_run: u64,
}

impl fmt::Display for CostReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["rule", "steps/event", "texts/event", "bytes/run", "bytes/key", "keys"];
        let mut rows = vec![head.map(str::to_owned)];
        rows.extend(self.rules.iter().map(|rule| {
            let shared = rule.bytes_per_agent.saturating_add(rule.bytes_per_organisation);
            [
                rule.rule.clone(),
                grouped(rule.steps_per_event),
                grouped(rule.texts_per_event),
                grouped(rule.bytes_per_run.saturating_add(shared)),
                grouped(rule.bytes_per_key),
                grouped(rule.keys_max),
            ]
        }));
        let widths: [usize; 6] =
            std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
        for row in &rows {
            write!(f, "{:<1$}", row[0], widths[0])?;
            for (cell, width) in row.iter().zip(widths).skip(1) {
                write!(f, "  {cell:>width$}")?;
            }
            writeln!(f)?;
        }
        for rule in &self.batch_rules {
            writeln!(f, "{}: {} steps for each run", rule.rule, grouped(rule.steps_per_run))?;
        }
        write!(f, "one event: up to {} steps; ", grouped(self.steps_per_event))?;
        writeln!(f, "one run: up to {} bytes without keys", grouped(self.bytes_per_run))?;
        if self.flow_bytes_per_run > 0 {
            writeln!(f, "where texts come from: up to {} bytes more for a run", grouped(self.flow_bytes_per_run))?;
        }
        Ok(())
    }
}

/// `1,048,576`
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Events that rules look at alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EventKind {
    Request,
    Response,
    Other(EventType),
    RunEnd,
}

const ALL_KINDS: [EventKind; 6] = [
    EventKind::Request,
    EventKind::Response,
    EventKind::Other(EventType::Reasoning),
    EventKind::Other(EventType::FinalOutput),
    EventKind::Other(EventType::Error),
    EventKind::RunEnd,
];

/// The events that patterns ask for, by kind: all, or those of certain actions.
pub(super) fn looked_at<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> BTreeMap<EventKind, Option<Vec<String>>> {
    let mut kinds: BTreeMap<EventKind, Option<Vec<String>>> = BTreeMap::new();
    for pattern in patterns {
        match pattern {
            Pattern::AnyEvent => kinds.extend(ALL_KINDS.map(|kind| (kind, None))),
            Pattern::RunEnd => drop(kinds.insert(EventKind::RunEnd, None)),
            Pattern::Type(EventType::ActionRequest) => drop(kinds.insert(EventKind::Request, None)),
            Pattern::Type(EventType::ActionResponse) => drop(kinds.insert(EventKind::Response, None)),
            Pattern::Type(other) => drop(kinds.insert(EventKind::Other(*other), None)),
            Pattern::Action(event, names) => {
                let kind = match event {
                    ActionEvent::Request => EventKind::Request,
                    ActionEvent::Response => EventKind::Response,
                };
                let actions = kinds.entry(kind).or_insert_with(|| Some(Vec::new()));
                for name in names {
                    match (name, &mut *actions) {
                        (ActionName::Exact(name), Some(actions)) if !actions.contains(name) => actions.push(name.clone()),
                        (ActionName::Exact(_), _) => {}
                        (ActionName::Glob(_) | ActionName::Any, _) => *actions = None,
                    }
                }
            }
        }
    }
    kinds
}
