//! `count`, `sum`, `distinct`, `max` and `cycle`.

use rust_decimal::Decimal;

use super::context::{Bound, Context, Scope};
use super::past::{Join, Sight, States, View, nearest};
use super::probe::Probe;
use crate::program::{Aggregate, Comparison, Cycle, ExprId, MemoryDef, MemoryKind, WITNESSES_MAX, pattern};
use crate::state::{Amount, Cell, Keeping, Records, Tally};
use crate::typed::AggregateFunction;
use crate::value::{Gap, Key, KeyWriter, Outcome, Reason, Truth, Value, key};

/// The key of what has none: there is one cell.
pub(crate) const NO_KEY: u128 = 0;

/// What an aggregate has come to.
#[derive(Debug, Default)]
pub(crate) struct Measured<'e> {
    pub(crate) tally: Tally,
    /// The key has no cell of its own.
    pub(crate) is_shared: bool,
    /// What was asked: that of the key, and that of events without one.
    cells: [Option<&'e Cell>; 2],
}

impl<'e, P: Probe> Context<'e, '_, P> {
    /// Whether an aggregate stands so to its bound. Events of which it is unknown whether they count make it a range; when the
    /// comparison does not come out the same over all of it, it is unknown.
    pub(super) fn aggregate(
        &mut self,
        states: States<'e>,
        aggregate: &'e Aggregate,
        sight: &mut Sight<'e>,
        shown: &mut Option<String>,
    ) -> Truth {
        let bound = match self.value(aggregate.bound, Scope::default()).and_then(|bound| amount_of(&bound)) {
            Ok(bound) => bound,
            Err(gap) => return self.gap(gap),
        };
        let mut measured = Measured::default();
        if let Err(reason) = self.measure(states, aggregate, &mut measured) {
            self.reason = Some(reason);
            return Truth::Unknown;
        }
        let Measured { tally, cells, .. } = &measured;
        let truth = tally.compare(aggregate.function, aggregate.comparison, bound);
        if truth == Truth::Unknown {
            self.reason = Some(if tally.is_forgotten { Reason::Forgotten } else { Reason::Missing });
        }
        if P::LISTENS {
            *shown = Some(tally.shown(aggregate.function));
        }
        if (truth != Truth::False || P::LISTENS) && self.program.memory(aggregate.memory).scope == crate::typed::Scope::Run {
            let now = self.current.at.position(aggregate.window);
            let of_cells = cells.iter().flatten().flat_map(|cell| cell.witnesses(aggregate.window, now));
            of_cells.chain(tally.witnesses.iter().copied()).for_each(|seq| sight.witness(seq));
        }
        truth
    }

    fn gap(&mut self, gap: Gap) -> Truth {
        match gap {
            Gap::Absent => Truth::False,
            Gap::Unknown(reason) => {
                self.reason = Some(reason);
                Truth::Unknown
            }
        }
    }

    /// What there is in the trigger's cell, the trigger counted.
    pub(super) fn measure(
        &mut self,
        states: States<'e>,
        aggregate: &'e Aggregate,
        measured: &mut Measured<'e>,
    ) -> Result<(), Reason> {
        let asked = self.key(&aggregate.trigger_keys)?;
        let def = self.program.memory(aggregate.memory);
        let view = self.view(states, def.scope)?;
        match &def.kind {
            MemoryKind::Cells { .. } => self.measure_cells(aggregate, def, view, asked, measured),
            _ => self.measure_records(aggregate, def, view, asked, measured),
        }
        self.measure_trigger(aggregate, def, view, asked, measured);
        Ok(())
    }

    fn measure_cells(
        &mut self,
        aggregate: &Aggregate,
        def: &MemoryDef,
        view: View<'e>,
        key: Key,
        measured: &mut Measured<'e>,
    ) {
        let MemoryKind::Cells { keys_max, capacity, .. } = &def.kind else { return };
        let keeping = Keeping { function: aggregate.function, window: aggregate.window, capacity: *capacity };
        let now = view.now.position(aggregate.window);
        self.step();
        if let Some(cells) = view.memories.and_then(|memories| memories.cells(def.hash)) {
            let asked = cells.ask(key, *keys_max);
            measured.is_shared = asked.is_shared;
            measured.cells = [asked.cell, asked.keyless];
            for cell in measured.cells.into_iter().flatten() {
                cell.add_to(&mut measured.tally, keeping, now);
            }
        }
    }

    fn measure_records(
        &mut self,
        aggregate: &'e Aggregate,
        def: &MemoryDef,
        view: View<'e>,
        key: Key,
        measured: &mut Measured<'e>,
    ) {
        let MemoryKind::CellRecords { keys_max, .. } = &def.kind else { return };
        let Some(cells) = view.memories.and_then(|memories| memories.cell_records(def.hash)) else { return };
        let asked = cells.ask(key, *keys_max);
        measured.is_shared = asked.is_shared;
        let join = aggregate.cross.as_ref().map_or(Join::Any, |cross| self.join(&cross.join, Scope::default()));
        for records in asked.cell.into_iter().chain(asked.keyless) {
            self.measure_ring(aggregate, records, view, join, &mut measured.tally);
        }
    }

    fn measure_ring(
        &mut self,
        aggregate: &'e Aggregate,
        records: &'e Records,
        view: View<'e>,
        join: Join,
        tally: &mut Tally,
    ) {
        for (record, is_certain) in nearest(records, false, aggregate.window, view.now) {
            self.step();
            if !join.may_match(record.join) {
                continue;
            }
            let bound = Bound { slot: aggregate.slot, record, is_shared: view.is_shared, up: None };
            let scope = Scope { bound: Some(&bound), ..Scope::default() };
            let crossed = aggregate.cross.as_ref().map_or(Truth::True, |cross| self.truth(cross.condition, scope));
            let truth = if is_certain { crossed } else { crossed.and(Truth::Unknown) };
            let amount = || match (aggregate.value, record.values.get(usize::from(aggregate.value_at))) {
                (None, _) => Amount::Nothing,
                (Some(_), Some(value)) => amount(aggregate.function, value.outcome()),
                (Some(_), None) => Amount::Unknown,
            };
            match truth {
                Truth::False => {}
                Truth::Unknown => tally.add_possible(amount()),
                Truth::True => {
                    if tally.witnesses.len() < WITNESSES_MAX {
                        tally.witnesses.push(record.seq);
                    }
                    tally.add(aggregate.function, amount());
                }
            }
        }
        tally.is_forgotten |= records.has_forgotten(aggregate.window, view.now);
    }

    /// Whether the trigger is one of the events that count.
    pub(super) fn counts(&mut self, aggregate: &Aggregate) -> Truth {
        let current = self.current;
        match pattern::matches(&aggregate.pattern, current.kind, current.action.as_deref()) {
            Truth::False => Truth::False,
            meant => meant.and(self.truth(aggregate.of_trigger, Scope::default())),
        }
    }

    /// "Counts include the trigger": as if it were accepted.
    fn measure_trigger(
        &mut self,
        aggregate: &Aggregate,
        def: &MemoryDef,
        view: View<'e>,
        asked: Key,
        measured: &mut Measured<'e>,
    ) {
        let mut truth = self.counts(aggregate);
        if truth == Truth::False {
            return;
        }
        match self.key(&aggregate.keys) {
            Ok(key) if key == asked => {}
            // Two keys without a cell of their own share one.
            Ok(key) if measured.is_shared && !has_own_cell(def, view, key) => {}
            Ok(_) => return,
            Err(_) => truth = Truth::Unknown,
        }
        let amount = match aggregate.value {
            None => Amount::Nothing,
            Some(value) => amount(aggregate.function, self.value(value, Scope::default())),
        };
        match truth {
            Truth::True => measured.tally.add(aggregate.function, amount),
            _ => measured.tally.add_possible(amount),
        }
    }

    /// The key of the event; a part that is missing, absent ones too, makes it unknown.
    pub(super) fn key(&mut self, parts: &[ExprId]) -> Result<Key, Reason> {
        self.key_or_gap(parts).map_err(|gap| match gap {
            Gap::Absent => Reason::Missing,
            Gap::Unknown(reason) => reason,
        })
    }

    fn key_or_gap(&mut self, parts: &[ExprId]) -> Result<Key, Gap> {
        if parts.is_empty() {
            return Ok(Key::from_bits(NO_KEY));
        }
        if let Some(known) = self.memo.key(parts) {
            self.step();
            return known;
        }
        let key = self.new_key(parts);
        self.memo.set_key(parts, key);
        key
    }

    /// A part that is absent makes the whole absent, whatever the others are.
    fn new_key(&mut self, parts: &[ExprId]) -> Result<Key, Gap> {
        let (mut writer, mut unknown) = (KeyWriter::default(), None);
        for part in parts {
            match self.value(*part, Scope::default()) {
                Ok(value) if parts.len() == 1 => return Ok(key(&value)),
                Ok(value) => writer.add(&value),
                Err(Gap::Absent) => return Err(Gap::Absent),
                Err(gap) => unknown = unknown.or(Some(gap)),
            }
        }
        unknown.map_or_else(|| Ok(writer.finish()), Err)
    }

    /// Whether the last events repeat themselves often enough.
    pub(super) fn cycle(
        &mut self,
        states: States<'e>,
        cycle: &Cycle,
        sight: &mut Sight<'e>,
        shown: &mut Option<String>,
    ) -> Truth {
        let wanted = match self.value(cycle.bound, Scope::default()).and_then(|bound| amount_of(&bound)) {
            Ok(wanted) => wanted,
            Err(gap) => return self.gap(gap),
        };
        let key = self.key_or_gap(&cycle.same);
        let def = self.program.memory(cycle.memory);
        let Some(steps) = states.run.memories.cycle(def.hash) else { return Truth::False };
        let mut compared = 0;
        let is_enough = |count: usize| holds(cycle.comparison, count, wanted);
        let found = steps.repetition(key.ok(), cycle.window, self.current.at, &mut compared, is_enough);
        (0..compared).for_each(|_| self.step());
        let Some(found) = found else {
            // A trigger of which that is unknown may be the same as any event before it.
            let before = steps.within(cycle.window, self.current.at);
            return match key {
                Err(gap @ Gap::Unknown(_)) if before > 0 && is_enough(before + 1) => self.gap(gap),
                _ => Truth::False,
            };
        };
        for seq in steps.latest((found.length * found.count).saturating_sub(1).min(WITNESSES_MAX)) {
            sight.witness(seq);
        }
        self.flows.cycle = Some(found);
        if P::LISTENS {
            *shown = Some(format!("{} times {}", found.count, found.length));
        }
        Truth::True
    }
}

fn has_own_cell(def: &MemoryDef, view: View<'_>, key: Key) -> bool {
    let memories = view.memories;
    match &def.kind {
        MemoryKind::Cells { keys_max, .. } => {
            memories.and_then(|memories| memories.cells(def.hash)).is_some_and(|cells| !cells.ask(key, *keys_max).is_shared)
        }
        MemoryKind::CellRecords { keys_max, .. } => memories
            .and_then(|memories| memories.cell_records(def.hash))
            .is_some_and(|cells| !cells.ask(key, *keys_max).is_shared),
        _ => false,
    }
}

fn holds(op: Comparison, count: usize, bound: Decimal) -> bool {
    op.holds(Decimal::from(count).cmp(&bound))
}

/// What an event adds to an aggregate; an absent value adds nothing.
pub(super) fn amount(function: AggregateFunction, value: Outcome<'_>) -> Amount {
    match (function, value) {
        (AggregateFunction::Count, _) | (_, Err(Gap::Absent)) => Amount::Nothing,
        (_, Err(Gap::Unknown(_))) => Amount::Unknown,
        (AggregateFunction::Distinct, Ok(value)) => Amount::Key(key(&value)),
        (AggregateFunction::Sum | AggregateFunction::Max, Ok(value)) => {
            amount_of(&value).map_or(Amount::Unknown, Amount::Number)
        }
    }
}

/// A value as the one number that amounts are compared by: itself, microseconds, bytes.
pub(super) fn amount_of(value: &Value<'_>) -> Result<Decimal, Gap> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Float(float) => Decimal::try_from(*float).map_err(|_| Gap::Unknown(Reason::Arithmetic)),
        Value::Duration(micros) => Ok(Decimal::from(*micros)),
        Value::Size(bytes) => Ok(Decimal::from(*bytes)),
        Value::Time(t) => Ok(Decimal::from(t.micros())),
        Value::Digest(_) => Err(Gap::Unknown(Reason::Forgotten)),
        _ => Err(Gap::Unknown(Reason::WrongType)),
    }
}
