//! `to_int`

use super::to_decimal::of_float;
use crate::builtins::prelude::*;
use crate::value::decimal;

pub(in crate::builtins) static TO_INT: Builtin = Builtin {
    name: "to_int",
    group: Group::Number,
    parameters: &[required("value", &[Accepts::Number, Accepts::Float, Accepts::Text])],
    result: |_| Type::Int,
    result_text: "int",
    property: false,
    summary: "A number as an int, cut at the point; a text when it is written as an int. Unknown otherwise.",
    examples: &[
        example(r#"to_int("5000")"#, "5000"),
        example("to_int(-2.9)", "-2"),
        example(r#"to_int("5 000")"#, "unknown"),
    ],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    match value(arguments, 0)? {
        Value::Number(number) => Ok(Value::Number(number.trunc())),
        Value::Float(float) => of_float(float.trunc()),
        Value::Text(text) => decimal::read_int(text).map(Value::Number).ok_or(MALFORMED),
        _ => Err(WRONG_TYPE),
    }
}
