//! `to_decimal`

use crate::builtins::prelude::*;
use crate::value::decimal;

pub(in crate::builtins) static TO_DECIMAL: Builtin = Builtin {
    name: "to_decimal",
    group: Group::Number,
    parameters: &[required("value", &[Accepts::Number, Accepts::Float, Accepts::Text])],
    result: |_| Type::Decimal,
    result_text: "decimal",
    property: false,
    summary: "A number as a decimal; a float as the shortest decimal that reads back as it; a text when it is written as a number. Unknown otherwise, and when it has more than 28 digits.",
    examples: &[
        example(r#"to_decimal("1.50")"#, "1.5"),
        example("to_decimal(to_float(0.1))", "0.1"),
        example(r#"to_decimal("1,50")"#, "unknown"),
    ],
    cost: Cost::PerText(2),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    match value(arguments, 0)? {
        Value::Number(number) => Ok(Value::Number(*number)),
        Value::Float(float) => of_float(*float),
        Value::Text(text) => decimal::read(text).map(Value::Number).ok_or(MALFORMED),
        _ => Err(WRONG_TYPE),
    }
}

pub(in crate::builtins) fn of_float<'e>(float: f64) -> Outcome<'e> {
    decimal::Exact::of_float(float).decimal().map(Value::Number).ok_or(ARITHMETIC)
}
