//! `missing_step_validator`: what a run had to do and did not, or not in order, or not in time.

use aop_toon::{Effect, EventType, Finding, Phase, Severity, Timestamp};
use serde::{Deserialize, Serialize};

use super::bounded::First;
use super::pattern::list;
use super::{Arrival, FinalOutputRule, FollowUp, SettingsError, Step, TimeSpan, Workflow, left_out, post_run_at};
use crate::rule::{Rule, Status};

/// A required step, or an approval, that is missing.
pub static STEP_MISSING: Rule = Rule {
    id: "step/missing",
    validator: "missing_step_validator",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    phase: Phase::PostRun,
    status: Status::Active,
    summary: "a required step or approval is missing",
    why: "A run that skips a check or acts without approval may look well from its final output alone.",
    source: "the operator's setting `missing_step.workflows`",
};

/// Steps that came in the wrong order.
pub static STEP_ORDER: Rule = Rule {
    id: "step/order",
    summary: "steps came in the wrong order",
    why: "A check that comes after the deed it should have guarded is no check.",
    ..STEP_MISSING
};

/// A follow-up that did not come, or came late.
pub static STEP_FOLLOW_UP: Rule = Rule {
    id: "step/follow-up",
    summary: "a required follow-up did not come in time",
    why: "Some actions oblige: a refund to a notice, a lock to an unlock.",
    ..STEP_MISSING
};

/// A run without its required final output.
pub static STEP_NO_FINAL: Rule = Rule {
    id: "step/no-final",
    summary: "the run ended without the required final output",
    why: "Whoever asked got no answer. Off by default, for runs that end when the user leaves are ordinary.",
    source: "the operator's settings `missing_step.final_output` and `missing_step.workflows`",
    ..STEP_MISSING
};

/// What `missing_step_validator` is told; by default nothing is required.
///
/// ```
/// use aop_rules::post_run::{FinalOutputRule, MissingStepSettings};
///
/// let settings: MissingStepSettings = serde_json::from_str(r#"{"final_output":"required"}"#)?;
/// assert_eq!(settings.final_output, FinalOutputRule::Required);
/// settings.validate()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MissingStepSettings {
    /// Whether every run has to end in a final output.
    pub final_output: FinalOutputRule,
    /// What runs of some kinds have to do.
    pub workflows: Vec<Workflow>,
}

impl MissingStepSettings {
    /// # Errors
    /// When a workflow or step has no name, names no action, or a name is used twice.
    pub fn validate(&self) -> Result<(), SettingsError> {
        for (index, workflow) in self.workflows.iter().enumerate() {
            let place = format!("missing_step.workflows[{index}]");
            workflow.validate(&place)?;
            if self.workflows[..index].iter().any(|earlier| earlier.name == workflow.name) {
                let problem = format!("{:?} is the name of an earlier workflow", workflow.name);
                return Err(SettingsError::new(format!("{place}.name"), problem));
            }
        }
        Ok(())
    }
}

/// How many open duties of one follow-up are remembered; of later ones only the number.
pub const WATCHED_MAX: usize = 256;

/// How many characters of a goal or scenario are kept and compared.
const LABEL_CHARACTERS_MAX: usize = 1024;

/// What `missing_step_validator` remembers of a run: for each workflow the first time of each step, and at most
/// [`WATCHED_MAX`] open duties of each follow-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingStepState {
    agent: Option<i64>,
    scenario: Option<String>,
    goal: Option<String>,
    last: Option<u64>,
    final_output: Option<u64>,
    refused_final: Option<u64>,
    workflows: Vec<Progress>,
}

/// How far a run has come in one workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    steps: Vec<StepProgress>,
    /// One for each of `before`, then one for each of `approvals`.
    guards: Vec<Guard>,
    follow_ups: Vec<Duties>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct StepProgress {
    /// How often each group of actions was done.
    done: Vec<u32>,
    /// The first event that counted.
    first: Option<u64>,
    /// The event that made it complete.
    complete: Option<u64>,
    /// The latest event that would have counted, had it been accepted or succeeded.
    attempt: Option<u64>,
}

/// An action that needs something before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Guard {
    /// The latest event that allows it, with the clock at it.
    key: Option<(u64, i64)>,
    /// Events that came without one in time, with the nearest that would have done.
    broken: First<(u64, Option<u64>)>,
}

/// Follow-ups that are due.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Duties {
    open: Vec<Duty>,
    left_out: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Duty {
    seq: u64,
    /// The last point on the run's clock at which the follow-up is in time.
    deadline: Option<i64>,
    /// The follow-up that came too late.
    late: Option<u64>,
}

impl MissingStepState {
    /// Finds nothing: what is missing shows at the end.
    pub fn at_ingestion(&self, _: &MissingStepSettings, _: &Arrival<'_>, _: &mut Vec<Finding>) {}

    /// Takes the event in. What was refused was not done; it is remembered as the nearest attempt.
    pub fn observe(&mut self, settings: &MissingStepSettings, arrival: &Arrival<'_>, accepted: bool) {
        self.last = Some(arrival.seq());
        if arrival.event.event_type() == EventType::FinalOutput {
            let place = if accepted { &mut self.final_output } else { &mut self.refused_final };
            place.get_or_insert(arrival.seq());
        }
        if settings.workflows.is_empty() {
            return;
        }
        self.learn_labels(arrival);
        self.workflows.resize_with(settings.workflows.len(), Progress::default);
        if matches!(arrival.event.event_type(), EventType::ActionRequest | EventType::ActionResponse) {
            for (workflow, progress) in settings.workflows.iter().zip(&mut self.workflows) {
                progress.observe(workflow, arrival, accepted);
            }
        }
    }

    fn learn_labels(&mut self, arrival: &Arrival<'_>) {
        let cut = |text: &str| Some(text.chars().take(LABEL_CHARACTERS_MAX).collect());
        let meta = arrival.event.meta();
        if self.agent.is_none() {
            self.agent = meta.agent_id();
        }
        if self.scenario.is_none() {
            self.scenario = meta.get("scenario").and_then(|scenario| scenario.as_str()).and_then(|text| cut(&text));
        }
        if self.goal.is_none() && arrival.event.event_type() == EventType::Reasoning {
            let goal = arrival.event.document().pointer("/payload/goal").and_then(|goal| goal.as_str());
            self.goal = goal.and_then(|text| cut(&text.to_lowercase()));
        }
    }

    /// Finds what is missing, were the run to end here.
    pub fn finish(&self, settings: &MissingStepSettings, _now: Option<Timestamp>, findings: &mut Vec<Finding>) {
        let Some(last) = self.last else { return };
        let end = self.final_output.unwrap_or(last);
        let none = Progress::default();
        let start = findings.len();
        let mut required_by = match settings.final_output {
            FinalOutputRule::Required => Some("`missing_step.final_output` requires one".to_owned()),
            FinalOutputRule::Optional => None,
        };
        for (index, workflow) in settings.workflows.iter().enumerate().filter(|(_, workflow)| self.applies(workflow)) {
            let progress = self.workflows.get(index).unwrap_or(&none);
            progress.missing_steps(workflow, end, self.final_output.is_some(), findings);
            progress.wrong_order(workflow, findings);
            progress.broken_guards(workflow, findings);
            progress.open_duties(workflow, findings);
            if workflow.final_output {
                required_by.get_or_insert_with(|| format!("workflow {} requires one", workflow.name));
            }
        }
        if let (Some(by), None) = (required_by, self.final_output) {
            let refused = self.refused_final.map(|seq| format!("; #{seq} was refused")).unwrap_or_default();
            let message = format!("the run ended with #{last} and no final output; {by}{refused}");
            findings.push(post_run_at(&STEP_NO_FINAL, last, self.refused_final.into_iter().collect(), message));
        }
        // Stable: within a code and an event, the order of the settings stays.
        findings[start..].sort_by_key(|finding| (code_order(&finding.rule), finding.seq.unwrap_or(u64::MAX)));
    }

    fn applies(&self, workflow: &Workflow) -> bool {
        let applies = &workflow.applies;
        let fits = |label: &Option<String>, patterns: &[super::Pattern]| {
            patterns.is_empty() || label.as_ref().is_some_and(|label| patterns.iter().any(|pattern| pattern.matches(label)))
        };
        let fits_goal = applies.goal.is_empty()
            || self
                .goal
                .as_ref()
                .is_some_and(|goal| applies.goal.iter().any(|pattern| pattern.to_lowercase().matches(goal)));
        (applies.agents.is_empty() || self.agent.is_some_and(|agent| applies.agents.contains(&agent)))
            && fits(&self.scenario, &applies.scenario)
            && fits_goal
    }
}

fn code_order(code: &str) -> usize {
    [&STEP_MISSING, &STEP_ORDER, &STEP_FOLLOW_UP].iter().position(|rule| rule.id == code).unwrap_or(3)
}

impl Progress {
    fn observe(&mut self, workflow: &Workflow, arrival: &Arrival<'_>, accepted: bool) {
        self.steps.resize_with(workflow.steps.len(), StepProgress::default);
        self.guards.resize_with(workflow.before.len() + workflow.approvals.len(), Guard::default);
        self.follow_ups.resize_with(workflow.follow_ups.len(), Duties::default);
        for (step, progress) in workflow.steps.iter().zip(&mut self.steps) {
            progress.observe(step, arrival, accepted);
        }
        let (befores, approvals) = self.guards.split_at_mut(workflow.before.len());
        for (before, guard) in workflow.before.iter().zip(befores) {
            guard.check(&before.action, before.within, arrival, accepted);
            if before.outcome.is_done(&before.needs, arrival, accepted) {
                guard.key = Some((arrival.seq(), arrival.clock.micros()));
            }
        }
        for (approval, guard) in workflow.approvals.iter().zip(approvals) {
            guard.check(&approval.action, approval.within, arrival, accepted);
            if approval.is_given(arrival, accepted) {
                guard.key = Some((arrival.seq(), arrival.clock.micros()));
            }
        }
        for (follow_up, duties) in workflow.follow_ups.iter().zip(&mut self.follow_ups) {
            duties.observe(follow_up, arrival, accepted);
        }
    }

    fn missing_steps(&self, workflow: &Workflow, end: u64, has_final: bool, findings: &mut Vec<Finding>) {
        let none = StepProgress::default();
        let progress = |index: usize| self.steps.get(index).unwrap_or(&none);
        for (index, step) in workflow.steps.iter().enumerate() {
            let of = progress(index);
            if of.complete.is_some() {
                continue;
            }
            // In an ordered workflow it was due before the first later step that did happen.
            let later = (index + 1..workflow.steps.len()).filter(|_| workflow.ordered);
            let due = later.filter_map(|later| Some((progress(later).first?, later))).min();
            let (seq, due) = match due {
                Some((seq, later)) => (seq, format!("before step {} in #{seq}", workflow.steps[later].name)),
                None if has_final => (end, format!("before the final output #{end}")),
                None => (end, format!("by the run's end, #{end}")),
            };
            let before = index.checked_sub(1).filter(|_| workflow.ordered).and_then(|before| progress(before).complete);
            let (nearest, note) = match (of.attempt, of.first, before) {
                (Some(seq), ..) => (Some(seq), format!("; #{seq} tried it without success")),
                (None, Some(seq), _) => (Some(seq), format!("; it began with #{seq}")),
                (None, None, Some(seq)) => (Some(seq), format!("; the step before it was done with #{seq}")),
                (None, None, None) => (None, String::new()),
            };
            let message = format!(
                "workflow {}: step {} is missing ({}); it was due {due}{note}",
                workflow.name,
                step.name,
                of.what_is_missing(step)
            );
            findings.push(post_run_at(&STEP_MISSING, seq, nearest.into_iter().collect(), message));
        }
    }

    fn wrong_order(&self, workflow: &Workflow, findings: &mut Vec<Finding>) {
        if !workflow.ordered {
            return;
        }
        for (index, later) in self.steps.iter().enumerate().take(workflow.steps.len()) {
            let Some(first) = later.first else { continue };
            let earlier = (0..index).rev().find_map(|earlier| {
                let complete = self.steps[earlier].complete.filter(|complete| *complete > first)?;
                Some((&workflow.steps[earlier].name, complete))
            });
            if let Some((name, complete)) = earlier {
                let message = format!(
                    "workflow {}: step {} began with #{first}, before step {name} was done with #{complete}; {name} has to come first",
                    workflow.name, workflow.steps[index].name
                );
                findings.push(post_run_at(&STEP_ORDER, first, vec![complete], message));
            }
        }
    }

    fn broken_guards(&self, workflow: &Workflow, findings: &mut Vec<Finding>) {
        let within = |within: Option<TimeSpan>| within.map(|within| format!(" within {within}")).unwrap_or_default();
        let befores = workflow.before.iter().map(|before| {
            let needs = format!("{} has to come before it{}", list(&before.needs), within(before.within));
            (&STEP_ORDER, &before.action, "without what it needs", needs)
        });
        let approvals = workflow.approvals.iter().map(|approval| {
            let needs = format!("{} has to approve it{}", list(&approval.by), within(approval.within));
            (&STEP_MISSING, &approval.action, "without approval", needs)
        });
        for ((rule, action, lack, needs), guard) in befores.chain(approvals).zip(&self.guards) {
            for (seq, nearest) in &guard.broken.items {
                let note = nearest.map(|nearest| format!("; #{nearest} was too long ago")).unwrap_or_default();
                let message = format!("workflow {}: #{seq} asked for {action} {lack}; {needs}{note}", workflow.name);
                findings.push(post_run_at(rule, *seq, nearest.iter().copied().collect(), message));
            }
            left_out(rule, guard.broken.left_out, findings);
        }
    }

    fn open_duties(&self, workflow: &Workflow, findings: &mut Vec<Finding>) {
        for (follow_up, duties) in workflow.follow_ups.iter().zip(&self.follow_ups) {
            let listed = duties.open.len().min(super::FINDINGS_MAX);
            for duty in &duties.open[..listed] {
                let due = match follow_up.within {
                    Some(within) => format!("within {within}"),
                    None => "before the run's end".to_owned(),
                };
                let late = duty.late.map(|late| format!("; #{late} came too late")).unwrap_or_default();
                let message = format!(
                    "workflow {}: after {} in #{}, {} was due {due}{late}",
                    workflow.name,
                    follow_up.after,
                    duty.seq,
                    list(&follow_up.expect)
                );
                findings.push(post_run_at(&STEP_FOLLOW_UP, duty.seq, duty.late.into_iter().collect(), message));
            }
            left_out(&STEP_FOLLOW_UP, (duties.open.len() - listed) as u64 + duties.left_out, findings);
        }
    }
}

impl StepProgress {
    fn observe(&mut self, step: &Step, arrival: &Arrival<'_>, accepted: bool) {
        self.done.resize(step.groups().count(), 0);
        let mut counted = false;
        for (group, done) in step.groups().zip(&mut self.done) {
            if step.outcome.is_done(group, arrival, accepted) {
                *done = done.saturating_add(1);
                counted = true;
            } else if step.outcome.is_attempt(group, arrival, accepted) {
                self.attempt = Some(arrival.seq());
            }
        }
        if counted {
            self.first.get_or_insert(arrival.seq());
            if self.done.iter().all(|done| *done >= step.count) {
                self.complete.get_or_insert(arrival.seq());
            }
        }
    }

    fn what_is_missing(&self, step: &Step) -> String {
        let done = self.done.iter().copied().chain(std::iter::repeat(0));
        let missing = step.groups().zip(done).filter(|(_, done)| *done < step.count).map(|(group, done)| match step.count {
            1 => list(group),
            count => format!("{}, {done} of {count} times", list(group)),
        });
        missing.collect::<Vec<_>>().join("; ")
    }
}

impl Guard {
    fn check(&mut self, action: &super::Pattern, within: Option<TimeSpan>, arrival: &Arrival<'_>, accepted: bool) {
        let asked = accepted && arrival.action.as_deref().is_some_and(|asked| action.matches(asked));
        let now = arrival.clock.micros();
        // The window is (now − within, now].
        let holds = |clock: i64| within.is_none_or(|within| now.saturating_sub(clock) < within.micros());
        if asked && !self.key.is_some_and(|(_, clock)| holds(clock)) {
            self.broken.push((arrival.seq(), self.key.map(|(seq, _)| seq)));
        }
    }
}

impl Duties {
    fn observe(&mut self, follow_up: &FollowUp, arrival: &Arrival<'_>, accepted: bool) {
        let now = arrival.clock.micros();
        if follow_up.outcome.is_done(&follow_up.expect, arrival, accepted) {
            self.open.retain_mut(|duty| match duty.deadline {
                Some(deadline) if deadline < now => {
                    duty.late.get_or_insert(arrival.seq());
                    true
                }
                _ => false,
            });
        }
        if follow_up.outcome.is_done(std::slice::from_ref(&follow_up.after), arrival, accepted) {
            let deadline = follow_up.within.map(|within| now.saturating_add(within.micros()));
            match self.open.len() < WATCHED_MAX {
                true => self.open.push(Duty { seq: arrival.seq(), deadline, late: None }),
                false => self.left_out += 1,
            }
        }
    }
}
