//! Labelled sentences of Presidio's research set: precision and recall by entity.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::{Corpora, Labelled};
use super::finder::{Finder, find_in_texts};
use super::spans::{Counts, count};
use crate::BenchError;

/// The counts by entity.
#[derive(Debug, Clone, Serialize)]
pub struct Synth {
    /// How many sentences.
    pub texts: usize,
    /// By entity, those of names and places among them, for which a model is needed.
    pub entities: BTreeMap<String, Counts>,
}

/// The entities of the set that have a written form; the others need a model.
pub const FORMED: [&str; 8] =
    ["CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "US_SSN", "US_DRIVER_LICENSE", "ZIP_CODE"];

/// Goes over the set.
///
/// # Errors
/// When it cannot be read, or the finder fails.
pub fn measure(finder: &dyn Finder, corpora: &Corpora) -> Result<Option<Synth>, BenchError> {
    let Some(rows) = corpora.rows::<Labelled>("synth_dataset")? else { return Ok(None) };
    let found = find_in_texts(finder, rows.iter().map(|row| row.text.as_str()))?;
    let mut entities = BTreeMap::new();
    for (row, found) in rows.iter().zip(&found) {
        count(&row.spans, found, &mut entities);
    }
    Ok(Some(Synth { texts: rows.len(), entities }))
}

impl Synth {
    /// The counts of one entity.
    pub fn entity(&self, entity: &str) -> Counts {
        self.entities.get(entity).copied().unwrap_or_default()
    }
}
