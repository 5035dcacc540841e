//! Tells bad lines of a trace from a file that is something else, such as an index beside the traces of a folder.

use aop_engine::{FaultKind, ParseError};

use super::Source;
use crate::output::{complain, note, visible};

/// What is known of one source so far. A file that was found in a folder, and whose every line is JSON of another kind, is
/// none of our business; anything else that cannot be read is a fault.
#[derive(Debug)]
pub(crate) struct Doubt {
    /// Whether the source is meant as a trace: it was named, or holds an event, or what was meant to be one.
    is_trace: bool,
    /// The first lines that are JSON of another kind, and how many there are.
    foreign: Vec<(usize, ParseError)>,
    foreign_count: u64,
}

impl Doubt {
    /// So many lines of another kind are kept, to be reported in case an event follows.
    const KEPT_MAX: usize = 100;

    /// Nothing of the source is read yet.
    pub(crate) fn new(source: &Source) -> Self {
        Self { is_trace: source.is_named, foreign: Vec::new(), foreign_count: 0 }
    }

    /// A line is an event. Gives the number of bad lines that have come to light, and says which they are.
    pub(crate) fn event(&mut self, source: &Source) -> u64 {
        if std::mem::replace(&mut self.is_trace, true) {
            return 0;
        }
        for (line, error) in self.foreign.drain(..) {
            complain_of(source, line, &error);
        }
        let unsaid = self.foreign_count.saturating_sub(Self::KEPT_MAX as u64);
        if unsaid > 0 {
            complain(format_args!("{}: and {unsaid} more lines before the first event", visible(&source.name)));
        }
        self.foreign_count
    }

    /// A line is no event. Gives the number of bad lines that have come to light, and says which they are.
    pub(crate) fn no_event(&mut self, source: &Source, line: usize, error: ParseError) -> u64 {
        if self.is_trace || !is_foreign(&error) {
            let before = self.event(source);
            complain_of(source, line, &error);
            return before + 1;
        }
        self.foreign_count += 1;
        if self.foreign.len() < Self::KEPT_MAX {
            self.foreign.push((line, error));
        }
        0
    }

    /// The source is read to its end: says when it was something else.
    pub(crate) fn end(&self, source: &Source) {
        if !self.is_trace && self.foreign_count > 0 {
            let lines = self.foreign_count;
            note(format_args!("{}: passed over: it has {lines} lines, and none is an event", visible(&source.name)));
        }
    }
}

/// Says every fault of a line.
fn complain_of(source: &Source, line: usize, error: &ParseError) {
    for fault in error.faults() {
        complain(format_args!("{}:{line}: {fault}", visible(&source.name)));
    }
}

/// Whether this is well-formed JSON that nobody meant to be an event: it has none of the fields that say what happened.
fn is_foreign(error: &ParseError) -> bool {
    let faults = error.faults();
    let lacks = |pointer| faults.iter().any(|fault| fault.kind == FaultKind::MissingField && fault.pointer == pointer);
    let is_no_object = faults.iter().any(|fault| fault.kind == FaultKind::WrongType && fault.pointer.is_empty());
    is_no_object || ["/seq", "/actor", "/payload"].into_iter().all(lacks)
}
