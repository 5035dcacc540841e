//! The ingestion phase: one event, everything that is to be said about it, one verdict.

use std::borrow::Cow;
use std::collections::BTreeMap;

use aop_rules::acl;
use aop_rules::catalogue;
use aop_rules::post_run::{Arrival, ObeyedScratch};
use aop_rules::rule::Rule;
use aop_rules::scan::{self, Hit};
use aop_toon::{Answers, Effect, Event, Finding, Paired, Severity, Timestamp};

use crate::engine::{Engine, clock_at};
use crate::hiding::Hiding;
use crate::known::KnownData;
use crate::policies::{self, Judgement, Occurrence, Redaction, all_detected};
use crate::redact::{Target, fingerprints};
use crate::redaction::{self, Which, targets};
use crate::run_state::RunState;
use crate::runs;
use crate::verdict::Verdict;

/// Buffers that checks use again; keep one a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) detectors: scan::Scratch,
    /// Of the detectors of attacks alone, while a log is replayed.
    pub(crate) replayed: scan::Scratch,
    /// What the detectors have found in the event that was judged last.
    pub(crate) hits: Vec<Hit>,
    /// What the event that was judged last answers.
    pub(crate) answers: Answers,
    pub(crate) policies: policies::Scratch,
    judgement: Judgement,
    pub(crate) obeyed: ObeyedScratch,
}

/// What a check may be told beside the event and its run.
///
/// ```
/// use aop_engine::{Context, Engine, Event, SharedState};
///
/// let engine = Engine::builder().policy(r#"
///     policy acme.rate version "1.0.0" dsl 1;
///     rule often { on c: request(*) count(request(*)) > 1 within 60s per agent then throttle(wait: 5s) "too often"; }
/// "#)?.build()?;
/// let mut shared = SharedState::default();
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"agent","type":"action_request",
///     "payload":{"action":"search","params":{}},"meta":{"agent_id":7}}"#)?;
/// // two runs of one agent
/// for is_accepted in [true, false] {
///     let mut run = engine.start_run_of(7);
///     let context = Context { shared: Some(&mut shared), ..Context::default() };
///     assert_eq!(run.check_in(&event, context).is_accepted(), is_accepted);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Context<'c> {
    /// The caller's role, such as `approver`, for policies that ask for `principal.role` and for settings that name `roles`.
    pub role: Option<&'c str>,
    /// The memory that runs share, for policies that look `per agent` or `per organisation`. Without it, what such a clause says is
    /// unknown, and a rule that can refuse refuses.
    pub shared: Option<&'c mut policies::SharedState>,
    /// The tenant whose event it is, such as an organisation, by any name that stays: hashes, tokens and fingerprints are made
    /// with a key of its own ([`RedactionKey::for_tenant`](crate::RedactionKey::for_tenant)). Policies ask for it as
    /// `principal.organisation`, and settings that name `organisations` go by it.
    pub tenant: Option<&'c str>,
}

/// Judges an event as the next of a run. `action` is the request's, as it may be shown.
pub(crate) fn judge(
    engine: &Engine,
    event: &Event<'_>,
    action: Option<Cow<'_, str>>,
    state: &RunState,
    context: &Context<'_>,
    scratch: &mut Scratch,
) -> Verdict {
    let mut hits = std::mem::take(&mut scratch.hits);
    hits.clear();
    engine.detectors.scan(event, &mut scratch.detectors, &mut hits);
    for hit in &mut hits {
        hit.effect.get_or_insert(by_threshold(hit.severity, engine.settings.threshold));
    }

    let redactor = match context.tenant.filter(|_| engine.redactor.keys().is_some()) {
        Some(id) => Cow::Owned(engine.redactor.for_tenant(id)),
        None => Cow::Borrowed(&engine.redactor),
    };
    let prints = redactor
        .keys()
        .map(|keys| fingerprints(&engine.detectors, event.document(), &targets(&hits), keys))
        .unwrap_or_default();
    let per_rule_max = engine.settings.findings_per_rule_max;
    let mut findings = hit_findings(event, &hits, prints, per_rule_max);
    let actions = action_findings(engine, event, state);
    let of_detectors = findings.len();
    findings.extend(capped(actions, per_rule_max));
    let known = KnownData::of(&engine.detectors, event, &hits);
    if hits.iter().any(Hit::is_data) {
        // What a detector's finding says is fixed, and never holds what was found.
        let nothing = KnownData::default();
        for (index, finding) in findings.iter_mut().enumerate() {
            let known_in_message = if index < of_detectors { &nothing } else { &known };
            Hiding { detectors: &engine.detectors, known: &known, scratch: &mut scratch.detectors }.in_pointers(finding);
            Hiding { detectors: &engine.detectors, known: known_in_message, scratch: &mut scratch.detectors }
                .in_message(finding);
        }
    }
    let of_event = findings.len();
    let mut answers = std::mem::take(&mut scratch.answers);
    state.calls.peek_into(event, &mut answers);
    let paired = &answers.paired;
    run_findings(engine, event, action, state, paired, &mut findings);
    if let Some(actions) = &engine.actions {
        actions.check_orders(event, engine.settings.threshold, &mut findings);
    }
    if !known.is_empty() {
        let mut hiding = Hiding { detectors: &engine.detectors, known: &known, scratch: &mut scratch.detectors };
        findings[of_event..].iter_mut().for_each(|finding| hiding.in_finding(finding));
    }
    let asked = policy_findings(engine, event, state, context, paired, &hits, &known, scratch, &mut findings);
    scratch.answers = answers;

    let effects = hits.iter().filter_map(|hit| hit.effect).chain(findings.iter().map(|finding| finding.effect));
    let effect = effects.max().unwrap_or(Effect::Allow);
    let asked = asked_targets(event, &hits, &asked);
    let redacted = redaction::redact_judged(engine, &redactor, event, &hits, asked, Which::Effect, &mut scratch.detectors);
    scratch.hits = hits;
    Verdict { effect, findings, redacted }
}

/// What the policies say. Gives back what they ask to redact.
#[expect(clippy::too_many_arguments, reason = "each is a part of one moment, and they are borrowed differently")]
fn policy_findings(
    engine: &Engine,
    event: &Event<'_>,
    state: &RunState,
    context: &Context<'_>,
    paired: &[Paired],
    hits: &[Hit],
    known: &KnownData,
    scratch: &mut Scratch,
    findings: &mut Vec<Finding>,
) -> Vec<Redaction> {
    if engine.policies.is_empty() {
        return Vec::new();
    }
    let detected = all_detected(hits);
    let occurrence = Occurrence {
        event,
        clock: clock_at(event, state),
        agent_id: state.agent_id,
        role: context.role,
        organisation: context.tenant,
        paired,
        detected: engine.is_scanning().then_some(&detected),
    };
    let mut judgement = std::mem::take(&mut scratch.judgement);
    judgement.findings.clear();
    judgement.redactions.clear();
    let adopted = engine.adopted(state);
    engine.policies.judge(&occurrence, &adopted, context.shared.as_deref(), &mut scratch.policies, &mut judgement);
    let mut hiding = Hiding { detectors: &engine.detectors, known, scratch: &mut scratch.detectors };
    for finding in judgement.findings.drain(..) {
        let mut finding = match &engine.actions {
            Some(actions) => actions.told(finding, engine.settings.threshold),
            None => finding,
        };
        hiding.in_finding(&mut finding);
        findings.push(finding);
    }
    let redactions = std::mem::take(&mut judgement.redactions);
    scratch.judgement = judgement;
    redactions
}

/// What policies ask to redact: whole leaves, or what a detector has found.
fn asked_targets<'h>(event: &Event<'_>, hits: &'h [Hit], asked: &[Redaction]) -> Vec<Target<'h>> {
    asked
        .iter()
        .flat_map(|redaction| match *redaction {
            Redaction::Leaf(node) => vec![redaction::leaf(event.document().value(node))],
            Redaction::Detected(index) => targets(hits.get(index)),
        })
        .collect()
}

pub(crate) fn by_threshold(severity: Severity, threshold: Severity) -> Effect {
    if severity >= threshold { Effect::Deny } else { Effect::Flag }
}

/// Decides where the rule leaves the choice to the engine.
fn settle(finding: &mut Finding, threshold: Severity) {
    if catalogue::rule(&finding.rule).is_some_and(|rule| rule.effect.is_none()) {
        finding.effect = by_threshold(finding.severity, threshold);
    }
}

/// A finding for each hit, up to so many of one rule.
fn hit_findings(event: &Event<'_>, hits: &[Hit], mut prints: Vec<Option<String>>, per_rule_max: usize) -> Vec<Finding> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    let mut left_out = Vec::new();
    for (index, hit) in hits.iter().enumerate() {
        let count = counts.entry(hit.rule.id).or_default();
        *count += 1;
        if *count <= per_rule_max {
            let fingerprint = prints.get_mut(index).filter(|_| hit.is_data()).and_then(Option::take);
            findings.push(Finding { fingerprint, ..hit.finding(event.document(), Some(event.seq())) });
        } else {
            left_out.push((hit.rule, hit.severity, hit.effect.unwrap_or(Effect::Flag)));
        }
    }
    findings.extend(summed_up(event.seq(), left_out));
    findings
}

/// The findings, up to so many of one rule.
fn capped(findings: Vec<Finding>, per_rule_max: usize) -> Vec<Finding> {
    let Some(seq) = findings.first().and_then(|finding| finding.seq) else { return findings };
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut left_out = Vec::new();
    let mut kept = Vec::new();
    for finding in findings {
        let Some(rule) = catalogue::rule(&finding.rule) else { continue };
        let count = counts.entry(rule.id).or_default();
        *count += 1;
        if *count <= per_rule_max {
            kept.push(finding);
        } else {
            left_out.push((rule, finding.severity, finding.effect));
        }
    }
    kept.extend(summed_up(seq, left_out));
    kept
}

/// One finding a rule for those that were left out: an event that is one long list of addresses must not become a report many
/// times its size. The strongest speaks for all, so that a limit on reports is no way around a rule.
fn summed_up(seq: u64, left_out: Vec<(&'static Rule, Severity, Effect)>) -> Vec<Finding> {
    if left_out.is_empty() {
        return Vec::new();
    }
    let mut by_rule: BTreeMap<&'static str, (&'static Rule, usize, Severity, Effect)> = BTreeMap::new();
    for (rule, severity, effect) in left_out {
        let (_, count, worst, strongest) = by_rule.entry(rule.id).or_insert((rule, 0, severity, effect));
        *count += 1;
        *worst = severity.max(*worst);
        *strongest = effect.max(*strongest);
    }
    let finding = |(rule, count, severity, effect): (&'static Rule, usize, Severity, Effect)| {
        let message = format!("{count} more of these in the same event, not listed one by one");
        Finding { seq: Some(seq), severity, effect, ..rule.finding(message) }
    };
    by_rule.into_values().map(finding).collect()
}

fn action_findings(engine: &Engine, event: &Event<'_>, state: &RunState) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named = event.meta().agent_id();
    if let (Some(caller), Some(named)) = (state.agent_id, named)
        && caller != named
    {
        let message = format!("the event names agent {named}, and its caller is agent {caller}");
        let path = Some("/meta/agent_id".to_owned());
        findings.push(Finding { seq: Some(event.seq()), path, ..acl::NOT_ALLOWED.finding(message) });
    }
    if let Some(actions) = &engine.actions {
        actions.check_schemas(event, &mut findings);
    }
    findings.iter_mut().for_each(|finding| settle(finding, engine.settings.threshold));
    findings
}

/// What the event means in its run.
fn run_findings(
    engine: &Engine,
    event: &Event<'_>,
    action: Option<Cow<'_, str>>,
    state: &RunState,
    paired: &[Paired],
    findings: &mut Vec<Finding>,
) {
    let clock: Timestamp = clock_at(event, state);
    let reused = state.calls.peek_request(event);
    let arrival = Arrival { action, ..Arrival::new(event, clock, paired, reused.as_ref()) };
    runs::at_ingestion(engine, state, &arrival, findings);
    if let Some(settings) = &engine.obeyed {
        state.obeyed.state.at_ingestion(settings, event, findings);
    }
}
