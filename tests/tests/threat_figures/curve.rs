//! How the model alone scores tools' results, for the curve over its thresholds.

use std::path::Path;

use aop_engine::Event;
use aop_engine::rules::scan::{Choice, DetectorSettings, Detectors, Hit, Scratch, ThreatSettings, recognizers};
use serde_json::Value;

use crate::{runs, wordings};

/// Where a result is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    AgentDojo,
    Asb,
    /// Either, with the attack in a wording of our own.
    Reworded,
    Ordinary,
}

impl Source {
    pub(crate) const ALL: [Source; 4] = [Self::AgentDojo, Self::Asb, Self::Reworded, Self::Ordinary];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AgentDojo => "attacked results, AgentDojo",
            Self::Asb => "attacked results, ASB",
            Self::Reworded => "the ten wordings below",
            Self::Ordinary => "ordinary results",
        }
    }
}

/// A tool's result, and the highest score in it.
#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) source: Source,
    /// Of the heads: attack, instruction. 0 where nothing is weighed.
    pub(crate) heads: [f64; 2],
}

/// The rules of the two heads.
const HEADS: [&str; 2] = ["threats/model", "threats/instruction-review"];

/// All results that hold an attack's text, as they are and in the ten wordings where the agent obeys, and all of benign runs.
pub(crate) fn scores(corpora: &Path) -> Vec<Scored> {
    let detectors = model_alone();
    let mut scored = Vec::new();
    for entry in &runs::index(corpora) {
        let label = &entry["label"];
        let injected = runs::injected(entry);
        let is_asb = runs::file_of(entry).starts_with("asb/");
        let events = runs::events(corpora, entry, None).expect("a run has events");
        let is_benign = injected.is_empty() && label["mode"] != "injected" && label["mode"] != "compromised" && !is_asb;
        let source = match (is_benign, is_asb) {
            (true, _) => Source::Ordinary,
            (false, true) => Source::Asb,
            (false, false) => Source::AgentDojo,
        };
        scored.extend(of(&detectors, &events, source, |seq| is_benign || injected.contains(&seq)));
        if label["mode"] == "compromised" || label["success"].as_bool() == Some(true) {
            for events in wordings::WORDINGS.iter().filter_map(|wording| runs::events(corpora, entry, Some(wording))) {
                scored.extend(of(&detectors, &events, Source::Reworded, |seq| injected.contains(&seq)));
            }
        }
    }
    scored
}

fn of(detectors: &Detectors, events: &[Value], source: Source, is_wanted: impl Fn(u64) -> bool) -> Vec<Scored> {
    let mut scratch = Scratch::default();
    let results = events.iter().filter(|event| event["type"] == "action_response");
    let wanted = results.filter(|event| event["seq"].as_u64().is_some_and(&is_wanted));
    let score = |event: &Value| {
        let line = event.to_string();
        let event = Event::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}"));
        let mut hits = Vec::new();
        detectors.scan(&event, &mut scratch, &mut hits);
        let highest = |rule: &str| {
            let scores = hits.iter().filter(|hit: &&Hit| hit.rule.id == rule).map(|hit| hit.score);
            scores.fold(0.0, f64::max)
        };
        Scored { source, heads: HEADS.map(highest) }
    };
    wanted.map(score).collect()
}

/// Detectors that ask the model alone, and report whatever it says.
fn model_alone() -> Detectors {
    let threats = recognizers().filter(|recognizer| recognizer.rule.family() == "threats");
    let choice = |id: &str| match HEADS.contains(&id) {
        true => Choice { threshold: Some(0.0), ..Choice::default() },
        false => Choice { enabled: false, ..Choice::default() },
    };
    let rules = threats.map(|recognizer| (recognizer.rule.id.to_owned(), choice(recognizer.rule.id))).collect();
    let threats = Some(ThreatSettings { rules, ..ThreatSettings::default() });
    let settings = DetectorSettings { pii: None, secrets: None, threats };
    Detectors::new(&settings).unwrap_or_else(|error| panic!("{error}"))
}
