//! Learning a workflow model from good runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::Arrival;
use super::compiled::{Conformance, STEPS_MAX};
use super::model::{ConformanceModel, Context, Next, StepBefore, WATCHED};
use super::state::ConformanceState;
use super::{StepKind, WorkflowStep, step};

/// What always comes before a step is only believed when so many good runs have the step.
const SUPPORT_MIN: u64 = 3;

/// How many models are learnt to see what fitness a good run has that was not learnt from.
const FOLDS_MAX: usize = 25;

/// So many in a hundred good runs are expected below the fitness that the model asks for.
const BELOW_PERCENT: usize = 10;

/// The steps of one run, for [`Learner::add`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunSteps {
    steps: Vec<WorkflowStep>,
}

impl RunSteps {
    /// Takes an event in; a refused one is no step.
    pub fn observe(&mut self, arrival: &Arrival<'_>, accepted: bool) {
        if let Some((kind, action)) = step::of(arrival).filter(|(kind, _)| accepted && WATCHED.contains(kind)) {
            self.steps.push(WorkflowStep::new(kind, &action));
        }
    }
}

/// Learns a [`ConformanceModel`] from good runs. Equal runs give equal models, in whatever order they come.
///
/// ```
/// use aop_rules::post_run::{Arrival, Learner, RunSteps};
/// use aop_toon::Event;
///
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
///     "payload":{"thought":"hello"},"meta":{}}"#)?;
/// let mut run = RunSteps::default();
/// run.observe(&Arrival::new(&event, event.t(), &[], None), true);
/// let mut learner = Learner::default();
/// learner.add(run);
/// let model = learner.model()?;
/// assert_eq!((model.runs, model.moves.len()), (1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Learner {
    runs: Vec<Vec<WorkflowStep>>,
}

/// Why nothing can be learnt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LearnError {
    /// There is no run with a step.
    #[error("there is nothing to learn from: no run has a step")]
    NoSteps,
    /// A model cannot tell so many steps apart.
    #[error("the runs have {0} different steps; a model has at most {STEPS_MAX}: are values a part of the actions' names?")]
    TooManySteps(usize),
}

impl Learner {
    /// Adds a good run. One without any step tells nothing, and is left out.
    pub fn add(&mut self, run: RunSteps) {
        if !run.steps.is_empty() {
            self.runs.push(run.steps);
        }
    }

    /// How many runs there are to learn from.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// The model of all runs. The fitness it asks for is what nine in ten of them reach when they are judged by a model that was
    /// learnt without them; with a single run it is left to the settings.
    ///
    /// # Errors
    /// When no run has a step, or the runs have more different steps than a model can hold.
    pub fn model(&self) -> Result<ConformanceModel, LearnError> {
        if self.runs.is_empty() {
            return Err(LearnError::NoSteps);
        }
        let different: BTreeSet<&WorkflowStep> = self.runs.iter().flatten().collect();
        // Beginning and end are steps too.
        if different.len() + 2 > STEPS_MAX {
            return Err(LearnError::TooManySteps(different.len() + 2));
        }
        let mut runs: Vec<&[WorkflowStep]> = self.runs.iter().map(Vec::as_slice).collect();
        runs.sort_unstable();
        let fitness_min = expected_fitness(&runs);
        Ok(ConformanceModel { fitness_min, ..learn(&runs) })
    }
}

/// The fitness that nine in ten runs reach, each judged by a model of runs from other folds.
fn expected_fitness(runs: &[&[WorkflowStep]]) -> Option<f64> {
    let folds = runs.len().min(FOLDS_MAX);
    let mut reached = Vec::new();
    for fold in (0..folds).filter(|_| folds > 1) {
        let (held_out, others): (Vec<_>, Vec<_>) = runs.iter().enumerate().partition(|(place, _)| place % folds == fold);
        let others: Vec<&[WorkflowStep]> = others.into_iter().map(|(_, run)| *run).collect();
        let Ok(model) = Conformance::of(&learn(&others)) else { continue };
        reached.extend(held_out.into_iter().map(|(_, run)| ConformanceState::of_steps(&model, run).fitness(&model).fitness));
    }
    reached.sort_unstable_by(f64::total_cmp);
    let below = reached.len() * BELOW_PERCENT / 100;
    // Downwards, so that a run that was counted in reaches it.
    reached.get(below).map(|fitness| (fitness * 100.0).floor() / 100.0)
}

fn learn(runs: &[&[WorkflowStep]]) -> ConformanceModel {
    let mut moves: BTreeMap<WorkflowStep, Next> = BTreeMap::new();
    let mut contexts: BTreeMap<[WorkflowStep; 2], Next> = BTreeMap::new();
    let mut most: BTreeMap<WorkflowStep, u64> = BTreeMap::new();
    for run in runs {
        let whole: Vec<WorkflowStep> =
            [WorkflowStep::START].into_iter().chain(run.iter().cloned()).chain([WorkflowStep::END]).collect();
        for pair in whole.windows(2) {
            *moves.entry(pair[0].clone()).or_default().0.entry(pair[1].clone()).or_default() += 1;
        }
        for three in whole.windows(3) {
            let after = [three[0].clone(), three[1].clone()];
            *contexts.entry(after).or_default().0.entry(three[2].clone()).or_default() += 1;
        }
        let mut counts: BTreeMap<&WorkflowStep, u64> = BTreeMap::new();
        run.iter().for_each(|step| *counts.entry(step).or_default() += 1);
        for (step, count) in counts {
            let known = most.entry(step.clone()).or_default();
            *known = count.max(*known);
        }
    }
    let contexts = contexts.into_iter().map(|(after, next)| Context { after, next }).collect();
    ConformanceModel { runs: runs.len() as u64, contexts, before: always_before(runs), moves, most, ..Default::default() }
}

/// The pairs of requests of which the one came before the other in every run that has the other. Of a before b before c, the
/// pair of a and c says nothing more, and is left out.
fn always_before(runs: &[&[WorkflowStep]]) -> Vec<StepBefore> {
    // For each step, in how many runs it is, and what came before its first time in all of them.
    let mut known: BTreeMap<&WorkflowStep, (u64, BTreeSet<&WorkflowStep>)> = BTreeMap::new();
    for run in runs {
        let mut before: BTreeSet<&WorkflowStep> = BTreeSet::new();
        for step in run.iter().filter(|step| step.kind() == StepKind::Request) {
            if !before.contains(step) {
                let (count, always) = known.entry(step).or_insert_with(|| (0, before.clone()));
                *count += 1;
                always.retain(|earlier| before.contains(earlier));
                before.insert(step);
            }
        }
    }
    let believed: BTreeMap<&WorkflowStep, &(u64, BTreeSet<&WorkflowStep>)> =
        known.iter().filter(|(_, (runs, _))| *runs >= SUPPORT_MIN).map(|(step, of)| (*step, of)).collect();
    let mut pairs = Vec::new();
    for (step, (runs, always)) in &believed {
        for needs in always {
            let is_implied =
                always.iter().any(|between| believed.get(between).is_some_and(|(_, earlier)| earlier.contains(needs)));
            if !is_implied {
                pairs.push(StepBefore { step: (*step).clone(), needs: (*needs).clone(), runs: *runs });
            }
        }
    }
    pairs
}
