//! Process conformance: whether a run goes the way that a workflow model knows, how far it does (its fitness, from 0 to 1),
//! and where it first left that way.
//!
//! A [`ConformanceModel`] is what is written down; [`Learner`] makes one from good runs. [`Conformance`] is the model
//! compiled, and [`ConformanceState`] what is remembered of a run: the costs of the best alignment of the run's steps with the
//! model, state by state, so that a run is judged event by event and by the same definition as a whole.
//!
//! The fitness is that of alignments (van der Aalst, *Process Mining: Data Science in Action*, 2nd ed. 2016, section 8.3;
//! Adriansyah, *Aligning Observed and Modeled Behavior*, 2014), with three more costs for what a graph of steps cannot say:
//! unusual contexts (back-off from two steps to one, as language models do), steps that miss what always comes before them
//! (precedence, as in the constraint language Declare), and steps that come more often than in any good run.

mod compiled;
mod learn;
mod model;
mod state;
mod step;

use aop_toon::{Effect, Phase, Severity};
use serde::{Deserialize, Serialize};

use crate::rule::{Rule, Status};

pub use compiled::{Conformance, STEPS_MAX};
pub use learn::{LearnError, Learner, RunSteps};
pub use model::{ConformanceModel, Context, Next, StepBefore};
pub use state::{ConformanceState, Fitness};
pub use step::{StepError, StepKind, WorkflowStep};

/// A run that goes another way than the model.
pub static STEP_CONFORMANCE: Rule = Rule {
    id: "step/conformance",
    validator: "missing_step_validator",
    severity: Severity::Warning,
    effect: Some(Effect::Flag),
    phase: Phase::PostRun,
    status: Status::Active,
    summary: "the run does not go the way that the workflow model knows",
    why: "A run that does things in an order that no good run has, leaves out what they all do first, or does one thing over and \
          over, is worth a look even where each event by itself is in order. Nothing is found without a model.",
    source: "the operator's model in `conformance.model`, written by hand or learnt by `aop learn`; alignments as in van der \
             Aalst, Process Mining (2016)",
};

/// What is watched for conformance: nothing without a model.
///
/// ```
/// use aop_rules::post_run::{Conformance, ConformanceSettings};
///
/// let settings: ConformanceSettings = serde_json::from_str(
///     r#"{"fitness_min": 0.8, "model": {"moves": {"start": ["user"], "user": ["final"], "final": ["end"]}}}"#)?;
/// assert!(Conformance::new(&settings)?.is_some());
/// assert!(Conformance::new(&ConformanceSettings::default())?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConformanceSettings {
    /// A run whose fitness is less is found; in the place of the model's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fitness_min: Option<f64>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ConformanceModel>,
}
