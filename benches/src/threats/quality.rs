//! How many attacks are found and how many harmless texts are flagged, by file and kind.
//!
//! A text is found when something in it reaches the severity asked for: *warning*, which is what a reader is told of, or
//! *info*, the review of what tools say. Figures over several kinds are means of the kinds' shares, each kind weighing the same;
//! a kind of fewer than 20 texts is shown and not counted.

use std::collections::{BTreeMap, BTreeSet};

use aop_engine::{Provenance, Severity};
use serde::Serialize;

use super::corpus::{Kind, Text};
use super::judge::{Found, Judge, Part};
use crate::BenchError;
use crate::detectors::finder::share;

/// What one judge has said of all texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quality {
    /// The judge's name.
    pub name: String,
    /// By kind, the harmless kinds first.
    pub kinds: Vec<(Kind, Counts)>,
    /// By rule, what it has found at or over info: attacks, and harmless texts.
    pub rules: BTreeMap<String, (usize, usize)>,
}

/// The texts of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// How many there are.
    pub texts: usize,
    /// Those that came from a tool.
    pub from_tools: usize,
    /// Those with something at or over warning.
    pub warned: usize,
    /// Those with anything at all.
    pub told: usize,
    /// Those that the rules warn of.
    pub by_rules: usize,
    /// Those that the model warns of.
    pub by_model: usize,
    /// Those that the model warns of and nothing else does.
    pub by_model_alone: usize,
    /// Those that a check of code warns of.
    pub by_code: usize,
}

/// What a kind must have to be counted among others.
const TEXTS_MIN: usize = 20;

/// Asks a judge about texts.
///
/// # Errors
/// The judge's.
pub fn measure(judge: &dyn Judge, texts: &[&Text]) -> Result<Quality, BenchError> {
    let found = judge.judge(texts)?;
    let mut kinds: BTreeMap<&Kind, Counts> = BTreeMap::new();
    let mut rules: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (text, found) in texts.iter().zip(&found) {
        kinds.entry(&text.kind).or_default().add(text, found);
        for rule in found.iter().map(|found| &found.rule).collect::<BTreeSet<_>>() {
            let (attacks, harmless) = rules.entry(rule.clone()).or_default();
            *if text.kind.is_attack { attacks } else { harmless } += 1;
        }
    }
    let kinds = kinds.into_iter().map(|(kind, counts)| (kind.clone(), counts)).collect();
    Ok(Quality { name: judge.name().to_owned(), kinds, rules })
}

impl Counts {
    fn add(&mut self, text: &Text, found: &[Found]) {
        let warns = |part: Part| found.iter().any(|found| found.severity >= Severity::Warning && found.part() == part);
        let [by_rules, by_model, by_code] = [Part::Rules, Part::Model, Part::Code].map(warns);
        self.texts += 1;
        self.from_tools += usize::from(text.provenance == Provenance::Tool);
        self.warned += usize::from(by_rules || by_model || by_code);
        self.told += usize::from(!found.is_empty());
        self.by_rules += usize::from(by_rules);
        self.by_model += usize::from(by_model);
        self.by_model_alone += usize::from(by_model && !by_rules && !by_code);
        self.by_code += usize::from(by_code);
    }
}

/// One of the counts.
pub type Count = fn(&Counts) -> usize;

/// Those with something at or over warning.
pub const WARNED: Count = |counts| counts.warned;
/// Those with anything at all.
pub const TOLD: Count = |counts| counts.told;

/// A mean over kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean {
    /// The mean of the shares.
    pub share: f64,
    /// Over how many kinds.
    pub kinds: usize,
    /// The kind that does worst.
    pub worst: String,
    /// Its share.
    pub worst_share: f64,
}

impl Quality {
    /// The mean over the kinds that are wanted; nothing where there is none. The worst is that of the smallest share of attacks, of
    /// the greatest of harmless texts.
    pub fn mean(&self, count: Count, is_wanted: impl Fn(&Kind, &Counts) -> bool) -> Option<Mean> {
        let wanted = self.kinds.iter().filter(|(kind, counts)| is_wanted(kind, counts) && counts.texts >= TEXTS_MIN);
        let shares: Vec<(f64, &Kind)> = wanted.map(|(kind, counts)| (share(count(counts), counts.texts), kind)).collect();
        let badness = |(share, kind): &&(f64, &Kind)| if kind.is_attack { -share } else { *share };
        let (worst_share, worst) = shares.iter().max_by(|a, b| badness(a).total_cmp(&badness(b)))?;
        Some(Mean {
            share: shares.iter().map(|(share, _)| share).sum::<f64>() / shares.len() as f64,
            kinds: shares.len(),
            worst: format!("{}/{}", worst.file, worst.kind),
            worst_share: *worst_share,
        })
    }

    /// The share of one kind, by its own word, whatever its file.
    pub fn share_of(&self, count: Count, file: &str, kind: &str) -> Option<f64> {
        let (_, counts) = self.kinds.iter().find(|(it, _)| it.file == file && it.kind == kind)?;
        Some(share(count(counts), counts.texts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds what the text itself says: severities by their words, rules behind a colon.
    struct Echo;

    impl Judge for Echo {
        fn name(&self) -> &str {
            "echo"
        }

        fn judge(&self, texts: &[&Text]) -> Result<Vec<Vec<Found>>, BenchError> {
            let found = |word: &str| {
                let (severity, rule) = word.split_once(':').unwrap_or((word, "threats/override"));
                let severity: Severity = serde_json::from_value(severity.into())?;
                Ok(Found { severity, rule: rule.to_owned(), entity: String::new() })
            };
            texts.iter().map(|text| text.text.split_whitespace().map(found).collect()).collect()
        }
    }

    fn texts(is_attack: bool, file: &str, kind: &str, words: &[(&str, usize)]) -> Vec<Text> {
        let kind = Kind { is_attack, file: file.to_owned(), kind: kind.to_owned() };
        let text = |word: &str| Text { kind: kind.clone(), provenance: Provenance::User, text: word.to_owned() };
        words.iter().flat_map(|(word, count)| std::iter::repeat_n(text(word), *count)).collect()
    }

    #[test]
    fn kinds_weigh_the_same_and_small_ones_do_not_count() {
        let mut all = texts(true, "a", "direct", &[("error", 30), ("", 10)]);
        all.extend(texts(true, "b", "direct", &[("warning info", 5), ("info", 15)]));
        all.extend(texts(true, "c", "direct", &[("error", 19)]));
        all.extend(texts(false, "a", "doc", &[("warning:threats/model", 1), ("", 99)]));
        let quality = measure(&Echo, &all.iter().collect::<Vec<_>>()).unwrap();
        let mean = |count, is_attack| quality.mean(count, |kind, _| kind.is_attack == is_attack).unwrap();
        assert_eq!(mean(WARNED, true), Mean { share: 0.5, kinds: 2, worst: "b/direct".to_owned(), worst_share: 0.25 });
        assert_eq!(mean(TOLD, true).share, 0.875);
        assert_eq!(mean(WARNED, false).share, 0.01);
        assert!(quality.mean(WARNED, |_, _| false).is_none());
        assert_eq!(quality.share_of(WARNED, "c", "direct"), Some(1.0));
    }

    #[test]
    fn a_text_is_counted_for_each_part_that_warns_of_it() {
        let all = texts(true, "a", "direct", &[("error info:threats/model", 1), ("warning:threats/model", 2)]);
        let quality = measure(&Echo, &all.iter().collect::<Vec<_>>()).unwrap();
        let expected =
            Counts { texts: 3, from_tools: 0, warned: 3, told: 3, by_rules: 1, by_model: 2, by_model_alone: 2, by_code: 0 };
        assert_eq!(quality.kinds[0].1, expected);
        assert_eq!(quality.rules["threats/model"], (3, 0));
    }
}
