//! Whatever says of a text that it is an attack: our detectors or a peer.

use std::cell::RefCell;
use std::collections::BTreeMap;

use aop_engine::Severity;
use aop_engine::rules::scan::{DetectorSettings, Detectors, Hit, Scratch};
use serde::Deserialize;
use serde_json::json;

use super::corpus::Text;
use crate::BenchError;
use crate::detectors::peer::Peer;

/// One thing that was found in a text.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Found {
    /// How bad it is.
    pub severity: Severity,
    /// The rule.
    #[serde(default)]
    pub rule: String,
    /// What our rule finds: code or words.
    #[serde(default)]
    pub entity: String,
}

/// What has found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A row of a table of wordings, of concealed or forged text.
    Rules,
    /// The trained weights.
    Model,
    /// A check of code in a parameter.
    Code,
}

impl Found {
    /// What has found it.
    pub fn part(&self) -> Part {
        match (self.rule.as_str(), self.entity.as_str()) {
            ("threats/model" | "threats/instruction-review", _) => Part::Model,
            (_, "CODE_INJECTION") => Part::Code,
            _ => Part::Rules,
        }
    }
}

/// Says what is in texts.
pub trait Judge {
    /// Its name and version, for the head of a table.
    fn name(&self) -> &str;

    /// What is in each text, in the texts' order.
    ///
    /// # Errors
    /// When it does not run, or answers something else.
    fn judge(&self, texts: &[&Text]) -> Result<Vec<Vec<Found>>, BenchError>;
}

/// The family of threats alone, as it is when nothing is set.
#[derive(Debug)]
pub struct Own {
    detectors: Detectors,
    scratch: RefCell<Scratch>,
}

impl Own {
    /// Builds the detectors.
    ///
    /// # Errors
    /// When they cannot be built.
    pub fn new() -> Result<Self, BenchError> {
        Ok(Self { detectors: threats_alone()?, scratch: RefCell::default() })
    }

    /// What is in one text.
    pub fn find(&self, text: &Text, hits: &mut Vec<Hit>) {
        hits.clear();
        self.detectors.scan_text(&text.text, text.provenance, &mut self.scratch.borrow_mut(), hits);
    }
}

/// The detectors of threats without those of data.
///
/// # Errors
/// When they cannot be built.
pub fn threats_alone() -> Result<Detectors, BenchError> {
    Ok(Detectors::new(&DetectorSettings { pii: None, secrets: None, ..DetectorSettings::default() })?)
}

impl Judge for Own {
    fn name(&self) -> &str {
        "AOP"
    }

    fn judge(&self, texts: &[&Text]) -> Result<Vec<Vec<Found>>, BenchError> {
        let mut hits = Vec::new();
        let found =
            |hit: &Hit| Found { severity: hit.severity, rule: hit.rule.id.to_owned(), entity: hit.entity.to_owned() };
        let find = |text: &&Text| {
            self.find(text, &mut hits);
            hits.iter().map(found).collect()
        };
        Ok(texts.iter().map(find).collect())
    }
}

#[derive(Deserialize)]
struct Answer {
    id: String,
    spans: Vec<Found>,
    #[serde(default)]
    error: Option<String>,
}

impl Judge for Peer {
    fn name(&self) -> &str {
        Peer::name(self)
    }

    fn judge(&self, texts: &[&Text]) -> Result<Vec<Vec<Found>>, BenchError> {
        let mut found = BTreeMap::new();
        for line in self.answers(lines(texts))?.lines() {
            let answer: Answer = serde_json::from_str(line).map_err(|error| format!("{}: {error}", self.name()))?;
            if let Some(error) = answer.error {
                return Err(format!("{}: {}: {error}", self.name(), answer.id).into());
            }
            found.insert(answer.id, answer.spans);
        }
        let mut take = |id: String| found.remove(&id).ok_or_else(|| format!("{} has not answered {id}", self.name()).into());
        (0..).zip(texts).map(|(place, text)| take(id_of(place, text))).collect()
    }
}

/// The file and a number of its own: a model that leaves a file out goes by it.
fn id_of(place: usize, text: &Text) -> String {
    format!("{}#{place}", text.kind.file)
}

/// Texts as the lines that `aop scan` and the peers read.
pub fn lines(texts: &[&Text]) -> Vec<u8> {
    let line = |(place, text): (usize, &&Text)| {
        let line = json!({"id": id_of(place, text), "text": text.text, "provenance": text.provenance.as_str()});
        format!("{line}\n").into_bytes()
    };
    texts.iter().enumerate().flat_map(line).collect()
}
