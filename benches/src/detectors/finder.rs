//! Whatever finds spans: our detectors or a peer.

use serde::{Deserialize, Serialize};

use crate::BenchError;

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub enum Input<'i> {
    /// A bare text.
    Text(&'i str),
    /// A JSON document.
    Json(&'i str),
}

/// One span that was found: the fields of a span of `aop scan` that are counted here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// What it is, by Presidio's name.
    pub entity: String,
    /// Its first byte in the text, or in the decoded string that `path` leads to.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Where in the document.
    #[serde(default)]
    pub path: Option<String>,
    /// The rule, such as `secrets/github-pat`.
    #[serde(default)]
    pub rule: String,
    /// The decodings that led to it.
    #[serde(default)]
    pub views: Vec<String>,
    /// How sure the finder is.
    #[serde(default)]
    pub score: f64,
}

impl Found {
    /// Whether it holds all of these bytes.
    pub fn covers(&self, start: usize, end: usize) -> bool {
        self.start <= start && end <= self.end
    }

    /// Whether it holds one of these bytes.
    pub fn touches(&self, start: usize, end: usize) -> bool {
        self.start < end && start < self.end
    }

    /// Whether it was found in a normalised or decoded form of the text; JSON that a string holds is none.
    pub fn is_through_view(&self) -> bool {
        self.views.iter().any(|view| view != "json")
    }
}

/// Finds personal data and secrets.
pub trait Finder {
    /// Its name and version, for the head of a table.
    fn name(&self) -> &str;

    /// What is in each input, in the inputs' order.
    ///
    /// # Errors
    /// When it does not run, or says something that is not a span.
    fn find(&self, inputs: &[Input<'_>]) -> Result<Vec<Vec<Found>>, BenchError>;
}

/// What is in each of some texts.
///
/// # Errors
/// The finder's.
pub fn find_in_texts<'t>(finder: &dyn Finder, texts: impl Iterator<Item = &'t str>) -> Result<Vec<Vec<Found>>, BenchError> {
    let inputs: Vec<Input<'_>> = texts.map(Input::Text).collect();
    finder.find(&inputs)
}

/// A share of some cases; NaN of none.
pub fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}
