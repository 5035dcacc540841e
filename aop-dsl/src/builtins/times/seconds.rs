//! `seconds`

use crate::builtins::prelude::*;
use crate::value::decimal;

pub(in crate::builtins) static SECONDS: Builtin = Builtin {
    name: "seconds",
    group: Group::Time,
    parameters: &[required("duration", &[Accepts::Duration])],
    result: |_| Type::Decimal,
    result_text: "decimal",
    property: true,
    summary: "A duration in seconds.",
    examples: &[example("seconds(1500ms)", "1.5"), example("(10m).seconds", "600")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    in_units(duration(arguments, 0)?, 1_000_000)
}

/// A duration in units of so many microseconds, to 28 digits.
pub(in crate::builtins) fn in_units<'e>(micros: i64, unit: i64) -> Outcome<'e> {
    let units = decimal::divide(Decimal::from(micros), Decimal::from(unit));
    units.map(Value::Number).ok_or(ARITHMETIC)
}
