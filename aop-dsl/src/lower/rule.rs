//! A typed rule → a rule of the program, its memories and what feeds them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::prelude::ToPrimitive;

use super::clause::{Split, cross, feed_flows, split};
use super::expr::{View, lower as lower_expr, lower_own};
use super::memory::memory;
use super::mention::speaks_of_others;
use super::{Builder, PackageContext};
use crate::program::{
    Aggregate, CYCLE_EVENTS_MAX, Chain, Clause, ClauseKind, Comparison, Cross, Cycle, Duty, ExprId, FLOW_RECORDS_MAX, Feed,
    FeedInto, FlowId, MemoryKind, MessagePart, Node, Past, RECORDS_MAX, Rule, RuleEffect, RuleId, Search, Step,
    WITNESSES_MAX, WatchId, combined, constant_amount, stable_hash,
};
use crate::typed::{self, AggregateFunction, EffectSpec, Expr, Package, Scope, Slot, TemplatePart, Window};

/// Lowers a rule of a package.
pub(super) fn lower(builder: &mut Builder, context: &PackageContext, package: &Arc<Package>, index: usize) {
    let typed = &package.rules[index];
    let rule = RuleLowering::new(builder, context, typed).rule(package, index);
    builder.rules.push(rule);
}

struct RuleLowering<'l> {
    builder: &'l mut Builder,
    context: &'l PackageContext,
    typed: &'l typed::Rule,
    id: RuleId,
    /// The next local that is free, when functions are written out.
    fresh: u16,
    trigger: WatchId,
    condition: ExprId,
    /// What is kept of the events in other slots.
    kept: BTreeMap<Slot, Vec<ExprId>>,
    /// Of the events whose values are asked for later.
    watches: BTreeMap<Slot, WatchId>,
    watched: BTreeMap<Slot, u64>,
    /// The hashes of the places that texts come from.
    flows: Vec<u64>,
}

/// A clause of which all is known but what the message wants to have kept.
struct Draft {
    negated: bool,
    kind: DraftKind,
}

#[expect(clippy::large_enum_variant, reason = "one of each clause of each rule, while policies are compiled")]
enum DraftKind {
    Condition(ExprId),
    Past {
        is_without: bool,
        split: Split,
        crossed: Option<Cross>,
        join: Vec<ExprId>,
        has_flow: bool,
        window: Window,
        scope: Scope,
    },
    Seq {
        steps: Vec<(Split, Option<Cross>, Vec<ExprId>, bool)>,
        window: Window,
        scope: Scope,
    },
    Aggregate {
        typed: typed::Aggregate,
        split: Split,
        crossed: Option<Cross>,
        join: Vec<ExprId>,
    },
    Cycle(typed::Cycle),
    Expect {
        split: Split,
        window: Window,
    },
}

impl<'l> RuleLowering<'l> {
    fn new(builder: &'l mut Builder, context: &'l PackageContext, typed: &'l typed::Rule) -> Self {
        let mut fresh = u16::try_from(typed.locals).unwrap_or(u16::MAX);
        let condition = context.functions.inlined(&typed.trigger.condition, &mut fresh);
        let condition = lower_own(builder, context, Slot::TRIGGER, &condition);
        let condition = builder.exprs.all([condition]);
        let trigger = builder.watch(&typed.trigger.pattern, condition);
        let id = RuleId(builder.rules.len() as u32);
        let watches = BTreeMap::from([(Slot::TRIGGER, trigger)]);
        let watched = BTreeMap::from([(Slot::TRIGGER, builder.watch_hash(trigger))]);
        let kept = BTreeMap::new();
        Self { builder, context, typed, id, fresh, trigger, condition, kept, watches, watched, flows: Vec::new() }
    }

    fn rule(mut self, package: &Arc<Package>, index: usize) -> Rule {
        let drafts: Vec<Draft> = self.typed.clauses.iter().map(|clause| self.draft(clause)).collect();
        let message: Box<[MessagePart]> = self
            .typed
            .message
            .parts
            .iter()
            .map(|part| match part {
                TemplatePart::Text(text) => MessagePart::Text(text.as_str().into()),
                TemplatePart::Value(value) => MessagePart::Value(self.at_trigger(value)),
            })
            .collect();
        let effects: Box<[RuleEffect]> = self.typed.effects.iter().map(|effect| self.effect(effect)).collect();
        let at = self.typed.at.as_ref().map(|path| self.at_trigger(path));
        let mut hashes = self.hashes(&message, &effects);
        hashes.extend(at.map(|path| combined([7, self.builder.exprs.hash(path)])));
        let clauses: Box<[Clause]> =
            drafts.into_iter().enumerate().map(|(at, draft)| self.clause(at, draft, &message, &mut hashes)).collect();
        let typed = self.typed;
        let mut rule = Rule {
            code: typed.code.clone(),
            severity: typed.severity,
            on_unknown: typed.on_unknown,
            phase: typed.phase,
            effect: typed.effect(),
            slots: typed.slots.clone(),
            pattern: typed.trigger.pattern.clone(),
            condition: self.condition,
            order: order(&clauses),
            clauses,
            effects,
            message,
            at,
            hash: combined(hashes),
            memory_hashes: Box::default(),
            code_hash: stable_hash(&typed.code),
            is_duty: typed.clauses.iter().any(|clause| matches!(clause.kind, typed::ClauseKind::Expect { .. })),
            has_flow: !self.flows.is_empty(),
            may_fill: false,
            package: Arc::clone(package),
            index,
        };
        let memories = rule.memories().map(|id| self.builder.memories[id.0 as usize].hash);
        rule.memory_hashes = memories.chain(self.flows).collect();
        rule.may_fill = rule.has_flow || rule.clauses.iter().any(may_fill);
        if rule.may_fill {
            let into = FeedInto::Tell { rule: self.id };
            self.builder.feed(self.trigger, Feed { accepted_only: false, into });
        }
        rule
    }

    fn inlined(&mut self, expr: &Expr) -> Expr {
        self.context.functions.inlined(expr, &mut self.fresh)
    }

    /// An expression about the trigger and what is kept of other events.
    fn at_trigger(&mut self, expr: &Expr) -> ExprId {
        let expr = self.inlined(expr);
        let mut flows = Vec::new();
        let mut view = View { current: &[Slot::TRIGGER], kept: &mut self.kept, watched: &self.watched, flows: &mut flows };
        lower_expr(self.builder, self.context, &mut view, &expr)
    }

    fn split(&mut self, event: &typed::EventMatch) -> Split {
        let condition = self.inlined(&event.condition);
        let split = split(self.builder, self.context, event.slot, &event.pattern, &condition);
        self.watches.insert(event.slot, split.watch);
        self.watched.insert(event.slot, split.hash);
        split
    }

    /// What is asked at the trigger; whether a flow is.
    fn cross(&mut self, split: &Split) -> (Option<Cross>, Vec<ExprId>, bool) {
        let crossed =
            cross(self.builder, self.context, &split.crosses, Slot::TRIGGER, split.slot, &self.watched, &mut self.kept);
        self.feed_flows(&crossed.flows);
        (crossed.cross, crossed.join, !crossed.flows.is_empty())
    }

    fn feed_flows(&mut self, flows: &[(Slot, FlowId)]) {
        feed_flows(self.builder, flows, &self.watches);
        self.flows.extend(flows.iter().map(|(_, flow)| self.builder.flows[flow.0 as usize].source.0));
    }

    fn draft(&mut self, clause: &typed::Clause) -> Draft {
        let kind = match &clause.kind {
            typed::ClauseKind::Condition(condition) => DraftKind::Condition(self.at_trigger(condition)),
            typed::ClauseKind::After { event, window, scope } | typed::ClauseKind::Without { event, window, scope } => {
                let is_without = matches!(clause.kind, typed::ClauseKind::Without { .. });
                let split = self.split(event);
                let (crossed, join, has_flow) = self.cross(&split);
                DraftKind::Past { is_without, split, crossed, join, has_flow, window: *window, scope: *scope }
            }
            typed::ClauseKind::Seq { steps, window, scope } => {
                let splits: Vec<Split> = steps.iter().map(|step| self.split(step)).collect();
                let steps = splits
                    .into_iter()
                    .map(|split| {
                        let (crossed, join, has_flow) = self.cross(&split);
                        (split, crossed, join, has_flow)
                    })
                    .collect();
                DraftKind::Seq { steps, window: *window, scope: *scope }
            }
            typed::ClauseKind::Aggregate(aggregate) => {
                let split = self.split(&aggregate.event);
                let (crossed, join, _) = self.cross(&split);
                DraftKind::Aggregate { typed: aggregate.clone(), split, crossed, join }
            }
            typed::ClauseKind::Cycle(cycle) => DraftKind::Cycle(cycle.clone()),
            typed::ClauseKind::Expect { event, window } => DraftKind::Expect { split: self.split(event), window: *window },
        };
        Draft { negated: clause.negated, kind }
    }

    fn kept(&self, slot: Slot) -> Box<[ExprId]> {
        self.kept.get(&slot).map(|values| values.as_slice().into()).unwrap_or_default()
    }

    fn clause(&mut self, at: usize, draft: Draft, message: &[MessagePart], hashes: &mut Vec<u64>) -> Clause {
        hashes.push(u64::from(draft.negated));
        let kind = match draft.kind {
            DraftKind::Condition(condition) => {
                hashes.push(self.builder.exprs.hash(condition));
                ClauseKind::Condition(condition)
            }
            DraftKind::Past { is_without, split, crossed, join, has_flow, window, scope } => {
                // `without` and `unless` see accepted events only: what was refused did not happen, so it is no excuse.
                // What excuses must have been accepted; that nothing was there excuses only when not even a refused event was.
                let accepted_only = is_without != draft.negated;
                let values = self.kept(split.slot);
                let capacity = capacity(crossed.is_some(), has_flow && values.is_empty());
                let kind = MemoryKind::Records { capacity, values, join: join.into() };
                let memory = memory(self.builder, [split.hash], scope, window, accepted_only, kind);
                self.builder.feed(split.watch, Feed { accepted_only, into: FeedInto::Memory(memory) });
                hashes.push(self.builder.memories[memory.0 as usize].hash);
                hashes.push(combined([u64::from(is_without), self.cross_hash(crossed.as_ref())]));
                ClauseKind::Past(Past { memory, is_without, slot: split.slot.0, window, cross: crossed })
            }
            DraftKind::Seq { steps, window, scope } => self.sequence(steps, window, scope, draft.negated, hashes),
            DraftKind::Aggregate { typed, split, crossed, join } => self.aggregate(typed, split, crossed, join, hashes),
            DraftKind::Cycle(cycle) => self.cycle(cycle, hashes),
            DraftKind::Expect { split, window } => self.expect(at, split, window, message, hashes),
        };
        Clause { negated: draft.negated, kind }
    }

    fn sequence(
        &mut self,
        steps: Vec<(Split, Option<Cross>, Vec<ExprId>, bool)>,
        window: Window,
        scope: Scope,
        accepted_only: bool,
        hashes: &mut Vec<u64>,
    ) -> ClauseKind {
        if steps.len() <= CHAIN_MAX && steps.iter().all(|(_, crossed, ..)| crossed.is_none()) {
            let values = steps.iter().map(|(split, ..)| self.kept(split.slot)).collect();
            let watched: Vec<u64> = steps.iter().map(|(split, ..)| split.hash).collect();
            let kind = MemoryKind::Chain { values };
            let memory = memory(self.builder, watched, scope, window, accepted_only, kind);
            for (at, (split, ..)) in steps.iter().enumerate() {
                self.builder.feed(split.watch, Feed { accepted_only, into: FeedInto::Step(memory, at as u16) });
            }
            hashes.push(self.builder.memories[memory.0 as usize].hash);
            let slots = steps.iter().map(|(split, ..)| split.slot.0).collect();
            return ClauseKind::Chain(Chain { memory, window, slots });
        }
        let steps = steps
            .into_iter()
            .map(|(split, crossed, join, has_flow)| {
                let values = self.kept(split.slot);
                let capacity = capacity(true, has_flow && values.is_empty());
                let kind = MemoryKind::Records { capacity, values, join: join.into() };
                let memory = memory(self.builder, [split.hash], scope, window, accepted_only, kind);
                self.builder.feed(split.watch, Feed { accepted_only, into: FeedInto::Memory(memory) });
                hashes.push(self.builder.memories[memory.0 as usize].hash);
                hashes.push(self.cross_hash(crossed.as_ref()));
                let is_own = !split.crosses.iter().any(|part| speaks_of_others(part, split.slot, Slot::TRIGGER));
                Step { memory, slot: split.slot.0, cross: crossed, is_own }
            })
            .collect();
        ClauseKind::Search(Search { window, steps })
    }

    fn aggregate(
        &mut self,
        typed: typed::Aggregate,
        split: Split,
        crossed: Option<Cross>,
        join: Vec<ExprId>,
        hashes: &mut Vec<u64>,
    ) -> ClauseKind {
        let slot = split.slot;
        let bound = self.at_trigger(&typed.bound);
        let value = typed.value.as_ref().map(|value| {
            let value = self.inlined(value);
            lower_own(self.builder, self.context, slot, &value)
        });
        let keys: Vec<(ExprId, ExprId)> = typed
            .by
            .iter()
            .map(|key| {
                let (of_event, of_trigger) = (self.inlined(&key.of_event), self.inlined(&key.of_trigger));
                let of_event = lower_own(self.builder, self.context, slot, &of_event);
                (of_event, lower_own(self.builder, self.context, Slot::TRIGGER, &of_trigger))
            })
            .collect();
        let (keys, trigger_keys): (Vec<ExprId>, Vec<ExprId>) = keys.into_iter().unzip();
        let (keys, trigger_keys): (Box<[ExprId]>, Box<[ExprId]>) = (keys.into(), trigger_keys.into());
        let keys_max = if keys.is_empty() { 1 } else { typed.keys_max.max(1) };
        let events_max = u32::try_from(typed.events_max.clamp(1, 1 << 20)).unwrap_or(1 << 20);
        let mut values = self.kept(slot).into_vec();
        let value_at = values.len() as u16;
        let kind = if crossed.is_some() {
            values.extend(value);
            MemoryKind::CellRecords {
                keys: keys.clone(),
                keys_max,
                values: values.into(),
                join: join.into(),
                capacity: events_max,
            }
        } else {
            let capacity = match typed.function {
                AggregateFunction::Count | AggregateFunction::Distinct => self.deciding_count(bound).unwrap_or(events_max),
                AggregateFunction::Sum | AggregateFunction::Max => events_max,
            };
            MemoryKind::Cells { function: typed.function, value, keys: keys.clone(), keys_max, capacity }
        };
        let memory = memory(self.builder, [split.hash], typed.scope, typed.window, true, kind);
        self.builder.feed(split.watch, Feed { accepted_only: true, into: FeedInto::Memory(memory) });
        let condition = self.inlined(&typed.event.condition);
        let (mut kept, mut flows) = (BTreeMap::new(), Vec::new());
        let currents = [Slot::TRIGGER, slot];
        let mut view = View { current: &currents, kept: &mut kept, watched: &self.watched, flows: &mut flows };
        let of_trigger = lower_expr(self.builder, self.context, &mut view, &condition);
        let comparison = Comparison::of(typed.comparison).unwrap_or(Comparison::Greater);
        hashes.extend([
            self.builder.memories[memory.0 as usize].hash,
            stable_hash(&(typed.function, comparison)),
            self.builder.exprs.hash(bound),
            self.cross_hash(crossed.as_ref()),
        ]);
        ClauseKind::Aggregate(Aggregate {
            memory,
            function: typed.function,
            pattern: typed.event.pattern,
            of_trigger,
            value,
            keys,
            trigger_keys,
            comparison,
            bound,
            window: typed.window,
            slot: slot.0,
            cross: crossed,
            value_at,
        })
    }

    /// So many are enough to decide a comparison with a constant bound.
    fn deciding_count(&self, bound: ExprId) -> Option<u32> {
        let Node::Const(bound) = self.builder.exprs.node(bound) else { return None };
        let bound = constant_amount(self.builder.exprs.constant(*bound))?.floor().to_i64()?;
        Some(u32::try_from(bound.saturating_add(1).clamp(1, 1 << 20)).unwrap_or(1 << 20))
    }

    fn cycle(&mut self, typed: typed::Cycle, hashes: &mut Vec<u64>) -> ClauseKind {
        let same: Box<[ExprId]> = typed.same.iter().map(|same| self.at_trigger(same)).collect();
        let bound = self.at_trigger(&typed.bound);
        let capacity = match typed.window {
            Window::Events(events) => {
                u32::try_from(events).map_or(CYCLE_EVENTS_MAX, |events| events.clamp(1, CYCLE_EVENTS_MAX))
            }
            Window::Micros(_) | Window::Run => CYCLE_EVENTS_MAX,
        };
        let watched = self.builder.watch_hash(self.trigger);
        let kind = MemoryKind::Cycle { same: same.clone(), capacity };
        let memory = memory(self.builder, [watched], Scope::Run, typed.window, false, kind);
        self.builder.feed(self.trigger, Feed { accepted_only: false, into: FeedInto::Memory(memory) });
        let comparison = Comparison::of(typed.comparison).unwrap_or(Comparison::GreaterEqual);
        hashes.extend([
            self.builder.memories[memory.0 as usize].hash,
            stable_hash(&comparison),
            self.builder.exprs.hash(bound),
        ]);
        ClauseKind::Cycle(Cycle { memory, same, comparison, bound, window: typed.window })
    }

    fn expect(
        &mut self,
        at: usize,
        split: Split,
        window: Window,
        message: &[MessagePart],
        hashes: &mut Vec<u64>,
    ) -> ClauseKind {
        let mut kept = BTreeMap::new();
        let crossed = cross(self.builder, self.context, &split.crosses, split.slot, Slot::TRIGGER, &self.watched, &mut kept);
        self.feed_flows(&crossed.flows);
        let mut values = kept.remove(&Slot::TRIGGER).unwrap_or_default();
        let message_at = values.len() as u16;
        values.extend(message.iter().filter_map(|part| match part {
            MessagePart::Text(_) => None,
            MessagePart::Value(value) => Some(*value),
        }));
        let watched = [split.hash, stable_hash(&self.typed.code), self.builder.watch_hash(self.trigger)];
        let kind = MemoryKind::Duties { values: values.into(), join: crossed.join.into() };
        let watched: Vec<u64> = watched.into_iter().chain(hashes.iter().copied()).collect();
        let memory = memory(self.builder, watched, Scope::Run, window, true, kind);
        let (rule, clause) = (self.id, at as u16);
        self.builder.feed(split.watch, Feed { accepted_only: true, into: FeedInto::Discharge { rule, clause } });
        self.builder.feed(self.trigger, Feed { accepted_only: true, into: FeedInto::Open { rule } });
        hashes.push(self.builder.memories[memory.0 as usize].hash);
        hashes.push(self.cross_hash(crossed.cross.as_ref()));
        ClauseKind::Expect(Duty { memory, window, cross: crossed.cross, message_at })
    }

    fn effect(&mut self, effect: &EffectSpec) -> RuleEffect {
        let millis = |micros: &i64| u64::try_from(micros / 1000).unwrap_or(0);
        match effect {
            EffectSpec::Flag => RuleEffect::Flag,
            EffectSpec::Redact(path) => RuleEffect::Redact(self.at_trigger(path)),
            EffectSpec::RedactDetected(detect) => RuleEffect::RedactDetected(self.at_trigger(detect)),
            EffectSpec::Throttle { wait_micros } => RuleEffect::Throttle { wait_ms: millis(wait_micros) },
            EffectSpec::RequireApproval { role, ttl_micros } => {
                RuleEffect::RequireApproval { role: role.clone(), ttl_ms: millis(ttl_micros) }
            }
            EffectSpec::Deny => RuleEffect::Deny,
        }
    }

    /// Of all but the clauses.
    fn hashes(&self, message: &[MessagePart], effects: &[RuleEffect]) -> Vec<u64> {
        let typed = self.typed;
        let exprs = &self.builder.exprs;
        let mut hashes = vec![
            stable_hash(&typed.code),
            stable_hash(&(typed.severity, typed.on_unknown, typed.phase)),
            self.builder.watch_hash(self.trigger),
        ];
        hashes.extend(message.iter().map(|part| match part {
            MessagePart::Text(text) => stable_hash(text),
            MessagePart::Value(value) => exprs.hash(*value),
        }));
        hashes.extend(effects.iter().map(|effect| match effect {
            RuleEffect::Flag => 1,
            RuleEffect::Redact(path) => combined([2, exprs.hash(*path)]),
            RuleEffect::RedactDetected(detect) => combined([3, exprs.hash(*detect)]),
            RuleEffect::Throttle { wait_ms } => combined([4, *wait_ms]),
            RuleEffect::RequireApproval { role, ttl_ms } => combined([5, stable_hash(role), *ttl_ms]),
            RuleEffect::Deny => 6,
        }));
        hashes
    }

    fn cross_hash(&self, cross: Option<&Cross>) -> u64 {
        cross.map_or(0, |cross| self.builder.exprs.hash(cross.condition))
    }
}

/// The steps of a chain are the bits of a number.
const CHAIN_MAX: usize = 64;

/// Whether a clause has memory that may be full in a way that is to be told.
fn may_fill(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Aggregate(aggregate) => {
            let is_total = aggregate.window == Window::Run || aggregate.cross.is_some();
            let may_merge = matches!(aggregate.function, AggregateFunction::Sum | AggregateFunction::Max) && !is_total;
            !aggregate.keys.is_empty() || may_merge
        }
        ClauseKind::Expect(_) => true,
        _ => false,
    }
}

/// How many events a clause keeps.
fn capacity(has_cross: bool, is_flow: bool) -> u32 {
    match (has_cross, is_flow) {
        (false, _) => WITNESSES_MAX as u32,
        (true, false) => RECORDS_MAX,
        (true, true) => FLOW_RECORDS_MAX,
    }
}

/// The cheap clauses first.
fn order(clauses: &[Clause]) -> Box<[u16]> {
    let mut order: Vec<u16> = (0..clauses.len() as u16).collect();
    order.sort_by_key(|at| match &clauses[usize::from(*at)].kind {
        ClauseKind::Condition(_) => 0,
        ClauseKind::Past(past) if past.cross.is_none() => 1,
        ClauseKind::Chain(_) => 2,
        ClauseKind::Aggregate(aggregate) if aggregate.cross.is_none() => 3,
        ClauseKind::Cycle(_) => 4,
        ClauseKind::Past(_) => 5,
        ClauseKind::Aggregate(_) => 6,
        ClauseKind::Search(_) => 7,
        ClauseKind::Expect(_) => 8,
    });
    order.into()
}
