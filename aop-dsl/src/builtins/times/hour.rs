//! `hour`

use crate::builtins::prelude::*;
use crate::value::time as calendar;

pub(in crate::builtins) static HOUR: Builtin = Builtin {
    name: "hour",
    group: Group::Time,
    parameters: &[required("time", &[Accepts::Time])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "The hour of a time in UTC, from 0 to 23.",
    examples: &[example(r#"hour(time"2025-12-05T11:30:00+01:00")"#, "10")],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Number(calendar::hour(time(arguments, 0)?).into()))
}
