//! How well a workflow model that was learnt from good runs tells other good runs from bad ones: the tables of `docs/conformance.md`.
//! `AOP_UPDATE=1 cargo test -p aop-tests --test conformance_figures` writes them anew.

use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use aop_engine::settings::ConformanceSettings;
use aop_engine::{ConformanceModel, Engine, Event, Fitness, GoodRun, Learner, Report, RunSteps, Settings, Trace};
use aop_tests::{Random, corpora, skipped, workspace_root};
use serde_json::Value;

const BEGIN: &str =
    "<!-- Figures: `AOP_UPDATE=1 cargo test -p aop-tests --test conformance_figures` writes what follows. -->\n";
const END: &str = "<!-- End of the figures. -->";

/// So many rewarded runs are learnt from; the other rewarded ones are judged beside those without reward.
const LEARNT: usize = 25;

/// So many times the rewarded runs are shuffled, with the seeds from 0.
const SPLITS: u64 = 20;

#[test]
fn the_page_says_what_the_models_tell() {
    let Some(corpora) = corpora() else {
        return skipped("the figures of docs/conformance.md", "there are no corpora (AOP_CORPORA)");
    };
    let runs = runs(&corpora);
    let mut tables = String::new();
    write_tables(&mut tables, &runs).expect("a string takes all text");
    let path = workspace_root().join("docs/conformance.md");
    let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (before, rest) = page.split_once(BEGIN).expect("the page says where its figures begin");
    let (on_page, after) = rest.split_once(END).expect("the page says where its figures end");
    if std::env::var_os("AOP_UPDATE").is_some() {
        return fs::write(&path, [before, BEGIN, &tables, END, after].concat()).expect("the page can be written");
    }
    assert!(
        on_page == tables,
        "docs/conformance.md has other figures; run this test with AOP_UPDATE=1. They are:\n{tables}"
    );
}

/// A run of the corpus.
struct Run {
    name: String,
    is_rewarded: bool,
    text: String,
    steps: RunSteps,
}

/// The runs in the order of their files' names.
fn runs(corpora: &Path) -> Vec<Run> {
    let index = fs::read_to_string(corpora.join("traces/INDEX.jsonl")).expect("the corpora have an index");
    let engine = Engine::builder().settings(Settings::none()).build().expect("no settings are good settings");
    let mut runs: Vec<Run> = index
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of the index is JSON"))
        .filter_map(|entry| Some((entry["file"].as_str()?.to_owned(), entry["label"]["reward"].as_f64()?)))
        .filter(|(file, _)| file.starts_with("tau-airline/"))
        .map(|(name, reward)| {
            let path = corpora.join("traces").join(&name);
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut run = GoodRun::new(&engine);
            events(&text).iter().for_each(|event| run.observe(event));
            let steps = run.into_steps();
            Run { name, is_rewarded: reward >= 1.0, text, steps }
        })
        .collect();
    runs.sort_by(|one, other| one.name.cmp(&other.name));
    runs
}

fn events(text: &str) -> Vec<Event<'_>> {
    text.lines().map(|line| Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}

fn learn(runs: &[&Run]) -> ConformanceModel {
    let mut learner = Learner::default();
    runs.iter().for_each(|run| learner.add(run.steps.clone()));
    learner.model().expect("the runs have steps")
}

/// The runs that were not learnt from, judged by the model.
struct Judged {
    fitness_min: f64,
    good: Vec<Fitness>,
    bad: Vec<Fitness>,
}

fn judge(model: ConformanceModel, good: &[&Run], bad: &[&Run]) -> Judged {
    let fitness_min = model.fitness_min.expect("many runs were learnt from");
    let engine = engine(model);
    let judge = |runs: &[&Run]| runs.iter().map(|run| report(&engine, run).conformance.expect("there is a model")).collect();
    Judged { fitness_min, good: judge(good), bad: judge(bad) }
}

fn engine(model: ConformanceModel) -> Engine {
    let conformance = ConformanceSettings { model: Some(model), fitness_min: None };
    let settings = Settings { conformance: Some(conformance), ..Settings::none() };
    Engine::builder().settings(settings).build().unwrap_or_else(|error| panic!("{error}"))
}

fn report(engine: &Engine, run: &Run) -> Report {
    engine.evaluate(&Trace::new(None, events(&run.text)))
}

impl Judged {
    /// How often a good run has more of it than a bad one, equal ones counting half: the area under the ROC curve.
    fn auc(&self, of: impl Fn(&Fitness) -> f64) -> f64 {
        let wins = |good: &Fitness, bad: &Fitness| match of(good).total_cmp(&of(bad)) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        };
        let all: f64 = self.good.iter().flat_map(|good| self.bad.iter().map(move |bad| wins(good, bad))).sum();
        all / (self.good.len() * self.bad.len()) as f64
    }

    fn below(&self, of: &[Fitness]) -> usize {
        of.iter().filter(|fitness| fitness.fitness < self.fitness_min).count()
    }
}

/// A way to score runs by what is known of their fitness.
type Score = (&'static str, fn(&Fitness) -> f64);

const SCORES: [Score; 3] = [
    ("the fitness", |fitness| fitness.fitness),
    ("the moves of the alignment alone", |fitness| 1.0 - fitness.moves as f64 / (fitness.steps + fitness.shortest) as f64),
    ("no model: the run with fewer steps is the good one", |fitness| -(fitness.steps as f64)),
];

fn write_tables(page: &mut String, runs: &[Run]) -> fmt::Result {
    let (rewarded, bad): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|run| run.is_rewarded);
    let by_name = judge(learn(&rewarded[..LEARNT]), &rewarded[LEARNT..], &bad);
    let splits: Vec<Judged> = (0..SPLITS)
        .map(|seed| {
            let shuffled = shuffled(&rewarded, seed);
            judge(learn(&shuffled[..LEARNT]), &shuffled[LEARNT..], &bad)
        })
        .collect();
    writeln!(page, "### How well good runs are told from bad ones\n")?;
    writeln!(
        page,
        "| scored by | AUC, first {LEARNT} by name | mean of {SPLITS} splits | least and most |\n|---|---|---|---|"
    )?;
    for (name, score) in SCORES {
        let all: Vec<f64> = splits.iter().map(|judged| judged.auc(score)).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        writeln!(page, "| {name} | {:.3} | {mean:.3} | {least:.3} to {most:.3} |", by_name.auc(score))?;
    }
    writeln!(page, "\n### What `step/conformance` finds with the model's own `fitness_min`\n")?;
    writeln!(page, "| learnt from | `fitness_min` | found of good runs | found of bad runs |\n|---|---|---|---|")?;
    let (good, bad_runs) = (by_name.good.len(), by_name.bad.len());
    let found = |below: usize, of: usize| format!("{below} of {of} ({:.0} %)", 100.0 * below as f64 / of as f64);
    writeln!(
        page,
        "| the first {LEARNT} by name | {:.2} | {} | {} |",
        by_name.fitness_min,
        found(by_name.below(&by_name.good), good),
        found(by_name.below(&by_name.bad), bad_runs)
    )?;
    let sum = |of: fn(&Judged) -> &[Fitness]| splits.iter().map(|judged| judged.below(of(judged))).sum::<usize>();
    let mean_min = splits.iter().map(|judged| judged.fitness_min).sum::<f64>() / splits.len() as f64;
    let times = splits.len();
    writeln!(
        page,
        "| {SPLITS} splits together | {mean_min:.2} in the mean | {} | {} |\n",
        found(sum(|judged| &judged.good), good * times),
        found(sum(|judged| &judged.bad), bad_runs * times)
    )
}

fn shuffled<'r>(runs: &[&'r Run], seed: u64) -> Vec<&'r Run> {
    let mut random = Random::new(seed);
    let mut shuffled = runs.to_vec();
    for place in (1..shuffled.len()).rev() {
        shuffled.swap(place, random.below(place as u64 + 1) as usize);
    }
    shuffled
}

/// What is found is said of the runs that were not learnt from; `cargo test … -- --nocapture` shows it.
#[test]
fn first_deviations_have_a_place_and_a_reason() {
    let Some(corpora) = corpora() else {
        return skipped("first deviations", "there are no corpora (AOP_CORPORA)");
    };
    let runs = runs(&corpora);
    let (rewarded, bad): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|run| run.is_rewarded);
    let engine = engine(learn(&rewarded[..LEARNT]));
    let mut found = 0;
    for run in rewarded[LEARNT..].iter().chain(&bad) {
        for finding in report(&engine, run).findings {
            println!("{} {}: #{:?} {}", run.is_rewarded, run.name, finding.seq, finding.message);
            found += 1;
            assert_eq!(finding.rule, "step/conformance");
            let seq = finding.seq.expect("a deviation has a place");
            assert!(finding.witnesses.iter().all(|witness| *witness < seq), "{finding:?}");
            assert!(finding.message.contains("; first deviation: "), "{}", finding.message);
        }
    }
    assert!(found > 10, "{found} runs are found");
}
