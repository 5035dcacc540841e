//! Policies, compiled: the door through which the engine asks them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aop_toon::{Effect, Phase, Severity, Timestamp};
use serde::Serialize;

use crate::batch::{self, RunRecord};
use crate::check::{check as check_package, warn_of_undeclared};
use crate::code_fields::{self, CodeField};
use crate::cost::{self, CostReport};
use crate::diagnostic::{DiagnosticCode, Diagnostics, Sink};
use crate::environment::{Environment, Resolver};
pub use crate::eval::Scratch;
use crate::eval::{self, NoProbe, Probe};
use crate::lower::lower;
use crate::occurrence::{Judgement, Occurrence};
use crate::program::{Program, combined, stable_hash};
use crate::state::{PolicyState, SharedState};
use crate::syntax::{self, ast};
use crate::typed::{DetectorFamily, Package};

/// A policy's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What diagnostics call it, such as its file's name.
    pub name: String,
    /// The policy.
    pub text: String,
}

/// What the compiler says of policies.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The policies; nothing when one of them has a mistake.
    pub set: Option<PolicySet>,
    /// One for each source, in their order; empty where there is nothing to say.
    pub diagnostics: Vec<Diagnostics>,
}

/// Compiles policies. They may use each other's packages, whatever their order.
pub fn check(sources: &[Source], environment: &Environment<'_>) -> Checked {
    let parsed: Vec<(Sink<'_>, Option<ast::File>)> = sources
        .iter()
        .map(|source| {
            let mut sink = Sink::new(&source.name, &source.text);
            let file = syntax::parse(&source.text, &mut sink);
            (sink, file)
        })
        .collect();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (_, file)) in parsed.iter().enumerate() {
        if let Some(file) = file {
            names.entry(&file.header.name.text).or_insert(at);
        }
    }
    let names: BTreeMap<String, usize> = names.into_iter().map(|(name, at)| (name.to_owned(), at)).collect();
    let resolver = Together { sources, names: &names, others: environment.resolver };
    let environment = Environment { resolver: &resolver, ..environment.clone() };
    let (mut packages, mut sinks) = (Vec::new(), Vec::new());
    for (at, (mut sink, file)) in parsed.into_iter().enumerate() {
        if let Some(file) = file {
            let name = &file.header.name;
            if name.text == "std" || name.text.starts_with("std.") {
                let message = format!("`{}` is taken: packages that begin with `std` come with AOP", name.text);
                sink.error(DiagnosticCode::PackageName, name.span, message);
            }
            if !name.text.is_empty() && names.get(&name.text).is_some_and(|first| *first != at) {
                let message = format!("the policy {} is loaded twice; give one of them another name", name.text);
                sink.error(DiagnosticCode::LoadedTwice, name.span, message);
            }
            let (source_name, text) = (sink.name(), sink.source());
            let package = check_package(&file, source_name, text, &environment, &mut sink);
            if let Some(package) = &package {
                cost::over_budget(package, &environment.budget, &mut sink);
            }
            packages.extend(package);
        }
        sinks.push(sink);
    }
    let is_whole = packages.len() == sources.len() && !sinks.iter().any(Sink::has_errors);
    if is_whole && !packages.iter().any(|package| package.undeclared.is_asked) {
        for (package, sink) in packages.iter().zip(&mut sinks) {
            warn_of_undeclared(&package.undeclared, sink);
        }
    }
    let diagnostics = sinks.into_iter().map(Sink::into_diagnostics).collect();
    let set = is_whole.then(|| PolicySet::of(packages.into_iter().map(Arc::new).collect()));
    Checked { set, diagnostics }
}

/// The packages of a set, before those that the caller's resolver knows.
struct Together<'s> {
    sources: &'s [Source],
    names: &'s BTreeMap<String, usize>,
    others: &'s dyn Resolver,
}

impl Resolver for Together<'_> {
    fn package(&self, name: &str) -> Option<(String, String)> {
        match self.names.get(name) {
            Some(&at) => Some((self.sources[at].name.clone(), self.sources[at].text.clone())),
            None => self.others.package(name),
        }
    }
}

/// Compiles policies.
///
/// # Errors
/// The diagnostics of all policies, in their order, when one of them has a mistake.
pub fn compile_set(sources: &[Source], environment: &Environment<'_>) -> Result<PolicySet, Vec<Diagnostics>> {
    let Checked { set, diagnostics } = check(sources, environment);
    set.ok_or(diagnostics)
}

/// Compiles one policy. `name` is what diagnostics call it, such as its file's name.
///
/// # Errors
/// Every mistake in the policy, each at its place.
pub fn compile(name: &str, source: &str) -> Result<PolicySet, Diagnostics> {
    let mut policies = PolicySet::default();
    policies.add(name, source)?;
    Ok(policies)
}

/// Compiled policies: immutable and without memory. What a run must remember is its [`PolicyState`], and what must be
/// remembered beyond a run is a [`SharedState`].
///
/// ```
/// let mut policies = aop_dsl::compile("mail.aop", r#"policy acme.mail version "1.4.0" dsl 1;"#).unwrap();
/// policies.add("files.aop", r#"policy acme.files version "0.1.0" dsl 1;"#).unwrap();
/// assert_eq!(policies.policies().len(), 2);
/// ```
#[derive(Debug, Clone, Default)]
pub struct PolicySet {
    policies: Vec<PolicyInfo>,
    rules: Vec<RuleInfo>,
    packages: Vec<Arc<Package>>,
    program: Arc<Program>,
}

/// Sets are equal when they mean the same.
impl PartialEq for PolicySet {
    fn eq(&self, other: &Self) -> bool {
        self.policies == other.policies && self.rules == other.rules && self.hash() == other.hash()
    }
}

impl Eq for PolicySet {}

/// What a policy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyInfo {
    /// Its name, such as `acme.mail`: the first part of its rules' codes.
    pub name: String,
    /// Its own version, a semantic version.
    pub version: String,
}

/// What a rule says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleInfo {
    /// `package.rule`, as findings name it.
    pub code: String,
    /// How bad its findings are.
    pub severity: Severity,
    /// When it looks.
    pub phase: Phase,
    /// The strongest thing it asks for.
    pub effect: Effect,
    /// What its author says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A hash of what it means, the same on every machine.
    pub hash: u64,
}

/// In the order of the policies and of their text.
fn rule_infos(packages: &[Arc<Package>], program: &Program) -> Vec<RuleInfo> {
    let of_rule = |rule: &crate::typed::Rule| {
        let lowered = program.rules.binary_search_by(|known| known.code.cmp(&rule.code)).ok().map(|at| &program.rules[at]);
        RuleInfo {
            code: rule.code.clone(),
            severity: rule.severity,
            phase: rule.phase,
            effect: rule.effect(),
            description: rule.description.clone(),
            hash: lowered.map_or(0, |rule| rule.hash),
        }
    };
    let of_batch_rule = |rule: &crate::typed::BatchRule| RuleInfo {
        code: rule.code.clone(),
        severity: rule.severity,
        phase: Phase::Batch,
        effect: Effect::Flag,
        description: rule.description.clone(),
        hash: crate::lower::batch_rule_hash(rule),
    };
    packages
        .iter()
        .flat_map(|package| {
            let mut infos: Vec<(u32, RuleInfo)> =
                package.rules.iter().map(|rule| (rule.span.start, of_rule(rule))).collect();
            infos.extend(package.batch_rules.iter().map(|rule| (rule.span.start, of_batch_rule(rule))));
            infos.sort_by_key(|(start, _)| *start);
            infos.into_iter().map(|(_, info)| info)
        })
        .collect()
}

impl PolicySet {
    pub(crate) fn of(packages: Vec<Arc<Package>>) -> Self {
        let info = |package: &Arc<Package>| PolicyInfo { name: package.name.clone(), version: package.version.clone() };
        let program = Arc::new(lower(&packages));
        let rules = rule_infos(&packages, &program);
        Self { policies: packages.iter().map(info).collect(), rules, packages, program }
    }

    /// Compiles a policy into the set, which stays as it was when there is a mistake. Policies that use each other's packages
    /// are better compiled together: [`compile_set`].
    ///
    /// # Errors
    /// As [`compile`], and when the set has a policy of that name.
    pub fn add(&mut self, name: &str, source: &str) -> Result<(), Diagnostics> {
        let mut sink = Sink::new(name, source);
        let file = syntax::parse(source, &mut sink);
        let mut package = None;
        if let Some(file) = &file {
            let policy = &file.header.name;
            if self.policies.iter().any(|other| other.name == policy.text) {
                let message = format!("the policy {} is loaded twice; give one of them another name", policy.text);
                sink.error(DiagnosticCode::LoadedTwice, policy.span, message);
            }
            let environment = Environment::default();
            package = check_package(file, name, source, &environment, &mut sink);
            if let Some(package) = &package {
                cost::over_budget(package, &environment.budget, &mut sink);
            }
        }
        let has_errors = sink.has_errors();
        match package {
            Some(package) if !has_errors => {
                let mut packages = self.packages.clone();
                packages.push(Arc::new(package));
                *self = Self::of(packages);
                Ok(())
            }
            _ => Err(sink.into_diagnostics()),
        }
    }

    /// The policies, in the order in which they were added.
    pub fn policies(&self) -> &[PolicyInfo] {
        &self.policies
    }

    /// The rules, in the order of the policies and of their text.
    pub fn rules(&self) -> &[RuleInfo] {
        &self.rules
    }

    pub(crate) fn packages(&self) -> &[Arc<Package>] {
        &self.packages
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// The set with this rule alone; nothing when there is no such rule.
    pub fn only(&self, code: &str) -> Option<Self> {
        let package = self.packages.iter().find(|package| {
            package.rules.iter().any(|rule| rule.code == code) || package.batch_rules.iter().any(|rule| rule.code == code)
        })?;
        let mut package = Package::clone(package);
        package.rules.retain(|rule| rule.code == code);
        package.batch_rules.retain(|rule| rule.code == code);
        Some(Self::of(vec![Arc::new(package)]))
    }

    /// Whether it has no rules at all.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What its rules cost at most.
    pub fn cost(&self) -> CostReport {
        cost::report(&self.packages)
    }

    /// A hash of what the policies mean, the same on every machine. Comments and white space do not count.
    pub fn hash(&self) -> u64 {
        let batch = self.rules.iter().filter(|rule| rule.phase == Phase::Batch).map(|rule| rule.hash);
        let policies = self.policies.iter().map(|policy| stable_hash(&(&policy.name, &policy.version)));
        combined([self.program.hash].into_iter().chain(batch).chain(policies))
    }

    /// Which detectors its rules ask.
    pub fn uses_detectors(&self) -> BTreeSet<DetectorFamily> {
        self.program.detectors.clone()
    }

    /// The parameters that the schemas of the policies, and of what they use, declare to hold code; sorted, each once.
    pub fn code_fields(&self) -> Vec<CodeField> {
        let mut fields = Vec::new();
        self.packages.iter().for_each(|package| code_fields::of_schema(&package.schema, &mut fields));
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// Whether a rule has memory beyond a run.
    pub fn uses_shared_state(&self) -> bool {
        self.program.uses_shared_state
    }

    /// Whether a rule remembers what detectors say of an event, so that [`PolicySet::observe`] must be told too.
    pub fn remembers_detections(&self) -> bool {
        self.program.remembers_detections
    }

    /// Adds what there is to say about an event that arrives. The states stay as they are.
    pub fn judge(
        &self,
        occurrence: &Occurrence<'_>,
        state: &PolicyState,
        shared: Option<&SharedState>,
        scratch: &mut Scratch,
        judgement: &mut Judgement,
    ) {
        self.judge_probed(occurrence, state, shared, scratch, judgement, &mut NoProbe);
    }

    pub(crate) fn judge_probed<P: Probe>(
        &self,
        occurrence: &Occurrence<'_>,
        state: &PolicyState,
        shared: Option<&SharedState>,
        scratch: &mut Scratch,
        judgement: &mut Judgement,
        probe: &mut P,
    ) {
        eval::judge(&self.program, occurrence, eval::states(state, shared), scratch, judgement, probe);
    }

    /// Takes an event into the memories, after it was accepted or refused; the only way in which they change, but for time
    /// ([`PolicySet::advance`]).
    pub fn observe(
        &self,
        occurrence: &Occurrence<'_>,
        accepted: bool,
        state: &mut PolicyState,
        shared: Option<&mut SharedState>,
        scratch: &mut Scratch,
    ) {
        self.observe_probed(occurrence, accepted, state, shared, scratch, &mut NoProbe);
    }

    /// As [`PolicySet::observe`], for the occurrence that was judged last with these buffers, in the same states and with
    /// nothing in between: what was worked out for the judgement is not worked out again. After anything else it may take in
    /// the wrong things.
    pub fn observe_judged(
        &self,
        occurrence: &Occurrence<'_>,
        accepted: bool,
        state: &mut PolicyState,
        shared: Option<&mut SharedState>,
        scratch: &mut Scratch,
    ) {
        let taken = eval::Taken { accepted, is_judged: true };
        eval::observe(&self.program, occurrence, taken, state, shared, scratch, &mut NoProbe);
    }

    pub(crate) fn observe_probed<P: Probe>(
        &self,
        occurrence: &Occurrence<'_>,
        accepted: bool,
        state: &mut PolicyState,
        shared: Option<&mut SharedState>,
        scratch: &mut Scratch,
        probe: &mut P,
    ) {
        let taken = eval::Taken { accepted, is_judged: false };
        eval::observe(&self.program, occurrence, taken, state, shared, scratch, probe);
    }

    /// Adds what there is to say at the end of a run: duties that were not done, rules about the run's end. `now` is a point
    /// after the run's last event; without one, the run's clock counts. The state stays as it is.
    pub fn finish(&self, state: &PolicyState, now: Option<Timestamp>, judgement: &mut Judgement) {
        self.finish_probed(state, None, now, &mut Scratch::default(), judgement, &mut NoProbe);
    }

    pub(crate) fn finish_probed<P: Probe>(
        &self,
        state: &PolicyState,
        shared: Option<&SharedState>,
        now: Option<Timestamp>,
        scratch: &mut Scratch,
        judgement: &mut Judgement,
        probe: &mut P,
    ) {
        eval::finish(&self.program, eval::states(state, shared), now, scratch, judgement, probe);
    }

    /// Judges a set of runs by the batch rules, as of `now`.
    pub fn judge_batch(&self, records: &[RunRecord], now: Timestamp, judgement: &mut Judgement) {
        for package in &self.packages {
            batch::judge(package, records, now, judgement);
        }
    }

    /// How far back from `now` the batch rules look, in microseconds; nothing when there is none. Records of runs that began before
    /// that need not be kept.
    pub fn batch_look_back_micros(&self) -> Option<i64> {
        self.packages.iter().filter_map(|package| batch::look_back_micros(package)).max()
    }

    /// Time passes without an event: adds the duties that are due by now, each once.
    pub fn advance(&self, now: Timestamp, state: &mut PolicyState, judgement: &mut Judgement) {
        eval::advance(&self.program, now, state, judgement);
    }

    /// Takes over the state of a run that began under another set. Rules that are the same keep their memory; those that are
    /// not start empty, and their findings say since when. `last_seq` is the run's last event.
    pub fn adopt(&self, state: &mut PolicyState, last_seq: Option<u64>) {
        // A run that has not begun has missed nothing.
        if state.run.events > 0 || last_seq.is_some() {
            eval::adopt(&self.program, state, last_seq);
        }
    }
}

/// The package's name in a policy's header; nothing when there is none that can be read. The rest of the policy is not read.
///
/// ```
/// let text = "// mail; nothing else\npolicy acme.mail version \"1.4.0\" dsl 1;\nrule half {";
/// assert_eq!(aop_dsl::package_name(text).as_deref(), Some("acme.mail"));
/// assert_eq!(aop_dsl::package_name("rule half {"), None);
/// ```
pub fn package_name(text: &str) -> Option<String> {
    syntax::package_name(text)
}
