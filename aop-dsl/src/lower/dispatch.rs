//! Where rules and watches are found by an event.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aop_toon::EventType;

use super::Builder;
use super::guard::{Need, index, needs};
use crate::program::pattern::names_action;
use crate::program::{
    Bucket, ByAction, ClauseKind, Comparison, Dispatch, ExprId, Exprs, FeedInto, MemoryKind, MessagePart, NameId, Node,
    RequestFact, RequestValueId, Rule, RuleEffect, Watch, WordKind,
};
use crate::typed::{ActionEvent, ActionName, Const, Pattern, Schema};
use crate::value::Value;

/// Builds the way from events to rules and watches.
pub(super) fn build(builder: &Builder) -> Dispatch {
    let mut placing = Placing::new(builder);
    for (at, rule) in builder.rules.iter().enumerate() {
        placing.place(&rule.pattern, rule.condition, Thing::Rule(at as u32));
        placing.keep(&rule.pattern, request_values_of_rule(builder, rule));
    }
    for (at, watch) in builder.watches.iter().enumerate().filter(|(_, watch)| !watch.feeds.is_empty()) {
        placing.place(&watch.pattern, watch.condition, Thing::Watch(at as u32));
        placing.keep(&watch.pattern, request_values_of_watch(builder, watch));
    }
    placing.dispatch()
}

#[derive(Debug, Clone, Copy)]
enum Thing {
    Rule(u32),
    Watch(u32),
}

/// A bucket in the making.
#[derive(Default)]
struct Draft {
    rules: Vec<u32>,
    watches: Vec<u32>,
    kept: BTreeSet<u16>,
}

impl Draft {
    fn push(&mut self, thing: Thing) {
        match thing {
            Thing::Rule(at) => self.rules.push(at),
            Thing::Watch(at) => self.watches.push(at),
        }
    }
}

#[derive(Default)]
struct ActionDrafts {
    named: Vec<Draft>,
    any: Draft,
    like: BTreeMap<Vec<String>, (Vec<ActionName>, Draft)>,
    orphan: Draft,
}

struct Placing<'b> {
    builder: &'b Builder,
    names: Vec<&'b str>,
    /// Where exact names are among them.
    places: HashMap<&'b str, usize>,
    requests: ActionDrafts,
    responses: ActionDrafts,
    reasoning: Draft,
    finals: Draft,
    errors: Draft,
    run_end: Draft,
    rule_needs: HashMap<u32, Option<Vec<Need>>>,
    watch_needs: HashMap<u32, Option<Vec<Need>>>,
}

impl<'b> Placing<'b> {
    fn new(builder: &'b Builder) -> Self {
        let of_rules = builder.rules.iter().map(|rule| &rule.pattern);
        let of_watches = builder.watches.iter().map(|watch| &watch.pattern);
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for pattern in of_rules.chain(of_watches) {
            if let Pattern::Action(_, actions) = pattern {
                names.extend(actions.iter().filter_map(|action| match action {
                    ActionName::Exact(name) => Some(name.as_str()),
                    ActionName::Glob(_) | ActionName::Any => None,
                }));
            }
        }
        names.extend(builder.schemas.iter().flat_map(|schema| schema.actions.iter().map(|action| action.name.as_str())));
        let names: Vec<&str> = names.into_iter().collect();
        let places = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let drafts = || ActionDrafts { named: names.iter().map(|_| Draft::default()).collect(), ..ActionDrafts::default() };
        let (requests, responses) = (drafts(), drafts());
        Self {
            builder,
            places,
            requests,
            responses,
            names,
            reasoning: Draft::default(),
            finals: Draft::default(),
            errors: Draft::default(),
            run_end: Draft::default(),
            rule_needs: HashMap::new(),
            watch_needs: HashMap::new(),
        }
    }

    fn place(&mut self, pattern: &Pattern, condition: ExprId, thing: Thing) {
        if self.builder.exprs.is_false(condition) {
            return;
        }
        let needs = needs(&self.builder.exprs, condition);
        match thing {
            Thing::Rule(at) => self.rule_needs.insert(at, needs),
            Thing::Watch(at) => self.watch_needs.insert(at, needs),
        };
        match pattern {
            Pattern::RunEnd => self.run_end.push(thing),
            Pattern::AnyEvent => {
                self.requests.any.push(thing);
                self.responses.any.push(thing);
                self.reasoning.push(thing);
                self.finals.push(thing);
                self.errors.push(thing);
            }
            Pattern::Type(EventType::ActionRequest) => self.requests.any.push(thing),
            Pattern::Type(EventType::ActionResponse) => self.responses.any.push(thing),
            Pattern::Type(EventType::Reasoning) => self.reasoning.push(thing),
            Pattern::Type(EventType::FinalOutput) => self.finals.push(thing),
            Pattern::Type(EventType::Error) => self.errors.push(thing),
            Pattern::Action(event, names) => self.place_actions(*event, names, condition, thing),
        }
    }

    fn place_actions(&mut self, event: ActionEvent, names: &[ActionName], condition: ExprId, thing: Thing) {
        let exprs = &self.builder.exprs;
        let fixed: Vec<ExprId> = exprs.parts(condition).into_iter().filter(|part| is_fixed(exprs, *part)).collect();
        let schemas = &self.builder.schemas;
        let holds = |name: Option<&str>| fixed.iter().all(|part| fixed_truth(exprs, schemas, *part, name) != Some(false));
        let is_any = names.contains(&ActionName::Any);
        let drafts = match event {
            ActionEvent::Request => &mut self.requests,
            ActionEvent::Response => &mut self.responses,
        };
        if is_any && fixed.is_empty() {
            drafts.any.push(thing);
            return;
        }
        for place in named(names, &self.names, &self.places) {
            if holds(Some(self.names[place])) {
                drafts.named[place].push(thing);
            }
        }
        let is_like = names.iter().any(|name| !matches!(name, ActionName::Exact(_)));
        if is_like && holds(None) {
            like(drafts, names).push(thing);
        }
        // Whether a response without a request is one of a name is unknown.
        if event == ActionEvent::Response {
            drafts.orphan.push(thing);
        }
    }

    /// What responses with this pattern want to know of their requests.
    fn keep(&mut self, pattern: &Pattern, values: BTreeSet<u16>) {
        if values.is_empty() {
            return;
        }
        match pattern {
            Pattern::Action(ActionEvent::Response, names) if !names.contains(&ActionName::Any) => {
                for place in named(names, &self.names, &self.places) {
                    self.requests.named[place].kept.extend(&values);
                }
                if names.iter().any(|name| !matches!(name, ActionName::Exact(_))) {
                    like(&mut self.requests, names).kept.extend(&values);
                }
            }
            _ => self.requests.any.kept.extend(&values),
        }
    }

    fn dispatch(self) -> Dispatch {
        let Self { names, requests, responses, reasoning, finals, errors, run_end, rule_needs, watch_needs, .. } = self;
        let bucket = |draft: Draft| {
            let with = |things: Vec<u32>, needs: &HashMap<u32, Option<Vec<Need>>>| {
                let things: Vec<_> = things.into_iter().map(|at| (at, needs.get(&at).cloned().flatten())).collect();
                index(&things)
            };
            Bucket {
                rules: with(draft.rules, &rule_needs),
                watches: with(draft.watches, &watch_needs),
                kept: draft.kept.into_iter().map(RequestValueId).collect(),
            }
        };
        let by_action = |drafts: ActionDrafts| ByAction {
            named: drafts.named.into_iter().map(bucket).collect(),
            any: bucket(drafts.any),
            like: drafts.like.into_values().map(|(names, draft)| (names.into(), bucket(draft))).collect(),
            orphan: bucket(drafts.orphan),
        };
        Dispatch {
            names: names.iter().enumerate().map(|(at, name)| (Box::from(*name), NameId(at as u32))).collect(),
            requests: by_action(requests),
            responses: by_action(responses),
            reasoning: bucket(reasoning),
            finals: bucket(finals),
            errors: bucket(errors),
            run_end: bucket(run_end),
        }
    }
}

/// Which known names are meant.
fn named(names: &[ActionName], known: &[&str], places: &HashMap<&str, usize>) -> BTreeSet<usize> {
    if names.iter().all(|name| matches!(name, ActionName::Exact(_))) {
        let exact = names.iter().filter_map(|name| match name {
            ActionName::Exact(name) => places.get(name.as_str()).copied(),
            ActionName::Glob(_) | ActionName::Any => None,
        });
        return exact.collect();
    }
    (0..known.len()).filter(|place| names.iter().any(|name| names_action(name, known[*place]))).collect()
}

/// The draft for names that no policy has, if they are like this.
fn like<'d>(drafts: &'d mut ActionDrafts, names: &[ActionName]) -> &'d mut Draft {
    let patterns = names.iter().filter(|name| !matches!(name, ActionName::Exact(_)));
    let key = patterns.clone().map(|name| match name {
        ActionName::Glob(glob) => glob.clone(),
        ActionName::Exact(_) | ActionName::Any => "*".to_owned(),
    });
    let (_, draft) = drafts.like.entry(key.collect()).or_insert_with(|| (patterns.cloned().collect(), Draft::default()));
    draft
}

/// Whether a condition is decided by the action's name alone.
fn is_fixed(exprs: &Exprs, id: ExprId) -> bool {
    match exprs.node(id) {
        Node::Const(_) | Node::Words { .. } | Node::Declared(_) | Node::Request(RequestFact::Action) => true,
        node @ (Node::And(_) | Node::Or(_) | Node::Not(_) | Node::In { .. } | Node::Among { .. } | Node::Matches { .. }) => {
            exprs.children(node).iter().all(|id| is_fixed(exprs, *id))
        }
        node @ Node::Compare { op: Comparison::Equal | Comparison::NotEqual, .. } => {
            exprs.children(node).iter().all(|id| is_fixed(exprs, *id))
        }
        _ => false,
    }
}

/// Whether it holds for an action; without a name, for one that no policy names. Nothing when that is not known.
fn fixed_truth(exprs: &Exprs, schemas: &[std::sync::Arc<Schema>], id: ExprId, name: Option<&str>) -> Option<bool> {
    let declared = |schema: usize| name.and_then(|name| schemas[schema].action(name));
    let text = |id: ExprId| match exprs.node(id) {
        Node::Const(id) => match exprs.constant(*id) {
            Const::Text(text) => Some(&**text),
            _ => None,
        },
        Node::Request(RequestFact::Action) => name,
        _ => None,
    };
    match exprs.node(id) {
        Node::Const(id) => match exprs.constant(*id) {
            Const::Bool(truth) => Some(*truth),
            _ => None,
        },
        Node::Declared(schema) => Some(declared(schema.0 as usize).is_some()),
        Node::Not(inner) => fixed_truth(exprs, schemas, *inner, name).map(|truth| !truth),
        Node::And(parts) => {
            let truths: Vec<_> = parts.iter().map(|part| fixed_truth(exprs, schemas, *part, name)).collect();
            if truths.contains(&Some(false)) {
                Some(false)
            } else {
                truths.iter().all(|truth| *truth == Some(true)).then_some(true)
            }
        }
        Node::Or(parts) => {
            let truths: Vec<_> = parts.iter().map(|part| fixed_truth(exprs, schemas, *part, name)).collect();
            if truths.contains(&Some(true)) {
                Some(true)
            } else {
                truths.iter().all(|truth| *truth == Some(false)).then_some(false)
            }
        }
        Node::In { value, list, negated, .. } => {
            let Node::Words { schema, kind } = exprs.node(*list) else { return None };
            let word = text(*value)?;
            let found = declared(schema.0 as usize).is_some_and(|action| match kind {
                WordKind::Effects => action.effects.iter().any(|effect| effect == word),
                WordKind::Labels => action.labels.iter().any(|label| label == word),
            });
            Some(found != *negated)
        }
        Node::Among { value, members, negated } => {
            let value = text(*value)?;
            let found = exprs.members(*members).has(&Value::Text(value.into())).ok()?;
            Some(found != *negated)
        }
        Node::Matches { value, pattern } => {
            let Node::Const(pattern) = exprs.node(*pattern) else { return None };
            exprs.matcher(*pattern)?.matches(&Value::Text(text(*value)?.into())).ok()
        }
        Node::Compare { op, left, right, .. } => {
            let equal = text(*left)? == text(*right)?;
            Some(equal == (*op == Comparison::Equal))
        }
        _ => None,
    }
}

/// The values of requests that a rule may ask for when it is triggered.
fn request_values_of_rule(builder: &Builder, rule: &Rule) -> BTreeSet<u16> {
    request_values(builder, exprs_of_rule(rule))
}

/// What is asked when a rule is triggered.
fn exprs_of_rule(rule: &Rule) -> Vec<ExprId> {
    let mut exprs = vec![rule.condition];
    exprs.extend(rule.message.iter().filter_map(|part| match part {
        MessagePart::Value(value) => Some(*value),
        MessagePart::Text(_) => None,
    }));
    exprs.extend(rule.effects.iter().filter_map(|effect| match effect {
        RuleEffect::Redact(path) | RuleEffect::RedactDetected(path) => Some(*path),
        _ => None,
    }));
    for clause in &rule.clauses {
        let cross = match &clause.kind {
            ClauseKind::Condition(condition) => {
                exprs.push(*condition);
                continue;
            }
            ClauseKind::Past(past) => past.cross.iter().collect::<Vec<_>>(),
            ClauseKind::Chain(_) => Vec::new(),
            ClauseKind::Search(search) => search.steps.iter().filter_map(|step| step.cross.as_ref()).collect(),
            ClauseKind::Aggregate(aggregate) => {
                exprs.extend([aggregate.of_trigger, aggregate.bound]);
                exprs.extend(aggregate.value);
                exprs.extend(aggregate.keys.iter().chain(&aggregate.trigger_keys));
                aggregate.cross.iter().collect()
            }
            ClauseKind::Cycle(cycle) => {
                exprs.extend(cycle.same.iter().copied());
                exprs.push(cycle.bound);
                Vec::new()
            }
            ClauseKind::Expect(_) => Vec::new(),
        };
        for cross in cross {
            exprs.push(cross.condition);
            exprs.extend(cross.join.iter().copied());
        }
    }
    exprs
}

/// The values of requests that are asked for when a response is remembered.
fn request_values_of_watch(builder: &Builder, watch: &Watch) -> BTreeSet<u16> {
    request_values(builder, exprs_of_watch(builder, watch))
}

/// What is asked of an event when it is remembered.
fn exprs_of_watch(builder: &Builder, watch: &Watch) -> Vec<ExprId> {
    let mut exprs = vec![watch.condition];
    for feed in &watch.feeds {
        match feed.into {
            FeedInto::Memory(memory) | FeedInto::Step(memory, _) => match &builder.memories[memory.0 as usize].kind {
                MemoryKind::Records { values, join, .. } => exprs.extend(values.iter().chain(join)),
                MemoryKind::Chain { values } => exprs.extend(values.iter().flatten()),
                MemoryKind::Cells { value, keys, .. } => exprs.extend(value.iter().chain(keys)),
                MemoryKind::CellRecords { keys, values, join, .. } => exprs.extend(keys.iter().chain(values).chain(join)),
                MemoryKind::Cycle { same, .. } => exprs.extend(same),
                MemoryKind::Duties { .. } => {}
            },
            FeedInto::Discharge { rule, clause } => {
                if let ClauseKind::Expect(duty) = &builder.rules[rule.0 as usize].clauses[usize::from(clause)].kind {
                    exprs.extend(duty.cross.iter().flat_map(|cross| cross.join.iter().copied().chain([cross.condition])));
                }
            }
            FeedInto::Open { rule } => {
                for memory in builder.rules[rule.0 as usize].memories() {
                    if let MemoryKind::Duties { values, join } = &builder.memories[memory.0 as usize].kind {
                        exprs.extend(values.iter().chain(join));
                    }
                }
            }
            FeedInto::Flow(flow) => exprs.push(builder.flows[flow.0 as usize].value),
            FeedInto::Tell { rule } => {
                for clause in &builder.rules[rule.0 as usize].clauses {
                    if let ClauseKind::Aggregate(aggregate) = &clause.kind {
                        exprs.extend(&aggregate.trigger_keys);
                    }
                }
            }
        }
    }
    exprs
}

fn request_values(builder: &Builder, exprs: Vec<ExprId>) -> BTreeSet<u16> {
    let mut found = BTreeSet::new();
    for_each_below(&builder.exprs, exprs, &mut |node| {
        if let Node::OfRequest(value) = node {
            found.insert(value.0);
        }
    });
    found
}

/// Whether a detector is asked when an event is remembered.
pub(super) fn remember_detections(builder: &Builder) -> bool {
    let fed = builder.watches.iter().filter(|watch| !watch.feeds.is_empty());
    let mut exprs: Vec<ExprId> = fed.flat_map(|watch| exprs_of_watch(builder, watch)).collect();
    exprs.extend(builder.exprs.request_values());
    // What makes a duty is asked when its trigger is remembered.
    exprs.extend(builder.rules.iter().filter(|rule| rule.is_duty).flat_map(exprs_of_rule));
    let mut found = false;
    for_each_below(&builder.exprs, exprs, &mut |node| found |= matches!(node, Node::Detect { .. }));
    found
}

fn for_each_below(exprs: &Exprs, mut open: Vec<ExprId>, then: &mut dyn FnMut(&Node)) {
    let mut seen = HashSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let node = exprs.node(id);
            then(node);
            open.extend(exprs.children(node));
        }
    }
}
