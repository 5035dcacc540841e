//! JSON in which the key decides: precision and recall by entity and JSON Pointer.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::corpus::{Corpora, KeyedCase};
use super::finder::{Finder, Input};
use super::spans::Figures;
use crate::BenchError;

/// The counts by entity.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Keyed {
    /// By entity.
    pub entities: BTreeMap<String, PlaceCounts>,
    /// Row and what was missed or found too much.
    pub deviations: Vec<(String, String)>,
}

/// Places: an entity at a JSON Pointer.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct PlaceCounts {
    /// Expected.
    pub marked: usize,
    /// Found.
    pub found: usize,
    /// Both.
    pub right: usize,
}

/// Goes over the documents.
///
/// # Errors
/// When they cannot be read, or the finder fails.
pub fn measure(finder: &dyn Finder, corpora: &Corpora) -> Result<Option<Keyed>, BenchError> {
    let Some(rows) = corpora.rows::<KeyedCase>("keyed_cases")? else { return Ok(None) };
    let inputs: Vec<Input<'_>> = rows.iter().map(|row| Input::Json(row.json.get())).collect();
    let all_found = finder.find(&inputs)?;
    let mut outcome = Keyed::default();
    for (row, found) in rows.iter().zip(&all_found) {
        let expected: BTreeSet<(&str, &str)> =
            row.expected.iter().map(|(pointer, entity)| (pointer.as_str(), entity.as_str())).collect();
        let found: BTreeSet<(&str, &str)> =
            found.iter().map(|found| (found.path.as_deref().unwrap_or_default(), found.entity.as_str())).collect();
        for place in expected.union(&found) {
            let counts = outcome.entities.entry(place.1.to_owned()).or_default();
            let (is_expected, is_found) = (expected.contains(place), found.contains(place));
            counts.marked += usize::from(is_expected);
            counts.found += usize::from(is_found);
            counts.right += usize::from(is_expected && is_found);
            if is_expected != is_found {
                let word = if is_expected { "missed" } else { "extra" };
                // a pointer may hold a value of the corpus, so it is not told
                outcome.deviations.push((row.id.clone(), format!("{word} {}", place.1)));
            }
        }
    }
    Ok(Some(outcome))
}

impl Keyed {
    /// All entities together.
    pub fn figures(&self) -> Figures {
        let sum = |count: fn(&PlaceCounts) -> usize| self.entities.values().map(count).sum();
        Figures::new(sum(|counts| counts.right), sum(|counts| counts.found), sum(|counts| counts.marked))
    }
}
