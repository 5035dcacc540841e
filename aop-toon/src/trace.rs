//! The events of a run, together.

use std::collections::BTreeMap;

use crate::document::Limits;
use crate::error::{FaultKind, ParseError};
use crate::event::Event;

/// A run's events in the order in which they came: judging a trace is judging its events one by one in that order.
///
/// A trace from a store that keeps no order is put in one with [`Trace::sort_by_seq`].
///
/// ```
/// use aop_toon::traces_from_jsonl;
///
/// let lines = br#"{"seq":2,"t":"2025-12-05T10:00:01Z","actor":"agent","type":"final_output","payload":{"output":"4"},"meta":{"run_id":"sum"}}
/// {"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning","payload":{"thought":"2+2?"},"meta":{"run_id":"sum"}}
/// "#;
/// let (mut traces, errors) = traces_from_jsonl(lines, &Default::default());
/// assert!(errors.is_empty());
/// assert_eq!(traces[0].run_id(), Some("sum"));
/// traces[0].sort_by_seq();
/// assert_eq!(traces[0].events().iter().map(|event| event.seq()).collect::<Vec<_>>(), [1, 2]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Trace<'a> {
    run_id: Option<String>,
    events: Vec<Event<'a>>,
}

impl<'a> Trace<'a> {
    /// A run's events, in the order in which they came. Whether they name this run is not looked at.
    pub fn new(run_id: Option<String>, events: Vec<Event<'a>>) -> Self {
        Self { run_id, events }
    }

    /// Puts the events in the order of their `seq`; those that share one stay as they were.
    pub fn sort_by_seq(&mut self) {
        self.events.sort_by_key(Event::seq);
    }

    /// The run's name; nothing when its events name none.
    pub fn run_id(&self) -> Option<&str> {
        self.run_id.as_deref()
    }

    /// The events, in the order in which they came.
    pub fn events(&self) -> &[Event<'a>] {
        &self.events
    }

    /// The same trace with bytes of its own.
    pub fn into_owned(self) -> Trace<'static> {
        Trace { run_id: self.run_id, events: self.events.into_iter().map(Event::into_owned).collect() }
    }
}

/// A line of a JSONL file that is no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {error}")]
pub struct LineError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub error: ParseError,
}

/// The runs in a JSONL file: events by `meta.run_id`, runs in the order of their first lines; blank lines are passed over.
///
/// Lines that are no event are given back beside the runs: the caller decides whether the rest still counts.
pub fn traces_from_jsonl<'a>(bytes: &'a [u8], limits: &Limits) -> (Vec<Trace<'a>>, Vec<LineError>) {
    let mut places: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let mut runs: Vec<(Option<String>, Vec<Event<'a>>)> = Vec::new();
    let mut errors = Vec::new();
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        match Event::parse_with(line, limits) {
            Ok(event) => {
                let run_id = event.meta().run_id().map(|id| id.into_owned());
                let place = *places.entry(run_id.clone()).or_insert(runs.len());
                if place == runs.len() {
                    runs.push((run_id, Vec::new()));
                }
                runs[place].1.push(event);
            }
            Err(error) if error.faults()[0].kind == FaultKind::Empty => {}
            Err(error) => errors.push(LineError { line: index + 1, error }),
        }
    }
    (runs.into_iter().map(|(run_id, events)| Trace::new(run_id, events)).collect(), errors)
}
