//! `to_float`

use rust_decimal::prelude::ToPrimitive;

use crate::builtins::prelude::*;
use crate::value::decimal;

pub(in crate::builtins) static TO_FLOAT: Builtin = Builtin {
    name: "to_float",
    group: Group::Number,
    parameters: &[required("value", &[Accepts::Number, Accepts::Float, Accepts::Text])],
    result: |_| Type::Float,
    result_text: "float",
    property: false,
    summary: "A number as a float; a text when it is written as a number.",
    examples: &[example("to_float(0.5) < to_float(1)", "true"), example(r#"to_float("x")"#, "unknown")],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    let float = match value(arguments, 0)? {
        Value::Number(number) => number.to_f64().ok_or(ARITHMETIC)?,
        Value::Float(float) => *float,
        // Exact::read keeps out what only Rust reads as a float, such as `inf`.
        Value::Text(text) => decimal::Exact::read(text).and_then(|_| text.parse().ok()).ok_or(MALFORMED)?,
        _ => return Err(WRONG_TYPE),
    };
    if float.is_finite() { Ok(Value::Float(float)) } else { Err(ARITHMETIC) }
}
