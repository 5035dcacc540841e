//! The cases of Presidio's own tests, each run as its test runs it: one recognizer alone, reported at any score.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::{Corpora, PresidioCase};
use super::finder::Found;
use super::own::Own;
use crate::BenchError;

/// How many cases of each kind came out as in Presidio, and those that did not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Presidio {
    /// Texts: the same number of findings, and the same bounds where the test names them.
    pub detect: Tally,
    /// Texts in which every finding at least overlaps one of the test's, and the other way round.
    pub detect_by_overlap: Tally,
    /// Values: a right one is found, a wrong one is not.
    pub validate: Tally,
    /// Texts whose words make a value likelier: the score is higher than that of the value alone.
    pub context: Tally,
    /// Validations that Presidio leaves open, and which are not counted.
    pub open: usize,
    /// Each case that came out otherwise.
    pub deviations: Vec<Deviation>,
}

/// Cases passed, of so many.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Tally {
    /// Those that passed.
    pub passed: usize,
    /// All.
    pub cases: usize,
}

impl Tally {
    fn add(&mut self, is_passed: bool) {
        self.passed += usize::from(is_passed);
        self.cases += 1;
    }
}

/// A case that came out otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Deviation {
    /// The row's id.
    pub id: String,
    /// The kind of case.
    pub kind: String,
    /// The entity that was tested.
    pub entity: String,
    /// What happened, without the text.
    pub what: String,
}

/// Goes over the cases.
///
/// # Errors
/// When they cannot be read, or the detectors cannot be built.
pub fn measure(corpora: &Corpora) -> Result<Option<Presidio>, BenchError> {
    let Some(cases) = corpora.rows::<PresidioCase>("presidio_cases")? else { return Ok(None) };
    let mut finders = BTreeMap::new();
    for case in &cases {
        if !finders.contains_key(case.entity.as_str()) {
            finders.insert(case.entity.as_str(), Own::only(&case.entity)?);
        }
    }
    let mut outcome = Presidio::default();
    for case in &cases {
        outcome.take(case, finders.get(case.entity.as_str()).and_then(Option::as_ref));
    }
    Ok(Some(outcome))
}

impl Presidio {
    fn take(&mut self, case: &PresidioCase, finder: Option<&Own>) {
        let Some(finder) = finder else {
            self.take_unknown(case);
            return;
        };
        let find = |text: &str| finder.find_in_text(text);
        let found = find(&case.text);
        let failure = match case.kind.as_str() {
            "validate" => {
                let Some(is_valid) = case.expected else {
                    self.open += 1;
                    return;
                };
                let failure = (is_valid == found.is_empty()).then(|| match is_valid {
                    true => "a right value is not found".to_owned(),
                    false => format!("a wrong value is found, score {:.2}", best(&found)),
                });
                self.validate.add(failure.is_none());
                failure
            }
            "context" => {
                let alone = found.iter().map(|found| best(&find(&case.text[found.start..found.end]))).fold(0.0, f64::max);
                let failure = (best(&found) <= alone).then(|| match found.is_empty() {
                    true => "not found".to_owned(),
                    false => format!("score {:.2}, and {alone:.2} without the words", best(&found)),
                });
                self.context.add(failure.is_none());
                failure
            }
            _ => {
                let failure = detect_failure(case, &found);
                self.detect.add(failure.is_none());
                self.detect_by_overlap.add(failure.is_none() || overlaps(case, &found));
                failure
            }
        };
        if let Some(what) = failure {
            self.deviate(case, what);
        }
    }

    /// A case of an entity that there is not: it has failed, even where nothing is to be found.
    fn take_unknown(&mut self, case: &PresidioCase) {
        match case.kind.as_str() {
            "validate" if case.expected.is_none() => {
                self.open += 1;
                return;
            }
            "validate" => self.validate.add(false),
            "context" => self.context.add(false),
            _ => {
                self.detect.add(false);
                self.detect_by_overlap.add(false);
            }
        }
        self.deviate(case, "there is no such entity".to_owned());
    }

    fn deviate(&mut self, case: &PresidioCase, what: String) {
        let (id, kind, entity) = (case.id.clone(), case.kind.clone(), case.entity.clone());
        self.deviations.push(Deviation { id, kind, entity, what });
    }
}

/// What is wrong with the finds in a text; nothing when they are as in Presidio.
fn detect_failure(case: &PresidioCase, found: &[Found]) -> Option<String> {
    let found = bounds(found.iter().map(|found| (found.start, found.end)));
    if !case.positions_known {
        let differs = found.len() != case.expected_len;
        return differs.then(|| format!("{} found, {} expected", found.len(), case.expected_len));
    }
    let expected = bounds(case.spans.iter().map(|span| (span.start, span.end)));
    let list = |name: &str, these: &[(usize, usize)], others: &[(usize, usize)]| {
        let spans: Vec<String> =
            these.iter().filter(|span| !others.contains(span)).map(|(start, end)| format!("{start}..{end}")).collect();
        (!spans.is_empty()).then(|| format!("{name} {}", spans.join(", ")))
    };
    let parts: Vec<String> =
        [list("missed", &expected, &found), list("extra", &found, &expected)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn overlaps(case: &PresidioCase, found: &[Found]) -> bool {
    case.positions_known
        && case.spans.iter().all(|span| found.iter().any(|found| found.touches(span.start, span.end)))
        && found.iter().all(|found| case.spans.iter().any(|span| found.touches(span.start, span.end)))
}

fn bounds(spans: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut spans: Vec<_> = spans.collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

fn best(found: &[Found]) -> f64 {
    found.iter().map(|found| found.score).fold(0.0, f64::max)
}
