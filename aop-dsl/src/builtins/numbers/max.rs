//! `max`

use super::min::of_both;
use crate::builtins::prelude::*;
use crate::value::order;

pub(in crate::builtins) static MAX: Builtin = Builtin {
    name: "max",
    group: Group::Number,
    parameters: &[
        required("a", &[Accepts::Number, Accepts::Float, Accepts::Duration, Accepts::Size, Accepts::Time]),
        required("b", &[Accepts::Same]),
    ],
    result: |types| of_both(types),
    result_text: "T",
    property: false,
    summary: "The greater of two numbers, durations, sizes or times.",
    examples: &[example("max(3, 2.5)", "3"), example("max(10m, 1h)", "1h")],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let (a, b) = (value(arguments, 0)?, value(arguments, 1)?);
    let order = order(&Type::Any, a, b)?;
    Ok(if order.is_ge() { a.clone() } else { b.clone() })
}
