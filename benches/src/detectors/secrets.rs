//! Secrets by gitleaks' rules: recall of each rule, averaged over rules, and look-alikes that are left alone.
//!
//! A rule that has few examples weighs as much as one that has many. Rows without text are left out: they are about a file's
//! name. Quotes, blanks and the `&` of a query around a secret are none of it, though some of gitleaks' regexes take them along.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::{Corpora, SecretCase};
use super::finder::{Finder, Found, find_in_texts, share};
use crate::BenchError;

/// The counts by rule.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Secrets {
    /// By gitleaks' rule.
    pub rules: BTreeMap<String, RuleCounts>,
    /// Rows that are about a file's name.
    pub left_out: usize,
    /// The look-alikes that were reported: row, rule, and the rule that reported it.
    pub reported: Vec<(String, String, String)>,
}

/// The counts of one rule.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RuleCounts {
    /// Secrets to be found.
    pub secrets: usize,
    /// Those of which a secret's span holds a byte.
    pub touched: usize,
    /// Those that secrets' spans cover whole.
    pub covered: usize,
    /// Those that the rule of this name has found.
    pub by_this_rule: usize,
    /// Those that the regex of gitleaks' rule matches.
    pub by_regex: usize,
    /// Look-alikes to be left alone.
    pub look_alikes: usize,
    /// Those in which the rule of this name reports nothing.
    pub refused_by_this_rule: usize,
    /// Those in which no rule for secrets reports anything.
    pub refused: usize,
    /// Those that the regex of gitleaks' rule does not match.
    pub refused_by_regex: usize,
}

/// Goes over the cases.
///
/// # Errors
/// When they cannot be read, or the finder fails.
pub fn measure(finder: &dyn Finder, corpora: &Corpora) -> Result<Option<Secrets>, BenchError> {
    let Some(rows) = corpora.rows::<SecretCase>("secret_cases")? else { return Ok(None) };
    let (rows, left_out): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| !row.text.is_empty());
    let found = find_in_texts(finder, rows.iter().map(|row| row.text.as_str()))?;
    let mut secrets = Secrets { left_out: left_out.len(), ..Secrets::default() };
    for (row, found) in rows.iter().zip(&found) {
        let found: Vec<&Found> = found.iter().filter(|found| found.entity == "SECRET").collect();
        secrets.take(row, &found);
    }
    Ok(Some(secrets))
}

impl Secrets {
    fn take(&mut self, row: &SecretCase, found: &[&Found]) {
        let counts = self.rules.entry(row.rule.clone()).or_default();
        let by_this_rule = found.iter().any(|found| found.rule.strip_prefix("secrets/") == Some(&row.rule));
        if row.kind == "tp" {
            let (start, end) = without_delimiters(&row.text, row.start_byte.max(0) as usize, row.end_byte.max(0) as usize);
            counts.secrets += 1;
            counts.touched += usize::from(found.iter().any(|found| found.touches(start, end)));
            counts.covered += usize::from(is_covered(found, start, end));
            counts.by_this_rule += usize::from(by_this_rule);
            counts.by_regex += usize::from(row.regex_matches);
        } else {
            counts.look_alikes += 1;
            counts.refused_by_this_rule += usize::from(!by_this_rule);
            counts.refused += usize::from(found.is_empty());
            counts.refused_by_regex += usize::from(!row.regex_matches);
            if let Some(found) = found.first() {
                self.reported.push((row.id.clone(), row.rule.clone(), found.rule.clone()));
            }
        }
    }

    /// The recall of each rule by some count of it, averaged over the rules that have secrets to be found.
    pub fn recall(&self, count: impl Fn(&RuleCounts) -> usize) -> f64 {
        let rules = || self.rules.values().filter(|rule| rule.secrets > 0);
        rules().map(|rule| share(count(rule), rule.secrets)).sum::<f64>() / rules().count() as f64
    }

    /// The share of all look-alikes by some count of those refused.
    pub fn refused(&self, count: impl Fn(&RuleCounts) -> usize) -> f64 {
        share(self.rules.values().map(count).sum(), self.rules.values().map(|rule| rule.look_alikes).sum())
    }
}

/// The bounds of a secret without what only parts it from the text around it.
fn without_delimiters(text: &str, start: usize, end: usize) -> (usize, usize) {
    let is_delimiter = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`' | b'&' | b'<' | b'\\') || byte.is_ascii_whitespace();
    let bytes = text.as_bytes().get(start..end).unwrap_or_default();
    let before = bytes.iter().take_while(|byte| is_delimiter(byte)).count();
    let behind = bytes[before..].iter().rev().take_while(|byte| is_delimiter(byte)).count();
    (start + before, end - behind)
}

/// Whether spans together hold all of these bytes.
fn is_covered(found: &[&Found], start: usize, end: usize) -> bool {
    let mut spans: Vec<(usize, usize)> = found.iter().map(|found| (found.start, found.end)).collect();
    spans.sort_unstable();
    let reached = spans.iter().fold(start, |reached, span| if span.0 <= reached { reached.max(span.1) } else { reached });
    reached >= end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_no_part_of_a_secret() {
        let text = "token = \"k7Lm2'Xv9\"\n";
        assert_eq!(without_delimiters(text, 8, text.len()), (9, 18));
        assert_eq!(without_delimiters(text, 9, 18), (9, 18));
        assert_eq!(without_delimiters("\"\"", 0, 2), (2, 2));
    }

    #[test]
    fn two_halves_cover_a_secret_and_a_gap_does_not() {
        let span = |start, end| Found {
            entity: "SECRET".to_owned(),
            start,
            end,
            path: None,
            rule: String::new(),
            views: Vec::new(),
            score: 1.0,
        };
        let [head, tail, late] = [span(2, 6), span(6, 12), span(7, 12)];
        assert!(is_covered(&[&tail, &head], 3, 12));
        assert!(!is_covered(&[&head, &late], 3, 12));
        assert!(!is_covered(&[], 3, 12));
    }
}
