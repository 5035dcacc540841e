//! `to_duration`

use crate::builtins::prelude::*;
use crate::value::decimal;

pub(in crate::builtins) static TO_DURATION: Builtin = Builtin {
    name: "to_duration",
    group: Group::Time,
    parameters: &[required("seconds", &[Accepts::Number])],
    result: |_| Type::Duration,
    result_text: "duration",
    property: false,
    summary: "So many seconds as a duration.",
    examples: &[example("to_duration(1.5)", "1500ms")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let micros = decimal::multiply(number(arguments, 0)?, Decimal::from(1_000_000)).ok_or(ARITHMETIC)?;
    decimal::whole(micros.round()).map(Value::Duration).ok_or(ARITHMETIC)
}
