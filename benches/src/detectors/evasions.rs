//! Values in disguise: other digits, zero-width signs, encodings, words for signs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::{Corpora, Labelled};
use super::finder::{Finder, find_in_texts};
use crate::BenchError;

/// The counts by disguise.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Evasions {
    /// By disguise; `plain` is none and is not counted in the sum.
    pub categories: BTreeMap<String, Disguise>,
    /// Row, disguise and entity of what was not covered.
    pub missed: Vec<(String, String, String)>,
}

/// The counts of one disguise.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Disguise {
    /// How many texts.
    pub texts: usize,
    /// Those in which the entity was found where the value is.
    pub found: usize,
    /// Those in which a span of the entity holds the whole value: as it is written plainly where it stands so in the text,
    /// the marked span otherwise.
    pub covered: usize,
}

/// Goes over the texts.
///
/// # Errors
/// When they cannot be read, or the finder fails.
pub fn measure(finder: &dyn Finder, corpora: &Corpora) -> Result<Option<Evasions>, BenchError> {
    let Some(rows) = corpora.rows::<Labelled>("evasion_cases")? else { return Ok(None) };
    let found = find_in_texts(finder, rows.iter().map(|row| row.text.as_str()))?;
    let mut outcome = Evasions::default();
    for (row, found) in rows.iter().zip(&found) {
        let counts = outcome.categories.entry(row.category.clone()).or_default();
        counts.texts += 1;
        let (mut is_found, mut is_covered) = (true, true);
        for gold in &row.spans {
            let (start, end) = match row.text[gold.start..gold.end].find(&row.canonical) {
                Some(within) if !row.canonical.is_empty() => {
                    (gold.start + within, gold.start + within + row.canonical.len())
                }
                _ => (gold.start, gold.end),
            };
            let mut same = found.iter().filter(|found| found.entity == gold.entity);
            is_found &= same.clone().any(|found| found.touches(start, end));
            is_covered &= same.any(|found| found.covers(start, end));
        }
        counts.found += usize::from(is_found);
        counts.covered += usize::from(is_covered);
        if !is_covered {
            let entity = row.spans.first().map(|gold| gold.entity.clone()).unwrap_or_default();
            outcome.missed.push((row.id.clone(), row.category.clone(), entity));
        }
    }
    Ok(Some(outcome))
}

impl Evasions {
    /// All disguises together.
    pub fn disguised(&self) -> Disguise {
        let disguises = self.categories.iter().filter(|(name, _)| *name != "plain");
        disguises.fold(Disguise::default(), |sum, (_, counts)| Disguise {
            texts: sum.texts + counts.texts,
            found: sum.found + counts.found,
            covered: sum.covered + counts.covered,
        })
    }
}
