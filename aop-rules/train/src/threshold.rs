//! Where a head begins to report: so that few harmless texts are flagged.

use crate::examples::Example;

/// How many harmless texts may be flagged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// The mean over groups of texts.
    pub(crate) mean: f64,
    /// Any one group.
    pub(crate) most: f64,
    /// Whether our own harmless texts count too.
    pub(crate) has_own: bool,
}

impl Allowance {
    pub(crate) fn counts(&self, example: &Example) -> bool {
        self.has_own || example.file != "own"
    }
}

/// A smaller group says little about a rate.
pub(crate) const GROUP_MIN: usize = 20;

/// The lowest threshold that keeps the allowance, given each example's score.
pub(crate) fn threshold(scored: &[(&Example, i64)], allowance: &Allowance) -> i64 {
    let mut groups: Vec<(&str, Vec<i64>)> = Vec::new();
    for (example, score) in scored.iter().filter(|(example, _)| !example.is_wanted) {
        match groups.iter_mut().find(|(group, _)| *group == example.group) {
            Some((_, scores)) => scores.push(*score),
            None => groups.push((&example.group, vec![*score])),
        }
    }
    groups.retain(|(_, scores)| scores.len() >= GROUP_MIN);
    groups.iter_mut().for_each(|(_, scores)| scores.sort_unstable());
    let keeps = |threshold: i64| {
        let rates: Vec<f64> = groups
            .iter()
            .map(|(_, scores)| {
                let over = scores.len() - scores.partition_point(|&score| score < threshold);
                over as f64 / scores.len() as f64
            })
            .collect();
        let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
        mean <= allowance.mean && rates.iter().all(|&rate| rate <= allowance.most)
    };
    let mut candidates: Vec<i64> = groups.iter().flat_map(|(_, scores)| scores.iter().map(|score| score + 1)).collect();
    candidates.sort_unstable();
    // The higher, the fewer are flagged: the first that keeps the allowance.
    let at = candidates.partition_point(|&candidate| !keeps(candidate));
    candidates.get(at).copied().unwrap_or(i64::from(i32::MAX))
}
