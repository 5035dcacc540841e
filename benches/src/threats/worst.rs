//! The worst cases: hostile texts of half a megabyte, beside what real traces take, and beside twice as much of the same.

use std::hint::black_box;
use std::time::Instant;

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
    let mut examples: Vec<(f64, Shape)> = hostile::of_rules()
        .into_iter()
        .map(|shape| (fastest(&detectors, &shape, &shape.make(SHORT_BYTES)).0, shape))
        .collect();
    examples.sort_by(|a, b| b.0.total_cmp(&a.0));
    let examples = examples.into_iter().take(EXAMPLES).map(|(_, shape)| shape);
    let shapes = hostile::named().into_iter().chain(examples);
    let mut taken: Vec<Taken> = shapes.map(|shape| take(&detectors, &shape, mean)).collect();
    taken.sort_by(|a, b| b.micros.total_cmp(&a.micros));
    Ok(taken)
}

fn take(detectors: &Detectors, shape: &Shape, mean: f64) -> Taken {
    let short = shape.make(SHORT_BYTES);
    let (seconds, _) = fastest(detectors, shape, &short);
    let bytes = if micros_per_kb(seconds, short.len()) < PATIENCE { BYTES } else { SHORT_BYTES };
    let (one, two) = (shape.make(bytes), shape.make(2 * bytes));
    let ((seconds, found), (seconds_of_two, _)) = (fastest(detectors, shape, &one), fastest(detectors, shape, &two));
    let micros = micros_per_kb(seconds, one.len());
    Taken {
        name: shape.name.clone(),
        provenance: shape.provenance.as_str(),
        bytes: one.len(),
        micros,
        ratio: micros / mean,
        twice: seconds_of_two / seconds * (2 * one.len()) as f64 / two.len() as f64,
        found,
    }
}

fn micros_per_kb(seconds: f64, bytes: usize) -> f64 {
    seconds * 1e6 * 1024.0 / bytes as f64
}

/// The quickest of three scans, in seconds, and how much it found. What disturbs only adds, so the least is the work itself.
fn fastest(detectors: &Detectors, shape: &Shape, text: &str) -> (f64, usize) {
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let document = shape.is_json().then(|| Document::parse(text.as_bytes(), &limits).expect("a test parses every shape"));
    let (mut scratch, mut hits, mut least) = (Scratch::default(), Vec::<Hit>::new(), f64::INFINITY);
    for _ in 0..3 {
        hits.clear();
        let start = Instant::now();
        match &document {
            Some(document) => detectors.scan_json(black_box(document), shape.provenance, &mut scratch, &mut hits),
            None => detectors.scan_text(black_box(text), shape.provenance, &mut scratch, &mut hits),
        }
        least = least.min(start.elapsed().as_secs_f64());
    }
    (least, hits.len())
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
