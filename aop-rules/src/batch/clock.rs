//! What time it is, by clocks of which a few may be wrong.

/// The latest of these times, each with how many runs stand for it, that is not far ahead of nearly all others: a hundredth of the runs
/// may be further ahead than `near`, and one in three or more may be further ahead than `far`; what they say is left aside.
pub(super) fn latest(mut times: Vec<(i64, u64)>, near: i64, far: i64) -> Option<i64> {
    times.sort_unstable();
    let total = times.iter().fold(0_u64, |sum, (_, runs)| sum.saturating_add(*runs));
    let mut latest = times.last()?.0;
    let mut later = 0_u64;
    for pair in times.windows(2).rev() {
        later = later.saturating_add(pair[1].1);
        let gap = pair[1].0.saturating_sub(pair[0].0);
        let is_few = later <= total / 100 && gap > near;
        let is_alone = later == 1 && total >= 3 && gap > far;
        if is_few || is_alone {
            latest = pair[0].0;
        }
    }
    Some(latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_clocks_that_are_ahead_do_not_say_what_time_it_is() {
        assert_eq!(latest(Vec::new(), 1, 9), None);
        assert_eq!(latest(vec![(5, 1), (1, 1), (100, 1)], 1, 9), Some(5));
        assert_eq!(latest(vec![(5, 1), (1, 1), (14, 1)], 1, 9), Some(14), "not far ahead");
        assert_eq!(latest(vec![(1, 1), (100, 1)], 1, 9), Some(100), "of two nobody knows which is right");
        assert_eq!(latest(vec![(1, 198), (4, 1), (9, 1)], 2, 50), Some(1), "a hundredth");
        assert_eq!(latest(vec![(1, 197), (4, 2), (9, 1)], 2, 50), Some(4), "more than a hundredth");
        assert_eq!(latest(vec![(i64::MIN, 1), (0, 1), (i64::MAX, 1)], 2, 50), Some(0));
    }
}
