//! A workflow model as it is written: by hand, or by what learns it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{StepKind, WorkflowStep};

/// The version of the form below.
pub(super) const FORMAT: u32 = 1;

/// Which steps may follow which, and what else good runs have in common. `docs/conformance.md` tells it member by member.
///
/// ```
/// use aop_rules::post_run::ConformanceModel;
///
/// let model: ConformanceModel = serde_json::from_str(r#"{
///     "moves": {
///         "start": ["user"],
///         "user": ["request(find_order)"],
///         "request(find_order)": {"request(refund)": 12, "final": 3},
///         "request(refund)": ["final"],
///         "final": ["end"]
///     },
///     "before": [{"step": "request(refund)", "needs": "request(find_order)"}],
///     "most": {"request(refund)": 1},
///     "fitness_min": 0.9
/// }"#)?;
/// assert_eq!(model.moves.len(), 5);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConformanceModel {
    /// The version of this form.
    pub format: u32,
    /// From how many good runs it was learnt; 0 when it was written by hand.
    pub runs: u64,
    /// A run whose fitness is less deviates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fitness_min: Option<f64>,
    /// The kinds of events that are steps; all others are passed over.
    pub watch: Vec<StepKind>,
    /// Which steps come after two steps in a row, where that is known; without any, the last step alone counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<Context>,
    /// Steps that another one always comes before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<StepBefore>,
    /// Which steps come after a step.
    pub moves: BTreeMap<WorkflowStep, Next>,
    /// How often a step comes in a run at most. One that is not named may come as often as it likes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub most: BTreeMap<WorkflowStep, u64>,
}

impl Default for ConformanceModel {
    fn default() -> Self {
        Self {
            format: FORMAT,
            runs: 0,
            fitness_min: None,
            watch: WATCHED.to_vec(),
            contexts: Vec::new(),
            before: Vec::new(),
            moves: BTreeMap::new(),
            most: BTreeMap::new(),
        }
    }
}

/// What is a step unless a model says otherwise. Successful responses are left out: they follow their requests anyway.
pub(super) const WATCHED: &[StepKind] =
    &[StepKind::User, StepKind::Request, StepKind::Failure, StepKind::Error, StepKind::Final];

/// What comes next, and how often it was seen: a table of counts, or a list, in which each counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Next(pub BTreeMap<WorkflowStep, u64>);

/// What comes after two steps in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// The two steps, the earlier first.
    pub after: [WorkflowStep; 2],
    /// What comes next.
    pub next: Next,
}

/// A step that another one always comes before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepBefore {
    /// The step.
    pub step: WorkflowStep,
    /// What comes before it, at any place of the run.
    pub needs: WorkflowStep,
    /// In how many good runs that was so; 0 when it was written by hand.
    #[serde(default)]
    pub runs: u64,
}

impl<'de> Deserialize<'de> for Next {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NextVisitor)
    }
}

struct NextVisitor;

impl<'de> Visitor<'de> for NextVisitor {
    type Value = Next;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of steps, or a table of steps and how often they came")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Next, A::Error> {
        let mut next = Next::default();
        while let Some(step) = list.next_element()? {
            next.0.insert(step, 1);
        }
        Ok(next)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Next, A::Error> {
        let mut next = Next::default();
        while let Some((step, count)) = table.next_entry()? {
            next.0.insert(step, count);
        }
        Ok(next)
    }
}
