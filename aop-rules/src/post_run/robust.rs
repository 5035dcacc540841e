//! Median and median absolute deviation of many values in little memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Counts of non-negative whole values in buckets whose width grows with the value.
///
/// With `BITS` 7, values below 128 are kept exactly; above, every power of two is cut into 128 buckets and a value is taken
/// for the middle of its bucket, which is at most 1/256 (0.4 %) away. Only buckets in use are stored, at most 7,296 of them;
/// counts are added, so the order of values never matters. Where many histograms stand side by side, fewer bits make each
/// smaller: with 5, a middle is at most 1/64 (1.6 %) away, and there are at most 1,920 buckets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogHistogram<const BITS: u32 = 7> {
    buckets: BTreeMap<u16, u64>,
}

impl<const BITS: u32> LogHistogram<BITS> {
    /// Counts `value` once more.
    pub(crate) fn add(&mut self, value: u64) {
        *self.buckets.entry(bucket_of::<BITS>(value)).or_default() += 1;
    }

    /// Counts what another histogram has counted too.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.buckets {
            let own = self.buckets.entry(*bucket).or_default();
            *own = own.saturating_add(*count);
        }
    }

    /// How many values were counted.
    pub(super) fn count(&self) -> u64 {
        self.buckets.values().sum()
    }

    /// How many values lie above `limit`, to the bucket.
    pub(super) fn count_above(&self, limit: u64) -> u64 {
        self.buckets.iter().filter(|(bucket, _)| middle_of::<BITS>(**bucket) > limit).map(|(_, count)| count).sum()
    }

    /// The median and the median absolute deviation from it; `None` without values.
    pub(crate) fn median_and_deviation(&self) -> Option<(u64, u64)> {
        let values: Vec<(u64, u64)> =
            self.buckets.iter().map(|(bucket, count)| (middle_of::<BITS>(*bucket), *count)).collect();
        let median = weighted_median(&values)?;
        let mut deviations: Vec<(u64, u64)> =
            values.into_iter().map(|(value, count)| (value.abs_diff(median), count)).collect();
        deviations.sort_unstable();
        Some((median, weighted_median(&deviations)?))
    }

    /// The smallest value that `percent` of the values do not exceed (the nearest rank), to the bucket; `None` without values.
    pub(super) fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.count().checked_mul(percent)?).div_ceil(100).max(1);
        let mut before = 0;
        self.buckets.iter().find_map(|(bucket, count)| {
            before += count;
            (rank <= before).then(|| middle_of::<BITS>(*bucket))
        })
    }
}

/// The middle value of a sorted list of (value, count); between the two middle ones of an even number.
fn weighted_median(values: &[(u64, u64)]) -> Option<u64> {
    let total: u64 = values.iter().map(|(_, count)| count).sum();
    let at = |rank: u64| {
        let mut before = 0;
        values.iter().find_map(|(value, count)| {
            before += count;
            (rank < before).then_some(*value)
        })
    };
    let (low, high) = (at(total.checked_sub(1)? / 2)?, at(total / 2)?);
    Some(low + (high - low) / 2)
}

/// Values below 2^BITS are their own bucket, and so many buckets share each power of two above.
fn bucket_of<const BITS: u32>(value: u64) -> u16 {
    let exact = 1_u64 << BITS;
    if value < exact {
        return value as u16;
    }
    let exponent = value.ilog2();
    let part = (value >> (exponent - BITS)) - exact;
    // At most (64 − BITS) · 2^BITS + 2^BITS − 1, so it fits for BITS up to 9.
    ((exponent - BITS + 1) as u64 * exact + part) as u16
}

fn middle_of<const BITS: u32>(bucket: u16) -> u64 {
    let (bucket, exact) = (u64::from(bucket), 1_u64 << BITS);
    if bucket < exact {
        return bucket;
    }
    // A bucket read back from a damaged file must not shift out of range.
    let shift = (bucket / exact - 1).min(u64::from(63 - BITS)) as u32;
    let low = (exact + bucket % exact) << shift;
    low + (1_u64 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_values_are_exact() {
        let mut histogram = LogHistogram::<7>::default();
        assert_eq!(histogram.median_and_deviation(), None);
        assert_eq!(histogram.percentile(50), None);
        for value in [1, 1, 2, 2, 4, 6, 9] {
            histogram.add(value);
        }
        assert_eq!(histogram.median_and_deviation(), Some((2, 1)));
        histogram.add(100);
        assert_eq!(histogram.median_and_deviation(), Some((3, 2)));
        assert_eq!(histogram.count_above(6), 2);
        let percentiles = [0, 1, 50, 95, 100].map(|percent| histogram.percentile(percent).expect("not empty"));
        assert_eq!(percentiles, [1, 1, 2, 100, 100]);
    }

    #[test]
    fn every_bucket_holds_its_middle() {
        for bucket in 0..=bucket_of::<7>(u64::MAX) {
            assert_eq!(bucket_of::<7>(middle_of::<7>(bucket)), bucket);
        }
        for bucket in 0..=bucket_of::<5>(u64::MAX) {
            assert_eq!(bucket_of::<5>(middle_of::<5>(bucket)), bucket);
        }
        assert_eq!((bucket_of::<7>(u64::MAX), bucket_of::<5>(u64::MAX)), (7_423, 1_919));
    }

    proptest! {
        #[test]
        fn the_median_is_within_a_bucket(values in proptest::collection::vec(0_u64..1 << 50, 1..200)) {
            let mut histogram = LogHistogram::<7>::default();
            values.iter().for_each(|value| histogram.add(*value));
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let (low, high) = (sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
            let exact = low + (high - low) / 2;
            let (median, _) = histogram.median_and_deviation().expect("not empty");
            prop_assert!(median.abs_diff(exact) as f64 <= high as f64 / 256.0 + 1.0, "{median} for {exact}");
            for percent in [50, 95] {
                let exact = sorted[(values.len() * percent).div_ceil(100) - 1];
                let found = histogram.percentile(percent as u64).expect("not empty");
                prop_assert!(found.abs_diff(exact) as f64 <= exact as f64 / 256.0 + 1.0, "{found} for {exact}");
            }
        }
    }
}
