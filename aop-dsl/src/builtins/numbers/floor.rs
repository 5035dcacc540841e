//! `floor`

use crate::builtins::prelude::*;

pub(in crate::builtins) static FLOOR: Builtin = Builtin {
    name: "floor",
    group: Group::Number,
    parameters: &[required("number", &[Accepts::Number])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "The greatest int that is not greater.",
    examples: &[example("floor(2.9)", "2"), example("floor(-2.1)", "-3")],
    cost: Cost::Steps(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    Ok(Value::Number(number(arguments, 0)?.floor()))
}
