//! `min`

use crate::builtins::prelude::*;
use crate::value::order;

pub(in crate::builtins) static MIN: Builtin = Builtin {
    name: "min",
    group: Group::Number,
    parameters: &[
        required("a", &[Accepts::Number, Accepts::Float, Accepts::Duration, Accepts::Size, Accepts::Time]),
        required("b", &[Accepts::Same]),
    ],
    result: |types| of_both(types),
    result_text: "T",
    property: false,
    summary: "The lesser of two numbers, durations, sizes or times.",
    examples: &[example("min(3, 2.5)", "2.5"), example("min(10m, 1h)", "10m")],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (a, b) = (value(arguments, 0)?, value(arguments, 1)?);
    let order = order(&Type::Any, a, b)?;
    Ok(if order.is_le() { a.clone() } else { b.clone() })
}

/// The type of the first; decimal for an int and a decimal.
pub(in crate::builtins) fn of_both(types: &[Option<&Type>]) -> Type {
    match types.first().copied().flatten().map(Type::required) {
        Some(Type::Int | Type::Decimal) => number_type(types),
        Some(other) => other.clone(),
        None => Type::Error,
    }
}
