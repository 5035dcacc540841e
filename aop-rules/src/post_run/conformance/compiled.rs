//! A workflow model made ready: steps are numbers, and what is asked of each event is looked up.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::SettingsError;
use super::model::FORMAT;
use super::step::KINDS;
use super::{ConformanceModel, ConformanceSettings, Next, StepKind, WorkflowStep};

/// How many steps a model may tell apart, beginning and end included.
pub const STEPS_MAX: usize = 512;

/// The fitness below which a run is found when neither settings nor model say it.
const FITNESS_MIN: f64 = 0.8;

/// No way leads there.
pub(super) const NEVER: u16 = u16::MAX;

/// A model that runs can be compared with. [`ConformanceState`](super::ConformanceState) shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Conformance {
    pub(super) fitness_min: f64,
    /// Whether the model was learnt, for words.
    pub(super) is_learnt: bool,
    watched: [bool; KINDS],
    /// In order, so that the beginning is the first and the end the last.
    pub(super) steps: Vec<WorkflowStep>,
    /// By kind, the steps by their action.
    ids: [BTreeMap<String, u16>; KINDS],
    /// What comes after each step, the most frequent first.
    pub(super) next: Vec<Vec<(u16, u64)>>,
    /// How many steps have to be passed over to get from one step to another.
    skipped: Vec<u16>,
    /// What comes after two steps.
    contexts: BTreeMap<(u16, u16), BTreeSet<u16>>,
    /// What always comes before each step, and in how many good runs.
    pub(super) needs: Vec<Vec<(u16, u64)>>,
    /// How often each step comes at most.
    pub(super) most: Vec<Option<u64>>,
}

impl Conformance {
    /// Compiles the model of these settings; `None` where there is none.
    ///
    /// # Errors
    /// When the model makes no sense: a step of a kind that is not watched, no way from `start` to `end`, more than
    /// [`STEPS_MAX`] steps, or a fitness that is not from 0 to 1.
    pub fn new(settings: &ConformanceSettings) -> Result<Option<Self>, SettingsError> {
        let of_model = settings.model.as_ref().and_then(|model| model.fitness_min);
        for (place, fitness) in [("fitness_min", settings.fitness_min), ("model.fitness_min", of_model)] {
            if let Some(fitness) = fitness.filter(|fitness| !(0.0..=1.0).contains(fitness)) {
                return Err(error(place, format!("{fitness} is no fitness; write a number from 0 to 1")));
            }
        }
        let Some(model) = &settings.model else { return Ok(None) };
        Self::of(model).map(|compiled| {
            let fitness_min = settings.fitness_min.or(model.fitness_min).unwrap_or(FITNESS_MIN);
            Some(Self { fitness_min, ..compiled })
        })
    }

    pub(super) fn of(model: &ConformanceModel) -> Result<Self, SettingsError> {
        if model.format != FORMAT {
            let problem = format!("this version reads format {FORMAT}, and the model has {}; learn it anew", model.format);
            return Err(error("model.format", problem));
        }
        if let Some(kind) = model.watch.iter().find(|kind| !kind.is_event()) {
            return Err(error("model.watch", format!("`{kind}` is no kind of event")));
        }
        let steps = named_steps(model)?;
        let mut ids: [BTreeMap<String, u16>; KINDS] = Default::default();
        for (id, step) in (0..).zip(&steps) {
            ids[step.kind() as usize].insert(step.action().to_owned(), id);
        }
        let mut watched = [false; KINDS];
        model.watch.iter().for_each(|kind| watched[*kind as usize] = true);
        let count = steps.len();
        let mut compiled = Self {
            fitness_min: FITNESS_MIN,
            is_learnt: model.runs > 0,
            watched,
            steps,
            ids,
            next: vec![Vec::new(); count],
            skipped: Vec::new(),
            contexts: BTreeMap::new(),
            needs: vec![Vec::new(); count],
            most: vec![None; count],
        };
        compiled.fill(model);
        if compiled.skipped(0, compiled.end()) == NEVER {
            return Err(error("model.moves", "no way leads from `start` to `end`".to_owned()));
        }
        Ok(compiled)
    }

    fn fill(&mut self, model: &ConformanceModel) {
        for (step, next) in &model.moves {
            let Some(from) = self.id(step.kind(), step.action()) else { continue };
            self.next[usize::from(from)] = self.ids_of(next);
        }
        for context in &model.contexts {
            let [one, two] = &context.after;
            if let (Some(one), Some(two)) = (self.id(one.kind(), one.action()), self.id(two.kind(), two.action())) {
                let next = self.ids_of(&context.next).into_iter().map(|(id, _)| id);
                self.contexts.entry((one, two)).or_default().extend(next);
            }
        }
        for before in &model.before {
            let (step, needs) = (&before.step, &before.needs);
            if let (Some(step), Some(needs)) = (self.id(step.kind(), step.action()), self.id(needs.kind(), needs.action())) {
                self.needs[usize::from(step)].push((needs, before.runs));
            }
        }
        for (step, most) in &model.most {
            if let Some(id) = self.id(step.kind(), step.action()) {
                self.most[usize::from(id)] = Some(*most);
            }
        }
        self.skipped = (0..self.steps.len()).flat_map(|from| self.distances(from)).collect();
    }

    /// The steps of a list, the most frequent first and of equal ones in their order.
    fn ids_of(&self, next: &Next) -> Vec<(u16, u64)> {
        let found = |(step, count): (&WorkflowStep, &u64)| Some((self.id(step.kind(), step.action())?, *count));
        let mut ids: Vec<(u16, u64)> = next.0.iter().filter_map(found).collect();
        ids.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        ids
    }

    /// From a step to each other: how many steps lie between on the shortest way.
    fn distances(&self, from: usize) -> Vec<u16> {
        let mut distances = vec![NEVER; self.steps.len()];
        let mut waiting: VecDeque<(usize, u16)> = VecDeque::from([(from, 0)]);
        while let Some((step, distance)) = waiting.pop_front() {
            for (next, _) in &self.next[step] {
                let next = usize::from(*next);
                if distances[next] == NEVER {
                    distances[next] = distance;
                    waiting.push_back((next, distance + 1));
                }
            }
        }
        distances
    }

    /// The number of a step that the model knows.
    pub(super) fn id(&self, kind: StepKind, action: &str) -> Option<u16> {
        self.ids[kind as usize].get(action).copied()
    }

    pub(super) fn watches(&self, kind: StepKind) -> bool {
        self.watched[kind as usize]
    }

    /// The number of the end; that of the beginning is 0.
    pub(super) fn end(&self) -> u16 {
        self.steps.len() as u16 - 1
    }

    /// Whether a step has this number.
    pub(super) fn has(&self, id: u16) -> bool {
        usize::from(id) < self.steps.len()
    }

    /// How many steps have to be passed over between two; from or to a number that is no step's, no way leads.
    pub(super) fn skipped(&self, from: u16, to: u16) -> u16 {
        let at = usize::from(from) * self.steps.len() + usize::from(to);
        self.skipped.get(at).copied().filter(|_| self.has(to)).unwrap_or(NEVER)
    }

    /// Whether a step may come right after another.
    pub(super) fn allows(&self, from: u16, to: u16) -> bool {
        self.skipped(from, to) == 0
    }

    /// Whether a step that may come after the last one does not come after the last two.
    pub(super) fn is_unusual(&self, one: u16, two: u16, next: u16) -> bool {
        !self.contexts.is_empty() && !self.contexts.get(&(one, two)).is_some_and(|known| known.contains(&next))
    }

    /// What comes before a step, the most frequent first.
    pub(super) fn previous(&self, step: u16) -> Vec<u16> {
        let mut found: Vec<(u64, u16)> = Vec::new();
        for (from, next) in (0..).zip(&self.next) {
            found.extend(next.iter().filter(|(to, _)| *to == step).map(|(_, count)| (*count, from)));
        }
        found.sort_by_key(|(count, from)| (std::cmp::Reverse(*count), *from));
        found.into_iter().map(|(_, from)| from).collect()
    }

    /// The fewest steps a run can have.
    pub(super) fn shortest(&self) -> u16 {
        self.skipped(0, self.end())
    }
}

/// The steps that the moves name, in order.
fn named_steps(model: &ConformanceModel) -> Result<Vec<WorkflowStep>, SettingsError> {
    let mut steps = BTreeSet::from([WorkflowStep::START, WorkflowStep::END]);
    let mut follows = |step: &WorkflowStep, place: &str| match step.kind() {
        StepKind::Start => Err(error(place, "nothing comes before `start`".to_owned())),
        kind if kind.is_event() && !model.watch.contains(&kind) => {
            Err(error(place, format!("`{step}` is named, and `watch` has no `{kind}`: it would never be seen")))
        }
        _ => {
            steps.insert(step.clone());
            Ok(())
        }
    };
    for (step, next) in &model.moves {
        match step.kind() {
            StepKind::Start => {}
            StepKind::End => return Err(error("model.moves.end", "nothing comes after `end`".to_owned())),
            _ => follows(step, "model.moves")?,
        }
        next.0.keys().try_for_each(|step| follows(step, "model.moves"))?;
    }
    let of_contexts = model.contexts.iter().flat_map(|context| context.next.0.keys().chain(&context.after));
    let of_before = model.before.iter().flat_map(|before| [&before.step, &before.needs]);
    for (place, step) in of_contexts
        .map(|step| ("model.contexts", step))
        .chain(of_before.map(|step| ("model.before", step)))
        .chain(model.most.keys().map(|step| ("model.most", step)))
    {
        if !steps.contains(step) {
            return Err(error(place, format!("`{step}` is in no move")));
        }
    }
    if steps.len() > STEPS_MAX {
        return Err(error("model.moves", format!("there are {} steps; a model has at most {STEPS_MAX}", steps.len())));
    }
    Ok(steps.into_iter().collect())
}

fn error(place: &str, problem: String) -> SettingsError {
    SettingsError::new(format!("conformance.{place}"), problem)
}
