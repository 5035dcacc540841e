//! Spans found against spans marked: exact and overlapping, by entity.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::corpus::Gold;
use super::finder::{Found, share};

/// The counts of one entity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Spans that are marked.
    pub marked: usize,
    /// Spans that were found; several finds of one span are one.
    pub found: usize,
    /// Found with the very bounds.
    pub exact: usize,
    /// Found with a byte in common, each span used once.
    pub overlapping: usize,
}

/// Precision, recall and their harmonic mean; NaN where there is nothing to divide by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// The share of what was found that is marked.
    pub precision: f64,
    /// The share of what is marked that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

impl Figures {
    /// Of so many right ones.
    ///
    /// ```
    /// let figures = aop_benches::detectors::spans::Figures::new(3, 4, 6);
    /// assert_eq!((figures.precision, figures.recall, figures.f1), (0.75, 0.5, 0.6));
    /// ```
    pub fn new(right: usize, found: usize, marked: usize) -> Self {
        Self { precision: share(right, found), recall: share(right, marked), f1: share(2 * right, found + marked) }
    }
}

impl Counts {
    /// By bounds.
    pub fn by_bounds(&self) -> Figures {
        Figures::new(self.exact, self.found, self.marked)
    }

    /// By overlap.
    pub fn by_overlap(&self) -> Figures {
        Figures::new(self.overlapping, self.found, self.marked)
    }
}

/// Adds one text's spans to the counts.
pub fn count(marked: &[Gold], found: &[Found], counts: &mut BTreeMap<String, Counts>) {
    let found: BTreeSet<(&str, usize, usize)> =
        found.iter().map(|found| (found.entity.as_str(), found.start, found.end)).collect();
    for gold in marked {
        counts.entry(gold.entity.clone()).or_default().marked += 1;
    }
    for (entity, start, end) in &found {
        let counts = counts.entry((*entity).to_owned()).or_default();
        counts.found += 1;
        let is_exact = |gold: &Gold| gold.entity == *entity && (gold.start, gold.end) == (*start, *end);
        counts.exact += usize::from(marked.iter().any(is_exact));
    }
    // the pairs that share most of their bytes come first, and each span serves once
    let mut pairs = Vec::new();
    for (place, gold) in marked.iter().enumerate() {
        for span @ (entity, start, end) in &found {
            let common = gold.end.min(*end).saturating_sub(gold.start.max(*start));
            if gold.entity == *entity && common > 0 {
                let union = gold.end.max(*end) - gold.start.min(*start);
                pairs.push((share(common, union), place, span));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut used_marked, mut used_found) = (BTreeSet::new(), BTreeSet::new());
    for (_, place, span) in pairs {
        if !used_marked.contains(&place) && !used_found.contains(span) {
            used_marked.insert(place);
            used_found.insert(span);
            counts.entry(span.0.to_owned()).or_default().overlapping += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gold(entity: &str, start: usize, end: usize) -> Gold {
        Gold { entity: entity.to_owned(), start, end }
    }

    fn found(entity: &str, start: usize, end: usize) -> Found {
        let entity = entity.to_owned();
        Found { entity, start, end, path: None, rule: String::new(), views: Vec::new(), score: 1.0 }
    }

    #[test]
    fn bounds_overlaps_and_duplicates_are_counted_apart() {
        let mut counts = BTreeMap::new();
        let marked = [gold("A", 0, 5), gold("A", 10, 20), gold("B", 30, 40)];
        let spans = [found("A", 0, 5), found("A", 0, 5), found("A", 12, 22), found("A", 15, 16), found("C", 30, 40)];
        count(&marked, &spans, &mut counts);
        assert_eq!(counts["A"], Counts { marked: 2, found: 3, exact: 1, overlapping: 2 });
        assert_eq!(counts["B"], Counts { marked: 1, found: 0, exact: 0, overlapping: 0 });
        assert_eq!(counts["C"], Counts { marked: 0, found: 1, exact: 0, overlapping: 0 });
    }

    #[test]
    fn one_find_serves_one_mark() {
        let mut counts = BTreeMap::new();
        count(&[gold("A", 0, 5), gold("A", 6, 11)], &[found("A", 0, 11)], &mut counts);
        assert_eq!(counts["A"], Counts { marked: 2, found: 1, exact: 0, overlapping: 1 });
    }
}
