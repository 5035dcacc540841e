//! Contenders that take turns, and what their rounds come to.

use std::time::Instant;

/// The figures of one contender, a round each.
///
/// ```
/// use aop_benches::measure::Series;
///
/// let (ours, floor) = (Series::from([20.0, 30.0, 90.0]), Series::from([10.0, 10.0, 30.0]));
/// assert_eq!(ours.median(), 30.0);
/// assert_eq!(ours.ratio_to(&floor), 3.0);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    figures: Vec<f64>,
}

impl<const N: usize> From<[f64; N]> for Series {
    fn from(figures: [f64; N]) -> Self {
        Self { figures: figures.to_vec() }
    }
}

impl Series {
    /// No round yet.
    pub const fn new() -> Self {
        Self { figures: Vec::new() }
    }

    /// Adds a round.
    pub fn push(&mut self, figure: f64) {
        self.figures.push(figure);
    }

    /// The rounds, in order.
    pub fn figures(&self) -> &[f64] {
        &self.figures
    }

    /// The middle of all rounds.
    pub fn median(&self) -> f64 {
        median(&self.figures)
    }

    /// The smallest round.
    pub fn least(&self) -> f64 {
        self.figures.iter().copied().fold(f64::NAN, f64::min)
    }

    /// The greatest round.
    pub fn greatest(&self) -> f64 {
        self.figures.iter().copied().fold(f64::NAN, f64::max)
    }

    /// These figures divided by another contender's, round by round: the median.
    pub fn ratio_to(&self, floor: &Series) -> f64 {
        let ratios: Vec<f64> = self.figures.iter().zip(&floor.figures).map(|(ours, floor)| ours / floor).collect();
        median(&ratios)
    }

    /// Each figure put through a function.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Series {
        Series { figures: self.figures.iter().map(|figure| change(*figure)).collect() }
    }
}

/// The middle of some figures; of an even number, the lower middle.
pub fn median(figures: &[f64]) -> f64 {
    percentile(figures, 50.0)
}

/// The figure that so many per cent of the figures do not exceed; NaN of none.
pub fn percentile(figures: &[f64], per_cent: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (per_cent / 100.0 * sorted.len() as f64).ceil().max(1.0);
    sorted.get(rank as usize - 1).copied().unwrap_or(f64::NAN)
}

/// A contender: does its work once and gives its figure.
pub type Contender<'c> = &'c mut dyn FnMut() -> f64;

/// Lets every contender do a round, `rounds` times, each round beginning with another one. A first round, which warms
/// caches, does not count.
pub fn take_turns<const N: usize>(rounds: usize, contenders: [Contender<'_>; N]) -> [Series; N] {
    let mut series = [const { Series::new() }; N];
    for round in 0..=rounds {
        for turn in 0..N {
            let place = (turn + round) % N;
            let figure = contenders[place]();
            if round > 0 {
                series[place].push(figure);
            }
        }
    }
    series
}

/// How many nanoseconds some work takes, per piece, when it goes over all its pieces once.
pub fn nanos_per(pieces: usize, work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e9 / pieces as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_figures_themselves() {
        let figures: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&figures, 50.0), 50.0);
        assert_eq!(percentile(&figures, 99.0), 99.0);
        assert_eq!(percentile(&[7.0], 99.0), 7.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn every_contender_gets_every_round_and_the_first_does_not_count() {
        let (mut first, mut second) = (0.0, 100.0);
        let mut one = || {
            first += 1.0;
            first
        };
        let mut two = || {
            second += 1.0;
            second
        };
        let [ours, theirs] = take_turns(3, [&mut one, &mut two]);
        assert_eq!(ours.figures(), [2.0, 3.0, 4.0]);
        assert_eq!(theirs.figures(), [102.0, 103.0, 104.0]);
    }
}
