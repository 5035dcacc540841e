//! What is remembered of a run to compare it with a workflow model, and what is said of it at its end.

use aop_toon::Finding;
use serde::{Deserialize, Serialize};

use super::super::{Arrival, finding_at};
use super::compiled::NEVER;
use super::{Conformance, STEP_CONFORMANCE, WorkflowStep, step};

/// How far a run goes the way of a model.
///
/// The fitness is 1 − (moves + ½ · unusual + unprepared + repeated) / (steps + shortest), and 0 where that would be less:
/// `shortest` is the number of steps on the model's shortest way, so that a run of which nothing fits has 0.
///
/// ```
/// use aop_rules::post_run::{Arrival, Conformance, ConformanceSettings, ConformanceState};
/// use aop_toon::Event;
///
/// let settings: ConformanceSettings = serde_json::from_str(
///     r#"{"model": {"moves": {"start": ["user"], "user": ["final"], "final": ["end"]}}}"#)?;
/// let model = Conformance::new(&settings)?.expect("there is a model");
/// let event = Event::parse(br#"{"seq":1,"t":"2025-12-05T10:00:00Z","actor":"user","type":"reasoning",
///     "payload":{"thought":"hello"},"meta":{}}"#)?;
/// let mut state = ConformanceState::default();
/// state.observe(&model, &Arrival::new(&event, event.t(), &[], None), true);
/// // One step of two: the final output is missing.
/// let fitness = state.fitness(&model);
/// assert_eq!((fitness.steps, fitness.moves, fitness.shortest), (1, 1, 2));
/// assert!((fitness.fitness - 2.0 / 3.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitness {
    /// From 0, nothing fits, to 1, everything does.
    pub fitness: f64,
    /// How many steps the run has.
    pub steps: u64,
    /// How many steps of the model's shortest way to the end there are.
    pub shortest: u64,
    /// In the best alignment of run and model: steps of the run without one of the model, and of the model without one of the run.
    pub moves: u64,
    /// Steps that may follow the last one, but do not follow the last two in the model.
    pub unusual: u64,
    /// Steps that came without what always comes before them.
    pub unprepared: u64,
    /// Steps that came more often than at most; a step that the model does not know is one each time.
    pub repeated: u64,
}

/// What is remembered of a run for [`Conformance`]: some numbers for each step of the model, and the first deviation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConformanceState {
    steps: u64,
    /// For each step of the model: the cost of the best alignment of what has come with the ways that end in it. Without any,
    /// the run stands at the beginning.
    costs: Vec<u64>,
    /// For each step of the model, how often it came.
    counts: Vec<u64>,
    unusual: u64,
    unprepared: u64,
    repeated: u64,
    /// The last steps, the later first.
    last: [Option<Seen>; 2],
    /// The first step that costs a whole point, and the first unusual one.
    first: Option<Deviation>,
    first_unusual: Option<Deviation>,
}

/// A step of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Seen {
    seq: u64,
    /// Its number in the model; a step that the model does not know has none, and keeps its name.
    id: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<WorkflowStep>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Deviation {
    what: Kind,
    step: Seen,
    /// The step before.
    after: Option<Seen>,
    /// For an unusual step: the one before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earlier: Option<Seen>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// It does not follow the step before.
    Move,
    /// It does not follow the two steps before.
    Unusual,
    /// What always comes before it did not; the number of that.
    Unprepared { needs: u16, runs: u64 },
    /// It came once more than at most.
    Repeated { most: u64 },
}

impl ConformanceState {
    /// Takes the event in. A refused event did not happen, and is no step.
    pub fn observe(&mut self, model: &Conformance, arrival: &Arrival<'_>, accepted: bool) {
        let Some((kind, action)) = step::of(arrival).filter(|_| accepted) else { return };
        if !model.watches(kind) {
            return;
        }
        let id = model.id(kind, &action);
        let name = id.is_none().then(|| WorkflowStep::new(kind, &action));
        self.take(model, Seen { seq: arrival.seq(), id, name });
    }

    /// Whether this is a state of a run that was compared with this model: one that was read back may be of none.
    ///
    /// ```
    /// use aop_rules::post_run::{Conformance, ConformanceSettings, ConformanceState};
    ///
    /// let settings: ConformanceSettings = serde_json::from_str(
    ///     r#"{"model": {"moves": {"start": ["user"], "user": ["final"], "final": ["end"]}}}"#)?;
    /// let model = Conformance::new(&settings)?.expect("there is a model");
    /// assert!(ConformanceState::default().fits(&model));
    /// let damaged: ConformanceState = serde_json::from_str(r#"{"last": [{"seq": 1, "id": 60000}, null]}"#)?;
    /// assert!(!damaged.fits(&model));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fits(&self, model: &Conformance) -> bool {
        let (costs, counts) = (self.costs.len(), self.counts.len());
        let deviations = || [&self.first, &self.first_unusual].into_iter().flatten();
        let of_deviations = deviations().flat_map(|told| [Some(&told.step), told.after.as_ref(), told.earlier.as_ref()]);
        let mut seen = self.last.iter().map(Option::as_ref).chain(of_deviations).flatten();
        costs == counts
            && (costs == 0 || costs == model.steps.len())
            && seen.all(|step| step.id.is_none_or(|id| model.has(id)))
            && deviations().all(|told| match told.what {
                Kind::Unprepared { needs, .. } => model.has(needs),
                Kind::Move | Kind::Unusual | Kind::Repeated { .. } => true,
            })
    }

    /// The state of a run that has these steps.
    pub(super) fn of_steps(model: &Conformance, steps: &[WorkflowStep]) -> Self {
        let mut state = Self::default();
        for (seq, step) in (1..).zip(steps) {
            let id = model.id(step.kind(), step.action());
            state.take(model, Seen { seq, id, name: id.is_none().then(|| step.clone()) });
        }
        state
    }

    fn take(&mut self, model: &Conformance, here: Seen) {
        self.start(model);
        self.steps = self.steps.saturating_add(1);
        let least = self.least();
        self.align(model, here.id);
        let mut deviates = (self.least() > least).then_some(Kind::Move);
        if let Some(id) = here.id {
            if let Some(kind) = self.unprepared(model, id) {
                self.unprepared = self.unprepared.saturating_add(1);
                deviates = deviates.or(Some(kind));
            }
            if let Some(count) = self.counts.get_mut(usize::from(id)) {
                *count = count.saturating_add(1);
                if let Some(most) = model.most[usize::from(id)].filter(|most| *count > *most) {
                    self.repeated = self.repeated.saturating_add(1);
                    deviates = deviates.or(Some(Kind::Repeated { most }));
                }
            }
            if self.is_unusual(model, id) {
                self.unusual = self.unusual.saturating_add(1);
                let [after, earlier] = self.last.clone();
                let deviation = Deviation { what: Kind::Unusual, step: here.clone(), after, earlier };
                self.first_unusual.get_or_insert(deviation);
            }
        } else {
            self.repeated = self.repeated.saturating_add(1);
        }
        if let (Some(what), None) = (deviates, &self.first) {
            self.first = Some(Deviation { what, step: here.clone(), after: self.last[0].clone(), earlier: None });
        }
        let before = self.last[0].replace(here);
        self.last[1] = before;
    }

    /// Stands at the beginning; a state that was read back may have another length.
    fn start(&mut self, model: &Conformance) {
        if self.costs.len() != model.steps.len() {
            self.costs = vec![u64::MAX; model.steps.len()];
            self.costs[0] = 0;
            self.counts = vec![0; model.steps.len()];
        }
    }

    /// One step more: it is passed over, at a cost of 1, or it is the model's next but for so many that are left out.
    fn align(&mut self, model: &Conformance, id: Option<u16>) {
        let reached = id.map(|id| (usize::from(id), self.cost_to(model, id)));
        for cost in &mut self.costs {
            *cost = cost.saturating_add(1);
        }
        if let Some((step, cost)) = reached {
            self.costs[step] = self.costs[step].min(cost);
        }
    }

    /// The least cost of coming to a step.
    fn cost_to(&self, model: &Conformance, to: u16) -> u64 {
        let costs = (0..).zip(&self.costs).map(|(from, cost)| match model.skipped(from, to) {
            NEVER => u64::MAX,
            skipped => cost.saturating_add(u64::from(skipped)),
        });
        costs.min().unwrap_or(u64::MAX)
    }

    fn least(&self) -> u64 {
        self.costs.iter().copied().min().unwrap_or(0)
    }

    /// What always comes before a step and has not, when the step comes for the first time.
    fn unprepared(&self, model: &Conformance, id: u16) -> Option<Kind> {
        let has_come = |step: u16| self.counts.get(usize::from(step)).is_some_and(|count| *count > 0);
        if has_come(id) {
            return None;
        }
        let (needs, runs) = *model.needs[usize::from(id)].iter().find(|(needs, _)| !has_come(*needs))?;
        Some(Kind::Unprepared { needs, runs })
    }

    fn is_unusual(&self, model: &Conformance, next: u16) -> bool {
        let [Some(two), before] = &self.last else { return false };
        let Some(two) = two.id else { return false };
        let one = before.as_ref().map_or(Some(0), |one| one.id);
        one.is_some_and(|one| model.allows(two, next) && model.is_unusual(one, two, next))
    }

    /// How far the run goes the model's way, if it ended here.
    pub fn fitness(&self, model: &Conformance) -> Fitness {
        let mut all = self.clone();
        all.start(model);
        let moves = all.cost_to(model, model.end());
        let unusual = self.unusual.saturating_add(u64::from(self.is_unusual(model, model.end())));
        let shortest = u64::from(model.shortest());
        let whole = moves.saturating_add(self.unprepared).saturating_add(self.repeated);
        let cost = whole as f64 + unusual as f64 / 2.0;
        let fitness = (1.0 - cost / self.steps.saturating_add(shortest).max(1) as f64).max(0.0);
        let (steps, unprepared, repeated) = (self.steps, self.unprepared, self.repeated);
        Fitness { fitness, steps, shortest, moves, unusual, unprepared, repeated }
    }

    /// Finds that the run does not go the model's way, were it to end here. A run without any step is left alone.
    pub fn finish(&self, model: &Conformance, findings: &mut Vec<Finding>) {
        let fitness = self.fitness(model);
        let Some(last) = self.last[0].as_ref().filter(|_| fitness.fitness < model.fitness_min) else { return };
        // The end is a deviation of its own where no step was one.
        let ends_badly = last.id.is_none_or(|id| !model.allows(id, model.end()));
        let (seq, witnesses, what) = match (&self.first, &self.first_unusual) {
            (Some(first), _) => first.told(model),
            (None, _) if ends_badly => (last.seq, Vec::new(), end_told(model, last)),
            (None, Some(unusual)) => unusual.told(model),
            (None, None) => (last.seq, Vec::new(), end_told(model, last)),
        };
        // Downwards, so that a figure is never shown as the limit that it is below.
        let shown = (fitness.fitness * 100.0).floor() / 100.0;
        let message = format!(
            "the run's fitness is {shown:.2}, at least {:.2} is expected; first deviation: {what}",
            model.fitness_min
        );
        findings.push(finding_at(&STEP_CONFORMANCE, seq, witnesses, message));
    }
}

/// So many steps are named where many are possible.
const NAMED_MAX: usize = 3;

impl Seen {
    fn in_words(&self, model: &Conformance) -> String {
        let step = self.id.and_then(|id| model.steps.get(usize::from(id))).or(self.name.as_ref());
        step.map_or_else(|| "a step".to_owned(), |step| step.in_words().into_owned())
    }
}

impl Deviation {
    /// Where it is, what it is seen by, and what is said of it.
    fn told(&self, model: &Conformance) -> (u64, Vec<u64>, String) {
        let step = self.step.in_words(model);
        let after = match &self.after {
            Some(after) => format!("after {} (#{})", after.in_words(model), after.seq),
            None => "at the beginning".to_owned(),
        };
        let what = match self.what {
            Kind::Move => {
                let from = self.after.as_ref().map_or(Some(0), |after| after.id);
                format!("{after} {}; here came {step}{}", expected(model, from), place(model, self.step.id))
            }
            Kind::Unusual => {
                let last = self.after.as_ref().map_or_else(String::new, |after| after.in_words(model));
                let earlier = match &self.earlier {
                    Some(earlier) => format!("{} (#{})", earlier.in_words(model), earlier.seq),
                    None => "the beginning".to_owned(),
                };
                let seq = self.after.as_ref().map_or(0, |after| after.seq);
                format!(
                    "after {earlier} and {last} (#{seq}) came {step}, which the model has after {last}, but not after these two"
                )
            }
            Kind::Unprepared { needs, runs } => {
                let needs =
                    model.steps.get(usize::from(needs)).map_or_else(String::new, |step| step.in_words().into_owned());
                let always = match runs {
                    0 => String::new(),
                    runs => format!(", as it did in all {runs} good runs with {step}"),
                };
                format!("here came {step}; the model has {needs} before it{always}")
            }
            Kind::Repeated { most } => {
                let times = match most {
                    1 => "once".to_owned(),
                    2 => "twice".to_owned(),
                    most => format!("{most} times"),
                };
                format!("here came {step} once more; the model has it {times} in a run at most")
            }
        };
        (self.step.seq, self.after.iter().map(|after| after.seq).collect(), what)
    }
}

/// What a model expects after a step.
fn expected(model: &Conformance, from: Option<u16>) -> String {
    let next = from.and_then(|from| model.next.get(usize::from(from))).map_or(&[][..], Vec::as_slice);
    if next.is_empty() {
        return "the model expects nothing".to_owned();
    }
    let counts = model.is_learnt;
    let word = |(step, count): &(u16, u64)| {
        let step = model.steps[usize::from(*step)].in_words().into_owned();
        if counts { format!("{step} ({count}×)") } else { step }
    };
    format!("the model expects {}", either(next.iter().take(NAMED_MAX).map(word).collect(), next.len()))
}

/// Where a step belongs that came at another place.
fn place(model: &Conformance, id: Option<u16>) -> String {
    let which = if model.is_learnt { "good runs have" } else { "the model has" };
    let Some(id) = id else {
        return if model.is_learnt {
            ", which no good run has".to_owned()
        } else {
            ", which the model does not know".to_owned()
        };
    };
    let previous = model.previous(id);
    let words = previous.iter().take(NAMED_MAX).map(|step| model.steps[usize::from(*step)].in_words().into_owned());
    match previous.as_slice() {
        [] => String::new(),
        [0] => format!(", which {which} at the beginning only"),
        _ => format!(", which {which} after {}", either(words.collect(), previous.len())),
    }
}

/// What is said of a run that ends where it should not.
fn end_told(model: &Conformance, last: &Seen) -> String {
    format!("the run ends after {} (#{}); there {}", last.in_words(model), last.seq, expected(model, last.id))
}

/// `a, b or c`, and that there are more.
fn either(mut words: Vec<String>, of: usize) -> String {
    match of.saturating_sub(words.len()) {
        0 => {}
        1 => words.push("one more".to_owned()),
        more => words.push(format!("{more} more")),
    }
    match words.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.concat(),
    }
}
