//! Single expressions at one event, for explanations: the evaluation itself, asked for a part of a rule.

use aop_toon::Event;

use super::NoProbe;
use super::context::{Context, Current, Scope};
use super::event;
use super::judge::Scratch;
use super::unknown::{in_place, of_condition_at};
use crate::occurrence::Occurrence;
use crate::program::{ExprId, Node, Program, Rule, pattern};
use crate::state::{Moment, PolicyState, Record};
use crate::typed::{EventField, Expr, ExprKind, Pattern};
use crate::value::{self, Gap, Stored, Truth};

/// Evaluates at an event; the state is that before it.
pub(crate) struct Look<'c, 'e, 's> {
    context: &'c mut Context<'e, 's, NoProbe>,
}

/// Looks at an event.
pub(crate) fn look<'e, T>(
    program: &'e Program,
    occurrence: &Occurrence<'e>,
    state: &'e PolicyState,
    scratch: &mut Scratch,
    then: impl FnOnce(&mut Look<'_, 'e, '_>) -> T,
) -> T {
    let current = Current::new(program, occurrence, state);
    let Scratch { memo, flows, .. } = scratch;
    memo.begin(program.exprs.memo_len());
    flows.found.clear();
    let (requests, flow) = (&state.requests, &state.flow);
    let mut context = Context { program, current: &current, requests, flow, memo, flows, probe: &mut NoProbe, reason: None };
    then(&mut Look { context: &mut context })
}

/// Where a value stands: the event's `seq`, and the JSON Pointer in it.
pub(crate) type Standing = (u64, String);

impl<'e> Look<'_, 'e, '_> {
    pub(crate) fn moment(&self) -> Moment {
        self.context.current.at
    }

    pub(crate) fn agent_id(&self) -> Option<i64> {
        self.context.current.agent_id()
    }

    pub(crate) fn is_meant_by(&self, meant: &Pattern) -> Truth {
        pattern::matches(meant, self.context.current.kind, self.context.current.action.as_deref())
    }

    /// Whether a condition holds with these events in their slots; where that is unknown, why.
    pub(crate) fn truth(
        &mut self,
        rule: &'e Rule,
        condition: ExprId,
        past: &[(u16, &'e Record)],
    ) -> (Truth, Option<String>) {
        let found: Vec<(u16, &'e Record, bool)> = past.iter().map(|(slot, record)| (*slot, *record, false)).collect();
        self.context.with_bound(&found, None, &mut |context, scope| {
            let truth = context.truth(condition, scope);
            let unknown = (truth == Truth::Unknown).then(|| of_condition_at(context, rule, condition, scope).to_string());
            (truth, unknown)
        })
    }

    /// A value as explanations show it.
    pub(crate) fn shown(&mut self, value: ExprId) -> String {
        match self.context.value(value, Scope::default()) {
            Ok(value) => value::show_with_length(&value),
            Err(Gap::Absent) => "absent".to_owned(),
            Err(gap) => {
                let words = in_place(self.context, value, Scope::default(), gap);
                words.strip_prefix('(').and_then(|words| words.strip_suffix(')')).map(str::to_owned).unwrap_or(words)
            }
        }
    }

    /// What detectors have found, for an expression that asks them.
    pub(crate) fn detected(&mut self, detect: ExprId) -> Vec<String> {
        let Node::Detect { family, kinds, target } = self.context.program.exprs.node(detect) else { return Vec::new() };
        let Ok(place) = self.context.place(*target, Scope::default()) else { return Vec::new() };
        let current = self.context.current;
        let found = event::within(current, *family, kinds, place).filter_map(|(at, score)| {
            let found = current.detected?.get(at)?;
            let pointer = current.event?.document().value(found.node).pointer();
            let at_key = if found.at_key { "the key of " } else { "" };
            Some(format!("{} at {at_key}{pointer} (score {score})", found.entity))
        });
        found.collect()
    }

    /// What a clause keeps of the event.
    pub(crate) fn record(&mut self, values: &[ExprId]) -> Record {
        let values = values.iter().map(|value| Stored::new(&self.context.value(*value, Scope::default()))).collect();
        let seq = self.context.current.seq().unwrap_or_default();
        Record { seq, at: self.context.current.at, join: None, values }
    }

    /// Where a path stands, in the event or in the request that it answers; `events` are those of the run.
    pub(crate) fn place(&self, path: &Expr, events: &'e [Event<'e>]) -> Option<Standing> {
        let (seq, value) = self.value_at(path, events)?;
        Some((seq, value.pointer()))
    }

    fn value_at(&self, path: &Expr, events: &'e [Event<'e>]) -> Option<(u64, aop_toon::Value<'e>)> {
        let below = |base: &Expr| self.value_at(base, events);
        match &path.kind {
            ExprKind::Event { of_request: false, field, .. } => {
                let event = self.context.current.event?;
                let value = event::place(self.context.current, *field).or_else(|| field_at(event, *field))?;
                Some((event.seq(), value))
            }
            ExprKind::Event { of_request: true, field, .. } => {
                let seq = self.context.current.answers?.seq;
                let request = events.iter().find(|event| event.seq() == seq)?;
                Some((seq, field_at(request, *field)?))
            }
            // What a detector says stands where it has looked.
            ExprKind::Field { base, .. } if matches!(base.kind, ExprKind::Detect(_)) => below(base),
            ExprKind::Field { base, name, .. } => below(base).and_then(|(seq, base)| Some((seq, base.get(name)?))),
            ExprKind::Index { base, index } => {
                let (seq, base) = below(base)?;
                let value = match &index.kind {
                    ExprKind::Const(crate::typed::Const::Text(name)) => base.get(name),
                    ExprKind::Const(crate::typed::Const::Number(at)) => base.items().nth(usize::try_from(*at).ok()?),
                    _ => None,
                };
                Some((seq, value?))
            }
            ExprKind::Cast(value) => below(value),
            ExprKind::Detect(detect) => below(&detect.target),
            // A property stands where what it is a property of does.
            ExprKind::Builtin { arguments, .. } => below(arguments.first()?.as_ref()?),
            _ => None,
        }
    }
}

/// Where a field stands that is read without its document.
fn field_at<'e>(event: &'e Event<'e>, field: EventField) -> Option<aop_toon::Value<'e>> {
    let root = event.document().root();
    let (parent, name) = match field {
        EventField::Seq => (Some(root), "seq"),
        EventField::T => (Some(root), "t"),
        EventField::Actor => (Some(root), "actor"),
        EventField::Type => (Some(root), "type"),
        EventField::Meta => (Some(root), "meta"),
        EventField::CallId => (root.get("meta"), "call_id"),
        EventField::AgentId => (root.get("meta"), "agent_id"),
        EventField::Status => (root.get("payload"), "status"),
        EventField::Latency => (root.get("payload"), "latency_ms"),
        EventField::Confidence => (root.get("payload"), "confidence"),
        EventField::Params => (root.get("payload"), "params"),
        EventField::Rationale => (root.get("payload"), "rationale"),
        EventField::Action => (root.get("payload"), "action"),
        _ => (None, ""),
    };
    parent?.get(name)
}
