//! `minute`

use crate::builtins::prelude::*;
use crate::value::time as calendar;

pub(in crate::builtins) static MINUTE: Builtin = Builtin {
    name: "minute",
    group: Group::Time,
    parameters: &[required("time", &[Accepts::Time])],
    result: |_| Type::Int,
    result_text: "int",
    property: true,
    summary: "The minute of a time, from 0 to 59.",
    examples: &[example(r#"minute(time"2025-12-05T10:30:00Z")"#, "30")],
    cost: Cost::Steps(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Number(calendar::minute(time(arguments, 0)?).into()))
}
