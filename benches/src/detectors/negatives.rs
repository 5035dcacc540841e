//! Texts without personal data or secrets: whatever is found in them is wrong.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::{Corpora, Labelled};
use super::finder::{Finder, Found, find_in_texts};
use crate::BenchError;

/// The counts by category.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Negatives {
    /// How many texts.
    pub texts: usize,
    /// Texts in which anything was found.
    pub flagged: usize,
    /// Texts in which something was found in a normalised or decoded form, and nothing as it stands.
    pub through_view: usize,
    /// By category: the texts, and those in which anything was found.
    pub categories: BTreeMap<String, (usize, usize)>,
    /// Row, category and what was found.
    pub findings: Vec<(String, String, String)>,
}

/// Goes over the texts.
///
/// # Errors
/// When they cannot be read, or the finder fails.
pub fn measure(finder: &dyn Finder, corpora: &Corpora) -> Result<Option<Negatives>, BenchError> {
    let Some(rows) = corpora.rows::<Labelled>("hard_negatives")? else { return Ok(None) };
    let found = find_in_texts(finder, rows.iter().map(|row| row.text.as_str()))?;
    let mut outcome = Negatives { texts: rows.len(), ..Negatives::default() };
    for (row, found) in rows.iter().zip(&found) {
        let counts = outcome.categories.entry(row.category.clone()).or_default();
        counts.0 += 1;
        let Some(first) = found.first() else { continue };
        counts.1 += 1;
        outcome.flagged += 1;
        outcome.through_view += usize::from(found.iter().all(Found::is_through_view));
        outcome.findings.push((row.id.clone(), row.category.clone(), first.entity.clone()));
    }
    Ok(Some(outcome))
}
