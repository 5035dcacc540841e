//! Attacks by words, and code that rides in parameters: how many are found, how many harmless texts are flagged, and how quickly.
//!
//! [`quality`] goes over labelled texts with any [`judge::Judge`]: our own detectors, our model with a family left out of its
//! training, or a peer's process, so that all are counted by the same code. [`speed`] measures clean events beside their
//! floors, [`worst`] texts that are meant to be slow ([`hostile`]). [`report`] writes all of it for the page `docs/threats.md`.

pub mod corpus;
pub mod events;
pub mod goals;
pub mod hostile;
pub mod judge;
pub mod quality;
pub mod report;
pub mod speed;
pub mod worst;

use crate::events::Events;
use crate::{BenchError, Row};

const AREA: &str = "threats";

/// Measures the rows of the area `threats`: every goal, of quality first and then of speed.
///
/// # Errors
/// When the texts cannot be read or the detectors cannot be built.
pub fn rows(events: &Events) -> Result<Vec<Row>, BenchError> {
    let texts = corpus::load()?;
    let texts: Vec<&corpus::Text> = texts.iter().collect();
    let mut rows = Vec::new();
    if texts.is_empty() {
        eprintln!("skipped: the quality of the family of threats, as there is no corpora folder");
    } else {
        rows.extend(goals::rows(&quality::measure(&judge::Own::new()?, &texts)?, None));
    }
    let speed = speed::measure(events)?;
    rows.extend(speed.rows);
    rows.extend(worst::rows(&worst::measure(speed.mean)?));
    Ok(rows)
}
