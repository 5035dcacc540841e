//! `ceiling`

use crate::builtins::prelude::*;

pub(in crate::builtins) static CEILING: Builtin = Builtin {
    name: "ceiling",
    group: Group::Number,
    parameters: &[required("number", &[Accepts::Number])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "The least int that is not less.",
    examples: &[example("ceiling(2.1)", "3"), example("ceiling(-2.9)", "-2")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Number(number(arguments, 0)?.ceil()))
}
