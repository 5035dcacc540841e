//! `to_string`

use crate::builtins::prelude::*;
use crate::value::plain_text;

pub(in crate::builtins) static TO_STRING: Builtin = Builtin {
    name: "to_string",
    group: Group::Number,
    parameters: &[required("value", &[Accepts::Anything])],
    result: |_| Type::String,
    result_text: "string",
    property: false,
    summary: "A value as a text; lists, records and `any` as JSON.",
    examples: &[
        example("to_string(1.50)", r#""1.5""#),
        example("to_string(10m)", r#""10m""#),
        example(r#"to_string(["a", "b"])"#, r#""[\"a\",\"b\"]""#),
    ],
    cost: Cost::PerText(4),
    run,
};

fn run<'e>(arguments: &[Option<Value<'e>>]) -> Outcome<'e> {
    match value(arguments, 0)? {
        Value::Text(text) => Ok(Value::Text(text.clone())),
        value => owned(plain_text(value)),
    }
}
