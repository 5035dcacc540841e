//! Logistic regression with a squared penalty, by L-BFGS, in arithmetic that is the same on every machine.
//!
//! Sums go in one fixed order, and `exp` and `ln` are our own: those of the system's library differ in the last bit.

/// Rows of features with what they should give.
#[derive(Debug)]
pub(crate) struct Problem<'p> {
    pub(crate) rows: Vec<Row<'p>>,
    /// What a feature of this number counts when it is there.
    pub(crate) values: Vec<f64>,
    /// How much a large weight costs.
    pub(crate) penalty: f64,
}

#[derive(Debug)]
pub(crate) struct Row<'p> {
    pub(crate) features: &'p [u16],
    pub(crate) is_wanted: bool,
    pub(crate) weight: f64,
}

/// How many steps are remembered.
const MEMORY: usize = 8;
/// When the slope has fallen to this part of what it was, it is flat enough.
const FLAT: f64 = 1e-4;

impl Problem<'_> {
    /// Improves weights, of which the last is the bias, in at most so many steps.
    pub(crate) fn solve(&self, weights: &mut Vec<f64>, steps: usize) {
        let mut slope = vec![0.0; weights.len()];
        let mut cost = self.cost(weights, &mut slope);
        let flat = FLAT * length(&slope);
        let mut history: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
        for _ in 0..steps {
            if length(&slope) <= flat {
                return;
            }
            let direction = direction(&slope, &history);
            let descent = dot(&direction, &slope);
            let mut step = if history.is_empty() { 1.0 / (1.0 + length(&slope)) } else { 1.0 };
            let mut next = vec![0.0; weights.len()];
            let mut next_slope = vec![0.0; weights.len()];
            let next_cost = loop {
                for ((next, weight), direction) in next.iter_mut().zip(&*weights).zip(&direction) {
                    *next = weight + step * direction;
                }
                let next_cost = self.cost(&next, &mut next_slope);
                if next_cost <= cost + 1e-4 * step * descent {
                    break next_cost;
                }
                step *= 0.5;
                if step < 1e-10 {
                    return;
                }
            };
            let moved: Vec<f64> = next.iter().zip(&*weights).map(|(next, weight)| next - weight).collect();
            let bent: Vec<f64> = next_slope.iter().zip(&slope).map(|(next, slope)| next - slope).collect();
            let curvature = dot(&moved, &bent);
            if curvature > 1e-12 {
                if history.len() == MEMORY {
                    history.remove(0);
                }
                history.push((moved, bent, curvature));
            }
            *weights = next;
            slope = next_slope;
            cost = next_cost;
        }
    }

    /// The cost of weights, and its slope.
    fn cost(&self, weights: &[f64], slope: &mut [f64]) -> f64 {
        let bias = weights.len() - 1;
        let mut cost = 0.0;
        for (slope, weight) in slope[..bias].iter_mut().zip(weights) {
            *slope = self.penalty * weight;
            cost += 0.5 * self.penalty * weight * weight;
        }
        slope[bias] = 0.0;
        for row in &self.rows {
            let mut score = weights[bias];
            for &feature in row.features {
                let feature = usize::from(feature);
                score += weights[feature] * self.values[feature];
            }
            let margin = if row.is_wanted { score } else { -score };
            let (loss, pull) = loss(margin);
            cost += row.weight * loss;
            let pull = row.weight * if row.is_wanted { -pull } else { pull };
            for &feature in row.features {
                let feature = usize::from(feature);
                slope[feature] += pull * self.values[feature];
            }
            slope[bias] += pull;
        }
        cost
    }
}

/// The way down, by the last steps' curvature.
fn direction(slope: &[f64], history: &[(Vec<f64>, Vec<f64>, f64)]) -> Vec<f64> {
    let mut way: Vec<f64> = slope.iter().map(|slope| -slope).collect();
    let mut shares = vec![0.0; history.len()];
    for (share, (moved, bent, curvature)) in shares.iter_mut().zip(history).rev() {
        *share = dot(moved, &way) / curvature;
        for (way, bent) in way.iter_mut().zip(bent) {
            *way -= *share * bent;
        }
    }
    if let Some((_, bent, curvature)) = history.last() {
        let scale = curvature / dot(bent, bent);
        way.iter_mut().for_each(|way| *way *= scale);
    }
    for (share, (moved, bent, curvature)) in shares.iter().zip(history) {
        let back = dot(bent, &way) / curvature;
        for (way, moved) in way.iter_mut().zip(moved) {
            *way += (share - back) * moved;
        }
    }
    way
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn length(vector: &[f64]) -> f64 {
    dot(vector, vector).sqrt()
}

/// ln(1 + exp(-margin)), and how fast it falls.
fn loss(margin: f64) -> (f64, f64) {
    if margin >= 0.0 {
        let power = exp(-margin);
        (ln_1p(power), power / (1.0 + power))
    } else {
        let power = exp(margin);
        (ln_1p(power) - margin, 1.0 / (1.0 + power))
    }
}

/// e to a power of at most 0.
fn exp(power: f64) -> f64 {
    const LN_2: f64 = std::f64::consts::LN_2;
    let power = power.max(-600.0);
    let twos = (power / LN_2).round();
    let rest = power - twos * LN_2;
    let mut sum = 1.0;
    for term in (1..=14).rev() {
        sum = 1.0 + sum * rest / f64::from(term);
    }
    sum * f64::from_bits(((1023 + twos as i64) as u64) << 52)
}

/// ln(1 + x) of an x from 0 to 1.
fn ln_1p(x: f64) -> f64 {
    let ratio = x / (2.0 + x);
    let square = ratio * ratio;
    let mut sum = 0.0;
    for odd in (0..=16).rev() {
        sum = sum * square + 1.0 / f64::from(2 * odd + 1);
    }
    2.0 * ratio * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_functions_agree_with_the_library() {
        for step in 0..=400 {
            let x = f64::from(step) / 10.0;
            assert!((exp(-x) - (-x).exp()).abs() <= 1e-14 * (-x).exp(), "exp(-{x})");
            assert!((ln_1p(x / 40.0) - (x / 40.0).ln_1p()).abs() < 1e-14, "ln_1p({})", x / 40.0);
        }
    }

    #[test]
    fn what_tells_the_sides_apart_gets_weight() {
        let row = |features, is_wanted| Row { features, is_wanted, weight: 0.25 };
        let rows = vec![row(&[0, 2], true), row(&[0], true), row(&[1, 2], false), row(&[1], false)];
        let problem = Problem { rows, values: vec![1.0; 3], penalty: 0.01 };
        let mut weights = vec![0.0; 4];
        problem.solve(&mut weights, 50);
        assert!(weights[0] > 0.5 && weights[1] < -0.5 && weights[2].abs() < 1e-3, "{weights:?}");
        let mut slope = vec![0.0; 4];
        problem.cost(&weights, &mut slope);
        assert!(length(&slope) < 1e-3, "{slope:?}");
    }
}
