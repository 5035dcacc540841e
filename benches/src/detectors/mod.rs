//! Personal data and secrets: how well they are found, and how quickly.
//!
//! [`quality`] goes over labelled corpora with any [`finder::Finder`]: our own detectors ([`own`]) or a peer's process
//! ([`peer`]), so that all are counted by the same code. [`speed`] lets ours and a peer take turns over the same bytes.
//! [`report`] writes both for the page `docs/detectors.md`; [`sample`] shows findings to a person.
//!
//! What a figure counts is said in the file that counts it: [`synth`], [`presidio`], [`secrets`], [`negatives`],
//! [`evasions`], [`keyed`], [`traces`].

pub mod corpus;
pub mod evasions;
pub mod finder;
pub mod keyed;
pub mod negatives;
pub mod own;
pub mod peer;
pub mod presidio;
pub mod quality;
pub mod report;
pub mod sample;
pub mod secrets;
pub mod spans;
pub mod speed;
pub mod synth;
pub mod traces;

use crate::events::Events;
use crate::{BenchError, Row};
use corpus::Corpora;

/// Measures the rows of the area `detectors`: every goal, of quality first and then of speed.
///
/// # Errors
/// When a corpus cannot be read or the detectors cannot be built.
pub fn rows(events: &Events) -> Result<Vec<Row>, BenchError> {
    let mut rows = Vec::new();
    match Corpora::find() {
        Some(corpora) => rows.extend(quality::measure_own(&corpora, events)?.rows()),
        None => eprintln!("skipped: the quality of detectors, as there is no corpora folder"),
    }
    rows.extend(speed::rows(events)?);
    Ok(rows)
}
