//! One head: which place of a text speaks for it, the weights, and their eight bits.

use aop_rules::threats::model::{Features, Head};

use crate::examples::Example;
use crate::logistic::{Problem, Row};

/// How a head is trained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) features: Features,
    /// How much a large weight costs.
    pub(crate) penalty: f64,
    /// What a hashed word counts beside a concept: less, so that concepts carry.
    pub(crate) word_value: f64,
}

/// How often the places are chosen again.
const ROUNDS: usize = 4;
/// Steps of each round.
const STEPS: usize = 40;

/// Trains a head; its threshold is not set.
///
/// An attack may be one sentence of a long text, and only the text is labelled. So first all places of a text share its
/// weight; then, round by round, the one with the highest score speaks for an attack, and half of the weight of a harmless text
/// is its highest place's too: that is the one which would be flagged.
pub(crate) fn train(examples: &[&Example], plan: &Plan) -> Head {
    let shares = shares(examples);
    let mut values = vec![1.0; plan.features.plain];
    values.resize(plan.features.all(), plan.word_value);
    let mut weights = vec![0.0; plan.features.all() + 1];
    for round in 0..ROUNDS {
        let mut rows = Vec::new();
        for (example, &share) in examples.iter().zip(&shares) {
            let count = example.places.len() as f64;
            let top = if round == 0 { usize::MAX } else { top(&example.places, &weights, &values) };
            for (at, features) in example.places.iter().enumerate() {
                let weight = match (round, example.is_wanted) {
                    (0, _) => share / count,
                    (_, true) => f64::from(u8::from(at == top)) * share,
                    (_, false) => 0.5 * share / count + 0.5 * f64::from(u8::from(at == top)) * share,
                };
                if weight > 0.0 {
                    rows.push(Row { features, is_wanted: example.is_wanted, weight });
                }
            }
        }
        Problem { rows, values: values.clone(), penalty: plan.penalty }.solve(&mut weights, STEPS);
    }
    quantised(&weights, plan)
}

/// Each text's part of the weight of its side, which is 1. Groups count by the root of their size, so that neither a large
/// one speaks for all nor each text of a small one for many.
fn shares(examples: &[&Example]) -> Vec<f64> {
    let mut groups: Vec<(&str, bool, f64)> = Vec::new();
    let mut places = Vec::new();
    for example in examples {
        let key = (example.group.as_str(), example.is_wanted);
        let at = groups.iter().position(|(group, is_wanted, _)| (*group, *is_wanted) == key).unwrap_or(groups.len());
        if at == groups.len() {
            groups.push((key.0, key.1, 0.0));
        }
        groups[at].2 += 1.0;
        places.push(at);
    }
    let side = |wanted: bool| -> f64 {
        groups.iter().filter(|(_, is_wanted, _)| *is_wanted == wanted).map(|(.., count)| count.sqrt()).sum()
    };
    let sides = [side(false), side(true)];
    places
        .iter()
        .map(|&at| {
            let (_, is_wanted, count) = groups[at];
            1.0 / count.sqrt() / sides[usize::from(is_wanted)]
        })
        .collect()
}

/// The place with the highest score, the first of equals.
fn top(places: &[Vec<u16>], weights: &[f64], values: &[f64]) -> usize {
    let mut best = (f64::NEG_INFINITY, 0);
    for (at, features) in places.iter().enumerate() {
        let score = features.iter().map(|&feature| weights[usize::from(feature)] * values[usize::from(feature)]).sum();
        if score > best.0 {
            best = (score, at);
        }
    }
    best.1
}

/// Weights in eight bits, with a scale for each table.
fn quantised(weights: &[f64], plan: &Plan) -> Head {
    let (tables, bias) = weights.split_at(plan.features.all());
    let (plain, words) = tables.split_at(plan.features.plain);
    let fixed = |number: f64| (number * 65536.0).round() as i32;
    let table = |weights: &[f64], value: f64| {
        let most = weights.iter().fold(0.0_f64, |most, weight| most.max((weight * value).abs()));
        let scale = fixed(most / 127.0).max(1);
        let steps = |weight: &f64| ((weight * value * 65536.0 / f64::from(scale)).round() as i32).clamp(-127, 127) as i8;
        (scale, weights.iter().map(steps).collect::<Vec<i8>>())
    };
    let (plain_scale, plain) = table(plain, 1.0);
    let (word_scale, words) = table(words, plan.word_value);
    Head { bias: fixed(bias[0]), threshold: 0, plain_scale, word_scale, plain, words }
}
