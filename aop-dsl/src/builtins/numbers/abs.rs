//! `abs`

use crate::builtins::prelude::*;

pub(in crate::builtins) static ABS: Builtin = Builtin {
    name: "abs",
    group: Group::Number,
    parameters: &[required("number", &[Accepts::Number])],
    result: number_type,
    result_text: "int | decimal",
    property: false,
    summary: "A number without its sign.",
    examples: &[example("abs(-5)", "5"), example("abs(-0.5)", "0.5")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Number(number(arguments, 0)?.abs()))
}

pub(in crate::builtins) static ABS_OF_DURATION: Builtin = Builtin {
    name: "abs",
    group: Group::Time,
    parameters: &[required("duration", &[Accepts::Duration])],
    result: |_| Type::Duration,
    result_text: "duration",
    property: false,
    summary: "A duration without its sign.",
    examples: &[example("abs(5m - 10m)", "5m")],
    cost: Cost::Steps(2),
    run: run_duration,
};

fn run_duration<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    duration(arguments, 0)?.checked_abs().map(Value::Duration).ok_or(ARITHMETIC)
}
