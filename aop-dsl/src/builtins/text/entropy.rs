//! `entropy`

use crate::builtins::prelude::*;
use std::collections::HashMap;

pub(in crate::builtins) static ENTROPY: Builtin = Builtin {
    name: "entropy",
    group: Group::Text,
    parameters: &[required("text", &[Accepts::Text])],
    result: |_| Type::Decimal,
    result_text: "decimal",
    property: false,
    summary: "How surprising the characters of a text are: its Shannon entropy in bits for each character, to three places. English prose has about 4, random keys 5 and more.",
    examples: &[
        example(r#"entropy("aaaa")"#, "0"),
        example(r#"entropy("abcd")"#, "2"),
        example(r#"entropy("hello")"#, "1.922"),
    ],
    cost: Cost::PerText(16),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let text = text(arguments, 0)?;
    let mut counts: HashMap<char, u32> = HashMap::new();
    for character in text.chars() {
        *counts.entry(character).or_default() += 1;
    }
    // In one order, since sums of doubles depend on it.
    let mut counts: Vec<u32> = counts.into_values().collect();
    counts.sort_unstable();
    let total: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let bits: f64 = counts.iter().map(|count| f64::from(*count) / total).map(|share| -share * share.log2()).sum();
    let thousandths = (bits * 1_000.0).round();
    Ok(Value::Number(Decimal::new(if thousandths.is_finite() { thousandths as i64 } else { 0 }, 3)))
}
