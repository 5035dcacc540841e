//! A state as the rules look at it: agent by agent, the window beside the baseline.

use std::collections::BTreeMap;
use std::ops::Range;

use aop_toon::Timestamp;

use super::bounded::{Capped, Cell};
use super::bucket::{AgentCell, Bucket, Pair, Print, PrintCell, RunName};
use super::state::index_of;
use super::{BatchSettings, BatchState, Who};

/// What the rules look at.
pub(super) struct View<'s> {
    state: &'s BatchState,
    /// The buckets of the baseline, then those of the window.
    pub(super) baseline: Range<i64>,
    pub(super) window: Range<i64>,
    pub(super) agents: BTreeMap<&'s Who, AgentView<'s>>,
}

/// An agent's runs.
pub(super) struct AgentView<'s> {
    pub(super) window: AgentCell,
    pub(super) baseline: AgentCell,
    /// By bucket, oldest first: baseline and window.
    pub(super) buckets: Vec<(i64, &'s AgentCell)>,
}

/// What one agent did with one name, in the window and before.
pub(super) struct Both<V> {
    pub(super) window: V,
    pub(super) baseline: V,
    /// The first bucket it was seen in.
    pub(super) first: i64,
}

impl<'s> View<'s> {
    pub(super) fn new(state: &'s BatchState, settings: &BatchSettings, now: Timestamp) -> Self {
        let now = index_of(settings, now.micros());
        let window_start = now.saturating_sub(settings.window_buckets());
        let baseline = window_start.saturating_sub(settings.baseline_buckets())..window_start;
        let mut view = Self { state, baseline, window: window_start..now.saturating_add(1), agents: BTreeMap::new() };
        let mut agents: BTreeMap<&'s Who, AgentView<'s>> = BTreeMap::new();
        for (index, bucket) in view.buckets() {
            for (who, cell) in bucket.agents.iter() {
                let agent = agents.entry(who).or_insert_with(|| AgentView {
                    window: AgentCell::default(),
                    baseline: AgentCell::default(),
                    buckets: Vec::new(),
                });
                agent.buckets.push((index, cell));
                if view.window.contains(&index) { agent.window.merge(cell) } else { agent.baseline.merge(cell) }
            }
        }
        view.agents = agents;
        view
    }

    /// The buckets of the baseline and the window, oldest first.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (i64, &'s Bucket)> + use<'s> {
        let range = self.baseline.start..self.window.end;
        let buckets = (range.start < range.end).then(|| self.state.buckets.range(range));
        buckets.into_iter().flatten().map(|(index, bucket)| (*index, bucket))
    }

    /// The table of pairs that `of` names, by agent.
    pub(super) fn pairs<V: Cell + 's>(
        &self,
        of: impl Fn(&'s Bucket) -> &'s Capped<Pair, V>,
    ) -> BTreeMap<&'s Who, BTreeMap<&'s str, Both<V>>> {
        let mut pairs: BTreeMap<&Who, BTreeMap<&str, Both<V>>> = BTreeMap::new();
        for (index, bucket) in self.buckets() {
            for (pair, cell) in of(bucket).iter() {
                let both = pairs.entry(&pair.who).or_default().entry(&pair.name).or_insert_with(|| Both {
                    window: V::default(),
                    baseline: V::default(),
                    first: index,
                });
                if self.window.contains(&index) { both.window.merge(cell) } else { both.baseline.merge(cell) }
            }
        }
        pairs
    }

    /// The fingerprints that came up in the window, with all that is known of them.
    pub(super) fn prints(&self) -> BTreeMap<&'s Print, PrintCell> {
        let mut prints: BTreeMap<&Print, PrintCell> = BTreeMap::new();
        for (_, bucket) in self.buckets().filter(|(index, _)| self.window.contains(index)) {
            for (print, _) in bucket.prints.iter() {
                prints.entry(print).or_default();
            }
        }
        for (_, bucket) in self.buckets() {
            for (print, cell) in bucket.prints.iter() {
                if let Some(all) = prints.get_mut(print) {
                    all.merge(cell);
                }
            }
        }
        prints
    }

    /// How many runs began after now, as far as agents are told apart.
    pub(super) fn runs_to_come(&self) -> u64 {
        let later = self.state.buckets.range(self.window.end..).flat_map(|(_, bucket)| bucket.agents.iter());
        later.fold(0, |sum, (_, cell)| sum.saturating_add(cell.runs))
    }

    /// How many runs were not taken in, since they began after now.
    pub(super) fn runs_ahead(&self) -> u64 {
        self.state.ahead
    }

    /// Whether buckets that would be looked at had to be forgotten: whatever is older than one that was may have been too.
    pub(super) fn has_forgotten(&self) -> bool {
        self.state.forgotten.is_some_and(|newest| newest >= self.baseline.start)
    }
}

/// The names of runs for a finding, in their order.
pub(super) fn names<'r>(runs: impl Iterator<Item = &'r RunName>) -> Vec<String> {
    runs.map(|RunName(_, name)| name.clone()).collect()
}
