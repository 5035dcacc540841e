//! Our own detectors as a finder.

use std::cell::RefCell;

use aop_engine::rules::scan::{DetectorSettings, Detectors, Hit, Provenance, Scratch};
use aop_engine::{Document, Event, Limits};
use serde_json::{Value, json};

use super::finder::{Finder, Found, Input};
use crate::BenchError;

/// The detectors of personal data and secrets.
#[derive(Debug)]
pub struct Own {
    detectors: Detectors,
    scratch: RefCell<Scratch>,
}

impl Own {
    /// Everything on, nothing lowered: what a user has who sets nothing. Attacks are left out, as they are measured apart.
    ///
    /// # Errors
    /// When the settings are refused.
    pub fn new() -> Result<Self, BenchError> {
        Self::with(json!({"threats": false}))
    }

    /// One entity of personal data and no other, reported at any score, as Presidio's tests run one recognizer alone.
    /// Nothing when there is no such entity.
    ///
    /// # Errors
    /// When the settings are refused.
    pub fn only(entity: &str) -> Result<Option<Self>, BenchError> {
        let known = || Detectors::entities().filter(|(family, _)| *family == "pii").map(|(_, entity)| entity);
        if !known().any(|known| known == entity) {
            return Ok(None);
        }
        let others: serde_json::Map<String, Value> =
            known().filter(|known| *known != entity).map(|known| (known.to_owned(), json!({"enabled": false}))).collect();
        Self::with(json!({"pii": {"entities": others, "threshold": 0.0}, "secrets": false, "threats": false})).map(Some)
    }

    fn with(settings: Value) -> Result<Self, BenchError> {
        let settings: DetectorSettings = serde_json::from_value(settings)?;
        Ok(Self { detectors: Detectors::new(&settings)?, scratch: RefCell::default() })
    }

    /// What is in one text.
    pub fn find_in_text(&self, text: &str) -> Vec<Found> {
        let mut hits = Vec::new();
        self.detectors.scan_text(text, Provenance::User, &mut self.scratch.borrow_mut(), &mut hits);
        hits.iter().map(|hit| found(hit, None)).collect()
    }

    /// What is in an event.
    pub fn hits_in_event(&self, event: &Event<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.detectors.scan(event, &mut self.scratch.borrow_mut(), &mut hits);
        hits
    }

    /// What is in an event, as spans.
    pub fn find_in_event(&self, event: &Event<'_>) -> Vec<Found> {
        self.hits_in_event(event).iter().map(|hit| found(hit, Some(event.document()))).collect()
    }

    fn find_in_json(&self, text: &str) -> Result<Vec<Found>, BenchError> {
        let document = Document::parse(text.as_bytes(), &Limits::default())?;
        let mut hits = Vec::new();
        self.detectors.scan_json(&document, Provenance::User, &mut self.scratch.borrow_mut(), &mut hits);
        Ok(hits.iter().map(|hit| found(hit, Some(&document))).collect())
    }
}

fn found(hit: &Hit, document: Option<&Document<'_>>) -> Found {
    Found {
        entity: hit.entity.to_owned(),
        start: hit.span.start as usize,
        end: hit.span.end as usize,
        path: document.zip(hit.node).map(|(document, node)| document.value(node).pointer()),
        rule: hit.rule.id.to_owned(),
        views: hit.views.iter().map(|view| (*view).to_owned()).collect(),
        score: hit.score,
    }
}

impl Finder for Own {
    fn name(&self) -> &str {
        "AOP"
    }

    fn find(&self, inputs: &[Input<'_>]) -> Result<Vec<Vec<Found>>, BenchError> {
        let find = |input: &Input<'_>| match input {
            Input::Text(text) => Ok(self.find_in_text(text)),
            Input::Json(text) => self.find_in_json(text),
        };
        inputs.iter().map(find).collect()
    }
}
