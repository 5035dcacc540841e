//! `round`

use crate::builtins::prelude::*;
use rust_decimal::RoundingStrategy;

pub(in crate::builtins) static ROUND: Builtin = Builtin {
    name: "round",
    group: Group::Number,
    parameters: &[required("number", &[Accepts::Number]), optional("places", &[Accepts::Int])],
    result: |types| if types.get(1).copied().flatten().is_some() { Type::Decimal } else { Type::Int },
    result_text: "int | decimal",
    property: false,
    summary: "The nearest number with so many places behind the point, half away from zero; without `places` the nearest int.",
    examples: &[example("round(2.5)", "3"), example("round(-2.5)", "-3"), example("round(2.345, 2)", "2.35")],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let number = number(arguments, 0)?;
    let places = if is_given(arguments, 1) { int(arguments, 1)?.clamp(0, 28) } else { 0 };
    let places = u32::try_from(places).unwrap_or(0);
    Ok(Value::Number(number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)))
}
