//! Answers as `aop scan` does, each text judged by a model that has not seen its file.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::sync::Arc;

use aop_rules::scan::{DetectorSettings, Detectors, Hit, Provenance, Scratch, ThreatSettings};
use serde::{Deserialize, Serialize};

use crate::corpora::Text;
use crate::examples::Examples;
use crate::fold::Fold;

/// The arguments that a scorer gives to `aop scan`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only threats are looked for
    #[arg(long, default_value = "threats", value_parser = ["threats"])]
    detectors: String,
    /// How answers are written
    #[arg(long, default_value = "jsonl", value_parser = ["jsonl"])]
    format: String,
    /// Leave the rules out, and let the model alone answer
    #[arg(long)]
    model_only: bool,
    /// Only standard input is read
    #[arg(default_value = "-", value_parser = ["-"])]
    input: String,
}

#[derive(Deserialize)]
struct Question {
    /// `file#line`
    id: String,
    text: String,
    #[serde(default)]
    provenance: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    spans: Vec<Span<'a>>,
}

#[derive(Serialize)]
struct Span<'a> {
    entity: &'a str,
    start: u32,
    end: u32,
    score: f64,
    severity: &'a str,
    rule: &'a str,
}

pub(crate) fn run(arguments: &Arguments, texts: &[Text]) -> Result<(), String> {
    let examples = Examples::of(texts);
    let mut models: BTreeMap<&str, Detectors> = BTreeMap::new();
    let mut scratch = Scratch::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| error.to_string())?;
        if line.trim().is_empty() {
            continue;
        }
        let question: Question = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
        let file = question.id.split('#').next().unwrap_or_default();
        let fold = Fold::MEASURED.iter().find(|fold| fold.without.contains(&file)).unwrap_or(&Fold::ALL_SEEN);
        let key = fold.without.first().copied().unwrap_or_default();
        let detectors = match models.entry(key) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => new.insert(detectors(fold, &examples, arguments)?),
        };
        let word = question.provenance.as_deref().unwrap_or("user");
        let provenance = Provenance::from_word(word).ok_or_else(|| format!("there is no provenance `{word}`"))?;
        let mut hits = Vec::new();
        detectors.scan_text(&question.text, provenance, &mut scratch, &mut hits);
        let answer = Answer { id: &question.id, spans: hits.iter().map(span).collect() };
        let answer = serde_json::to_string(&answer).map_err(|error| error.to_string())?;
        writeln!(out, "{answer}").map_err(|error| error.to_string())?;
    }
    out.flush().map_err(|error| error.to_string())
}

fn detectors(fold: &Fold, examples: &Examples, arguments: &Arguments) -> Result<Detectors, String> {
    let mut threats = ThreatSettings { model: Some(Arc::new(fold.train(examples).weights)), ..ThreatSettings::default() };
    if arguments.model_only {
        let rules = aop_rules::scan::recognizers().map(|recognizer| recognizer.rule.id);
        let off = aop_rules::scan::Choice { enabled: false, ..aop_rules::scan::Choice::default() };
        let others =
            rules.filter(|rule| rule.starts_with("threats/") && !rule.ends_with("/model") && !rule.ends_with("-review"));
        threats.rules = others.map(|rule| (rule.to_owned(), off.clone())).collect();
    }
    let settings = DetectorSettings { pii: None, secrets: None, threats: Some(threats) };
    Detectors::new(&settings).map_err(|error| error.to_string())
}

fn span(hit: &Hit) -> Span<'_> {
    Span {
        entity: hit.entity,
        start: hit.span.start,
        end: hit.span.end,
        score: hit.score,
        severity: hit.severity.as_str(),
        rule: hit.rule.id,
    }
}
