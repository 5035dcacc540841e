//! What a rule says once a run when a memory of it is full.

use super::context::Context;
use super::past::States;
use super::probe::Probe;
use crate::program::{Aggregate, ClauseKind, DUTIES_MAX, MemoryKind, Rule, combined};

/// Something that is to be told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// A key has no cell of its own.
    SharedCell,
    /// The amounts of a sum, or the values of a maximum, were merged.
    Merged,
    /// The table of texts that may flow on is full.
    FlowFull,
    /// A duty more than are watched.
    DutiesFull,
}

impl Notice {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::SharedCell => "there are more keys than the rule keeps apart: new ones share one count, which is high",
            Self::Merged => {
                "there are more events in the window than the rule keeps: the oldest are added up as one, so that the result may be high"
            }
            Self::FlowFull => "the run has more text than is kept: what is not found is unknown",
            Self::DutiesFull => "more duties are open than are watched: those of new triggers are not",
        }
    }

    /// By which a state remembers that it was told.
    pub(super) fn hash(self, rule: &Rule) -> u64 {
        combined([rule.code_hash, self as u64])
    }
}

/// What a rule has to tell if the event triggers it, and has not told yet.
pub(super) fn open<'e, P: Probe>(context: &mut Context<'e, '_, P>, states: States<'e>, rule: &'e Rule) -> Vec<Notice> {
    let mut notices = Vec::new();
    if !rule.may_fill {
        return notices;
    }
    let mut tell = |notice: Notice| {
        if !notices.contains(&notice) && !states.run.told.contains(&notice.hash(rule)) {
            notices.push(notice);
        }
    };
    if rule.has_flow && states.run.flow.is_full() {
        tell(Notice::FlowFull);
    }
    for clause in &rule.clauses {
        match &clause.kind {
            ClauseKind::Aggregate(aggregate) => of_aggregate(context, states, aggregate, &mut tell),
            ClauseKind::Expect(duty) => {
                let hash = context.program.memory(duty.memory).hash;
                if states.run.memories.duties(hash).is_some_and(|duties| duties.open.len() >= DUTIES_MAX as usize) {
                    tell(Notice::DutiesFull);
                }
            }
            _ => {}
        }
    }
    notices
}

fn of_aggregate<'e, P: Probe>(
    context: &mut Context<'e, '_, P>,
    states: States<'e>,
    aggregate: &'e Aggregate,
    tell: &mut dyn FnMut(Notice),
) {
    let def = context.program.memory(aggregate.memory);
    let Ok(view) = context.view(states, def.scope) else { return };
    let Some(memories) = view.memories else { return };
    let mut key = || context.key(&aggregate.trigger_keys);
    match &def.kind {
        MemoryKind::Cells { keys_max, .. } => {
            let Some(cells) = memories.cells(def.hash) else { return };
            let may_merge =
                matches!(aggregate.function, crate::typed::AggregateFunction::Sum | crate::typed::AggregateFunction::Max);
            let is_full = !aggregate.keys.is_empty() && cells.is_full(*keys_max);
            if !is_full && !may_merge {
                return;
            }
            let Ok(key) = key() else { return };
            let asked = cells.ask(key, *keys_max);
            if is_full && asked.is_shared {
                tell(Notice::SharedCell);
            }
            let now = view.now.position(aggregate.window);
            if asked.cell.is_some_and(|cell| cell.is_merged(aggregate.window, now)) {
                tell(Notice::Merged);
            }
        }
        MemoryKind::CellRecords { keys_max, .. } => {
            let Some(cells) = memories.cell_records(def.hash) else { return };
            if !aggregate.keys.is_empty()
                && cells.is_full(*keys_max)
                && key().is_ok_and(|key| cells.ask(key, *keys_max).is_shared)
            {
                tell(Notice::SharedCell);
            }
        }
        _ => {}
    }
}
