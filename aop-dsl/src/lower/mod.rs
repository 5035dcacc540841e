//! Typed form → program.
//!
//! Rules are lowered in the order of their codes, so that findings come out in that order. Conditions of past events are split:
//! what is about the past event alone is decided when it arrives ([`crate::program::Watch`]), the rest at the trigger.

mod clause;
mod dispatch;
mod expr;
mod guard;
mod inline;
mod literal;
mod memory;
mod mention;
mod rule;
mod walk;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use inline::Functions;
pub(crate) use mention::{About, conjuncts, mention};
pub(crate) use walk::{children_mut, forget_places};

use crate::flow::Vocabulary;
use crate::program::{
    ExprId, Exprs, Feed, Flow, MemoryDef, MemoryId, Program, Rule, SchemaId, SchemaWords, Watch, WatchId, combined,
    stable_hash,
};
use crate::typed::{DetectorFamily, Package, Pattern, Schema};

/// Puts the rules of these packages together.
pub(crate) fn lower(packages: &[Arc<Package>]) -> Program {
    let mut builder = Builder::default();
    let contexts: Vec<PackageContext> = packages.iter().map(|package| PackageContext::new(&mut builder, package)).collect();
    let mut rules: Vec<(&Arc<Package>, &PackageContext, usize)> = packages
        .iter()
        .zip(&contexts)
        .flat_map(|(package, context)| (0..package.rules.len()).map(move |at| (package, context, at)))
        .collect();
    rules.sort_by(|a, b| a.0.rules[a.2].code.cmp(&b.0.rules[b.2].code));
    for (package, context, at) in rules {
        rule::lower(&mut builder, context, package, at);
    }
    builder.program()
}

/// Of a batch rule's meaning: of all that stands in it but its place.
pub(crate) fn batch_rule_hash(rule: &crate::typed::BatchRule) -> u64 {
    let mut rule = rule.clone();
    let nowhere = crate::syntax::ast::Span::default();
    rule.span = nowhere;
    let texts = rule.message.parts.iter_mut().filter_map(|part| match part {
        crate::typed::TemplatePart::Value(value) => Some(value),
        crate::typed::TemplatePart::Text(_) => None,
    });
    let exprs = [&mut rule.condition, &mut rule.test].into_iter().chain(&mut rule.by).chain(texts);
    exprs.for_each(walk::forget_places);
    stable_hash(&format!("{rule:?}"))
}

/// What the rules of a package have in common.
pub(super) struct PackageContext {
    schema: SchemaId,
    functions: Functions,
    /// By function.
    bodies: Vec<ExprId>,
}

impl PackageContext {
    fn new(builder: &mut Builder, package: &Package) -> Self {
        let schema = builder.schema(&package.schema);
        let functions = Functions::new(&package.functions);
        let mut context = Self { schema, functions: Functions::new(&[]), bodies: Vec::new() };
        for (params, body) in functions.bodies() {
            let body = expr::lower_body(builder, &context, params, body);
            context.bodies.push(body);
        }
        Self { functions, ..context }
    }
}

/// A program in the making.
#[derive(Default)]
pub(super) struct Builder {
    exprs: Exprs,
    rules: Vec<Rule>,
    memories: Vec<MemoryDef>,
    memory_ids: HashMap<u64, MemoryId>,
    watches: Vec<Watch>,
    watch_ids: HashMap<(Pattern, ExprId), WatchId>,
    flows: Vec<Flow>,
    schemas: Vec<Arc<Schema>>,
    detectors: BTreeSet<DetectorFamily>,
}

impl Builder {
    /// Policies that use the same schema have the same one here.
    fn schema(&mut self, schema: &Arc<Schema>) -> SchemaId {
        if let Some(at) = self.schemas.iter().position(|known| Arc::ptr_eq(known, schema) || known == schema) {
            return SchemaId(at as u16);
        }
        self.schemas.push(Arc::clone(schema));
        let words = |of: fn(&crate::typed::Action) -> &Vec<String>| {
            let marked = schema.actions.iter().filter(|action| !of(action).is_empty());
            stable_hash(&marked.map(|action| (&action.name, of(action))).collect::<Vec<_>>())
        };
        let names = stable_hash(&schema.actions.iter().map(|action| &action.name).collect::<Vec<_>>());
        self.exprs.push_schema(words(|action| &action.effects), words(|action| &action.labels), names)
    }

    /// The watch for these events, which is shared.
    fn watch(&mut self, pattern: &Pattern, condition: ExprId) -> WatchId {
        let key = (pattern.clone(), condition);
        if let Some(&id) = self.watch_ids.get(&key) {
            return id;
        }
        let id = WatchId(self.watches.len() as u32);
        self.watches.push(Watch { pattern: pattern.clone(), condition, feeds: Vec::new() });
        self.watch_ids.insert(key, id);
        id
    }

    /// Tells watched events apart.
    fn watch_hash(&self, id: WatchId) -> u64 {
        let watch = &self.watches[id.0 as usize];
        combined([stable_hash(&watch.pattern), self.exprs.hash(watch.condition)])
    }

    fn feed(&mut self, watch: WatchId, feed: Feed) {
        let feeds = &mut self.watches[watch.0 as usize].feeds;
        if !feeds.contains(&feed) {
            feeds.push(feed);
        }
    }

    /// The memory with this definition, which is shared.
    fn memory(&mut self, def: MemoryDef) -> MemoryId {
        if let Some(&id) = self.memory_ids.get(&def.hash) {
            return id;
        }
        let id = MemoryId(self.memories.len() as u32);
        self.memory_ids.insert(def.hash, id);
        self.memories.push(def);
        id
    }

    fn program(self) -> Program {
        let dispatch = dispatch::build(&self);
        let schemas = self
            .schemas
            .iter()
            .map(|schema| {
                let mut actions = vec![None; dispatch.names.len()];
                for (name, id) in &dispatch.names {
                    let at = schema.actions.binary_search_by(|action| action.name.as_str().cmp(name)).ok();
                    actions[id.0 as usize] = at.map(|at| at as u32);
                }
                SchemaWords { schema: Arc::clone(schema), actions }
            })
            .collect();
        let declared = self.schemas.iter().flat_map(|schema| schema.actions.iter().map(|action| action.name.as_str()));
        let vocabulary = if self.flows.is_empty() { Vocabulary::default() } else { Vocabulary::new(declared) };
        let mut memory_hashes: Vec<u64> = self.memories.iter().map(|memory| memory.hash).collect();
        memory_hashes.extend(self.flows.iter().map(|flow| flow.source.0));
        memory_hashes.sort_unstable();
        let duties = self.rules.iter().enumerate().flat_map(|(at, rule)| {
            let clauses = rule.clauses.iter().enumerate();
            let duties = clauses.filter(|(_, clause)| matches!(clause.kind, crate::program::ClauseKind::Expect(_)));
            duties.map(move |(clause, _)| (crate::program::RuleId(at as u32), clause as u16))
        });
        Program {
            remembers_detections: dispatch::remember_detections(&self),
            duties: duties.collect(),
            hash: combined(self.rules.iter().map(|rule| rule.hash)),
            uses_shared_state: self.memories.iter().any(|memory| memory.scope != crate::typed::Scope::Run),
            exprs: self.exprs,
            rules: self.rules,
            memories: self.memories,
            watches: self.watches,
            dispatch,
            flows: self.flows,
            schemas,
            detectors: self.detectors,
            vocabulary,
            memory_hashes: memory_hashes.into(),
        }
    }
}
