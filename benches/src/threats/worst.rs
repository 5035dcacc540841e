//! The worst cases: hostile texts of half a megabyte, beside what real traces take, and beside twice as much of the same.

use std::hint::black_box;
use std::time::{Duration, Instant};

use aop_engine::rules::scan::{Detectors, Hit, Scratch};
use aop_engine::{Document, Limits};
use serde::Serialize;

use super::AREA;
use super::hostile::{self, Shape};
use super::judge::threats_alone;
use crate::measure::Series;
use crate::{BenchError, Goal, Row};

/// How long a hostile text is.
const BYTES: usize = 512 << 10;

/// A short piece of it, which says whether the whole would take too long.
const SHORT_BYTES: usize = 16 << 10;

/// What a kilobyte of the short piece may take, in µs.
const PATIENCE: f64 = 2000.0;

/// How many of the rules' own examples are measured as a whole: those that take the longest when they are short.
const EXAMPLES: usize = 12;

/// What a hostile text took.
#[derive(Debug, Clone, Serialize)]
pub struct Taken {
    /// What it is.
    pub name: String,
    /// Where it came from.
    pub provenance: &'static str,
    /// How long it was.
    pub bytes: usize,
    /// What a kilobyte took, in µs.
    pub micros: f64,
    /// Beside a kilobyte of real traces.
    pub ratio: f64,
    /// Twice as much text beside it.
    pub twice: f64,
    /// How many things were found.
    pub found: usize,
}

/// Measures all shapes; the slowest comes first.
///
/// # Errors
/// When the detectors cannot be built.
pub fn measure(mean: f64) -> Result<Vec<Taken>, BenchError> {
    let detectors = threats_alone()?;
    let mut examples: Vec<(f64, Shape)> =
        hostile::of_rules().into_iter().map(|shape| (Timed::new(&shape, SHORT_BYTES).round(&detectors), shape)).collect();
    examples.sort_by(|a, b| b.0.total_cmp(&a.0));
    let examples = examples.into_iter().take(EXAMPLES).map(|(_, shape)| shape);
    let shapes = hostile::named().into_iter().chain(examples);
    let mut taken: Vec<Taken> = shapes.map(|shape| take(&detectors, &shape, mean)).collect();
    taken.sort_by(|a, b| b.micros.total_cmp(&a.micros));
    Ok(taken)
}

fn take(detectors: &Detectors, shape: &Shape, mean: f64) -> Taken {
    let mut short = Timed::new(shape, SHORT_BYTES);
    let is_quick = short.round(detectors) * 1e6 * 1024.0 / (short.text.len() as f64) < PATIENCE;
    let bytes = if is_quick { BYTES } else { SHORT_BYTES };
    let (mut one, mut two) = (Timed::new(shape, bytes), Timed::new(shape, 2 * bytes));
    let start = Instant::now();
    for round in 0..ROUNDS_MAX {
        one.round(detectors);
        two.round(detectors);
        // What disturbs only adds: a ratio that looks steep is looked at again.
        let is_enough = round >= 2 && start.elapsed() > ENOUGH && one.twice(&two) < STEEP;
        if is_enough {
            break;
        }
    }
    let micros = one.least * 1e6 * 1024.0 / one.text.len() as f64;
    Taken {
        name: shape.name.clone(),
        provenance: shape.provenance.as_str(),
        bytes: one.text.len(),
        micros,
        ratio: micros / mean,
        twice: one.twice(&two),
        found: one.hits.len(),
    }
}

const ROUNDS_MAX: usize = 15;
const ENOUGH: Duration = Duration::from_millis(60);
const STEEP: f64 = 2.2;

/// A hostile text that is scanned again and again, of which the quickest scan counts.
struct Timed<'s> {
    shape: &'s Shape,
    text: String,
    scratch: Scratch,
    hits: Vec<Hit>,
    least: f64,
}

impl<'s> Timed<'s> {
    fn new(shape: &'s Shape, bytes: usize) -> Self {
        Self { shape, text: shape.make(bytes), scratch: Scratch::default(), hits: Vec::new(), least: f64::INFINITY }
    }

    /// Scans once; the quickest scan so far, in seconds.
    fn round(&mut self, detectors: &Detectors) -> f64 {
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        let parse = || Document::parse(self.text.as_bytes(), &limits).expect("a test parses every shape");
        let document = self.shape.is_json().then(parse);
        self.hits.clear();
        let start = Instant::now();
        match &document {
            Some(document) => {
                detectors.scan_json(black_box(document), self.shape.provenance, &mut self.scratch, &mut self.hits);
            }
            None => detectors.scan_text(black_box(&self.text), self.shape.provenance, &mut self.scratch, &mut self.hits),
        }
        self.least = self.least.min(start.elapsed().as_secs_f64());
        self.least
    }

    /// How many times as long another takes that is twice as much.
    fn twice(&self, other: &Timed<'_>) -> f64 {
        other.least / self.least * (2 * self.text.len()) as f64 / other.text.len() as f64
    }
}

/// The rows of the goals.
pub fn rows(taken: &[Taken]) -> Vec<Row> {
    let most = |figure: fn(&Taken) -> f64| taken.iter().max_by(|a, b| figure(a).total_cmp(&figure(b)));
    let row = |what: String, figure: f64, unit| Row::new(AREA, what, &Series::from([figure]), unit);
    let mut rows = Vec::new();
    if let Some(slowest) = most(|taken| taken.ratio) {
        let what = format!("slowest of {} hostile texts, {} ({})", taken.len(), slowest.name, slowest.provenance);
        rows.push(row(what, slowest.ratio, "times the mean").goal(Goal::AtMost(3.0)));
    }
    if let Some(steepest) = most(|taken| taken.twice) {
        let what = format!("twice as much of a hostile text, {} ({})", steepest.name, steepest.provenance);
        rows.push(row(what, steepest.twice, "times as long").goal(Goal::AtMost(2.5)));
    }
    rows
}
